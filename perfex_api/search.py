"""Searching: a word in columns, in custom field values."""

import sqlalchemy as sa

from perfex_api import tables as t

Condition = sa.ColumnElement[bool]


def contains(column: sa.ColumnElement[str], word: str) -> Condition:
    """Whether a text holds the word, whatever its case; ``%`` and ``_`` are letters like any other."""
    return column.contains(word, autoescape=True)


def anywhere(word: str, *columns: sa.ColumnElement[str]) -> Condition:
    """Whether any of the texts holds the word."""
    return sa.or_(*(contains(column, word) for column in columns))


def digits(column: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    """A number as the text that a word is looked for in."""
    return sa.cast(column, sa.String)


def in_custom_fields(word: str, kind: str, record_id: sa.ColumnElement[int]) -> Condition:
    """Whether a custom field value of the record holds the word.

    Args:
        word: What to look for.
        kind: What the values call the owner: ``customers``.
        record_id: The owner's id column in the query.
    """
    values = t.customfieldsvalues.c
    return record_id.in_(sa.select(values.relid).where(values.fieldto == kind, contains(values.value, word)))
