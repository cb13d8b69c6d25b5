"""What every endpoint test needs: its sample, read without a word left over, and a client that sends nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wxunion_async._codec import decode, encode
from wxunion_async._decoding import Reading, read_patiently
from wxunion_async._endpoint import UnionRequest, answer_type_of
from wxunion_async.testing import load_answer


class FakeCaller:
    """Answers in turn with what it was given, and remembers the requests."""

    def __init__(self, *answers: Any) -> None:
        self.requests: list[Any] = []
        self._answers = iter(answers)

    async def call(self, request: UnionRequest[Any], /) -> Any:
        """Remember ``request`` and return the next answer."""
        self.requests.append(request)
        return next(self._answers)


@pytest.fixture
def make_caller() -> Callable[..., FakeCaller]:
    """Build a caller for a group: ``Target(make_caller(answer))``."""
    return FakeCaller


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, text) of each leaf; empty lists and objects have none."""
    if isinstance(value, dict):
        for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from _leaves(inner, f"{path}[{index}]")
    else:
        assert type(value) in (str, int, float, bool), f"{path} is no JSON"
        yield path, str(int(value)) if isinstance(value, bool) else str(value)  # true is 1


def _means_never(path: str, leaf: str) -> bool:
    return leaf == "0" and path.lower().endswith("time")


@pytest.fixture
def read_sample() -> Callable[[type[UnionRequest[Any]], str], Any]:
    """
    Read the sample of a call, check that nothing of it was lost, and return the typed answer.

    No key may be unknown to the models, the encoding must hold every leaf of the sample, and reading the encoding must
    give the same answer again.
    """

    def read(request: type[UnionRequest[Any]], name: str) -> Any:
        body = load_answer(name)
        answer = decode(request, body, strict=True)
        content: dict[str, Any] = {key: value for key, value in body.items() if key not in ("errcode", "errmsg")}
        inner = content if request.answer_key is None else content[request.answer_key]
        careful = read_patiently(
            answer_type_of(request), inner, request.dialect, Reading(strict=True, forbid_unknown=True)
        )
        assert careful == answer

        wire = encode(answer)
        kept = dict(_leaves(wire))
        lost = {
            path: leaf for path, leaf in _leaves(content) if kept.get(path) != leaf and not _means_never(path, leaf)
        }
        assert not lost
        assert decode(request, wire) == answer
        return answer

    return read
