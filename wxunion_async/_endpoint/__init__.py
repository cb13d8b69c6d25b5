"""
A request is a value, and an endpoint is one declaration.

What callers may pass for a field (``inputs``), what must hold between fields (``rules``), a value that is checked when
it is built (``parts``), where a request goes and what it answers (``request``), how pages follow each other
(``paging``), and the calls of a group (``groups``).
"""

from wxunion_async._endpoint.fields import AS_NUMBER, AS_TEXT, JOINED, JSON_TEXT, OR_OBJECT, also, field_types
from wxunion_async._endpoint.groups import (
    Caller,
    Group,
    answer_name,
    calls_of,
    endpoint,
    group,
    groups_of,
    pages,
    path_rule,
    request_name,
)
from wxunion_async._endpoint.paging import (
    PagedRequest,
    Paging,
    item_type_of,
    items_of,
    paged_by_key,
    paged_by_offset,
    paged_by_page,
    pages_of,
)
from wxunion_async._endpoint.parts import RequestPart
from wxunion_async._endpoint.request import UnionRequest, answer_type_of, errcodes, request_of_answer
from wxunion_async._endpoint.rules import (
    Rule,
    among,
    at_most_one,
    in_order,
    must,
    needs,
    one_of,
    rules_of,
    within,
)
from wxunion_async._values import Dialect

__all__ = [
    "AS_NUMBER",
    "AS_TEXT",
    "JOINED",
    "JSON_TEXT",
    "OR_OBJECT",
    "Caller",
    "Dialect",
    "Group",
    "PagedRequest",
    "Paging",
    "RequestPart",
    "Rule",
    "UnionRequest",
    "also",
    "among",
    "answer_name",
    "answer_type_of",
    "at_most_one",
    "calls_of",
    "endpoint",
    "errcodes",
    "field_types",
    "group",
    "groups_of",
    "in_order",
    "item_type_of",
    "items_of",
    "must",
    "needs",
    "one_of",
    "paged_by_key",
    "paged_by_offset",
    "paged_by_page",
    "pages",
    "pages_of",
    "path_rule",
    "request_name",
    "request_of_answer",
    "rules_of",
    "within",
]
