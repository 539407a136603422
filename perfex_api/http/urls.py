"""How URLs are read, and how the applications of a process come to have the same ones."""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from flask import Blueprint, Flask
from werkzeug.routing import BaseConverter, Map, PathConverter, Rule
from werkzeug.routing.matcher import State


class RecordId(BaseConverter):
    """An id in a URL: a number that fits 64 bits, otherwise None, which no rule ever finds."""

    def to_python(self, value: str) -> int | None:
        # The length first: thousands of digits are more than Python itself is willing to read.
        is_number = len(value) < 20 and value.isascii() and value.isdigit()
        return int(value) if is_number and int(value) < 2**63 else None

    def to_url(self, value: Any) -> str:
        return str(value)


class Rest(PathConverter):
    """Everything that is left of a path, also when that begins with a slash: a search word."""

    regex = ".+?"
    part_isolating = False


class Route(Rule):
    """A rule whose builders of URLs are compiled when one is asked for.

    Werkzeug compiles two functions for each rule at once. That is two thirds of the time it takes to add one,
    and nobody builds URLs here but the console's pages and that of the documentation.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build


def install(app: Flask) -> None:
    """Teach an application's routing what ids are and how far a word goes, and never to redirect."""
    app.url_rule_class = Route
    app.url_map.converters |= {"id": RecordId, "path": Rest}
    # Every spelling is a route of its own.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False


class Routes:
    """The URLs of blueprints, worked out once for all applications of a process.

    That is most of what it takes to make an application. Each gets a copy, to which it may add others.

    Args:
        blueprints: What has the URLs, and nothing that is called before or after a request.
    """

    def __init__(self, blueprints: Iterable[Blueprint]) -> None:
        self._app = Flask("routes", static_folder=None)
        install(self._app)
        for blueprint in blueprints:
            self._app.register_blueprint(blueprint)
        self._app.url_map.update()

    def give(self, app: Flask) -> None:
        """Give them to an application that has none yet."""
        app.url_map = _copied(self._app.url_map)
        app.view_functions |= self._app.view_functions
        app.blueprints |= self._app.blueprints


def _copied(known: Map) -> Map:
    """A map with the same rules, which are bound for good; what is added to it is not added to the other."""
    twin = copy(known)
    twin._remap_lock = known.lock_class()
    twin._rules_by_endpoint = {name: list(rules) for name, rules in known._rules_by_endpoint.items()}
    twin._matcher = copy(known._matcher)
    twin._matcher._root = _copied_state(known._matcher._root)
    twin.converters = dict(known.converters)
    return twin


def _copied_state(state: State) -> State:
    return State(
        [(part, _copied_state(after)) for part, after in state.dynamic],
        list(state.rules),
        {text: _copied_state(after) for text, after in state.static.items()},
    )
