"""``ETag`` and 304: a client that has an answer already is told so, and gets it once.

The tag is made from the bytes of the answer: two answers that have one tag are the same, letter by letter.
A client may keep its copy, and has to ask each time whether it still holds (``no-cache``).
"""

from werkzeug import Request, Response

KEPT = "private, no-cache"


def tell(request: Request, response: Response, digest: str) -> Response:
    """The answer of a successful GET, or 304 when the client has it.

    Args:
        request: With the client's ``If-None-Match``.
        response: The whole answer.
        digest: Of its bytes.
    """
    response.headers.add("ETag", f'"{digest}"')
    response.headers.add("Cache-Control", KEPT)
    if "HTTP_IF_NONE_MATCH" not in request.environ or not request.if_none_match.contains_weak(digest):
        return response
    response.close()
    unchanged = Response(status=304)
    for name in ("Content-Type", "Content-Length"):
        del unchanged.headers[name]
    unchanged.headers["ETag"] = response.headers["ETag"]
    unchanged.headers["Cache-Control"] = KEPT
    return unchanged
