"""The values that a client sends for a table's columns, checked before the database sees them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from perfex_api.core.errors import ApiError, Invalid
from perfex_api.thirdparty import kinds
from perfex_api.thirdparty.reflection import Described

Values = dict[str, Any]

AS_PHP = str.maketrans(" .[", "___")
#: How much of a name that nobody knows is repeated to whom sent it.
LONGEST = 64
MOST = 20


def read(table_name: str, columns: list[Described], body: Mapping[str, Any], *, new: bool) -> Values:
    """Turn a body into values by column.

    What a new row must have and the body does not say is 0 or an empty text, as on the original's server.

    Args:
        table_name: What sentences call the table.
        columns: The table's.
        body: As it was sent.
        new: Whether the row is.

    Raises:
        ApiError: There are no such columns.
        Invalid: A value is none of its column's.
    """
    # Names arrive as PHP spells them: a blank, a dot or a bracket of a column's is an underscore.
    known = {column.name.translate(AS_PHP): column for column in columns}
    known |= {column.name: column for column in columns}
    _refuse_unknown(table_name, [name for name in body if name not in known])
    values: Values = {}
    errors: dict[str, str] = {}
    for name, sent in body.items():
        try:
            values |= _value(known[name], sent, new=new)
        except ValidationError as error:
            errors[known[name].name] = str(error.messages[0])
    named = {known[name].name for name in body}
    for column in columns if new else ():
        if column.name not in named and not (column.nullable or column.filled or column.computed):
            zero = None if column.primary else kinds.of(column.declared).zero
            if zero is None:
                errors[column.name] = f"The {column.name} field is required."
            values[column.name] = zero
    if errors:
        raise Invalid(errors)
    return values


def one(column: Described, sent: Any) -> Any:
    """Turn one value that is not blank into the column's.

    Raises:
        ValidationError: It is none.
    """
    kind = kinds.of(column.declared)
    if isinstance(sent, dict | list) and not isinstance(kind.field, kinds.Json):
        raise ValidationError(f"The {column.name} field must be a single value.")
    try:
        return kind.field.read(sent)
    except ValidationError as error:
        # The field serves every column of its type, and knows the name of none.
        raise ValidationError(
            str(error.messages[0]).replace(f"The {kind.field.label} ", f"The {column.name} ", 1)
        ) from None


def _value(column: Described, sent: Any, *, new: bool) -> Values:
    if column.computed:
        raise ValidationError(f"The {column.name} field cannot be written: the database computes it.")
    is_blank = isinstance(sent, str) and not sent.strip()
    if not is_blank or (kinds.of(column.declared).is_text and not column.primary):
        return {column.name: one(column, sent)}
    if column.nullable:
        return {column.name: None}
    if new and column.filled:
        return {}
    raise ValidationError(f"The {column.name} field is required.")


def _refuse_unknown(table_name: str, unknown: list[str]) -> None:
    shown = ", ".join(f"'{name[:LONGEST]}'" for name in unknown[:MOST])
    if len(unknown) == 1:
        raise ApiError(f"Column {shown} does not exist in table '{table_name}'")
    if unknown:
        raise ApiError(f"Column(s) {shown} do not exist in table '{table_name}'")
