"""One request on its way through, and what is known of it by now.

Every step gets the exchange as an argument. Rules do not: what a few of them need to know of the caller, they
ask of the exchange that the pipeline is at work on, whoever called the pipeline.
"""

from __future__ import annotations

import re
import time
from contextvars import ContextVar
from random import getrandbits
from typing import TYPE_CHECKING

from flask import current_app, g, request
from werkzeug import Request

if TYPE_CHECKING:
    from perfex_api.http.body import Body
    from perfex_api.http.limits import Standing
    from perfex_api.http.pipeline import Machinery
    from perfex_api.http.tokens import Caller

REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
#: What the pipeline is at work on.
CURRENT: ContextVar[Exchange] = ContextVar("exchange")


class Exchange:
    """A request and what came of it.

    Attributes:
        request: As it came in.
        args: The URL's parameters, the first of each name.
        machinery: The parts of the program that work on it.
        request_id: What the client calls it, or a name made here.
        started: When it came, in seconds of ``time.perf_counter``.
        caller: Who sent it, once that is known.
        admitted: Whether the caller may do it, and it was counted.
        standing: Where the caller stands with its rate limits; None: it has none.
        granted: The grant that let it in, as text.
        flag: The key that the resource prints beside ``status``, once the caller is let in.
        body: What was sent, once it was read.
        error: The sentence of its refusal.
    """

    __slots__ = (
        "admitted",
        "args",
        "body",
        "caller",
        "error",
        "flag",
        "granted",
        "machinery",
        "request",
        "request_id",
        "standing",
        "started",
    )

    def __init__(self, request: Request, machinery: Machinery) -> None:
        self.request = request
        self.args: dict[str, str] = request.args.to_dict() if request.query_string else {}
        self.machinery = machinery
        self.started = time.perf_counter()
        sent = request.environ.get("HTTP_X_REQUEST_ID", "")
        self.request_id = sent if sent and REQUEST_ID.fullmatch(sent) else new_id()
        self.caller: Caller | None = None
        self.admitted = False
        self.standing: Standing | None = None
        self.granted: str | None = None
        self.flag = ""
        self.body: Body | None = None
        self.error: str | None = None


def new_id() -> str:
    """A name that no other request has: the milliseconds when it came, then chance.

    Names that grow with the time lie side by side in the request log's index.
    """
    return f"{time.time_ns() // 1_000_000:012x}{getrandbits(80):020x}"


def of_flask() -> Exchange:
    """The exchange of the request that Flask is at work on; begun when it is first asked for."""
    if "exchange" not in g:
        machinery = current_app.extensions["perfex_api"]
        g.exchange = Exchange(request._get_current_object(), machinery)  # type: ignore[attr-defined]
    exchange: Exchange = g.exchange
    return exchange
