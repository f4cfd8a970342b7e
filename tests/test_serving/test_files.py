"""Files in, files out: no row is lost, none crashes, and nothing a user wrote runs or leaks."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.errors import InputError
from models.screening import Document, ScreeningError
from serving.files import lines, read_csv, screen, write_xlsx
from serving.files.flat import RECORD_COLUMNS, flat_header, flat_record, without_formula
from serving.files.reading import ReadOptions, open_source, open_spool, spooled
from serving.files.row import Row, RowMaker, Source
from serving.files.screen import chunks, screen_chunk
from serving.files.values import json_value
from serving.files.write_xlsx import CUT_MARK, MAX_CELL_CHARS, excel_text
from serving.files.writing import open_output, partial_path
from tests.fakes import FakeScreener

CLEAN_LINES = Path(__file__).parents[1] / "data" / "clean_lines"
THAI = "สวัสดีค่ะ พัสดุของคุณตกค้าง กรุณากดลิงก์เพื่อยืนยันที่อยู่"
CHINESE = "您的包裹被海关扣留，请点击链接确认地址。高薪招聘，包吃住，月薪三万，请加微信联系我们。"
TRADITIONAL = "您的包裹被海關扣留，請點擊連結確認地址。高薪招聘，包吃住，月薪三萬，請加我們的電話聯繫。"
KOREAN = "안녕하세요 택배 배송 조회입니다. 주소가 잘못되어 있으니 아래 링크를 확인해 주세요."
VIETNAMESE_CP1258 = "Công ty cần tuyển người làm việc tại nhà, lương cao, liên hệ số điện thoại này"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path: Path, **options: str) -> list[Row]:
    return list(open_source(path, ReadOptions(**options)).rows())


def texts(rows: list[Row]) -> list[str]:
    return [row.document.text if isinstance(row.document, Document) else row.document.code for row in rows]


def ids(rows: list[Row]) -> list[str]:
    return [row.document.id for row in rows]


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


# --- text files ---------------------------------------------------------------------------------------------


def test_each_line_of_a_text_file_is_a_row_and_blank_lines_at_the_end_are_none(tmp_path):
    rows = read(write(tmp_path / "a.txt", "one\r\n\ntwo\n\n  \n"))
    assert texts(rows) == ["one", "", "two"]
    assert ids(rows) == ["1", "2", "3"]


def test_a_line_separator_inside_a_text_does_not_split_it(tmp_path):
    assert texts(read(write(tmp_path / "a.txt", "one\u2028still one\x0bstill\nlast"))) == [
        "one\u2028still one\x0bstill",
        "last",
    ]


def test_a_text_of_one_megabyte_on_one_line_is_an_error_record(tmp_path):
    [screened] = screen_chunk(read(write(tmp_path / "a.txt", "x" * 1_000_000)), FakeScreener(), "balanced")
    assert screened.record.code == "text_too_long"


def test_a_line_too_long_to_hold_is_an_error_and_the_next_line_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE_CHARS", 10)
    monkeypatch.setattr("serving.files.read_txt.MAX_LINE_CHARS", 10)
    assert texts(read(write(tmp_path / "a.txt", "0123456789\n" + "x" * 35 + "\nnext\n"))) == [
        "0123456789",
        "text_too_long",
        "next",
    ]


# --- csv ----------------------------------------------------------------------------------------------------


def test_quoted_line_ends_and_delimiters_stay_inside_a_csv_field(tmp_path):
    rows = read(write(tmp_path / "a.csv", 'id,text\n7,"one,\ntwo ""quoted"""\n8,three\n'))
    assert texts(rows) == ['one,\ntwo "quoted"', "three"]
    assert ids(rows) == ["7", "8"]


def test_tsv_is_delimited_by_tabs(tmp_path):
    [row] = read(write(tmp_path / "a.tsv", "message\tnote\nhello, you\tx\n"))
    assert row.text == "hello, you"
    assert row.columns == {"message": "hello, you", "note": "x"}
    assert row.other_columns == {"note": "x"}


@pytest.mark.parametrize("name", ["text", "Message", "CONTENT", " body ", "ข้อความ"])
def test_the_one_column_named_like_a_text_is_screened(tmp_path, name):
    assert texts(read(write(tmp_path / "a.csv", f"id,{name}\n1,hello\n"))) == ["hello"]


@pytest.mark.parametrize("header", ["a,b", "text,message", "text,text"])
def test_without_one_such_column_the_columns_are_listed(tmp_path, header):
    with pytest.raises(InputError, match="--text-column") as raised:
        read(write(tmp_path / "a.csv", f"{header}\n1,2\n"))
    assert all(repr(name) in str(raised.value) for name in header.split(","))


