"""Which part of a list is asked for, and what is said of it in the envelope."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PER_PAGE = 25
MOST_PER_PAGE = 100


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for: a page number from 1, and its size."""

    number: int
    size: int


def asked(args: Mapping[str, str], per_page: int) -> Page | None:
    """The page that a URL asks for; None: the whole list.

    Args:
        args: The URL's parameters.
        per_page: See ``listing.answer``.
    """
    if not per_page and not ("page" in args or "per_page" in args):
        return None
    # ``limit`` alone asks for nothing: it had another meaning before pages existed.
    size = args.get("per_page") or (args.get("limit") if "page" in args else None)
    return Page(
        number=max(1, _whole(args.get("page"), 1)),
        size=min(MOST_PER_PAGE, max(1, _whole(size, per_page or PER_PAGE))),
    )


def _whole(text: str | None, default: int) -> int:
    found = re.fullmatch(r"([+-]?)0*([0-9]+)", (text or "").strip())
    # More digits than Python itself is willing to read mean what fewer do: more than there is.
    return int(found[1] + found[2][:18]) if found else default


def meta(number: int, size: int, total: int, last: int) -> dict[str, int | bool]:
    """What is said of a page of this size: the guide's keys, and those of the versions before."""
    return {
        "page": number,
        "per_page": size,
        "total": total,
        "total_pages": last if total else 0,
        "has_more": number < last,
        "current_page": number,
        "last_page": last,
    }
