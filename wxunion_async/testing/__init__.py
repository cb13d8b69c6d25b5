"""
A fake of the vendor's service for tests: `FakeUnionServer`, its scripted faults, and the documents' sample answers.

pytest users get a ready server as the fixture `union_server`:
``pytest_plugins = ["wxunion_async.testing.pytest_plugin"]``.
"""

from ._accounts import Account
from ._faults import Fault
from ._json import load_answer, read_answer
from ._plans import Plan, PlanState
from ._record import RecordedRequest
from .server import FakeUnionServer

__all__ = [
    "Account",
    "FakeUnionServer",
    "Fault",
    "Plan",
    "PlanState",
    "RecordedRequest",
    "load_answer",
    "read_answer",
]
