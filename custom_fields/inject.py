"""The read hook: every record says what its custom fields hold."""

from collections.abc import Sequence

from custom_fields import definitions, kinds, values
from perfex_api.core.db import Db
from perfex_api.core.hooks import Row


def read(db: Db, kind: str, page: Sequence[Row], ids: Sequence[int]) -> None:
    """Add ``customfields`` to each row: label and value of every active field, the administrators' included.

    Two queries, however many rows. Serves the contract's ``custom_fields.embedded_get`` and
    ``custom_fields.embedded_search``.

    Args:
        db: The transaction.
        kind: What the rows are.
        page: The rows; each gets the new key as its last.
        ids: Their record ids, in the same order.
    """
    fields = [(field.id, field.label) for field in definitions.active(db, kinds.definitions_of(kind))]
    stored = values.load(db, kind, ids) if fields else {}
    nothing: dict[int, str] = {}
    for row, record_id in zip(page, ids, strict=True):
        mine = stored.get(record_id, nothing)
        row["customfields"] = [
            {"label": label, "value": mine.get(field_id, "")} for field_id, label in fields
        ]
