"""The triggers' text, on each engine, for the columns that a database really has.

They only append to the inbox: what happened to which record or, where a row means none, that the table has
changed; so every change of what an answer may show is at least one row there. On MySQL no error in them
breaks the statement that fired them: a write that cannot be noted is done all the same. The exceptions are
errors after which the server has rolled back the whole transaction, for the program that wrote must learn of
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from changes.tracked import COUNTED, Meaning, Tracked
from perfex_api import tables as t

#: A session in which this variable is set is not captured: for bulk restores.
OFF = "@perfex_api_capture_off"

#: What stands behind a table's name as the source of a change of its noise alone.
NOISE = "~"

#: By table name without the prefix: its columns, and whether each holds text.
Columns = Mapping[str, Mapping[str, bool]]

_INTO = f"INSERT INTO {t.api_change_inbox.name} (source, resource, record_id, action, at)"
_MOMENTS = {"ai": "INSERT", "au": "UPDATE", "ad": "DELETE"}


@dataclass(frozen=True)
class Trigger:
    """One trigger.

    Attributes:
        name: Its name.
        table: The full name of its table.
        head: CREATE TRIGGER and what follows, up to the body.
        body: What it does, as the server gives it back.
    """

    name: str
    table: str
    head: str
    body: str

    @property
    def statement(self) -> str:
        """What creates it."""
        return f"{self.head} {self.body}"

    def named(self, name: str) -> "Trigger":
        """The same under another name."""
        return Trigger(name, self.table, self.head.replace(f" {self.name} ", f" {name} ", 1), self.body)


class _Event(NamedTuple):
    """What is appended to the inbox, as SQL, and under which condition."""

    condition: str
    values: str


def wanted(dialect: str, columns: Columns) -> dict[str, Trigger]:
    """The triggers that a database should have, by their names.

    Args:
        dialect: "sqlite", "mysql" or "mariadb".
        columns: What the database has of the tracked tables.
    """
    language: _Language = _SQLite() if dialect == "sqlite" else _MySQL()
    found: dict[str, Trigger] = {}
    for table, tracked in COUNTED.items():
        there = columns.get(table, {})
        meanings = [each for each in tracked.meanings if _is_readable(each, columns, there)]
        if not there or (tracked.meanings and not meanings):
            continue
        for short, moment in _MOMENTS.items():
            name, full_name = f"{t.PREFIX}api_{table}_{short}", t.PREFIX + table
            head = f"CREATE TRIGGER {name} AFTER {moment} ON {full_name} FOR EACH ROW"
            statements = _statements(language, moment, table, tracked, meanings, there)
            found[name] = Trigger(name, full_name, head, language.body(statements))
    return found


class _Language(Protocol):
    """What the engines spell differently."""

    now: str

    def differs(self, columns: Mapping[str, bool]) -> str:
        """Whether any of these columns has changed, letter by letter."""

    def append(self, events: Sequence[_Event], when: str = "", bare: str = "") -> list[str]:
        """The statements that append each event, if its own condition and ``when`` hold.

        ``bare`` is appended when ``when`` holds, but no event's own condition does.
        """

    def append_noise(self, bare: str, noise: str, visible: str) -> list[str]:
        """The statements that append ``bare`` when the noise differs, and nothing else."""

    def body(self, statements: Sequence[str]) -> str:
        """The trigger's body."""


class _MySQL:
    now = "UTC_TIMESTAMP(6)"

    def differs(self, columns: Mapping[str, bool]) -> str:
        pairs = (
            f"CAST(NEW.`{name}` AS BINARY) <=> CAST(OLD.`{name}` AS BINARY)"
            if is_text
            else f"NEW.`{name}` <=> OLD.`{name}`"
            for name, is_text in columns.items()
        )
        return f"NOT ({' AND '.join(pairs)})"

    def append(self, events: Sequence[_Event], when: str = "", bare: str = "") -> list[str]:
        # Not INSERT ... SELECT, for which MariaDB locks the whole table's counter until the statement ends.
        conditional = [(event.condition, event.values) for event in events]
        conditional += [("NOT noted", bare)] if bare else []
        statements = [
            f"IF {condition} THEN {_INTO} VALUES ({values}); SET noted = TRUE; END IF;"
            for condition, values in conditional
        ]
        if not when:
            return statements
        return [f"SET differs = {when};", "IF differs THEN", *statements, "END IF;"]

    def append_noise(self, bare: str, noise: str, visible: str) -> list[str]:
        return ["IF NOT noted THEN", *self.append([], noise, bare), "END IF;"]

    def body(self, statements: Sequence[str]) -> str:
        lines = (
            "BEGIN",
            "DECLARE differs BOOLEAN;",
            "DECLARE noted BOOLEAN DEFAULT FALSE;",
            "DECLARE EXIT HANDLER FOR 1213 RESIGNAL;",
            "DECLARE EXIT HANDLER FOR 1205 BEGIN IF @@innodb_rollback_on_timeout THEN RESIGNAL; END IF; END;",
            # When the comparison fails, because somebody has dropped a column, every update counts.
            "DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET differs = TRUE;",
            f"IF {OFF} IS NULL THEN",
            *statements,
            "END IF;",
            "END",
        )
        return "\n".join(lines)


