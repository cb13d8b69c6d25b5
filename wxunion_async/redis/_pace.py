"""What is asked of Redis and what it answers, and what one process learns from that for its next question."""

import math
import random

import attrs

from wxunion_async.config import RateLimit
from wxunion_async.redis._scripts import FURTHEST

__all__ = ["CADENCE", "Answer", "Pace", "Question"]

CADENCE = 0.05
"""Seconds between two questions ahead of need."""
_LONGEST = 0.8
"""Seconds until whoever waits asks again, come what may: a pause is to be known within a second."""
_JITTER = 0.2
"""Seconds, at most: less than slots are handed out ahead, so that it leaves no gap."""
_MOST_IN_VAIN = 5
_CLOCK_SET = 1.0
"""Seconds: more than an answer is late."""
_SOONER = 0.02
"""Of the time: so fast slots may come sooner when the way from Redis has become shorter."""
_LASTING = 1.0
"""Seconds: what would leak away sooner is not worth a question to give it back."""


@attrs.frozen(kw_only=True)
class Question:
    """What Redis is asked for; see ``TAKE``."""

    limit: RateLimit
    waiting: int
    want: int
    seen: float
    credit: float
    back: int
    stamp: float
    before: float
    name: str


@attrs.frozen
class Answer:
    """What Redis has granted; see ``TAKE``."""

    now: float
    paused: float
    """Seconds."""
    count: int
    level: float
    leak: float
    burst: float
    gained: float
    credit: float
    near: float
    """Seconds until the next slot is near enough."""
    idle: float
    """Seconds until most of the horizon is free."""
    place: int

    def wait(self, number: int) -> float:
        """Return how many seconds after ``now`` the slot is due; the first is number 1."""
        return max(0.0, (self.level + number - self.burst) / self.leak)


class Pace:
    """How much to ask for, and when to ask again, for one path and limit."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._most = math.ceil(limit.bucket_size + FURTHEST * limit.leak)
        self._offset = math.inf
        self._asked_at, self._gain = 0.0, 0.0
        self._seen, self._credit, self._before = -1.0, 0.0, 0.0
        self._had_enough = False
        self._in_vain = 0
        self.appetite = 0
        """How many slots to have in hand."""
        self.ask_at = 0.0
        """When to ask ahead of need, on our clock."""
        self.lasts = False
        """Whether a permit that nobody uses would be missed for long."""

    def feed(self, *, all_used: bool) -> None:
        """Have more in hand while all slots are used as soon as they are due; fewer once they are not."""
        if all_used:
            more = max(1, self.appetite // 4) if self._had_enough else 2 * self.appetite + 1
            self.appetite = min(self.appetite + more, self._most)
        else:
            self._had_enough = True
            self.appetite = self.appetite * 3 // 4

    def question(self, waiting: int, want: int, back: int, stamp: float, name: str) -> Question:
        """Return what to ask."""
        return Question(
            limit=self._limit,
            waiting=waiting,
            want=want,
            seen=self._seen,
            credit=self._credit,
            back=back,
            stamp=stamp,
            before=self._before,
            name=name,
        )

    def forget(self) -> None:
        """Make no use of credit: Redis did not answer."""
        self._credit = 0.0

    def learn(self, answer: Answer, want: int, asked: float, answered: float) -> float:
        """Take note of an answer, and return when on our clock it was ``answer.now`` on Redis' clock."""
        took = asked - self._asked_at
        if self._seen >= 0 and took > 0:
            self._gain += ((answer.gained - self._seen) / took - self._gain) / 2
        self._asked_at, self._seen, self._credit, self._before = asked, answer.gained, answer.credit, answer.now
        self.lasts = answer.level + answer.count > _LASTING * answer.leak
        self._in_vain = min(self._in_vain + 1, _MOST_IN_VAIN) if answer.credit >= 1 and not answer.count and want else 0
        self.ask_at = asked + CADENCE
        if answer.count < want:
            if answer.paused:
                # Nothing comes before its end, and then there is enough; a lane's own pause is as much longer.
                again = answer.paused + 0.001
            else:
                again = (1 - answer.credit) / self._gain if self._gain > 0 else 0.0
                again = max(answer.near, min(answer.idle, again))
                # The more there are who are told of one slot, the less often each of them asks.
                again = max(again, CADENCE * (2**self._in_vain - 1))
                # Those told of the same slot ask again at different moments.
                again += random.random() * min(again / 2, _JITTER)  # noqa: S311
            longest = _LONGEST * (1 - random.random() / 4)  # noqa: S311
            self.ask_at = max(self.ask_at, answered + min(again, longest))
        return self._place(answer.now / 1e6, asked, answered, took)

    def _place(self, there: float, asked: float, answered: float, took: float) -> float:
        """
        Return when on our clock it was ``there`` on Redis' clock.

        The quickest way back is what counts, or slots of a slow answer would all be late. What was seen once is
        forgotten, and what is new is believed slowly: slots that all come sooner would be too many at once.
        """
        latest = answered - there
        if not asked - there <= self._offset <= latest + _CLOCK_SET:  # the first answer, or a clock was set
            self._offset = latest
        elif self._offset > latest:
            self._offset = max(latest, self._offset - _SOONER * took)
        else:
            self._offset += (latest - self._offset) / 8
        return there + self._offset
