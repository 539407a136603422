"""``ETag`` and 304: a client that has an answer already is told so, and gets it once.

The tag is made from the bytes of the answer: two answers that have one tag are the same, letter by letter.
A client may keep its copy, and has to ask each time whether it still holds (``no-cache``). To those who ask,
the tag that was made before is confirmed without the work as long as no table has changed that the answer was
made from (``http.kept``).
"""

from werkzeug import Request, Response

KEPT = "private, no-cache"


class Unchanged(Response):
    """304: no content, and nothing said of one."""

    default_mimetype = None


def tell(request: Request, response: Response, digest: str) -> Response:
    """The answer of a successful GET, or 304 when the client has it.

    Args:
        request: With the client's ``If-None-Match``.
        response: The whole answer.
        digest: Of its bytes.
    """
    if unchanged := confirmed(request, digest):
        response.close()
        return unchanged
    _mark(response, digest)
    return response


def is_asked(request: Request) -> bool:
    """Whether the client has an answer, and asks whether it still holds."""
    return "HTTP_IF_NONE_MATCH" in request.environ


def confirmed(request: Request, digest: str) -> Response | None:
    """304, when the client has the answer of which these are the bytes' digest."""
    if not is_asked(request) or not request.if_none_match.contains_weak(digest):
        return None
    unchanged = Unchanged(status=304)
    _mark(unchanged, digest)
    return unchanged


def _mark(response: Response, digest: str) -> None:
    response.headers.add("ETag", f'"{digest}"')
    response.headers.add("Cache-Control", KEPT)
