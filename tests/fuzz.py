"""
Broken answers without end: ``python -m tests.fuzz --minutes 60 --seed 1``.

Takes the samples of all calls, breaks them in their structure, their values and their bytes, and decodes what comes
out. Nothing but ``ApiError`` and ``DecodeError`` may be raised; and what is read must survive ``encode``, ``decode`` and
``to_dict``. A find is printed as the smallest of three: the call, what went wrong, and the body; the run then fails.
"""

import argparse
import copy
import json
import logging
import random
import time
from collections.abc import Iterator
from typing import Any

from wxunion_async import ApiError, DecodeError, UnionRequest, decode, encode, request_classes, to_dict
from wxunion_async._endpoint import path_rule
from wxunion_async.testing import load_answer

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 0.0, 1.0, 1.5, -0.0, 1e308, 1e-320, 2**31, 2**53 + 1, 2**63, 2**64, 10**30),
    *(-(2**63), "", " ", "0", "1", "-1", "1.0", "1e3", "null", "true", "¥0.20", "¥", "-", "９", "²", "a\x00b", "𠮷"),
    *("\u202e", "9" * 25, "1767225600", "2026-01-01", "x" * 5000, [], {}, [None], [[]], [{}], {"": None}),
    *([[[[[[[[]]]]]]]], {"errcode": 1}, {"data": {}}, [1, "a", None, {}], 253402300800, 10**18, -1767225600),
)
TEXTS = (
    b"NaN",
    b"Infinity",
    b"-0",
    b"1e999",
    b"0.1e1",
    b"9" * 400,
    b"{}",
    b"[]",
    b"\\u0000",
    b"\\ud800",
    b"\xff",
    b"\x00",
)


def main() -> None:
    """Fuzz for so many minutes."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger("wxunion_async").setLevel(logging.CRITICAL)
    found, counts = run(options.minutes * 60, random.Random(options.seed))
    print(", ".join(f"{count:,} {what}" for what, count in counts.items()))
    for call, problem, body in found[:20]:
        print(f"{call}: {problem}\n    {body[:2000]!r}")
    raise SystemExit(bool(found))


def run(seconds: float, chance: random.Random) -> tuple[list[tuple[str, str, bytes]], dict[str, int]]:
    """Return what was found, a call and a problem once, and how often a body was read or refused."""
    samples = {cls: load_answer("/".join(path_rule(cls.path)).rstrip("_")) for cls in request_classes()}
    classes = sorted(samples, key=lambda cls: cls.path)
    counts: dict[str, int] = {"bodies": 0, "read": 0, "refused by errcode": 0, "refused": 0}
    found: dict[tuple[str, str], bytes] = {}
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        cls = chance.choice(classes)
        body = broken(samples[cls], chance)
        counts["bodies"] += 1
        try:
            answer = decode(cls, body, strict=chance.random() < 0.2)
        except ApiError:
            counts["refused by errcode"] += 1
        except DecodeError:
            counts["refused"] += 1
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            _keep(found, cls, f"decode raised {type(error).__name__}: {error}", body)
        else:
            counts["read"] += 1
            for problem in problems(cls, answer):
                _keep(found, cls, problem, body)
    return [(call, problem, body) for (call, problem), body in found.items()], counts


def _keep(found: dict[tuple[str, str], bytes], cls: type[UnionRequest[Any]], problem: str, body: bytes) -> None:
    key = cls.__name__, problem[:80]
    if len(body) < len(found.get(key, body + b" ")):
        found[key] = body


def problems(cls: type[UnionRequest[Any]], answer: Any) -> Iterator[str]:
    """Say what does not hold of an answer that was read."""
    try:
        if answer is not None and decode(cls, encode(answer)) != answer:
            yield "encoded and decoded it is another answer"
        if answer is not None and decode(cls, json.dumps(encode(answer)).encode()) != answer:
            yield "sent and decoded it is another answer"
        json.dumps(to_dict(answer), allow_nan=False)
    except Exception as error:  # noqa: BLE001 - likewise
        yield f"to the wire or to people: {type(error).__name__}: {error}"


def broken(sample: Any, chance: random.Random) -> bytes:
    """Return a sample with one to four things wrong."""
    value = copy.deepcopy(sample)
    for _ in range(chance.randint(1, 4)):
        if places := list(_places(value)):
            _break(places, chance)
    body = json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    if chance.random() < 0.3:
        at = chance.randrange(len(body) + 1)
        some = chance.randrange(4)
        body = body[:at] + (chance.choice(TEXTS) if some % 2 else b"") + body[at + chance.choice((0, 0, 1, 2, 9)) :]
    return body


def _break(places: list[tuple[Any, Any]], chance: random.Random) -> None:
    holder, key = chance.choice(places)
    match chance.randrange(8):
        case 0:
            del holder[key]
        case 1 if isinstance(key, str):
            holder[f"{key}x"] = holder[key]
            del holder[key]
        case 2:
            holder[key] = [holder[key]]
        case 3:
            holder[key] = {"value": holder[key]}
        case 4:
            holder[key] = str(holder[key])
        case 5:
            other, name = chance.choice(places)
            if other is not holder and not isinstance(other[name], (dict, list)):
                holder[key] = other[name]
        case 6 if isinstance(holder[key], list):
            holder[key] = holder[key] * chance.choice((0, 2, 50))
        case _:
            holder[key] = copy.deepcopy(chance.choice(VALUES))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    inside: list[tuple[Any, Any]] = list(value.items() if isinstance(value, dict) else enumerate(value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    for key, inner in inside:
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


if __name__ == "__main__":
    main()
