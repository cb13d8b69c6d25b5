"""
The output of ``wxunion bulk``, in the form that its name says.

While a run is under way, outcomes go into the journal ``OUTPUT.part``. When every line has one, ``OUTPUT`` is written
beside its place, in the order of the input, and renamed: it is whole or it is not there. JSON Lines are then their own
journal; beside a CSV the journal stays, because no run could go on from the CSV.
"""

import contextlib
import csv
import json
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

import wxunion_async
from wxunion_async import ClientClosedError, CredentialError, PermissionDeniedError, QuotaExhaustedError, TokenError
from wxunion_async.cli.failures import NO_ERROR, InputError
from wxunion_async.cli.journal import Journal, Row, State, open_journal
from wxunion_async.cli.words import from_json, to_json

__all__ = ["BAD_LINE", "Output", "Record", "head_of", "open_output"]

BAD_LINE = "BadLine"
"""The error class of a line that is no request."""
_FATAL = (CredentialError, PermissionDeniedError, QuotaExhaustedError, TokenError, ClientClosedError)
"""What ends a run, and so says nothing about the line that met it."""
_OTHER_FORMATS = (".xlsx", ".xls", ".ods", ".parquet", ".feather", ".tsv", ".db", ".sqlite")

Record = dict[str, Any]
"""Line, call, request, other columns of the input, and a value or an error."""


def head_of(call: str, request: Any) -> str:
    """Return what tells a line's request from others: a part of its record."""
    return to_json({"call": call, "request": request})[1:-1]


def _row_of(record: Record) -> Row:
    rest = {name: value for name, value in record.items() if name not in ("line", "call", "request")}
    state, error = State.DONE, record.get("error")
    if error is not None:
        again = error["retryable"] or issubclass(getattr(wxunion_async, error["class"], object), _FATAL)
        state = State.AMBIGUOUS if error["ambiguous"] else State.RETRYABLE if again else State.FAILED
        state = State.BAD if error["class"] == BAD_LINE else state
    return int(record["line"]), state, head_of(record["call"], record["request"]), to_json(rest)[1:-1]


def _text_of(row: Row) -> str:
    number, _, head, rest = row
    return f'{{"line":{number},{head},{rest}}}\n'


@contextlib.contextmanager
def open_output(path: str, source: str, *, durable: bool) -> Generator["Output"]:
    """Open a file, or standard output as ``-``; what would be somebody else's, the input's too, is refused."""
    # The rename is to replace what a link leads to, not the link.
    whole = Path(os.path.realpath(path) if os.path.islink(path) else path)
    part = whole.with_name(f"{whole.name}.part") if whole.name else whole
    if path == "-" or (whole.exists() and not whole.is_file()):
        with _opened_stream(path) as stream:
            yield Output("standard output" if path == "-" else path, stream, None)
        return
    if whole.suffix.lower() in _OTHER_FORMATS:
        raise InputError(f"--output: {path} promises another format; .csv and .jsonl are written")
    if any(source != "-" and file.exists() and os.path.samefile(file, source) for file in (whole, part)):
        raise InputError(f"--output: {path} would be written over the input; choose another output")
    with open_journal(part, durable=durable) as journal:
        output = Output(str(whole), None, journal)
        output.take_over()
        yield output


def _opened_stream(path: str) -> Any:
    try:
        # Each outcome is one write of its own. Standard output is left open.
        return open(sys.stdout.fileno() if path == "-" else path, "wb", buffering=0, closefd=path != "-")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None