def test_a_text_where_a_header_should_be_is_not_repeated_in_the_error(tmp_path):
    with pytest.raises(InputError) as raised:
        read(write(tmp_path / "a.csv", "1,please help me they took my passport and my phone\n2,hello\n"))
    assert "passport" not in str(raised.value)


@pytest.mark.parametrize(
    "line",
    ["1,help", "help,0812345678", "ช่วยด้วย,x", "救我,x", "call me now", "2026-05-14,Somchai"],
)
def test_no_cell_of_a_line_that_is_no_header_is_repeated_in_the_error(tmp_path, line):
    with pytest.raises(InputError, match=f"{line.count(',') + 1} names, not shown") as raised:
        read(write(tmp_path / "a.csv", f"{line}\nx,y\n"))
    message = str(raised.value).removeprefix(str(tmp_path))
    assert not any(repr(cell) in message for cell in line.split(","))


def test_another_text_column_can_be_named_and_must_exist(tmp_path):
    path = write(tmp_path / "a.csv", "text,post\nno,yes\n")
    assert texts(read(path, text_column="post")) == ["yes"]
    with pytest.raises(InputError, match="no column 'advert'"):
        read(path, text_column="advert")


def test_csv_rows_of_another_length_are_errors_in_their_place(tmp_path):
    rows = read(write(tmp_path / "a.csv", "id,text,note\n1,a,b\n2,hello, you,b\n3,short\n\n5,e,f\n\n,,\n"))
    assert texts(rows) == ["a", "unreadable_row", "unreadable_row", "unreadable_row", "e"]
    assert ids(rows) == ["1", "2", "3", "4", "5"]
    assert all(
        "hello" not in row.document.message for row in rows if isinstance(row.document, ScreeningError)
    )


@pytest.mark.parametrize("max_chars", [2_000_000, 25])
def test_a_quote_left_open_spoils_its_own_row_and_no_other(tmp_path, monkeypatch, max_chars):
    monkeypatch.setattr(read_csv, "MAX_LINE_CHARS", max_chars)
    rows = read(write(tmp_path / "a.csv", 'id,text\n1,"open\n2,two\n3,three\n4,"also\n5,five\n6,six\n'))
    assert ids(rows) == ["1", "2", "3", "4", "5", "6"]
    assert texts(rows) == ['"open', "two", "three", '"also', "five", "six"]
    rows = read(write(tmp_path / "b.csv", 'id,text\n1,"open\n2,two\n3,three\n4,four\n'))
    assert texts(rows) == ['"open', "two", "three", "four"]


def test_a_stray_quote_takes_no_row_with_it_up_to_the_next_quote(tmp_path):
    middle = [f"message {number}" for number in range(2, 11)]
    lines = "".join(f"{number},{text}\n" for number, text in enumerate(middle, start=2))
    rows = read(write(tmp_path / "a.csv", f'id,text\n1,"Help he said\n{lines}11,"a, b"\n12,last\n'))
    assert texts(rows) == ['"Help he said', *middle, "a, b", "last"]
    assert ids(rows) == [str(number) for number in range(1, 13)]


SWALLOWED = [
    ('id,text\n1,"Help\n2,two\n3,he left"\n4,four\n', ['"Help', "two", 'he left"', "four"]),
    ('text,when\n"Help,2026-05-14\ntwo,2026-05-15\nsize 5",2026-05-16\n', ['"Help', "two", 'size 5"']),
    ('id,text,note\nA1,"Help,\nA2,two,\nA3,b, c,\nA4,left",\n', ['"Help', "two", "unreadable_row", 'left"']),
    ('id,text\n1,"Help\n2,two\n3,left",x\n4,four\n', ['"Help', "two", "unreadable_row", "four"]),
]


@pytest.mark.parametrize(("content", "expected"), SWALLOWED)
def test_two_stray_quotes_do_not_make_one_text_of_the_rows_between_them(tmp_path, content, expected):
    assert texts(read(write(tmp_path / "a.csv", content))) == expected


OF_SEVERAL_LINES = [
    ("id,text", "Dear sir,\nyes, I agree\nbye, now"),
    ("id,text", "ฐาน\n35,000 + ค่าคอม"),
    ("id,text", "Benefits\n\n1, food\n2, rent"),
    ("id,text", 'he said\n"go, now"'),
    ("id,text", "one\r\ntwo"),
    ("text,id", "Dear sir,\nbye"),
    ("text,id", "call 1,\ncall 2"),
    ("text", "one\ntwo\nthree"),
    ("text,note", "Dear sir,\nbye,now"),
    ("id,text,note", "a,b\nc,d\n7,e,f\ng"),
]


