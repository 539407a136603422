"""How URLs are read."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, Rule


class RecordId(BaseConverter):
    """An id in a URL: a number that fits 64 bits, otherwise None, which no rule ever finds."""

    def to_python(self, value: str) -> int | None:
        # The length first: thousands of digits are more than Python itself is willing to read.
        is_number = len(value) < 20 and value.isascii() and value.isdigit()
        return int(value) if is_number and int(value) < 2**63 else None

    def to_url(self, value: Any) -> str:
        return str(value)


class Route(Rule):
    """A rule whose builders of URLs are compiled when one is asked for.

    Werkzeug compiles two functions for each rule at once. That is two thirds of the time it takes to make an
    application, and nobody builds URLs here but the page of the documentation.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build


def install(app: Flask) -> None:
    """Teach an application's routing what ids are, and never to redirect."""
    app.url_rule_class = Route
    app.url_map.converters["id"] = RecordId
    # Every spelling is a route of its own.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
