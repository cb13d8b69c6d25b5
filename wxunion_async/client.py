"""The client: the only module that names every group of endpoints."""

import copy
import functools
from collections.abc import AsyncGenerator, Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import attrs

from wxunion_async._bulk import Outcome, Outcomes, Requests, gather
from wxunion_async._call import CallOptions, Trip, settle, wait_for_token
from wxunion_async._endpoint import Group, PagedRequest, UnionRequest, calls_of, group, groups_of, pages_of
from wxunion_async._environment import at_base_url, shared_through_redis, variable
from wxunion_async._session import Session
from wxunion_async.config import RetryPolicy, UnionConfig
from wxunion_async.endpoints.category import Category
from wxunion_async.endpoints.headsupplier import Headsupplier
from wxunion_async.endpoints.open_account import OpenAccount
from wxunion_async.endpoints.open_product import OpenProduct
from wxunion_async.endpoints.order import Order
from wxunion_async.endpoints.product import Product
from wxunion_async.endpoints.promoter import Promoter
from wxunion_async.endpoints.promotion import Promotion
from wxunion_async.endpoints.quota import Quota
from wxunion_async.endpoints.target import Target
from wxunion_async.protocols import AccessToken, Credentials, RateLimiter, Secret, TokenSource, TokenStore

if TYPE_CHECKING:
    import aiohttp

    from wxunion_async._stats import ClientStats
    from wxunion_async.events import Event

__all__ = ["ClientView", "UnionClient", "request_classes"]

Answer = TypeVar("Answer")
R = TypeVar("R", bound=UnionRequest[Any])


