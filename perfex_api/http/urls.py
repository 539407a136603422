"""How URLs are read."""

from typing import Any

from werkzeug.routing import BaseConverter, Map


class RecordId(BaseConverter):
    """An id in a URL: a number that fits 64 bits, otherwise None, which no rule ever finds."""

    def to_python(self, value: str) -> int | None:
        # The length first: thousands of digits are more than Python itself is willing to read.
        is_number = len(value) < 20 and value.isascii() and value.isdigit()
        return int(value) if is_number and int(value) < 2**63 else None

    def to_url(self, value: Any) -> str:
        return str(value)


def install(url_map: Map) -> None:
    """Teach an application's routing what ids are, and never to redirect."""
    url_map.converters["id"] = RecordId
    # Every spelling is a route of its own.
    url_map.strict_slashes = False
    url_map.merge_slashes = False
    url_map.redirect_defaults = False
