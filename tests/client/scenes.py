"""Calls of every kind, each with its client and server: to be ended at any of their steps."""

import asyncio
import functools
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from wxunion_async import (
    AccessToken,
    ApplyStatusRequest,
    ClientClosedError,
    ExternalTokenSource,
    GetBindSharerListRequest,
    RateLimit,
    RetryPolicy,
    TokenSource,
    UnionClient,
    UnionConfig,
)

from .raw import DONE, TOKEN, Answer, RawServer, http

STATUS = "/union/promoter/target/apply_status"
REFUSED = b'{"errcode":40001,"errmsg":"invalid"}'


class Scene:
    """A client on a server, and one call of it that is to be ended."""

    def __init__(self, client: UnionClient, server: RawServer) -> None:
        self.client = client
        self.server = server
        self.call: Callable[[], Awaitable[object]] = self.next
        """Makes the call that is to be ended."""

    async def next(self) -> object:
        """Make a plain call."""
        return await self.client.target.apply_status("1")

    @asynccontextmanager
    async def others(self, count: int) -> AsyncGenerator[None]:
        """Have so many other calls under way, which are not harmed."""
        others = [asyncio.create_task(self.next()) for _ in range(count)]
        await asyncio.sleep(0)
        try:
            yield
        finally:
            for outcome in await asyncio.gather(*others, return_exceptions=True):
                assert not isinstance(outcome, BaseException) or isinstance(outcome, ClientClosedError), outcome


Make = Callable[[], AbstractAsyncContextManager[Scene]]


@asynccontextmanager
async def scene(
    limit: RateLimit | None = None,
    answer: Answer | None = None,
    other_host: str = "",
    source: TokenSource | None = None,
) -> AsyncGenerator[Scene]:
    """Have one connection and one place in line: whatever an ended call kept would block the next."""
    async with RawServer(*([answer] if answer else [])) as server:
        config = UnionConfig(
            base_urls=(other_host, server.url) if other_host else (server.url,),
            max_connections=1,
            call_timeout=5,
            rate_limits={STATUS: limit or RateLimit(100_000, 1.0)},
            retry=RetryPolicy(base_delay=0.01),
        )
        async with UnionClient("wx", "s3cret-s3cret", config=config, token_source=source) as client:
            yield Scene(client, server)


async def at_hand() -> AccessToken:
    """Be a central token server."""
    return AccessToken("a-token-from-elsewhere", 4e9)


def failing(*answers: bytes | None) -> Answer:
    """Give these answers to the first calls, then good ones; ``None`` hangs up."""
    left = list(answers)

    async def answer(server: RawServer, head: str) -> bytes | None:
        if "/cgi-bin/" in head:
            return http(TOKEN)
        return left.pop(0) if left else http(DONE)

    return answer


async def refusing(server: RawServer, head: str) -> bytes:
    """Refuse the first token, and take a moment to issue one."""
    if "/cgi-bin/" in head:
        await asyncio.sleep(0.002)
        return http(TOKEN.replace(b"a-token", b"token-%d" % len(server.heads)))
    return http(REFUSED if "token-1-" in head else DONE)


async def paging(server: RawServer, head: str) -> bytes:
    """Serve lists of three pages."""
    if "sharer" not in head.split("\r\n")[0]:
        return http(TOKEN if "/cgi-bin/" in head else DONE)
    key = b"" if len(server.heads) % 3 == 0 else b"k%d" % len(server.heads)
    return http(b'{"errcode":0,"sharer_info_list":[{"sharer_appid":"wx1"}],"next_key":"%s"}' % key)


# ── the scenes ───────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def cold() -> AsyncGenerator[Scene]:
    """Have no token and no connection: the call leads the refresh."""
    async with scene() as ready:
        yield ready


@asynccontextmanager
async def warm() -> AsyncGenerator[Scene]:
    """Have a token and a kept connection."""
    async with scene() as ready:
        await ready.next()
        yield ready


@asynccontextmanager
async def following() -> AsyncGenerator[Scene]:
    """Have others lead the refresh."""
    async with scene(answer=refusing) as ready, ready.others(2):
        yield ready


@asynccontextmanager
async def in_line() -> AsyncGenerator[Scene]:
    """Have others before it in line, for a permit every 20 ms."""
    async with scene(RateLimit(50, 1.0, burst=1)) as ready:
        await ready.next()
        async with ready.others(3):
            yield ready


@asynccontextmanager
async def backing_off() -> AsyncGenerator[Scene]:
    """Have the first attempt fail."""
    async with scene(answer=failing(http(b"down", status="503 Service Unavailable"))) as ready:
        yield ready


@asynccontextmanager
async def cut_off() -> AsyncGenerator[Scene]:
    """Have the kept connection closed when the request comes."""
    async with scene(answer=failing(http(DONE), None)) as ready:
        await ready.next()
        yield ready


@asynccontextmanager
async def left_idle() -> AsyncGenerator[Scene]:
    """Have the kept connection closed in this very moment."""
    async with scene() as ready:
        await ready.next()
        for task in list(ready.server._tasks):
            task.cancel()
        yield ready


@asynccontextmanager
async def failing_over() -> AsyncGenerator[Scene]:
    """Have the first host refuse."""
    source = ExternalTokenSource(at_hand)  # else the token's request would find the other host
    async with scene(other_host="http://127.0.0.1:1", source=source) as ready:
        yield ready


@asynccontextmanager
async def refused_token() -> AsyncGenerator[Scene]:
    """Have the first token refused: the call leads its replacement."""
    async with scene(answer=refusing) as ready:
        yield ready


@asynccontextmanager
async def refused_with_others() -> AsyncGenerator[Scene]:
    """Have the token refused, and others lead its replacement."""
    async with scene(answer=refusing) as ready:
        await ready.client.token()
        async with ready.others(2):
            yield ready


@asynccontextmanager
async def paged() -> AsyncGenerator[Scene]:
    """Fetch three pages."""
    async with scene(answer=paging) as ready:

        async def call() -> object:
            return [page async for page in ready.client.pages(GetBindSharerListRequest())]

        ready.call = call
        yield ready


REQUESTS = [ApplyStatusRequest(plan_id=str(number)) for number in range(4)]


@asynccontextmanager
async def gathered() -> AsyncGenerator[Scene]:
    """Send four requests, two at once."""
    async with scene() as ready:
        ready.call = functools.partial(ready.client.gather, REQUESTS, max_at_once=2)
        yield ready


@asynccontextmanager
async def mapped() -> AsyncGenerator[Scene]:
    """Send four requests that come one by one, in the middle of a permit every 5 ms."""

    async def requests() -> AsyncGenerator[ApplyStatusRequest]:
        for request in REQUESTS:
            await asyncio.sleep(0)
            yield request

    async with scene(RateLimit(200, 1.0, burst=1)) as ready:

        async def call() -> object:
            source = requests()
            try:
                async with ready.client.map(source, max_at_once=2, ordered=True) as outcomes:
                    return [outcome.unwrap() async for outcome in outcomes]
            finally:
                await source.aclose()

        ready.call = call
        yield ready


SCENES: list[Make] = [
    cold,
    warm,
    following,
    in_line,
    backing_off,
    cut_off,
    left_idle,
    failing_over,
    refused_token,
    refused_with_others,
    paged,
    gathered,
    mapped,
]

BULK: list[Make] = [paged, gathered]
"""Scenes in which others than the caller do the work, or that begin again and again."""
