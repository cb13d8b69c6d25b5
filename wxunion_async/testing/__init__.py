"""
A fake of the vendor's service for tests: ``FakeUnionServer``, its scripted faults, and the documents' sample answers.

pytest users get a ready server as the fixture ``union_server``:
``pytest_plugins = ["wxunion_async.testing.pytest_plugin"]``.
"""

from wxunion_async.testing._accounts import Account
from wxunion_async.testing._faults import Fault
from wxunion_async.testing._json import load_answer, read_answer
from wxunion_async.testing._plans import Plan, PlanState
from wxunion_async.testing._record import RecordedRequest
from wxunion_async.testing.server import FakeUnionServer

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
