"""
Many requests through one client: a fixed pool of workers, and no more in memory than they can have under way.

The workers are plain tasks that live from the beginning of the block to its end; there is no task group across a
``yield``. Pulling, handing out and ending are each decided in one synchronous step.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from wxunion_async._endpoint import UnionRequest
from wxunion_async._outcome import Outcome
from wxunion_async._values import check_count
from wxunion_async.errors import (
    ClientClosedError,
    CredentialError,
    PermissionDeniedError,
    QuotaExhaustedError,
    TokenError,
    UnionError,
)

__all__ = ["Outcome", "Outcomes", "gather"]

R = TypeVar("R", bound=UnionRequest[Any])
Requests = Iterable[R] | AsyncIterable[R]

FATAL = (CredentialError, PermissionDeniedError, QuotaExhaustedError, TokenError, ClientClosedError)
"""What would fail every item that follows."""


Settle = Callable[[int, R], Awaitable[Outcome[R]]]


class Outcomes(Generic[R]):
    """
    One bulk run: the async context manager that ``client.map`` returns, and the async iterator inside of it.

    Args:
        requests: where requests are pulled from, one at a time.
        settle: sends one and says what became of it.
        max_at_once: how many workers there are.
        ordered: yield in the order of the input; else as they come.

    """

    def __init__(self, requests: Requests[R], settle: Settle[R], *, max_at_once: int, ordered: bool) -> None:
        _check(requests, max_at_once, ordered)
        self._source = _pulled_from(requests)
        self._settle = settle
        self._size = max_at_once
        self._ordered = ordered
        self._workers: list[asyncio.Task[None]] = []
        self._pulling = asyncio.Lock()
        # Twice as many as there are workers may be pulled and not yet yielded: a worker need not wait for the consumer
        # after each item, and in an ordered run the others go on while the first in line is slow.
        self._room = asyncio.Semaphore(2 * max_at_once)
        self._done: dict[int, Outcome[R] | None] = {}
        self._order: deque[int] = deque()
        self._unsent: list[R] = []
        self._news = asyncio.Event()
        self._pulled = 0
        self._yielded = 0
        self._ended = False
        self._cause: BaseException | None = None

    async def __aenter__(self) -> Self:
        if self._workers:
            raise RuntimeError("a bulk run can be entered once")
        self._workers = [
            asyncio.create_task(self._work(), name=f"wxunion_async bulk {number}") for number in range(self._size)
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(None)
        for worker in self._workers:
            worker.cancel()
        await _all_over(self._workers)

    def __aiter__(self) -> AsyncIterator[Outcome[R]]:
        return self

    async def __anext__(self) -> Outcome[R]:
        if not self._workers:
            raise RuntimeError("a bulk run yields inside of its block: async with client.map(…) as outcomes")
        while True:
            while (index := self._next_index()) is not None:
                outcome = self._done.pop(index)
                self._yielded += 1
                self._room.release()
                if outcome is not None:
                    return outcome
            if self._ended and self._yielded == self._pulled:
                self._raise_cause()
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()

    async def rest(self, first: int, error: UnionError) -> AsyncIterator[Outcome[R]]:
        """Yield an outcome with ``error`` for each request that a stopped run did not send."""
        for request in self._unsent:
            yield Outcome(index=first, request=request, error=error)
            first += 1
        async for request in self._source:
            yield Outcome(index=first, request=request, error=error)
            first += 1

    def _next_index(self) -> int | None:
        if self._ordered:
            return self._yielded if self._yielded in self._done else None
        return self._order.popleft() if self._order else None

    def _raise_cause(self) -> None:
        """Raise, once, what ended the run before the input did."""
        cause, self._cause = self._cause, None
        if cause is not None:
            raise cause

    # ── workers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _work(self) -> None:
        while (pulled := await self._pull()) is not None:
            index, request = pulled
            outcome: Outcome[R] | None = None
            try:
                outcome = await self._settle(index, request)
            except BaseException as error:
                # Not of our tree: a request that is none, another event loop, a cancellation that is not of this task.
                if _is_ours(error):
                    raise
                self._end(error)
            else:
                if isinstance(outcome.error, FATAL):
                    self._end(outcome.error)
            self._done[index] = outcome
            if not self._ordered:
                self._order.append(index)
            self._news.set()

    async def _pull(self) -> tuple[int, R] | None:
        """Return the next request and its index, when there is room for it; ``None`` at the end."""
        await self._room.acquire()
        async with self._pulling:
            if not self._ended:
                try:
                    request = await anext(self._source)
                except StopAsyncIteration:
                    self._end(None)
                except BaseException as error:
                    if _is_ours(error):
                        raise
                    self._end(error)
                else:
                    if not self._ended:
                        index, self._pulled = self._pulled, self._pulled + 1
                        return index, request
                    self._unsent.append(request)  # the run was stopped while the iterable thought about it
        return None

    def _end(self, cause: BaseException | None) -> None:
        """Pull no more; the first cause is the one that is raised, also when the input had ended before it."""
        self._ended = True
        if self._cause is None:
            self._cause = cause
        self._news.set()


async def gather(run: Outcomes[R]) -> list[Outcome[R]]:
    """Return the outcome of each request in the order of the input; see ``client.gather``."""
    outcomes: list[Outcome[R]] = []
    fatal: UnionError | None = None
    async with run:
        try:
            async for outcome in run:
                outcomes.append(outcome)  # noqa: PERF401 - a comprehension would lose them all when the run is stopped
        except FATAL as error:
            if not any(outcome.error is error for outcome in outcomes):
                raise  # the caller's iterable raised it
            fatal = error
        if fatal is not None:
            outcomes.extend([outcome async for outcome in run.rest(len(outcomes), fatal)])
    return outcomes


def _check(requests: object, max_at_once: object, ordered: object) -> None:
    if not isinstance(requests, (Iterable, AsyncIterable)):
        raise TypeError(f"requests must be an iterable or an async iterable, not {type(requests).__name__}")
    check_count("max_at_once", max_at_once)
    if not isinstance(ordered, bool):
        raise TypeError(f"ordered must be a bool, not {type(ordered).__name__}")


def _pulled_from(requests: Requests[R]) -> AsyncIterator[R]:
    if isinstance(requests, AsyncIterable):
        return aiter(requests)
    return _FromIterable(requests)


class _FromIterable(Generic[R]):
    """An iterable as an async iterator; unlike an async generator it has nothing to close."""

    def __init__(self, requests: Iterable[R]) -> None:
        self._iterator = iter(requests)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> R:
        try:
            return next(self._iterator)
        except StopIteration:
            raise StopAsyncIteration from None


def _is_ours(error: BaseException) -> bool:
    """Say whether an error ends the worker itself: its own cancellation, or the end of the process."""
    task = asyncio.current_task()
    cancelled = isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0
    return cancelled or not isinstance(error, (Exception, asyncio.CancelledError))


async def _all_over(tasks: list[asyncio.Task[None]]) -> None:
    """Wait until the tasks are over, even if the caller is cancelled meanwhile; then let that cancellation go on."""
    cancelled: asyncio.CancelledError | None = None
    while pending := [task for task in tasks if not task.done()]:
        try:
            await asyncio.wait(pending)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
