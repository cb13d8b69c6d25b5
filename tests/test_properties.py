"""
The token against a model of the service, on a simulated clock; and what a drift of the vendor's leaves alone.

Other properties stand beside what they are about: the limiter's, the line's, the retry's arithmetic, and that both
readers agree.
"""

import asyncio
import functools
import math
import operator
from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxunion_async import (
    AccessToken,
    CredentialError,
    Credentials,
    DecodeError,
    MemoryTokenStore,
    Secret,
    TokenCall,
    TransportError,
    UnionError,
    UnionRequest,
    decode,
    request_classes,
)
from wxunion_async._decoding import wire_name
from wxunion_async._endpoint import answer_type_of, path_rule
from wxunion_async._token_manager import TokenManager
from wxunion_async.testing import load_answer

pytestmark = pytest.mark.untraced

# ── the token ────────────────────────────────────────────────────────────────────────────────────────────────────────

LIFE = 7200.0
Step = tuple[str, float]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([0.0, 0.5, 2.0, 31.0, 70.0, 6_900.0, 7_300.0])),
        st.tuples(st.just("call"), st.sampled_from([1.0, 3.0])),
        st.tuples(st.just("rotate"), st.just(0.0)),
        st.tuples(st.just("stick"), st.just(0.0)),
        st.tuples(st.just("clock"), st.sampled_from([-90_000.0, -600.0, 600.0, 90_000.0])),
        st.tuples(st.just("fail"), st.sampled_from([0.0, 1.0, 2.0])),
        st.tuples(st.just("slow"), st.sampled_from([0.0, 0.4, 5.0])),
        st.tuples(st.just("cancel"), st.just(0.0)),
    ),
    max_size=25,
)


class Service:
    """Issues tokens, ends them, and fails, as it is told; the source of a manager that knows nothing of it."""

    def __init__(self, time: Any, *, can_force: bool) -> None:
        self.can_force = can_force
        self.failure: Exception | None = None
        self.delay = 0.0
        self.stuck = False
        self.asked: list[float] = []
        self.forced: list[float] = []
        self.in_vain: list[float] = []
        """When it was asked and had no better token, or said that the secret is wrong."""
        self.valid = ""
        self._dead = False
        self._ends_at = -math.inf
        self._count = 0
        self._time = time

    async def fetch(self, credentials: Credentials, call: TokenCall, *, force: bool) -> AccessToken:
        self.asked.append(self._time.now)
        if force:
            self.forced.append(self._time.now)
        await asyncio.sleep(self.delay)
        if isinstance(self.failure, CredentialError):
            self.in_vain.append(self._time.now)
        if self.failure is not None:
            raise self.failure
        if force or self._time.now >= self._ends_at - 300 or (self._dead and not self.stuck):
            self._count += 1
            self.valid, self._dead, self._ends_at = f"t{self._count}", False, self._time.now + LIFE
        if self._dead:
            self.in_vain.append(self._time.now)
        return AccessToken(self.valid, self._time.wall + self._ends_at - self._time.now)

    def rotate(self, *, stuck: bool) -> None:
        """End the token; a service that is stuck repeats it nevertheless, until it is forced."""
        self._dead, self.stuck = True, stuck

    def refuses(self, token: AccessToken) -> bool:
        """Say whether a call with this token gets 40001."""
        return token.value != self.valid or self._dead or self.ended(token)

    def ended(self, token: AccessToken) -> bool:
        """Say whether this is the latest token, and its time is over."""
        return token.value == self.valid and self._time.now >= self._ends_at