@pytest.mark.parametrize(("header", "text"), OF_SEVERAL_LINES)
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_a_text_of_several_lines_in_quotes_is_one_row(tmp_path, header, text, quoting):
    beside = {"id": "7", "note": ""}
    content = io.StringIO()
    writer = csv.DictWriter(content, header.split(","), quoting=quoting, extrasaction="ignore")
    writer.writeheader()
    writer.writerows([{**beside, "text": text}, {**beside, "text": "next"}])
    assert texts(read(write(tmp_path / "a.csv", content.getvalue()))) == [text, "next"]


def test_quotes_out_of_order_on_one_line_are_kept_or_hold_its_delimiters(tmp_path):
    path = write(
        tmp_path / "a.csv", 'id,text\n1,"Help" he said\n2,"work, now" please\n3,"yes, he said\n4,x\n'
    )
    assert texts(read(path)) == ['"Help" he said', "work, now please", "yes, he said", "x"]


def test_a_csv_line_cut_within_its_last_field_is_an_error(tmp_path):
    path = write(tmp_path / "a.csv", "text,a,b\nx," + "y" * 1_500_000 + "," + "z" * 600_000 + "\nnext,,\n")
    assert texts(read(path)) == ["unreadable_row", "next"]


def test_an_oversize_csv_field_is_an_error_and_the_next_row_is_read(tmp_path):
    rows = read(write(tmp_path / "a.csv", "text\n" + "x" * 2_500_000 + "\nnext\n"))
    assert texts(rows) == ["unreadable_row", "next"]


def test_a_csv_field_of_a_megabyte_is_read(tmp_path):
    assert [
        len(text) for text in texts(read(write(tmp_path / "a.csv", "text\n" + "x" * 1_000_000 + "\n")))
    ] == [1_000_000]


def test_columns_without_a_name_of_their_own_get_one(tmp_path):
    [row] = read(write(tmp_path / "a.csv", "text,,note,note\nhello,1,2,3\n"))
    assert row.columns == {"text": "hello", "column_2": "1", "note": "2", "note_2": "3"}


# --- jsonl --------------------------------------------------------------------------------------------------


def test_jsonl_carries_id_language_and_time(tmp_path):
    content = {
        "id": 9,
        "text": "hello",
        "language": "zh-Hant",
        "received_at": "2026-05-14T09:00:00+07:00",
        "x": [1],
    }
    [row] = read(write(tmp_path / "a.jsonl", json.dumps(content)))
    assert row.document.id == "9"
    assert row.document.language == "zh"
    assert row.document.received_at.utcoffset().total_seconds() == 7 * 3600
    assert row.other_columns["x"] == [1]


BAD_JSON_LINES = [
    "{broken",
    '"a string"',
    "[1]",
    '{"text": 5}',
    '{"text": null}',
    '{"text": ["a"]}',
    '{"other": "x"}',
    '{"text": NaN}',
    '{"text": "x", "deep": ' + "[" * 70 + "]" * 70 + "}",
    "[" * 100_000,
    '{"text": "x", "n": ' + "9" * 5000 + "}",
]


@pytest.mark.parametrize("line", BAD_JSON_LINES, ids=range(len(BAD_JSON_LINES)))
def test_a_bad_json_line_is_an_error_between_its_neighbours(tmp_path, line):
    rows = read(write(tmp_path / "a.jsonl", '{"text": "first"}\n' + line + '\n{"text": "last"}\n'))
    assert texts(rows) == ["first", "unreadable_row", "last"]


BAD_OPTIONAL_FIELDS = [
    ('"language": ""', ("ignored_language",)),
    ('"language": "Thai language"', ("ignored_language",)),
    ('"language": 3', ("ignored_language",)),
    ('"received_at": "2026-05-14T09:00:00"', ("ignored_received_at",)),
    ('"received_at": "yesterday"', ("ignored_received_at",)),
    ('"language": [], "received_at": 5', ("ignored_language", "ignored_received_at")),
    ('"language": null, "n": NaN', ()),
]


@pytest.mark.parametrize(("fields", "warnings"), BAD_OPTIONAL_FIELDS)
def test_a_bad_optional_field_is_told_and_does_not_keep_a_text_from_being_screened(
    tmp_path, fields, warnings
):
    rows = read(write(tmp_path / "a.jsonl", f'{{"text": "help me, they locked the door", {fields}}}\n'))
    [screened] = screen_chunk(rows, FakeScreener(), "balanced")
    assert screened.record.priority == "urgent"
    assert screened.record.language == "en"
    assert rows[0].document.received_at is None
    assert screened.record.warnings == warnings
    assert flat_record(screened)["warnings"] == ";".join(warnings)


