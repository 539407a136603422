"""Databases on a MySQL server for tests: made, dropped, and restored to what ``init`` leaves."""

from uuid import uuid4

import sqlalchemy as sa

from changes import capture, triggers
from perfex_api.core.db import make_engine
from perfex_api.schema import initialise
from perfex_api.settings import Settings


class MySQLTemplate:
    """A database that tests use in turn, and a pristine one that its touched tables are filled from."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._pristine = self._made()
        self._url = self._made()
        self._admin = make_engine(server)
        with self._admin.connect() as connection:
            self._wanted_shapes = _shapes(connection, self._pristine)
            self._wanted = _contents(connection, self._pristine)
            self._shaped = _shaped(connection)

    def restored(self) -> str:
        """The URL of the database, just as ``init`` leaves it."""
        with self._admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            _disconnect_others(connection, self._url)
            if _shaped(connection) != self._shaped:
                self._reshape(connection)
                self._shaped = _shaped(connection)
            found = _contents(connection, self._url)
            self._refill(connection, [name for name in found if found[name] != self._wanted[name]])
        return self._url

    def close(self) -> None:
        """Drop both."""
        self._admin.dispose()
        drop_database(self._url)
        drop_database(self._pristine)

    def _made(self) -> str:
        url = create_database(self._server)
        initialise_database(url)
        return url

    def _reshape(self, connection: sa.Connection) -> None:
        if _shapes(connection, self._url) == self._wanted_shapes:
            return
        # Nothing but our triggers, perhaps, which is the cheaper thing to make again.
        _capture(self._url)
        if _shapes(connection, self._url) != self._wanted_shapes:
            drop_database(self._url)
            self._url = self._made()

    def _refill(self, connection: sa.Connection, names: list[str]) -> None:
        pristine, used = (sa.make_url(url).database for url in (self._pristine, self._url))
        settings = f"foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO', {triggers.OFF} = 1"
        connection.exec_driver_sql(f"SET SESSION {settings}")
        for name in names:
            connection.exec_driver_sql(f"TRUNCATE TABLE `{used}`.`{name}`")
            connection.exec_driver_sql(f"INSERT INTO `{used}`.`{name}` SELECT * FROM `{pristine}`.`{name}`")


def _shaped(connection: sa.Connection) -> int:
    """How many statements the server has had that may change what tables and triggers there are.

    Asking this is cheap. Asking for the shapes takes longer than many a test.
    """
    shaping = ("Com_create_", "Com_alter_", "Com_drop_", "Com_rename_")
    counted = connection.exec_driver_sql("SHOW GLOBAL STATUS LIKE %s", ("Com%",)).all()
    return sum(int(number) for name, number in counted if name.startswith(shaping))


def _shapes(connection: sa.Connection, url: str) -> dict[str, int]:
    """By table: a sum of its columns, triggers and indexes."""
    query = """
        SELECT table_name, SUM(CRC32(shape)) FROM (
            SELECT table_name, CONCAT_WS(' ', column_name, column_type, is_nullable, collation_name) AS shape
            FROM information_schema.columns WHERE table_schema = %(database)s
            UNION ALL
            SELECT event_object_table, trigger_name
            FROM information_schema.triggers WHERE trigger_schema = %(database)s
            UNION ALL
            SELECT table_name, CONCAT_WS(' ', index_name, seq_in_index, column_name)
            FROM information_schema.statistics WHERE table_schema = %(database)s
        ) AS shapes GROUP BY table_name
    """
    database = sa.make_url(url).database
    return {name: int(total) for name, total in connection.exec_driver_sql(query, {"database": database})}


def _contents(connection: sa.Connection, url: str) -> dict[str, tuple[object, object]]:
    """By table: its next number, and a sum of its rows."""
    database = sa.make_url(url).database
    if not connection.dialect.is_mariadb:  # type: ignore[attr-defined]
        connection.exec_driver_sql("SET SESSION information_schema_stats_expiry = 0")
    query = "SELECT table_name, auto_increment FROM information_schema.tables WHERE table_schema = %s"
    numbers = dict(tuple(row) for row in connection.exec_driver_sql(query, (database,)))
    names = ", ".join(f"`{database}`.`{name}`" for name in numbers)
    sums = connection.exec_driver_sql(f"CHECKSUM TABLE {names}")
    rows = {name.partition(".")[2]: checksum for name, checksum in sums}
    return {name: (number, rows[name]) for name, number in numbers.items()}


def initialise_database(url: str) -> None:
    """Create the CRM's schema, its install rows, and triggers."""
    engine = make_engine(url)
    initialise(engine, Settings())
    engine.dispose()
    _capture(url)


def _capture(url: str) -> None:
    engine = make_engine(url)
    with engine.connect() as connection:
        capture.install(connection)
    engine.dispose()


def _disconnect_others(connection: sa.Connection, url: str) -> None:
    """End what an earlier test left open, so that its locks cannot hold up the next one."""
    others = connection.exec_driver_sql(
        "SELECT id FROM information_schema.processlist WHERE db = %s AND id <> CONNECTION_ID()",
        (sa.make_url(url).database,),
    )
    for number in others.scalars().all():
        try:
            connection.exec_driver_sql(f"KILL {number}")
        except sa.exc.OperationalError as error:
            if "Unknown thread id" not in str(error):
                raise


def create_database(server: str) -> str:
    """The URL of a new, empty database."""
    name = f"perfex_test_{uuid4().hex[:16]}"
    _administer(server, f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Drop it, whoever is connected."""
    address = sa.make_url(url)
    server = address.set(database="").render_as_string(hide_password=False)
    engine = make_engine(server)
    with engine.connect() as connection:
        _disconnect_others(connection, url)
    engine.dispose()
    _administer(server, f"DROP DATABASE IF EXISTS {address.database}")


def _administer(server: str, statement: str) -> None:
    engine = make_engine(server)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
