"""One connection from the pool, for one transaction.

What is SQLAlchemy's own in a connection costs more to make than a small query costs to run, and prepared
queries do without it. So it is made when somebody asks for it.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from perfex_api.core import raw
from perfex_api.core.batch import Batch

#: In a connection's ``info``: its last transaction was committed, and nothing came after it.
HELD = "held"


class Link:
    """A connection on which a transaction is open, or opens with the first statement.

    Args:
        engine: Whose pool it comes from; it goes back there when the link is closed.

    Attributes:
        batch: What is sent to mysqlclient without SQLAlchemy.
        noted: Where the text of each statement is noted; None: nobody wants to know. See ``core.watch``.
    """

    __slots__ = ("_connection", "_is_heard", "_pooled", "_transaction", "batch", "engine", "noted")

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._connection: sa.Connection | None = None
        self._transaction: sa.RootTransaction | None = None
        self._pooled: sa.PoolProxiedConnection | None = None
        self.batch = Batch()
        self.noted: set[str] | None = None
        self._is_heard = False
        try:
            self._pooled = engine.raw_connection()
        except engine.dialect.loaded_dbapi.Error:
            self._connection = engine.connect()  # which fails with an error of SQLAlchemy's

    @property
    def connection(self) -> sa.Connection:
        """SQLAlchemy's connection, inside the transaction; for whoever is about to send something."""
        connection = self.handle
        self.flush()
        self.batch.speak()
        if self.noted is not None and not self._is_heard:
            event.listen(connection, "before_cursor_execute", self._note)
            self._is_heard = True
        return connection

    @property
    def handle(self) -> sa.Connection:
        """As ``connection``, for whoever sends nothing through it."""
        if self._transaction is None:
            self.begin()
        assert self._connection is not None
        return self._connection

    @property
    def driver(self) -> Any:
        """The driver's connection."""
        return self._of_pool.dbapi_connection

    @property
    def _of_pool(self) -> sa.PoolProxiedConnection:
        """What the pool has lent."""
        pooled = self._pooled if self._connection is None else self._connection.connection
        assert pooled is not None
        return pooled

    @property
    def dispatch(self) -> Any:
        """Where those who listen to statements are found."""
        # Joining those of the connection, which hardly ever has any, to the engine's takes its time.
        if self._connection is None or not getattr(self._connection, "_has_events", True):
            return self.engine.dispatch
        return self._connection.dispatch

    def write(self) -> None:
        """Open the transaction for somebody who may write; mysqlclient's opens with the first statement."""
        if self.engine.dialect.driver != "mysqldb":
            self.begin()

    def begin(self, **options: Any) -> None:
        """Open the transaction at once, with these execution options."""
        if self._connection is None:
            self._connection = sa.Connection(self.engine, self._pooled)
        if options:
            self._connection.execution_options(**options)
        self._transaction = self._connection.begin()

    def _note(self, connection: sa.Connection, cursor: Any, statement: str, *_: Any) -> None:
        if self.noted is not None:
            self.noted.add(statement)

    def flush(self) -> None:
        """Send what the batch owes."""
        self._by_driver(self.batch.flush)

    def commit(self) -> None:
        """Commit what is still open."""
        if self._transaction is None:
            self._by_driver(self.batch.commit)
            self._is_done()
        elif self._transaction.is_active:
            self.flush()
            self._transaction.commit()
            self._is_done()

    def _by_driver(self, send: Callable[[Any], None]) -> None:
        try:
            send(self.driver)
        except Exception as error:
            raise raw.told(error, self.handle, send.__name__) from error

    def _is_done(self) -> None:
        """Note that nothing is open that the pool would have to roll back."""
        self._of_pool.info[HELD] = True

    def rollback(self) -> None:
        """Roll back what is still open; what only prepared queries have read ends with ``close``."""
        if self._transaction is not None and self._transaction.is_active:
            self._transaction.rollback()

    def close(self) -> None:
        """Give the connection back, which rolls back what is open."""
        if self._connection is not None:
            self._connection.close()
        elif self._pooled is not None:
            if self.batch.has_ended and not self.batch.is_torn:
                self._is_done()
            self._pooled.close()


def reset(driver: Any, record: Any, state: sa.PoolResetState) -> None:
    """Roll back what a connection on its way into the pool may hold open; nothing is, once a commit held."""
    if not record.info.pop(HELD, False) and not state.transaction_was_reset and not state.terminate_only:
        driver.rollback()