def test_half_a_surrogate_pair_in_json_is_refused_alone(tmp_path):
    path = write(
        tmp_path / "a.jsonl",
        '{"text": "\\ud83d", "n\\ud83d": "\\ud83d"}\n{"text": "a\\u0000b"}\n{"text": "ok"}\n',
    )
    screened = screen_chunk(read(path), FakeScreener(), "balanced")
    assert [getattr(one.record, "code", "screened") for one in screened] == [
        "invalid_text",
        "invalid_text",
        "screened",
    ]
    with open_output(tmp_path / "out.jsonl", ()) as writer:
        writer.write(screened)
    assert json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])["input"] == {"n\ufffd": "\ufffd"}


def test_jsonl_without_the_text_field_anywhere_lists_its_fields(tmp_path):
    with pytest.raises(InputError, match="'post', 'n'"):
        read(write(tmp_path / "a.jsonl", '{"post": "hello", "n": 1}\n'))


@pytest.mark.parametrize("content", [b'{"text": "a"}\n{"text": "b"}\n', b"a\nb\n", b"\xef\xbb\xbfa\nb"])
def test_the_standard_input_is_jsonl_if_it_starts_like_it_else_lines(content):
    with spooled(io.BytesIO(content)) as spool:
        assert texts(list(open_spool(spool, ReadOptions()).rows())) == ["a", "b"]


def test_an_empty_standard_input_is_one_clear_error():
    with spooled(io.BytesIO(b"")) as spool, pytest.raises(InputError, match="standard input is empty"):
        open_spool(spool, ReadOptions())


# --- xlsx and parquet ---------------------------------------------------------------------------------------


def test_xlsx_rows_are_read_under_the_header(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        ("id", "text", "n"),
        (1, "สวัสดี", 2.5),
        (None, None, None),
        (3, "b", True),
        (None,) * 3,
    )
    rows = read(path)
    assert texts(rows) == ["สวัสดี", "unreadable_row", "b"]
    assert ids(rows) == ["1", "2", "3"]
    assert rows[0].other_columns == {"id": 1, "n": 2.5}


def test_xlsx_cells_that_are_no_text_are_errors(tmp_path):
    rows = read(workbook(tmp_path / "a.xlsx", ("text",), (12345,), ("fine",)))
    assert texts(rows) == ["unreadable_row", "fine"]
    assert rows[0].document.message == "expected text in the text column, found a number"


def test_a_note_beyond_the_header_does_not_keep_an_xlsx_text_from_being_screened(tmp_path):
    rows = read(workbook(tmp_path / "a.xlsx", ("text",), ("help me", "seen by A"), ("fine", None, "")))
    screened = screen_chunk(rows, FakeScreener(), "balanced")
    assert [one.record.priority for one in screened] == ["urgent", "low"]
    assert [one.record.warnings for one in screened] == [("ignored_unnamed_cells",), ()]


def test_an_xlsx_row_that_is_absent_is_an_error_in_its_place(tmp_path):
    book = openpyxl.Workbook()
    for cell, value in {"A1": "id", "B1": "text", "A2": 1, "B2": "a", "A4": 3, "B4": "b"}.items():
        book.active[cell] = value
    book.save(tmp_path / "a.xlsx")
    rows = read(tmp_path / "a.xlsx")
    assert texts(rows) == ["a", "unreadable_row", "b"]
    assert ids(rows) == ["1", "2", "3"]


