"""What all calls of one client share: token, limits, connections, retry budget. It knows deadlines, not calls."""

import asyncio
import inspect
import itertools
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from wxunion_async._alarm import Alarm, Later
from wxunion_async._attempt import Attempts
from wxunion_async._hosts import Hosts
from wxunion_async._limiter import LocalRateLimiter
from wxunion_async._line import Gate, Line
from wxunion_async._redact import Redactor
from wxunion_async._token import MemoryTokenStore, StableTokenSource
from wxunion_async._token_manager import TokenManager
from wxunion_async._token_request import TokenRequests
from wxunion_async._transport import Transport
from wxunion_async.config import UnionConfig
from wxunion_async.errors import ClientClosedError, UnionError
from wxunion_async.protocols import AccessToken, Credentials, RateLimiter, Secret, TokenSource, TokenStore

if TYPE_CHECKING:
    import aiohttp

    from wxunion_async._stats import ClientStats
    from wxunion_async.events import Event

__all__ = ["RetryBudget", "Session"]

_logger = logging.getLogger("wxunion_async")
_GIVEN_BACK = 0.2
_ROUNDING = 1e-6  # five successes buy a retry, even where five times 0.2 is a little less than 1


class RetryBudget:
    """What keeps a client from hammering a service that is down: retries are few when successes are."""

    def __init__(self, size: float) -> None:
        self.size = size
        self.left = float(size)

    @property
    def empty(self) -> bool:
        """Whether there is no retry left."""
        return self.left < 1 - _ROUNDING

    def take(self) -> None:
        """Spend one retry, which must be there."""
        self.left -= 1

    def give_back(self) -> None:
        """Count a success."""
        if self.left < self.size:
            self.left = min(self.size, self.left + _GIVEN_BACK)


