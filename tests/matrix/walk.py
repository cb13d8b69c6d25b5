"""What a crash reporter could find: a walk over attributes from the frames of the library in a traceback."""

import asyncio
import traceback
import types
from collections import deque
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Final

import wxunion_async

STEPS: Final = 6
"""Attribute steps from a local variable of a frame; what a container holds is as near as the container."""
_PACKAGE: Final = str(Path(wxunion_async.__file__).parent)
# The server of a test lives in the client's loop, and knows the secrets by right.
_CLOSED: Final = (
    asyncio.AbstractEventLoop,
    types.ModuleType,
    type,
    types.FunctionType,
    types.MethodType,
    types.CodeType,
)
_LEAVES: Final = (str, bytes, bytearray, int, float, type(None))


def near(error: BaseException, secret: str) -> list[str]:
    """Return the places within ``STEPS`` of a library frame, in the tracebacks of an error, that hold ``secret``."""
    found: list[str] = []
    seen: set[int] = set()
    to_see: deque[tuple[str, int, Any]] = deque()
    for frame, _ in _frames(error):
        if frame.f_code.co_filename.startswith(_PACKAGE):
            to_see.extend((f"{frame.f_code.co_name}: {name}", 0, value) for name, value in frame.f_locals.items())
    kept: list[Any] = []  # so that no id is given twice
    while to_see:
        place, steps, value = to_see.popleft()
        if isinstance(value, _LEAVES):
            text = value.decode("latin-1") if isinstance(value, (bytes, bytearray)) else str(value)
            if secret in text:
                found.append(place)
        elif id(value) not in seen and not isinstance(value, _CLOSED):
            seen.add(id(value))
            kept.append(value)
            to_see.extend((f"{place}[…]", steps, inner) for inner in _inner(value))
            if steps < STEPS:
                to_see.extend((f"{place}.{name}", steps + 1, inner) for name, inner in _attributes(value))
    return found


def _frames(error: BaseException | None) -> Iterator[tuple[types.FrameType, int]]:
    while error is not None:
        yield from traceback.walk_tb(error.__traceback__)
        error = error.__cause__ or error.__context__


def _inner(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        pairs: list[tuple[Any, Any]] = list(value.items())  # pyright: ignore[reportUnknownArgumentType]
        yield from (part for pair in pairs for part in pair)
    elif isinstance(value, (list, tuple, AbstractSet, deque)):
        yield from list(value)  # pyright: ignore[reportUnknownArgumentType]


def _attributes(value: Any) -> Iterator[tuple[str, Any]]:
    yield from list(getattr(value, "__dict__", {}).items())
    for cls in type(value).__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            try:
                yield name, getattr(value, name)
            except AttributeError:
                continue