def sheets(path: Path, **rows_of: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in rows_of.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_every_sheet_with_a_text_column_is_read_and_the_others_are_told(tmp_path):
    path = sheets(
        tmp_path / "a.xlsx",
        May=[("id", "text"), (1, "one"), (2, "two")],
        Codes=[("code", "meaning"), ("x", "private words")],
        June=[("message", "source"), ("three", "web")],
        Empty=[],
        Chat=[("please call me",), ("private words",)],
    )
    source = open_source(path, ReadOptions())
    rows = list(source.rows())
    assert texts(rows) == ["one", "two", "three"]
    assert ids(rows) == ["May:1", "May:2", "June:1"]
    assert source.columns == ("id", "text", "message", "source")
    told = source.note.split("; ")
    assert told[0].startswith(
        f"{path}: not all sheets are screened: sheet 2 (Codes) has no column named text"
    )
    assert "sheet 4 (Empty) has no header row" in source.note
    assert "sheet 5 (Chat) has no column named text" in source.note
    assert not any(shown in source.note for shown in ("May", "June", "private", "call me"))


def test_a_workbook_whose_second_sheet_alone_has_texts_keeps_its_ids(tmp_path):
    path = sheets(tmp_path / "a.xlsx", Cover=[("title",)], Data=[("id", "post"), (7, "hello")])
    source = open_source(path, ReadOptions(text_column="post"))
    assert (ids(list(source.rows())), texts(list(source.rows()))) == (["7"], ["hello"])
    assert "sheet 1 (Cover) has no column 'post'" in source.note


def test_a_workbook_none_of_whose_sheets_has_texts_is_one_clear_error(tmp_path):
    path = sheets(tmp_path / "a.xlsx", A=[("title",)], B=[("code",)])
    with pytest.raises(InputError, match=r"sheet 1 \(A\) has no column .* sheet 2 \(B\) has no column"):
        read(path)


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_a_file_that_is_not_what_its_suffix_says_is_refused_by_name(tmp_path, suffix):
    with pytest.raises(InputError, match=f"a{suffix} is not a"):
        read(write(tmp_path / f"a{suffix}", "id,text\n1,hello\n"))


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(InputError, match="not an Excel workbook"):
        read(tmp_path / "a.xlsx")


def test_a_workbook_damaged_further_down_is_refused_by_name(tmp_path):
    import zipfile

    path = workbook(tmp_path / "a.xlsx", ("text",), *[("hello",)] * 50)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet[: len(sheet) // 2]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(InputError, match="cannot be read to its end"):
        read(path)


def test_parquet_columns_keep_their_values(tmp_path):
    from datetime import UTC, datetime

    table = pa.table(
        {
            "message": pa.array(["a", None, "c"]),
            "when": pa.array([datetime(2026, 5, 14, tzinfo=UTC)] * 3, pa.timestamp("ns", "UTC")),
            "score": [0.5, float("nan"), 1.0],
            "kind": pa.array(["x", "y", "x"]).dictionary_encode(),
            "tags": [["t"], [], None],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    rows = read(tmp_path / "a.parquet")
    assert texts(rows) == ["a", "unreadable_row", "c"]
    assert rows[0].columns["when"].startswith("2026-05-14")
    assert [row.columns["score"] for row in rows] == [0.5, None, 1.0]
    assert (rows[0].columns["kind"], rows[0].columns["tags"]) == ("x", ["t"])


def test_parquet_text_that_is_not_utf_8_is_an_error_in_its_place(tmp_path):
    broken = pa.array([b"fine", b"\xff\xfe", b"too"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"text": broken}), tmp_path / "a.parquet")
    assert texts(read(tmp_path / "a.parquet")) == ["fine", "unreadable_row", "too"]


# --- encodings ----------------------------------------------------------------------------------------------

LEGACY = [
    ("cp874", THAI),
    ("gb18030", CHINESE),
    ("big5", TRADITIONAL),
    ("cp949", KOREAN),
    ("utf-16-le", THAI),
    ("utf-16-be", CHINESE),
]


def as_cp1258(text: str) -> bytes:
    """Write tones as combining marks, as cp1258 does."""
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    encoded = b""
    for character in unicodedata.normalize("NFC", text):
        letters = unicodedata.normalize("NFD", character)
        tone = "".join(mark for mark in letters if mark in tones)
        base = unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in tones))
        encoded += (base + tone).encode("cp1258")
    return encoded


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("suffix", [".txt", ".csv"])
def test_a_byte_order_mark_is_honoured(tmp_path, mark, suffix):
    source = open_source(write(tmp_path / f"a{suffix}", f"text\n{THAI}\n".encode(mark)), ReadOptions())
    assert source.note is None
    assert texts(list(source.rows()))[-1] == THAI
    assert source.columns == ("text",)


def test_a_big_endian_byte_order_mark_is_honoured(tmp_path):
    assert texts(read(write(tmp_path / "a.txt", b"\xfe\xff" + THAI.encode("utf-16-be")))) == [THAI]


@pytest.mark.parametrize(("encoding", "text"), LEGACY)
def test_a_legacy_encoding_is_detected_and_told(tmp_path, encoding, text):
    source = open_source(
        write(tmp_path / "a.csv", f"id,text\n1,{text}\n2,{text}\n".encode(encoding)), ReadOptions()
    )
    assert texts(list(source.rows())) == [text, text]
    assert (
        source.note
        == f"{tmp_path / 'a.csv'} is not UTF-8: read as {encoding} (pass --encoding to choose another)"
    )


def test_vietnamese_in_cp1258_is_detected(tmp_path):
    source = open_source(write(tmp_path / "a.txt", as_cp1258(VIETNAMESE_CP1258)), ReadOptions())
    assert "cp1258" in source.note
    assert texts(list(source.rows()))[0].startswith("Công ty c")


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("th", "cp874"), ("zh", "gb18030"), ("zh", "utf-16-le"), ("my", "utf-16-le"), ("km", "utf-16-be")],
)
def test_real_lines_of_a_language_are_detected(tmp_path, language, encoding):
    content = (CLEAN_LINES / f"{language}.txt").read_text(encoding="utf-8")
    path = write(tmp_path / "a.txt", content.encode(encoding, errors="ignore"))
    assert encoding in open_source(path, ReadOptions()).note


