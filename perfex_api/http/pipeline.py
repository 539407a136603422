"""The one way through: every operation takes these steps, in this order.

    authenticate - permission - limits - replay - body and schema - rule - custom fields - commit - answer

``run`` is that way from top to bottom; an ``Answer`` is what differs between the verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Protocol

import sqlalchemy as sa
from flask import Flask, current_app, g, request
from marshmallow import ValidationError
from werkzeug import Response

from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import ApiError, Invalid, NotAcceptable, NotFound
from perfex_api.http import body, listing
from perfex_api.http.auth import Gate
from perfex_api.http.errors import answer, legacy_envelope, too_large
from perfex_api.http.fields import CrmBody
from perfex_api.http.replay import Replays, Reservation
from perfex_api.http.wire import respond
from perfex_api.settings import Settings


@dataclass(frozen=True)
class Resource:
    """What the verbs need to know of a resource; see ``CrmBlueprint``."""

    name: str
    kind: str
    key: str
    invalid: int
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One operation of the contract.

    Attributes:
        id: Its id in the contract: ``customers.list``.
        method: Of HTTP; PUT stands for PATCH as well.
        urls: Every spelling of its path, the contract's first.
        feature: Whom the permission is for.
        capability: What the permission is for.
        resource: Where it belongs.
        rule: The function that does it.
        answer: How the rule is called and its result answered.
        schema: Reads the body; None: there is none.
    """

    id: str
    method: str
    urls: tuple[str, ...]
    feature: str
    capability: str
    resource: Resource
    rule: Callable[..., Any]
    answer: Answer
    schema: CrmBody | None = None


@dataclass
class Machinery:
    """The parts of the running program that the pipeline uses; made once by the composition root."""

    settings: Settings
    database: Database
    gate: Gate
    replays: Replays

    @classmethod
    def current(cls) -> Machinery:
        """The running application's."""
        machinery: Machinery = current_app.extensions["perfex_api"]
        return machinery

    def install(self, app: Flask) -> None:
        """Put the machinery where ``current`` finds it."""
        app.extensions["perfex_api"] = self


@dataclass(frozen=True)
class Call:
    """One request, as far as an answer may see it."""

    operation: Operation
    path: dict[str, Any]
    args: dict[str, str]
    values: dict[str, Any] | None = None
    files: Any = None
    custom_fields: Any = None

    def rule(self, db: Db, *values: Any) -> Any:
        """Call the operation's rule with the parts of the URL."""
        return self.operation.rule(db, *values, **self.path)


class Answer(Protocol):
    """How one verb calls the rule, and the payload and status it makes of the result."""

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]: ...


def run(operation: Operation, path: dict[str, Any]) -> Response:
    """Take the current request through an operation.

    Raises:
        ApiError: The request is refused; ``http.errors`` answers.
    """
    machinery = Machinery.current()
    caller = g.caller = g.get("caller") or machinery.gate.authenticate(request)
    g.standing = machinery.gate.admit(caller, operation.feature, operation.capability, operation.id)

    call = _read(machinery.settings, operation, path)
    posts = operation.method == "POST"
    reserved = machinery.replays.reserve(caller.key, request, call.values) if posts else None
    if isinstance(reserved, Response):
        return reserved
    return _perform(machinery, call, caller.staff_id, reserved)


def _perform(machinery: Machinery, call: Call, staff_id: int, reserved: Reservation | None) -> Response:
    """Do the work in one transaction, and keep its answer, or its refusal, when a key was sent with it."""

    def work(db: Db) -> Response:
        # A rule takes its body apart; should it be run again, it gets a fresh one.
        payload, status = call.operation.answer(db, replace(call, values=deepcopy(call.values)))
        response = respond(payload, status)
        if reserved:
            reserved.keep(db, response.get_data(), status)
        return response

    try:
        return machinery.database.run(work, write=call.operation.method != "GET", staff_id=staff_id)
    except ApiError as error:
        refusal = _in_the_resources_form(error, call.operation)
        if reserved:
            said = answer(refusal)
            machinery.database.run(lambda db: reserved.keep(db, said.get_data(), said.status_code))
        raise refusal from error
    except Exception:
        if reserved:
            machinery.database.run(reserved.release)
        raise


def _read(settings: Settings, operation: Operation, path: dict[str, Any]) -> Call:
    args = request.args.to_dict()
    if any("\0" in text for text in (*args.values(), *map(str, path.values()))):
        raise ApiError("The URL holds a NUL character.")
    if operation.schema is None:
        return Call(operation, path, args)
    parsed = parsed_body(settings, operation.method)
    try:
        values: dict[str, Any] = operation.schema.load(parsed.values)
    except ValidationError as error:
        raise _in_the_resources_form(Invalid(_flat(error.messages)), operation) from error
    return Call(operation, path, args, values, parsed.files, values.pop("custom_fields", None))


