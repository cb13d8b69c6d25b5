"""JSON for machines, on stdout and stderr."""

import json
from typing import Any

from rich.console import Console

__all__ = ["print_json"]


def print_json(value: Any, *, indent: int | None = None, stderr: bool = False) -> None:
    """Print a JSON value; on one line unless ``indent`` is given."""
    console = Console(stderr=stderr)
    ascii_only = not console.encoding.startswith("utf")
    console.out(json.dumps(value, ensure_ascii=ascii_only, indent=indent), highlight=False)
