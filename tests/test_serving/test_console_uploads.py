"""Files uploaded in the console as a browser sends them: taken in parts, looked at, screened, told of."""

import codecs
import csv
import hashlib
import io
import json
import re
import struct
import time
import zipfile

import openpyxl
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

import models
import serving.service
from models.errors import InputError
from serving.files.unpacked import check_unpacked
from serving.files.xml_bounds import check_elements
from serving.store.tables import AUDIT, UPLOAD, UPLOAD_CHUNK
from serving.store.uploads.upload import CHUNK_BYTES, MOST_BYTES
from tests.fakes import FakeScreener
from tests.reading_time import reads_in_linear_time
from tests.test_serving.test_console_access import Browser, add_person, command, signed_in

SENTINEL = "zqxsentinel"
PLEA = "help me they keep us in the compound"
THAI, CHINESE = "รับสมัครงานด่วน รายได้ดี ติดต่อทางไลน์", "我们招聘客服，包吃住，工资很高，请联系我们的电话"
ALL = "all of Line 1"
DEADLINE_SECONDS = 60


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def app(home):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCAMSCREEN_HOME", str(home))
        patched.delenv("SCAMSCREEN_OPEN", raising=False)
        patched.setattr(models, "load_screener", lambda *_, **__: FakeScreener())
        patched.setattr(serving.service, "configure_logging", lambda: None)
        patched.setattr("serving.reports.uploads._LOOK_SECONDS", 0.05)
        app = serving.service.ScamScreen.to_asgi()
        with TestClient(app, base_url="http://scamscreen.example"):
            for organisation, prefix in (("Line 1", "LA"), ("Line 2", "LB")):
                command("organisations", "add", organisation, "--prefix", prefix)
                add_person(f"all of {organisation}", "screen,report,review,pii", organisation)
            add_person("codes of Line 1", "report,review", "Line 1")
            yield app


@pytest.fixture(scope="module")
def browser(app):
    return signed_in(app, ALL)


def begin(browser: Browser, name: str, content: bytes, *, again: bool = False):
    sent = {
        "name": name,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "again": again,
    }
    return browser.send("POST", "/uploads/begin", json=sent)


def chunks_of(content: bytes) -> list[bytes]:
    return [content[first : first + CHUNK_BYTES] for first in range(0, len(content), CHUNK_BYTES)]


def send_chunk(browser: Browser, upload_id: str, number: int, part: bytes):
    return browser.send("POST", f"/uploads/{upload_id}/chunks/{number}", content=part)


def upload(browser: Browser, name: str, content: bytes) -> str:
    """Send a file as the page's script does; return the id of its upload."""
    begun = begin(browser, name, content).json()
    for number, part in enumerate(chunks_of(content)):
        if number not in begun["have"]:
            assert send_chunk(browser, begun["id"], number, part).status_code == 200
    received = browser.send("POST", f"/uploads/{begun['id']}/received", json={})
    assert received.json() == {"location": f"/uploads/{begun['id']}"}, received.text
    return begun["id"]


def screen(browser: Browser, upload_id: str, *, until: str = "done", **columns: str) -> dict:
    """Choose columns by their places, and wait until the upload is in a state."""
    chosen = browser.send("POST", f"/uploads/{upload_id}/screen", data={"text": "0", **columns})
    assert chosen.status_code == 303, chosen.text
    return wait(browser, upload_id, until)


def wait(browser: Browser, upload_id: str, until: str) -> dict:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (told := browser.client.get(f"/uploads/{upload_id}/progress").json())["state"] != until:
        assert time.monotonic() < deadline, told
        time.sleep(0.05)
    return told


def results(browser: Browser, upload_id: str, form: str) -> bytes:
    answer = browser.client.get(f"/uploads/{upload_id}/results/{form}")
    assert answer.status_code == 200
    return answer.content


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read(question):
    """Ask the store of the running service."""
    return serving.service.APP.state.desk._store.database.read(question)


def table(name: str, *rows: str) -> bytes:
    return "\n".join((name, *rows, "")).encode()


