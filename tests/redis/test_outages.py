"""
Redis goes, in every way it can, under the load of 4 processes × 25 % local share: no call fails, the limit is kept.
"""

import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

PATH, STABLE = "/cgi-bin/openapi/quota/get", "/cgi-bin/stable_token"
RATE = 400
PROCESSES = 4
QUICK = {"COMMAND_TIMEOUT": 0.2, "PROBE_INTERVAL": 0.2, "_SETTLE": 0.5, "_DIRECT_AFTER": 0.2}
"""
Seconds: how long an answer is waited for, how often Redis is tried, how long others may take it for down, and when a
token is fetched without it.
"""


def kill(redis: Any) -> None:
    """Let it die."""
    redis.kill()


def restart_stale(redis: Any) -> None:
    """Come back as a replica that had fallen behind: with the first token, and with slots of long ago."""
    redis.start(copy=True)


def stop(redis: Any) -> None:
    """Freeze the process: connections stay open and nothing is answered."""
    redis.signal(signal.SIGSTOP)


def go_on(redis: Any) -> None:
    """Let it carry out what was asked meanwhile."""
    redis.signal(signal.SIGCONT)


@pytest.mark.parametrize(
    ("begin", "end"),
    [(kill, restart_stale), (stop, go_on)],
    ids=["failed over to a stale copy", "stopped"],
)
def test_outage_fails_no_call(
    own_redis: Any,
    union_server: Any,
    crowd: Callable[..., Any],
    begin: Callable[[Any], None],
    end: Callable[[Any], None],
) -> None:
    """All tokens are refused in the middle of it, too: each process may fetch one directly, and does so once."""
    workers = crowd(PROCESSES, redis_url=own_redis.url, rate=RATE, local_share=1 / PROCESSES, periods=QUICK)
    workers.ask("calls 16")
    own_redis.keep_copy()
    union_server.ask("rotate agency")
    workers.ask("calls 16")
    assert tokens(union_server) == 2
    union_server.ask("reset")

    workers.ask("go")
    time.sleep(0.3)
    begin(own_redis)
    time.sleep(0.3)
    union_server.ask("rotate agency")
    time.sleep(0.3)
    before, counted = calls(union_server), time.monotonic()
    time.sleep(0.3)
    meanwhile = calls(union_server) - before
    assert meanwhile >= 0.5 * RATE * (time.monotonic() - counted), "calls go on meanwhile"
    end(own_redis)
    limit = time.monotonic() + 10.0
    while [levels(answer) for answer in workers.ask("logs")] != [["WARNING", "INFO"]] * PROCESSES:
        assert time.monotonic() < limit, "not all have noticed that Redis is back"
        time.sleep(0.02)
    time.sleep(QUICK["_SETTLE"] + 0.3)  # until they go by Redis again, and a while of that
    peak = union_server.ask(f"peak {PATH} 0.95")["peak"]
    failed = [failure for answer in workers.ask("halt") for failure in answer["failed"]]

    assert failed == []
    assert peak <= 1.1 * RATE
    assert tokens(union_server) <= PROCESSES
    assert [levels(answer) for answer in workers.ask("logs")] == [["WARNING", "INFO"]] * PROCESSES

    newcomer = crowd(1, redis_url=own_redis.url, rate=RATE)
    assert newcomer.ask("calls 8")[0] == {"done": 8, "failed": []}
    assert tokens(union_server) <= PROCESSES + 1


def test_processes_begin_without_redis(own_redis: Any, union_server: Any, crowd: Callable[..., Any]) -> None:
    """A deployment during an outage works: one token request for each process, and their shares of the limit."""
    own_redis.kill()
    workers = crowd(2, redis_url=own_redis.url, rate=300, periods=QUICK)
    answers = workers.ask("calls 16")
    assert answers == [{"done": 16, "failed": []}] * 2
    assert tokens(union_server) == 2


def levels(answer: dict[str, Any]) -> list[str]:
    """Return the levels of what one process has logged about Redis, in order."""
    return [level for level, _ in answer["logs"]]


def calls(server: Any) -> int:
    """Count the calls that have arrived."""
    return int(server.ask(f"count {PATH}")["count"])


def tokens(server: Any) -> int:
    """Count the token requests that have arrived."""
    return int(server.ask(f"count {STABLE}")["count"])
