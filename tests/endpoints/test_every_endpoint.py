"""What holds for every endpoint: its names, its file, its sample, its models."""

import ast
import enum
import inspect
import keyword
import typing
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

import wxunion_async
from wxunion_async import PagedRequest, RequestPart, UnionClient, UnionRequest, decode, request_classes
from wxunion_async._endpoint import (
    Paging,
    answer_name,
    answer_type_of,
    field_types,
    item_type_of,
    path_rule,
    request_name,
)
from wxunion_async.enums import OpenIntEnum
from wxunion_async.testing import load_answer

RequestClass = type[UnionRequest[Any]]
ENDPOINTS = Path(wxunion_async.__file__).parent / "endpoints"
every_endpoint = pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: "/".join(path_rule(cls.path)))


def arms(kind: Any) -> list[Any]:
    """Return the plain types that a type is made of."""
    args = typing.get_args(kind)
    return [arm for inner in args for arm in arms(inner)] if args else [kind]


def parts(cls: Any, seen: set[Any] | None = None) -> Iterator[type[Any]]:
    """Yield an attrs class and all that its fields hold."""
    seen = set() if seen is None else seen
    if not attrs.has(cls) or cls in seen:
        return
    seen.add(cls)
    yield cls
    for kind in field_types(cls).values():
        for arm in arms(kind):
            yield from parts(arm, seen)


def test_every_file_stands_in_a_group() -> None:
    """A file that no group names would never be called."""
    files = {file.relative_to(ENDPOINTS).with_suffix("") for file in ENDPOINTS.glob("*/[!_]*.py")}
    assert {str(file) for file in files} == {"/".join(path_rule(cls.path)) for cls in request_classes()}


@every_endpoint
def test_its_names_follow_from_its_path(cls: RequestClass) -> None:
    """A reader with the vendor's page open never has to guess."""
    group, call = path_rule(cls.path)
    assert cls.__module__ == f"wxunion_async.endpoints.{group}.{call}"
    assert cls.__name__ == request_name(cls.path)
    assert callable(getattr(getattr(UnionClient, group), call))
    answer = answer_type_of(cls)
    if attrs.has(answer):
        assert answer.__name__ in (answer_name(cls.path), f"{answer_name(cls.path)}Answer")
        assert getattr(wxunion_async, answer.__name__) is answer
    assert getattr(wxunion_async, cls.__name__) is cls


@every_endpoint
def test_every_leaf_of_its_sample_is_kept(cls: RequestClass, read_sample: Callable[..., Any]) -> None:
    """What the vendor's sample shows, the models name; else it would be lost without a word."""
    name = "/".join(path_rule(cls.path)).removesuffix("_")
    if answer_type_of(cls) is type(None):
        assert decode(cls, load_answer(name)) is None
    else:
        read_sample(cls, name)


@every_endpoint
def test_its_file_reads_from_the_top(cls: RequestClass) -> None:
    """The request first, then its answer; the source stands at the top, and every field has a word."""
    text = Path(inspect.getfile(cls)).read_text(encoding="utf-8")
    tree = ast.parse(text)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    answer = answer_type_of(cls)
    assert classes[0].name == cls.__name__
    if attrs.has(answer) and answer.__module__ == cls.__module__:
        assert classes[1].name == answer.__name__
    assert all(isinstance(node, (ast.Import, ast.ImportFrom, ast.ClassDef)) for node in tree.body[1:])
    assert text.startswith(f'"""\n{cls.method} {cls.path}.\n\nSource: ')
    assert text.count("Source: ") == 1
    assert "versionadded" in (cls.__doc__ or "")
    for node in classes:
        fields = [line for line in node.body if isinstance(line, ast.AnnAssign) and "ClassVar" not in ast.unparse(line)]
        words = [line for line in node.body[1:] if isinstance(line, ast.Expr)]
        if fields:
            assert len(words) == len(fields), f"{node.name}: a field without a literal below it"
        assert ast.get_docstring(node)


@every_endpoint
def test_its_answer_is_tolerant(cls: RequestClass) -> None:
    """A list is never required, an instant may be "never", ids but product_id are text; nothing else is invented."""
    for model in parts(answer_type_of(cls)):
        assert "__weakref__" not in dir(model)
        for field in attrs.fields(model):
            kind = field_types(model)[field.name]
            if typing.get_origin(kind) is tuple:
                assert field.default == (), f"{model.__name__}.{field.name}"
            elif field.default is not attrs.NOTHING:
                assert field.default is None, f"{model.__name__}.{field.name}"
                assert type(None) in arms(kind), f"{model.__name__}.{field.name}"
            if datetime in arms(kind):
                assert field.default is None, f"{model.__name__}.{field.name}"
            if field.name.endswith(("_id", "_ids", "appid", "openid")):
                wanted = int if field.name in ("product_id", "product_ids") else str
                assert wanted in arms(kind), f"{model.__name__}.{field.name}"
            for arm in arms(kind):
                assert not inspect.isclass(arm) or not issubclass(arm, enum.Enum) or issubclass(arm, OpenIntEnum)


@every_endpoint
def test_its_request_takes_one_thing_by_position_if_that_is_all(cls: RequestClass) -> None:
    """Of a read whose only required field it is; two values in a row are too easy to swap."""
    required = [field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING]
    positional = [field.name for field in attrs.fields(cls) if not field.kw_only]
    assert positional == (required if cls.resend and len(required) == 1 else [])
    assert not any(keyword.iskeyword(field.name) for field in attrs.fields(cls))
    assert all(issubclass(part, RequestPart) for part in parts(cls))


@every_endpoint
def test_its_pages_are_iterated(cls: RequestClass) -> None:
    """What is paged has an iterator, whose items are those of the list."""
    group, call = path_rule(cls.path)
    name = f"iter_{call.removeprefix('get_').removesuffix('_get')}"
    if PagedRequest not in cls.__mro__:
        assert not hasattr(getattr(UnionClient, group), name)
        return
    cls.refuse_unusable()
    paging: Paging = vars(cls)["paging"]
    assert item_type_of(cls) in arms(field_types(answer_type_of(cls))[paging.items])
    assert callable(getattr(getattr(UnionClient, group), name))
