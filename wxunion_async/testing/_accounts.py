"""
Accounts and the life of their access tokens.

Source:
    doc/oplatform/developers/dev/AccessToken.html, doc/channels/API/leagueheadsupplier/getStableAccessToken.html
"""

import re
import secrets

from attrs import define, field

from wxunion_async.testing._clock import ServerClock
from wxunion_async.testing._types import INVALID_CREDENTIAL, TOKEN_EXPIRED, Family, JsonObject, Rejected

FORCED_REFRESHES_A_DAY = 20
FORCED_REFRESH_GAP = 30.0
"""Seconds within which a second forced refresh has no effect."""

_TOKEN_CHARACTERS = re.compile(r"[A-Za-z0-9_-]+")
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
    """What a call with the token is answered once it has ended."""

    def end_by(self, moment: float, errcode: int) -> None:
        """End the token no later than a moment."""
        if moment < self.ends:
            self.ends, self.end_errcode = moment, errcode


@define(eq=False)
class Account:
    """One app: its credentials, its tokens, and what the vendor may do to them."""

    family: Family
    app_id: str
    app_secret: str = field(repr=False)
    _lifetime: float = field(repr=False)
    _overlap: float = field(repr=False)
    _clock: ServerClock = field(repr=False)
    token_requests: int = field(default=0, init=False)
    """Token requests answered with a token, a repeated one included."""
    forced_refreshes: int = field(default=0, init=False)
    """Requests with ``force_refresh`` that did replace the token."""
    frozen: bool = field(default=False, init=False)
    _tokens: dict[str, Token] = field(factory=dict[str, Token], init=False, repr=False)
    _issued: int = field(default=0, init=False, repr=False)
    _plain: list[Token] = field(factory=list[Token], init=False, repr=False)
    _stable: list[Token] = field(factory=list[Token], init=False, repr=False)
    _stuck: bool = field(default=False, init=False, repr=False)
    _forced_at: float | None = field(default=None, init=False, repr=False)
    _forced_on: tuple[int, int] = field(default=(0, 0), init=False, repr=False)

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

    def check(self, token: Token) -> None:
        """Turn down a token that has ended: 42001 after its natural end, 40001 for one that was made invalid."""
        if self._clock.now() >= token.ends:
            raise Rejected(token.end_errcode)

    def plain_token(self) -> JsonObject:
        """Answer /cgi-bin/token: a new token; the former one serves for the overlap, earlier ones end."""
        if self.frozen:
            raise Rejected(40243)
        now = self._clock.now()
        for earlier in self._plain[:-1]:
            earlier.end_by(now, INVALID_CREDENTIAL)
        for former in self._plain[-1:]:
            former.end_by(now + self._overlap, INVALID_CREDENTIAL)
        new = self._new_token(now)
        self._plain = [*self._plain[-1:], new]
        return self._hand_out(new, now)

    def stable_token(self, *, force_refresh: bool = False) -> JsonObject:
        """Answer /cgi-bin/stable_token: the same token until the overlap before its end, then a new one."""
        if self.frozen:
            raise Rejected(40243)
        now = self._clock.now()
        if force_refresh and (self._forced_at is None or now - self._forced_at >= FORCED_REFRESH_GAP):
            self._spend_forced_refresh(now)
            for former in self._stable:
                former.end_by(now, INVALID_CREDENTIAL)
            token = self._new_token(now)
            self._stable, self._stuck = [token], False
        elif self._stable and now + self._overlap < (
            self._stable[-1].promised if self._stuck else self._stable[-1].ends
        ):
            token = self._stable[-1]
        else:
            token = self._new_token(now)
            self._stable = [*self._stable[-1:], token]
            self._stuck = False
        return self._hand_out(token, now)

    def _hand_out(self, token: Token, now: float) -> JsonObject:
        self.token_requests += 1
        # Whole seconds, rounded down but for what a float loses; 0 would make no sense to a client.
        return {"access_token": token.value, "expires_in": max(1, int(token.promised - now + 0.001))}

    def _spend_forced_refresh(self, now: float) -> None:
        day, spent = self._forced_on
        today = self._clock.day()
        if day != today:
            spent = 0
        if spent >= FORCED_REFRESHES_A_DAY:
            raise Rejected(45009)
        self._forced_on = (today, spent + 1)
        self._forced_at = now
        self.forced_refreshes += 1

    def _end_all(self, errcode: int, stuck: bool) -> None:
        with self._clock.lock:
            now = self._clock.now()
            for token in (*self._plain, *self._stable):
                token.end_by(now, errcode)
            self._stuck = stuck

    def _new_token(self, now: float) -> Token:
        self._issued += 1
        ends = now + self._lifetime
        token = Token(f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}", self._issued, ends, ends)
        self._tokens[token.value] = token
        if len(self._tokens) > _REMEMBERED_TOKENS:
            del self._tokens[next(iter(self._tokens))]
        return token


def new_account(family: Family, lifetime: float, overlap: float, clock: ServerClock) -> Account:
    """Create an account with random credentials of the vendor's form; life and overlap of tokens in seconds."""
    return Account(family, f"wx{secrets.token_hex(8)}", secrets.token_hex(16), lifetime, overlap, clock)


def is_well_formed(token: str) -> bool:
    """Say whether a text consists of the characters of a token."""
    return _TOKEN_CHARACTERS.fullmatch(token) is not None
