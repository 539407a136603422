"""Text as the CRM's screens store it."""

import html
import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from perfex_api.core.errors import Invalid

_LINE_END = re.compile(r"<br\s*/?>(\r\n|\n\r|\n|\r)?|</(?:p|div|li|h[1-6])\s*>", re.IGNORECASE)
#: What a browser takes for markup; one that nobody closes reaches as far as the text does.
_TAG = re.compile(r"<[a-zA-Z/!?][^>]*(?:>|$)")
_TAG_BEGINS = re.compile(r"<(?=[a-zA-Z/!?])")


def without_tags(text: str) -> str:
    """A text without markup, in which lines are still lines; nothing in it is a tag to a browser.

    The result may stand in a page as it is: what only becomes a tag once another is gone is written out.
    """
    text = _LINE_END.sub(lambda found: found[1] or "\n", text)
    return _TAG_BEGINS.sub("&lt;", _TAG.sub("", text)).strip()


def with_breaks(text: str) -> str:
    """Put ``<br />`` before each line break, once: what was read here and is sent back stays as it is."""
    return re.sub(r"(?:<br />)?(\r\n|\n\r|\n|\r)", r"<br />\1", text)


def broken(values: Mapping[str, Any], *columns: sa.Column[Any]) -> dict[str, Any]:
    """Values whose texts for these columns have ``<br />`` before their line breaks.

    Args:
        values: By column name; what is no text, or not there, is left alone.
        columns: Where the CRM's screens put line breaks.

    Raises:
        Invalid: A text does not fit its column any more.
    """
    found = dict(values)
    errors = {}
    for column in columns:
        name, most = str(column.name), getattr(column.type, "length", None)
        if isinstance(found.get(name), str):
            found[name] = with_breaks(found[name])
            if most and len(found[name]) > most:
                label = name.replace("_", " ").title()
                errors[name] = f"The {label} field cannot exceed {most} characters in length."
    if errors:
        raise Invalid(errors)
    return found


def plain(text: str | None) -> str:
    """What a reader of the CRM's page sees of a text that may be HTML."""
    return html.unescape(without_tags(text or ""))
