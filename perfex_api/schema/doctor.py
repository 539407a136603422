"""What ``doctor`` tells: which database this is, what it lacks, and what does not work because of that."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from changes import capture
from perfex_api import tables as t
from perfex_api.core.live import Live
from perfex_api.schema import mysql
from perfex_api.settings import Settings


@dataclass
class Report:
    """The findings.

    Attributes:
        engine: The database engine and its version.
        schema: The number of the CRM's schema, or "unknown".
        problems: What keeps this program from working as it should, a sentence each.
        notes: What is merely good to know.
    """

    engine: str
    schema: str
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether there is no problem."""
        return not self.problems

    def lines(self) -> list[str]:
        """The report as text."""
        return [
            f"Database: {self.engine}",
            f"Perfex schema: {self.schema}",
            *(f"Problem: {each}" for each in self.problems),
            *(f"Note: {each}" for each in self.notes),
            "Everything is fine." if self.ok else f"Problems found: {len(self.problems)}.",
        ]


def examine(engine: sa.Engine, settings: Settings) -> Report:
    """Look at the database without changing anything.

    Args:
        engine: Of the database.
        settings: For the table prefix.
    """
    with engine.connect().execution_options(reading=True) as connection:
        live = Live.read(connection, t.crm)
        report = Report(_engine(connection), _schema(connection, live))
        if settings.table_prefix != t.PREFIX:
            report.problems.append(
                f'The tables start with "{t.PREFIX}", but the settings say "{settings.table_prefix}".'
            )
        if missing := Live.read(connection, t.own).missing_tables:
            report.problems.append(f"{', '.join(sorted(missing))} missing: run `perfex-api init`.")
        else:
            _check_capture(connection, report)
        if len(live.missing_tables) == len(t.crm.tables):
            report.problems.append("The CRM's tables are missing, all of them: run `perfex-api init`.")
        else:
            report.problems += _unfillable(live)
            for sentence, expected in _missing(live):
                (report.notes if expected else report.problems).append(sentence)
        if connection.dialect.name != "sqlite":
            problems, notes = mysql.check(connection)
            report.problems += problems
            report.notes += notes
    return report


def _check_capture(connection: sa.Connection, report: Report) -> None:
    found = capture.status(connection)
    if found.by == capture.PROGRAM:
        report.notes.append(
            "There are no triggers, so what other programs update or delete is not noted: "
            "run `perfex-api capture install`."
        )
    elif not found.is_complete:
        report.problems.append(
            f"{len(found.missing)} triggers are missing and {len(found.stale)} outdated, so not every change "
            "is noted: run `perfex-api capture install`."
        )


def _engine(connection: sa.Connection) -> str:
    if connection.dialect.name == "sqlite":
        return f"SQLite {connection.scalar(sa.select(sa.func.sqlite_version()))}"
    version = str(connection.scalar(sa.select(sa.func.version())))
    return f"MariaDB {version.partition('-')[0]}" if "MariaDB" in version else f"MySQL {version}"


def _schema(connection: sa.Connection, live: Live) -> str:
    if not live.has(t.migrations):
        return "unknown"
    return str(connection.scalar(sa.select(sa.func.max(t.migrations.c.version))) or "unknown")


def _missing(live: Live) -> Iterator[tuple[str, bool]]:
    """A sentence for each missing table and column, and whether the database's age explains it."""
    for table in t.crm.tables.values():
        if not live.has(table):
            yield _lack(table.name, table.info, "nothing of it is read or written", table)
            continue
        for column in table.c:
            if not live.has_column(column):
                full_name = f"{table.name}.{column.name}"
                yield _lack(full_name, column.info, "it is neither shown nor stored", table)


def _lack(name: str, info: dict[str, Any], effect: str, table: sa.Table) -> tuple[str, bool]:
    sentence = f"{name} is missing{_origin(info)}, so {effect}. Affected: {_users(table)}."
    return sentence, "since" in info


def _unfillable(live: Live) -> Iterator[str]:
    for table, extras in live.extra.items():
        for extra in extras:
            if extra.required:
                yield (
                    f"{table}.{extra.name}, a column that Perfex does not have, is NOT NULL without default: "
                    f"no row can be added until it has one. Affected: {_users(t.crm.tables[table])}."
                )


def _users(table: sa.Table) -> str:
    users = table.info["used_by"]
    return "all resources" if users in ((), ("*",)) else ", ".join(users)


def _origin(info: dict[str, Any]) -> str:
    since = str(info.get("since", ""))
    if since.startswith("module"):
        return f" (version {since.removeprefix('module ')} of the API module added it)"
    return f" (Perfex {since} added it)" if since else ""
