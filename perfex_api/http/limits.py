"""Rate limits and the throttle of wrong tokens, counted in memory or in Redis."""

import time
from dataclasses import dataclass

from limits import RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

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
        self._window = FixedWindowRateLimiter(Counters() if in_memory else storage_from_string(storage))
        self._throttle = RateLimitItemPerSecond(throttle, THROTTLE_SECONDS) if throttle else None

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
        standings = [self._hit(caller, quota, endpoint) for quota in caller.quotas]
        return min(standings, key=lambda standing: standing.remaining, default=None)

    def _hit(self, caller: Caller, quota: Quota, endpoint: str) -> Standing:
        item = RateLimitItemPerSecond(quota.amount, quota.seconds)
        scope = (caller.key, endpoint if quota.each_endpoint else "*")
        within = self._window.hit(item, *scope)
        reset, remaining = self._window.get_window_stats(item, *scope)
        standing = Standing(quota.amount, max(0, remaining), int(reset))
        if not within:
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
        if self._throttle and not self._window.test(self._throttle, what, address):
            reset, _ = self._window.get_window_stats(self._throttle, what, address)
            refusal = TooMany("Too many failed authentication attempts. Try again later.")
            refusal.headers = {"Retry-After": str(_seconds_until(reset))}
            raise refusal

    def count_wrong_token(self, address: str, what: str = "wrong-token") -> None:
        """Remember that this address has sent a wrong token."""
        if self._throttle:
            self._window.hit(self._throttle, what, address)


def _seconds_until(moment: float) -> int:
    return max(1, round(moment - time.time()))