class UnionClient:
    """
    One client per app and event loop: it shares one token, keeps the rate limits, and returns typed answers.

    It may be built before a loop runs; it belongs to the loop of its first await.

    Args:
        app_id: the account's app id. A union promoter account has ``client.target``, an agency ``client.promoter``.
        app_secret: the account's secret; never shown.
        config: every setting.
        session: an aiohttp session of your own, for a CA, a client certificate, traces; never closed here. Without
            one the client makes its own, which honours the proxies of the environment.
        token_source: where tokens come from; ``StableTokenSource()`` by default.
        token_store: where the token is shared; by default with nobody but this client.
        rate_limiter: who hands out permits to send; by default one of this client's own. Besides the methods of
            ``RateLimiter`` it may have ``acquire_nowait(app_id, path, limit) -> bool``, a permit without a wait, and
            ``room(app_id, path, limit) -> int``, how many there are at this moment.
        on_event: is called with each ``Event``, in the event loop; it should return soon. What it raises is logged.

    Raises:
        TypeError, ValueError: an argument is of the wrong kind or empty; the message names it. Before any I/O.
        ValueError: a proxy of the environment cannot be used; the message names the variable.

    .. versionadded:: 0.1.0

    """

    target: group[Target] = group(Target)
    """Targeted plans (定向计划); for a union promoter account."""
    promoter: group[Promoter] = group(Promoter)
    """Products, coupons, lives and feeds to promote, and the promoters who do; for an agency account."""
    product: group[Product] = group(Product)
    """Products of shops; for a union promoter account."""
    open_product: group[OpenProduct] = group(OpenProduct)
    """Products of mini programs; for a union promoter account."""
    order: group[Order] = group(Order)
    """Orders and what they earn; for a union promoter account."""
    promotion: group[Promotion] = group(Promotion)
    """Promotion positions (推广位); for a union promoter account."""
    open_account: group[OpenAccount] = group(OpenAccount)
    """The open-platform account and your marks for its users; for a union promoter account."""
    headsupplier: group[Headsupplier] = group(Headsupplier)
    """Orders, funds, shops, products, and talents with their shop windows; for an agency account."""
    category: group[Category] = group(Category)
    """The category trees; for an agency account."""
    quota: group[Quota] = group(Quota)
    """Daily quotas; for either account."""

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        *,
        config: UnionConfig | None = None,
        session: "aiohttp.ClientSession | None" = None,
        token_source: TokenSource | None = None,
        token_store: TokenStore | None = None,
        rate_limiter: RateLimiter | None = None,
        on_event: "Callable[[Event], object] | None" = None,
    ) -> None:
        credentials = Credentials(_text("app_id", app_id), Secret(_text("app_secret", app_secret)))
        config = UnionConfig() if config is None else config
        if not isinstance(config, UnionConfig):
            raise TypeError(f"config must be a UnionConfig, not {type(config).__name__}")
        self._session = Session(credentials, config, session, token_source, token_store, rate_limiter, on_event)
        self._owned = True
        self._obey(config)

    def _obey(self, config: UnionConfig) -> None:
        self._config = config
        self._options = CallOptions(timeout=config.call_timeout, retry=config.retry, strict=config.strict_decoding)

    def __getstate__(self) -> dict[str, Any]:
        # What copy() takes over; a copy with other options has groups of its own.
        return {name: value for name, value in vars(self).items() if not isinstance(value, Group)}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._session.credentials.app_id!r})"

    async def call(self, request: UnionRequest[Answer], /) -> Answer:
        """
        Send any request value and return its typed answer.

        Args:
            request: one of the library's, or of a class of your own.

        Raises:
            UnionError: see the tree in ``wxunion_async.errors``.
            RuntimeError: the client belongs to another event loop.
            TypeError: ``request`` is no request value.

        .. versionadded:: 0.1.0

        """
        if not isinstance(request, UnionRequest):  # pyright: ignore[reportUnnecessaryIsInstance] - a user's
            raise TypeError(f"request must be a UnionRequest, not {type(request).__name__}")
        return await Trip(self._session, request, self._options, self._session.bind()).run()

    def pages(self, request: PagedRequest[Answer, Any], /) -> AsyncGenerator[Answer, None]:
        """
        Yield the whole answers, page after page, from the one that ``request`` asks for on.

        A page is fetched when it is asked for. It ends as the vendor's document says, and on a key that came before.

        Raises:
            UnionError: as a call's; the pages before have been yielded, and ``error.request`` is the one that failed.
            TypeError: ``request`` is not paged.

        .. versionadded:: 0.2.0

        """
        return pages_of(self.call, request)

    async def token(self) -> AccessToken:
        """
        Return the access token that calls use, for other code of the same app; fetched if there is none.

        Raises:
            UnionError: as a call's, when the token cannot be had; ``DeadlineExceededError`` after ``call_timeout``.

        .. versionadded:: 0.2.0

        """
        return await wait_for_token(self._session, self._options)

    def stats(self) -> "ClientStats":
        """
        Return what the client has done so far, and what it is doing; costs next to nothing.

        .. versionadded:: 0.2.0

        """
        return self._session.stats()

    def map(
        self,
        requests: Requests[R],
        *,
        max_at_once: int = 32,
        ordered: bool = False,
        on_send: Callable[[int, R], object] | None = None,
    ) -> Outcomes[R]:
        """
        Send many requests and yield the outcome of each: ``async with client.map(requests) as outcomes: async for …``.

        Requests are pulled one at a time, no more than can be under way, so a million of them take no more memory than
        a hundred. One failed request is an outcome. The clock of ``call_timeout`` begins with a request's permit, and
        a 45011 is waited out, up to five times. An error that would fail every request (``CredentialError``,
        ``PermissionDeniedError``, ``QuotaExhaustedError``, ``TokenError``, ``ClientClosedError``) stops the run: no
        more is pulled, what was pulled is yielded, then the error is raised. So is an error of ``requests`` itself.
        ``outcomes.stop()`` pulls no more and lets what is under way end. Leaving the block early cancels what is under
        way; ``requests`` is not closed.

        Args:
            requests: any iterable or async iterable of request values, of one class or several.
            max_at_once: how many are under way at once.
            ordered: yield in the order of the input; else as they come.
            on_send: is called with index and request right before each sending; what it raises stops the run.

        Raises:
            TypeError, ValueError: an argument is wrong, or an item is no request value; the message names it.
            RuntimeError: a worker was cancelled by somebody else.

        .. versionadded:: 0.1.0

        """
        options = attrs.evolve(self._options, patient=True)

        def send(index: int, request: R) -> Awaitable[Outcome[R]]:
            tell = None if on_send is None else functools.partial(on_send, index, request)
            if not isinstance(request, UnionRequest):  # pyright: ignore[reportUnnecessaryIsInstance] - a user's
                raise TypeError(f"request must be a UnionRequest, not {type(request).__name__}")
            return settle(self._session, index, request, options, tell)

        return Outcomes(requests, send, max_at_once=max_at_once, ordered=ordered)

    async def gather(self, requests: Requests[R], *, max_at_once: int = 32) -> list[Outcome[R]]:
        """
        Send many requests and return their outcomes in the order of the input.

        As ``map``, but what stops a run is no exception here: the requests that were not sent get it as their error,
        with 0 attempts. An error of ``requests`` itself is raised, with the outcomes so far as its ``outcomes``.

        Args:
            requests: any finite iterable or async iterable of request values, of one class or several.
            max_at_once: how many are under way at once.

        Raises:
            TypeError, ValueError: an argument is wrong, or an item is no request value; the message names it.
            RuntimeError: a worker was cancelled by somebody else.

        .. versionadded:: 0.1.0

        """
        return await gather(self.map(requests, max_at_once=max_at_once, ordered=True))

    def with_options(
        self,
        *,
        call_timeout: float | None = None,
        retry: RetryPolicy | None = None,
        strict_decoding: bool | None = None,
    ) -> Self:
        """
        Return a client with other options over the same session, token and limiter; closing it closes nothing.

        Args:
            call_timeout: seconds for one call; ``None`` leaves it.
            retry: when a failed attempt is made again; ``None`` leaves it. The client has one retry budget, whose
                size its own policy sets, so ``budget`` has no effect here.
            strict_decoding: raise ``DecodeError`` on drift; ``None`` leaves it.

        Raises:
            TypeError, ValueError: an option is of the wrong kind or out of range; the message names it.

        .. versionadded:: 0.1.0

        """
        given = {"call_timeout": call_timeout, "retry": retry, "strict_decoding": strict_decoding}
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        other = copy.copy(self)
        other._obey(attrs.evolve(self._config, **changes))
        other._owned = False
        return other

    @classmethod
    def from_env(
        cls,
        prefix: str = "WXUNION",
        *,
        config: UnionConfig | None = None,
        session: "aiohttp.ClientSession | None" = None,
        token_source: TokenSource | None = None,
        token_store: TokenStore | None = None,
        rate_limiter: RateLimiter | None = None,
        on_event: "Callable[[Event], object] | None" = None,
    ) -> Self:
        """
        Build a client from ``<prefix>_APP_ID`` and ``<prefix>_APP_SECRET``.

        If ``<prefix>_BASE_URL`` is set, the service is there; if ``<prefix>_REDIS_URL`` is, token and limits are
        shared through that Redis (extra ``redis``), and the connections to it are closed with the client.
        ``<prefix>_REDIS_LOCAL_SHARE`` is the share of the limit that this process keeps to while Redis is down.

        Args:
            prefix: of the names of the environment variables.
            config: every other setting; ``<prefix>_BASE_URL`` replaces its ``base_urls``.
            session: as for the client.
            token_source: as for the client.
            token_store: as for the client; it goes before Redis.
            rate_limiter: as for the client; it goes before Redis.
            on_event: as for the client.

        Raises:
            ValueError: a variable is missing, empty or wrong; the message names it. Before any I/O.

        .. versionadded:: 0.1.0

        """
        store, limiter, close = shared_through_redis(f"{prefix}_REDIS_URL", f"{prefix}_REDIS_LOCAL_SHARE")
        client = cls(
            variable(f"{prefix}_APP_ID"),
            variable(f"{prefix}_APP_SECRET"),
            config=at_base_url(UnionConfig() if config is None else config, f"{prefix}_BASE_URL"),
            session=session,
            token_source=token_source,
            token_store=store if token_store is None else token_store,
            rate_limiter=limiter if rate_limiter is None else rate_limiter,
            on_event=on_event,
        )
        if close is not None:
            client._session.closers.append(close)
        return client

    async def __aenter__(self) -> Self:
        self._session.bind()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """
        Close the client; it may be closed twice.

        What ``with_options`` returned closes nothing. New calls are refused, those under way end at once with
        ``ClientClosedError``, and when they and the token refresh are over, what belongs to the client is closed. A
        session, store or limiter of yours is not.

        Raises:
            RuntimeError: the client belongs to another event loop.

        .. versionadded:: 0.1.0

        """
        if self._owned:
            await self._session.aclose()


ClientView = UnionClient
"""What ``with_options`` returns; the name of former versions."""


def request_classes() -> tuple[type[UnionRequest[Any]], ...]:
    """
    Return the request class of every call that stands in a group of the client, loading them all.

    .. versionadded:: 0.2.0

    """
    return tuple(cls for declared in groups_of(UnionClient) for cls in calls_of(declared).values())


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    if not value.strip():
        raise ValueError(f"{name} must not be empty")
    return value
