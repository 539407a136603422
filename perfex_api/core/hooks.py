"""The moments at which a part that nobody imports (the custom fields, the journal) joins in.

Each hook names the *kind* of the records (``customers``, ``invoice``, ...: what the shared tables call
them) and gets the open transaction, so that whatever it does is undone with the rest.

* ``expected``: before anything is read, to learn which queries ``read`` will ask.
* ``ahead``: before a whole list of a kind is read.
* ``read``: once for a whole page of rows on their way to a client; may add keys to each.
* ``written``: after a create or an update, with the custom field values that came along.
* ``deleted``: after records went, also those a cascade took.

``inserted`` is not about records: it tells whoever listens to SQLAlchemy's statements of the rows that were
added without it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy as sa

    from perfex_api.core.db import Db
    from perfex_api.core.prepared import Asked

Row = dict[str, Any]
ExpectedHook = Callable[[str, Sequence[int]], Sequence["Asked"]]
AheadHook = Callable[["Db", str], bool]
ReadHook = Callable[["Db", str, Sequence[Row], Sequence[int]], None]
WrittenHook = Callable[["Db", str, int, Mapping[str, Any] | None, bool], None]
DeletedHook = Callable[["Db", str, Collection[int]], None]
InsertedHook = Callable[["Db", "sa.Table", Mapping[str, Any], int], None]


@dataclass
class Hooks:
    """The functions that wait for each moment, in the order in which they were plugged in."""

    on_expected: list[ExpectedHook] = field(default_factory=list)
    on_ahead: list[AheadHook] = field(default_factory=list)
    on_read: list[ReadHook] = field(default_factory=list)
    on_written: list[WrittenHook] = field(default_factory=list)
    on_deleted: list[DeletedHook] = field(default_factory=list)
    on_inserted: list[InsertedHook] = field(default_factory=list)

    def expected(self, kind: str, ids: Sequence[int] = ()) -> list[Asked]:
        """What the other hooks will most likely ask of records of a kind.

        Args:
            kind: The records'.
            ids: Those that will be read, as far as they are known; of new ones, none are.
        """
        return [asked for hook in self.on_expected for asked in hook(kind, ids)]

    def ahead(self, db: Db, kind: str) -> bool:
        """Tell that all records of a kind are about to be read.

        Returns:
            Whether the hooks have all that ``read`` will ask for, so that it will ask the database nothing.
        """
        return all(hook(db, kind) for hook in self.on_ahead)

    def read(self, db: Db, kind: str, page: Sequence[Row], ids: Sequence[int]) -> None:
        """Tell that these rows are about to be sent; ``ids`` are their record ids, in the same order."""
        if page:
            for hook in self.on_read:
                hook(db, kind, page, ids)

    def written(
        self, db: Db, kind: str, record_id: int, values: Mapping[str, Any] | None, created: bool
    ) -> None:
        """Tell that a record was created or changed; ``values`` are custom field values, as sent."""
        for hook in self.on_written:
            hook(db, kind, record_id, values, created)

    def deleted(self, db: Db, kind: str, record_ids: Collection[int]) -> None:
        """Tell that records are gone."""
        if record_ids:
            for hook in self.on_deleted:
                hook(db, kind, record_ids)

    def inserted(self, db: Db, table: sa.Table, values: Mapping[str, Any], new_key: int) -> None:
        """Tell of a row that was added past SQLAlchemy, which tells of all others itself."""
        for hook in self.on_inserted:
            hook(db, table, values, new_key)
