"""The input of ``wxunion bulk``: CSV or JSON Lines as people have them, one request a line."""

import codecs
import contextlib
import copy
import csv
import io
import itertools
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, BinaryIO, cast

import attrs

from wxunion_async import UnionRequest
from wxunion_async.cli.failures import InputError
from wxunion_async.cli.fields import field_of, fields_of, request_from
from wxunion_async.cli.words import from_json

__all__ = ["Input", "Line", "open_input"]

RequestClass = type[UnionRequest[Any]]

_BOM = codecs.BOM_UTF8
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS = ",\t;|"
_NO_UTF_8 = "it is no UTF-8: save the table as CSV UTF-8, or give --encoding gbk"
_OPEN = "a quote is opened and not closed"
_LINES_A_ROW = 100
"""The lines that a row with a text of several lines may have; a stray quote is looked for no further."""


@attrs.frozen(kw_only=True)
class Line:
    """One line: a request, or what is wrong with it."""

    number: int
    """Its place in the file, from 1."""
    request: UnionRequest[Any] | None = None
    given: Any = None
    """What stands there, of a line that is no request: the text, or the cells by column."""
    more: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    """What is no field of the request, by column, to be passed through."""
    problem: str = ""
    """What is wrong; "" with a request, and for a blank line."""


@attrs.define(kw_only=True)
class Input:
    """A copy of an input, which can be read as often as it takes, whatever is done to the input meanwhile."""

    name: str
    """What it is called in messages."""
    cls: RequestClass
    file: BinaryIO
    ignore: bool
    """Whether other columns are dropped."""
    columns: Sequence[str] = ()
    """The columns of a CSV, "" for one without a name."""
    delimiter: str = ""
    """What separates the cells of a CSV; "" for JSON Lines."""
    head: int = 0
    """The lines before the first row."""

    @property
    def unknown(self) -> list[str]:
        """The columns of a CSV that are passed through."""
        return [name for name in self.columns if name and not self.ignore and field_of(self.cls, name) is None]

    @property
    def known(self) -> list[str]:
        """The columns of a CSV that are fields, in their order and by their names on the wire."""
        return [field.wire for name in self.columns if (field := field_of(self.cls, name)) is not None]

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Yield each line and its number."""
        self.file.seek(0)
        for number, raw in enumerate(self.file, 1):
            yield number, raw.removeprefix(_BOM) if number == 1 else raw

    def lines(self) -> Iterator[Line]:
        """Yield each line that is not blank."""
        (rows,) = itertools.tee(itertools.islice(self.rows(), self.head, None), 1)
        while (row := next(rows, None)) is not None:
            line = self._line(*row)
            if line is None:
                ahead = copy.copy(rows)
                line = self._several(*row, ahead)
                rows = rows if line.request is None else ahead
            if line.request is not None or line.problem:
                yield line

    def _line(self, number: int, raw: bytes) -> Line | None:
        """Read one line; ``None`` where a quote is still open at its end."""
        given: Any = raw.decode(errors="replace").strip()
        try:
            found: Any = self._row_of(raw.decode()) if self.delimiter else from_json(raw.decode().strip() or "{}")
            if not given or (self.delimiter and not found):
                return Line(number=number)
            if not isinstance(found, dict):
                raise ValueError("it is no JSON object")  # noqa: TRY004 - the line is wrong, not our code
            cells = cast("dict[str, Any]", found)
            given = cells if self.delimiter else given
            known = {name: value for name, value in cells.items() if field_of(self.cls, name) is not None}
            more = {} if self.ignore else {name: value for name, value in cells.items() if name not in known}
            return Line(number=number, request=request_from(self.cls, known), more=more)
        except _OpenQuoteError:
            return None
        except UnicodeDecodeError:
            problem = _NO_UTF_8
        except json.JSONDecodeError as error:
            problem = f"it is no JSON: {error.msg}, column {error.colno}"
        except RecursionError:
            problem = "it is no JSON: nested too deeply"
        except (csv.Error, ValueError) as error:
            problem = str(error)
        return Line(number=number, given=given, problem=problem)

    # ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _row_of(self, words: str) -> dict[str, str]:
        """Return the cells of a row by column; nothing of a blank one."""
        cells = _cells(words, self.delimiter)
        if not any(cells):
            return {}
        if len(cells) != len(self.columns):
            raise ValueError(f"it has {len(cells)} cells, the header {len(self.columns)}")
        return {column: cell for column, cell in zip(self.columns, cells, strict=True) if column}

    def _several(self, number: int, raw: bytes, rows: Iterator[tuple[int, bytes]]) -> Line:
        """
        Read a row that goes on in the next lines, unless the quote that is open at its end is a stray one.

        It is one where no good row comes of it, or where a good row stands in what it would swallow; only where all
        that is required is text any row is good, so that there the latter says nothing.
        """
        texts_only = all(field.kind is str for field in fields_of(self.cls) if field.required)
        whole = raw
        for row in itertools.islice(rows, _LINES_A_ROW - 1):
            alone = None if texts_only or row[1].count(b'"') % 2 else self._line(*row)
            if alone is not None and alone.request is not None:
                break
            whole += row[1]
            line = self._line(number, whole)
            if line is not None and line.request is not None:
                return line
            if line is not None:
                break
        given = raw.decode(errors="replace").rstrip()
        return Line(number=number, given=given, problem=_OPEN)

    def read_head(self) -> None:
        """Find out the columns of a CSV; the delimiter is the one that makes most sense of them."""
        delimiters, self.head, problem = _DELIMITERS, 1, ""
        try:
            lines = [raw for _, raw in itertools.islice(self.rows(), 2)]
            if told := re.match(
                r"sep=([^\r\n])", lines[0].decode() if lines else ""
            ):  # how Excel is told the delimiter
                delimiters, self.head, lines = told[1], 2, lines[1:]
            ways = [(name, _cells(lines[0].decode(), name)) for name in delimiters if lines]
            known = {way: sum(field_of(self.cls, name) is not None for name in columns) for way, columns in ways}
            self.delimiter, self.columns = max(ways, key=lambda way: known[way[0]], default=(",", list[str]()))
        except UnicodeDecodeError:
            problem = _NO_UTF_8
        except (csv.Error, _OpenQuoteError) as error:
            problem = str(error) or _OPEN
        given = [field.name if (field := field_of(self.cls, name)) else name for name in self.columns if name]
        missing = [field.name for field in fields_of(self.cls) if field.required and field.name not in given]
        missing = [name for name in missing if "." not in name]
        if not problem and not given:
            problem = "there are no columns"
        elif not problem and missing:
            problem = f"there is no column {', '.join(missing)}"
        elif not problem and len(set(given)) < len(given):
            problem = "a column is there twice"
        if problem:
            known_names = ", ".join(field.name for field in fields_of(self.cls))
            raise InputError(f"{self.name}, line {self.head}: {problem}; the columns are {known_names}")


class _OpenQuoteError(Exception):
    """A quote is still open at the end of a row."""


def _cells(words: str, delimiter: str) -> list[str]:
    """Return the cells of one row, stripped."""
    try:
        return [cell.strip() for cell in next(csv.reader([words], delimiter=delimiter, strict=True), list[str]())]
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise _OpenQuoteError from None
        raise


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def open_input(
    path: str, cls: RequestClass, *, encoding: str | None = None, ignore_columns: bool = False
) -> Generator[Input]:
    """
    Open a file, or standard input as ``-``; what cannot be read, or has other columns, is an ``InputError``.

    Without an encoding it is UTF-8, or UTF-16 where its first bytes say so.
    """
    name = "standard input" if path == "-" else path
    if path == "-" and sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison] - "wxunion … <&-"
        raise InputError("standard input is closed")
    with tempfile.TemporaryFile() as copied, tempfile.TemporaryFile() as recoded:
        try:
            with contextlib.nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb") as source:
                shutil.copyfileobj(source, copied)
            copied.seek(0)
            if encoding is None and copied.read(2) in _UTF_16:
                encoding = "UTF-16"
            if encoding is not None:
                _recode(copied, encoding, recoded)
            file: Any = copied if encoding is None else recoded
            file.seek(0)
            head = file.read(4096).removeprefix(_BOM)
        except OSError as error:
            raise InputError(f"{name}: {error.strerror or error}") from None
        except UnicodeError:
            raise InputError(f"{name} is not written in {encoding}") from None
        except LookupError:
            raise InputError(f"--encoding: {encoding!r} is no encoding that is known") from None
        if head.startswith(_WORKBOOKS):
            raise InputError(f"{name} is a workbook: save the table as CSV UTF-8")
        found = Input(name=name, cls=cls, file=file, ignore=ignore_columns)
        # By the name, and where it does not tell by the first character.
        suffix = PurePath(path).suffix.lower()
        if suffix in (".csv", ".tsv") or (suffix not in (".jsonl", ".ndjson") and not head.lstrip().startswith(b"{")):
            found.read_head()
        yield found


def _recode(source_file: Any, encoding: str, target_file: Any) -> None:
    """Copy it as UTF-8; a byte that is wrong in ``encoding`` spoils its own line only."""
    "".encode(encoding)  # what is no encoding of text is refused by this
    source_file.seek(0)
    source = io.TextIOWrapper(source_file, encoding, "surrogateescape", newline="")
    target = io.TextIOWrapper(target_file, "utf-8", "surrogateescape", newline="")
    try:
        shutil.copyfileobj(source, target)
    finally:
        source.detach()
        target.detach()
