"""Answers for people, whatever is in them."""

import enum
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from rich.console import Console

from wxunion_async import Fen, Per1M, PlanStatus
from wxunion_async.cli.show import answer_panel, items_lines


@attrs.frozen(kw_only=True)
class Leaf:
    name: str | None = None
    price: Fen | None = None


@attrs.frozen(kw_only=True)
class Branch:
    leaf: Leaf | None = None
    leaves: tuple[Leaf, ...] = ()


class Plain(enum.IntEnum):
    SMALL = 1


@attrs.frozen(kw_only=True)
class Tree:
    branch: Branch | None = None
    branches: tuple[Branch, ...] = ()
    rate: Per1M | None = None
    words: tuple[str, ...] = ()
    more: dict[str, Any] | None = None
    status: PlanStatus | None = None
    plain: Plain | None = None
    flag: bool | None = None
    at: datetime | None = None
    number: int | None = None


def shown(tree: Tree) -> str:
    """Return what is printed on 80 columns."""
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(answer_panel("tree", tree))
    return capture.get()


@pytest.mark.parametrize(
    ("tree", "line"),
    [
        (Tree(branch=Branch(leaf=Leaf(price=Fen(-5)))), "    price  -0.05 yuan"),
        (Tree(branches=(Branch(leaf=Leaf(name="a")), Branch(leaf=Leaf(name="b")))), "branches  2 of 2"),
        (Tree(branch=Branch(leaves=(Leaf(name="a"), Leaf(price=Fen(100))))), "1.00 yuan"),
        (Tree(rate=Per1M(70_000)), "rate  7.00 %"),
        (Tree(words=("a[b]", "c")), "words  a[b]"),
        (Tree(more={"名": 1}), 'more  {"名": 1}'),
        (Tree(status=PlanStatus(77)), "status  unknown 77 (77)"),
        (Tree(plain=Plain.SMALL), "plain  small (1)"),
        (Tree(flag=False), "flag  no"),
        (Tree(flag=True), "flag  yes"),
        (Tree(at=datetime(2026, 1, 1, tzinfo=UTC)), "at  2026-01-01 08:00:00+08:00"),
        (Tree(number=0), "number  0"),
        (Tree(words=("a\x1b[2Jb",), more={"a": "\x9b"}), "words  a\\x1b[2Jb"),
        (Tree(), "nothing to show"),
        (Tree(branch=Branch(leaf=Leaf(name="")), more={}), "nothing to show"),
    ],
)
def test_a_value_is_shown_by_its_type(tree: Tree, line: str) -> None:
    """The unit is in the type, so that a new model needs no code here; what is absent or empty is left out."""
    assert line in shown(tree)


def test_an_item_may_be_a_plain_value() -> None:
    """Some lists are of ids."""
    assert [line.plain for line in items_lines(["a", "b\x07"])] == ["item", "a", "b\\x07"]


def test_an_item_is_one_row_whatever_is_in_it() -> None:
    """Nested values have columns of their own, lists of objects are counted, lines become one."""
    tree = Tree(branch=Branch(leaf=Leaf(name="高")), branches=(Branch(leaf=Leaf(name="b")),), words=("a", "b"))
    assert [line.plain for line in items_lines([tree, Tree(number=5)])] == [
        "branch.leaf.name  branches   words  number",
        "高                1 of them  a b",
        "                                    5",
    ]
