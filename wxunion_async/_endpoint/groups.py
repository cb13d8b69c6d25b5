"""The calls of a group, each declared in one line, and the groups of a client."""

import keyword
import typing
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from types import GenericAlias, MappingProxyType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

import attrs

from wxunion_async._endpoint.fields import field_types
from wxunion_async._endpoint.paging import PagedRequest, item_type_of, items_of
from wxunion_async._endpoint.request import UnionRequest, answer_type_of
from wxunion_async._endpoint.source import function_from

__all__ = [
    "Caller",
    "Group",
    "answer_name",
    "calls_of",
    "endpoint",
    "group",
    "groups_of",
    "pages",
    "path_rule",
    "request_name",
]

Answer = TypeVar("Answer")
Item = TypeVar("Item")
G_co = TypeVar("G_co", bound="Group", covariant=True)
P = ParamSpec("P")


# ── one rule for finding anything ────────────────────────────────────────────────────────────────────────────────────

_PREFIXES = ("/union/promoter/", "/union/", "/channels/ec/league/", "/channels/ec/", "/cgi-bin/openapi/")
_UNNAMED = ("target", "promoter", "headsupplier")
"""The groups whose name is not in the names of their requests."""


def path_rule(path: str) -> tuple[str, str]:
    """
    Return (group, call) of a URL path: ``("headsupplier", "order_list_get")``.

    Raises:
        ValueError: what is left of the path without its prefix has no two parts.

    """
    prefix = next((prefix for prefix in _PREFIXES if path.startswith(prefix)), "/")
    name, _, rest = path.removeprefix(prefix).strip("/").partition("/")
    if not name or not rest:
        raise ValueError(f"{path!r} names no call in a group")
    call = rest.replace("/", "_")
    return name, f"{call}_" if keyword.iskeyword(call) else call


def request_name(path: str) -> str:
    """Return what the request class of a path is called: ``"OrderListGetRequest"``, ``"ProductListRequest"``."""
    return f"{''.join(_words(path))}Request"


def answer_name(path: str) -> str:
    """Return what the answer of a path is called: ``"OrderList"``; the root may have it with ``Answer`` behind it."""
    words = _words(path)
    return "".join(words[words[0] == "Get" : len(words) - (words[-1] == "Get")])


def _words(path: str) -> list[str]:
    name, call = path_rule(path)
    words = call.split("_") if name in _UNNAMED else [*name.split("_"), *call.split("_")]
    return [word[:1].upper() + word[1:] for word in words if word]


# ── the group ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Caller(Protocol):
    """Sends any request value."""

    def call(self, request: UnionRequest[Answer], /) -> Awaitable[Answer]:
        """Send ``request`` and return its typed answer."""
        ...


