"""``wxunion bulk``: one call for each line of a file, through any number of interruptions."""

import asyncio
import contextlib
import itertools
import json
import signal
import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import attrs
from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress, TaskID

from wxunion_async import ApiError, RateLimit, UnionRequest, encode
from wxunion_async.cli.account import UNNAMED, Account
from wxunion_async.cli.catalogue import call_name, dashed, find
from wxunion_async.cli.failures import FAILED, INTERRUPTED, NO_ERROR, OK, TRY_LATER, InputError, exit_code_of, facts
from wxunion_async.cli.journal import State
from wxunion_async.cli.lines import Input, Line, open_input
from wxunion_async.cli.outputs import BAD_LINE, Output, Record, open_output, row_of
from wxunion_async.cli.progress import Failures, SpeedColumn, progress_bar, reading
from wxunion_async.cli.words import FLAG, plural, text, whole

if TYPE_CHECKING:
    from wxunion_async import Outcome, UnionClient

__all__ = ["bulk"]

_BAD_LINES_SHOWN = 10
_NEVER_SENT = {State.UNDONE, State.BAD}
_UNDER_WAY = {**NO_ERROR, "class": "Interrupted", "errmsg": "the run ended while this was under way", "ambiguous": True}


def bulk(
    source: Annotated[str, Parameter(name="INPUT", allow_leading_hyphen=True)],
    /,
    *,
    output: Annotated[str, Parameter(name=("--output", "-o"), allow_leading_hyphen=True)],
    request: str = "promoter.get_promote_product_detail",
    max_at_once: Annotated[int, whole(1, 1000)] = 32,
    rate: Annotated[int | None, whole(1)] = None,
    only_failed: Annotated[bool, FLAG] = False,
    retry_ambiguous: Annotated[bool, FLAG] = False,
    encoding: str | None = None,
    ignore_columns: Annotated[bool, FLAG] = False,
    summary: Path | None = None,
    account: Account = UNNAMED,
) -> int:
    """
    Send one request for each line of a table, and write a line with the answer for each.

    The columns of the CSV, or the keys of the JSON Lines, are the request's fields; others are passed through. A line
    of OUTPUT.jsonl has the input's line number, the call, the request, and a value or an error; OUTPUT.csv has the
    same in columns, for spreadsheets.

    It may be stopped or killed at any moment: run the same command again, and it skips what is done and retries what
    may succeed now. Until every line has an outcome, what is done is in OUTPUT.part; beside a CSV that stays.

    Args:
        source: A CSV or JSON Lines file, - for standard input.
        output: Where to write, .jsonl or .csv; - for JSON Lines on standard output, from which no run goes on.
        request: What to send: GROUP.CALL, of those that wxunion calls lists.
        max_at_once: How many are under way at once.
        rate: How many are sent a second, at most; without it 3,000 a minute.
        only_failed: Run only lines that failed, those that were refused for good too.
        retry_ambiguous: Send again what may have been carried out.
        encoding: How the input is written, gbk for instance; without it UTF-8, or UTF-16 with its mark.
        ignore_columns: Drop columns that are no fields of the request.
        summary: Write how it went into this file, as JSON.
        account: Whose app it is.

    """
    cls, speed = find(request), SpeedColumn()
    if source == account.app_secret_file == "-":
        raise InputError("standard input cannot be both INPUT and --app-secret-file")
    limits = {} if rate is None else {cls.path: RateLimit(rate, time_period=1.0)}
    client = account.client(speed.take, max_connections=max_at_once, rate_limits=limits)
    wanted = {State.FAILED, State.RETRYABLE} if only_failed else {State.UNDONE, State.RETRYABLE}
    if retry_ambiguous:
        wanted.add(State.AMBIGUOUS)
    with (
        open_input(source, cls, encoding=encoding, ignore_columns=ignore_columns) as lines,
        open_output(output, source, durable=not cls.resend) as out,
    ):
        if only_failed and out.stream is not None:
            raise InputError(f"--only-failed: {out.name} does not say what failed; it takes a file")
        run = _Run(cls, lines, out, frozenset(wanted), speed, summary)
        run.survey()
        return run.execute(client, max_at_once)