def test_the_rows_of_a_file_become_reports_and_the_bad_one_an_error(browser):
    rows = [f"{number},the ferry of the five hundred leaves at {number}" for number in range(1, 501)]
    rows[136] = '137,"two cells","too many"'
    upload_id = upload(browser, "ferries.csv", table("id,text", *rows))

    page = browser.client.get(f"/uploads/{upload_id}").text
    told = screen(browser, upload_id, text="1", id="0")

    assert 'value="1" selected>text' in page
    assert 'value="0" selected>id' in page
    assert "leaves at 3<" in page
    assert (told["read"], told["stored"], told["refused"], told["screened"]) == (500, 499, 1, 499)
    after = browser.client.get(f"/uploads/{upload_id}").text
    assert "<td>137</td><td>It has more or fewer cells than the header.</td>" in after
    errors = csv_rows(browser.client.get(f"/uploads/{upload_id}/errors").content)
    assert [(one["row"], one["code"]) for one in errors] == [("137", "unreadable_row")]
    queue = browser.send("POST", "/queue", data={"words": "ferry hundred", "channel": "file"}).text
    assert "the ferry of the five hundred" in queue
    lines = [json.loads(line) for line in results(browser, upload_id, "jsonl").splitlines()]
    assert [line["id"] for line in lines[:2]] == ["1", "2"]
    assert len(lines) == 500
    assert lines[136]["error"]["code"] == "unreadable_row"
    assert lines[499]["input"]["text"].endswith("leaves at 500")


def test_results_are_told_in_three_forms_with_the_disclaimer_and_run_nothing(browser):
    content = table("text,note", "good morning from the compound,=cmd()", f"{PLEA},+1", "quiet day,ไทย")
    upload_id = upload(browser, "formulas.csv", content)
    screen(browser, upload_id)

    flat = csv_rows(results(browser, upload_id, "csv"))
    book = openpyxl.load_workbook(io.BytesIO(results(browser, upload_id, "xlsx"))).worksheets[0]
    lines = [json.loads(line) for line in results(browser, upload_id, "jsonl").splitlines()]

    assert [row["priority"] for row in flat] == ["high", "urgent", "low"]
    assert [row["note"] for row in flat] == ["'=cmd()", "'+1", "ไทย"]
    assert flat[0]["evidence"] == "trafficking_recruitment: compound"
    assert flat[0]["scamscreen_case"].startswith("LA-")
    assert all("Computer screening only" in row["disclaimer"] for row in flat)
    cells = list(book.iter_rows())
    note = [cell.value for cell in cells[0]].index("note")
    assert [(row[note].value, row[note].data_type) for row in cells[1:3]] == [("=cmd()", "s"), ("+1", "s")]
    assert [line["priority"] for line in lines] == ["high", "urgent", "low"]
    assert all("Computer screening only" in line["input"]["scamscreen_disclaimer"] for line in lines)


def test_who_seems_in_danger_stands_first_in_the_queue(browser):
    content = table("text", *(f"the shop opens at {number}" for number in range(30)), f"{PLEA} at the pier")
    upload_id = upload(browser, "pleas.csv", content)
    screen(browser, upload_id)

    line = json.loads(results(browser, upload_id, "jsonl").splitlines()[-1])
    queue = browser.client.get("/queue").text
    rows = re.findall(r'<li class="queue-row[^>]*>', queue)

    assert line["priority"] == "urgent"
    assert "is-urgent" in rows[0]
    assert line["input"]["scamscreen_case"] in queue


def test_chosen_columns_say_when_where_and_in_which_language(browser):
    content = table(
        "text,day,tongue,seen",
        "come to the meadow,2569-11-20 09:30,th,TikTok",
        "come to the hilltop,2026-11-20T09:30:00+00:00,?,https://example.com/a",
        "come to the lakeside,tomorrow,en,somewhere",
    )
    upload_id = upload(browser, "columns.csv", content)
    screen(browser, upload_id, received_at="1", language="2", source="3")
    lines = [json.loads(line) for line in results(browser, upload_id, "jsonl").splitlines()]

    def report(number: int) -> str:
        words = ("meadow", "hilltop", "lakeside")[number]
        found = browser.send("POST", "/queue", data={"words": words}).text
        report_id = re.search(r'data-id="([0-9a-f]{32})"', found)[1]
        return browser.client.get(f"/items/{report_id}").text

    assert "file / TikTok" in report(0)
    assert lines[0]["language"] == "th"
    assert "file" in report(1)
    assert "file / other" in report(2)
    assert lines[1]["input"]["seen"] == "https://example.com/a"


