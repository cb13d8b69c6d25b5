"""The input of ``wxunion bulk``: what is read from it, and what is told of a line that is none."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wxunion_async import (
    ApplyTargetRequest,
    GetPromoteProductDetailRequest,
    GetPromoteProductListRequest,
    PlanType,
    UnionRequest,
    encode,
)
from wxunion_async.cli.failures import InputError
from wxunion_async.cli.lines import Line, open_input

HEADER = "shop_appid,product_id,plan_type,get_available_coupon,head_supplier_appid"
Read = Callable[..., list[Line]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file and read its lines, twice, because that is what a run does."""

    def read(
        content: str | bytes,
        cls: type[UnionRequest[Any]] = GetPromoteProductDetailRequest,
        name: str = "in.txt",
        encoding: str | None = None,
    ) -> list[Line]:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        with open_input(str(file), cls, encoding=encoding) as lines:
            once = list(lines.lines())
            assert list(lines.lines()) == once
        return once

    return read


def detail(**changes: Any) -> GetPromoteProductDetailRequest:
    """Return a request, with changes."""
    fields: dict[str, Any] = {"shop_appid": "wx1", "product_id": 7, "plan_type": PlanType.PUBLIC}
    return GetPromoteProductDetailRequest(**fields | changes)


def test_a_cell_is_read_by_the_type_of_its_field(read: Read) -> None:
    """Tables come from spreadsheets, which write TRUE, leave cells empty and add a byte order mark."""
    rows = ["wx1,\t7,2,TRUE,", "wx1, 7 ,public,false,wx2", "wx1,7,PUBLIC,,  "]
    lines = read("\ufeff" + "\r\n".join([HEADER, *rows, "", ""]))
    assert [line.request for line in lines] == [
        detail(get_available_coupon=True),
        detail(get_available_coupon=False, head_supplier_appid="wx2"),
        detail(),
    ]
    assert [line.number for line in lines] == [2, 3, 4]


def test_columns_may_be_in_any_order_and_in_wire_names(read: Read) -> None:
    """What one output says of its request can be the next input."""
    lines = read('applyReason , planId\n"两行\n理由",p=\nwhy,q=\n', ApplyTargetRequest)
    assert [line.request for line in lines] == [
        ApplyTargetRequest(plan_id="p=", apply_reason="两行\n理由"),
        ApplyTargetRequest(plan_id="q=", apply_reason="why"),
    ]
    assert [line.number for line in lines] == [2, 4]  # where an editor shows them


def test_a_nested_value_is_json_in_a_cell(read: Read) -> None:
    """The same rule as for an option."""
    (line,) = read('plan_type,category\n2,"{""category_id"": ""5""}"\n', GetPromoteProductListRequest)
    assert isinstance(line.request, GetPromoteProductListRequest)
    assert line.request.category is not None
    assert line.request.category.category_id == "5"


def test_json_lines_are_known_by_their_first_character(read: Read) -> None:
    """A pipe has no name that would tell."""
    content = '\ufeff\n  {"shop_appid": "wx1", "product_id": "7", "plan_type": "public", "head_supplier_appid": null}\n'
    assert [(line.number, line.request) for line in read(content)] == [(2, detail())]


