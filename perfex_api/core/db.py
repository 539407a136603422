"""The database: engines, and transactions that are run again when the engine asks for it.

A request is one transaction. ``Database.run`` opens it, calls the work, commits; a deadlock, a lock
time-out or a lost connection *before* the commit runs the whole work again, at most three times. A rule
therefore never keeps anything outside ``db``; what it has to do outside, it leaves to ``db.on_rollback`` to
undo and to ``db.after_commit`` to do.
"""

import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event

from perfex_api.core import sqlite
from perfex_api.core.batch import Batch
from perfex_api.core.hooks import Hooks
from perfex_api.core.link import Link, reset
from perfex_api.core.live import Live
from perfex_api.core.prepared import Asked, Prepared, expect
from perfex_api.core.smtp import NOWHERE, Server

log = logging.getLogger("perfex_api")

Result = TypeVar("Result")
Then = Callable[[], object]

ATTEMPTS = 3
#: deadlock, lock wait time-out, server gone away, connection lost
RETRYABLE = {1213, 1205, 2006, 2013}
#: Who asked for more than was expected has to ask for no more so often before that is believed again.
CALM = 8
#: Whatever the server's default is: all that a transaction reads is of one moment.
ISOLATION = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"
SQL_MODE = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"


@dataclass(frozen=True)
class Site:
    """The installation around a database.

    Attributes:
        uploads: The folder that uploaded files lie under.
        url: The address of the CRM's own pages; empty when it is not known.
        tables: Other modules' tables that may be served.
        smtp: Where mails are handed in; without a host, where the CRM's own options say, with this password.
        sender: The address that mails come from; empty: the CRM's own.
        automatic_mails: Whether to send what the original sends on its own.
    """

    uploads: Path = Path("uploads")
    url: str = ""
    tables: tuple[str, ...] = ()
    smtp: Server = NOWHERE
    sender: str = ""
    automatic_mails: bool = False

    def page(self, path: str) -> str | None:
        """The address of one of the CRM's pages; None when it is not known."""
        return f"{self.url.rstrip('/')}/{path}" if self.url else None


HERE = Site()


class MoreToAsk(Exception):
    """The transaction has ended with what was expected, and that is not enough: see ``Database.ask``."""


class Db:
    """One open transaction, and what a rule may know beside it.

    Attributes:
        link: The connection; see ``core.link``.
        live: The tables and columns this database really has.
        hooks: Who wants to know what was read, written and deleted.
        staff_id: The acting staff member; 0, as the original writes it, when the token has none.
        site: Where the installation's files and pages are.
        memo: Facts already read in this transaction (options, ...).
        warnings: What the caller should know of work that was done all the same.
        on_rollback: What to call, the last first, should the transaction fail.
        after_commit: What to call once it holds; an error there is logged, for the work is done.
    """

    __slots__ = (
        "after_commit",
        "hooks",
        "link",
        "live",
        "memo",
        "on_rollback",
        "site",
        "staff_id",
        "warnings",
    )

    def __init__(self, link: Link, live: Live, hooks: Hooks, staff_id: int = 0, site: Site = HERE) -> None:
        self.link = link
        self.live = live
        self.hooks = hooks
        self.staff_id = staff_id
        self.site = site
        self.memo: dict[Any, Any] = {}
        self.warnings: list[str] = []
        self.on_rollback: list[Then] = []
        self.after_commit: list[Then] = []

    @property
    def connection(self) -> sa.Connection:
        """SQLAlchemy's connection, inside the transaction."""
        return self.link.connection

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.link.engine.dialect.name == "sqlite"

    def read_on(self) -> None:
        """Say that much more is about to be asked than was expected.

        Raises:
            MoreToAsk: It would be of another moment; ``Database.ask`` begins again.
        """
        if self.link.batch.has_ended:
            raise MoreToAsk

    def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        """Run a statement; with a list of parameters, once for each."""
        return self.connection.execute(statement, parameters)

    def scalar(self, statement: sa.Executable) -> Any:
        """The first column of the first row, or None."""
        return self.connection.scalar(statement)


