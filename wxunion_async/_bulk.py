"""
Many requests through one client: a fixed pool of workers, and no more in memory than they can have under way.

The workers are plain tasks that live from the beginning of the block to its end; there is no task group across a
``yield``. Pulling, handing out and ending are each decided in one synchronous step, and the source has one owner at any
moment: the worker that pulls from it, or, once the run is stopped, ``gather``.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from wxunion_async._endpoint import UnionRequest
from wxunion_async._outcome import Outcome
from wxunion_async._source import END, Source
from wxunion_async._values import check_count, check_flag
from wxunion_async.errors import (
    ClientClosedError,
    CredentialError,
    PermissionDeniedError,
    QuotaExhaustedError,
    TokenError,
    TransportError,
    UnionError,
)

__all__ = ["Outcome", "Outcomes", "gather"]

R = TypeVar("R", bound=UnionRequest[Any])
Requests = Iterable[R] | AsyncIterable[R]
Settle = Callable[[int, R], Awaitable[Outcome[R]]]

FATAL = (CredentialError, PermissionDeniedError, QuotaExhaustedError, TokenError, ClientClosedError)
"""What would fail every item that follows."""
_GRACE: Final = 1.0
"""Seconds that a source has to finish the item it is at when the run is stopped."""


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
        if not isinstance(requests, (Iterable, AsyncIterable)):  # pyright: ignore[reportUnnecessaryIsInstance] - a user's
            raise TypeError(f"requests must be an iterable or an async iterable, not {type(requests).__name__}")
        check_count("max_at_once", max_at_once)
        check_flag("ordered", ordered)
        self._source: Source[R] | None = Source(requests)
        self._settle = settle
        self._size = max_at_once
        self._ordered = ordered
        self._workers: list[asyncio.Task[None]] = []
        # Twice as many as there are workers may be pulled and not yet yielded: a worker need not wait for the consumer
        # after each item, and in an ordered run the others go on while the first in line is slow.
        self._room = asyncio.Semaphore(2 * max_at_once)
        self._done: dict[int, Outcome[R] | None] = {}
        self._order: deque[int] = deque()
        self._news = asyncio.Event()
        self._pulled = 0
        self._yielded = 0
        self._ended = False
        self.grace = _GRACE
        """Seconds that the source has to finish its item when the run is stopped; ``math.inf``: as long as it takes."""
        self._grace_over = False
        self._cause: BaseException | None = None

    async def __aenter__(self) -> Self:
        if self._workers or self._source is None:
            raise RuntimeError("a bulk run can be entered once")
        for number in range(self._size):
            worker = asyncio.create_task(self._work(self._source), name=f"wxunion_async bulk {number}")
            worker.add_done_callback(self._worker_over)
            self._workers.append(worker)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(None)
        self._source = None  # it may be the caller's: let go, not closed
        for worker in self._workers:
            worker.cancel()
        try:
            await _all_over(self._workers)
        finally:
            self._workers.clear()

    def __aiter__(self) -> AsyncIterator[Outcome[R]]:
        return self

    def stop(self) -> None:
        """
        Pull no more and let what is under way end; for SIGTERM, and callable from a signal handler of the loop.

        The iteration goes on until the last outcome. A source that is at an item then has a second to finish it.

        .. versionadded:: 0.2.0

        """
        self._end(None)

    async def __anext__(self) -> Outcome[R]:
        source = self._source
        if source is None or not self._workers:
            raise RuntimeError("a bulk run yields inside of its block: async with client.map(…) as outcomes")
        while True:
            while (index := self._next_index()) is not None:
                outcome = self._done.pop(index)
                self._yielded += 1
                self._room.release()
                if outcome is not None:
                    return outcome
            if self._ended and self._yielded == self._pulled and (self._grace_over or not source.busy):
                cause, self._cause = self._cause, None
                raise StopAsyncIteration if cause is None else cause
            self._news.clear()
            await self._news.wait()

    async def rest(self, error: UnionError) -> AsyncIterator[Outcome[R]]:
        """Yield an outcome with ``error`` for each request that a stopped run did not pull."""
        assert self._source is not None
        while (request := await self._source.pull()) is not END:
            yield Outcome(index=self._pulled, request=request, error=error)
            self._pulled += 1

    def _next_index(self) -> int | None:
        if self._ordered:
            return self._yielded if self._yielded in self._done else None
        return self._order.popleft() if self._order else None

    # ── workers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _work(self, source: "Source[R]") -> None:
        while (pulled := await self._pull(source)) is not None:
            index, request = pulled
            outcome: Outcome[R] | None = None
            try:
                if isinstance(self._cause, FATAL):  # it came when the run was stopped already
                    outcome = Outcome(index=index, request=request, error=self._cause)
                else:
                    outcome = await self._settle(index, request)
            except BaseException as error:
                # Not of our tree: a request that is none, another event loop, a cancellation that is not of this task.
                if _ends_worker(error):
                    outcome = Outcome(index=index, request=request, error=_abandoned(request))
                    raise
                self._end(error)
            else:
                if isinstance(outcome.error, FATAL):
                    self._end(outcome.error)
            finally:
                self._done[index] = outcome
                if not self._ordered:
                    self._order.append(index)
                self._news.set()

    async def _pull(self, source: "Source[R]") -> tuple[int, R] | None:
        """Return the next request and its index, when there is room for it; ``None`` at the end."""
        await self._room.acquire()
        if self._ended:
            return None
        try:
            request = source.pull_nowait() if source.plain else await source.pull(unless=lambda: self._ended)
        except BaseException as error:
            if _ends_worker(error):
                raise
            self._end(error)
            return None
        if request is END:
            self._end(None)
            return None
        index, self._pulled = self._pulled, self._pulled + 1
        return index, request

    def _end(self, cause: BaseException | None, grace_over: bool = False) -> None:
        """Pull no more; the first cause is the one that is raised, also when the input had ended before it."""
        self._grace_over |= grace_over
        if not self._ended:
            self._ended = True
            if self._source is not None and self._source.busy and self.grace < math.inf:
                asyncio.get_running_loop().call_later(self.grace, self._end, None, True)
        if self._cause is None:
            self._cause = cause
        self._news.set()

    def _worker_over(self, worker: "asyncio.Task[None]") -> None:
        """See to it that a worker that somebody else ended ends the run, since nobody does its work."""
        if self._source is not None and worker.cancelled():
            self._end(RuntimeError("a worker of this bulk run was cancelled by somebody else"))
        self._news.set()


async def gather(run: Outcomes[R]) -> list[Outcome[R]]:
    """Return the outcome of each request in the order of the input; see ``client.gather``."""
    outcomes: list[Outcome[R]] = []
    run.grace = math.inf  # the rest is pulled all the same
    try:
        async with run:
            try:
                async for outcome in run:
                    outcomes.append(outcome)  # noqa: PERF401 - a comprehension would lose them when the run is stopped
            except FATAL as error:
                if not any(outcome.error is error for outcome in outcomes):
                    raise  # the caller's iterable raised it
                async for outcome in run.rest(error):
                    outcomes.append(outcome)  # noqa: PERF401
    except Exception as error:
        error.outcomes = outcomes  # type: ignore[attr-defined]
        raise
    return outcomes


def _abandoned(request: UnionRequest[Any]) -> UnionError:
    error = TransportError("the worker that sent this request was cancelled by somebody else", retryable=False)
    error.endpoint, error.request, error.ambiguous = request.path, request, not request.resend
    return error


def _ends_worker(error: BaseException) -> bool:
    """Say whether an error is the cancellation of the worker itself."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


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