@pytest.mark.parametrize(
    ("encoding", "words", "shown"),
    [("tis-620", THAI, "cp874"), ("gb18030", CHINESE, "gb18030"), ("utf-16", THAI, "utf-16")],
)
def test_old_encodings_are_found_and_read(browser, encoding, words, shown):
    content = "\n".join(("text", *(f"{words} {number}" for number in range(12)))).encode(encoding)
    upload_id = upload(browser, f"{encoding}.csv", content)

    page = browser.client.get(f"/uploads/{upload_id}").text
    screen(browser, upload_id)

    assert words in page
    assert f'<option value="{shown}" selected>' in page
    lines = [json.loads(line) for line in results(browser, upload_id, "jsonl").splitlines()]
    assert [line["input"]["text"] for line in lines] == [f"{words} {number}" for number in range(12)]


def test_a_guessed_encoding_can_be_changed(browser):
    upload_id = upload(browser, "guess.txt", f"{THAI}\n".encode("cp874"))

    as_chinese = browser.send("POST", f"/uploads/{upload_id}", data={"encoding": "gb18030"}).text
    as_thai = browser.send("POST", f"/uploads/{upload_id}", data={"encoding": "cp874"}).text

    assert THAI not in as_chinese
    assert THAI in as_thai
    screen(browser, upload_id, encoding="cp874")
    [line] = results(browser, upload_id, "jsonl").splitlines()
    assert json.loads(line)["input"]["text"] == THAI


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "jsonl", "txt"])
def test_every_kind_of_file_is_read(browser, kind):
    texts = [f"a {kind} from the market {number}" for number in range(3)]
    content = {
        "csv": table("text", *texts),
        "tsv": table("text\tid", *(f"{text}\t{text[-1]}" for text in texts)),
        "xlsx": workbook([("text",), *((text,) for text in texts)]),
        "jsonl": table(*(json.dumps({"text": text}) for text in texts)),
        "txt": table(*texts),
    }[kind]
    upload_id = upload(browser, f"market.{kind.upper()}", content)

    page = browser.client.get(f"/uploads/{upload_id}").text
    told = screen(browser, upload_id)

    assert texts[0] in page
    assert (told["read"], told["refused"]) == (3, 0)
    rows = csv_rows(results(browser, upload_id, "csv"))
    assert [row["text"] for row in rows] == texts


def workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_a_file_that_broke_off_goes_on_where_it_was(browser):
    content = table("text,more", *(f"the tram of {number},{'x' * 90_000}" for number in range(100)))
    first = begin(browser, "long.csv", content).json()
    parts = chunks_of(content)
    send_chunk(browser, first["id"], 1, parts[1])

    early = browser.send("POST", f"/uploads/{first['id']}/received", json={})
    again = begin(browser, "long.csv", content).json()

    assert early.json() == {"refused": "Not all of it has come: choose the file again."}
    assert again == {"id": first["id"], "state": "sending", "have": [1], "chunk_bytes": CHUNK_BYTES}
    assert upload(browser, "long.csv", content) == first["id"]
    assert screen(browser, first["id"])["stored"] == 100


def test_a_file_that_changed_while_it_was_sent_is_refused(browser):
    content = table("text", "one", "two")
    begun = begin(browser, "changed.csv", content).json()
    send_chunk(browser, begun["id"], 0, content.replace(b"two", b"six"))

    refused = browser.send("POST", f"/uploads/{begun['id']}/received", json={})

    assert refused.json()["refused"] == "The file changed while it was being sent: choose it again."
    assert begin(browser, "changed.csv", content).json()["state"] == "failed"
    assert begin(browser, "changed.csv", content, again=True).json()["state"] == "sending"


@pytest.mark.parametrize(("number", "part"), [(0, b""), (0, b"too long for it"), (1, b"text\none\n")])
def test_a_chunk_that_cannot_be_one_is_refused(browser, number, part):
    content = b"text\none\n"
    begun = begin(browser, "chunks.csv", content).json()

    assert send_chunk(browser, begun["id"], number, part).status_code == 409


def test_a_file_that_was_screened_before_is_not_stored_twice_unasked(browser):
    content = table("text", "only once, please")
    upload_id = upload(browser, "once.csv", content)
    screen(browser, upload_id)

    again = begin(browser, "other name.csv", content).json()
    anew = begin(browser, "once.csv", content, again=True).json()

    assert (again["id"], again["state"]) == (upload_id, "done")
    assert anew["id"] != upload_id
    assert anew["state"] == "sending"