class Group:
    """Base of ``client.target`` and its like: the calls of one group, over one client."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def call(self, request: UnionRequest[Answer], /) -> Awaitable[Answer]:
        """Send ``request`` through the client that this group belongs to."""
        return self._caller.call(request)


class group(Generic[G_co]):
    """
    A group of a client: ``target: group[Target] = group(Target)``.

    The class of the client gives the class of the group, a client its own group, made on first use.
    """

    def __init__(self, cls: type[G_co]) -> None:
        self.cls = cls

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name
        self.__doc__ = self.cls.__doc__

    @overload
    def __get__(self, client: None, owner: type[Any]) -> type[G_co]: ...
    @overload
    def __get__(self, client: Caller, owner: type[Any]) -> G_co: ...
    def __get__(self, client: Caller | None, owner: type[Any]) -> type[G_co] | G_co:
        if client is None:
            return self.cls
        made = self.cls(client)
        vars(client)[self._name] = made  # from now on Python finds it there, before this descriptor
        return made


def groups_of(client: type) -> tuple[type[Group], ...]:
    """Return the groups that the class of a client declares, in their order."""
    found = [typing.cast("group[Group]", value) for value in vars(client).values() if isinstance(value, group)]
    return tuple(declared.cls for declared in found)


# ── the calls of a group ─────────────────────────────────────────────────────────────────────────────────────────────

_calls: dict[type, dict[str, "_Call"]] = {}
"""The declarations of each group: its first touch puts a function where a declaration stood."""


def calls_of(cls: type[Group]) -> Mapping[str, type[UnionRequest[Any]]]:
    """Return name → request class of the calls of a group, in their order, loading them; iterators are left out."""
    calls = {name: call for base in reversed(cls.__mro__) for name, call in _calls.get(base, {}).items()}
    return MappingProxyType({name: call.request() for name, call in calls.items() if isinstance(call, endpoint)})


class _Call:
    """
    What ``endpoint`` and ``pages`` share: the first touch loads the request class and puts a function into the group.

    A plain function in the class is what ``help``, ``inspect``, ``functools.wraps`` and ``unittest.mock`` understand.
    """

    base: type[Any] = UnionRequest
    """What the request class has to be derived from."""
    source: str = "async def {name}({parameters}):\n    return await self._caller.call({request}({arguments}))\n"
    """What the function says."""

    def __init__(self, request: Callable[[], Any]) -> None:
        self._request = request

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._name = owner, name
        _calls.setdefault(owner, {})[name] = self

    def request(self) -> type[Any]:
        """Return the request class, loading its file."""
        cls: Any = self._request()
        if not (isinstance(cls, type) and issubclass(cls, self.base)):
            raise TypeError(f"{self._owner.__qualname__}.{self._name} must name a subclass of {self.base.__name__}")
        return typing.cast("type[Any]", cls)

    def returns(self, request: type[Any]) -> Any:
        """Return what the function is annotated to return."""
        return answer_type_of(request)

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        setattr(self._owner, self._name, self._function())  # in place of this descriptor
        return getattr(owner if instance is None else instance, self._name)

    def _function(self) -> Callable[..., Any]:
        request = self.request()
        types = field_types(request)
        fields = [field for field in attrs.fields(request) if field.init]
        known: dict[str, Any] = {request.__name__: request, "items_of": items_of}
        positional, named = ["self"], list[str]()
        for field in fields:
            parameter = field.alias
            if field.default is not attrs.NOTHING:
                parameter += f"=default_{field.alias}"
                # The signature shows a default, not how it is made; a list is copied when the request is built.
                default = field.default
                known[f"default_{field.alias}"] = default.factory() if hasattr(default, "factory") else default
            (named if field.kw_only else positional).append(parameter)
        source = self.source.format(
            name=self._name,
            request=request.__name__,
            parameters=", ".join([*positional, *(["*", *named] if named else [])]),
            arguments=", ".join(f"{field.alias}={field.alias}" for field in fields),
        )
        function = function_from(source, f"{self._owner.__qualname__}.{self._name}", known)
        function.__module__ = self._owner.__module__
        function.__qualname__ = f"{self._owner.__qualname__}.{self._name}"
        function.__doc__ = request.__doc__
        function.__annotations__ = {field.alias: types[field.name] for field in fields}
        function.__annotations__["return"] = self.returns(request)
        return function


class endpoint(_Call, Generic[P, Answer]):
    """
    The call of one endpoint, in its group: ``plan_info = endpoint(lambda: endpoints.PlanInfoRequest)``.

    It takes what the request takes, and returns its answer. The request's file is loaded with the first touch.
    """

    def __init__(self, request: Callable[[], Callable[P, UnionRequest[Answer]]]) -> None:
        super().__init__(request)

    if TYPE_CHECKING:

        @overload
        def __get__(
            self, instance: None, owner: type[Any]
        ) -> Callable[Concatenate[Any, P], Coroutine[Any, Any, Answer]]: ...
        @overload
        def __get__(self, instance: Group, owner: type[Any]) -> Callable[P, Coroutine[Any, Any, Answer]]: ...
        def __get__(self, instance: Any, owner: type[Any]) -> Any: ...


class pages(_Call, Generic[P, Item]):
    """
    The items of all pages of an endpoint: ``iter_order_list = pages(lambda: endpoints.OrderListGetRequest)``.

    It takes what the request takes, so that a key or an offset resumes a list, and returns an async generator. Wrong
    arguments are refused at the call; a page is asked for when its first item is.
    """

    base: type[Any] = PagedRequest
    source: str = "def {name}({parameters}):\n    return items_of(self.call, {request}({arguments}))\n"

    def __init__(self, request: Callable[[], Callable[P, PagedRequest[Any, Item]]]) -> None:
        super().__init__(request)

    def returns(self, request: type[Any]) -> Any:
        """Return what the function is annotated to return."""
        return GenericAlias(AsyncGenerator, (item_type_of(request), None))

    if TYPE_CHECKING:

        @overload
        def __get__(
            self, instance: None, owner: type[Any]
        ) -> Callable[Concatenate[Any, P], AsyncGenerator[Item, None]]: ...
        @overload
        def __get__(self, instance: Group, owner: type[Any]) -> Callable[P, AsyncGenerator[Item, None]]: ...
        def __get__(self, instance: Any, owner: type[Any]) -> Any: ...
