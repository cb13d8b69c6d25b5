"""Measurements behind the claims about speed; see README.md beside this file. None of them runs with the tests."""

import os
import sys

WITHOUT_ORJSON = "BENCHMARKS_WITHOUT_ORJSON"
"""Environment variable that hides orjson from this process and its children, as if it were not installed."""

if os.environ.get(WITHOUT_ORJSON):
    sys.modules["orjson"] = None  # type: ignore[assignment]