class Database:
    """The CRM's database, for the life of a process.

    Args:
        url: Where it is: SQLAlchemy's address.
        metadata: The CRM's tables as this program knows them.
        hooks: Plugged-in parts.
        read_url: A replica that answers reads; empty: the same database.
        pool_size: Connections to keep open.
        site: Where the installation's files and pages are.
    """

    def __init__(
        self,
        url: str,
        metadata: sa.MetaData,
        hooks: Hooks,
        *,
        read_url: str = "",
        pool_size: int = 8,
        site: Site = HERE,
    ) -> None:
        self.engine = make_engine(url, pool_size)
        self.reader = make_engine(read_url, pool_size) if read_url else self.engine
        self.hooks = hooks
        self.site = site
        self._surprising: dict[tuple[Prepared, ...], int] = {}
        with self.engine.connect() as connection:
            self.live = Live.read(connection, metadata)

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        self.reader.dispose()

    @contextmanager
    def transaction(self, *, write: bool = True, staff_id: int = 0) -> Iterator[Db]:
        """Open a transaction; it is committed when the block ends and rolled back when it raises.

        Args:
            write: Whether the block may write. False may be answered by a replica, and waits for no writer.
            staff_id: The acting staff member.
        """
        engine = self.engine if write else self.reader
        with closing(Link(engine)) as link:
            db = Db(link, self.live, self.hooks, staff_id, self.site)
            try:
                if write:
                    link.write()
                elif engine.dialect.name == "sqlite":
                    link.begin(reading=True)
                yield db
                # What was only read ends with the connection's way back into the pool, which rolls back: one
                # message to the server instead of two.
                if write:
                    link.commit()
            except BaseException:
                link.rollback()
                _call(reversed(db.on_rollback))
                raise
        _call(db.after_commit)

    def run(self, work: Callable[[Db], Result], *, write: bool = True, staff_id: int = 0) -> Result:
        """Run ``work`` in a transaction of its own, again if the engine gave up on it.

        Args:
            work: Gets the transaction; must leave nothing behind when it is run twice.
            write: See ``transaction``.
            staff_id: See ``transaction``.
        """
        for attempt in range(1, ATTEMPTS + 1):
            finished = False
            try:
                with self.transaction(write=write, staff_id=staff_id) as db:
                    result = work(db)
                    finished = True
                return result
            except sa.exc.DBAPIError as error:
                unknown = finished and not db.link.batch.is_undone
                if unknown or attempt == ATTEMPTS or not _is_worth_another_try(error):
                    raise
                time.sleep(random.uniform(0.01, 0.05) * attempt)
        raise AssertionError("unreachable")

    def ask(self, work: Callable[[Db], Result], expected: Sequence[Asked] = ()) -> Result:
        """As ``run``, for work that reads little: where the driver can, in a single message.

        All that is expected goes with the first question, and the transaction ends with it. What the work
        asks beyond that would be of another moment; then all of it is done again in an open transaction. The
        next time that the same is expected, it is left open from the beginning, until nothing more has been
        asked for a while.

        Args:
            work: See ``run``.
            expected: Prepared queries that it will ask, beside the first.
        """
        key = tuple([query for query, _ in expected])
        surprise = 0
        while True:
            left = surprise or self._surprising.get(key, 0)

            def begin(db: Db, ends: bool = not left) -> tuple[Result, Batch]:
                db.link.batch.ends = ends and db.live.together
                expect(db, expected)
                return work(db), db.link.batch

            try:
                result, batch = self.run(begin, write=False)
            except MoreToAsk:
                surprise = 1  # it has cost a message, and nothing else
                continue
            if batch.is_torn:
                surprise = CALM
                continue
            if left:
                quiet = left - 1 if batch.messages == 1 else CALM
                self._surprising[key] = surprise or quiet
            return result


def _call(functions: Iterable[Then]) -> None:
    for function in functions:
        try:
            function()
        except Exception:
            log.exception("could not finish what belongs to a transaction")


def _is_worth_another_try(error: sa.exc.DBAPIError) -> bool:
    cause = error.orig
    if getattr(cause, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
        return True
    return bool(cause and cause.args and cause.args[0] in RETRYABLE)


def make_engine(url: str, pool_size: int = 8) -> sa.Engine:
    """Make an engine for the CRM's database.

    Args:
        url: ``mysql+pymysql://…``, ``mysql+mysqldb://…`` or ``sqlite:///…``.
        pool_size: Connections to keep open; as many again as needed are opened for a peak.
    """
    address = sa.make_url(url)
    # Parameters are tokens, passwords and people: they belong into no log and no exception's text.
    options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 32, "hide_parameters": True}
    options["pool_reset_on_return"] = None  # see core.link.reset
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(address, **options)
        event.listen(engine, "reset", reset)
        event.listen(engine, "connect", lambda connection, _: sqlite.prepare(connection))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = sa.create_engine(
        address,
        **options,
        pool_recycle=1800,
        connect_args={
            "charset": "utf8mb4",
            "sql_mode": SQL_MODE,
            "init_command": ISOLATION,
            "connect_timeout": 10,
        },
    )
    event.listen(engine, "reset", reset)
    return engine


def _begin_sqlite(connection: sa.Connection) -> None:
    # A writer takes the lock at once: a transaction that starts reading and writes later could only fail.
    reading = connection.get_execution_options().get("reading")
    begin = "BEGIN" if reading else "BEGIN IMMEDIATE"
    driver = cast(sqlite3.Connection, connection.connection.dbapi_connection)
    try:
        driver.execute(begin).close()
    except sqlite3.OperationalError as error:
        raise sa.exc.OperationalError(begin, None, error) from error
