"""Rate limits and the throttle of wrong tokens, counted in memory or in Redis."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from limits import RateLimitItemPerSecond
from limits.storage import Storage, storage_from_string

from perfex_api.core.errors import TooMany
from perfex_api.http.counters import Counters
from perfex_api.http.tokens import Caller, Quota

THROTTLE_SECONDS = 900


@dataclass(frozen=True)
class Standing:
    """What is left of the tightest quota; the ``X-RateLimit-*`` headers."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """The headers that every limited answer carries."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }


class Limits:
    """Counters of calls by token, and of wrong tokens by address.

    Args:
        storage: ``memory://``, which each process counts for itself, or ``redis://…``, which all share.
        throttle: Wrong tokens that an address may send in 15 minutes; 0: any number.
    """

    def __init__(self, storage: str, throttle: int) -> None:
        in_memory = storage.startswith("memory:")
        self._storage = Counters() if in_memory else cast(Storage, storage_from_string(storage))
        self._throttle = throttle

    def count(self, caller: Caller, endpoint: str) -> Standing | None:
        """Count a call.

        Args:
            caller: Whose.
            endpoint: Which operation.

        Returns:
            Where the caller stands; None when the token has no limits.

        Raises:
            TooMany: A quota is used up.
        """
        if not caller.quotas:
            return None
        standings = [self._hit(caller, quota, endpoint) for quota in caller.quotas]
        return min(standings, key=lambda standing: standing.remaining, default=None)

    def _hit(self, caller: Caller, quota: Quota, endpoint: str) -> Standing:
        key = _key(quota.amount, quota.seconds, caller.key, endpoint if quota.each_endpoint else "*")
        count, reset = _counted(self._storage, key, quota.seconds)
        standing = Standing(quota.amount, max(0, quota.amount - count), int(reset))
        if count > quota.amount:
            refusal = TooMany()
            refusal.headers = standing.headers() | {"Retry-After": str(_seconds_until(reset))}
            raise refusal
        return standing

    def refuse_guessers(self, address: str, what: str = "wrong-token") -> None:
        """Stop an address that has sent too many wrong tokens.

        Args:
            address: Whose.
            what: What it guesses, when that is something else.

        Raises:
            TooMany: It has.
        """
        if not self._throttle:
            return
        key = _key(self._throttle, THROTTLE_SECONDS, what, address)
        if self._storage.get(key) >= self._throttle:
            reset = self._storage.get_expiry(key)
            refusal = TooMany("Too many failed authentication attempts. Try again later.")
            refusal.headers = {"Retry-After": str(_seconds_until(reset))}
            raise refusal

    def count_wrong_token(self, address: str, what: str = "wrong-token") -> None:
        """Remember that this address has sent a wrong token."""
        if self._throttle:
            key = _key(self._throttle, THROTTLE_SECONDS, what, address)
            _counted(self._storage, key, THROTTLE_SECONDS)


@lru_cache(maxsize=4_096)
def _key(amount: int, seconds: int, *scope: str) -> str:
    """What a storage calls the counter of a fixed window, as the library's own strategy names it."""
    return RateLimitItemPerSecond(amount, seconds).key_for(*scope)


def _counted(storage: Storage, key: str, seconds: int) -> tuple[int, float]:
    """Count one more: how many they are now in the window, and when that ends."""
    if isinstance(storage, Counters):
        return storage.count(key, seconds)
    return storage.incr(key, seconds), storage.get_expiry(key)


def _seconds_until(moment: float) -> int:
    return max(1, round(moment - time.time()))
