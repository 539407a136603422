"""How each verb calls its rule, and the payload and status that it makes of the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import ApiError, NotAcceptable, NotFound
from perfex_api.core.prepared import expect
from perfex_api.http import asking, listing
from perfex_api.http.pipeline import Call, Nested, Operation, current_machinery

#: The lists that versions 2.1.4 to 3.0 of the original always put in the envelope, 20 rows a page.
ENVELOPED = {
    f"{name}.list"
    for name in ("customers", "leads", "invoices", "estimates", "projects", "tasks", "items", "tickets")
} | {"leads.search"}
LEGACY_PAGE = 20


@dataclass(frozen=True)
class ListAnswer:
    """The rule returns a query: bare rows, or an envelope.

    Attributes:
        per_page: The page size of a list that always comes in the envelope; 0: a bare array.
        missing: What to say when there is nothing; None: an empty list is an answer like any other.
    """

    per_page: int = 0
    missing: str | None = ""

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        return self.list(db, call, call.rule(db)), 200

    def list(self, db: Db, call: Call, query: sa.Select[Any]) -> Any:
        """Run the query as the URL, and the setting ``legacy_envelope``, ask."""
        as_before = call.settings.legacy_envelope and call.operation.id in ENVELOPED
        key = call.operation.resource.key
        ids = tuple(dict.fromkeys((key, "id") if key else _own_keys(query)))
        return listing.answer(
            db,
            query,
            call.args,
            Decoration(call.operation, call.args),
            ids=ids,
            pages=current_machinery().pages,
            per_page=self.per_page or (LEGACY_PAGE if as_before else 0),
            missing=self.missing,
        )


@dataclass(frozen=True)
class SearchAnswer(ListAnswer):
    """A list whose rule gets the word from the path, or from ``q`` or ``query``."""

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        name = call.operation.resource.name
        word = (call.path["word"] or call.args.get("q") or call.args.get("query") or "").strip()
        if not word:
            raise ApiError(
                f"Search term is required. Use /api/{name}/search/{{term}} or /api/{name}/search?q={{term}}"
            )
        return self.list(db, call, call.operation.rule(db, word)), 200


@dataclass(frozen=True)
class RowAnswer:
    """The rule returns a row; None: there is none.

    Attributes:
        in_list_unless: The setting that takes the row out of the list of one in which the guide prints it;
            empty: it is in none.
    """

    in_list_unless: str = ""

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        row = call.rule(db)
        if row is None:
            raise NotFound
        Decoration(call.operation, call.args)(db, [row])
        alone = not self.in_list_unless or getattr(call.settings, self.in_list_unless)
        return row if alone else [row], 200


@dataclass(frozen=True)
class CreateAnswer:
    """The rule gets the values and returns the new id."""

    ok: str
    id_as: str = ""
    status: int = 200

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        kind = call.operation.resource.kind
        expect(db, db.hooks.expected(kind))
        record_id = call.rule(db, call.values)
        db.hooks.written(db, kind, record_id, call.custom_fields, True)
        guide = {self.id_as: record_id} if self.id_as else {}
        return _done(call, self.ok) | guide | {"record_id": record_id} | _warnings(db), self.status


@dataclass(frozen=True)
class UpdateAnswer:
    """The rule gets the values that were sent and returns the record's id."""

    ok: str
    empty: str
    unusable: str
    empty_status: int = 406
    guide_prints_false: bool = False

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        if not (call.values or call.files) and call.custom_fields is None:
            raise NotAcceptable(self.unusable if call.sent else self.empty, status=self.empty_status)
        record_id = call.rule(db, call.values)
        db.hooks.written(db, call.operation.resource.kind, record_id, call.custom_fields, False)
        literally = self.guide_prints_false and call.settings.guide_literal_update_status
        return _done(call, self.ok) | ({"status": False} if literally else {}) | _warnings(db), 200


@dataclass(frozen=True)
class RemoveAnswer:
    """The rule removes the record."""

    ok: str

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        call.rule(db)
        return _done(call, self.ok), 200


class ActionAnswer:
    """The rule returns the whole payload; it gets no body."""

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        return call.rule(db), 200


class ErrandAnswer:
    """The rule gets what came of the errand, and returns the whole payload and its status."""

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        payload, status = call.rule(db, call.values)
        return payload | _warnings(db), status


def _own_keys(query: sa.Select[Any]) -> list[str]:
    columns = query.selected_columns
    return [str(each.key) for each in columns if isinstance(each, sa.Column) and each.primary_key]


def _done(call: Call, ok: str) -> dict[str, Any]:
    flag = call.operation.resource.flag
    return ({flag: True} if flag else {}) | {"status": True, "message": ok}


def _warnings(db: Db) -> dict[str, Any]:
    return {"warnings": db.warnings} if db.warnings else {}


@dataclass(frozen=True)
class Decoration:
    """Adds what stands in other tables, each with one query for a whole page; custom fields come last.

    Attributes:
        operation: Which lists its rows carry, and of what resource they are.
        args: The URL's parameters; ``fields`` may leave keys out.
    """

    operation: Operation
    args: asking.Args

    def __call__(self, db: Db, page: Sequence[dict[str, Any]]) -> None:
        """Give these rows their new keys."""
        resource, nested = self.operation.resource, self._nested
        for name in resource.numbers:
            for row in page:
                if row.get(name) is not None:
                    row[name] = int(row[name])
        ids = [int(row[resource.key]) for row in page] if nested or self._custom_fields else []
        asks = None if self.args.get("fields") else self.operation.asks
        if asks and ids and len(ids) <= rows.MOST_VALUES:
            expect(db, asks(db, ids))
        for name, load in nested.items():
            found: dict[int, Any] = {}
            for start in range(0, len(ids), rows.MOST_VALUES):
                found |= load(db, ids[start : start + rows.MOST_VALUES])
            for row, record_id in zip(page, ids, strict=True):
                row[name] = found.get(record_id, [])
        if self._custom_fields:
            db.hooks.read(db, resource.kind, page, ids)

    def ahead(self, db: Db) -> bool:
        """Get ready for all rows of the list; whether the database will not be asked for each page."""
        if self._nested:
            return False
        return not self._custom_fields or db.hooks.ahead(db, self.operation.resource.kind)

    def expected(self, db: Db, ids: Sequence[int]) -> None:
        """Let the custom fields of these records come with the next message."""
        if self._custom_fields:
            expect(db, db.hooks.expected(self.operation.resource.kind, ids))

    @property
    def _nested(self) -> Mapping[str, Nested]:
        return {name: load for name, load in self.operation.nested.items() if asking.wants(self.args, name)}

    @property
    def _custom_fields(self) -> bool:
        return bool(self.operation.resource.kind) and asking.wants(self.args, "customfields")


def records(db: Db, listed: Operation, *where: sa.ColumnElement[bool]) -> dict[int, dict[str, Any]]:
    """Some records of a list, by id, just as the list has them.

    Args:
        db: The transaction.
        listed: The list's operation; its rule takes nothing but the transaction.
        where: Which of them; they should be few, as all are held at once.
    """
    query: sa.Select[Any] = listed.rule(db).order_by(None).where(*where)
    found = rows.wire(db, query)
    Decoration(listed, {})(db, found)
    return {int(row[listed.resource.key] or 0): row for row in found}
