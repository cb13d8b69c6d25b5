"""A command for each call, made from its request class."""

import asyncio
import contextlib
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import attrs
from cyclopts import App, Parameter
from rich.console import Console

from wxunion_async import UnionError, UnionRequest, encode
from wxunion_async._decoding.shapes import wire_name
from wxunion_async._endpoint import Group
from wxunion_async.cli.account import UNNAMED, Account
from wxunion_async.cli.catalogue import account_of, call_class, call_name, dashed, every_call, kind_of, summary_of
from wxunion_async.cli.failures import OK, InputError, exit_code_of, facts
from wxunion_async.cli.fields import Field, field_of, fields_of, request_from, rules_of
from wxunion_async.cli.show import answer_panel, items_lines
from wxunion_async.cli.words import FLAG, print_json, text, whole

if TYPE_CHECKING:
    from wxunion_async import UnionClient

__all__ = ["add_calls", "calls"]

RequestClass = type[UnionRequest[Any]]

_MOST = Annotated[int | None, whole(1), Parameter(help="Stop after so many items.")]
_TABLE = Annotated[bool, FLAG, Parameter(name="--table", help="Print a table, one row an item, as wide as it gets.")]
_JSON = Annotated[bool, FLAG, Parameter(name="--json", help="Print JSON: the vendor's names and units.")]


def calls(*, json: Annotated[bool, FLAG] = False) -> None:
    """
    List every call: whose account it is for, whether it reads or writes, whether it comes in pages.

    Args:
        json: Print one JSON object a line.

    """
    console, before = Console(), ""
    found = list(every_call())
    for group, call, cls in found:
        kind, pages = kind_of(cls), hasattr(cls, "paging")
        if json:
            known = {"call": call_name(cls), "account": account_of(cls), "kind": kind, "pages": pages}
            print_json({**known, "path": cls.path, "about": summary_of(cls)})
            continue
        if group != before:
            console.print(text(f"{dashed(group)} ({account_of(cls)} account)", style="bold"))
        width = max(len(call) for name, call, _ in found if name == group)
        words = text(f"  {dashed(call):<{width}}  {kind:<5}  {'pages' if pages else '':<5}  {summary_of(cls)}")
        if console.is_terminal:
            words.truncate(console.width, overflow="ellipsis")
        console.print(words, soft_wrap=True)
        before = group


def add_calls(app: App, group: type[Group], wanted: str) -> None:
    """Give ``app`` a command for the call that is wanted, or, if the group has no such call, for each of its calls."""
    names = [name for name in vars(group) if not name.startswith("_")]
    for name in [name for name in names if dashed(name) == wanted and call_class(group, name)] or names:
        if (cls := call_class(group, name)) is not None:
            app.command(_command(cls), name=dashed(name), help=_help(cls))


def _help(cls: RequestClass) -> str:
    lines = [summary_of(cls)]
    if hasattr(cls, "paging"):
        # The class is about a page; the command asks for all of them.
        lines = [
            lines[0].replace("one page of ", ""),
            "With --json each item is a line of its own, with --table a row.",
        ]
    lines += [" ".join(rules_of(cls)), f"For {account_of(cls)} accounts; {cls.method} {cls.path}."]
    return "\n\n".join(filter(None, lines))


def _command(cls: RequestClass) -> Callable[..., int]:
    def command(*args: Any, **kwargs: Any) -> int:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = bound.arguments
        account, most, table, as_json = (given.pop(name, None) for name in ("account_", "most_", "table_", "json_"))
        try:
            request = request_from(cls, {name.replace("__", "."): value for name, value in given.items()})
        except ValueError as error:
            raise InputError(str(error)) from None
        try:
            asyncio.run(_run(account.client(), request, most, table=table, as_json=as_json))
        except UnionError as error:
            if not as_json:
                raise
            print_json({"error": facts(error)}, stderr=True)
            return exit_code_of(error)
        return OK

    parameters = [_parameter(field) for field in fields_of(cls) if not attrs.has(field.kind)]
    if hasattr(cls, "paging"):
        # Some calls have a field that is called "limit".
        names = ("--max-items", *(["--limit"] if field_of(cls, "limit") is None else []))
        parameters += [
            _option("most_", Annotated[_MOST, Parameter(name=names)], None),
            _option("table_", _TABLE, False),
        ]
    parameters += [_option("json_", _JSON, False), _option("account_", Account, UNNAMED)]
    signature = inspect.Signature(sorted(parameters, key=lambda parameter: parameter.kind))
    command.__signature__ = signature  # type: ignore[attr-defined]
    command.__annotations__ = {name: parameter.annotation for name, parameter in signature.parameters.items()}
    return command


def _option(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    """Make an option; those of every call have names that no field has."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _parameter(field: Field) -> inspect.Parameter:
    """Take it as text, whatever its type, so that it is read as in a file; a flag where it is true or false."""
    kind: Any = bool if field.kind is bool else str
    shown = "" if field.default in (None, "", (), attrs.NOTHING) else str(field.default)
    about = Parameter(
        name=f"--{'.'.join(map(dashed, field.name.split('.')))}",
        help=field.help,
        show_default=shown or False,
        metavar=None if kind is bool else "VALUE",
    )
    name = field.name.replace(".", "__")
    if field.required and name == field.name:
        return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Annotated[kind, about])
    return _option(name, Annotated[kind | None, about], None)


# ── one call, or all pages ───────────────────────────────────────────────────────────────────────────────────────────


async def _run(client: "UnionClient", request: Any, most: int | None, *, table: bool, as_json: bool) -> None:
    async with client:
        if not hasattr(request, "paging"):
            _show(request, await client.call(request), as_json=as_json)
            return
        field, found = request.paging.items, list[Any]()
        page: Any = None
        async with contextlib.aclosing(client.pages(request)) as pages:
            async for page in pages:
                items = getattr(page, field)[: None if most is None else most - len(found)]
                found += items
                if as_json:
                    wire = encode(attrs.evolve(page, **{field: items}))
                    for item in wire.get(request.answer_key or "", wire).get(wire_name(field, request.dialect), ()):
                        print_json(item)
                if len(found) == most:
                    break
    if table:
        for line in items_lines(found):
            Console().print(line, soft_wrap=True)
    elif not as_json:
        # What says how the pages follow is no answer to the reader's question.
        told = {name: None for what, name in request.paging.says.items() if what != "total"}
        _show(request, attrs.evolve(page, **told, **{field: tuple(found)}), as_json=False)


def _show(request: UnionRequest[Any], answer: Any, *, as_json: bool) -> None:
    title = call_name(type(request)).replace("_", " ")
    if as_json:
        print_json(encode(answer), indent=2)
    elif answer is None:
        Console().print(text(f"{title}: done", style="green"))
    else:
        Console().print(answer_panel(title, answer))
