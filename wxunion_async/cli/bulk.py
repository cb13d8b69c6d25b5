"""``wxunion bulk``: one call for each line of a file, through any number of interruptions."""

import asyncio
import contextlib
import time
from collections.abc import Generator
from typing import Annotated, Any

import attrs
from cyclopts import Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.text import Text

from wxunion_async import ApiError, Outcome, RateLimit, UnionClient, UnionRequest, encode
from wxunion_async.cli.account import UNNAMED, Account
from wxunion_async.cli.failures import FAILED, OK, TRY_LATER, InputError, facts
from wxunion_async.cli.journal import BAD_LINE, Ledger, Output, State, digest_of, open_output
from wxunion_async.cli.lines import Input, Line, open_input
from wxunion_async.cli.progress import progress_bar
from wxunion_async.cli.requests import call_name, command_name, request_classes
from wxunion_async.cli.words import plural

__all__ = ["bulk"]

RequestClass = type[UnionRequest[Any]]

_BAD_LINES_SHOWN = 10


def bulk(
    source: Annotated[str, Parameter(name="INPUT", allow_leading_hyphen=True)],
    /,
    *,
    output: Annotated[str, Parameter(name=("--output", "-o"), allow_leading_hyphen=True)],
    request: str = "get_promote_product_detail",
    max_at_once: Annotated[int, Parameter(validator=Number(gte=1, lte=1000))] = 32,
    rate: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    only_failed: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    retry_ambiguous: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    account: Account = UNNAMED,
) -> int:
    """
    Send one request for each line of a file, and write one line of JSON for each.

    The columns of the CSV, or the keys of the JSON Lines, are the request's fields. A line of the output has the
    input's line number, the call, the request, and a value or an error.

    It may be stopped or killed at any moment: run the same command again, and it skips what is done and retries what
    may succeed now. Until every line has an outcome, what is done is in OUTPUT.part.

    Args:
        source: A CSV or JSON Lines file, - for standard input.
        output: Where to write; - for standard output, from which no run goes on.
        request: What to send: the name of a call or of its command.
        max_at_once: How many are under way at once.
        rate: How many are sent a second, at most; without it 3,000 a minute.
        only_failed: Run only lines that failed, those that were refused for good too.
        retry_ambiguous: Send again what may have been carried out.
        account: Whose app it is.

    """
    cls = _class_of(request)
    if source == account.app_secret_file == "-":
        raise InputError("standard input cannot be both INPUT and --app-secret-file")
    limits = {} if rate is None else {cls.path: RateLimit(rate, time_period=1.0)}
    client = account.client(max_connections=max_at_once, rate_limits=limits)
    wanted = {State.FAILED, State.RETRYABLE} if only_failed else {State.UNDONE, State.RETRYABLE}
    if retry_ambiguous:
        wanted.add(State.AMBIGUOUS)
    ledger = Ledger()
    with open_input(source) as lines, open_output(output, ledger) as out:
        if only_failed and not out.resumes:
            raise InputError(f"--only-failed: {out.name} does not say what failed; it takes a file")
        run = _Run(cls=cls, lines=lines, out=out, ledger=ledger, wanted=frozenset(wanted))
        run.survey()
        return run.execute(client, max_at_once)


def _class_of(name: str) -> RequestClass:
    classes = request_classes()
    for cls in classes:
        if name in (call_name(cls), command_name(cls)):
            return cls
    raise InputError(f"--request: {name!r} is none of {', '.join(map(call_name, classes))}")


