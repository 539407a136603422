"""The short way in: calls whose URL says at a glance which operation they mean need no framework around them.

Flask's context, routing and hooks cost more than a small answer does. Most URLs are a fixed text, or one
with an id at its end; what Werkzeug's map says of them is asked once, and remembered. From there on the steps
are those of ``middleware``, the very same functions in the very same order. Whatever is unusual (another
method, a search word in the path, a page of the console) goes through Flask.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Flask, Request
from werkzeug import Response

from perfex_api.http import errors, middleware, pipeline
from perfex_api.http.exchange import Exchange
from perfex_api.http.pipeline import Machinery, Operation
from perfex_api.http.unchanged import Unchanged
from perfex_api.http.urls import RecordId

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: A rule of Werkzeug's map that is a fixed text, or one with an id behind it.
SIMPLE = re.compile(r"(/api(?:/[\w.-]+)+)(?:/<id:(\w+)>)?", re.ASCII)
#: What stands for the id in the table's keys; no URL has it there, for it is no number.
ID = "<id>"
WITHOUT_CONTENT = (204, 304)

Step = Callable[[Exchange, Response], Response]


@dataclass(frozen=True)
class Target:
    """What a method does at a URL.

    Attributes:
        operation: The operation.
        path: The parts of the URL that it says nothing of.
        id_name: The part that is the id; empty: there is none.
    """

    operation: Operation
    path: dict[str, Any]
    id_name: str


class Direct:
    """WSGI: answers what it knows the operation of, and leaves the rest to the application.

    Args:
        app: The application, whose routes may still be made.
        after: What is done with every answer, in this order.
    """

    def __init__(self, app: Flask, after: Iterable[Step]) -> None:
        self._flask = app
        self._app: WSGIApplication = app.wsgi_app
        self._after = tuple(after)
        self._known: dict[str, dict[str, Target]] = {}
        self._as_id = RecordId(app.url_map).to_python

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        way, tail = environ["PATH_INFO"], ""
        targets = self._targets(way)
        if targets is None:
            way, _, tail = way.rpartition("/")
            targets = self._targets(f"{way}/{ID}") if tail.isascii() and tail.isdigit() else None
        method = environ["REQUEST_METHOD"]
        if not targets or method not in targets:
            return self._app(environ, start_response)
        exchange = Exchange(Request(environ), self._machinery)
        try:
            response = self._answer(exchange, targets, method, tail)
            for step in self._after:
                response = step(exchange, response)
            return sent(response, environ, start_response)
        finally:
            exchange.request.close()

    def _answer(self, exchange: Exchange, targets: dict[str, Target], method: str, tail: str) -> Response:
        try:
            if method == "POST" and exchange.request.mimetype in middleware.FORMS:
                operations = {each: target.operation for each, target in targets.items()}
                method = middleware.wanted_by_form(exchange, operations) or method
                exchange.request.environ["REQUEST_METHOD"] = exchange.request.method = method
            target = targets[method]
            path = target.path | {target.id_name: self._as_id(tail)} if target.id_name else dict(target.path)
            return pipeline.run(exchange, target.operation, path)
        except Exception as error:
            return errors.answer(error, exchange)

    def _targets(self, key: str) -> dict[str, Target] | None:
        """By method, what is done at a URL; None when that is not simple."""
        found = self._known.get(key)
        if found is None and key in self._simple:
            found = self._known[key] = self._look_up(key)
        return found

    @cached_property
    def _machinery(self) -> Machinery:
        machinery: Machinery = self._flask.extensions["perfex_api"]
        return machinery

    @cached_property
    def _simple(self) -> frozenset[str]:
        """The keys of all rules that are simple."""
        matches = (SIMPLE.fullmatch(rule.rule) for rule in self._flask.url_map.iter_rules())
        return frozenset(f"{found[1]}/{ID}" if found[2] else found[1] for found in matches if found)

    def _look_up(self, key: str) -> dict[str, Target]:
        """What Werkzeug's map says of a key: nothing, unless all that it says is simple."""
        adapter = self._flask.url_map.bind("")
        path = key.replace(ID, "1")
        operations = middleware.operations(self._flask)
        found: dict[str, Target] = {}
        for method in {*adapter.allowed_methods(path)} - {"HEAD", "OPTIONS"}:
            rule, parts = adapter.match(path, method, return_rule=True)
            simple = SIMPLE.fullmatch(rule.rule)
            operation = operations.get((rule.rule, "PUT" if method == "PATCH" else method))
            if operation is None or simple is None or bool(simple[2]) != key.endswith(ID):
                return {}
            id_name = simple[2] or ""
            others = {name: value for name, value in parts.items() if name != id_name}
            found[method] = Target(operation, others, id_name)
        return found


def sent(response: Response, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Hand an answer to the server; where headers need another look, Werkzeug does it."""
    if isinstance(response, Unchanged):
        start_response(response.status, response.headers.to_wsgi_list())
        return ()
    said = response.headers.to_wsgi_list()
    names = [name for name, _ in said]
    simple = response.is_sequence and "Content-Length" in names and "Location" not in names
    if not simple or response.status_code in WITHOUT_CONTENT:
        return response(environ, start_response)
    start_response(response.status, said)
    content: list[bytes] = response.response  # type: ignore[assignment]
    return content
