"""The caller's iterable of a bulk run."""

import asyncio
import enum
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import Final, Generic, TypeVar

__all__ = ["END", "End", "Source"]

T = TypeVar("T")


class End(enum.Enum):
    """The end of a source; a value, because a source may hold anything, by mistake even ``None``."""

    END = enum.auto()


END: Final = End.END


class Source(Generic[T]):
    """The caller's iterable, with one owner at a time."""

    def __init__(self, requests: Iterable[T] | AsyncIterable[T]) -> None:
        self._iterator: Iterator[T] | None = None
        self._async_iterator: AsyncIterator[T] | None = None
        if isinstance(requests, AsyncIterable):
            self._async_iterator = aiter(requests)
        else:
            self._iterator = iter(requests)
        self.plain = self._iterator is not None
        """It gives its items without a wait."""
        self.busy = False
        """It is in the middle of an item."""
        self._owner = asyncio.Lock()

    def pull_nowait(self) -> T | End:
        """Return the next request of a plain iterable, or ``END``."""
        assert self._iterator is not None
        return next(self._iterator, END)

    async def pull(self, unless: Callable[[], bool] = bool) -> T | End:
        """Return the next request; ``END`` at the end, or if it is no longer wanted when it is our turn."""
        if self.plain:
            return self.pull_nowait()
        assert self._async_iterator is not None
        async with self._owner:
            if unless():
                return END
            self.busy = True
            try:
                return await anext(self._async_iterator, END)
            finally:
                self.busy = False
