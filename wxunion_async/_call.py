"""What the client asks for beside a plain call: one item of a bulk run, and the token."""

import asyncio
import math
from collections.abc import Callable
from typing import Any, TypeVar

from wxunion_async._alarm import Alarm, Ring
from wxunion_async._endpoint import UnionRequest
from wxunion_async._outcome import Outcome
from wxunion_async._session import Session
from wxunion_async._told import late
from wxunion_async._trip import CallOptions, Trip
from wxunion_async.errors import UnionError
from wxunion_async.protocols import AccessToken

__all__ = ["CallOptions", "Trip", "settle", "wait_for_token"]

R = TypeVar("R", bound=UnionRequest[Any])


async def settle(
    session: Session, index: int, request: R, options: CallOptions, on_send: Callable[[], object] | None = None
) -> Outcome[R]:
    """Send ``request`` for a bulk run and say what became of it; no ``UnionError`` is raised."""
    under_way: Trip[Any] | None = None
    value: Any = None
    error: UnionError | None = None
    try:
        under_way = Trip(session, request, options, session.bind(), on_send)
        value = await under_way.run()
    except UnionError as raised:
        error = raised
        error.request = request
    if under_way is None:
        return Outcome(index=index, request=request, error=error)
    return Outcome(
        index=index,
        request=request,
        value=value,
        error=error,
        attempts=under_way.attempts,
        elapsed=0.0 if under_way.started is None else under_way.now() - under_way.started,
    )


async def wait_for_token(session: Session, options: CallOptions) -> AccessToken:
    """Return the token that calls use, within the time of a call."""
    loop = session.bind()
    alarm = Alarm(loop, loop.time() + options.timeout, math.inf)
    session.alarms.add(alarm)
    try:
        return await session.tokens.get()
    except asyncio.CancelledError as cancellation:
        cause = alarm.caught(cancellation)
        error = late(options.timeout, "token", session.tokens.last) if cause is Ring.DEADLINE else cause
    finally:
        session.leave(alarm)
    assert isinstance(error, UnionError)
    raise error
