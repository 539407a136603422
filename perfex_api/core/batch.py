"""Several statements in one message to the database, each with its own result.

For small requests the way to the database and back, and the threads that wake up for it, cost more than the
query does. MySQL takes several statements at once and answers them one after the other, all in the same
transaction, so that what a request reads is of one moment as before. Only mysqlclient does so.
"""

from collections.abc import Hashable, Iterable
from typing import Any

import sqlalchemy as sa

#: Errors that the client's library finds by itself: above all, that the connection is lost.
CLIENTS_OWN = range(2_000, 3_000)


def can_be_sent(connection: sa.Connection) -> bool:
    """Whether the driver, the server and whatever lies between them take several statements at once."""
    driver: Any = connection.connection.dbapi_connection
    if not hasattr(driver, "converter"):
        return False
    error: type[Exception] = driver.Error
    try:
        driver.query(b"DO 0;DO 0")
        driver.next_result()
    except error:
        return False  # some proxies do not
    return True


class Batch:
    """What is said on one connection during one transaction.

    Attributes:
        ends: Whether the transaction, which only reads, is to end with the first message.
        has_ended: Whether it has.
        is_torn: Whether something was asked after that, and so of another moment.
        is_undone: Whether a statement failed that went with the COMMIT, before that.
    """

    __slots__ = ("_arrived", "_expected", "_owed", "ends", "has_ended", "is_torn", "is_undone", "messages")

    def __init__(self) -> None:
        self.ends = False
        self.has_ended = False
        self.is_torn = False
        self.is_undone = False
        self.messages = 0
        self._expected: dict[Hashable, bytes] = {}
        self._arrived: dict[Hashable, Any] = {}
        self._owed: list[bytes] = []

    def expect(self, statements: Iterable[tuple[Hashable, bytes]]) -> None:
        """Let these queries go with the next message; each with the key under which its result is fetched.

        What has come and was not fetched yet is not asked again.
        """
        self._expected.update(each for each in statements if each[0] not in self._arrived)

    def has_come(self, key: Hashable) -> Any:
        """The driver's result of a query that went with an earlier one; None: it has to be asked."""
        return self._arrived.pop(key, None) if self._arrived else None

    def ask(self, driver: Any, statement: bytes, key: Hashable = None) -> Any:
        """The driver's result of a query, which may be expected under this key."""
        self.speak()
        if not (self._owed or self._expected or self.ends):
            driver.query(statement)
            return driver.store_result()
        owed, self._owed = self._owed, []
        others, self._expected = self._expected, {}
        others.pop(key, None)
        end = (b"ROLLBACK",) if self.ends else ()
        driver.query(b";".join([*owed, statement, *others.values(), *end]))
        for _ in owed:
            driver.next_result()
        result = driver.store_result()
        self._take(driver, others)
        return result

    def later(self, statement: bytes) -> None:
        """Let a statement whose outcome nobody waits for go with the next message, or with the COMMIT."""
        self._owed.append(statement)

    def run(self, driver: Any, statement: bytes) -> None:
        """Send a statement that has no rows."""
        self.flush(driver)
        self.speak()
        driver.query(statement)

    def flush(self, driver: Any) -> None:
        """Send what is owed."""
        if self._owed:
            self.speak()
            owed, self._owed = self._owed, []
            driver.query(b";".join(owed))
            for _ in owed[1:]:
                driver.next_result()

    def commit(self, driver: Any) -> None:
        """Send what is owed, and the COMMIT."""
        owed, self._owed = self._owed, []
        error: type[Exception] = driver.Error
        try:
            driver.query(b";".join([*owed, b"COMMIT"]))
            while owed:
                # The next result is the next statement's; behind the last one, the COMMIT's.
                owed.pop()
                driver.next_result()
        except error as failure:
            # Where the connection was lost, nobody knows how far the server came.
            self.is_undone = bool(owed) and failure.args[0] not in CLIENTS_OWN
            raise

    def speak(self) -> None:
        """Note that something is about to be sent."""
        self.messages += 1
        self.is_torn = self.has_ended

    def _take(self, driver: Any, others: Iterable[Hashable]) -> None:
        """Put the results of the other queries aside; one that fails is sent, and fails, when it is asked."""
        error: type[Exception] = driver.Error
        try:
            for each in others:
                driver.next_result()
                self._arrived[each] = driver.store_result()
            if self.ends:
                driver.next_result()
                driver.store_result()
                self.ends, self.has_ended = False, True
        except error:
            self.ends = False