def test_the_name_goes_before_the_first_character(read: Read) -> None:
    """A file of JSON Lines that begins with rubbish has one bad line, not a wrong header."""
    good = '{"shop_appid": "wx1", "product_id": 7, "plan_type": 2}'
    lines = read(f"rubbish\n{good}", name="in.jsonl")
    assert lines[0].problem == "it is no JSON: Expecting value, column 1"
    assert lines[0].given == "rubbish"
    assert lines[1].request == detail()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("wx1,abc,2,,", "product_id: 'abc' is no decimal number"),
        ("wx1,a\tbc,2,,", "product_id: 'a\\tbc' is no decimal number"),
        (
            "wx1,1.00001E+13,2,,",
            "product_id: '1.00001E+13' is no decimal number: a spreadsheet has shortened it and lost its last digits; "  # noqa: ISC004
            "make the column text, and fill it in anew",
        ),
        ("wx1,'7,2,,", 'product_id: "\'7" is no decimal number'),
        ("wx1,7.0,2,,", "product_id: '7.0' is no decimal number"),
        ('"wx1"x,7,2,,', "',' expected after '\"'"),
        ("wx1,7,5,,", "plan_type: '5' is none of targeted (1), public (2), agency-targeted (3), agency-ordinary (4)"),
        ("wx1,7,2,yes,", "get_available_coupon: 'yes' is neither true nor false"),
        (",7,2,,", "shop_appid is missing"),
        ("wx1,,,,", "product_id, plan_type is missing"),
        ("wx1,7,3,,", "head_supplier_appid is missing: plan_type 3 needs it"),
        ("wx1,7", "it has 2 cells, the header 5"),
        ("wx1,7,2,,,", "it has 6 cells, the header 5"),
        ("wx\x80,7,2,,".encode("latin-1"), "it is no UTF-8: save the table as CSV UTF-8, or give --encoding gbk"),
        ("x" * 140_000, "field larger than field limit (131072)"),
    ],
)
def test_a_bad_row_does_not_spoil_the_others(row: str | bytes, problem: str, read: Read) -> None:
    """One mistyped cell among thousands must not cost a night."""
    raw = row if isinstance(row, bytes) else row.encode()
    lines = read(f"{HEADER}\n".encode() + raw + b"\nwx1,7,2,,\n")
    assert [(line.number, line.problem, line.request) for line in lines] == [(2, problem, None), (3, "", detail())]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "it is no JSON object"),
        ("{", "it is no JSON: Expecting property name enclosed in double quotes, column 2"),
        ('{"product_id": NaN}', "NaN is no JSON"),
        ("[" * 100_000, "it is no JSON: nested too deeply"),
        (b'{"shop_appid": "\xff"}', "it is no UTF-8"),
        ('{"shop": 1}', "shop_appid, product_id, plan_type is missing"),
        ('{"shop_appid": 1, "product_id": 7, "plan_type": 2}', "shop_appid must be a str, not int"),
        ('{"shop_appid": "wx1", "product_id": 7.5, "plan_type": 2}', "product_id must be an int or a decimal string"),
        ('{"shop_appid": "wx1", "product_id": 7}', "plan_type is missing"),
        ('{"shop_appid": "\\ud800", "product_id": 7, "plan_type": 2}', "shop_appid holds a lone surrogate"),
    ],
)
def test_a_bad_object_does_not_spoil_the_others(text: str | bytes, problem: str, read: Read) -> None:
    """As for rows; what stood there is kept for the output."""
    raw = text if isinstance(text, bytes) else text.encode()
    good = b'{"shop_appid": "wx1", "product_id": 7, "plan_type": 2}'
    bad, fine = read(raw + b"\n" + good, name="in.ndjson")
    assert (bad.number, bad.request, fine.request) == (1, None, detail())
    assert problem in bad.problem
    assert bad.given == raw.decode(errors="replace")


def test_a_value_under_both_of_its_names_is_told(read: Read) -> None:
    """Which of them is meant, only the author knows."""
    (line,) = read('{"planId": "p=", "plan_id": "q=", "applyReason": "why"}', ApplyTargetRequest)
    assert line.problem == "plan_id is there twice"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "there are no columns"),
        (",,", "there are no columns"),
        ("shop_appid-product_id", "there is no column shop_appid, product_id, plan_type; the columns are shop_appid,"),
        ("shop_appid,plan_type", "there is no column product_id; the columns are shop_appid, product_id"),
        (f"{HEADER},shop_appid", "a column is there twice"),
        (f"{HEADER},备注,备注", "a column is there twice"),
        ('"shop_appid"x,plan_type', "expected after"),
        ('"shop_appid,plan_type', "a quote is opened and not closed"),
        ("sep=", "there is no column shop_appid"),
        (f"{HEADER},备注".encode("gbk"), "it is no UTF-8: save the table as CSV UTF-8, or give --encoding gbk"),
    ],
)
def test_wrong_columns_stop_it_at_once(header: str | bytes, words: str, read: Read) -> None:
    """Every line would be bad; the message says what the columns are."""
    with pytest.raises(InputError, match=r"in\.csv, line 1: ") as caught:
        read((header if isinstance(header, bytes) else header.encode()) + b"\nwx1,7\n", name="in.csv")
    assert words in str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("head", ["", "sep={}\r\n"])
def test_the_delimiter_is_found(delimiter: str, head: str, read: Read) -> None:
    """Excel takes what the country of the machine says."""
    rows = ["Shop_AppID,PRODUCT_ID,plan_type,,", " wx1 , 7,2,,", ",,,,", 'wx1,"=""7""",2,,']
    content = head.format(delimiter) + "\r\n".join(rows).replace(",", delimiter)
    assert [line.request for line in read(content)] == [detail(), detail()]


