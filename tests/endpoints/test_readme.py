"""The endpoint that the README adds: its file is one that works, and as short as it is said to be."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import attrs
import pytest

import wxunion_async
from wxunion_async import decode, encode
from wxunion_async._endpoint import Group, endpoint, pages, path_rule, request_name, rules_of

PAGE = (Path(wxunion_async.__file__).parent / "endpoints/README.md").read_text(encoding="utf-8")
README = PAGE[PAGE.index("# Adding an endpoint") :]
FILE, LINES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Run the file as a module of its own; the library's, of the same name, is there again afterwards."""
    made = ModuleType("wxunion_async.endpoints.promoter.get_bind_sharer_list")
    monkeypatch.setitem(sys.modules, made.__name__, made)
    exec(compile(FILE, "README.md", "exec"), vars(made))
    return made


class Caller:
    """Answers with two pages."""

    def __init__(self, *answers: Any) -> None:
        self._answers = iter(answers)

    async def call(self, request: Any, /) -> Any:
        return next(self._answers)


async def test_its_lines_make_a_call_and_an_iterator(module: ModuleType) -> None:
    """Copied as they stand."""
    scope: dict[str, Any] = {"endpoints": module, "endpoint": endpoint, "pages": pages, "Final": Final, "Group": Group}
    exec(f"class Promoter(Group):\n{LINES}", scope)
    answers = [
        decode(module.GetBindSharerListRequest, {"errcode": "0", **page})
        for page in (
            {"sharer_info_list": [{"sharer_appid": "wx1", "bind_time": 1767225600}], "next_key": "k"},
            {"sharer_info_list": None},
        )
    ]
    sharer = module.BindSharer(sharer_appid="wx1", bind_time=datetime(2026, 1, 1, tzinfo=UTC))
    assert answers[0] == module.BindSharerList(sharer_info_list=(sharer,), next_key="k")
    assert decode(module.GetBindSharerListRequest, {"errcode": 0, **encode(answers[0])}) == answers[0]
    group = scope["Promoter"](Caller(answers[1], *answers))
    assert await group.get_bind_sharer_list(page_size=20) == answers[1]
    assert [item async for item in group.iter_bind_sharer_list()] == [sharer]


def test_it_follows_the_rules(module: ModuleType) -> None:
    """Name, place, length, and what it refuses."""
    request = module.GetBindSharerListRequest
    assert path_rule(request.path) == ("promoter", "get_bind_sharer_list")
    assert request_name(request.path) == request.__name__
    classes = (request, module.BindSharerList, module.BindSharer)
    fields = sum(len(attrs.fields(cls)) for cls in classes)
    assert len(FILE.splitlines()) <= 45 + 3 * fields
    assert [rule.text for rule in rules_of(request)] == ["page_size is in 1 … 20."]
    with pytest.raises(ValueError, match="page_size must be in 1 … 20, not 21"):
        request(page_size=21)
