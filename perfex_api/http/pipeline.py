"""The one way through: every operation takes these steps, in this order.

    authenticate - permission - limits - replay - body and schema - rule - custom fields - commit - answer

``run`` is that way from top to bottom; an ``Answer`` is what differs between the verbs (``http.answers``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from flask import Flask, current_app
from werkzeug import Response
from werkzeug.datastructures import FileStorage

from perfex_api.core import watch
from perfex_api.core.dates import DateFormat
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import ApiError, Invalid
from perfex_api.core.prepared import Asked, Prepared, expect
from perfex_api.http import ahead, body, sending, unchanged
from perfex_api.http.auth import Gate
from perfex_api.http.errors import answer, legacy_envelope
from perfex_api.http.exchange import CURRENT, Exchange
from perfex_api.http.fields import CrmBody
from perfex_api.http.kept import Kept
from perfex_api.http.pages import Pages
from perfex_api.http.replay import Replays, Reservation
from perfex_api.http.tokens import Caller, Grant
from perfex_api.http.waiting import Waiting
from perfex_api.http.wire import respond, tagged
from perfex_api.settings import Settings

#: The grants that let a token in, by the HTTP method and the parts of the URL.
Grants = Callable[[str, Mapping[str, Any]], Collection[Grant]]
#: Loads the lists that some records have under one key: from their ids to the lists by id.
Nested = Callable[[Db, Sequence[int]], Mapping[int, Any]]
#: What is asked beside a record's own row, by its id.
Beside = Callable[[Database, int], Sequence[Asked]]
#: What is asked beside the rows of a page, by their ids.
Asks = Callable[[Db, Sequence[int]], Sequence[Asked]]


@dataclass(frozen=True)
class Resource:
    """What the verbs need to know of a resource; see ``CrmBlueprint``."""

    name: str
    kind: str
    key: str
    invalid: int
    numbers: tuple[str, ...] = ()
    flag: str = ""
    grants: Grants | None = None


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
        invalid: The status with which values that fail validation are refused.
        files: Whether the rule takes the uploads, whatever their fields are called, as ``files``.
        query: Parameters of the URL that the rule takes, as texts under their own names.
        unreadable: What is said of a body that cannot be read, and its status; the reason stands beside it.
            None: the reason alone, with status 400.
        nested: Lists that each row gets, by key, behind its columns.
        asks: Tells which prepared queries these are made of.
        together: Whether the caller is looked up in the transaction in which the rule reads. A rule that
            begins another one first must not have seen the database before.
        one: The prepared query with which a rule for one record begins; its parameters are the URL's parts,
            of which the record's id is the last.
        beside: Tells which prepared queries follow it.
        errand: What has to be done outside of the database first; see ``CrmBlueprint.errand``.
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
    invalid: int = 404
    files: bool = False
    query: tuple[str, ...] = ()
    unreadable: tuple[str, int] | None = None
    nested: Mapping[str, Nested] = field(default_factory=dict)
    together: bool = False
    asks: Asks | None = None
    one: Prepared | None = None
    beside: Beside | None = None
    errand: Callable[..., Callable[[], Any]] | None = None


@dataclass
class Machinery:
    """The parts of the running program that the pipeline uses; made once by the composition root.

    Attributes:
        operations: Every operation, by its id.
        digests: Of the answers that clients have asked for again.
        pages: What is known of lists.
    """

    settings: Settings
    database: Database
    gate: Gate
    replays: Replays
    date_format: Callable[[Db], DateFormat]
    waiting: Waiting
    operations: Mapping[str, Operation]
    digests: Kept[str]
    pages: Pages

    @classmethod
    def current(cls) -> Machinery:
        """That of the application whose page Flask is at work on."""
        machinery: Machinery = current_app.extensions["perfex_api"]
        return machinery

    def install(self, app: Flask) -> None:
        """Put the machinery where ``current`` finds it."""
        app.extensions["perfex_api"] = self


@dataclass(slots=True)
class Call:
    """One request, as far as an answer may see it."""

    operation: Operation
    path: dict[str, Any]
    args: dict[str, str]
    settings: Settings
    values: Any = None
    files: tuple[FileStorage, ...] = ()
    custom_fields: Any = None
    sent: bool = False

    def rule(self, db: Db, *values: Any) -> Any:
        """Call the operation's rule with the parts of the URL, and with what else it asked for."""
        others: dict[str, Any] = {name: self.args.get(name, "").strip() for name in self.operation.query}
        if self.operation.files:
            others["files"] = self.files
        return self.operation.rule(db, *values, **self.path, **others)


def current_caller() -> Caller:
    """Who sent the current request; ``run`` has let them in."""
    caller = CURRENT.get().caller
    assert caller is not None
    return caller


def current_machinery() -> Machinery:
    """The parts of the program that work on the current request."""
    return CURRENT.get().machinery


class Answer(Protocol):
    """How one verb calls the rule, and the payload and status it makes of the result."""

    def __call__(self, db: Db, call: Call) -> tuple[Any, int]: ...


def run(exchange: Exchange, operation: Operation, path: dict[str, Any]) -> Response:
    """Take a request through an operation.

    Args:
        exchange: The request.
        operation: What its URL and method ask for.
        path: The parts of the URL.

    Raises:
        ApiError: The request is refused; ``http.errors`` answers.
    """
    token = CURRENT.set(exchange)
    try:
        if operation.together:
            return ahead.read(exchange, operation, path, lambda db: _read(exchange, operation, path, db))
        return _write(exchange, operation, path)
    finally:
        CURRENT.reset(token)


