"""Who is told when Redis goes and comes back: the clients that use it, as long as they live."""

import weakref
from collections.abc import Callable

from wxunion_async.events import Event

__all__ = ["Listeners"]


class Listeners:
    """Bound methods that take events; each is told once, however often it was added, and none is kept alive."""

    def __init__(self) -> None:
        self._methods: set[weakref.WeakMethod[Callable[[Event], object]]] = set()

    def add(self, method: Callable[[Event], object]) -> None:
        """Tell this bound method from now on."""
        self._methods.add(weakref.WeakMethod(method))

    def tell(self, event: Event) -> None:
        """Tell all who are still there."""
        self._methods = {method for method in self._methods if method() is not None}
        for method in self._methods:
            if (tell := method()) is not None:
                tell(event)
