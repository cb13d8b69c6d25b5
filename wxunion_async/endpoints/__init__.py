"""
The endpoints, one module each, at ``<group>/<call>.py``; README.md beside this file says how to add one.

Every request class can be had from here, and its module is not loaded before.
"""

import importlib
from typing import Any

from wxunion_async.endpoints._names import NAMES


def __getattr__(name: str) -> Any:
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f"{__name__}.{NAMES[name]}"), name)
    return value
