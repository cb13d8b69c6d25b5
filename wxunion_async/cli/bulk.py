"""``wxunion bulk``: one call for each line of a file, through any number of interruptions."""

import asyncio
import contextlib
import itertools
import json
import signal
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import attrs
from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress, TaskID

from wxunion_async import ApiError, RateLimit, UnionRequest, encode
from wxunion_async.cli.account import UNNAMED, Account
from wxunion_async.cli.catalogue import call_name, dashed, find
from wxunion_async.cli.failures import (
    FAILED,
    INTERRUPTED,
    NO_ERROR,
    OK,
    TRY_LATER,
    InputError,
    exit_code_of,
    facts,
)
from wxunion_async.cli.journal import State
from wxunion_async.cli.lines import Input, Line, open_input
from wxunion_async.cli.outputs import BAD_LINE, Output, head_of, open_output
from wxunion_async.cli.progress import Pauses, progress_bar, reading
from wxunion_async.cli.tally import Tally
from wxunion_async.cli.words import FLAG, plural, text, whole

if TYPE_CHECKING:
    from wxunion_async import Outcome, UnionClient

__all__ = ["bulk"]

_BAD_LINES_SHOWN = 10
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
    cls, pauses = find(request), Pauses()
    if source == account.app_secret_file == "-":
        raise InputError("standard input cannot be both INPUT and --app-secret-file")
    limits = {} if rate is None else {cls.path: RateLimit(rate, time_period=1.0)}
    client = account.client(pauses.take, max_connections=max_at_once, rate_limits=limits)
    wanted = {State.FAILED, State.RETRYABLE} if only_failed else {State.UNDONE, State.RETRYABLE}
    if retry_ambiguous:
        wanted.add(State.AMBIGUOUS)
    with (
        open_input(source, cls, encoding=encoding, ignore_columns=ignore_columns) as lines,
        open_output(output, source, durable=not cls.resend) as out,
    ):
        if only_failed and out.journal is None:
            raise InputError(f"--only-failed: {out.name} does not say what failed; it takes a file")
        run = _Run(cls, lines, out, frozenset(wanted), pauses, summary)
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
    pauses: Pauses
    summary: Path | None
    tally: Tally = attrs.field(factory=Tally, init=False)
    _total: int = attrs.field(default=0, init=False)
    """Lines to be sent."""
    _refused: int = attrs.field(default=0, init=False)
    """Lines that are skipped because they were refused before."""
    _started: float = attrs.field(factory=time.perf_counter, init=False)
    _under_way: dict[int, tuple[Line, bool]] = attrs.field(factory=dict[int, tuple[Line, bool]], init=False)
    """Index of an outcome → its line, and whether the request may have been carried out before."""

    def _count(self, *states: State) -> int:
        return sum(self.out.states.count(state) for state in states)

    def survey(self) -> None:
        """Find out which lines there are and what earlier runs did; nothing is sent before this is known."""
        if self.lines.unknown:
            words = f"{self.lines.name}: passed through, since no field is called so: {', '.join(self.lines.unknown)}"
            Console(stderr=True).print(text(words, style="yellow"), soft_wrap=True)
        for line in reading(self.lines.name, self.lines.lines()):
            bad = line.request is None
            self.tally.bad += bad
            asked = line.given if line.request is None else encode(line.request)
            self.out.survey(line.number, head_of(call_name(self.cls), asked), bad=bad)
        self.out.settle()
        new = self.tally.bad - self._count(State.BAD)
        self._total = self._count(*self.wanted) - (new if State.UNDONE in self.wanted else 0)
        known = {State.DONE, State.FAILED, State.RETRYABLE, State.AMBIGUOUS}
        self.tally.skipped = self._count(*known - self.wanted)
        self._refused = self._count(*{State.FAILED} - self.wanted)

    def execute(self, client: "UnionClient", max_at_once: int) -> int:
        """Send what is to be sent, tell how it went, and return the exit code."""
        exit_code = INTERRUPTED
        try:
            with progress_bar("{task.fields[failed]} failed", pauses=self.pauses) as progress:
                name = dashed(call_name(self.cls).partition(".")[2])
                task = progress.add_task(name, total=self._total, failed=0)
                asyncio.run(self._send(client, max_at_once, progress, task))
            again = TRY_LATER if self._count(State.RETRYABLE, State.UNDONE) else OK
            exit_code = FAILED if self._count(State.FAILED, State.AMBIGUOUS, State.BAD) else again
        except Exception as error:
            exit_code = exit_code_of(error)
            raise
        finally:
            self._tell(exit_code)
        return exit_code

    async def _send(self, client: "UnionClient", max_at_once: int, progress: Progress, task: TaskID) -> None:
        mark = None if self.cls.resend or self.out.journal is None else self._mark
        with contextlib.closing(self._requests(progress.console)) as requests:
            async with client, client.map(requests, max_at_once=max_at_once, on_send=mark) as outcomes:
                # Windows' loops take no signal handlers, nor do those of other threads.
                with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, outcomes.stop)
                async for outcome in outcomes:
                    self._keep(outcome)
                    progress.update(task, advance=1, failed=self.tally.failed)

    def _requests(self, console: Console) -> Generator[UnionRequest[Any]]:
        """Yield what is to be sent; a line that is no request gets its outcome here."""
        indices = itertools.count()
        for line in itertools.takewhile(lambda line: line.number < len(self.out.states), self.lines.lines()):
            state = self.out.states[line.number]
            if line.request is None:
                self._keep_bad(line, state, console)
            elif state in self.wanted:
                self._under_way[next(indices)] = (line, state == State.AMBIGUOUS)
                yield line.request

    def _mark(self, index: int, request: UnionRequest[Any]) -> None:
        """Note that a request is sent that must not be sent twice: killed now, nobody knows what became of it."""
        line, doubtful = self._under_way[index]
        if not doubtful:
            self._append(line, encode(request), error=_UNDER_WAY)

    def _keep(self, outcome: "Outcome[Any]") -> None:
        line, doubtful = self._under_way.pop(outcome.index)
        error = outcome.error
        if doubtful and isinstance(error, ApiError) and error.errcode == self.cls.done_errcode:
            error = None  # "this was done before", by the run that was stopped
        wire = encode(outcome.request)
        if error is None:
            self.tally.done += 1
            self._append(line, wire, value=encode(outcome.value))
        else:
            self.tally.failed += 1
            self.tally.count(line.number, facts(error), error.advice)
            self._append(line, wire, error=facts(error))

    def _keep_bad(self, line: Line, state: int, console: Console) -> None:
        error = {**NO_ERROR, "class": BAD_LINE, "errmsg": line.problem}
        told = self.tally.count(line.number, error, "Mend the line, and run the same command again.")
        if told <= _BAD_LINES_SHOWN:
            words = f"{self.lines.name}, line {line.number}: {line.problem}"
            console.print(text(words, style="red"), soft_wrap=True)
        elif told == self.tally.bad:
            console.print(text(f"and {told - _BAD_LINES_SHOWN:,} more bad lines, see the output", style="red"))
        if state != State.BAD:
            self._append(line, line.given, error=error)

    def _append(self, line: Line, request: Any, **what: Any) -> None:
        more = {"columns": line.more} if line.more else {}
        self.out.append({"line": line.number, "call": call_name(self.cls), "request": request, **more, **what})

    def _tell(self, exit_code: int) -> None:
        """Put the output in its place, if it is complete, and say how it went."""
        where = self.out.finish(self.lines.known)
        tally, seconds, console = self.tally, time.perf_counter() - self._started, Console(stderr=True)
        counts = f"{tally.done:,} done, {tally.failed:,} failed, {tally.skipped:,} skipped, {tally.bad:,} bad"
        console.print(text(f"{counts}, in {seconds:.1f} s: {where}"), soft_wrap=True)
        if tally.failures():
            console.print(tally.table())
        untold = tally.bad - self._count(State.BAD)
        left = self._count(State.UNDONE) - untold if self.out.journal is not None else 0
        doubtful = self._count(State.AMBIGUOUS)
        for hint in self._hints(left, doubtful):
            console.print(text(hint), soft_wrap=True)
        if self.summary is not None:
            known = {"input": self.lines.name, "output": where, "call": call_name(self.cls), "exit_code": exit_code}
            more = {"left": left, "ambiguous": doubtful, "seconds": round(seconds, 3)}
            written = json.dumps(known | tally.to_json() | more, ensure_ascii=False, indent=2)
            self.summary.write_text(f"{written}\n", encoding="utf-8", errors="replace")

    def _hints(self, left: int, doubtful: int) -> Iterator[str]:
        if self._refused:
            what = plural(self._refused, "line was", "lines were")
            yield f"{self._refused:,} skipped {what} refused before: --only-failed sends again."
        if left:
            yield f"{left:,} {plural(left, 'line is', 'lines are')} left: run the same command again."
        if doubtful:
            what = plural(doubtful, "line")
            yield f"{doubtful:,} {what} may have been carried out: check, or run again with --retry-ambiguous."
