"""PDFs are drawn page by page in a process that can do little, and read as they are seen."""

import io
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from serving.reports import bounded, pdf_child, pdf_pages, reading_child
from serving.reports.ocr import ImageReader, pages_told
from serving.reports.ocr_text import OcrError, OcrInterruptedError
from serving.reports.pdf_pages import PDF, draw_page
from serving.reports.reading_child import ReadingChild
from serving.store.screening.word_boxes import Box, place_of
from tests.test_serving.fake_tesseract import write_tesseract
from tests.test_serving.pdfs import locked_pdf, page_of, pdf_of, pdf_that_lies, pdf_with_hidden_text

WORD = "1\t1\t0\t0\t0\t0\t0\t0\t200\t100\t-1\t\n5\t1\t1\t1\t1\t1\t20\t10\t40\t20\t96.5\t{}\n{}"


def reads(folder: Path, *pages: str) -> ImageReader:
    """Return a reader whose program reads another text at each call, with the place of its first word."""
    calls = folder / "calls"
    calls.mkdir()
    texts = [WORD.format(page.split()[0], page) if page else "" for page in pages]
    then = f"n = len(os.listdir({str(calls)!r})); os.symlink('x', {str(calls)!r} + '/' + str(n)); "
    then += f"sys.stdout.write({texts!r}[n]); sys.stdout.flush()"
    return ImageReader(str(write_tesseract(folder, "", then=then)))


def drawn(content: bytes, number: int = 1) -> Image.Image:
    return Image.open(io.BytesIO(draw_page(ReadingChild(), content, number).png))


def test_the_pages_become_one_text_and_each_word_knows_its_page(tmp_path: Path) -> None:
    read = reads(tmp_path, "call Malee", "or 081").read(pdf_of("a", "b"), PDF, "en")

    assert read.text == "call Malee\n\nor 081"
    assert read.boxes == ((0, 4, 0.1, 0.1, 0.3, 0.3, 1), (12, 14, 0.1, 0.1, 0.3, 0.3, 2))
    assert read.tool.startswith("pypdfium2 ")
    assert read.tool.endswith(", tesseract 5.3.0 eng")
    assert pages_told(read.warnings) == 2


def test_a_blank_page_is_passed_over_and_nothing_is_left_out(tmp_path: Path) -> None:
    read = reads(tmp_path, "one", "", "three").read(pdf_of("a", "", "c"), PDF, "en")

    assert read.text == "one\n\nthree"
    assert [box[-1] for box in read.boxes] == [1, 3]
    assert "pdf_pages_left_out" not in read.warnings


def test_of_a_long_pdf_the_first_pages_are_read_and_that_is_said(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("serving.reports.ocr.MOST_PAGES", 2)

    read = reads(tmp_path, "one", "two", "never").read(pdf_of("a", "b", "c"), PDF, "en")

    assert read.text == "one\n\ntwo"
    assert read.warnings[:2] == ("pdf_pages_3", "pdf_pages_left_out")


def test_a_page_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    read = reads(tmp_path, "all there is").read(pdf_that_lies(900_000), PDF, "en")

    assert read.text == "all there is"
    assert "pdf_pages_left_out" in read.warnings


def test_a_pdf_without_a_word_is_for_a_person(tmp_path: Path) -> None:
    with pytest.raises(OcrError) as told:
        reads(tmp_path, "", "").read(pdf_of("", ""), PDF, "en")
    assert told.value.code == "no_text_found"


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (locked_pdf(), "pdf_locked", "password"),
        (b"%PDF-1.4 nothing", "pdf_unreadable", "damaged"),
        (b"", "pdf_unreadable", "damaged"),
        (pdf_of("cut")[:900], "pdf_unreadable", "damaged"),
    ],
    ids=["locked", "nothing", "empty", "cut short"],
)
def test_what_is_no_pdf_to_be_read_is_refused_in_plain_words(
    tmp_path: Path, content: bytes, code: str, said: str
) -> None:
    with pytest.raises(OcrError, match=said) as told:
        reads(tmp_path, "never").read(content, PDF, "en")
    assert told.value.code == code


@pytest.mark.parametrize("number", [0, 3, 21])
def test_there_is_no_page_before_the_first_or_after_the_last(number: int) -> None:
    with pytest.raises(OcrError) as told:
        draw_page(ReadingChild(), pdf_of("a", "b"), number)
    assert told.value.code == "pdf_page_missing"


def test_no_page_is_drawn_after_the_last_that_is_shown() -> None:
    longer = pdf_of(*"a" * (pdf_pages.MOST_PAGES + 1))

    assert drawn(longer, pdf_pages.MOST_PAGES)
    with pytest.raises(OcrError) as told:
        draw_page(ReadingChild(), longer, pdf_pages.MOST_PAGES + 1)
    assert told.value.code == "pdf_page_missing"


def test_a_page_is_drawn_at_a_size_to_be_read() -> None:
    assert drawn(page_of("0 0 595 842")).size == (1653, 2339)
    assert min(drawn(page_of("0 0 90 160")).size) >= pdf_child.SMALL_SIDE


@pytest.mark.parametrize("size", ["0 0 999999 999999", "0 0 1 14400", "0 0 0.001 0.001", "0 0 14400 14400"])
def test_no_page_has_more_pixels_than_it_may(size: str) -> None:
    width, height = drawn(page_of(size)).size

    assert width * height <= 1.01 * pdf_child.MOST_PIXELS
    assert max(width, height) <= pdf_child.MOST_SIDE + 1


def test_a_page_on_its_side_is_turned_as_it_says() -> None:
    width, height = drawn(page_of(more=b"/Rotate 90")).size

    assert width < height


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_a_page_that_takes_too_much_memory_is_told_and_no_other_is_harmed(monkeypatch, tmp_path) -> None:
    less = tmp_path / "bounded.py"
    source = Path(bounded.__file__).read_text(encoding="utf-8")
    less.write_text(source.replace("1_000_000_000", "60_000_000"), encoding="utf-8")
    monkeypatch.setattr(reading_child, "_BOUNDED", less)

    with pytest.raises(OcrError) as told:
        draw_page(ReadingChild(), pdf_of("a"), 1)
    assert told.value.code in ("pdf_unreadable", "image_too_large")


def test_what_a_page_takes_too_long_for_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(pdf_pages, "DRAW_SECONDS", 0.001)

    with pytest.raises(OcrInterruptedError) as late:
        draw_page(ReadingChild(), pdf_of("a"), 1)
    assert not late.value.is_closed


def test_what_stands_on_two_pages_is_looked_for_on_the_first() -> None:
    boxes = [Box(0, 3, 0.2, 0.2, 0.4, 0.3, 4), Box(5, 9, 0.1, 0.1, 0.9, 0.9, 5)]

    place = place_of(boxes, 0, 9)

    assert place is not None
    assert (place.page, place.left, place.bottom) == (4, 0.194, 0.306)
    assert place_of(boxes, 3, 5) is None


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
def test_tesseract_reads_what_is_seen_and_not_what_is_hidden() -> None:
    read = ImageReader().read(pdf_with_hidden_text("call 081-555-0143", "all is well"), PDF, "en")

    assert read.text == "call 081-555-0143"
    assert read.boxes[-1][-1] == 1