@settings(max_examples=200)
@given(script=steps, can_force=st.booleans())
def test_a_token_is_never_fetched_twice_at_once_and_never_in_a_loop(
    run_virtually: Any, script: list[Step], can_force: bool
) -> None:
    """Whatever is rotated, ended, slow, broken, cancelled, and wherever the wall clock goes; then it works again."""

    async def scenario(time: Any) -> None:
        service = Service(time, can_force=can_force)
        network: Any = SimpleNamespace(last=None)
        manager = TokenManager(
            Credentials("wx-app", Secret("s3cret")), service, MemoryTokenStore(), network, 30.0, ignore, nothing
        )
        tasks: list[asyncio.Task[AccessToken | None]] = []
        for what, value in script:
            match what:
                case "wait":
                    await asyncio.sleep(value)
                case "call":
                    tasks += [asyncio.create_task(use(manager, service)) for _ in range(int(value))]
                    await asyncio.sleep(0)
                case "rotate" | "stick":
                    service.rotate(stuck=what == "stick")
                case "clock":
                    time.set_wall(time.wall + value)
                case "fail":
                    service.failure = [None, TransportError("down"), CredentialError(40125, "no")][int(value)]
                case "slow":
                    service.delay = value
                case _:
                    for task in tasks[-2:]:
                        task.cancel()
            refreshes = [task for task in asyncio.all_tasks() if task.get_name() == "wxunion_async token refresh"]
            assert len(refreshes) <= 1, "two refreshes at once"
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            assert outcome is None or isinstance(outcome, (AccessToken, UnionError, asyncio.CancelledError)), outcome
        assert len(service.asked) <= 4 * len(tasks) + len(script), "a loop"
        assert all(later - earlier >= 30 for earlier, later in pairwise(service.forced)), "forced too often"
        for at in service.in_vain:
            assert sum(at <= other < at + 1 for other in service.in_vain) <= 3, "asked in vain too often"
        service.failure, service.delay, service.stuck = None, 0.0, False
        await asyncio.sleep(61)
        last = await use(manager, service)
        assert last is not None
        assert not service.refuses(last), "it works again when the service does"
        before = len(service.asked)
        await asyncio.gather(*(use(manager, service) for _ in range(20)))
        assert len(service.asked) - before <= 1, "a good token is fetched ahead, at most"
        await manager.aclose()

    run_virtually(scenario)


async def use(manager: TokenManager, service: Service) -> AccessToken | None:
    """Do with the token as a call does: ask, be refused, replace once; ``None`` if that was in vain."""
    token = await manager.get()
    assert not service.ended(token), "a token that has ended is not given"
    if not service.refuses(token):
        return token
    other = await manager.replace(token)
    assert other is None or other.value != token.value, "a refused token is not given again"
    return other if other is not None and not service.refuses(other) else None


def ignore(event: object) -> None:
    """Take an event."""


def nothing() -> None:
    """Take note that the token is dropped."""


# ── drift ────────────────────────────────────────────────────────────────────────────────────────────────────────────

ANSWERS: dict[str, type[UnionRequest[Any]]] = {
    "/".join(path_rule(cls.path)).removesuffix("_"): cls for cls in request_classes() if attrs.has(answer_type_of(cls))
}
"""Name of the sample → request class, of every call whose answer is a model."""
STRANGE: tuple[Any, ...] = (None, True, -1, 0.5, "", "猫", 10**25, [], [None], {}, {"x": [1]})


Way = tuple[Any, ...]


def _places(value: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the way to everything in a JSON value."""
    kind: type = value.__class__
    for step in value if kind is dict else range(len(value)) if kind is list else ():
        yield (*way, step)
        yield from _places(value[step], (*way, step))


@functools.cache
def _names(kind: type, dialect: Any) -> tuple[tuple[str, Way], ...]:
    """Return the fields of a model with their names on the wire; none of anything else."""
    fields = attrs.fields(kind) if attrs.has(kind) else ()
    return tuple((field.name, (wire_name(field.name, dialect), *field.metadata.get("also", ()))) for field in fields)


def _changed(one: Any, other: Any, dialect: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the way, in wire names, to each smallest part in which two answers differ."""
    kind: type = one.__class__
    if (fields := _names(kind, dialect)) and kind is other.__class__:
        for name, names in fields:
            yield from _changed(getattr(one, name), getattr(other, name), dialect, (*way, names))
    elif kind is tuple and kind is other.__class__ and len(one) == len(other):
        for index, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _changed(first, second, dialect, (*way, index))
    elif one != other or kind is not other.__class__:
        yield way


def _on_one_way(changed: Way, drifted: Way) -> bool:
    return all(
        step in names if isinstance(names, tuple) else step == names
        for names, step in zip(changed, drifted, strict=False)
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_a_drift_of_one_field_leaves_the_others_unchanged(name: str) -> None:
    """At every place of every sample, with every third strange value: what is not on the way is read as before."""
    request = ANSWERS[name]
    key = request.answer_key
    body: Any = load_answer(name)
    before: Any = decode(request, body)
    changes = 0
    for index, way in enumerate(list(_places(body))):
        if way[0] in ("errcode", "errmsg") or (key is not None and (way[0] != key or len(way) == 1)):
            continue
        place = functools.reduce(operator.getitem, way[:-1], body)
        good = place[way[-1]]
        for strange in STRANGE[index % 3 :: 3]:  # all of them would take five seconds
            place[way[-1]] = strange
            try:
                after = decode(request, body)
            except DecodeError:
                continue  # it was the object that the call is about, or an id that names it
            finally:
                place[way[-1]] = good
            drifted = way if key is None else way[1:]
            for changed in _changed(before, after, request.dialect):
                changes += 1
                assert _on_one_way(changed, drifted), f"{changed} changed with {drifted}"
    assert changes, "a sample in which nothing can drift shows nothing"
