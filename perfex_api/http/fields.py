"""The fields of request bodies: from what clients send to what columns hold, with the contract's sentences.

The texts are those of the original's validation, such as "The {Label} field is required."
(docs/compatibility.md, sections 3 and 8). A blank is what a browser sends for "nothing": it becomes the
column's own nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load
from sqlalchemy.dialects import mysql

from perfex_api.core.dates import DateFormat, is_iso, parse_date, parse_datetime
from perfex_api.core.types import Amount, Date, DateTime
from perfex_api.http.shapes import as_list, truthy

EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@[^@\s\"(),:;<>\[\\\]]+\.[^@\s.\"(),:;<>\[\\\]]+")
DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")

#: Tells how the installation writes dates, while a body is read.
_written: ContextVar[Callable[[], DateFormat]] = ContextVar("dates_as_written", default=DateFormat)


@contextmanager
def dates_written(how: Callable[[], DateFormat]) -> Iterator[None]:
    """Let the fields within read dates as the installation writes them; it is asked if one is not ISO."""
    token = _written.set(how)
    try:
        yield
    finally:
        _written.reset(token)


class CrmBody(Schema):
    """A write body: unknown names are ignored, custom field values may come along.

    ``Aliases`` are other names that clients have for a field.
    """

    class Meta:
        unknown = EXCLUDE

    class Aliases:
        pass

    custom_fields = fields.Raw(metadata={"description": "Custom field values: {type: {field id: value}}"})

    @pre_load
    def _use_our_names(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        aliases = {name: ours for name, ours in vars(self.Aliases).items() if not name.startswith("_")}
        return {ours: data[name] for name, ours in aliases.items() if name in data} | dict(data)


class CrmField(fields.Field[Any]):
    """A field that knows the name people use for it.

    Args:
        label: The name in sentences; by default made of the field's own name.
        required: Whether a create must have it; a blank does not count.
        blank: What a blank becomes.
    """

    def __init__(self, label: str = "", *, required: bool = False, blank: Any = "", **options: Any) -> None:
        super().__init__(required=required, **options)
        self.label = label
        self.blank = blank
        self.error_messages["required"] = "required"

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.label = self.label or field_name.replace("_", " ").title()
        self.error_messages["required"] = f"The {self.label} field is required."

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        if value is None or (isinstance(value, str) and not value.strip()):
            if self.required:
                raise self.error("is required")
            return self.blank
        if isinstance(value, dict | list) and not isinstance(self, Ids | Texts):
            raise self.error("must be a single value")
        return self.read(value)

    def read(self, value: Any) -> Any:
        """Turn a value that is not blank into the column's; override this."""
        raise NotImplementedError

    def error(self, what: str) -> ValidationError:
        """The refusal "The {Label} field {what}."."""
        return ValidationError(f"The {self.label} field {what}.")


class Text(CrmField, fields.String):
    """A text; numbers are as good as their text.

    Args:
        length: The most characters; 0: any.
        size: The most bytes; 0: any.
    """

    def __init__(self, label: str = "", *, length: int = 0, size: int = 0, **options: Any) -> None:
        limits = {"maxLength": length} if length else {}
        super().__init__(label, metadata=limits | options.pop("metadata", {}), **options)
        self.length = length
        self.size = size

    def read(self, value: Any) -> str:
        text = str(int(value)) if isinstance(value, bool) else str(value)
        if self.length and len(text) > self.length:
            raise self.error(f"cannot exceed {self.length} characters in length")
        if self.size and len(text.encode()) > self.size:
            raise self.error(f"cannot exceed {self.size} bytes in length")
        return text


class Email(Text):
    """An e-mail address."""

    def read(self, value: Any) -> str:
        text = super().read(value).strip()
        if not EMAIL.fullmatch(text):
            raise self.error("must contain a valid email address")
        return text


class Choice(CrmField, fields.String):
    """One of a few words, whatever the case of its letters.

    Args:
        words: The words, in small letters.
    """

    def __init__(self, label: str = "", *, words: Sequence[str], **options: Any) -> None:
        super().__init__(label, metadata={"enum": list(words)} | options.pop("metadata", {}), **options)
        self.words = words

    def read(self, value: Any) -> str:
        word = str(value).strip().lower()
        if word not in self.words:
            raise self.error(f"must be one of: {', '.join(self.words)}")
        return word


