"""Migrations make exactly the declared tables, on both engines, and stay frozen."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from databases import FreshUrl, OpenEngine

import migrations
from perfex_api import tables as t

FOLDER = Path(migrations.__file__).parent
MIGRATIONS = sorted((FOLDER / "versions").glob("[a-z]*.py"))


def config(connection: sa.Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    made.attributes.update(connection=connection, table_prefix=t.PREFIX)
    return made


def test_there_are_two_branches_without_forks() -> None:
    script = ScriptDirectory.from_config(config())
    branches = {label: script.get_revision(f"{label}@head").revision for label in ("crm", "own")}
    assert set(script.get_heads()) == set(branches.values()) == migrations.heads()
    assert {each.revision for each in script.walk_revisions()} == migrations.known()


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_migrations_import_nothing_that_changes(path: Path) -> None:
    modules = {
        name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    ours = {name for name in modules if name.startswith(("perfex_api", "migrations"))}
    assert ours <= {"perfex_api.core.types", "migrations", "migrations.declare"}


def test_alembic_sees_no_difference_between_models_and_migrations(crm_engine: sa.Engine) -> None:
    with crm_engine.connect() as connection:
        options = {
            "include_object": is_for(connection.dialect.name),
            "compare_type": connection.dialect.name != "sqlite",  # which has other types than it was told
        }
        context = MigrationContext.configure(connection, opts=options)
        models: Any = [t.crm, t.own]  # annotated as one, documented as any number
        assert compare_metadata(context, models) == []


def is_for(dialect: str) -> Any:
    """Alembic's filter: an index is declared once for each dialect; the table of versions is Alembic's."""

    def include(item: Any, name: str, kind: str, reflected: bool, compared: Any) -> bool:
        if kind == "table":
            return name != f"{t.PREFIX}api_schema"
        return kind != "index" or reflected or item.info["dialect"] == dialect

    return include


def test_columns_stand_in_the_declared_order(crm_engine: sa.Engine) -> None:
    inspector = sa.inspect(crm_engine)
    for table in (*t.crm.tables.values(), *t.own.tables.values()):
        assert [column["name"] for column in inspector.get_columns(table.name)] == list(table.c.keys())


def test_both_make_the_same_definitions(
    engine_name: str, crm_engine: sa.Engine, fresh_url: FreshUrl, open_engine: OpenEngine
) -> None:
    declared = open_engine(fresh_url(engine_name))
    with declared.begin() as connection:
        t.crm.create_all(connection)
        t.own.create_all(connection)
    migrated = definitions(crm_engine)
    migrated = {name: text for name, text in migrated.items() if "api_schema" not in name}
    assert migrated == definitions(declared)


def definitions(engine: sa.Engine) -> dict[str, object]:
    """What the engine says of each table and index; on MySQL without counters, and with the keys sorted."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type != 'trigger' AND name NOT LIKE 'sqlite%'"
            )
            return {name: parts(sql) for name, sql in found}
        texts = {
            name: connection.exec_driver_sql(f"SHOW CREATE TABLE {name}").one()[1].splitlines()
            for name in sa.inspect(connection).get_table_names()
        }
    return {
        name: [
            [line.rstrip(",") for line in lines if line.startswith("  `")],
            sorted(line.rstrip(",") for line in lines[1:-1] if not line.startswith("  `")),
            [word for word in lines[-1].split() if not word.startswith("AUTO_INCREMENT")],
        ]
        for name, lines in texts.items()
    }


def parts(sql: str) -> tuple[str, list[str], str]:
    """A statement of SQLite with its parts sorted: a column that was added later stands behind the keys."""
    begin, _, rest = " ".join(sql.split()).partition("(")
    body, _, end = rest.rpartition(")")
    return begin, sorted(map(str.strip, re.split(r",(?![^()]*\))", body))), end


def test_our_tables_can_be_taken_away_and_made_again(crm_engine: sa.Engine) -> None:
    with crm_engine.connect() as connection:
        command.downgrade(config(connection), "own@base")
        connection.commit()
        left = {name for name in sa.inspect(connection).get_table_names() if name in t.own.tables}
        connection.commit()
        assert left == {t.api_leases.name}
        command.upgrade(config(connection), "own@head")
        connection.commit()
        assert t.own.tables.keys() <= set(sa.inspect(connection).get_table_names())


def test_the_crm_cannot_be_taken_away(crm_engine: sa.Engine) -> None:
    with crm_engine.connect() as connection:
        with pytest.raises(NotImplementedError, match="drop the database"):
            command.downgrade(config(connection), "crm@-1")
        connection.rollback()
