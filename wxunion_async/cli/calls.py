"""A command for each endpoint, made from its request class."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import attrs
from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.text import Text

from wxunion_async import UnionClient, UnionError, UnionRequest, encode
from wxunion_async._decoding import wire_name
from wxunion_async._endpoint import answer_type_of
from wxunion_async.cli.account import UNNAMED, Account
from wxunion_async.cli.failures import OK, InputError, exit_code_of, facts
from wxunion_async.cli.output import print_json
from wxunion_async.cli.requests import (
    Field,
    call_name,
    command_name,
    fields_of,
    request_classes,
    request_from,
    summary_of,
)
from wxunion_async.cli.show import answer_panel

__all__ = ["add_commands"]

RequestClass = type[UnionRequest[Any]]


def add_commands(app: App) -> None:
    """Give ``app`` a command for each endpoint."""
    for cls in request_classes():
        app.command(_command(cls), name=command_name(cls), help=_help(cls))


def _help(cls: RequestClass) -> str:
    lines = [summary_of(cls)]
    if _list_field(cls):
        # The class is about a page; the command asks for all of them.
        lines = [lines[0].replace("one page of ", ""), "With `--json` each item is a line of its own."]
    lines.append(f"The vendor's call is {cls.method} {cls.path}.")
    return "\n\n".join(lines)


def _command(cls: RequestClass) -> Callable[..., int]:
    def command(*args: Any, **kwargs: Any) -> int:
        given = signature.bind(*args, **kwargs).arguments
        account, as_json, limit = given.pop("account", UNNAMED), given.pop("json", False), given.pop("limit", None)
        try:
            request = request_from(cls, given)
        except ValueError as error:
            raise InputError(str(error)) from None
        client = account.client()
        try:
            asyncio.run(_run(client, request, limit, as_json=as_json))
        except UnionError as error:
            if not as_json:
                raise
            print_json({"error": facts(error)}, stderr=True)
            return exit_code_of(error)
        return OK

    signature = inspect.Signature([*map(_parameter, fields_of(cls)), *_common_parameters(cls)])
    command.__signature__ = signature  # type: ignore[attr-defined]
    command.__annotations__ = {name: parameter.annotation for name, parameter in signature.parameters.items()}
    return command


def _parameter(field: Field) -> inspect.Parameter:
    """Take it as text, whatever its type, so that it is read as in a file; a flag where it is true or false."""
    kind: Any = bool if field.kind is bool else str
    shown = "" if field.default in (None, "", ()) else str(field.default)
    about = Parameter(name=f"--{field.option}", help=field.help, show_default=shown or False)
    if field.required:
        return inspect.Parameter(field.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Annotated[kind, about])
    return inspect.Parameter(
        field.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, about]
    )


def _common_parameters(cls: RequestClass) -> list[inspect.Parameter]:
    limit = Parameter(help="Stop after so many items.", validator=Number(gte=1))
    as_json = Parameter(help="Print JSON: the vendor's names and units.", negative="", show_default=False)
    found = [
        inspect.Parameter("json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Annotated[bool, as_json]),
        inspect.Parameter("account", inspect.Parameter.KEYWORD_ONLY, default=UNNAMED, annotation=Account),
    ]
    if _list_field(cls):
        found.insert(
            0,
            inspect.Parameter(
                "limit", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[int | None, limit]
            ),
        )
    return found


# ── one call, or all pages ───────────────────────────────────────────────────────────────────────────────────────────


def _list_field(cls: RequestClass) -> str | None:
    """Return which field of the answer is the page of a list; ``None`` for a call that is not asked page by page."""
    answer = answer_type_of(cls)
    if not attrs.has(answer) or "next_key" not in attrs.fields_dict(cls):
        return None
    return next(name for name in attrs.fields_dict(answer) if name != "next_key")


async def _run(client: UnionClient, request: UnionRequest[Any], limit: int | None, *, as_json: bool) -> None:
    field = _list_field(type(request))
    async with client:
        if field is None:
            _show(request, await client.call(request), as_json=as_json)
            return
        pages = _pages(client, request, field, limit)
        if as_json:
            async for page in pages:
                for item in encode(page).get(wire_name(field, request.dialect), []):
                    print_json(item)
        else:
            found = [page async for page in pages]
            items = tuple(item for page in found for item in getattr(page, field))
            _show(request, attrs.evolve(found[-1], **{field: items, "next_key": None}), as_json=False)


def _show(request: UnionRequest[Any], answer: Any, *, as_json: bool) -> None:
    title = call_name(type(request)).replace("_", " ")
    if as_json:
        print_json(encode(answer), indent=2)
    elif answer is None:
        Console().print(Text(f"{title}: done", style="green"))
    else:
        Console().print(answer_panel(title, answer))


async def _pages(client: UnionClient, request: Any, field: str, limit: int | None) -> AsyncIterator[Any]:
    """Yield each page, the last one cut to ``limit``; it ends as ``iter_promote_product_list`` does."""
    asked = {request.next_key}
    while True:
        page = await client.call(request)
        items = getattr(page, field)[:limit]
        yield attrs.evolve(page, **{field: items})
        if limit is not None:
            limit -= len(items)
        if limit == 0 or not page.next_key or page.next_key in asked:
            return
        asked.add(page.next_key)
        request = attrs.evolve(request, next_key=page.next_key)
