"""Column types that mean the same on MySQL, MariaDB and SQLite.

Three questions are answered here for every type, and nowhere else:

* how a column is declared on each engine (``int(11)`` there, ``INTEGER`` here);
* what Python value a *rule* gets (``int``, ``Decimal``, ``date``, ``datetime``, ``str``);
* what text a *client* gets (``wire``). MySQL's text protocol already delivers that text; SQLite's storage
  classes do not, so each type knows how to print what SQLite holds.

SQLite has no exact decimal. ``Amount`` therefore stores whole hundredths (or ten-thousandths) as an integer:
sums, comparisons and sorting stay exact, and no float is ever involved.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

#: The collation that text columns carry on SQLite; ``core.sqlite`` defines it on every connection.
COLLATION = "crm_ci"

Wire = Callable[[Any], str]


class collated(FunctionElement[str]):
    """A text expression that sorts and compares as text columns do, which on SQLite they alone do."""

    inherit_cache = True
    type = sa.String()


@compiles(collated)
def _plain(element: collated, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(collated, "sqlite")
def _with_collation(element: collated, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)}) COLLATE {COLLATION}"


def integer(width: int = 11, *, unsigned: bool = False) -> TypeEngine[int]:
    """``int(11)``."""
    return sa.Integer().with_variant(
        mysql.INTEGER(display_width=width, unsigned=unsigned), "mysql", "mariadb"
    )


def tinyint(width: int = 1, *, unsigned: bool = False) -> TypeEngine[int]:
    """``tinyint(1)``: an integer on the wire (``"1"``), never a boolean."""
    return sa.Integer().with_variant(
        mysql.TINYINT(display_width=width, unsigned=unsigned), "mysql", "mariadb"
    )


def bigint(width: int = 20, *, unsigned: bool = False) -> TypeEngine[int]:
    """``bigint(20)``; SQLite's only auto-incrementing integer is plain ``INTEGER``."""
    return sa.Integer().with_variant(mysql.BIGINT(display_width=width, unsigned=unsigned), "mysql", "mariadb")


def varchar(length: int) -> TypeEngine[str]:
    """``varchar(n)``; compared without regard to case and accents on every engine."""
    return sa.String(length).with_variant(sqlite.VARCHAR(length, collation=COLLATION), "sqlite")


def char(length: int) -> TypeEngine[str]:
    """``char(n)``."""
    return sa.CHAR(length).with_variant(sqlite.CHAR(length, collation=COLLATION), "sqlite")


def text() -> TypeEngine[str]:
    """``text``: up to 65,535 bytes."""
    return _long_text(mysql.TEXT())


def mediumtext() -> TypeEngine[str]:
    """``mediumtext``: up to 16 MiB."""
    return _long_text(mysql.MEDIUMTEXT())


def longtext() -> TypeEngine[str]:
    """``longtext``: up to 4 GiB."""
    return _long_text(mysql.LONGTEXT())


def _long_text(native: TypeEngine[str]) -> TypeEngine[str]:
    return (
        sa.Text()
        .with_variant(native, "mysql", "mariadb")
        .with_variant(sqlite.TEXT(collation=COLLATION), "sqlite")
    )


def enum(*words: str) -> TypeEngine[str]:
    """``enum('a','b')``; plain text on SQLite."""
    longest = max(map(len, words))
    return sa.String(longest).with_variant(mysql.ENUM(*words), "mysql", "mariadb")


def blob() -> TypeEngine[bytes]:
    """``blob``: bytes, never sent to a client."""
    return sa.LargeBinary()


class Double(sa.types.TypeDecorator[float]):
    """``double``: for the few measures that are no money."""

    impl = sa.Double
    cache_ok = True

    def wire(self, stored: float) -> str:
        """Print as MySQL does: without a trailing ``.0``."""
        return f"{stored:.15g}"


class Amount(sa.types.TypeDecorator[Decimal]):
    """``decimal(15,2)``: an exact amount, rounded half up to its scale on the way in.

    Args:
        precision: Digits in all.
        scale: Digits after the point.
    """

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, precision: int = 15, scale: int = 2) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(mysql.DECIMAL(self.precision, self.scale))

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Decimal | int | None:
        if value is None:
            return None
        exact = Decimal(value).quantize(Decimal(1).scaleb(-self.scale), ROUND_HALF_UP)
        return int(exact.scaleb(self.scale)) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-self.scale) if dialect.name == "sqlite" else Decimal(value)

    def wire(self, stored: int) -> str:
        """Print an integer of hundredths as ``-1.05``."""
        return str(Decimal(stored).scaleb(-self.scale))


class _Moment(sa.types.TypeDecorator[Any]):
    """A date or a date-time that SQLite keeps as the very text MySQL would print.

    A zero date (``0000-00-00``), which only databases filled without strict mode hold, reads as ``None``.
    """

    native: TypeEngine[Any]
    parse: Callable[[str], Any]

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        native = sqlite.TEXT() if dialect.name == "sqlite" else self.native
        return dialect.type_descriptor(native)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        if not isinstance(value, str):
            return value
        return None if value.startswith("0000-00-00") else type(self).parse(value)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return str(value) if value is not None and dialect.name == "sqlite" else value


class Date(_Moment):
    """``date``."""

    impl = sa.Date
    cache_ok = True
    native = mysql.DATE()
    parse = date.fromisoformat


class DateTime(_Moment):
    """``datetime``, in seconds, without a zone: the CRM's own local time, or UTC in our tables.

    Args:
        fsp: Digits of a second that are kept, 0 or 6.
    """

    impl = sa.DateTime
    cache_ok = True
    parse = datetime.fromisoformat

    def __init__(self, fsp: int = 0) -> None:
        super().__init__()
        self.fsp = fsp
        self.native = mysql.DATETIME(fsp=fsp or None)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        if isinstance(value, datetime):
            value = value.replace(tzinfo=None)
            if not self.fsp:
                value = value.replace(microsecond=0)
            if dialect.name == "sqlite":
                return value.isoformat(sep=" ", timespec="microseconds" if self.fsp else "seconds")
        return value


class Timestamp(DateTime):
    """``timestamp``: MySQL keeps it in UTC and shows it in the connection's zone."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__()
        self.native = mysql.TIMESTAMP()


def printer(column_type: TypeEngine[Any]) -> Wire | None:
    """How a value that SQLite delivered is printed for a client.

    Args:
        column_type: The type of a selected column or expression.

    Returns:
        A function from the stored value to the text MySQL would have sent, or None when it is that text
        already.
    """
    wire: Wire | None = getattr(column_type, "wire", None)
    if wire is not None:
        return wire
    if isinstance(column_type, sa.String | _Moment):
        return None
    return str
