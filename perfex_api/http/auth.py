"""Who may call: the checks that come before a byte of the body is looked at.

Their order is the original's: module active, address rules, throttle, token, method (405), permission (403),
rate limit.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from werkzeug import Request

from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import Forbidden, Unauthorized
from perfex_api.http import tokens
from perfex_api.http.limits import Limits, Standing
from perfex_api.http.tokens import Caller, Grant
from perfex_api.settings import Settings

Network = IPv4Network | IPv6Network
#: As WSGI has them.
HEADERS = ("HTTP_AUTHTOKEN", "HTTP_X_API_KEY", "HTTP_X_AUTH_TOKEN")
#: Tokens that are remembered to have been let in; beyond that, all are met anew.
MOST_MET = 1_000
QUERY_NAMES = ("authtoken", "Authtoken", "api_key")


def token_of(request: Request) -> str:
    """The token a request carries, by the contract's precedence; an empty text when there is none."""
    headers = request.environ
    for name in HEADERS:
        if found := headers.get(name, "").strip():
            return str(found)
    if found := _bearer(headers.get("HTTP_AUTHORIZATION", "")).strip():
        return found
    in_query = (request.args.get(name, "").strip() for name in QUERY_NAMES)
    return next(filter(None, in_query), "")


def _bearer(header: str) -> str:
    """The token of an ``Authorization`` header, with or without ``Bearer``.

    Any other scheme is a proxy's own log-in, and no token.
    """
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest
    return "" if rest else scheme


class Gate:
    """Lets callers in, or says why not.

    Args:
        settings: Address rules, statuses, whether the API is on.
        database: Where the tokens are.
        limits: The counters.
        crm_now: Tells the CRM's local time, in which the original's expiry dates are.
    """

    def __init__(
        self, settings: Settings, database: Database, limits: Limits, crm_now: Callable[[Db], datetime]
    ) -> None:
        self._settings = settings
        self._allowed = _networks(settings.ip_allowlist)
        self._blocked = _networks(settings.ip_blocklist)
        self._database = database
        self._limits = limits
        self._crm_now = crm_now
        self._met: set[int] = set()

    def authenticate(self, request: Request, db: Db | None = None) -> Caller:
        """Find out who calls.

        Args:
            request: The request.
            db: The transaction that it is answered from; without it, one is opened for the look-up alone.

        Raises:
            Unauthorized: The API is off, or there is no token, an unknown or an expired one.
            Forbidden: The address may not call.
            TooMany: The address has tried too many wrong tokens.
        """
        if not self._settings.api_active:
            raise Unauthorized("API Module is not active")
        address = request.remote_addr or ""
        self._check_address(address)
        self._limits.refuse_guessers(address)
        token = token_of(request)
        if not token:
            raise self._unauthorized("Token is not defined.")
        if db:
            caller, expired = self._look_up(db, token)
        else:
            caller, expired = self._database.ask(lambda mine: self._look_up(mine, token))
        if caller is None:
            self._limits.count_wrong_token(address)
            raise self._unauthorized()
        if expired:
            raise self._unauthorized("Token Time Expire.", always=True)
        if caller.addresses and not _is_within(address, _networks(caller.addresses)):
            raise Forbidden("Your IP address is not authorized to access this API")
        if len(self._met) >= MOST_MET:
            self._met = set()
        self._met.add(hash(token))
        return caller

    def has_met(self, request: Request) -> bool:
        """Whether a request's token was let in lately, by this process; it is no matter of permission.

        For others, nothing but who they are is asked of the database before that is known.
        """
        return hash(token_of(request)) in self._met

    def admit(
        self,
        caller: Caller,
        feature: str,
        capability: str,
        endpoint: str,
        *,
        others: Collection[Grant] = (),
    ) -> Standing | None:
        """Check a known caller's permission and quota for one operation.

        Args:
            caller: Who it is.
            feature: The feature that the operation belongs to; empty: it asks for no permission.
            capability: What of it.
            endpoint: The operation's id.
            others: Grants of which any one is as good.

        Returns:
            Where the caller stands with its rate limits; None when it has none.

        Raises:
            Forbidden: The token lacks the grant.
            TooMany: A quota is used up.
        """
        wanted = ((feature, capability), *others) if feature else ()
        if wanted and not any(caller.may(*grant) for grant in wanted):
            raise Forbidden
        return self._limits.count(caller, endpoint)

    def _look_up(self, db: Db, token: str) -> tuple[Caller | None, bool]:
        caller = tokens.find(db, token)
        if caller is None or caller.expires_at is None:
            return caller, False
        now = utcnow() if caller.kind == "own" else self._crm_now(db)
        return caller, caller.expires_at <= now

    def _check_address(self, address: str) -> None:
        if self._allowed and not _is_within(address, self._allowed):
            raise Forbidden("Your IP address is not authorized to access this API")
        if self._blocked and _is_within(address, self._blocked):
            raise Forbidden("Your IP address has been blocked from accessing this API")

    def _unauthorized(self, old_words: str = "", *, always: bool = False) -> Unauthorized:
        # With AUTH_ERROR_STATUS=404 a missing token is told in the words of version 2 as well.
        status = self._settings.auth_error_status
        return Unauthorized(old_words if always or status == 404 else "", status=status)


def _networks(names: Collection[str]) -> list[Network]:
    """Addresses and networks as an administrator writes them.

    Raises:
        ValueError: One of them is neither; the message shows it.
    """
    return [ip_network(name.strip(), strict=False) for name in names]


def _is_within(address: str, networks: Collection[Network]) -> bool:
    try:
        mine = ip_address(address)
    except ValueError:
        return False
    # A server that listens on IPv6 shows an IPv4 caller as ::ffff:192.0.2.1.
    if isinstance(mine, IPv6Address) and mine.ipv4_mapped:
        mine = mine.ipv4_mapped
    return any(mine in network for network in networks)