class Session:
    """
    What all calls of one client share.

    Args:
        credentials: whose client it is.
        config: every setting.
        session: the user's aiohttp session, or none.
        source: the user's token source, or none.
        store: the user's token store, or none.
        limiter: the user's limiter, or none.
        on_event: told what happens, or none.

    Raises:
        TypeError: a plug-in is none; the message names the argument.
        ValueError: a proxy of the environment cannot be used.

    """

    def __init__(
        self,
        credentials: Credentials,
        config: UnionConfig,
        session: "aiohttp.ClientSession | None" = None,
        source: TokenSource | None = None,
        store: TokenStore | None = None,
        limiter: RateLimiter | None = None,
        on_event: "Callable[[Event], object] | None" = None,
    ) -> None:
        _check_plug_in("token_source", source, ("fetch",), ("can_force",))
        _check_plug_in("token_store", store, ("load", "save", "discard", "lease"))
        _check_plug_in("rate_limiter", limiter, ("acquire", "pause", "paused_for", "aclose"))
        _check_handler(on_event)
        self.credentials = credentials
        self.config = config
        self._given = session is not None
        self.transport = Transport(config.base_urls, config.max_answer_size, session)
        self.limiter: RateLimiter = LocalRateLimiter() if limiter is None else limiter
        self.closers: list[Callable[[], Awaitable[None]]] = [self.limiter.aclose] if limiter is None else []
        """What else has to be closed with the session, because it is ours."""
        self.redact = Redactor(credentials.app_secret)
        self.hosts = Hosts(config.base_urls, self.change_host)
        self.attempts = Attempts(self.transport, self.hosts, self.redact, config.attempt_timeout)
        self.tokens = TokenManager(
            credentials,
            StableTokenSource() if source is None else source,
            MemoryTokenStore() if store is None else store,
            TokenRequests(self.transport, self.hosts, self.attempts, self.redact, config.retry),
            config.call_timeout,
            None if on_event is None else self.emit,
            self.recall,
        )
        watches: list[Any] = [watch for plug_in in (store, limiter) if (watch := getattr(plug_in, "watch", None))]
        self.unwatch: list[Callable[[], object]] = [watch(self.emit) for watch in watches]
        """What ends the watch over stores and limiters that say when what they share through is out of reach."""
        self.budget = RetryBudget(config.retry.budget)
        self.slots = Gate(config.max_connections)
        self.lines: dict[str, Line] = {}
        self.numbers = itertools.count()
        self.calls = 0
        """How many calls have begun."""
        self.closed = False
        self.on_event = on_event
        self.alarms: set[Alarm] = set()
        """The deadlines of the calls that are under way."""
        self.later: Later | None = None
        """Those of them that are not soon."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._idle = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None
        self.query: tuple[AccessToken | None, Secret] = None, Secret("")
        """A token, and the private part of a call's query that it makes."""

    def __repr__(self) -> str:
        return f"Session({self.credentials.app_id})"

    def bind(self) -> asyncio.AbstractEventLoop:
        """
        Belong to the running event loop from now on, and return it.

        Raises:
            ClientClosedError: the client, or the session that it was given, is closed.
            RuntimeError: it belongs to another event loop.

        """
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            if self._loop is not None:
                raise RuntimeError(
                    "this client belongs to another event loop: make one client per event loop, "
                    "or run all calls in one loop (one asyncio.run, or a loop in a thread of its own)"
                )
            self._loop, self.later = loop, Later(loop)
            _logger.info("%s: started, %s", self.credentials.app_id, self.hosts.current)
        if self.closed:
            raise ClientClosedError("the client is closed")
        if self._given and not self.transport.usable:
            raise ClientClosedError("the aiohttp session that the client was given is closed")
        return loop

    # ── open deadlines ───────────────────────────────────────────────────────────────────────────────────────────────

    def leave(self, alarm: Alarm) -> None:
        """Forget a call that is over."""
        alarm.close()
        self.alarms.discard(alarm)
        if not self.alarms:
            self._idle.set()

    # ── what calls share ─────────────────────────────────────────────────────────────────────────────────────────────

    def line(self, path: str, now: Callable[[], float]) -> Line:
        """Make the line of a path that ``lines`` does not have yet."""
        most = max(1, self.config.max_connections // 4)
        line = Line(self.limiter, (self.credentials.app_id, path), self.config.limit_of(path), most, now)
        self.lines[path] = line
        return line

    def use_token(self, token: AccessToken) -> None:
        """Make the private part of a call's query; done once per token."""
        self.redact.remember(token)
        self.query = token, Secret(urlencode({"access_token": token.value}, quote_via=quote))

    async def pause(self, path: str, line: Line, seconds: float, errmsg: str) -> None:
        """Have nobody send on ``path`` for a while, after a 45011."""
        if not line.paused_for():
            _logger.warning("%s: paused for %.0f s: too many calls this minute (45011)", path, seconds)
            if self.on_event is not None:
                from wxunion_async.events import PathPausedEvent

                self.emit(PathPausedEvent(endpoint=path, seconds=seconds))
        await self.limiter.pause(self.credentials.app_id, path, seconds)
        line.tell_pause(errmsg)

    def recall(self) -> None:
        """Let nobody hold a connection while a token is fetched."""
        for line in self.lines.values():
            line.recall()

    def change_host(self, old: str, new: str, error: UnionError | None) -> None:
        """Tell that new attempts go to another host."""
        _logger.info("%s: new attempts go to %s", old, new)
        if self.on_event is not None:
            from wxunion_async.events import HostChangedEvent

            self.emit(HostChangedEvent(old=old, new=new, error=error))

    def emit(self, event: "Event") -> None:
        """Tell the user's handler; what goes wrong there harms no call."""
        if self.on_event is None:
            return
        try:
            self.on_event(event)
        except Exception:
            _logger.exception("on_event failed")

    def stats(self) -> "ClientStats":
        """Return a snapshot."""
        from wxunion_async._stats import ClientStats

        age, ends_in = (self._loop and self.tokens.age(self._loop.time())) or (None, None)
        return ClientStats(
            calls=self.calls,
            under_way=len(self.alarms),
            attempts=self.attempts.made,
            waiting={path: waiting for path, line in self.lines.items() if (waiting := line.waiting)},
            permits_granted=sum(line.granted for line in self.lines.values()),
            permits_used=sum(line.used for line in self.lines.values()),
            token_age=age,
            token_ends_in=ends_in,
            open_connections=self.transport.open_connections,
            budget_left=self.budget.left,
            host=self.hosts.current,
        )

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def aclose(self) -> None:
        """Refuse new calls, end those under way, wait for them and the refresh, close what is ours."""
        loop = asyncio.get_running_loop()
        if self._loop is not None and self._loop is not loop:
            raise RuntimeError("this client belongs to another event loop: close it there")
        self.closed = True
        while True:
            if self._closing is None or self._closing.cancelled():
                self._closing = asyncio.create_task(self._close(), name="wxunion_async close")
            closing = self._closing
            await asyncio.wait((closing,))
            if not closing.cancelled():  # else somebody outside ended it, and it is begun anew
                return closing.result()

    async def _close(self) -> None:
        for alarm in self.alarms:
            alarm.ring(ClientClosedError("the client was closed during the call"))
        while self.alarms:
            self._idle.clear()
            await self._idle.wait()
        for line in self.lines.values():
            line.close()
        await self.tokens.aclose()
        for end_watch in self.unwatch:
            end_watch()
        async with AsyncExitStack() as all_of_it:  # whatever one of them raises, the others are closed
            for close in (self.transport.aclose, *self.closers):
                all_of_it.push_async_callback(close)


def _check_plug_in(name: str, value: object, methods: tuple[str, ...], others: tuple[str, ...] = ()) -> None:
    if value is None:
        return
    if isinstance(value, type):
        raise TypeError(f"{name} must be an instance, not the class {value.__name__}")
    missing = [method for method in methods if not callable(getattr(value, method, None))]
    missing += [other for other in others if not hasattr(value, other)]
    if missing:
        raise TypeError(f"{name} must have {', '.join((*methods, *others))}; {type(value).__name__} lacks {missing[0]}")


def _check_handler(on_event: object) -> None:
    if on_event is None:
        return
    if not callable(on_event):
        raise TypeError(f"on_event must be callable, not {type(on_event).__name__}")
    if inspect.iscoroutinefunction(on_event) or inspect.iscoroutinefunction(type(on_event).__call__):
        raise TypeError("on_event must be a plain function, not a coroutine function: nobody would await it")