@pytest.mark.parametrize("language", ["en", "th", "zh", "vi", "my", "km", "lo", "id"])
def test_utf_8_is_never_taken_for_anything_else(tmp_path, language):
    path = tmp_path / "a.txt"
    path.write_bytes((CLEAN_LINES / f"{language}.txt").read_bytes())
    assert open_source(path, ReadOptions()).note is None


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Ваша посылка задержана, оплатите пошлину по ссылке ниже"),
        ("shift_jis", "お荷物のお届けにあがりましたが不在の為持ち帰りました"),
        ("euc_jp", "お荷物のお届けにあがりましたが不在の為持ち帰りました"),
        ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
    ],
)
def test_an_encoding_that_is_not_plain_is_refused_by_name(tmp_path, encoding, text):
    with pytest.raises(InputError, match=r"not UTF-8.*--encoding") as raised:
        read(write(tmp_path / "a.txt", text.encode(encoding)))
    assert text[:6] not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "They’ve locked the door – please help",
        "Votre colis est bloqué à la douane, déjà reçu, très gênant",
        "È già così perché più di là c'è la città",
        "Salary €900, “free” food",
    ],
)
@pytest.mark.parametrize("plain_rows", [0, 3, 20_000])
def test_a_row_beyond_ascii_in_a_windows_1252_file_is_read_and_the_encoding_told(tmp_path, text, plain_rows):
    content = "nothing but ascii\n" * plain_rows + f"{text}\nlast\n"
    source = open_source(write(tmp_path / "a.txt", content.encode("cp1252")), ReadOptions())
    assert texts(list(source.rows()))[-2:] == [text, "last"]
    assert "read as cp1252" in source.note


@pytest.mark.parametrize("text", ["They’ve locked it", "café “open”", THAI])
def test_utf_8_with_a_bad_byte_or_two_is_not_taken_for_windows_1252(tmp_path, text):
    path = write(tmp_path / "a.txt", f"{text}\n".encode() + b"bad \xe9\nfine\n")
    assert texts(read(path)) == [text, "unreadable_row", "fine"]


def test_random_bytes_are_refused(tmp_path):
    import random

    with pytest.raises(InputError, match="not UTF-8"):
        read(write(tmp_path / "a.txt", random.Random(1).randbytes(5000)))  # noqa: S311


def test_an_encoding_asked_for_is_used(tmp_path):
    assert texts(read(write(tmp_path / "a.txt", "не рабо".encode("cp1251")), encoding="cp1251")) == [
        "не рабо"
    ]


@pytest.mark.parametrize("good", ["plain", THAI])
def test_a_row_with_bad_bytes_in_a_utf_8_file_is_an_error_in_its_place(tmp_path, good):
    content = f"{good}\n{good}\n".encode() + b"caf\x81 \xff\n" + good.encode()
    assert texts(read(write(tmp_path / "a.txt", content))) == [good, good, "unreadable_row", good]


def test_bad_bytes_far_down_a_file_are_an_error_in_their_place(tmp_path):
    path = write(tmp_path / "a.csv", b"text\n" + b"fine\n" * 100_000 + b"\xe9\xe8\nlast\n")
    assert texts(read(path))[-3:] == ["fine", "unreadable_row", "last"]


def test_bad_bytes_beside_the_text_do_not_keep_it_from_being_screened(tmp_path):
    [first, _, row] = read(write(tmp_path / "a.csv", b"text,note\nok,a\nok,b\nhelp me,\x81\n"))
    assert (first.text, row.text, row.columns["note"]) == ("ok", "help me", "\ufffd")


def test_a_utf_16_file_cut_in_the_middle_of_a_character_ends_in_an_error(tmp_path):
    assert texts(read(write(tmp_path / "a.txt", "one\ntwo".encode("utf-16") + b"x"))) == [
        "one",
        "unreadable_row",
    ]


