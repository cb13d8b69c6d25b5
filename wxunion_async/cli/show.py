"""An answer as people read it, whatever its class: a panel, with a table for each list of like things."""

import enum
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from wxunion_async.cli.words import BEIJING, text

__all__ = ["answer_panel", "cells_of", "items_lines", "panel", "table"]

_WHOLES = {Per10k: 10_000, Per100k: 100_000, Per1M: 1_000_000}
_NUMBER = re.compile(r"(-?[\d,.]+( yuan| %)?)?")


def panel(title: str, rows: Iterable[tuple[str, RenderableType]], style: str) -> Panel:
    """Show labels, which may have markup, and values beside them."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in rows:
        grid.add_row(label, value)
    shown: RenderableType = grid if grid.row_count else Text("nothing to show", style="dim")
    return Panel(shown, title=title, title_align="left", border_style=style)


def table(rows: Iterable[Mapping[str, object]]) -> Table:
    """Show rows, each of which has its cells by their column, in the order in which the columns first come."""
    rows = [*rows]
    shown = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    for name in columns:
        numbers = all(_NUMBER.fullmatch(str(row.get(name, ""))) for row in rows)
        shown.add_column(name, overflow="fold", justify="right" if numbers else "left")
    for row in rows:
        shown.add_row(*(text(row.get(name, "")) for name in columns))
    return shown


def answer_panel(title: str, answer: Any) -> Panel:
    """Show an answer; what is absent or empty is left out."""
    return panel(title, _rows(answer, 0), "cyan")


def items_lines(items: Sequence[Any]) -> Iterator[Text]:
    """Show items one a line, below a line with what they have, in columns as wide as it takes."""
    rows = [dict(_leaves(item, "")) if _is_object(item) else {"item": text(item).plain} for item in items]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    widths = {name: max(cell_len(name), *(cell_len(row.get(name, "")) for row in rows)) for name in columns}
    for number, row in enumerate([dict(zip(columns, columns, strict=True)), *rows] if columns else []):
        cells = {name: row.get(name, "") for name in columns}
        padded = (cell + " " * (widths[name] - cell_len(cell)) for name, cell in cells.items())
        yield Text("  ".join(padded).rstrip(), style="" if number else "bold")


def cells_of(item: Any) -> dict[str, str]:
    """Return field → what people read, of what an object has; nested ones are not for cells."""
    return {name: _text(inner, kind) for name, kind, inner in _present(item)}


def _leaves(value: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for name, kind, inner in _present(value):
        if _is_object(inner):
            yield from _leaves(inner, f"{prefix}{name}.")
        elif isinstance(inner, tuple) and _is_object(inner[0]):
            yield prefix + name, f"{len(cast('Sequence[Any]', inner))} of them"
        else:
            yield prefix + name, " ".join(text(_text(inner, kind)).plain.split())


def _rows(value: Any, depth: int) -> Iterator[tuple[str, RenderableType]]:
    """Yield a label and a value for each field that is there, nested ones below their heading."""
    for name, kind, inner in _present(value):
        label = "  " * depth + name
        if _is_object(inner):
            yield f"[bold]{label}[/]", ""
            yield from _rows(inner, depth + 1)
        elif not isinstance(inner, tuple) or not _is_object(inner[0]):
            yield f"[dim]{label}[/]", text(_text(inner, kind))
        elif all(_is_flat(item) for item in cast("Sequence[Any]", inner)):
            yield f"[bold]{label}[/]", table(map(cells_of, cast("Sequence[Any]", inner)))
        else:
            for number, item in enumerate(items := cast("Sequence[Any]", inner), 1):
                yield f"[bold]{label}[/]", Text(f"{number} of {len(items)}", style="dim")
                yield from _rows(item, depth + 1)


def _present(value: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield name, type and value of what is there to show: the vendor sends empty texts, and objects without content."""
    for name, kind in field_types(value.__class__).items():
        inner = getattr(value, name)
        if inner is not None and inner not in ((), "", {}) and (not _is_object(inner) or any(_present(inner))):
            yield name, bare(kind), inner


def _is_object(value: Any) -> bool:
    cls: type[object] = value.__class__
    return attrs.has(cls)


def _is_flat(item: Any) -> bool:
    return not any(_is_object(inner) or isinstance(inner, tuple) for _, _, inner in _present(item))


def _text(value: Any, kind: Any) -> str:
    if kind is Fen:
        return f"{'-' if value < 0 else ''}{abs(value) // 100:,}.{abs(value) % 100:02} yuan"
    if kind in _WHOLES:
        return f"{100 * value / _WHOLES[kind]:.2f} %"
    match value:
        case bool():
            return "yes" if value else "no"
        case OpenIntEnum() | enum.Enum():
            return f"{value.name.lower().replace('_', ' ')} ({value.value})"
        case datetime():
            return value.astimezone(BEIJING).isoformat(" ", "seconds")
        case tuple():
            return "\n".join(_text(item, None) for item in value)  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)