@pytest.mark.parametrize(
    ("encoding", "given"), [("utf-16", None), ("utf-8-sig", None), ("gbk", "gbk"), ("utf-16-le", "utf-16-le")]
)
def test_a_table_is_read_as_it_was_written(encoding: str, given: str | None, read: Read) -> None:
    """What Excel calls Unicode text is UTF-16, and what it calls CSV is GBK on a Chinese machine."""
    content = "shop_appid\tproduct_id\tplan_type\t备注\r\nwx1\t7\t2\t好\r\n"
    (line,) = read(content.encode(encoding), encoding=given)
    assert line == Line(number=2, request=detail(), more={"备注": "好"})


def test_what_is_wrong_in_its_encoding_spoils_its_line_only(read: Read) -> None:
    """One cell of another encoding among thousands is somebody's paste."""
    good = "shop_appid,product_id,plan_type,备注\nwx1,7,2,好\n".encode("gbk")
    lines = read(good + b"wx1,7,2,\xff\xff\n", encoding="gbk")
    assert [line.problem for line in lines] == [
        "",
        "it is no UTF-8: save the table as CSV UTF-8, or give --encoding gbk",
    ]


@pytest.mark.parametrize(
    ("content", "encoding", "words"),
    [
        (b"\xff\xfea", None, "in.txt is not written in UTF-16"),
        (b"abc", "utf-16-le", "in.txt is not written in utf-16-le"),
        (b"abc", "hex", "--encoding: 'hex' is no encoding that is known"),
        (b"PK\x03\x04abc", None, "in.txt is a workbook: save the table as CSV UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(
    content: bytes, encoding: str | None, words: str, read: Read, tmp_path: Path
) -> None:
    """One line that says what to do, not a thousand bad ones."""
    with pytest.raises(InputError) as caught:
        read(content, encoding=encoding)
    assert str(caught.value).removeprefix(f"{tmp_path}/") == words


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        (['"wx1,7,2', "wx1,7,2", "wx1,7,2"], [3, 4]),
        (['wx1,7,"2', "wx1,7,2", 'wx1,7,"2', "wx1,7,2"], [3, 5]),
        (["wx1,7,2", 'wx1,7,2"', '"wx1,7,2', "wx1,7,2"], [2, 5]),
        (['"wx1,7,2'] * 300, []),
        (['"wx1,7,2', *["x"] * 300, "wx1,7,2"], [303]),
        (['"wx1,7,2', "x,x", '"', "wx1,7,2"], [5]),
    ],
)
def test_a_stray_quote_costs_its_own_line(rows: list[str], numbers: list[int], read: Read) -> None:
    """By the rule of CSV, what follows belongs to the cell; by anybody's eye, it does not."""
    lines = read("\n".join(["shop_appid,product_id,plan_type", *rows]))
    assert [line.number for line in lines if line.request is not None] == numbers
    assert len(lines) == len(rows)


def test_a_column_may_belong_to_a_part_of_the_request(read: Read) -> None:
    """As the output names it, and as the option is called."""
    content = "plan_type,category.category_id,spu_item_condition.selling_price_range.min\n2,5,100\n2,,\n"
    first, second = read(content, GetPromoteProductListRequest)
    assert first.request is not None
    assert encode(first.request) == {
        "plan_type": 2,
        "page_size": 20,
        "next_key": "",
        "category": {"category_id": "5"},
        "spu_item_condition": {"selling_price_range": {"min": "100"}},
    }
    assert second.request == GetPromoteProductListRequest(PlanType.PUBLIC)


@pytest.mark.parametrize("cell", ["[1]", '{"category_id": "7"}'])
def test_a_part_that_is_there_twice_is_told(cell: str, read: Read) -> None:
    """As a whole and by its fields."""
    rows = {"plan_type": "2", "category": json.loads(cell), "category.category_id": "5"}
    (line,) = read(json.dumps(rows), GetPromoteProductListRequest)
    assert line.problem == "category.category_id is there twice"


@pytest.mark.parametrize("name", [".", "nowhere.csv"])
def test_what_cannot_be_read_is_told_by_name(name: str, tmp_path: Path) -> None:
    """A folder is as wrong as nothing."""
    with (
        pytest.raises(InputError, match=r"(Is a directory|No such file)"),
        open_input(str(tmp_path / name), GetPromoteProductDetailRequest),
    ):
        pass


def test_a_pipe_is_read_to_its_end_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has to be read twice, and a slow writer must not stop calls that are under way."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    content = f"{HEADER}\nwx1,7,2,,\n".encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(Pipe(content)))
    with open_input("-", GetPromoteProductDetailRequest) as lines:
        for _ in range(2):
            assert [line.request for line in lines.lines()] == [detail()]
        assert lines.name == "standard input"
