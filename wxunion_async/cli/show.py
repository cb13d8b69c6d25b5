"""An answer as people read it, whatever its class: a panel, with a table for each list of like things."""

import enum
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

import attrs
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from wxunion_async import Fen, OpenIntEnum, Per1M, Per10k, Per100k
from wxunion_async._endpoint import field_types
from wxunion_async.cli.fields import bare
from wxunion_async.cli.words import moment, percent, text, word, yuan

__all__ = ["answer_panel", "items_lines"]

_WHOLES = {Per10k: 10_000, Per100k: 100_000, Per1M: 1_000_000}

Row = tuple[str, RenderableType]


def answer_panel(title: str, answer: Any) -> Panel:
    """Show an answer; what is absent or empty is left out."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _rows(answer, 0):
        grid.add_row(name, value)
    shown: RenderableType = grid if grid.row_count else Text("nothing to show", style="dim")
    return Panel(shown, title=title, title_align="left", border_style="cyan")


def items_lines(items: Sequence[Any]) -> Iterator[Text]:
    """Show items one a line, below a line with what they have, in columns as wide as it takes."""
    rows = [dict(_leaves(item, "")) if _is_object(item) else {"item": text(item).plain} for item in items]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    widths = {name: max(cell_len(name), *(cell_len(row.get(name, "")) for row in rows)) for name in columns}
    for number, row in enumerate([dict(zip(columns, columns, strict=True)), *rows] if columns else []):
        cells = (row.get(name, "") for name in columns)
        padded = (cell + " " * (widths[name] - cell_len(cell)) for name, cell in zip(columns, cells, strict=True))
        yield Text("  ".join(padded).rstrip(), style="" if number else "bold")


def _leaves(value: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for name, kind, inner in _present(value):
        if _is_object(inner):
            yield from _leaves(inner, f"{prefix}{name}.")
        elif isinstance(inner, tuple) and _is_object(inner[0]):
            yield prefix + name, f"{len(cast('Sequence[Any]', inner))} of them"
        else:
            yield prefix + name, " ".join(text(_text(inner, kind)).plain.split())


def _rows(value: Any, depth: int) -> Iterator[Row]:
    """Yield a label and a value for each field that is there, nested ones below their heading."""
    for name, kind, inner in _present(value):
        label = "  " * depth + name
        if _is_object(inner):
            yield f"[bold]{label}[/]", ""
            yield from _rows(inner, depth + 1)
        elif isinstance(inner, tuple) and _is_object(inner[0]):
            yield from _list_rows(label, cast("Sequence[Any]", inner), depth)
        else:
            yield f"[dim]{label}[/]", text(_text(inner, kind))


def _list_rows(label: str, items: Sequence[Any], depth: int) -> Iterator[Row]:
    if all(_is_flat(item) for item in items):
        yield f"[bold]{label}[/]", _table(items)
        return
    for number, item in enumerate(items, 1):
        yield f"[bold]{label}[/]", Text(f"{number} of {len(items)}", style="dim")
        yield from _rows(item, depth + 1)


def _present(value: Any) -> Iterator[tuple[str, Any, Any]]:
    cls: Any = value.__class__
    for name, kind in field_types(cls).items():
        inner = getattr(value, name)
        if not _is_absent(inner):
            yield name, bare(kind), inner


def _is_object(value: Any) -> bool:
    cls: type[object] = value.__class__
    return attrs.has(cls)


def _is_absent(value: Any) -> bool:
    """Say whether there is nothing to show: the vendor sends empty texts, and objects with nothing else inside."""
    return value is None or value in ((), "", {}) or (_is_object(value) and not any(_present(value)))


def _is_flat(item: Any) -> bool:
    return not any(_is_object(inner) or isinstance(inner, tuple) for _, _, inner in _present(item))


def _table(items: Sequence[Any]) -> Table:
    """Show flat items of one class, one a line; a column that all of them lack is left out."""
    columns = list(dict.fromkeys(name for item in items for name, _, _ in _present(item)))
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for item in items:
        cells = {name: _text(inner, kind) for name, kind, inner in _present(item)}
        table.add_row(*(text(cells.get(name, "")) for name in columns))
    return table


def _text(value: Any, kind: Any) -> str:
    if kind is Fen:
        return f"{yuan(value)} yuan"
    if kind in _WHOLES:
        return percent(value, _WHOLES[kind])
    match value:
        case bool():
            return "yes" if value else "no"
        case OpenIntEnum():
            return f"{word(value)} ({int(value)})"
        case enum.Enum():
            return f"{value.name.lower()} ({value.value})"
        case datetime():
            return moment(value)
        case tuple():
            return "\n".join(_text(item, None) for item in value)  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)
