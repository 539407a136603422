"""The ten types of fields, as one table: what is stored of what a client sends.

What is stored is also what ``customfields`` shows. ``GET /api/custom_fields`` differs for choices: it shows
lists, as JSON text.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from custom_fields import links
from custom_fields.definitions import Definition
from perfex_api.core.dates import DateFormat, parse_date, parse_datetime
from perfex_api.http.shapes import as_list

MOST_BYTES = 2**24 - 1  # of a mediumtext
HIDDEN = "cfk_hidden"  # what the CRM's forms send so that a choice without any tick is sent at all
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
COLOUR = re.compile(r"#([0-9a-f]{3}){1,2}", re.IGNORECASE)


class Unfit(ValueError):
    """A value that a field cannot hold; the message goes behind "The … field"."""


#: Gets a value that is not blank; raises ``Unfit``; asks how dates are written only if there is a need to.
Reader = Callable[[Any, Definition, Callable[[], DateFormat]], str]


def to_stored(sent: Any, field: Definition, dates: Callable[[], DateFormat] = DateFormat) -> str:
    """What is stored of a value; an empty text when there is nothing in it.

    Args:
        sent: A text, a number, or for choices a list in any of the forms that clients have for it.
        field: The definition.
        dates: Tells how the installation writes dates.

    Raises:
        Unfit: The field cannot hold it.
    """
    if sent is None or sent in ([], {}) or (isinstance(sent, str) and not sent.strip()):
        return ""
    stored = TYPES.get(field.type, _text)(sent, field, dates)
    if len(stored.encode()) > MOST_BYTES:
        raise Unfit(f"cannot exceed {MOST_BYTES} bytes in length")
    return stored


def is_choice(field: Definition) -> bool:
    """Whether a field's value is one or several of its options."""
    return TYPES.get(field.type) in (_choice, _choices)


def listed(text: str) -> str:
    """A stored list as the endpoint shows it: JSON text, split at each comma.

    The blank behind a comma stays where it was, as in the guide's ``["Option 1"," Option 2"]``; an empty text
    makes a list of one empty text.
    """
    return json.dumps(text.split(","), separators=(",", ":"))


def _single(sent: Any) -> str:
    if isinstance(sent, list | dict):
        raise Unfit("must be a single value")
    return str(int(sent)) if isinstance(sent, bool) else str(sent)


def _text(sent: Any, field: Definition, dates: Callable[[], DateFormat]) -> str:
    return _single(sent).strip()


def _number(sent: Any, field: Definition, dates: Callable[[], DateFormat]) -> str:
    text = _single(sent).strip()
    if not NUMBER.fullmatch(text):
        raise Unfit("must contain only numbers")
    return text


def _paragraphs(sent: Any, field: Definition, dates: Callable[[], DateFormat]) -> str:
    # Once only: what was read here and is sent back stays as it is.
    return re.sub(r"(?:<br />)?(\r\n|\n\r|\n|\r)", r"<br />\1", _single(sent))


def _chosen(sent: Any, field: Definition) -> list[str]:
    texts = (str(each).strip() for each in as_list(sent))
    chosen = [text for text in dict.fromkeys(texts) if text not in ("", HIDDEN)]
    if not set(chosen).issubset(field.offers):
        raise Unfit(f"must be one of: {', '.join(field.offers)}")
    return chosen


def _choice(sent: Any, field: Definition, dates: Callable[[], DateFormat]) -> str:
    chosen = _chosen(sent, field)
    if len(chosen) > 1:
        raise Unfit(f"must be only one of: {', '.join(field.offers)}")
    return "".join(chosen)


def _choices(sent: Any, field: Definition, dates: Callable[[], DateFormat]) -> str:
    return ", ".join(_chosen(sent, field))


def _day(sent: Any, field: Definition, dates: Callable[[], DateFormat]) -> str:
    text = _single(sent)
    try:
        return parse_date(text, dates()).isoformat()
    except ValueError:
        raise Unfit("must contain a valid date, e.g. 2026-01-31") from None


def _moment(sent: Any, field: Definition, dates: Callable[[], DateFormat]) -> str:
    text = _single(sent)
    try:
        return parse_datetime(text, dates()).isoformat(sep=" ")
    except ValueError:
        raise Unfit("must contain a valid date, e.g. 2026-01-31 23:59:59") from None


def _colour(sent: Any, field: Definition, dates: Callable[[], DateFormat]) -> str:
    text = _single(sent).strip()
    if not COLOUR.fullmatch(text):
        raise Unfit("must contain a colour, e.g. #8f1b1b")
    return text


def _link(sent: Any, field: Definition, dates: Callable[[], DateFormat]) -> str:
    text = _single(sent).strip()
    try:
        return links.anchor(text)
    except ValueError:
        raise Unfit("must contain a link, e.g. https://example.com, or one <a> element") from None


#: By a definition's ``type``; one that a module has added holds a text.
TYPES: dict[str, Reader] = {
    "input": _text,
    "number": _number,
    "textarea": _paragraphs,
    "select": _choice,
    "multiselect": _choices,
    "checkbox": _choices,
    "date_picker": _day,
    "date_picker_time": _moment,
    "colorpicker": _colour,
    "link": _link,
}