def test_a_plain_form_does_without_a_script_and_without_a_temporary_file(browser, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/to/write")
    content = table("text,more", *(f"the bus of {number},{'y' * 10_000}" for number in range(300)))

    answer = browser.send("POST", "/uploads", files={"file": ("plain.csv", content)})
    upload_id = answer.headers["location"].rpartition("/")[2]
    told = screen(browser, upload_id)

    assert answer.status_code == 303
    assert told["stored"] == 300
    assert len(results(browser, upload_id, "xlsx")) > 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"x", "ends in .csv"),
        ("", b"x", "ends in .csv"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"x" * (CHUNK_BYTES + 1), "up to 4 MB"),
    ],
)
def test_a_form_with_no_such_file_says_why(browser, name, content, said):
    answer = browser.send("POST", "/uploads", files={"file": (name, content)} if name else {"other": content})

    assert answer.status_code == 422
    assert said in answer.text


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(browser):
    sent = {"name": "a.csv", "bytes": MOST_BYTES + 1, "sha256": "0" * 64}

    answer = browser.send("POST", "/uploads/begin", json=sent)

    assert answer.json() == {"refused": "A file has at most 256 MB: split it."}


def test_nothing_of_a_file_can_be_read_in_the_store(browser, home):
    words = f"{SENTINEL} words of somebody"
    content = table(f"text,{SENTINEL}column", f"{words},{SENTINEL}cell", f"{words},x,y")
    upload_id = upload(browser, f"{SENTINEL} list.csv", content)
    readable = [path.name for path in home.rglob("*") if path.is_file() and in_file(path)]
    screen(browser, upload_id)
    results(browser, upload_id, "csv")

    assert readable == []
    assert [path.name for path in home.rglob("*") if path.is_file() and in_file(path)] == []


def in_file(path) -> bool:
    content = path.read_bytes()
    return any(SENTINEL.encode(encoding) in content for encoding in ("utf-8", "utf-16-le"))


def test_the_file_is_removed_when_its_rows_are_stored(browser):
    upload_id = upload(browser, "gone.csv", table("text", "gone soon"))
    screen(browser, upload_id)
    deadline = time.monotonic() + DEADLINE_SECONDS

    def left() -> int:
        of_upload = select(func.count()).select_from(UPLOAD_CHUNK).join(UPLOAD)
        return read(lambda c: c.execute(of_upload.where(UPLOAD.c.public_id == upload_id)).scalar_one())

    while left():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_another_organisation_sees_nothing(app, browser):
    upload_id = upload(browser, "secret list.csv", table("text", "of line one alone"))
    stranger = signed_in(app, "all of Line 2")

    gets = [
        stranger.client.get(f"/uploads/{upload_id}{more}")
        for more in ("", "/progress", "/errors", "/results/csv", "/results/xlsx", "/results/jsonl")
    ]
    posts = [
        stranger.send("POST", f"/uploads/{upload_id}{more}", **sent)
        for more, sent in (
            ("", {}),
            ("/chunks/0", {"content": b"x"}),
            ("/received", {"json": {}}),
            ("/screen", {"data": {"text": "0"}}),
            ("/stop", {}),
        )
    ]

    assert {answer.status_code for answer in (*gets, *posts)} == {404}
    assert "secret list" not in stranger.client.get("/uploads").text
    same = begin(stranger, "secret list.csv", table("text", "of line one alone")).json()
    assert (same["state"], same["have"]) == ("sending", [])
    assert same["id"] != upload_id


def test_who_may_not_see_words_gets_codes(app, browser):
    content = table("text,name", f"write to Somchai at the compound {SENTINEL},Somchai")
    upload_id = upload(browser, f"{SENTINEL}.csv", content)
    colleague = signed_in(app, "codes of Line 1")

    before = colleague.client.get(f"/uploads/{upload_id}").text
    chosen = colleague.send("POST", f"/uploads/{upload_id}/screen", data={"text": "0"})
    screen(browser, upload_id)
    told = [results(colleague, upload_id, form) for form in ("csv", "jsonl")]
    book = openpyxl.load_workbook(io.BytesIO(results(colleague, upload_id, "xlsx"))).worksheets[0]
    cells = " ".join(str(cell) for row in book.iter_rows(values_only=True) for cell in row)
    listed = colleague.client.get("/uploads").text

    assert chosen.status_code == 422
    for shown in (before, listed, cells, *(content.decode() for content in told)):
        assert SENTINEL not in shown
        assert "Somchai" not in shown
    assert csv_rows(told[0])[0]["flags"] == "trafficking_recruitment"
    assert json.loads(told[1])["flags"] == ["trafficking_recruitment"]


