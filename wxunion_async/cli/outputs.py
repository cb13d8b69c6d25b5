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
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

import wxunion_async
from wxunion_async import ClientClosedError, CredentialError, PermissionDeniedError, QuotaExhaustedError, TokenError
from wxunion_async.cli.failures import NO_ERROR, InputError
from wxunion_async.cli.journal import Journal, Row, State, open_journal
from wxunion_async.cli.words import from_json, to_json

__all__ = ["BAD_LINE", "Output", "Record", "open_output", "row_of"]

BAD_LINE = "BadLine"
"""The error class of a line that is no request."""
_FATAL = (CredentialError, PermissionDeniedError, QuotaExhaustedError, TokenError, ClientClosedError)
"""What ends a run, and so says nothing about the line that met it."""
_OTHER_FORMATS = (".xlsx", ".xls", ".ods", ".parquet", ".feather", ".tsv", ".db", ".sqlite")

Record = dict[str, Any]
"""Line, call, request, other columns of the input, and a value or an error."""


def row_of(record: Record) -> Row:
    """Return the row that keeps a record; the state is that which its error tells."""
    rest = {name: value for name, value in record.items() if name not in ("line", "call", "request")}
    state, error = State.DONE, record.get("error")
    if error is not None:
        again = error["retryable"] or issubclass(getattr(wxunion_async, error["class"], object), _FATAL)
        state = State.AMBIGUOUS if error["ambiguous"] else State.RETRYABLE if again else State.FAILED
        state = State.BAD if error["class"] == BAD_LINE else state
    head = to_json({"call": record["call"], "request": record["request"]})
    return int(record["line"]), state, head[1:-1], to_json(rest)[1:-1]


def _text_of(row: Row) -> str:
    number, _, head, rest = row
    return f'{{"line":{number},{head},{rest}}}\n'


@contextlib.contextmanager
def open_output(path: str, source: str, *, durable: bool) -> Generator["Output"]:
    """Open a file, or standard output as ``-``; what would be somebody else's, the input's too, is refused."""
    # The rename is to replace what a link leads to, not the link.
    whole = Path(os.path.realpath(path) if os.path.islink(path) else path)
    if path == "-" or (whole.exists() and not whole.is_file()):
        try:
            # Each outcome is one write of its own. Standard output is left open.
            place = sys.stdout.fileno() if path == "-" else path
            stream = open(place, "wb", buffering=0, closefd=path != "-")  # noqa: SIM115 - closed below
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from None
        with stream, open_journal(None, durable=False) as journal:
            yield Output("standard output" if path == "-" else path, journal, stream)
        return
    part = whole.with_name(f"{whole.name}.part")
    if whole.suffix.lower() in _OTHER_FORMATS:
        raise InputError(f"--output: {path} promises another format; .csv and .jsonl are written")
    if any(source != "-" and file.exists() and os.path.samefile(file, source) for file in (whole, part)):
        raise InputError(f"--output: {path} would be written over the input; choose another output")
    with open_journal(part, durable=durable) as journal:
        output = Output(str(whole), journal)
        output.take_over()
        yield output


class Output:
    """Where outcomes go: the journal of a file, or a stream, from which no run goes on."""

    def __init__(self, name: str, journal: Journal, stream: BinaryIO | None = None) -> None:
        self.name = name
        self.journal = journal
        self.stream = stream
        self._whole = Path(name)
        self._is_csv = self._whole.suffix.lower() == ".csv"

    def take_over(self) -> None:
        """Take over what earlier runs did; a file that is somebody else's is an ``InputError``."""
        if self._is_csv and self._whole.exists():
            if _seen(self._whole) not in self.journal.run("SELECT size, mtime_ns FROM written"):
                what = "was not written by wxunion bulk, or was changed since"
                raise InputError(f"{self._whole} {what}: choose another output, or move it away")
        elif self._whole.exists():
            with open(self._whole, "rb") as file:
                for number, raw in enumerate(file, 1):
                    try:
                        self.journal.take_over(row_of(from_json(raw)))
                    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                        words = f"{self.name}, line {number}: no output of wxunion bulk; choose another"
                        raise InputError(words) from None

    def append(self, record: Record) -> None:
        """Keep an outcome: a kill cannot undo it."""
        row = row_of(record)
        self.journal.put(row)
        self.show(row)

    def show(self, row: Row) -> None:
        """Write it at once where the output is a stream."""
        data = _text_of(row).encode(errors="replace")
        try:
            while self.stream is not None and data:
                data = data[self.stream.write(data) :]
        except OSError as error:
            raise OSError(error.errno, error.strerror, self.name) from None

    def finish(self, columns: Sequence[str]) -> str:
        """Put the output in its place if every line has an outcome; say where they are. A CSV begins with ``columns``."""
        part = self.journal.path
        if part is None:
            return self.name
        if self.journal.counts()[State.UNDONE]:
            return str(part)
        new = part.with_name(f"{part.name}-new")
        if self.journal.changed or not self._whole.exists():
            try:
                with open(new, "w", encoding="utf-8", errors="replace", newline="") as file:
                    if self._whole.exists():
                        shutil.copymode(self._whole, new)
                    if self._is_csv:
                        _write_csv(file, self.journal, columns)
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


def _write_csv(file: TextIO, journal: Journal, columns: Sequence[str]) -> None:
    """Write all records, flattened: the input's columns, the error, the answer."""
    front, back = dict.fromkeys(["line", *columns]), dict[str, None]()
    for given, answer in map(_cells, journal.rows()):
        front.update(dict.fromkeys(given))
        back.update(dict.fromkeys(answer))
    errors = [f"error.{name}" for name in NO_ERROR]
    file.write("\ufeff")  # so that Excel takes it for UTF-8
    writer = csv.DictWriter(file, [*(name for name in front if name not in errors), *errors, *back])
    writer.writeheader()
    writer.writerows(given | answer for given, answer in map(_cells, journal.rows()))


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