def _write(exchange: Exchange, operation: Operation, path: dict[str, Any]) -> Response:
    """Answer any other request: first who calls, then what was sent, then the work."""
    caller = _admitted(exchange, operation, path)
    sent = sending.read(exchange, operation, path)
    posts = operation.method == "POST"
    reserved = exchange.machinery.replays.reserve(caller.key, exchange.request, sent) if posts else None
    if isinstance(reserved, Response):
        return reserved
    return _perform(exchange, _call(exchange, operation, path), sent, caller.staff_id, reserved)


def _admitted(exchange: Exchange, operation: Operation, path: dict[str, Any], db: Db | None = None) -> Caller:
    """Who calls, once it is known that the operation is allowed; a second try is not counted again."""
    gate = exchange.machinery.gate
    caller = exchange.caller or gate.authenticate(exchange.request, db)
    if not exchange.admitted:
        exchange.caller = caller
        resource = operation.resource
        others = resource.grants(operation.method, path) if resource.grants else ()
        exchange.standing = gate.admit(
            caller, operation.feature, operation.capability, operation.id, others=others
        )
        exchange.granted = caller.granted((operation.feature, operation.capability), *others)
        exchange.flag = resource.flag
        exchange.admitted = True
    return caller


def _call(exchange: Exchange, operation: Operation, path: dict[str, Any]) -> Call:
    return Call(operation, path, exchange.args, exchange.machinery.settings)


def _read(exchange: Exchange, operation: Operation, path: dict[str, Any], db: Db) -> Response:
    """Answer a GET from the one transaction in which its caller is looked up, too."""
    if unchanged.is_asked(exchange.request):
        return _confirmed_or_read(exchange, operation, path, db)
    call = _asked(exchange, operation, path, db)
    return _tagged(exchange, *_answered(exchange, call, db))


def _confirmed_or_read(exchange: Exchange, operation: Operation, path: dict[str, Any], db: Db) -> Response:
    """As ``_read``, for a client that has an answer: it comes again, so what was found out is kept for it."""
    digests = exchange.machinery.digests
    with watch.statements(db) as asked:
        call = _asked(exchange, operation, path, db)
    key = (operation.id, *call.path.items(), *call.args.items(), exchange.caller)
    known = digests.find(db, key)
    if known and (response := unchanged.confirmed(exchange.request, known)):
        return response
    db.read_on()
    with watch.statements(db) as read:
        expect(db, ahead.of_record(exchange.machinery.database, operation, path, call.args))
        payload, status = _answered(exchange, call, db)
        response, digest = tagged(payload, status)
    if status != 200:
        return response
    digests.keep(db, key, digest, asked | read)
    return unchanged.tell(exchange.request, response, digest)


def _asked(exchange: Exchange, operation: Operation, path: dict[str, Any], db: Db) -> Call:
    """What is asked for, by somebody who may."""
    db.staff_id = _admitted(exchange, operation, path, db).staff_id
    sending.read(exchange, operation, path)
    return _call(exchange, operation, path)


def _answered(exchange: Exchange, call: Call, db: Db) -> tuple[Any, int]:
    try:
        payload, status = call.operation.answer(db, call)
    except ApiError as error:
        raise _in_the_resources_form(error, call.operation) from error
    if status >= 400:
        exchange.error = payload["message"]
    return payload, status


def _tagged(exchange: Exchange, payload: Any, status: int) -> Response:
    response, digest = tagged(payload, status)
    return unchanged.tell(exchange.request, response, digest) if status == 200 else response


def _perform(
    exchange: Exchange, call: Call, sent: body.Body, staff_id: int, reserved: Reservation | None
) -> Response:
    """Do the work in one transaction, and keep its answer, or its refusal, when a key was sent with it."""
    machinery = exchange.machinery
    reads = call.operation.method == "GET"

    def work(db: Db) -> Response:
        # A rule takes its body apart; should it be run again, it gets a fresh one.
        payload, status = call.operation.answer(db, replace(call, values=sending.fresh(call.values)))
        response = _tagged(exchange, payload, status) if reads else respond(payload, status)
        if status >= 400:
            exchange.error = payload["message"]
        if reserved and status >= 500:
            reserved.release(db)
        elif reserved:
            reserved.keep(db, response.get_data(), status)
        return response

    try:
        call = sending.loaded(machinery, call, sent)
        if errand := call.operation.errand:
            # Done once, whatever becomes of the transactions around it.
            do = machinery.database.run(
                lambda db: errand(db, sending.fresh(call.values), **call.path), staff_id=staff_id
            )
            call = replace(call, values=do())
        return machinery.waiting.patiently(
            lambda: machinery.database.run(work, write=not reads, staff_id=staff_id), respond
        )
    except ApiError as error:
        refusal = _in_the_resources_form(error, call.operation)
        if reserved and refusal.status >= 500:  # ours to mend: the same request may succeed
            machinery.database.run(reserved.release)
        elif reserved:
            said = answer(refusal, exchange)
            machinery.database.run(lambda db: reserved.keep(db, said.get_data(), said.status_code))
        raise refusal from error
    except Exception:
        if reserved:
            machinery.database.run(reserved.release)
        raise


def _in_the_resources_form(refusal: ApiError, operation: Operation) -> ApiError:
    if type(refusal) is Invalid and operation.invalid != 422:
        return legacy_envelope(refusal.errors, operation.invalid)
    return refusal
