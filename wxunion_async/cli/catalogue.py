"""Which calls there are, by their groups; a call's file is loaded when it is asked for, and no other."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any

from wxunion_async import UnionRequest, endpoints
from wxunion_async._endpoint import Group, answer_type_of, calls_of, endpoint, path_rule
from wxunion_async.cli.failures import InputError

__all__ = ["account_of", "call_class", "call_name", "dashed", "every_call", "find", "groups", "kind_of", "summary_of"]

RequestClass = type[UnionRequest[Any]]


def groups() -> Mapping[str, type[Group]]:
    """Return name → class of the groups; neither their calls nor the client are loaded for it."""
    found: dict[str, type[Group]] = {}
    for module in pkgutil.iter_modules(endpoints.__path__):
        if module.ispkg:
            package = importlib.import_module(f"{endpoints.__name__}.{module.name}")
            found[module.name] = getattr(package, package.__all__[0])
    return found


def call_class(group: type[Group], call: str) -> RequestClass | None:
    """Return the request class of a call; ``None`` if the group has no such call."""
    declared = inspect.getattr_static(group, call, None)
    return declared.request() if isinstance(declared, endpoint) else calls_of(group).get(call)


def every_call() -> Iterator[tuple[str, str, RequestClass]]:
    """Yield group, call and request class of every call, loading them all."""
    for name, group in groups().items():
        for call, cls in calls_of(group).items():
            yield name, call, cls


def find(name: str) -> RequestClass:
    """Return the request class of ``group.call``; dashes may stand for "_"."""
    group, _, call = name.replace("-", "_").partition(".")
    cls = call_class(groups()[group], call) if group in groups() else None
    if cls is None:
        raise InputError(f"--request: {name!r} is none of the calls that wxunion calls lists, as GROUP.CALL")
    return cls


def call_name(cls: RequestClass) -> str:
    """Return the name of a call: ``promoter.get_promote_product_detail``."""
    return ".".join(path_rule(cls.path))


def dashed(name: str) -> str:
    """Return what a name is on the command line."""
    return name.rstrip("_").replace("_", "-")


def summary_of(cls: type[Any]) -> str:
    """Return the first paragraph of a class's docstring, on one line."""
    return " ".join((inspect.getdoc(cls) or "").split("\n\n")[0].split()).replace("``", "")


def kind_of(cls: RequestClass) -> str:
    """Return whether the call only reads; a write may be one that does no harm when it is sent twice."""
    return "read" if cls.resend and answer_type_of(cls) is not type(None) else "write"


def account_of(cls: RequestClass) -> str:
    """Return which account the call is for."""
    families = {"union": "promoter", "channels": "agency"}
    return families.get(cls.path.split("/")[1], "either")