class Output:
    """Where outcomes go: a file, which has a journal, or a stream, from which no run goes on."""

    def __init__(self, name: str, stream: BinaryIO | None, journal: Journal | None) -> None:
        self.name = name
        self.states = bytearray()
        """A ``State`` for each line, by its number."""
        self.journal = journal
        self._stream = stream
        self._whole = Path(name)
        self._is_csv = self._whole.suffix.lower() == ".csv"
        self._changed = self._goes_on = False

    def take_over(self) -> None:
        """Take over what earlier runs did; a file that is somebody else's is an ``InputError``."""
        assert self.journal is not None
        self.journal.run("BEGIN")  # until it is known whose it is
        if self._whole.exists():
            if not self._is_csv:
                with open(self._whole, "rb") as file:
                    for row in self._rows_of(file):
                        self.journal.put(row, anew=False)
            elif _seen(self._whole) not in self.journal.run("SELECT size, mtime_ns FROM written"):
                what = "was not written by wxunion bulk, or was changed since"
                raise InputError(f"{self._whole} {what}: choose another output, or move it away")
        self._goes_on = next(self.journal.states(), None) is not None

    def _rows_of(self, file: BinaryIO) -> Iterator[Row]:
        for number, raw in enumerate(file, 1):
            try:
                yield _row_of(from_json(raw))
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                raise InputError(f"{self.name}, line {number}: no output of wxunion bulk; choose another") from None

    def survey(self, number: int, head: str, *, bad: bool) -> None:
        """Take notice of a line, and of its outcome, if it has one; ``head`` is that of its record."""
        self.states.extend(bytes(number + 1 - len(self.states)))
        state, known = (self._goes_on and self.journal and self.journal.find(number)) or (State.UNDONE, "")
        self.states[number] = state if known == head and (state == State.BAD) == bad else State.UNDONE

    def settle(self) -> None:
        """Drop what belongs to another request than before; what may be done of it says that the input is another."""
        stale: list[int] = []
        for number, state in self.journal.states() if self.journal else ():
            if number >= len(self.states) or self.states[number] <= State.UNDONE:
                if state in (State.DONE, State.AMBIGUOUS):
                    raise InputError(
                        f"line {number} of the input is not what it was when {self.name} was written: "
                        "choose another output, or remove this one and its .part"
                    )
                stale.append(number)
        if self.journal is not None:
            for number in stale:
                self.journal.run("DELETE FROM outcome WHERE line = ?", number)
            self.journal.run("COMMIT")

    def append(self, record: Record) -> None:
        """Keep an outcome: a kill cannot undo it."""
        row = _row_of(record)
        if self.journal is not None:
            self.journal.put(row)
        else:
            assert self._stream is not None
            data = _text_of(row).encode(errors="replace")
            try:
                while data:
                    data = data[self._stream.write(data) :]
            except OSError as error:
                raise OSError(error.errno, error.strerror, self.name) from None
        self.states[row[0]], self._changed = row[1], True

    def finish(self, columns: Sequence[str]) -> str:
        """Put the output in its place if every line has an outcome; say where they are. A CSV begins with ``columns``."""
        if self.journal is None:
            return self.name
        if self.states.count(State.UNDONE):
            return str(self.journal.path)
        new = self.journal.path.with_name(f"{self.journal.path.name}-new")
        if self._changed or not self._whole.exists():
            try:
                with open(new, "w", encoding="utf-8", errors="replace", newline="") as file:
                    if self._whole.exists():
                        shutil.copymode(self._whole, new)
                    if self._is_csv:
                        _write_csv(file, self.journal.rows, columns)
                    else:
                        file.writelines(map(_text_of, self.journal.rows()))
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                new.unlink(missing_ok=True)
                raise OSError(error.errno, error.strerror, error.filename or str(new)) from None
            os.replace(new, self._whole)
            _sync_folder(self._whole.parent)
        new.unlink(missing_ok=True)  # that of a run that was killed
        if self._is_csv:
            self.journal.run("INSERT OR REPLACE INTO written VALUES (1, ?, ?)", *_seen(self._whole))
        else:
            self.journal.remove()
        return self.name


def _seen(path: Path) -> tuple[int, int]:
    """Return what tells whether somebody has changed a file."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _sync_folder(folder: Path) -> None:
    """Have the new name on disk before the journal goes."""
    with contextlib.suppress(PermissionError):  # Windows opens no folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _write_csv(file: TextIO, rows: Callable[[], Iterable[Row]], columns: Sequence[str]) -> None:
    """Write all records, flattened: the input's columns, the error, the answer."""
    front, back = dict.fromkeys(["line", *columns]), dict[str, None]()
    for given, answer in map(_cells, rows()):
        front.update(dict.fromkeys(given))
        back.update(dict.fromkeys(answer))
    errors = [f"error.{name}" for name in NO_ERROR]
    file.write("\ufeff")  # so that Excel takes it for UTF-8
    writer = csv.DictWriter(file, [*(name for name in front if name not in errors), *errors, *back])
    writer.writeheader()
    writer.writerows(given | answer for given, answer in map(_cells, rows()))


def _cells(row: Row) -> tuple[Record, Record]:
    """Return the cells of a record: what was asked and how it failed, and the answer."""
    record = json.loads(_text_of(row))
    given, answer = {"line": row[0]}, Record()
    _flatten(given, "", record["request"] if isinstance(record["request"], dict) else {"request": record["request"]})
    _flatten(given, "", record.get("columns", {}))
    _flatten(given, "error.", record.get("error", {}))
    _flatten(answer, "", record.get("value", {}))
    return given, {f"value.{name}" if name in given else name: cell for name, cell in answer.items()}


def _flatten(cells: Record, prefix: str, value: Mapping[str, Any]) -> None:
    for name, inner in value.items():
        if isinstance(inner, dict):
            _flatten(cells, f"{prefix}{name}.", cast("Record", inner))
        elif isinstance(inner, (list, bool)):
            cells[prefix + name] = to_json(inner)
        elif isinstance(inner, str) and inner.startswith(("=", "+", "-", "@")):
            # A spreadsheet would compute it; with a tab in front it is text, there and when it is read here again.
            cells[prefix + name] = f"\t{inner}"
        else:
            cells[prefix + name] = inner