def test_a_nul_in_utf_8_is_not_taken_for_utf_16(tmp_path):
    assert texts(read(write(tmp_path / "a.txt", "hello\0world\nnext\n"))) == ["hello\0world", "next"]


# --- every input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.tsv", "a.jsonl", "a.xlsx", "a.parquet"])
def test_an_empty_file_is_one_clear_error(tmp_path, name):
    with pytest.raises(InputError, match="is empty"):
        read(write(tmp_path / name, b""))


def test_files_with_columns_and_no_rows_are_empty(tmp_path):
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "a.parquet")
    write(tmp_path / "a.csv", "id,text\n\n")
    workbook(tmp_path / "a.xlsx", ("text",))
    write(tmp_path / "a.txt", "\n \n")
    for path in tmp_path.iterdir():
        with pytest.raises(InputError, match="is empty"):
            read(path)


def test_a_source_can_be_read_twice(tmp_path):
    source = open_source(write(tmp_path / "a.csv", "text\na\nb\n"), ReadOptions())
    assert source.total == 2
    assert texts(list(source.rows())) == texts(list(source.rows())) == ["a", "b"]


def test_row_numbers_of_several_files_name_the_file(tmp_path):
    source = open_source(write(tmp_path / "a.txt", "a\nb\n"), ReadOptions(), id_prefix="a.txt:")
    assert ids(list(source.rows())) == ["a.txt:1", "a.txt:2"]


def test_ids_of_several_files_name_the_file(tmp_path):
    content = "id,text\n1,hello\n,bye\n3,hello,too many\n"
    for name in ("a.csv", "b.csv"):
        source = open_source(write(tmp_path / name, content), ReadOptions(), id_prefix=f"{name}:")
        assert ids(list(source.rows())) == [f"{name}:1", f"{name}:2", f"{name}:3"]


def test_a_language_given_for_all_yields_to_the_one_of_a_row(tmp_path):
    rows = read(
        write(tmp_path / "a.jsonl", '{"text": "a", "language": "my"}\n{"text": "b"}\n'), language="th"
    )
    assert [row.document.language for row in rows] == ["my", "th"]


def test_json_values_never_hold_what_json_cannot():
    from datetime import date
    from decimal import Decimal

    value = {"a": float("inf"), "b": (date(2026, 5, 14), Decimal("1.5")), "c": "\ud800", 4: None}
    assert json_value(value) == {"a": None, "b": ["2026-05-14", "1.5"], "c": "\ufffd", "4": None}


def test_chunks_are_small_where_texts_are_long(monkeypatch):
    monkeypatch.setattr(screen, "CHUNK_ROWS", 3)
    monkeypatch.setattr(screen, "CHUNK_CHARS", 10)
    maker = RowMaker("text")
    rows = [maker.row(number, {"text": "x" * length}) for number, length in enumerate([1, 1, 1, 1, 12, 1])]
    assert [len(chunk) for chunk in chunks(rows)] == [3, 2, 1]


def test_chunks_are_small_where_other_columns_are_long(monkeypatch):
    monkeypatch.setattr(screen, "CHUNK_CHARS", 10)
    maker = RowMaker("text")
    rows = [maker.row(1, {"text": "x", "note": "y" * 9}), maker.row(2, {"text": "x", "tags": ["z" * 9]})]
    rows.append(maker.broken(3, "unreadable", {"note": "y" * 10}))
    assert [len(chunk) for chunk in chunks([*rows, maker.row(4, {"text": "x"})])] == [1, 1, 1, 1]


# --- outputs ------------------------------------------------------------------------------------------------

MIXED = 'id,text,note\nA1,"work at the compound",=cmd()\nA2,hello,+1,extra\nA3,help me,ไทย\nA4,,@x\n'


def screened_output(tmp_path: Path, suffix: str, source: Source | None = None) -> Path:
    source = source or open_source(write(tmp_path / "in.csv", MIXED), ReadOptions())
    output = tmp_path / f"out{suffix}"
    with open_output(output, source.columns) as writer:
        for chunk in chunks(source.rows()):
            writer.write(screen_chunk(chunk, FakeScreener(), "balanced"))
    return output


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def xlsx_rows(path: Path) -> list[dict[str, object]]:
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    header = next(rows)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_jsonl_output_is_the_record_with_the_other_columns(tmp_path):
    records = [
        json.loads(line) for line in screened_output(tmp_path, ".jsonl").read_text("utf-8").splitlines()
    ]
    assert [record["id"] for record in records] == ["A1", "A2", "A3", "A4"]
    assert records[0]["flags"] == ["trafficking_recruitment"]
    assert records[0]["input"] == {"id": "A1", "note": "=cmd()"}
    assert [record.get("error", {}).get("code") for record in records] == [
        None,
        "unreadable_row",
        None,
        "empty_text",
    ]


