"""The operations of ``/api/thirdparty/customtable``.

Names are compared with those that the database tells and quoted by SQLAlchemy, values are bound: nothing that
a client sends becomes part of a statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from marshmallow import INCLUDE, ValidationError, post_load

from perfex_api import options
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import ApiError, Conflict, Forbidden, NotFound
from perfex_api.core.raw import WireRow
from perfex_api.http import CrmBlueprint, CrmBody
from perfex_api.http.fields import dates_written
from perfex_api.thirdparty import access, kinds, reflection, values
from perfex_api.thirdparty.reflection import Described

Values = dict[str, Any]

TABLE = "/thirdparty/customtable/<table_name>"
RECORD = f"{TABLE}/<record_id>"
NO_TABLE, NO_RECORD = "Table name is required", "Table name and ID are required"
#: What MySQL says of a condition of the table: a check (MySQL, MariaDB), or a trigger that objects.
BROKEN_RULES = {3819, 4025, 1644}

api = CrmBlueprint("thirdparty", key="", invalid=400, grants=access.grants, unreadable="Invalid JSON data")


class RecordIn(CrmBody):
    """Any columns: the table knows which."""

    class Meta:
        unknown = INCLUDE
        exclude = ("custom_fields",)

    @post_load(pass_original=True)
    def _as_sent(self, values: Values, sent: Values, **_: Any) -> Values:
        # marshmallow takes names that it does not know from a set, in whatever order.
        return {name: values[name] for name in sent if name in values}


@dataclass(frozen=True)
class Custom:
    """A table that may be served.

    Attributes:
        name: As the database spells it.
        columns: As the database describes them.
        table: In terms of SQLAlchemy.
    """

    name: str
    columns: list[Described]
    table: sa.Table

    def select(self) -> sa.Select[Any]:
        """All rows as clients see them."""
        shown = (kinds.of(each.declared).shown(self.table.c[each.name]) for each in self.columns)
        return sa.select(*shown).order_by(*self.table.primary_key.columns)

    def is_record(self, record_id: str) -> sa.ColumnElement[bool]:
        """Whether a row has this primary key.

        Raises:
            ApiError: There is no primary key of one column.
            NotFound: No row can have it.
        """
        key = self.key()
        try:
            wanted = values.one(key, record_id)
        except ValidationError:
            raise NotFound("Record not found") from None
        matches: sa.ColumnElement[bool] = self.table.c[key.name] == wanted
        return matches

    def key(self) -> Described:
        """The primary key.

        Raises:
            ApiError: There is none, or it has several columns.
        """
        found = reflection.key(self.columns)
        if found is None:
            raise ApiError(
                f"Table '{self.name}' has no primary key of one column, which records are told apart by"
            )
        return found


# A known path without a method of its own: 405, as in the original.
api.add_url_rule("/thirdparty", "thirdparty", lambda: "", methods=["OPTIONS"])


@api.rows(TABLE, "/thirdparty/customtable", may_be_empty=True)
def list_records(db: Db, table_name: str | None) -> sa.Select[Any]:
    """List the records of a custom table."""
    return _open(db, table_name, NO_TABLE).select()


@api.row(RECORD)
def read_record(db: Db, table_name: str | None, record_id: str | None) -> WireRow:
    """Read one record of a custom table."""
    custom = _open(db, table_name, NO_RECORD)
    found = rows.wire(db, custom.select().where(custom.is_record(record_id or "")))
    if not found:
        raise NotFound("Record not found")
    return found[0]


@api.create(
    TABLE,
    "/thirdparty/customtable",
    schema=RecordIn,
    ok="Record created successfully",
    id_as="id",
    status=201,
)
def add_record(db: Db, body: Values, table_name: str | None) -> Any:
    """Add a record to a custom table."""
    custom = _open(db, table_name, NO_TABLE)
    if not body:
        raise ApiError("No data provided")
    custom.key()
    complete = _values(db, custom, body, new=True)
    with _rules_of_the_table():
        result = db.execute(custom.table.insert().values(complete))
    new_key = result.inserted_primary_key
    return new_key[0] if new_key else None


@api.update(
    RECORD,
    TABLE,
    "/thirdparty/customtable",
    schema=RecordIn,
    ok="Record updated successfully",
    empty="No data provided",
    empty_status=400,
)
def change_record(db: Db, body: Values, table_name: str | None, record_id: str | None) -> Any:
    """Change columns of one record of a custom table."""
    custom = _open(db, table_name, NO_RECORD)
    mine = _existing(db, custom, record_id)
    changes = _values(db, custom, body, new=False)
    with _rules_of_the_table():
        db.execute(custom.table.update().where(mine).values(changes))
    return record_id


@api.remove(
    RECORD,
    f"/delete{RECORD}",
    TABLE,
    "/thirdparty/customtable",
    ok="Record deleted successfully",
)
def delete_record(db: Db, table_name: str | None, record_id: str | None) -> None:
    """Delete one record of a custom table."""
    custom = _open(db, table_name, NO_RECORD)
    mine = _existing(db, custom, record_id)
    with _rules_of_the_table():
        rows.delete(db, custom.table, mine)


def _open(db: Db, table_name: str | None, missing: str) -> Custom:
    """The table, if it may be served.

    What is denied is denied before anybody looks whether it is there.

    Raises:
        ApiError: No table is named.
        Forbidden: It is denied, or nobody allowed it.
        NotFound: There is none.
    """
    if not table_name:
        raise ApiError(missing)
    if access.is_denied(table_name):
        raise Forbidden
    columns = reflection.columns(db, table_name) if access.NAME.fullmatch(table_name) else []
    if not columns:
        raise NotFound(f"Table '{table_name[: values.LONGEST]}' does not exist")
    if not access.is_allowed(db, table_name):
        raise Forbidden
    types = {each.name: kinds.of(each.declared).type for each in columns}
    return Custom(table_name, columns, reflection.table(table_name, columns, types))


def _values(db: Db, custom: Custom, body: Values, *, new: bool) -> Values:
    with dates_written(lambda: options.date_format(db)):
        return values.read(custom.name, custom.columns, body, new=new)


def _existing(db: Db, custom: Custom, record_id: str | None) -> sa.ColumnElement[bool]:
    if not record_id:
        raise ApiError(NO_RECORD)
    mine = custom.is_record(record_id)
    if not rows.exists(db, mine):
        raise NotFound("Record not found")
    return mine


@contextmanager
def _rules_of_the_table() -> Iterator[None]:
    """Tell of a rule that only the database knows: a unique value, another table's record, a check."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        code = error.orig.args[0] if error.orig and error.orig.args else None
        if isinstance(error, sa.exc.IntegrityError) or code in BROKEN_RULES:
            sentence = "A rule of the table refuses this: a value is taken, or belongs to another record"
            raise Conflict(sentence) from error
        raise