@attrs.define(kw_only=True)
class _Run:
    """One run over one file."""

    cls: RequestClass
    lines: Input
    out: Output
    ledger: Ledger
    wanted: frozenset[State]
    """Which lines are to be sent."""
    done: int = 0
    failed: int = 0
    bad: int = 0
    total: int = 0
    """Lines to be sent."""
    refused: int = 0
    """Lines that are skipped because they were refused."""
    skipped: int = 0
    """Lines that have an outcome and are not sent."""
    _started: float = attrs.field(factory=time.perf_counter, init=False)
    _under_way: dict[int, tuple[int, bool]] = attrs.field(factory=dict[int, tuple[int, bool]], init=False)
    """Index of an outcome → line number, and whether the request may have been carried out before."""

    def survey(self) -> None:
        """Find out which lines there are and what earlier runs did; nothing is sent before this is known."""
        for line in self.lines.lines(self.cls):
            wire = None if line.request is None else encode(line.request)
            self.bad += wire is None
            self.ledger.add(line.number, digest_of(call_name(self.cls), wire))
        self.out.load()
        self.total = self.ledger.count(*self.wanted)
        if State.UNDONE in self.wanted:
            self.total -= self.bad
        known = {State.DONE, State.FAILED, State.RETRYABLE, State.AMBIGUOUS}
        self.skipped = self.ledger.count(*known - self.wanted)
        self.refused = self.ledger.count(*{State.FAILED} - self.wanted)

    def execute(self, client: UnionClient, max_at_once: int) -> int:
        """Send what is to be sent, tell how it went, and return the exit code."""
        try:
            with progress_bar("{task.fields[failed]} failed") as progress:
                task = progress.add_task(command_name(self.cls), total=self.total, failed=0)
                asyncio.run(self._send(client, max_at_once, progress, task))
        finally:
            self._tell()
        if self.ledger.count(State.FAILED, State.AMBIGUOUS, State.BAD):
            return FAILED
        return TRY_LATER if self.ledger.count(State.RETRYABLE, State.UNDONE) else OK

    async def _send(self, client: UnionClient, max_at_once: int, progress: Progress, task: TaskID) -> None:
        with contextlib.closing(self._requests(progress.console)) as requests:
            async with client, client.map(requests, max_at_once=max_at_once) as outcomes:
                async for outcome in outcomes:
                    self._keep(outcome)
                    progress.update(task, advance=1, failed=self.failed)

    def _requests(self, console: Console) -> Generator[UnionRequest[Any]]:
        """Yield what is to be sent; a line that is no request gets its outcome here."""
        index = bad = 0
        with contextlib.closing(self.lines.lines(self.cls)) as lines:
            for line in lines:
                state = self.ledger.states[line.number]
                if line.request is None:
                    bad += 1
                    self._keep_bad(line)
                    self._tell_bad(line, bad, console)
                elif state in self.wanted:
                    if not self.cls.resend:
                        # Killed from here on, nobody knows whether it was carried out.
                        self._append(line.number, encode(line.request), error=_INTERRUPTED, sync=True)
                    self._under_way[index] = (line.number, state == State.AMBIGUOUS)
                    index += 1
                    yield line.request

    def _tell_bad(self, line: Line, bad: int, console: Console) -> None:
        if bad <= _BAD_LINES_SHOWN:
            words = f"{self.lines.name}, line {line.number}: {line.problem}"
            console.print(Text(words, style="red"), soft_wrap=True)
        elif bad == self.bad:
            console.print(Text(f"and {bad - _BAD_LINES_SHOWN:,} more bad lines, see the output", style="red"))

    def _keep(self, outcome: Outcome[Any]) -> None:
        number, doubtful = self._under_way.pop(outcome.index)
        error = outcome.error
        if doubtful and isinstance(error, ApiError) and error.errcode == self.cls.done_errcode:
            error = None  # "this was done before", by the run that was stopped
        self.done, self.failed = self.done + (error is None), self.failed + (error is not None)
        wire = encode(outcome.request)
        if error is None:
            self._append(number, wire, value=encode(outcome.value))
        else:
            self._append(number, wire, error=facts(error))

    def _keep_bad(self, line: Line) -> None:
        self._append(line.number, line.given, error=_NOT_SENT | {"class": BAD_LINE, "errmsg": line.problem})

    def _append(self, number: int, request: Any, *, sync: bool = False, **what: Any) -> None:
        self.out.append({"line": number, "call": call_name(self.cls), "request": request, **what}, sync=sync)

    def _tell(self) -> None:
        """Put the output in its place, if it is complete, and say how it went."""
        where = self.out.finish()
        console = Console(stderr=True)
        counts = f"{self.done:,} done, {self.failed:,} failed, {self.skipped:,} skipped, {self.bad:,} bad"
        console.print(Text(f"{counts}, in {time.perf_counter() - self._started:.1f} s: {where}"), soft_wrap=True)
        untold = self.bad - self.ledger.count(State.BAD)
        left, doubtful = self.ledger.count(State.UNDONE) - untold, self.ledger.count(State.AMBIGUOUS)
        if self.refused:
            what = "line was refused before" if self.refused == 1 else "lines were refused before"
            console.print(f"{self.refused:,} skipped {what}: --only-failed sends again.", highlight=False)
        if left and self.out.resumes:
            console.print(Text(f"{left:,} {plural(left, 'line is', 'lines are')} left: run the same command again."))
        if doubtful:
            lines = plural(doubtful, "line", "lines")
            words = f"{doubtful:,} {lines} may have been carried out: check, or run again with --retry-ambiguous."
            console.print(Text(words, style="yellow"))


_NOT_SENT = {
    "class": "",
    "errcode": None,
    "errmsg": "",
    "rid": None,
    "retryable": False,
    "ambiguous": False,
    "attempts": 0,
}
_INTERRUPTED = _NOT_SENT | {
    "class": "Interrupted",
    "errmsg": "the run ended while this was under way",
    "ambiguous": True,
}
