"""
The output of ``wxunion bulk``: what is done stays done, whenever the run is killed.

While it runs, each outcome is appended to ``OUTPUT.part`` with one write. When every line of the input has one,
``OUTPUT`` is written anew, in the order of the input, beside its place, and renamed: it is whole or it is not there.
"""

import contextlib
import enum
import json
import os
import shutil
import sys
from array import array
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import attrs

import wxunion_async
from wxunion_async._bulk import FATAL
from wxunion_async.cli.failures import InputError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["BAD_LINE", "Ledger", "Output", "State", "digest_of", "open_output"]

BAD_LINE = "BadLine"
"""The error class of a line that is no request."""

Record = dict[str, Any]

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class State(enum.IntEnum):
    """What is known of a line."""

    NO_LINE = 0
    """There is no such line, or it is blank."""
    UNDONE = 1
    DONE = 2
    FAILED = 3
    """Refused, and it would be again."""
    RETRYABLE = 4
    """Failed, and it may succeed next time."""
    AMBIGUOUS = 5
    """It may have been carried out, and must not be repeated blindly."""
    BAD = 6
    """No request; never sent."""


@attrs.frozen
class Ledger:
    """What is known of each line, by its number; 17 bytes a line, however many they are."""

    states: bytearray = attrs.field(factory=bytearray)
    """A ``State`` for each number."""
    digests: "array[int]" = attrs.field(factory=lambda: array("q"))
    """What tells a line's request from others."""
    places: "array[int]" = attrs.field(factory=lambda: array("q"))
    """Where the line's outcome is kept."""

    def add(self, number: int, digest: int) -> None:
        """Note a line of the input; their numbers ascend."""
        more = number + 1 - len(self.states)
        self.states.extend(bytes(more))
        self.digests.frombytes(bytes(8 * more))
        self.places.frombytes(bytes(8 * more))
        self.states[number], self.digests[number] = State.UNDONE, digest

    def count(self, *states: State) -> int:
        """Count the lines that are in one of ``states``."""
        return sum(self.states.count(state) for state in states)


def digest_of(call: str, request: Any) -> int:
    """Return a number that tells a request, in wire form, from others; the same within this process."""
    return hash((call, _to_json(request)))


def _state_of(record: Record) -> State:
    if "error" not in record:
        return State.DONE
    error = record["error"]
    if error["class"] == BAD_LINE:
        return State.BAD
    if error["ambiguous"]:
        return State.AMBIGUOUS
    # What ended a run says nothing about the line itself.
    fatal = issubclass(getattr(wxunion_async, error["class"], object), FATAL)
    return State.RETRYABLE if error["retryable"] or fatal else State.FAILED


def _bytes_of(record: Record) -> bytes:
    return _to_json(record).encode(errors="replace") + b"\n"


def _write(file: BinaryIO, data: bytes, name: str) -> None:
    try:
        while data:
            data = data[file.write(data) :]
    except OSError as error:
        raise OSError(error.errno, error.strerror, name) from None


class Output(Protocol):
    """Where outcomes go."""

    name: str
    """What it is called in messages."""
    resumes: bool
    """Whether another run takes them up again."""

    def load(self) -> None:
        """Take over into the ledger what earlier runs did."""

    def append(self, record: Record, *, sync: bool = False) -> None:
        """Keep an outcome: a kill cannot undo it, nor with ``sync`` a loss of power."""

    def finish(self) -> str:
        """Put the output in its place if every line has an outcome; say where the outcomes are."""
        ...


@contextlib.contextmanager
def open_output(path: str, ledger: Ledger) -> Generator[Output]:
    """
    Open a file, or standard output as ``-``.

    Raises:
        InputError: it cannot be written, or another run writes it.

    """
    if path == "-":
        yield Stream("standard output", _opened(sys.stdout.fileno(), "wb"), ledger)
    elif os.path.exists(path) and not os.path.isfile(path):
        with _opened(path, "wb") as file:
            yield Stream(path, file, ledger)
    else:
        # The rename is to replace what a link leads to, not the link.
        whole = Path(os.path.realpath(path) if os.path.islink(path) else path)
        part = whole.with_name(f"{whole.name}.part")
        with _opened(part, "ab") as file:
            _lock(file, part)
            journal = Journal(whole, part, file, ledger)
            try:
                yield journal
            finally:
                journal.tidy_up()


def _opened(path: "str | int | Path", mode: str) -> Any:
    try:
        # Each outcome is one write of its own. Standard output is left open.
        return open(path, mode, buffering=0, closefd=not isinstance(path, int))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None


def _lock(file: BinaryIO, part: Path) -> None:
    """Keep other runs away until ``file`` is closed."""
    if fcntl is None:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Another run may have removed it since it was opened.
        mine = os.path.samestat(os.fstat(file.fileno()), part.stat())
    except (BlockingIOError, FileNotFoundError):
        mine = False
    if not mine:
        raise InputError(f"{part}: another run is writing it")


