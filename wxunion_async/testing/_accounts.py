"""
Accounts and the life of their access tokens.

Source:
    doc/oplatform/developers/dev/AccessToken.html, doc/channels/API/leagueheadsupplier/getStableAccessToken.html
"""

import itertools
import math
import secrets
from collections import Counter, deque

from attrs import define, field

from wxunion_async.testing._types import INVALID_CREDENTIAL, TOKEN_EXPIRED, Family, JsonObject, Rejected, ServerClock

FORCED_REFRESHES_A_DAY = 20
FORCED_REFRESH_GAP = 30.0
"""Seconds within which a second forced refresh has no effect."""

_REMEMBERED_TOKENS = 10_000
"""So many dead tokens still get the errcode of their own end; older ones are simply unknown."""


@define(eq=False)
class Token:
    """An access token that was handed out."""

    value: str = field(repr=False)
    serial: int
    """1 for the first token of its account."""
    ends: float
    """Seconds on the server's clock; from then on the token is turned down."""
    promised: float
    """The end that ``expires_in`` tells, in seconds on the server's clock."""
    end_errcode: int = TOKEN_EXPIRED
    """What a call with the token is answered once it has ended: 42001 for a natural end, 40001 for any other."""

    def end_by(self, moment: float, errcode: int = INVALID_CREDENTIAL) -> None:
        """End the token no later than a moment."""
        if moment < self.ends:
            self.ends, self.end_errcode = moment, errcode


class Account:
    """One app: its credentials, its tokens, and what the vendor may do to them."""

    def __init__(self, family: Family, lifetime: float, overlap: float, clock: ServerClock) -> None:
        self.family: Family = family
        self.app_id = f"wx{secrets.token_hex(8)}"
        self.app_secret = secrets.token_hex(16)
        self.token_requests = 0
        """Token requests answered with a token, a repeated one included."""
        self.forced_refreshes = 0
        """Requests with ``force_refresh`` that did replace the token."""
        self.frozen = False
        self._lifetime, self._overlap, self._clock = lifetime, overlap, clock
        self._tokens: dict[str, Token] = {}
        self._serials = itertools.count(1)
        # The newest token and the one before: earlier ones have ended.
        self._plain, self._stable = deque[Token](maxlen=2), deque[Token](maxlen=2)
        self._stuck = False
        self._forced_at, self._forced_on = -math.inf, Counter[int]()

    def __repr__(self) -> str:
        return f"<Account {self.family} {self.app_id}, {self.token_requests} token requests>"

    @property
    def issued_tokens(self) -> tuple[str, ...]:
        """The values of the newest 10,000 tokens, oldest first: what must appear in no log."""
        return tuple(self._tokens)

    def rotate(self, *, stuck: bool = False) -> None:
        """
        Make every token invalid at once: a call with one is answered 40001.

        With ``stuck`` the stable token endpoint goes on answering the dead token until it is forced to refresh.
        """
        self._end_all(INVALID_CREDENTIAL, stuck)

    def expire(self, *, stuck: bool = False) -> None:
        """End every token at once: a call with one is answered 42001; ``stuck`` as for ``rotate``."""
        self._end_all(TOKEN_EXPIRED, stuck)

    def freeze(self) -> None:
        """Freeze the app secret: token requests are answered 40243, tokens already handed out go on serving."""
        self.frozen = True

    def unfreeze(self) -> None:
        """Undo ``freeze``."""
        self.frozen = False

    def find(self, value: str) -> Token | None:
        """Find a token of this account, dead or alive."""
        return self._tokens.get(value)

    def plain_token(self) -> JsonObject:
        """Answer /cgi-bin/token: a new token; the former one serves for the overlap, earlier ones end."""
        now = self._clock.now()
        for former, overlap in zip(reversed(self._plain), (self._overlap, 0.0), strict=False):
            former.end_by(now + overlap)
        return self._hand_out(self._new_token(self._plain, now), now)

    def stable_token(self, *, force_refresh: bool = False) -> JsonObject:
        """Answer /cgi-bin/stable_token: the same token until the overlap before its end, then a new one."""
        now = self._clock.now()
        current = self._stable[-1] if self._stable else None
        if force_refresh and now - self._forced_at >= FORCED_REFRESH_GAP:
            today = self._clock.day()
            if self._forced_on[today] >= FORCED_REFRESHES_A_DAY:
                raise Rejected(45009)
            self._forced_at = now
            self._forced_on[today] += 1
            self.forced_refreshes += 1
            for former in self._stable:
                former.end_by(now)
        elif current and now + self._overlap < (current.promised if self._stuck else current.ends):
            return self._hand_out(current, now)
        self._stuck = False
        return self._hand_out(self._new_token(self._stable, now), now)

    def _hand_out(self, token: Token, now: float) -> JsonObject:
        self.token_requests += 1
        # Whole seconds, rounded down but for what a float loses; 0 would make no sense to a client.
        return {"access_token": token.value, "expires_in": max(1, int(token.promised - now + 0.001))}

    def _end_all(self, errcode: int, stuck: bool) -> None:
        with self._clock.lock:
            for token in (*self._plain, *self._stable):
                token.end_by(self._clock.now(), errcode)
            self._stuck = stuck

    def _new_token(self, kind: deque[Token], now: float) -> Token:
        ends = now + self._lifetime
        value = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}"
        token = self._tokens[value] = Token(value, next(self._serials), ends, ends)
        kind.append(token)
        if len(self._tokens) > _REMEMBERED_TOKENS:
            del self._tokens[next(iter(self._tokens))]
        return token
