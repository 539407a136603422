"""What a token may be allowed to do: the features of the API, and the capabilities of each."""

import re
from collections.abc import Collection, Iterable

from perfex_api.http.tokens import Grant

READ = ("get",)
READ_SEARCH_AND_WRITE = ("get", "search_get", "post", "put", "delete")
READ_AND_WRITE = ("get", "post", "put", "delete")

#: By feature, in the order of the original's permission screen.
CAPABILITIES: dict[str, tuple[str, ...]] = {
    "customers": READ_SEARCH_AND_WRITE,
    "contacts": READ_SEARCH_AND_WRITE,
    "leads": READ_SEARCH_AND_WRITE,
    "milestones": READ_SEARCH_AND_WRITE,
    "projects": READ_SEARCH_AND_WRITE,
    "staffs": READ_SEARCH_AND_WRITE,
    "tasks": READ_SEARCH_AND_WRITE,
    "tickets": READ_SEARCH_AND_WRITE,
    "contracts": READ_SEARCH_AND_WRITE,
    "credit_notes": READ_SEARCH_AND_WRITE,
    "custom_fields": READ_SEARCH_AND_WRITE,
    "estimates": READ_SEARCH_AND_WRITE,
    "expenses": READ_SEARCH_AND_WRITE,
    "proposals": READ_SEARCH_AND_WRITE,
    "calendar": READ_SEARCH_AND_WRITE,
    "subscriptions": READ_SEARCH_AND_WRITE,
    "timesheets": READ_SEARCH_AND_WRITE,
    "items": READ_SEARCH_AND_WRITE,
    "invoices": (*READ_SEARCH_AND_WRITE, "send"),
    "payments": READ_SEARCH_AND_WRITE,  # put and delete are missing on the original's screen alone
    "expense_categories": READ,
    "taxes": READ,
    "payment_methods": READ,
    "notes": READ_AND_WRITE,
    "knowledge_base": READ_AND_WRITE,
    "webhooks": READ_AND_WRITE,
    "thirdparty": READ_AND_WRITE,
    "zapier": ("resources", "poll", "test"),
}

#: A table of somebody else's module, ``thirdparty:tblfleet``, and what may be allowed there.
TABLE = re.compile(r"thirdparty:\w{1,64}", re.ASCII)
TABLE_CAPABILITIES = ("read", "write")


def parse(text: str) -> frozenset[Grant]:
    """Read grants as people write them.

    Args:
        text: ``customers:get,post``, or ``thirdparty:tblfleet:read``.

    Raises:
        ValueError: There is no such feature or capability; the message lists those there are.
    """
    feature, _, words = (part.strip() for part in text.rpartition(":"))
    if not feature:
        raise ValueError(f'"{text}" is no grant: write FEATURE:CAPABILITY,..., such as customers:get,post.')
    known = capabilities(feature)
    wanted = [word.strip() for word in words.split(",") if word.strip()]
    unknown = [word for word in wanted if word not in known]
    if unknown or not wanted:
        wrong = f'no capability "{unknown[0]}"' if unknown else "to be given a capability"
        raise ValueError(f"{feature} has {wrong}; there are: {', '.join(known)}.")
    return frozenset((feature, word) for word in wanted)


def capabilities(feature: str) -> Collection[str]:
    """What may be allowed for a feature.

    Raises:
        ValueError: There is no such feature; the message lists those there are.
    """
    if TABLE.fullmatch(feature):
        return TABLE_CAPABILITIES
    if feature not in CAPABILITIES:
        raise ValueError(
            f'There is no feature "{feature}"; there are: {", ".join(CAPABILITIES)}, thirdparty:TABLE.'
        )
    return CAPABILITIES[feature]


def written(grants: Iterable[Grant]) -> str:
    """Write grants as ``parse`` reads them, separated by blanks."""
    granted: dict[str, list[str]] = {}
    for feature, capability in sorted(grants):
        granted.setdefault(feature, []).append(capability)
    return " ".join(f"{feature}:{','.join(words)}" for feature, words in granted.items())