def test_what_was_downloaded_and_by_whom_stands_in_the_audit(app, browser):
    upload_id = upload(browser, "audit.csv", table("text", "taken by two"))
    screen(browser, upload_id)
    results(browser, upload_id, "csv")
    results(signed_in(app, "codes of Line 1"), upload_id, "xlsx")

    links = read(
        lambda c: c.execute(
            select(AUDIT.c.action, AUDIT.c.detail)
            .where(AUDIT.c.subject == upload_id)
            .order_by(AUDIT.c.number)
        ).all()
    )

    told = [(link.action, json.loads(link.detail)) for link in links]
    assert [action for action, _ in told if action != "upload.looked_at"] == [
        "upload.begun",
        "upload.received",
        "upload.screening_begun",
        "upload.stored",
        "upload.downloaded",
        "upload.downloaded",
    ]
    assert told[-2:] == [
        ("upload.downloaded", {"form": "csv", "content": "words"}),
        ("upload.downloaded", {"form": "xlsx", "content": "codes"}),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/<script>alert(1)</script>.csv",
        'a"\r\nSet-Cookie: b=c.csv',
        "\u202evsc.exe.csv",
        "ก" * 900 + ".csv",
    ],
)
def test_a_hostile_name_of_a_file_does_no_harm(browser, name):
    upload_id = upload(
        browser, name, table("text", f"a file called {hashlib.sha256(name.encode()).hexdigest()}")
    )
    screen(browser, upload_id)

    pages = [browser.client.get(path).text for path in ("/uploads", f"/uploads/{upload_id}")]
    answer = browser.client.get(f"/uploads/{upload_id}/results/csv")

    for page in pages:
        assert "<script>alert" not in page
        assert "etc/" not in page
        assert "\u202e" not in page
    disposition = answer.headers["content-disposition"]
    assert disposition == f'attachment; filename="scamscreen-{upload_id[:8]}-results.csv"'
    assert "set-cookie" not in answer.headers


SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"


