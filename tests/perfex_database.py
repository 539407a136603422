"""A database as Perfex makes and fills it: all its tables, its loose data, no strict mode."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

SCHEMA = Path(__file__).with_name("perfex_schema.sql")
#: What is older than this is in the ``older`` database, too.
OLD = (3, 0)

_CREATE = re.compile(r"CREATE TABLE `tbl(\w+)` \(.*?\n\) ENGINE.*?;", re.DOTALL)
_COLUMN = re.compile(r"^  `(\w+)`", re.MULTILINE)
_SINCE = re.compile(r"-- since (\d[\d.]*)$")

ROWS = """
    INSERT INTO tbloptions (name, value, autoload) VALUES
        ('companyname', 'Müller & Søn', 1), ('next_invoice_number', '8', 1), ('paypal_secret', NULL, 0);
    INSERT INTO tblcountries (country_id, iso2, short_name, long_name) VALUES (102, 'IN', 'India', 'India');
    INSERT INTO tblcurrencies (id, symbol, name, isdefault) VALUES (1, '€', 'EUR', 1);
    INSERT INTO tblclients (userid, company, datecreated, country) VALUES
        (1, 'Größe 😀', '2019-02-03 04:05:06', 102), (2, NULL, '0000-00-00 00:00:00', 0);
    INSERT INTO tblcontacts (userid, firstname, email) VALUES (2, 'Ana', 'ana@example.com');
    INSERT INTO tblstaff (email, firstname, lastname, password, datecreated) VALUES
        ('boss@example.com', 'Bo', 'Ss', '$2a$08$x', '2019-01-01 00:00:00');
    INSERT INTO tblinvoices (clientid, number, datecreated, date, duedate, total) VALUES
        (1, 7, '2020-05-06 07:08:09', '2020-05-06', '0000-00-00', 1234.505), (2, 8, NULL, NULL, NULL, NULL);
    INSERT INTO tblcustomer_admins (staff_id, customer_id) VALUES (1, 2);
    INSERT INTO tbltickets_status (name) VALUES ('Offen');
    DELETE FROM tblclients WHERE userid = 2;
"""


def tables() -> dict[str, list[str]]:
    """The columns of each table, in order, by its name without the prefix."""
    return {found[1]: _COLUMN.findall(found[0]) for found in _CREATE.finditer(SCHEMA.read_text())}


def build(url: str, *, older: bool = False) -> None:
    """Make the tables in an empty MySQL database and put some rows in.

    Args:
        url: Of the database.
        older: Leave out the tables and columns that Perfex added after version 3.0.
    """
    engine = sa.create_engine(url, connect_args={"charset": "utf8mb4"})
    with engine.begin() as connection:
        for statement in _statements(older):
            # The driver's cursor, because data without strict mode makes warnings.
            cursor = connection.connection.cursor()
            cursor.execute(statement)
            cursor.close()
        connection.exec_driver_sql(f"INSERT INTO tblmigrations (version) VALUES ({300 if older else 341})")
    engine.dispose()


def fingerprint(connection: sa.Connection) -> dict[str, Any]:
    """All that can be said of Perfex's tables: definitions, indexes, triggers, counters, sums of the rows."""
    parts: dict[str, Any] = {
        source: connection.exec_driver_sql(
            f"SELECT * FROM information_schema.{source} WHERE {schema} = DATABASE() AND {table} IN "
            f"({', '.join(repr('tbl' + name) for name in tables())}) ORDER BY {table}, {order}"
        ).all()
        for source, schema, table, order in (
            ("columns", "table_schema", "table_name", "ordinal_position"),
            ("statistics", "table_schema", "table_name", "index_name, seq_in_index"),
            ("key_column_usage", "table_schema", "table_name", "constraint_name, ordinal_position"),
            ("triggers", "trigger_schema", "event_object_table", "trigger_name"),
        )
    }
    found = connection.exec_driver_sql(
        "SELECT table_name, engine, table_collation, auto_increment, create_time, create_options"
        " FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name"
    )
    known = {f"tbl{name}" for name in tables()}
    parts["tables"] = [row for row in found if row[0] in known]
    names = ", ".join(row[0] for row in parts["tables"])
    parts["rows"] = connection.exec_driver_sql(f"CHECKSUM TABLE {names} EXTENDED").all()
    return parts


def _statements(older: bool) -> Iterator[str]:
    schema = SCHEMA.read_text()
    yield "SET SESSION sql_mode = '', foreign_key_checks = 0"
    for found in _CREATE.finditer(schema):
        lines = found[0].splitlines()
        if not (older and _is_new(lines[0])):
            kept = [line.partition(" -- ")[0] for line in lines if not (older and _is_new(line))]
            yield re.sub(r",\n\)", "\n)", "\n".join(kept))
    yield from filter(None, map(str.strip, ROWS.split(";\n")))


def _is_new(line: str) -> bool:
    since = _SINCE.search(line)
    return since is not None and tuple(map(int, since[1].split("."))) > OLD
