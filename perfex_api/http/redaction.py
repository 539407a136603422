"""Bodies as the request log may keep them: without secrets, without files, and short."""

import json
import re
from typing import Any

from perfex_api.http.body import Body
from perfex_api.http.tokens import PREFIX

REMOVED = "[removed]"
#: Names whose values nobody may read.
SECRET = re.compile(r"pass|pwd|token|secret|api.?key|private.?key|authorization|credential|cvv|iban", re.I)
#: What looks like a token of ours, wherever it stands.
OURS = re.compile(rf"{PREFIX}[\w-]{{16,}}")
#: A larger body is not looked at: the answer must not wait for the log.
LARGEST = 65_536


def redacted(body: Body, size: int, token: str, most: int) -> str:
    """A body as text.

    Args:
        body: What was sent.
        size: How large it was, in bytes.
        token: The token that came with the request, which nothing may repeat.
        most: How many bytes of text are kept.
    """
    if size > LARGEST:
        return f"[a body of {size} bytes, too large to be kept]"
    values = dict(_without_secrets(body.values))
    for name, file in body.files.items(multi=True):
        values[name] = f"[file: {file.filename}]"
    # Not orjson: it refuses numbers beyond 64 bits, which clients do send.
    text = json.dumps(values, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()
    if token and token in text:
        text = text.replace(token, REMOVED)
    text = OURS.sub(REMOVED, text)
    if len(text.encode()) <= most:
        return text
    return text.encode()[:most].decode("utf-8", "ignore") + "…"


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: REMOVED if SECRET.search(str(name)) and inner not in ("", None) else _without_secrets(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    return value