class Whole(CrmField, fields.Integer):
    """A whole number between two bounds."""

    def __init__(self, label: str = "", *, least: int, most: int, **options: Any) -> None:
        super().__init__(label, **options)
        self.least = least
        self.most = most

    def read(self, value: Any) -> int:
        text = str(int(value) if isinstance(value, bool) else value).strip()
        if not re.fullmatch(r"[+-]?[0-9]{1,20}(\.0+)?", text):
            raise self.error("must contain only numbers")
        number = int(text.partition(".")[0])
        if not self.least <= number <= self.most:
            raise self.error(f"must contain a number between {self.least} and {self.most}")
        return number


class Money(CrmField, fields.Decimal):
    """An exact amount, whole numbers included.

    Args:
        precision: Digits in all.
        scale: Digits after the point.
    """

    def __init__(self, label: str = "", *, precision: int = 15, scale: int = 2, **options: Any) -> None:
        super().__init__(label, **options)
        self.most = Decimal(10) ** (precision - scale)
        self.last_digit = Decimal(1).scaleb(-scale)

    def read(self, value: Any) -> Decimal:
        text = str(value).strip()
        if not DECIMAL.fullmatch(text):
            raise self.error("must contain a decimal number")
        number = Decimal(text)
        # As it will be stored: what is just below the limit may be rounded up to it.
        if abs(number) >= self.most or abs(number.quantize(self.last_digit, ROUND_HALF_UP)) >= self.most:
            raise self.error(f"must contain a number less than {self.most}")
        return number


class Day(CrmField):
    """A date, ISO formatted or as the installation writes it."""

    def read(self, value: Any) -> date:
        text = str(value)
        try:
            return parse_date(text, DateFormat() if is_iso(text) else _written.get()())
        except ValueError:
            raise self.error("must contain a valid date, e.g. 2026-01-31") from None


class Moment(CrmField):
    """A date-time, ISO formatted or as the installation writes it; a bare date means midnight."""

    def read(self, value: Any) -> datetime:
        text = str(value).strip()
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            pass
        try:
            return parse_datetime(text, _written.get()())
        except ValueError:
            raise self.error("must contain a valid date, e.g. 2026-01-31 23:59:59") from None


class Flag(CrmField, fields.Boolean):
    """An on/off field, as 1 or 0: ``on``, ``1``, ``true``, or, as the mail flags send it, its own name."""

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, blank=0, **options)

    def read(self, value: Any) -> int:
        try:
            return int(truthy(value, name=self.name))
        except ValueError:
            raise self.error("must be on or off (1 or 0)") from None


class Ids(CrmField):
    """Ids in any of the forms of a list that clients have: list, map, comma text, JSON text, one alone."""

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.blank = []

    def read(self, value: Any) -> list[int]:
        one = Whole(self.label, least=1, most=2**31 - 1)
        one.label = self.label
        # The original repeats a row for a repeated id; a set has each of its members once.
        return list(dict.fromkeys(one.read(each) for each in as_list(value) if each not in ("", None)))


class Texts(CrmField):
    """Words in any of the forms of a list."""

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.blank = []

    def read(self, value: Any) -> list[str]:
        return [str(each).strip() for each in as_list(value) if str(each).strip()]


def column(column: sa.Column[Any], label: str = "", *, required: bool = False) -> CrmField:
    """The field for a column: its type, its bounds, and the nothing that a blank becomes.

    Args:
        column: What the value is stored in.
        label: The name in sentences; by default made of the column's name.
        required: Whether a create must have it.
    """
    kind = column.type
    no_default = column.nullable and column.server_default is None
    if isinstance(kind, Amount):
        blank = None if no_default else 0
        return Money(label, required=required, blank=blank, precision=kind.precision, scale=kind.scale)
    if isinstance(kind, Date):
        return Day(label, required=required, blank=None)
    if isinstance(kind, DateTime):
        return Moment(label, required=required, blank=None)
    if isinstance(kind, sa.Integer):
        least, most = _bounds(kind)
        return Whole(label, required=required, blank=None if no_default else 0, least=least, most=most)
    length = getattr(kind, "length", None) or 0
    return Text(label, required=required, length=length, size=0 if length else 65_535)


_BITS = {mysql.TINYINT: 8, mysql.SMALLINT: 16, mysql.BIGINT: 64}


def _bounds(kind: sa.Integer) -> tuple[int, int]:
    native = kind.dialect_impl(mysql.dialect())
    bits = next((bits for kind, bits in _BITS.items() if isinstance(native, kind)), 32)
    if getattr(native, "unsigned", False):
        return 0, 2**bits - 1
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
