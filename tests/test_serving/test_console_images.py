"""Images and PDF that people send in the console, and the pages of a PDF as a browser gets them."""

import asyncio
import base64
import io
import re
import threading
import time

import pytest
from PIL import Image
from sqlalchemy import select

from serving.console import item_image
from serving.reports.ocr_data import lacking
from serving.store.home import default_url
from serving.store.tables import AUDIT
from tests.test_serving import conftest
from tests.test_serving.administrators import local_administrator
from tests.test_serving.conftest import service_in_process
from tests.test_serving.fake_tesseract import write_tesseract
from tests.test_serving.pdfs import locked_pdf, pdf_of
from tests.test_serving.test_image_reports import image

PHONE = "081-555-0143"
READ = "\n".join(
    [
        "1\t1\t0\t0\t0\t0\t0\t0\t600\t120\t-1\t",
        "5\t1\t1\t1\t1\t1\t30\t30\t60\t20\t96.1\tcompound",
        f"5\t1\t1\t1\t1\t2\t300\t60\t150\t24\t91.7\t{PHONE}",
        f"compound {PHONE}",
    ]
)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        write_tesseract(home, READ, data=("eng", "tha"))
        patch.setenv("PATH", str(home), prepend=":")
        with service_in_process(home, default_url(home)) as client:
            yield client


@pytest.fixture(scope="module")
def browser(client):
    return local_administrator(client)


def send(browser, *files, **fields):
    """Send files as the form does; a file is its name and its bytes."""
    return browser.send("POST", "/uploads/images", data=fields, files=[("images", one) for one in files])


def ids(page: str) -> list[str]:
    return re.findall(r'<li><bdi>[^<]*</bdi>: <a href="/items/([0-9a-f]{32})">', page)


def done(client, report_id: str) -> dict:
    deadline = time.monotonic() + 20
    while (told := client.get(f"/v1/reports/{report_id}").json())["work"] == "waiting":
        assert time.monotonic() < deadline, "not read"
        time.sleep(0.05)
    return told


def shown_pages(report_id: str) -> list[str]:
    """Return what the audit says of each view of an image."""
    desk = conftest.serving.service.APP.state.desk
    views = select(AUDIT.c.detail).where(AUDIT.c.subject == report_id, AUDIT.c.action == "image.shown")
    return list(desk._store.database.read(lambda c: c.execute(views.order_by(AUDIT.c.number)).scalars()))


def test_each_image_that_is_sent_becomes_an_item_and_its_words_are_read(client, browser):
    answer = send(browser, ("chat.png", image("a")), ("letter.pdf", pdf_of("b")), language="th")

    assert answer.status_code == 200
    chat, letter = (done(client, one) for one in ids(answer.text))
    assert (chat["media_type"], letter["media_type"]) == ("image/png", "application/pdf")
    assert chat["channel"] == "file"
    assert chat["ocr"]["text"] == letter["ocr"]["text"] == f"compound {PHONE}"
    assert letter["screening"]["language"] == "th"
    assert "pdf_pages_1" in letter["screening"]["warnings"]


def test_the_queue_shows_how_the_words_of_an_image_begin(client, browser):
    [report_id] = ids(send(browser, ("shown.png", image("shown"))).text)
    done(client, report_id)

    assert f"compound {PHONE}" in browser.client.get("/queue").text


def test_the_same_images_sent_again_are_stored_once(browser):
    first = send(browser, ("a.png", image("same")))
    again = send(browser, ("other name.png", image("same")))
    with_danger = send(browser, ("a.png", image("same")), in_danger="yes")

    assert ids(first.text) == ids(again.text)
    assert ids(with_danger.text) != ids(first.text)


def test_who_sends_it_says_that_somebody_may_be_in_danger(client, browser):
    [report_id] = ids(send(browser, ("plea.png", image("help")), in_danger="yes").text)

    assert done(client, report_id)["priority"] == "urgent"
    assert done(client, report_id)["in_danger"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Choose at least one image."),
        ([("a.png", image()), ("b.exe", b"MZ")], "b.exe is no PNG, JPEG, WebP or PDF. Nothing was taken."),
        ([("a.png", image())] * 21, "At most 20 images at once."),
        ([("large.pdf", b"%PDF-" + bytes(10_000_000))], "large.pdf has more than 10 MB. Nothing was taken."),
    ],
    ids=["none", "a program", "many", "large"],
)
def test_what_is_not_taken_is_said_and_nothing_is_stored(client, browser, files, said):
    before = client.post("/v1/reports/search", json={}).json()["count"]

    answer = send(browser, *files)

    assert answer.status_code == 422
    assert said in answer.text
    assert client.post("/v1/reports/search", json={}).json()["count"] == before


