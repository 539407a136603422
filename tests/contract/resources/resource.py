"""One resource of the API, as the life story needs to know it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

Body = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """One resource.

    Attributes:
        name: What URLs and permissions call it.
        body: Makes the records that a new one refers to, and a body with everything that a create may send.
        changed: What an update sends, and how a row shows it.
        word: A word that finds the record.
        make: Adds a plain record that the word "same" finds; None: its lists have a test of their own.
        fieldto: What the definitions of its custom fields belong to; empty: it has none.
        values: What their values belong to, and the key under which clients send them.
        hidden: What a body holds that no row shows.
        shown: Keys of the body under which rows show another one, or another value.
        lists: How many statements its rows take for what else they carry.
        one: The path of a single record; ``{id}``, or a key of the body.
        key: The key of a row under which its id stands.
        alone: Keys that single rows have and lists have not.
        listed: Keys that lists have and single rows have not.
        leaves: Tables in which a record that is deleted leaves rows, beside the log.
        page: The size of its pages, when its lists always come in pages.
    """

    name: str
    body: Callable[[Any], Body]
    changed: Mapping[str, Any]
    word: str
    make: Callable[[Any], int] | None = None
    fieldto: str = ""
    values: str = ""
    hidden: Collection[str] = ()
    shown: Mapping[str, tuple[str, Any] | str] = field(default_factory=dict)
    lists: int = 0
    one: str = "{name}/{id}"
    key: str = "id"
    alone: Collection[str] = ()
    listed: Collection[str] = ()
    leaves: Collection[sa.Table] = ()
    page: int = 0

    def path(self, record_id: int, body: Body) -> str:
        """Where one record is read."""
        return self.one.format(**body | {"name": self.name, "id": record_id})
