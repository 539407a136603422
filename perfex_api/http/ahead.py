"""What a GET is about to ask of the database, as far as its URL tells.

It goes along with the look-up of the caller. This is a forecast, and decides nothing: the steps of the
pipeline ask what they need, in their order, and find it there. A forecast that was wrong costs time; so it is
made for tokens that have been let in before, and strangers make the database look for their token alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from werkzeug import Response

from perfex_api.core.db import Database, Db
from perfex_api.core.prepared import Asked, expect
from perfex_api.http import asking, paging, unchanged
from perfex_api.http.exchange import Exchange

if TYPE_CHECKING:
    from perfex_api.http.pipeline import Operation


def read(
    exchange: Exchange, operation: "Operation", path: Mapping[str, Any], work: Callable[[Db], Response]
) -> Response:
    """Answer a GET in one transaction, and in one message where everything is known that it asks.

    Args:
        exchange: The request.
        operation: What its URL asks for.
        path: The parts of the URL.
        work: Answers it.
    """
    machinery = exchange.machinery
    database = machinery.database
    if not machinery.gate.has_met(exchange.request):
        return database.run(work, write=False)
    if unchanged.is_asked(exchange.request):
        return database.ask(work, machinery.digests.expected)
    if asked := of_record(database, operation, path, exchange.args):
        return database.ask(work, asked)
    kind = _with_custom_fields(operation, exchange.args)
    versions = machinery.digests.expected if exchange.args and paging.asked(exchange.args, 0) else ()
    return database.run(_expecting([*versions, *database.hooks.expected(kind)], work), write=False)


def of_record(
    database: Database, operation: "Operation", path: Mapping[str, Any], args: Mapping[str, str]
) -> list[Asked]:
    """What a GET of one record asks; nothing where nobody has said with which query it begins."""
    if operation.one is None or not all(path.values()):
        return []
    *_, record_id = path.values()
    # Which of the lists beside a record are wanted, its rule does not tell.
    beside = operation.beside(database, record_id) if operation.beside and not args.get("fields") else ()
    fields = database.hooks.expected(_with_custom_fields(operation, args), [record_id])
    return [(operation.one, path), *beside, *fields]


def _with_custom_fields(operation: "Operation", args: Mapping[str, str]) -> str:
    return operation.resource.kind if asking.wants(args, "customfields") else ""


def _expecting(asked: Sequence[Asked], work: Callable[[Db], Response]) -> Callable[[Db], Response]:
    def begin(db: Db) -> Response:
        expect(db, asked)
        return work(db)

    return begin
