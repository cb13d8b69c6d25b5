"""
A fake of the vendor's service for tests: ``FakeUnionServer``, its scripted faults, and the documents' sample answers.

With pytest the fixtures ``union_server`` and ``union_client`` are there by themselves; README.md beside this file is
the guide. A name is loaded when it is asked for: pytest imports this package before it knows whether anybody will.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wxunion_async.testing._accounts import Account
    from wxunion_async.testing._faults import Fault
    from wxunion_async.testing._json import load_answer, read_answer
    from wxunion_async.testing._plans import Plan, PlanState
    from wxunion_async.testing._record import RecordedRequest
    from wxunion_async.testing.server import FakeUnionServer

__all__ = ["Account", "FakeUnionServer", "Fault", "Plan", "PlanState", "RecordedRequest", "load_answer", "read_answer"]

_MODULES = {
    "Account": "_accounts",
    "FakeUnionServer": "server",
    "Fault": "_faults",
    "Plan": "_plans",
    "PlanState": "_plans",
    "RecordedRequest": "_record",
    "load_answer": "_json",
    "read_answer": "_json",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value
