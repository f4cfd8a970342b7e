"""A report that is an image: kept as it came, screened by its words, never lost where that fails."""

import asyncio
import base64
import hashlib
import io
import json
import os
import time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from serving.outbound import Outbound
from serving.reports.desk import Desk
from serving.reports.ocr import ImageReader
from serving.reports.told import told
from serving.schemas.reports import ReportIn
from serving.store import audit
from serving.store.home import Store, default_url, open_store
from serving.store.reading import read_report
from serving.store.tables import AUDIT, ITEM, REPORT
from tests.test_serving.fake_tesseract import write_tesseract
from tests.test_serving.live import live_model

PLEA = "They keep our passports, help me, call 081-555-0143"


def image(words: str = "hello") -> bytes:
    drawing = Image.new("L", (300, 60), "white")
    ImageDraw.Draw(drawing).text((10, 20), words)
    written = io.BytesIO()
    drawing.save(written, "PNG")
    return written.getvalue()


def sent(content: bytes, **fields: object) -> ReportIn:
    encoded = base64.b64encode(content).decode()
    return ReportIn.model_validate({"content": encoded, "media_type": "image/png", **fields})


class Hotline:
    """A desk that reads images with a program, and its store."""

    def __init__(self, home: Path, program: str) -> None:
        self.store: Store = open_store(default_url(home), home / "store.key")
        self.desk = Desk(
            self.store,
            live_model(),
            outbound=Outbound(allow_private=False),
            images=ImageReader(program),
        )
        self._is_closed = False

    def close(self) -> None:
        if not self._is_closed:
            self.desk.close()
        self._is_closed = True

    def read(self, question):
        return self.store.database.read(question)

    def report(self, report_id: str, *, with_pii: bool = True) -> dict:
        stored = self.read(lambda c: read_report(c, self.store.keyring, self.desk.local, report_id))
        return told(stored, with_pii=with_pii)

    def done(self, report_id: str) -> dict:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            report = self.report(report_id)
            if report["work"] != "waiting":
                return report
            time.sleep(0.05)
        raise AssertionError("not done within 20 seconds")


@pytest.fixture
def hotline(own_home):
    opened = []

    def open_with(program: Path | str) -> Hotline:
        opened.append(Hotline(own_home, str(program)))
        return opened[-1]

    yield open_with
    for one in opened:
        one.close()


def accept(hotline: Hotline, *reports: ReportIn) -> list[str]:
    return [one.id for one in asyncio.run(hotline.desk.accept(hotline.desk.local, reports, None))]


def test_the_words_in_an_image_are_screened_and_told(hotline, tmp_path) -> None:
    desk = hotline(write_tesseract(tmp_path, PLEA))
    content = image()
    [report_id] = accept(desk, sent(content, language="en"))

    report = desk.done(report_id)

    assert (report["work"], report["priority"]) == ("screened", "urgent")
    assert report["sha256"] == hashlib.sha256(content).hexdigest()
    assert report["text"] is None
    assert report["ocr"]["text"] == PLEA
    assert report["ocr"]["tool"] == "tesseract 5.3.0 eng"
    [phone] = report["screening"]["entities"]
    assert PLEA[phone["start"] : phone["end"]] == "081-555-0143"
    assert "ocr" in report["screening"]["warnings"]


def test_without_the_scope_nothing_of_an_image_is_quoted(hotline, tmp_path) -> None:
    desk = hotline(write_tesseract(tmp_path, PLEA))
    [report_id] = accept(desk, sent(image()))
    desk.done(report_id)

    hidden = desk.report(report_id, with_pii=False)

    assert "passports" not in json.dumps(hidden)
    assert "555-0143" not in json.dumps(hidden["screening"])
    assert hidden["ocr"]["sha256"] == hashlib.sha256(PLEA.encode()).hexdigest()


