"""What the columns of a table hold, by the type they are declared with: how values are read and shown."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from perfex_api.core.types import Date, DateTime
from perfex_api.http import fields

DECLARED = re.compile(r"\s*(\w+)\s*(?:\((.*?)\))?(.*)", re.DOTALL | re.ASCII)
WORDS = re.compile(r"'((?:[^']|'')*)'")
TIME = re.compile(r"-?\d{1,3}:[0-5]\d(:[0-5]\d(\.\d{1,6})?)?", re.ASCII)

BITS = {
    "tinyint": 8,
    "bool": 8,
    "boolean": 8,
    "smallint": 16,
    "mediumint": 24,
    "int": 32,
    "integer": 64,  # SQLite's; MySQL says "int"
    "bigint": 64,
}
TEXTS = {"tinytext": 255, "text": 65_535, "mediumtext": 16_777_215}
BINARY = {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"}
SHAPES = {"geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"} | {
    "geometrycollection",
    "vector",
}


class Shown(sa.types.TypeDecorator[Any]):
    """A column that goes in as the text it is sent as; the database converts it.

    Args:
        scale: Digits behind the point that MySQL would print, and SQLite does not; None: as it is.
    """

    impl = sa.String
    cache_ok = True

    def __init__(self, scale: int | None = None) -> None:
        super().__init__()
        self.scale = scale

    def wire(self, stored: Any) -> str:
        """Print what SQLite holds as MySQL would."""
        if isinstance(stored, bytes):
            return stored.hex().upper()
        if self.scale is not None and isinstance(stored, int | float):
            return str(Decimal(str(stored)).quantize(Decimal(1).scaleb(-self.scale), ROUND_HALF_UP))
        return f"{stored:.15g}" if isinstance(stored, float) else str(stored)


class Exact(fields.Money):
    """A decimal number, rounded to the column's scale."""

    def __init__(self, precision: int, scale: int, *, signed: bool) -> None:
        super().__init__(precision=precision, scale=scale)
        self.cent = Decimal(1).scaleb(-scale)
        self.signed = signed

    def read(self, value: Any) -> str:  # type: ignore[override]
        number = super().read(value).quantize(self.cent, ROUND_HALF_UP)
        if abs(number) >= self.most:
            raise self.error(f"must contain a number less than {self.most}")
        if number < 0 and not self.signed:
            raise self.error("must contain a number that is not negative")
        return str(number)


class Number(fields.CrmField):
    """A number that is not exact."""

    def read(self, value: Any) -> float:
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            raise self.error("must contain a decimal number") from None
        if not number.is_finite() or abs(number) > Decimal("1e308"):
            raise self.error("must contain a decimal number")
        return float(number)


class Clock(fields.CrmField):
    """A time of day, or a duration."""

    def read(self, value: Any) -> str:
        text = str(value).strip()
        if not TIME.fullmatch(text):
            raise self.error("must contain a time, e.g. 23:59:59")
        return text


class OneOf(fields.CrmField):
    """One of the words of an ``enum``, or several, with commas between them, of a ``set``."""

    def __init__(self, words: Sequence[str], *, several: bool) -> None:
        super().__init__()
        self.words = words
        self.several = several

    def read(self, value: Any) -> str:
        text = str(value).strip()
        for word in text.split(",") if self.several else [text]:
            if word not in self.words:
                raise self.error(f"must be one of: {', '.join(self.words)}")
        return text


class Json(fields.CrmField):
    """JSON, as text or as the thing itself."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            return json.dumps(value, ensure_ascii=False, default=float)
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            raise self.error("must contain valid JSON") from None
        return value


class Hex(fields.CrmField):
    """Bytes, as the hexadecimal digits that they are shown as."""

    def read(self, value: Any) -> bytes:
        try:
            return bytes.fromhex(str(value))
        except ValueError:
            raise self.error("must contain hexadecimal digits") from None


class Nothing(fields.CrmField):
    """A column whose values cannot be sent as text."""

    def read(self, value: Any) -> Any:
        raise self.error("cannot be written here")


@dataclass(frozen=True)
class Kind:
    """What columns of a type hold.

    Attributes:
        type: The type that values go in and out by.
        field: Reads what a client sends.
        zero: What stands for nothing where a column must not be null; None: nothing does.
        hexadecimal: Whether it holds bytes, which are shown as hexadecimal digits.
        bits: Whether it holds bits, which are shown as a number.
    """

    type: TypeEngine[Any]
    field: fields.CrmField
    zero: Any = None
    hexadecimal: bool = False
    bits: bool = False

    @property
    def is_text(self) -> bool:
        """Whether an empty text is a value like any other."""
        return type(self.field) is fields.Text

    def shown(self, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        """The column as it is selected for a client."""
        if self.hexadecimal:
            return sa.type_coerce(sa.func.hex(column), Shown()).label(column.name)
        return sa.cast(column, sa.Integer).label(column.name) if self.bits else column


@lru_cache(maxsize=1_024)
def of(declared: str) -> Kind:
    """What a column holds.

    Args:
        declared: Its type, as the database writes it: ``int(11) unsigned``.
    """
    found = DECLARED.match(declared)
    word, inside, rest = (found[1].lower(), found[2] or "", found[3].lower()) if found else ("", "", "")
    sizes = [int(size) for size in inside.split(",") if size.strip().isdigit()]
    signed = "unsigned" not in rest
    if word in BITS:
        half = 2 ** (BITS[word] - 1)
        bounds = (-half, half - 1) if signed else (0, 2 * half - 1)
        return Kind(sa.BigInteger(), fields.Whole(least=bounds[0], most=bounds[1]), 0)
    if word in ("decimal", "numeric", "dec", "fixed") and sizes:
        scale = sizes[1] if len(sizes) > 1 else 0
        return Kind(Shown(scale), Exact(sizes[0], scale, signed=signed), 0)
    if word in ("float", "double", "real", "decimal", "numeric"):
        return Kind(Shown(), Number(), 0)
    if word == "date":
        return Kind(Date(), fields.Day())
    if word in ("datetime", "timestamp"):
        return Kind(DateTime(6 if sizes and sizes[0] else 0), fields.Moment())
    return _other(word, inside, sizes)


def _other(word: str, inside: str, sizes: list[int]) -> Kind:
    if word in ("enum", "set"):
        words = [each.replace("''", "'") for each in WORDS.findall(inside)]
        return Kind(Shown(), OneOf(words, several=word == "set"))
    if word == "time":
        return Kind(Shown(), Clock())
    if word == "year":
        return Kind(sa.Integer(), fields.Whole(least=1901, most=2155))
    if word == "bit":
        return Kind(
            sa.BigInteger(), fields.Whole(least=0, most=2 ** (sizes[0] if sizes else 1) - 1), 0, bits=True
        )
    if word == "json":
        return Kind(Shown(), Json())
    if word in BINARY:
        return Kind(sa.LargeBinary(), Hex(), b"", hexadecimal=True)
    if word in SHAPES:
        return Kind(sa.LargeBinary(), Nothing(), hexadecimal=True)
    length = sizes[0] if word in ("char", "varchar", "character", "nchar", "nvarchar") and sizes else 0
    return Kind(Shown(), fields.Text(length=length, size=TEXTS.get(word, 0)), "")
