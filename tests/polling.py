"""Following a resource as a platform does: poll, remember where to go on, poll."""

from collections.abc import Callable, Iterator
from typing import Any

from conftest import Api

Meta = dict[str, Any]
Ask = Callable[[Meta], str]


def by_next_poll(meta: Meta) -> str:
    """Hand ``next_poll`` back as it is."""
    return f"since={meta['next_poll']!r}"


def truncating(meta: Meta) -> str:
    """Drop its decimals, as a client does that takes it for a whole number."""
    return f"since={int(meta['next_poll'])}"


def by_cursor(meta: Meta) -> str:
    """Hand the cursor back."""
    return f"cursor={meta['cursor']}"


def pages(api: Api, resource: str, first: str, ask: Ask = by_next_poll) -> Iterator[dict[str, Any]]:
    """Every page until there are no more; ``first`` are the parameters of the first, and what all have."""
    limit = "&".join(each for each in first.split("&") if not each.startswith(("since", "cursor")))
    parameters = first
    for _ in range(200):
        answer = api.get(f"zapier/poll/{resource}?{parameters}")
        assert answer.status_code == 200, answer.json
        page = answer.json
        assert page["meta"]["count"] == len(page["data"])
        yield page
        if not page["meta"]["has_more"]:
            return
        parameters = f"{limit}&{ask(page['meta'])}"
    raise AssertionError("it never ends")


def seen(api: Api, resource: str, first: str, ask: Ask = by_next_poll) -> list[int]:
    """The ids on all pages, each page's in the order of what happened."""
    return [int(row["id"]) for page in pages(api, resource, first, ask) for row in reversed(page["data"])]