class _SQLite:
    now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"

    def differs(self, columns: Mapping[str, bool]) -> str:
        pairs = (
            f'NEW."{name}" IS NOT OLD."{name}"{" COLLATE BINARY" if is_text else ""}'
            for name, is_text in columns.items()
        )
        return f"({' OR '.join(pairs)})"

    def append(self, events: Sequence[_Event], when: str = "", bare: str = "") -> list[str]:
        when = when or "TRUE"
        conditional = [(event.condition, event.values) for event in events]
        if bare:
            conditional.append((" AND ".join(f"({each.condition}) IS NOT TRUE" for each in events), bare))
        return [
            f"{_INTO} SELECT {values} WHERE {condition or 'TRUE'} AND {when};"
            for condition, values in conditional
        ]

    def append_noise(self, bare: str, noise: str, visible: str) -> list[str]:
        return self.append([], f"{noise} AND NOT {visible}", bare)

    def body(self, statements: Sequence[str]) -> str:
        return "\n".join(("BEGIN", *statements, "END"))


def _is_readable(meaning: Meaning, columns: Columns, there: Mapping[str, bool]) -> bool:
    """Whether the database has what a meaning reads."""
    if meaning.through:
        return (
            meaning.by in there and {meaning.record, meaning.kind} <= columns.get(meaning.through, {}).keys()
        )
    return {meaning.record, *filter(None, [meaning.kind])} <= there.keys()


def _statements(
    language: _Language,
    moment: str,
    table: str,
    tracked: Tracked,
    meanings: Sequence[Meaning],
    there: Mapping[str, bool],
) -> list[str]:
    """What a trigger does at this moment."""

    def events(row: str, action: str, some: Sequence[Meaning] = meanings) -> list[_Event]:
        return [_event(language, table, each, row, action if each.itself else "updated") for each in some]

    bare = f"'{table}', '', 0, '', {language.now}"
    if moment == "INSERT":
        return language.append(events("NEW", "created"), bare=bare)
    if moment == "DELETE":
        return language.append(events("OLD", "deleted"), bare=bare)
    noise = {name: is_text for name, is_text in there.items() if name in tracked.noise}
    silent = {*tracked.noise, *tracked.hidden}
    visible = language.differs({name: is_text for name, is_text in there.items() if name not in silent})
    statements = language.append(
        events("NEW", "updated", [each for each in meanings if not each.columns]), visible, bare
    )
    if noise:
        quiet = f"'{table}{NOISE}', '', 0, '', {language.now}"
        statements += language.append_noise(quiet, language.differs(noise), visible)
    for columns in dict.fromkeys(each.columns for each in meanings if each.columns):
        watched = {name: there[name] for name in columns if name in there}
        alike = [each for each in meanings if each.columns == columns]
        when = language.differs(watched) if watched else visible
        statements += language.append(events("NEW", "updated", alike), when)
    # A part that moves to another record is missed where it was.
    for each in meanings:
        if not each.itself:
            names = [each.by] if each.through else filter(None, [each.record, each.kind])
            moved = language.differs({name: there[name] for name in names})
            statements += language.append(events("OLD", "updated", [each]), moved)
    return statements


def _event(language: _Language, table: str, meaning: Meaning, row: str, action: str) -> _Event:
    record, kind = f"{row}.{meaning.record}", f"{row}.{meaning.kind}"
    if meaning.through:
        found = f"FROM {t.PREFIX}{meaning.through} AS parent WHERE parent.id = {row}.{meaning.by}"
        record, kind = (f"(SELECT parent.{name} {found})" for name in (meaning.record, meaning.kind))
    condition, resource = f"{record} > 0", f"'{meaning.resource}'"
    if meaning.kinds is not None:
        cases = " ".join(f"WHEN '{word}' THEN '{name}'" for word, name in meaning.kinds.items())
        words = ", ".join(f"'{word}'" for word in meaning.kinds)
        condition, resource = f"{kind} IN ({words}) AND {condition}", f"CASE {kind} {cases} END"
    return _Event(condition, f"'{table}', {resource}, {record}, '{action}', {language.now}")