class Stream:
    """A pipe or a device: outcomes go out as they come, and no run takes them up again."""

    resumes = False

    def __init__(self, name: str, file: BinaryIO, ledger: Ledger) -> None:
        self.name = name
        self._file = file
        self._ledger = ledger

    def load(self) -> None:
        """Take over nothing."""

    def append(self, record: Record, *, sync: bool = False) -> None:
        """Write an outcome; what may be superseded (``sync``) is not for the reader."""
        if not sync:
            _write(self._file, _bytes_of(record), self.name)
            self._ledger.states[record["line"]] = _state_of(record)

    def finish(self) -> str:
        """Say where they went."""
        return self.name


class Journal:
    """A file that is whole or not there, and beside it what has been done so far."""

    resumes = True

    def __init__(self, whole: Path, part: Path, file: BinaryIO, ledger: Ledger) -> None:
        self.name = str(whole)
        self._whole = whole
        self._part = part
        self._file = file
        self._ledger = ledger
        self._end = part.stat().st_size
        """Where the next outcome begins; 0 when there is nothing to keep."""

    def load(self) -> None:
        """
        Take over what earlier runs did, and cut off what was being written when one was killed.

        Raises:
            InputError: it belongs to another input, or is no output of ours.

        """
        with contextlib.suppress(FileNotFoundError), open(self._whole, "rb") as file:
            for row, (start, raw) in enumerate(_rows(file), 1):
                # Those of the whole file count from -1 down.
                if not self._take(raw, -1 - start):
                    raise InputError(f"{self._whole}, line {row}: no output of wxunion bulk; choose another")
        end = 0
        with open(self._part, "rb") as file:
            for start, raw in _rows(file):
                if raw.endswith(b"\n"):
                    # What a power failure left unreadable is run again.
                    self._take(raw, start)
                    end = start + len(raw)
        self._file.truncate(end)
        self._end = end

    def _take(self, raw: bytes, place: int) -> bool:
        """Take over one outcome; say whether it is one."""
        try:
            record: Record = json.loads(raw)
            number, state, digest = int(record["line"]), _state_of(record), digest_of(record["call"], record["request"])
            known = 0 < number < len(self._ledger.states) and self._ledger.digests[number] == digest
        except (ValueError, KeyError, TypeError):
            return False
        if known:
            self._ledger.states[number], self._ledger.places[number] = state, place
        elif state in (State.DONE, State.AMBIGUOUS):
            raise InputError(
                f"line {number} of the input is not what it was when {self._whole} was written: "
                "choose another output, or remove this one and its .part"
            )
        return True

    def append(self, record: Record, *, sync: bool = False) -> None:
        """Keep an outcome: a kill cannot undo it, nor with ``sync`` a loss of power."""
        data, number = _bytes_of(record), record["line"]
        _write(self._file, data, str(self._part))
        if sync:
            os.fsync(self._file.fileno())
        self._ledger.states[number], self._ledger.places[number] = _state_of(record), self._end
        self._end += len(data)

    def finish(self) -> str:
        """Put the output in its place if every line has an outcome; say where the outcomes are."""
        if self._ledger.count(State.UNDONE):
            return str(self._part)
        new = self._whole.with_name(f"{self._whole.name}.new")
        try:
            self._write_whole(new)
        except OSError as error:
            new.unlink(missing_ok=True)
            raise OSError(error.errno, error.strerror, error.filename or str(new)) from None
        os.replace(new, self._whole)
        _sync_folder(self._whole.parent)
        self._end = 0
        return str(self._whole)

    def _write_whole(self, new: Path) -> None:
        with contextlib.ExitStack() as stack:
            part, file = (stack.enter_context(open(self._part, "rb")), stack.enter_context(open(new, "wb")))
            old = part
            if self._whole.exists():
                shutil.copymode(self._whole, new)
                old = stack.enter_context(open(self._whole, "rb"))
            for number in self._lines():
                place = self._ledger.places[number]
                source = part if place >= 0 else old
                source.seek(place if place >= 0 else -1 - place)
                file.write(source.readline().rstrip(b"\n") + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _lines(self) -> Iterator[int]:
        return (number for number, state in enumerate(self._ledger.states) if state)

    def tidy_up(self) -> None:
        """Remove what holds nothing."""
        if self._end:
            return
        if fcntl is None:
            self._file.close()  # Windows removes no open file
        self._part.unlink(missing_ok=True)


def _rows(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each row and where it begins."""
    start = 0
    for raw in file:
        yield start, raw
        start += len(raw)


def _sync_folder(folder: Path) -> None:
    """Have the new name on disk before the old journal goes."""
    with contextlib.suppress(PermissionError):  # Windows opens no folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
