"""The table of all calls: each stands in it once, with what its class says."""

import re
from pathlib import Path

import wxunion_async
from wxunion_async import UnionClient, UnionRequest
from wxunion_async._endpoint import PagedRequest, calls_of, groups_of, path_rule

README = (Path(wxunion_async.__file__).parent / "endpoints" / "README.md").read_text(encoding="utf-8")
ROWS: list[tuple[str, ...]] = re.findall(
    r"^\| (.+?) \| `([\w.]+)` \| (\w+) \| ([\w, ]+) \| `?(\w*)`? ?\|$", README, re.MULTILINE
)
CALLS: dict[str, tuple[type, type[UnionRequest[object]]]] = {
    f"{path_rule(cls.path)[0]}.{call}": (group, cls)
    for group in groups_of(UnionClient)
    for call, cls in calls_of(group).items()
}
ACCOUNTS = {"union": "promoter", "channels": "agency", "cgi-bin": "either"}


def test_every_call_has_one_row() -> None:
    """A call that is not in the table is not found."""
    assert sorted(call for _, call, *_ in ROWS) == sorted(CALLS)
    assert f"All {len(CALLS)}, by what" in README


def test_the_table_says_what_the_classes_say() -> None:
    """Account, whether it changes anything, and how all pages are had."""
    for _, call, account, kind, iterator in ROWS:
        group, cls = CALLS[call]
        assert account == ACCOUNTS[cls.path.split("/")[1]], call
        writes_again = cls.resend and ".set_" in call
        assert kind == ("write, twice is once" if writes_again else "read" if cls.resend else "write"), call
        assert bool(iterator) == issubclass(cls, PagedRequest), call
        assert not iterator or callable(getattr(group, iterator)), call