@pytest.mark.parametrize(("suffix", "rows_of"), [(".csv", csv_rows), (".xlsx", xlsx_rows)])
def test_flat_output_has_the_input_first_and_one_row_for_each_row(tmp_path, suffix, rows_of):
    rows = rows_of(screened_output(tmp_path, suffix))
    assert list(rows[0])[:5] == ["id", "text", "note", "scamscreen_id", "priority"]
    assert len(rows[0]) == 3 + len(RECORD_COLUMNS)
    assert [row["priority"] for row in rows] == ["high", "review", "urgent", "review"]
    assert [row["error_code"] or "" for row in rows] == ["", "unreadable_row", "", "empty_text"]
    assert float(rows[0]["p_trafficking_recruitment"]) == 0.95
    assert rows[0]["evidence"] == "trafficking_recruitment: compound"
    assert all(
        "Computer screening only" in row["disclaimer"] and "ผลคัดกรอง" in row["disclaimer"] for row in rows
    )
    assert rows[2]["note"] == "ไทย"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_a_cell_that_would_run_is_escaped_in_csv(start):
    assert without_formula(f"{start}1") == f"'{start}1"


def test_formulas_are_escaped_in_csv_and_plain_strings_in_xlsx(tmp_path):
    assert [row["note"] for row in csv_rows(screened_output(tmp_path, ".csv"))] == [
        "'=cmd()",
        "'+1",
        "ไทย",
        "'@x",
    ]
    cells = openpyxl.load_workbook(screened_output(tmp_path, ".xlsx")).worksheets[0]["C"]
    assert [(cell.value, cell.data_type) for cell in cells][1:3] == [("=cmd()", "s"), ("+1", "s")]


def test_a_formula_in_a_header_is_escaped_too(tmp_path):
    source = open_source(write(tmp_path / "in.csv", "text,=1+1\nhello,x\n"), ReadOptions())
    assert list(csv_rows(screened_output(tmp_path, ".csv", source))[0])[1] == "'=1+1"


def test_csv_starts_with_a_byte_order_mark_for_excel(tmp_path):
    assert screened_output(tmp_path, ".csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_column_that_is_already_there_is_prefixed_until_it_is_new():
    header = flat_header(["id", "scamscreen_id", "role"])
    assert "scamscreen_scamscreen_id" in header
    assert "scamscreen_role" in header
    assert len(set(header)) == len(header)


def test_our_own_output_can_be_screened_again(tmp_path):
    again = open_source(screened_output(tmp_path, ".xlsx"), ReadOptions())
    records = screen_chunk(list(again.rows()), FakeScreener(), "balanced")
    assert [one.record.priority for one in records] == ["high", "low", "urgent", "review"]


def test_characters_excel_forbids_are_left_out_and_long_cells_are_cut_with_a_mark():
    assert excel_text("a\x00b\x1bc\ufffe") == "abc"
    cut = excel_text("😀" * 20_000)
    assert cut.endswith(CUT_MARK)
    assert len(cut.encode("utf-16-le")) // 2 <= MAX_CELL_CHARS
    assert excel_text("x" * MAX_CELL_CHARS) == "x" * MAX_CELL_CHARS


def test_a_full_sheet_is_followed_by_another(tmp_path, monkeypatch):
    monkeypatch.setattr(write_xlsx, "MAX_SHEET_ROWS", 3)
    sheets = openpyxl.load_workbook(screened_output(tmp_path, ".xlsx")).worksheets
    assert [(sheet.title, sheet.max_row) for sheet in sheets] == [("screening", 3), ("screening 2", 3)]
    assert sheets[1]["A1"].value == "id"


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".xlsx"])
def test_an_interrupted_output_keeps_its_rows_under_another_name(tmp_path, suffix):
    output = tmp_path / f"out{suffix}"
    rows = read(write(tmp_path / "in.csv", MIXED))
    with pytest.raises(KeyboardInterrupt), open_output(output, ("id", "text", "note")) as writer:
        writer.write(screen_chunk(rows[:1], FakeScreener(), "balanced"))
        raise KeyboardInterrupt
    assert not output.exists()
    partial = partial_path(output).rename(tmp_path / f"partial{suffix}")
    assert len(read(partial, text_column="id" if suffix == ".jsonl" else "text")) == 1
