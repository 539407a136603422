"""The read hook: every record says what its custom fields hold."""

from collections.abc import Sequence
from itertools import repeat

from custom_fields import definitions, kinds, values
from perfex_api.core.db import Db
from perfex_api.core.hooks import Row
from perfex_api.core.prepared import Asked

#: The kinds that had no fields when they were last looked at; a guess, which may be wrong.
_without_fields: set[str] = set()


def expected(kind: str, ids: Sequence[int]) -> list[Asked]:
    """What ``read`` will ask about these records, and ``store.written`` about a new one."""
    fieldto = kinds.definitions_of(kind)
    if not fieldto:
        return []
    defined: Asked = definitions.OF_A_KIND, {"fieldto": fieldto}
    if not ids or kind in _without_fields:
        return [defined]
    return [defined, (values.OF_RECORDS, {"record_ids": [*ids], "kind": kind})]


def read(db: Db, kind: str, page: Sequence[Row], ids: Sequence[int]) -> None:
    """Add ``customfields`` to each row: label and value of every active field, the administrators' included.

    Two queries, however many rows; none after ``ahead``. Serves the contract's ``custom_fields.embedded_get``
    and ``custom_fields.embedded_search``.

    Args:
        db: The transaction.
        kind: What the rows are.
        page: The rows; each gets the new key as its last.
        ids: Their record ids, in the same order.
    """
    fields = definitions.active(db, kinds.definitions_of(kind))
    if not fields:
        _without_fields.add(kind)
        for row in page:
            row["customfields"] = []
        return
    _without_fields.discard(kind)
    stored, records = values.texts(db, kind, ids), [*map(str, ids)]
    columns = [
        [
            {"label": field.label, "value": text}
            for text in map(stored.get(str(field.id), {}).get, records, repeat(""))
        ]
        for field in fields
    ]
    for row, mine in zip(page, zip(*columns, strict=True), strict=True):
        row["customfields"] = [*mine]


def ahead(db: Db, kind: str) -> bool:
    """Load what ``read`` will need of all records of a kind; whether it is all there."""
    fields = definitions.active(db, kinds.definitions_of(kind))
    return not fields or values.load_all(db, kind)