def rewritten(content, part, old, new):
    """Return a workbook with another content of a part."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for name in archive.namelist():
            held = archive.read(name)
            assert name != part or old in held
            other.writestr(name, held.replace(old, new) if name == part else held)
    return written.getvalue()


def test_a_workbook_that_unpacks_to_far_too_much_is_not_read(browser):
    good = workbook([("text",), ("fine",)])
    bomb = rewritten(good, SHEET, b"</sheetData>", b" " * 120_000_000 + b"</sheetData>")
    upload_id = upload(browser, "bomb.xlsx", bomb)

    page = browser.client.get(f"/uploads/{upload_id}")
    chosen = browser.send("POST", f"/uploads/{upload_id}/screen", data={"text": "0"})

    assert "holds far too much" in page.text
    assert chosen.status_code == 422


END = struct.Struct("<4s4H2LH")
LARGE_END = struct.Struct("<4sQ2H2L4Q")
MANY = 250_000_000  # bytes of names of parts: objects for them would take gigabytes


@pytest.mark.parametrize(
    "content",
    [
        END.pack(b"PK\5\6", 0, 0, 9, 9, MANY, 0, 0),
        END.pack(b"PK\5\6", 0, 0, 9, 9, MANY, 0, 7) + b"comment",
        LARGE_END.pack(b"PK\6\6", 44, 45, 45, 0, 0, 9, 9, MANY, 0)
        + struct.pack("<4sLQL", b"PK\6\7", 0, 100, 1)
        + END.pack(b"PK\5\6", 0, 0, 9, 9, 10, 0, 0),
        END.pack(b"PK\5\6", 0, 0, 9, 9, MANY, int.from_bytes(b"PK\5\6", "little"), 0),
    ],
    ids=["plain", "with a comment", "of the large form", "with an end in its end"],
)
def test_a_workbook_with_millions_of_parts_is_not_opened(content):
    with pytest.raises(InputError, match="far more parts"):
        check_unpacked("the file", lambda: io.BytesIO(b"x" * 100 + content))


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, b"</row>", b"<c/>" * 1_000_001 + b"</row>"),
        (SHEET, b"</sheetData>", b"</sheetData>" + b"<a/>" * 1_000_001),
        (SHEET, b"<sheetData>", b"<sheetData " + b" ".join(b'a%d=""' % n for n in range(9_000)) + b">"),
        (SHEET, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
        (STYLES, b"</styleSheet>", b"<a/>" * 1_000_001 + b"</styleSheet>"),
        ("xl/theme/theme1.xml", b"<?xml", b"\xff\xfe" + b"<\0a\0/\0>\0" * 1_000_001 + b"<?xml"),
    ],
    ids=["cells of a row", "after the rows", "a long tag", "a document type", "formats", "UTF-16"],
)
def test_a_workbook_of_millions_of_tags_is_not_given_to_a_parser(part, old, new):
    content = rewritten(workbook([("text",), ("fine",)]), part, old, new)

    with pytest.raises(InputError, match=r"far more than a list of texts|not as Excel writes"):
        check_unpacked("the file", lambda: io.BytesIO(content))


def test_what_only_looks_like_long_tags_holds_nobody_up():
    def look(text):
        content = io.BytesIO((text.encode() + b">") * 16)
        check_elements("the file", content, 10**9, has_rows=False)

    assert reads_in_linear_time(look, "<" * 60_000)


def test_a_long_workbook_with_a_picture_is_read():
    rows = [("text", "more"), *((f"the tram of {number}", "<b>") for number in range(30_000))]
    content = io.BytesIO(workbook(rows))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n\0" + b"<" * 2_000_000)

    check_unpacked("the file", lambda: io.BytesIO(content.getvalue()))


def test_a_workbook_whose_row_says_that_it_is_the_billionth_is_not_read(browser):
    good = workbook([("text",), ("fine",)])
    far = rewritten(good, SHEET, b'<row r="2"', b'<row r="2000000000"')
    assert far != good
    upload_id = upload(browser, "far.xlsx", far)

    assert "holds far too much" in browser.client.get(f"/uploads/{upload_id}").text


def test_a_workbook_whose_last_cell_stands_far_to_the_right_is_not_read(browser):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["XFD2"] = "text", "fine", "far"
    written = io.BytesIO()
    book.save(written)
    upload_id = upload(browser, "wide.xlsx", written.getvalue())

    assert "holds far too much" in browser.client.get(f"/uploads/{upload_id}").text


def test_a_row_with_far_too_much_beside_its_text_is_an_error_and_the_next_one_a_report(browser):
    much = "b" * 1_100_000
    upload_id = upload(browser, "much.csv", table("text,other", f"first {SENTINEL},{much}", "second row,c"))
    told = screen(browser, upload_id)

    assert (told["stored"], told["refused"]) == (1, 1)
    assert "<td>1</td><td>It is too long.</td>" in browser.client.get(f"/uploads/{upload_id}").text


def test_who_neither_sent_a_file_nor_may_see_words_does_not_remove_it(app, browser):
    upload_id = upload(browser, "kept.csv", table("text", "nobody else removes me"))
    colleague = signed_in(app, "codes of Line 1")

    assert "Remove the file" not in colleague.client.get(f"/uploads/{upload_id}").text
    assert colleague.send("POST", f"/uploads/{upload_id}/stop").status_code == 422
    assert "Remove the file" in browser.client.get(f"/uploads/{upload_id}").text


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"id,text\n1,words\n", b"PK\x05\x06" + b"\0" * 18])
def test_what_only_says_that_it_is_a_workbook_is_not_read(browser, content):
    upload_id = upload(browser, "fake.xlsx", content)

    assert "it is no Excel workbook" in browser.client.get(f"/uploads/{upload_id}").text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.csv", f"{'Dear all of you who read this and that ' * 5}\nwords\n".encode()),
        ("wide.csv", ",".join(f"c{number}" for number in range(101)).encode() + b"\n"),
        ("blank.csv", b"\n\n"),
        ("no.jsonl", b"no object\n"),
    ],
)
def test_a_file_without_a_header_says_so(browser, name, content):
    upload_id = upload(browser, name, content)

    assert "This cannot be read" in browser.client.get(f"/uploads/{upload_id}").text


def test_a_line_of_100_megabytes_is_an_error_and_the_next_one_a_report(browser):
    content = b"a" * 100_000_000 + b"\nthe line after the long one\n"
    upload_id = upload(browser, "endless.txt", content)

    assert browser.client.get(f"/uploads/{upload_id}").status_code == 200
    told = screen(browser, upload_id)

    assert (told["stored"], told["refused"]) == (1, 1)
    page = browser.client.get(f"/uploads/{upload_id}").text
    assert "<td>1</td><td>It is too long.</td>" in page


def test_every_reason_for_which_a_row_is_refused_is_said_plainly(browser):
    files = {
        "a.csv": (b"text,id\n,1\nok,2,3\n\xff\xfe broken,4\n   ,5\n" + "ไทย,6\n".encode() * 9, 4),
        "a.jsonl": (b'{"text": 7}\nno json\n{"id": 1}\n{"text": "ok"}\n', 3),
    }
    for name, (content, refused) in files.items():
        upload_id = upload(browser, name, content)
        told = screen(browser, upload_id, encoding="utf-8")

        page = browser.client.get(f"/uploads/{upload_id}").text
        assert told["refused"] == refused
        assert page.count("<tr><td>") == refused
        assert "It could not be read." not in page


def test_a_column_must_be_chosen(browser):
    upload_id = upload(browser, "unchosen.csv", table("a,b", "one,two"))

    for place in ("", "7", "x", "-1"):
        answer = browser.send("POST", f"/uploads/{upload_id}/screen", data={"text": place})
        assert answer.status_code == 422
        assert "Choose the column of the text." in answer.text


def test_a_file_that_nobody_wants_any_more_can_be_removed(browser):
    upload_id = upload(browser, "unwanted.csv", table("text", "never mind"))

    browser.send("POST", f"/uploads/{upload_id}/stop")

    told = wait(browser, upload_id, "stopped")
    assert told["stored"] == 0
    assert (
        begin(browser, "unwanted.csv", table("text", "never mind"), again=True).json()["state"] == "sending"
    )


def test_the_pages_speak_thai(browser):
    upload_id = upload(browser, "thai.csv", table("text", "one", ""))
    browser.send("POST", "/language", data={"language": "th", "back": "/uploads"})
    serving.service.APP.state.desk.session_keeper._remembered.clear()
    try:
        page = browser.client.get(f"/uploads/{upload_id}").text
        assert "คอลัมน์" in page
        assert "อัปโหลด" in browser.client.get("/uploads").text
    finally:
        browser.send("POST", "/language", data={"language": "en", "back": "/uploads"})
        serving.service.APP.state.desk.session_keeper._remembered.clear()


def queue_rows(page: str) -> set[str]:
    return set(re.findall(r'data-id="([0-9a-f]{32})"', page))


def test_the_queue_of_an_upload_shows_its_rows_alone_until_that_is_taken_away(browser):
    upload_id = upload(
        browser, "tuk-tuks.csv", table("text", "the red tuk-tuk at noon", "blue tuk-tuk later")
    )
    screen(browser, upload_id)
    other = upload(browser, "boats.csv", table("text", "the long boat at noon"))
    screen(browser, other)
    page = browser.client.get(f"/uploads/{upload_id}").text

    only = browser.send("POST", "/queue", data={"upload_id": upload_id}).text
    more = browser.send("POST", "/queue/rows", data={"upload_id": upload_id}).text
    words = browser.send("POST", "/queue", data={"upload_id": upload_id, "words": "noon"}).text
    every = browser.send("POST", "/queue", data={"upload_id": upload_id, "without": "upload"}).text

    assert f'name="upload_id" value="{upload_id}"' in page
    assert "tuk-tuks.csv" in only
    assert len(queue_rows(only)) == 2
    assert queue_rows(more) == queue_rows(only)
    assert len(queue_rows(words)) == 1
    assert queue_rows(words) < queue_rows(only)
    assert len(queue_rows(every)) > 2
    assert 'name="upload_id"' not in every


def test_a_saved_view_keeps_to_its_upload_and_says_nothing_of_one_of_others(app, browser):
    upload_id = upload(browser, "kites.csv", table("text", "a kite shop", "a kite field"))
    screen(browser, upload_id)

    browser.send("POST", "/queue/views", data={"upload_id": upload_id, "name": "my kites"})
    view = re.search(r'name="view" value="([0-9a-f]{32})"[^>]*>my kites<', browser.client.get("/queue").text)[
        1
    ]
    shown = browser.send("POST", "/queue", data={"view": view}).text
    stranger = signed_in(app, "all of Line 2").send("POST", "/queue", data={"upload_id": upload_id})

    assert len(queue_rows(shown)) == 2
    assert "kites.csv" in shown
    assert stranger.status_code == 200
    assert queue_rows(stranger.text) == set()
    assert "kites.csv" not in stranger.text
    assert browser.send("POST", "/queue", data={"upload_id": "no such"}).status_code == 422


def test_programs_find_what_an_upload_brought(browser):
    upload_id = upload(browser, "lamps.csv", table("text", "a lamp on the pier"))
    screen(browser, upload_id)
    key = command("keys", "create", "finder", "--organisation", "Line 1", "--scopes", "review").strip()
    asker = TestClient(browser.client.app, base_url="http://scamscreen.example")

    found = asker.post(
        "/v1/reports/search", json={"upload_id": upload_id}, headers={"Authorization": f"Bearer {key}"}
    ).json()

    assert found["count"] == "1"
    assert found["reports"][0]["channel"] == "file"


def test_a_spreadsheet_says_first_in_words_what_a_row_is_and_what_people_did(browser):
    content = table("text,note", "they hire for the compound of kites,=1+1", "a quiet day of kites,ไทย", ",x")
    upload_id = upload(browser, "kite jobs.csv", content)
    screen(browser, upload_id)
    queue = browser.send("POST", "/queue", data={"upload_id": upload_id}).text
    row = r'data-id="([0-9a-f]{32})" data-version="([0-9]+)" data-labels="trafficking_recruitment"'
    job, version = re.search(row, queue).groups()
    item = {"id": job, "version": int(version)}
    browser.send(
        "POST",
        "/queue/decide",
        json={"items": [item], "change": {"status": "labels_agreed", "labels": ["task_scam"]}},
    )

    written = results(browser, upload_id, "csv")
    offer, quiet, empty = csv_rows(written)
    book = openpyxl.load_workbook(io.BytesIO(results(browser, upload_id, "xlsx"))).worksheets[0]
    line = json.loads(results(browser, upload_id, "jsonl").splitlines()[0])

    assert written.startswith(codecs.BOM_UTF8), "or Excel shows Thai as what it is not"
    said = [offer[f"scamscreen_{name}"] for name in ("first", "shows", "state", "people_say")]
    assert said == ["High", "Recruitment that may lead to trafficking", "labels agreed", "Task scam"]
    assert [quiet[f"scamscreen_{name}"] for name in ("shows", "state", "people_say")] == ["", "new", ""]
    assert empty["scamscreen_first"] == ""
    assert empty["error_code"]
    assert [cell.value for cell in next(book.iter_rows())][:4] == [
        "scamscreen_row",
        "scamscreen_case",
        "scamscreen_first",
        "scamscreen_shows",
    ]
    assert book.freeze_panes == "A2", "the header stays in sight"
    assert not any(name in line["input"] for name in ("scamscreen_first", "scamscreen_state"))


def test_a_spreadsheet_is_in_the_language_of_who_takes_it(app):
    reader = signed_in(app, ALL)
    upload_id = upload(reader, "thai words.csv", table("text", "they hire for the compound of drums"))
    screen(reader, upload_id)
    reader.send("POST", "/language", data={"language": "th"})
    try:
        [row] = csv_rows(results(reader, upload_id, "csv"))
    finally:
        reader.send("POST", "/language", data={"language": "en"})

    assert re.search(r"[\u0e00-\u0e7f]", row["scamscreen_shows"])
    assert re.search(r"[\u0e00-\u0e7f]", row["scamscreen_state"])


def test_results_that_are_uploaded_again_keep_their_own_numbers(browser):
    first = upload(browser, "first.csv", table("text", "the harbour at dawn", "the harbour at dusk"))
    screen(browser, first)
    told = results(browser, first, "csv").splitlines(keepends=True)
    again = upload(browser, "again.csv", b"".join([told[0], told[2]]))
    preview = browser.client.get(f"/uploads/{again}").text
    column = re.search(r'name="text".*?value="([0-9]+)" selected>text<', preview, re.DOTALL)[1]
    screen(browser, again, text=column)

    content = results(browser, again, "csv")
    [row] = csv_rows(content)

    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(set(header)) == len(header)
    assert (row["scamscreen_row"], row["text"]) == ("1", "the harbour at dusk")