def test_the_words_are_an_item_of_their_own_that_names_the_image(hotline, tmp_path) -> None:
    desk = hotline(write_tesseract(tmp_path, PLEA))
    [report_id] = accept(desk, sent(image()))
    desk.done(report_id)

    items = desk.read(lambda c: c.execute(select(ITEM).order_by(ITEM.c.serial)).all())
    original, derived, *of_text = items
    assert {one.parent_serial for one in of_text} == {derived.serial}
    assert (derived.kind, derived.parent_serial) == ("ocr", original.serial)
    assert PLEA.encode() not in derived.sealed
    links = desk.read(lambda c: c.execute(select(AUDIT).order_by(AUDIT.c.number)).all())
    assert [link.action for link in links] == ["report.stored", "item.derived", "report.screened"]
    assert json.loads(links[1].detail)["parent_sha256"] == original.sha256.hex()
    assert desk.read(lambda c: list(audit.broken_links(c, desk.store.keyring))) == []


def test_an_image_of_harmless_words_is_still_for_review(hotline, tmp_path) -> None:
    desk = hotline(write_tesseract(tmp_path, "see you at noon"))
    [report_id] = accept(desk, sent(image()))

    report = desk.done(report_id)

    assert report["priority"] == report["screening"]["priority"] == "review"
    assert report["screening"]["priority_reason"] == "ocr"


@pytest.mark.parametrize(
    ("fields", "then", "code", "said"),
    [
        ({"language": "my"}, "pass", "ocr_language_missing", "install tesseract-ocr-mya"),
        ({}, "sys.exit(1)", "ocr_failed", "look at it"),
        ({"media_type": "image/jpeg"}, "pass", "image_unreadable", "not image/jpeg"),
    ],
)
def test_an_image_that_cannot_be_read_goes_to_a_person_and_is_kept(
    hotline, tmp_path, fields, then, code, said
) -> None:
    desk = hotline(write_tesseract(tmp_path, PLEA, then=then))
    content = image()
    [report_id] = accept(desk, sent(content, **fields))

    report = desk.done(report_id)

    assert (report["work"], report["priority"]) == ("failed", "review")
    assert report["screening"]["error"]["code"] == code
    assert said in report["screening"]["error"]["message"]
    assert report["ocr"] is None
    stored = desk.read(lambda c: read_report(c, desk.store.keyring, desk.desk.local, report_id))
    assert stored.content == content


def test_without_tesseract_images_go_to_a_person_and_texts_are_screened(hotline) -> None:
    desk = hotline("no-such-program")
    [image_id, text_id] = accept(desk, sent(image()), ReportIn(text="help me"))

    assert desk.done(text_id)["priority"] == "urgent"
    report = desk.done(image_id)
    assert (report["work"], report["screening"]["error"]["code"]) == ("failed", "ocr_unavailable")


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
def test_no_text_waits_behind_an_image_and_the_image_is_read_at_the_next_start(hotline, tmp_path) -> None:
    (tmp_path / "slow").mkdir()
    first = hotline(write_tesseract(tmp_path / "slow", "", then="time.sleep(600)"))
    [image_id] = accept(first, sent(image(), in_danger=True))
    [text_id] = accept(first, ReportIn(text="nothing of note"))
    assert first.done(text_id)["work"] == "screened"
    first.close()

    second = hotline(write_tesseract(tmp_path, PLEA))

    assert second.done(image_id)["priority"] == "urgent"


def test_only_the_hint_puts_an_image_first(hotline, tmp_path) -> None:
    desk = hotline(write_tesseract(tmp_path, PLEA))
    ids = accept(desk, sent(image()), sent(image(), in_danger=True))
    lanes = desk.read(lambda c: c.execute(select(REPORT.c.lane).order_by(REPORT.c.serial)).scalars().all())

    assert lanes == [4, 3]
    for report_id in ids:
        desk.done(report_id)


def test_words_sent_as_bytes_are_looked_at_before_they_wait(hotline) -> None:
    desk = hotline("no-such-program")
    words = sent("ช่วยด้วย help me".encode(), media_type="text/plain")

    [report_id] = accept(desk, words)

    assert desk.done(report_id)["priority"] == "urgent"
    assert desk.read(lambda c: c.execute(select(REPORT.c.lane)).scalar_one()) == 1