@attrs.define
class _Run:
    """One run over one file."""

    cls: type[UnionRequest[Any]]
    lines: Input
    out: Output
    wanted: frozenset[State]
    """Which lines are to be sent."""
    speed: SpeedColumn
    summary: Path | None
    failures: Failures = attrs.field(factory=Failures, init=False)
    tally: dict[str, int] = attrs.field(factory=lambda: dict.fromkeys(("done", "failed", "skipped", "bad"), 0))
    """Of this run; skipped are lines that have an outcome and are not sent, bad those that are no request."""
    _before: Counter[State] = attrs.field(factory=Counter[State], init=False)
    """How many lines there were in each state."""
    _started: float = attrs.field(factory=time.perf_counter, init=False)
    _under_way: dict[int, tuple[Line, bool]] = attrs.field(factory=dict[int, tuple[Line, bool]], init=False)
    """Index of an outcome → its line, and whether the request may have been carried out before."""

    def survey(self) -> None:
        """Find out which lines there are and what earlier runs did; nothing is sent before this is known."""
        console, journal = Console(stderr=True), self.out.journal
        if self.lines.unknown:
            words = f"{self.lines.name}: passed through, since no field is called so: {', '.join(self.lines.unknown)}"
            console.print(text(words, style="yellow"), soft_wrap=True)
        told: list[str] = []
        other = journal.survey(self._surveyed(line, told) for line in reading(self.lines.name, self.lines.lines()))
        if other is not None:
            raise InputError(
                f"line {other} of the input is not what it was when {self.out.name} was written: "
                "choose another output, or remove this one and its .part"
            )
        if self.tally["bad"] > _BAD_LINES_SHOWN:
            told.append(f"and {self.tally['bad'] - _BAD_LINES_SHOWN:,} more bad lines, see the output")
        for words in told:
            console.print(text(words, style="red"), soft_wrap=True)
        self._before = journal.counts()
        self.tally["skipped"] = sum(self._before[state] for state in {*State} - self.wanted - _NEVER_SENT)
        if self.out.stream is not None:
            for row in journal.rows():  # there are bad lines only
                self.out.show(row)

    def _surveyed(self, line: Line, told: list[str]) -> tuple[int, str, str | None]:
        """Return what tells a line from others, and the record of a bad one; the first of those are to be told."""
        if line.request is not None:
            _, _, head, _ = row_of(self._record(line, encode(line.request)))
            return line.number, head, None
        error = {**NO_ERROR, "class": BAD_LINE, "errmsg": line.problem}
        self.tally["bad"] += 1
        self.failures.count(line.number, error, "Mend the line, and run the same command again.")
        if self.tally["bad"] <= _BAD_LINES_SHOWN:
            told.append(f"{self.lines.name}, line {line.number}: {line.problem}")
        _, _, head, rest = row_of(self._record(line, line.given, error=error))
        return line.number, head, rest

    def execute(self, client: "UnionClient", max_at_once: int) -> int:
        """Send what is to be sent, tell how it went, and return the exit code."""
        exit_code = INTERRUPTED
        try:
            with progress_bar(self.speed, "{task.fields[failed]} failed") as progress:
                name = dashed(call_name(self.cls).partition(".")[2])
                total = sum(self._before[state] for state in self.wanted)
                task = progress.add_task(name, total=total, failed=0)
                asyncio.run(self._send(client, max_at_once, progress, task))
            now = self.out.journal.counts()
            again = TRY_LATER if now[State.RETRYABLE] or now[State.UNDONE] else OK
            exit_code = FAILED if now[State.FAILED] or now[State.AMBIGUOUS] or now[State.BAD] else again
        except Exception as error:
            exit_code = exit_code_of(error)
            raise
        finally:
            self._tell(exit_code)
        return exit_code

    async def _send(self, client: "UnionClient", max_at_once: int, progress: Progress, task: TaskID) -> None:
        mark = None if self.cls.resend or self.out.stream is not None else self._mark
        with contextlib.closing(self._requests()) as requests:
            async with client, client.map(requests, max_at_once=max_at_once, on_send=mark) as outcomes:
                # Windows' loops take no signal handlers, nor do those of other threads.
                with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, outcomes.stop)
                async for outcome in outcomes:
                    self._keep(outcome)
                    progress.update(task, advance=1, failed=self.tally["failed"])

    def _requests(self) -> Generator[UnionRequest[Any]]:
        """Yield what is to be sent."""
        indices = itertools.count()
        for line in self.lines.lines():
            if line.request is not None and (state := self.out.journal.state(line.number)) in self.wanted:
                self._under_way[next(indices)] = (line, state == State.AMBIGUOUS)
                yield line.request

    def _mark(self, index: int, request: UnionRequest[Any]) -> None:
        """Note that a request is sent that must not be sent twice: killed now, nobody knows what became of it."""
        line, doubtful = self._under_way[index]
        if not doubtful:
            self.out.append(self._record(line, encode(request), error=_UNDER_WAY))

    def _keep(self, outcome: "Outcome[Any]") -> None:
        line, doubtful = self._under_way.pop(outcome.index)
        error = outcome.error
        if doubtful and isinstance(error, ApiError) and error.errcode == self.cls.done_errcode:
            error = None  # "this was done before", by the run that was stopped
        self.tally["done" if error is None else "failed"] += 1
        if error is None:
            what = {"value": encode(outcome.value)}
        else:
            what = {"error": facts(error)}
            self.failures.count(line.number, what["error"], error.advice)
        self.out.append(self._record(line, encode(outcome.request), **what))

    def _record(self, line: Line, request: Any, **what: Any) -> Record:
        more = {"columns": line.more} if line.more else {}
        return {"line": line.number, "call": call_name(self.cls), "request": request, **more, **what}

    def _tell(self, exit_code: int) -> None:
        """Put the output in its place, if it is complete, and say how it went."""
        now, where = self.out.journal.counts(), self.out.finish(self.lines.known)
        seconds, console = time.perf_counter() - self._started, Console(stderr=True)

        def say(words: str) -> None:
            console.print(text(words), soft_wrap=True)

        counts = ", ".join(f"{count:,} {what}" for what, count in self.tally.items())
        say(f"{counts}, in {seconds:.1f} s: {where}")
        if kinds := self.failures.to_json():
            console.print(self.failures.table())
        left, doubtful = now[State.UNDONE] if self.out.stream is None else 0, now[State.AMBIGUOUS]
        if State.FAILED not in self.wanted and (refused := self._before[State.FAILED]):
            what = plural(refused, "line was", "lines were")
            say(f"{refused:,} skipped {what} refused before: --only-failed sends again.")
        if left:
            say(f"{left:,} {plural(left, 'line is', 'lines are')} left: run the same command again.")
        if doubtful:
            what = plural(doubtful, "line")
            say(f"{doubtful:,} {what} may have been carried out: check, or run again with --retry-ambiguous.")
        if self.summary is not None:
            known = {"input": self.lines.name, "output": where, "call": call_name(self.cls), "exit_code": exit_code}
            more = {"failures": kinds, "left": left, "ambiguous": doubtful, "seconds": round(seconds, 3)}
            written = json.dumps(known | self.tally | more, ensure_ascii=False, indent=2)
            self.summary.write_text(f"{written}\n", encoding="utf-8", errors="replace")
