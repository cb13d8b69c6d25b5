"""The input of ``wxunion bulk``: CSV or JSON Lines, one request a line."""

import contextlib
import csv
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import PurePath
from typing import Any, BinaryIO, NoReturn, cast

import attrs

from wxunion_async import UnionRequest
from wxunion_async.cli.failures import InputError
from wxunion_async.cli.requests import fields_of, request_from

__all__ = ["Input", "Line", "open_input"]

RequestClass = type[UnionRequest[Any]]

_BOM = b"\xef\xbb\xbf"


@attrs.frozen(kw_only=True)
class Line:
    """One line: a request, or what is wrong with it."""

    number: int
    """Its place in the file, from 1."""
    request: UnionRequest[Any] | None = None
    given: Any = None
    """What stands there, of a line that is no request: the text, or the cells by column."""
    problem: str = ""


@attrs.frozen
class Input:
    """An input that can be read from its beginning as often as it takes."""

    name: str
    """What it is called in messages."""
    file: BinaryIO
    is_csv: bool

    def lines(self, cls: RequestClass) -> Generator[Line]:
        """
        Yield each line that is not blank.

        Raises:
            InputError: the columns are not those of the request.

        """
        self.file.seek(0)
        return self._csv_lines(cls) if self.is_csv else self._json_lines(cls)

    def _json_lines(self, cls: RequestClass) -> Generator[Line]:
        for number, raw in enumerate(self.file, 1):
            text = raw.removeprefix(_BOM if number == 1 else b"").strip()
            if text:
                yield _json_line(cls, number, text)

    def _csv_lines(self, cls: RequestClass) -> Generator[Line]:
        # What is no UTF-8 spoils its own line only.
        text = io.TextIOWrapper(self.file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        try:
            reader = csv.reader(text)
            columns = self._columns(cls, next(reader, list[str]()))
            while True:
                number = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Line(number=number, given="", problem=str(error))
                    continue
                if cells:
                    yield _csv_line(cls, number, columns, cells)
        finally:
            text.detach()

    def _columns(self, cls: RequestClass, header: list[str]) -> list[str]:
        columns = [column.strip() for column in header]
        names = {name: field.name for field in fields_of(cls) for name in (field.wire, field.name)}
        known = ", ".join(field.name for field in fields_of(cls))
        unknown = [column for column in columns if column not in names]
        if unknown or not columns:
            wrong = f"no column {unknown[0]!r} is known" if unknown else "there are no columns"
            raise InputError(f"{self.name}, line 1: {wrong}; the columns are {known}")
        given = [names[column] for column in columns]
        missing = [field.name for field in fields_of(cls) if field.required and field.name not in given]
        if missing:
            raise InputError(f"{self.name}, line 1: there is no column {', '.join(missing)}; the columns are {known}")
        if len(set(given)) < len(given):
            raise InputError(f"{self.name}, line 1: a column is there twice")
        return columns


def _json_line(cls: RequestClass, number: int, raw: bytes) -> Line:
    try:
        given = json.loads(raw.decode(), parse_constant=_refuse)
        if isinstance(given, dict):
            return Line(number=number, request=request_from(cls, cast("dict[str, Any]", given)))
        problem = "it is no JSON object"
    except UnicodeDecodeError:
        problem = "it is no UTF-8"
    except json.JSONDecodeError as error:
        problem = f"it is no JSON: {error.msg}, column {error.colno}"
    except RecursionError:
        problem = "it is no JSON: nested too deeply"
    except ValueError as error:
        problem = str(error)
    return Line(number=number, given=raw.decode(errors="replace"), problem=problem)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _csv_line(cls: RequestClass, number: int, columns: list[str], cells: list[str]) -> Line:
    readable = [cell.encode(errors="surrogateescape").decode(errors="replace") for cell in cells]
    given = dict(zip(columns, readable, strict=False))
    if len(cells) != len(columns):
        return Line(number=number, given=readable, problem=f"it has {len(cells)} cells, the header {len(columns)}")
    if cells != readable:
        return Line(number=number, given=given, problem="it is no UTF-8: save the table as CSV UTF-8")
    try:
        return Line(number=number, request=request_from(cls, given))
    except ValueError as error:
        return Line(number=number, given=given, problem=str(error))


@contextlib.contextmanager
def open_input(path: str) -> Generator[Input]:
    """
    Open a file, or standard input as ``-``.

    Raises:
        InputError: it cannot be read.

    """
    with contextlib.ExitStack() as stack:
        try:
            file: BinaryIO = sys.stdin.buffer if path == "-" else stack.enter_context(open(path, "rb"))
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from None
        if not file.seekable():
            # It is read twice, and a slow writer at the other end of a pipe must not stop calls that are under way.
            pipe, file = file, stack.enter_context(tempfile.TemporaryFile())
            shutil.copyfileobj(pipe, file)
        yield Input("standard input" if path == "-" else path, file, _is_csv(path, file))


def _is_csv(path: str, file: BinaryIO) -> bool:
    """Go by the name, and where it does not tell by the first character."""
    suffix = PurePath(path).suffix.lower()
    if suffix in (".csv", ".jsonl", ".ndjson"):
        return suffix == ".csv"
    file.seek(0)
    return not file.read(4096).removeprefix(_BOM).lstrip().startswith(b"{")
