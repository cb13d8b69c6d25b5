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
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

from wxunion_async.cli.failures import InputError

__all__ = ["Journal", "Row", "State", "open_journal"]

_OURS = b"wxub"
"""What bytes 68 to 71 of the file say."""
_START = """\
PRAGMA locking_mode = EXCLUSIVE
BEGIN EXCLUSIVE
PRAGMA application_id = 0x77787562
CREATE TABLE IF NOT EXISTS outcome (line INTEGER PRIMARY KEY, state INTEGER NOT NULL, head TEXT NOT NULL, rest TEXT)
CREATE TABLE IF NOT EXISTS written (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL)
COMMIT
PRAGMA journal_mode = WAL
CREATE TEMP TABLE input (line INTEGER PRIMARY KEY, head TEXT NOT NULL, bad TEXT)
CREATE TEMP VIEW stale AS SELECT line, state FROM outcome LEFT JOIN input USING (line) \
WHERE outcome.head IS NOT input.head OR (state = 6) != (bad IS NOT NULL)
BEGIN"""
"""
The mode comes after what says whose it is, which a file in WAL mode does not tell until its first checkpoint. Stale is
the outcome of another request than the line is now. What is changed last holds when the input is known and fits.
"""
Row = tuple[int, int, str, str]
"""Line, state, what tells its request from others, and what became of it; the last two are parts of a JSON object."""


class State(enum.IntEnum):
    """What is known of a line."""

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
def open_journal(path: Path | None, *, durable: bool) -> Generator["Journal"]:
    """
    Open the journal at ``path``, and make it if it is not there; one that holds nothing in the end is removed.

    With ``durable`` a loss of power undoes nothing, either, which costs a few ms an outcome. What cannot be written, is
    another run's or no journal is an ``InputError``. ``None`` makes one for this run only.
    """
    if path is not None:
        try:
            with open(path, "ab+") as file:  # what is wrong with the place is said by the system, not by SQLite
                file.seek(0)
                head = file.read(72)
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from None
        if head and not (head.startswith(b"SQLite format 3\0") and head[68:] == _OURS):
            raise InputError(f"{path} is there, and no journal of wxunion bulk: choose another output")
    with contextlib.closing(sqlite3.connect(path or "", timeout=0, isolation_level=None)) as database:
        try:
            for statement in (f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}", *_START.splitlines()):
                database.execute(statement)
            locked = path is None or path.exists()  # another run may have removed it before it was locked
        except sqlite3.Error as error:
            if "locked" not in str(error) and path is not None and path.exists():
                raise InputError(f"{path}: {error}") from None
            locked = False
        if not locked:
            raise InputError(f"{path}: another run is writing it")
        journal = Journal(path, database)
        try:
            yield journal
        finally:
            if not journal.removed:
                if database.in_transaction:
                    database.rollback()  # the input was refused, or the output that was taken over
                if next(journal.rows(), None) is None:
                    journal.remove()


class Journal:
    """The outcome of each line that has one."""

    def __init__(self, path: Path | None, database: sqlite3.Connection) -> None:
        self.path = path
        self.removed = False
        self.before = 0
        """The changes before those of this run."""
        self._database = database

    def run(self, statement: str, *values: Any, many: Iterable[tuple[Any, ...]] | None = None) -> Any:
        """Execute a statement, or once for each of ``many``; what is wrong with the disk is an ``OSError``."""
        try:
            if many is not None:
                return self._database.executemany(statement, many)
            return self._database.execute(statement, values)
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error), os.fspath(self.path or "the journal")) from None

    def survey(self, lines: Iterable[tuple[int, str, str | None]]) -> int | None:
        """
        Take notice of the lines of the input: number, what tells its request from others, the record of a bad one.

        What belongs to another request than before is dropped; if it may have been carried out, the input is another
        one: then nothing is changed, and the first such line is returned.
        """
        self.run("INSERT INTO input VALUES (?, ?, ?)", many=lines)
        (other,) = self.run("SELECT min(line) FROM stale WHERE state IN (2, 5)").fetchone()
        if other is None:
            self.before = self._database.total_changes
            self.run("DELETE FROM outcome WHERE line IN (SELECT line FROM stale)")
            self.run("INSERT OR IGNORE INTO outcome SELECT line, 6, head, bad FROM input WHERE bad IS NOT NULL")
            self.run("COMMIT")
        return other  # type: ignore[no-any-return]

    @property
    def changed(self) -> bool:
        """Whether this run has changed an outcome."""
        return self._database.total_changes > self.before

    def counts(self) -> Counter[State]:
        """Return how many lines of the input are in each state."""
        rows = self.run("SELECT coalesce(state, 1), count(*) FROM input LEFT JOIN outcome USING (line) GROUP BY 1")
        return Counter({State(state): count for state, count in rows})

    def state(self, line: int) -> State:
        """Return the state of a line."""
        found = self.run("SELECT state FROM outcome WHERE line = ?", line).fetchone()
        return State(found[0]) if found else State.UNDONE

    def rows(self) -> Iterator[Row]:
        """Yield the outcomes, by line."""
        return self.run("SELECT line, state, head, rest FROM outcome ORDER BY line")  # type: ignore[no-any-return]

    def put(self, row: Row) -> None:
        """Keep an outcome: a kill cannot undo it."""
        self.run("INSERT OR REPLACE INTO outcome VALUES (?, ?, ?, ?)", *row)

    def take_over(self, row: Row) -> None:
        """Keep an outcome of another file, if there is none for its line."""
        self.run("INSERT OR IGNORE INTO outcome VALUES (?, ?, ?, ?)", *row)

    def remove(self) -> None:
        """Remove it; while it is still locked, so that no other run takes it up."""
        self.removed = True
        if self.path is not None:
            with contextlib.suppress(sqlite3.Error, FileNotFoundError):
                self._database.execute("PRAGMA journal_mode = DELETE")  # its other files go with it
                try:
                    self.path.unlink()
                except PermissionError:  # Windows removes no open file
                    self._database.close()
                    self.path.unlink()