def test_the_page_says_which_languages_cannot_be_read_in_images(browser):
    page = browser.client.get("/uploads").text

    assert "the words of these languages cannot be read in images" in page
    assert "tesseract-ocr-mya" in page
    assert "tesseract-ocr-tha" not in page


def test_without_tesseract_that_is_said():
    without = lacking("no-such-program")

    assert without.program
    assert without.packages[0] == "tesseract-ocr"
    assert "tesseract-ocr-chi-sim" in without.packages


def test_all_data_there_are_lack_nothing(tmp_path):
    everything = [
        package.removeprefix("tesseract-ocr-").replace("-", "_") for package in lacking("").packages
    ]

    there = lacking(str(write_tesseract(tmp_path, "", data=everything)))

    assert (there.program, there.languages, there.packages) == (False, (), ())


def test_the_pages_of_a_pdf_are_images_and_each_view_is_written_down(client, browser):
    content = pdf_of("first", "second")
    [report_id] = ids(send(browser, ("two.pdf", content)).text)
    told = done(client, report_id)
    page = browser.client.get(f"/items/{report_id}").text

    views = [browser.client.get(f"/items/{report_id}/image{more}") for more in ("", "/1", "/2", "/3")]

    assert [one.status_code for one in views] == [200, 200, 200, 404]
    assert {one.headers["content-type"] for one in views[:3]} == {"image/png"}
    assert views[0].content == views[1].content != views[2].content
    assert "sandbox" in views[2].headers["content-security-policy"]
    assert min(Image.open(io.BytesIO(views[2].content)).size) >= 1_000
    assert shown_pages(report_id) == ['{"page": 1}', '{"page": 1}', '{"page": 2}', '{"page": 3}']
    assert 'data-page="2"' in page
    assert 'data-page="3"' not in page
    assert told["bytes"] == len(content)


def test_of_a_pdf_that_could_not_be_read_it_is_said_why_and_its_pages_can_be_tried(client, browser):
    [report_id] = ids(send(browser, ("locked.pdf", locked_pdf())).text)
    told = done(client, report_id)
    page = browser.client.get(f"/items/{report_id}").text

    assert (told["work"], told["priority"]) == ("failed", "review")
    assert told["screening"]["error"]["code"] == "pdf_locked"
    assert "locked by a password" in page
    assert 'data-page="20"' in page
    assert browser.client.get(f"/items/{report_id}/image").status_code == 404


def test_an_image_has_one_page(client, browser):
    [report_id] = ids(send(browser, ("one.png", image("only"))).text)

    assert "data-page" not in browser.client.get(f"/items/{report_id}").text
    assert browser.client.get(f"/items/{report_id}/image/1").status_code == 200
    assert browser.client.get(f"/items/{report_id}/image/2").status_code == 404


def test_a_pdf_that_is_sealed_shows_no_page(client, browser):
    [report_id] = ids(send(browser, ("sealed.pdf", pdf_of("sealed", "too"))).text)
    done(client, report_id)
    assert browser.send("POST", f"/items/{report_id}/withhold").status_code == 303

    for more in ("", "/1", "/2"):
        assert browser.client.get(f"/items/{report_id}/image{more}").status_code == 404


def test_programs_send_pdfs_too_and_an_unknown_kind_is_refused(client):
    content = base64.b64encode(pdf_of("by a program")).decode()
    sent = [{"content": content, "media_type": one} for one in ("application/pdf", "application/zip")]

    good, bad = (client.post("/v1/reports", json={"reports": [one]}) for one in sent)

    assert good.status_code == 202
    assert done(client, good.json()["reports"][0]["id"])["ocr"]["text"] == f"compound {PHONE}"
    assert bad.status_code == 422


def test_pages_of_pdfs_are_drawn_one_at_a_time_whoever_asks_for_how_many(monkeypatch):
    at_once: list[bool] = []
    drawing = threading.Lock()

    def drawn(content, page):
        at_once.append(drawing.acquire(blocking=False))
        time.sleep(0.02)
        drawing.release()
        return b"PNG"

    async def asked():
        monkeypatch.setattr(item_image, "_DRAWING", asyncio.Semaphore(1))
        return await asyncio.gather(*(item_image.drawn_in_turn(b"PDF", 1) for _ in range(4)))

    monkeypatch.setattr(item_image, "_drawn", drawn)

    assert asyncio.run(asked()) == [b"PNG"] * 4
    assert at_once == [True] * 4
