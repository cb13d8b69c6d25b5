"""
What a run of ``wxunion bulk`` has done so far: an SQLite file beside the output, which survives any kill.

Each outcome is a transaction of its own, so what is done stays done; the file is locked from the first look to the
last, and whether it is ours is said by the file itself.
"""

import contextlib
import enum
import errno
import os
import sqlite3
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from wxunion_async.cli.failures import InputError

__all__ = ["Journal", "Row", "State", "open_journal"]

_APPLICATION = 0x77787562
"""What bytes 68 to 71 of the file say: "wxub"."""
_START = f"""\
PRAGMA locking_mode = EXCLUSIVE
BEGIN EXCLUSIVE
PRAGMA application_id = {_APPLICATION}
CREATE TABLE IF NOT EXISTS outcome (line INTEGER PRIMARY KEY, state INTEGER NOT NULL, head TEXT NOT NULL, rest TEXT)
CREATE TABLE IF NOT EXISTS written (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL)
COMMIT
PRAGMA journal_mode = WAL"""
"""The mode comes last: until its first checkpoint a file in WAL mode does not say whose it is."""

_PUT = "INSERT OR REPLACE INTO outcome VALUES (?, ?, ?, ?)"
_PUT_NEW = "INSERT OR IGNORE INTO outcome VALUES (?, ?, ?, ?)"

Row = tuple[int, int, str, str]
"""Line, state, what tells its request from others, and what became of it; the last two are parts of a JSON object."""


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


@contextlib.contextmanager
def open_journal(path: Path, *, durable: bool) -> Generator["Journal"]:
    """
    Open the journal at ``path``, and make it if it is not there; one that holds nothing in the end is removed.

    With ``durable`` a loss of power undoes nothing, either, which costs a few ms an outcome. What cannot be written, is
    another run's or no journal is an ``InputError``.
    """
    try:
        with open(path, "ab+") as file:  # what is wrong with the place is said by the system, not by SQLite
            file.seek(0)
            head = file.read(72)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    if head and not (head.startswith(b"SQLite format 3\0") and head[68:] == _APPLICATION.to_bytes(4, "big")):
        raise InputError(f"{path} is there, and no journal of wxunion bulk: choose another output")
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as database:
        try:
            for statement in (*_START.splitlines(), f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}"):
                database.execute(statement)
            locked = path.exists()  # another run may have removed it before it was locked
        except sqlite3.Error as error:
            if "locked" not in str(error) and path.exists():
                raise InputError(f"{path}: {error}") from None
            locked = False
        if not locked:
            raise InputError(f"{path}: another run is writing it")
        journal = Journal(path, database)
        try:
            yield journal
        finally:
            if not journal.removed:
                database.rollback()  # what was taken over from an output that is then refused
                if next(journal.states(), None) is None:
                    journal.remove()


class Journal:
    """The outcome of each line that has one."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path = path
        self.removed = False
        self._database = database

    def run(self, statement: str, *values: Any) -> Any:
        """Execute a statement; what is wrong with the disk is an ``OSError``."""
        try:
            return self._database.execute(statement, values)
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error), os.fspath(self.path)) from None

    def find(self, line: int) -> tuple[int, str] | None:
        """Return the state of a line and what tells its request from others; ``None`` if it has no outcome."""
        return self.run("SELECT state, head FROM outcome WHERE line = ?", line).fetchone()  # type: ignore[no-any-return]

    def rows(self) -> Iterator[Row]:
        """Yield what there is, by line."""
        return self.run("SELECT line, state, head, rest FROM outcome ORDER BY line")  # type: ignore[no-any-return]

    def states(self) -> Iterator[tuple[int, int]]:
        """Yield line and state of what there is, by line."""
        return self.run("SELECT line, state FROM outcome ORDER BY line")  # type: ignore[no-any-return]

    def put(self, row: Row, *, anew: bool = True) -> None:
        """Keep an outcome: a kill cannot undo it; with ``anew`` false only if there is none for its line."""
        self.run(_PUT if anew else _PUT_NEW, *row)

    def remove(self) -> None:
        """Remove it; while it is still locked, so that no other run takes it up."""
        self.removed = True
        with contextlib.suppress(sqlite3.Error, FileNotFoundError):
            self._database.execute("PRAGMA journal_mode = DELETE")  # its other files go with it
            try:
                self.path.unlink()
            except PermissionError:  # Windows removes no open file
                self._database.close()
                self.path.unlink()
