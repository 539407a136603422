"""Answers that many operations give, for tests that compare them to the letter."""

from typing import Any

NOT_FOUND = (404, {"status": False, "message": "No data were found"})


def said(response: Any) -> tuple[int, Any]:
    """The status and body of a response."""
    return response.status_code, response.json


def done(sentence: str, **others: Any) -> tuple[int, Any]:
    """A write that succeeded, with the keys behind its sentence."""
    return 200, {"status": True, "message": sentence} | others


def failed(status: int, sentence: str) -> tuple[int, Any]:
    """A request that was refused."""
    return status, {"status": False, "message": sentence}


def refused(field: str, sentence: str, status: int = 404) -> tuple[int, Any]:
    """A body that was refused because of one field."""
    return status, {"status": False, "error": {field: sentence}, "message": f"<p>{sentence}</p>\n"}