def parsed_body(settings: Settings, method: str) -> body.Body:
    """The current request's body, read once.

    Raises:
        ApiError: It cannot be read: 413 when it is too large, 406 on an update, otherwise 400.
    """
    if "body" not in g:
        try:
            g.body = body.parse(
                request,
                max_bytes=settings.max_body_bytes,
                max_depth=settings.max_body_depth,
                max_fields=settings.max_body_fields,
            )
        except body.TooLarge as error:
            raise too_large() from error
        except body.Unreadable as error:
            if method == "PUT":  # every PUT of the contract: 406, here with the reason beside it
                raise NotAcceptable(error=str(error)) from error
            raise ApiError(str(error)) from error
    parsed: body.Body = g.body
    return parsed


def _in_the_resources_form(refusal: ApiError, operation: Operation) -> ApiError:
    if type(refusal) is Invalid and operation.resource.invalid != 422:
        return legacy_envelope(refusal.errors, operation.resource.invalid)
    return refusal


def _flat(messages: Any, name: str = "") -> dict[str, str]:
    if isinstance(messages, dict):
        found: dict[str, str] = {}
        for key, inner in messages.items():
            found |= _flat(inner, f"{name}[{key}]" if name else str(key))
        return found
    return {name: str(messages[0])}


def _decorate(call: Call, db: Db, page: Sequence[dict[str, Any]]) -> None:
    resource = call.operation.resource
    for name in resource.numbers:
        for row in page:
            if row.get(name) is not None:
                row[name] = int(row[name])
    if resource.kind and listing.wants(call.args, "customfields"):
        db.hooks.read(db, resource.kind, page, [int(row[resource.key]) for row in page])


@dataclass(frozen=True)
class ListAnswer:
    """The rule returns a query: bare rows, or an envelope."""

    per_page: int = 0

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        return self.list(db, call, call.rule(db)), 200

    def list(self, db: Db, call: Call, query: sa.Select[Any]) -> Any:
        """Run the query as the URL asks."""
        ids = tuple(dict.fromkeys((call.operation.resource.key, "id")))
        return listing.answer(
            db,
            query,
            call.args,
            lambda db, page: _decorate(call, db, page),
            ids=ids,
            per_page=self.per_page,
        )


@dataclass(frozen=True)
class SearchAnswer(ListAnswer):
    """A list whose rule gets the word from the path, or from ``q`` or ``query``."""

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        name = call.operation.resource.name
        word = (call.path["word"] or call.args.get("q") or call.args.get("query") or "").strip()
        if not word:
            raise ApiError(
                f"Search term is required. Use /api/{name}/search/{{term}} or /api/{name}/search?q={{term}}"
            )
        return self.list(db, call, call.operation.rule(db, word)), 200


class RowAnswer:
    """The rule returns a row, or a query of one."""

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        row = call.rule(db)
        if isinstance(row, sa.Select):
            row = next(iter(rows.wire(db, row.limit(1))), None)
        if row is None:
            raise NotFound
        _decorate(call, db, [row])
        return row, 200


@dataclass(frozen=True)
class CreateAnswer:
    """The rule gets the values and returns the new id."""

    ok: str
    id_as: str = ""
    status: int = 200

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        record_id = call.rule(db, call.values)
        db.hooks.written(db, call.operation.resource.kind, record_id, call.custom_fields, True)
        guide = {self.id_as: record_id} if self.id_as else {}
        return {"status": True, "message": self.ok} | guide | {"record_id": record_id}, self.status


@dataclass(frozen=True)
class UpdateAnswer:
    """The rule gets the values that were sent and returns the record's id."""

    ok: str
    empty: str
    empty_status: int = 406

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        if not call.values and call.custom_fields is None:
            raise NotAcceptable(self.empty, status=self.empty_status)
        record_id = call.rule(db, call.values)
        db.hooks.written(db, call.operation.resource.kind, record_id, call.custom_fields, False)
        return {"status": True, "message": self.ok}, 200


@dataclass(frozen=True)
class RemoveAnswer:
    """The rule removes the record."""

    ok: str

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        call.rule(db)
        return {"status": True, "message": self.ok}, 200


class ActionAnswer:
    """The rule returns the whole payload; it gets no body."""

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]:
        return call.rule(db), 200
