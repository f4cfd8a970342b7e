"""Images are read in a process that can do little, and what it cannot read is told."""

import io
import json
import os
import shutil
import struct
import threading
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from serving.reports import bounded, ocr, ocr_child
from serving.reports.ocr import ImageReader, OcrError, OcrInterruptedError
from tests.test_serving.fake_tesseract import write_tesseract

EVERYTHING = frozenset({"osd", *(name for names in ocr_child.DATA.values() for name in names)})


def drawn(words: str = "help me", image_format: str = "PNG", mode: str = "RGB", size=(600, 120)) -> bytes:
    image = Image.new(mode, size, "white" if mode != "RGBA" else (0, 0, 0, 0))
    ImageDraw.Draw(image).text((20, 30), words, fill="black", font=ImageFont.load_default(size=40))
    return encoded(image, image_format)


def encoded(image: Image.Image, image_format: str = "PNG", **options) -> bytes:
    written = io.BytesIO()
    image.save(written, image_format, **options)
    return written.getvalue()


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a hundred bytes that says it has width x height pixels."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 64)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def page(content: bytes, media_type: str = "image/png") -> Image.Image:
    return Image.open(io.BytesIO(ocr_child.page_of(content, media_type)))


@pytest.mark.parametrize(
    ("media_type", "image_format"), [("image/png", "PNG"), ("image/jpeg", "JPEG"), ("image/webp", "WEBP")]
)
def test_each_kind_of_image_becomes_a_grey_page(media_type: str, image_format: str) -> None:
    assert page(drawn(image_format=image_format), media_type).mode == "L"


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (drawn(image_format="JPEG"), "image/png", "image_unreadable"),
        (drawn(image_format="GIF"), "image/png", "image_unreadable"),
        (drawn()[:-200], "image/png", "image_unreadable"),
        (b"", "image/webp", "image_unreadable"),
        (b"<svg onload='alert(1)'/>", "image/png", "image_unreadable"),
        (bomb(50_000, 50_000), "image/png", "image_too_large"),
        (bomb(8_000, 8_000), "image/png", "image_too_large"),
    ],
    ids=["jpeg as png", "gif as png", "cut short", "empty", "no image", "bomb", "large"],
)
def test_what_is_no_image_to_be_read_is_refused(content: bytes, media_type: str, code: str) -> None:
    with pytest.raises(ocr_child.ReadingError) as refused:
        ocr_child.page_of(content, media_type)
    assert refused.value.code == code


def test_black_words_on_nothing_are_black_on_white() -> None:
    found = page(drawn(mode="RGBA"))

    assert found.getpixel((0, 0)) == 255
    assert min(found.get_flattened_data()) < 50


def test_a_page_photographed_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(Image.new("RGB", (1200, 2000), "white"), "JPEG", exif=exif)

    assert page(content, "image/jpeg").size == (2000, 1200)


def test_small_print_is_made_larger_and_a_huge_page_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    assert page(drawn(size=(300, 60))).size == (600, 120)

    monkeypatch.setattr(ocr_child, "READ_PIXELS", 1_000_000)
    assert page(drawn(size=(2000, 1100))).size == (1348, 741)


@pytest.mark.parametrize(
    ("language", "script", "installed", "data", "missing"),
    [
        ("th", "", EVERYTHING, ("tha", "eng"), ()),
        ("th", "Korean", EVERYTHING, ("tha", "kor", "eng"), ()),
        ("", "Arabic", EVERYTHING, ("mya", "khm", "lao", "tha", "eng"), ()),
        ("", "Thai", {"tha", "eng"}, ("tha", "eng"), ("lao",)),
        ("", "Han", EVERYTHING, ("chi_sim", "chi_tra", "eng"), ()),
        ("", "Latin", {"eng"}, ("eng",), ("vie",)),
        ("zh", "", {"chi_sim", "eng"}, ("chi_sim", "eng"), ("chi_tra",)),
        ("de", "", {"eng"}, ("eng",), None),
        ("", "", {"eng", "tha"}, ("eng", "tha"), None),
    ],
)
def test_it_reads_with_the_language_told_the_script_seen_and_english(
    language: str, script: str, installed, data: tuple[str, ...], missing: tuple[str, ...] | None
) -> None:
    choice = ocr_child.choose(language, script, frozenset(installed))

    assert choice.data == data
    assert missing is None or choice.missing == missing


@pytest.mark.parametrize(
    ("language", "script", "package"),
    [
        ("my", "", "tesseract-ocr-mya"),
        ("", "Devanagari", "tesseract-ocr-hin"),
        ("zh", "", "tesseract-ocr-chi-sim"),
    ],
)
def test_a_language_that_is_not_installed_is_named(language: str, script: str, package: str) -> None:
    with pytest.raises(ocr_child.ReadingError, match=package) as refused:
        ocr_child.choose(language, script, frozenset({"osd", "vie"}))
    assert refused.value.code == "ocr_language_missing"


def test_what_was_read_comes_with_its_tool_and_what_was_missing(tmp_path: Path) -> None:
    program = write_tesseract(tmp_path, "ช่วยด้วย\n\f", data=("eng", "tha"))

    found = ImageReader(str(program)).read(drawn(), "image/png")

    assert found.text == "ช่วยด้วย"
    assert found.tool == "tesseract 5.3.0 eng+tha"
    assert "ocr_without_mya" in found.warnings


def test_the_script_that_is_seen_chooses_the_language(tmp_path: Path) -> None:
    program = write_tesseract(tmp_path, "도와주세요", data=("eng", "kor", "osd"), script="Korean")

    found = ImageReader(str(program)).read(drawn(), "image/png")

    assert (found.tool, found.warnings) == ("tesseract 5.3.0 kor+eng", ("ocr_language_guessed",))


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_whoever_reads_comes_last_and_has_neither_our_keys_nor_a_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCAMSCREEN_STORE_KEY_FILE", "/zqxsecret")
    facts = "import resource as r; told = (os.nice(0), 'SCAMSCREEN_STORE_KEY_FILE' in os.environ, "
    facts += "os.environ['OMP_THREAD_LIMIT'], r.getrlimit(r.RLIMIT_FSIZE)[1], r.getrlimit(r.RLIMIT_CORE)[1])"
    program = write_tesseract(tmp_path, "", then=f"{facts}; sys.stdout.write(repr(told)); sys.stdout.flush()")

    found = ImageReader(str(program)).read(drawn(), "image/png")

    niceness = min(os.nice(0) + bounded.NICENESS, 19)
    assert found.text == str((niceness, False, "1", 0, 0))


@pytest.mark.parametrize(
    ("text", "then", "code"),
    [
        ("", "pass", "no_text_found"),
        ("", "sys.exit(1)", "ocr_failed"),
        ("", "bytearray(2_000_000_000)", "ocr_failed"),
        ("", "os.kill(os.getppid(), 9)", "ocr_failed"),
    ],
)
def test_an_image_that_cannot_be_read_is_for_a_person(
    tmp_path: Path, text: str, then: str, code: str
) -> None:
    with pytest.raises(OcrError) as told:
        ImageReader(str(write_tesseract(tmp_path, text, then=then))).read(drawn(), "image/png")
    assert told.value.code == code


def test_without_tesseract_it_is_said_what_to_install() -> None:
    with pytest.raises(OcrError, match="install tesseract-ocr") as told:
        ImageReader("no-such-program").read(drawn(), "image/png")
    assert told.value.code == "ocr_unavailable"


def slow(folder: Path) -> Path:
    """Write a program that never answers, and notes its process."""
    return write_tesseract(
        folder,
        "",
        then="os.symlink(str(os.getpid()), 'PID'); time.sleep(600)".replace("PID", str(folder / "pid")),
    )


def is_gone(folder: Path) -> bool:
    pid = int((folder / "pid").readlink().name)
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_an_image_that_takes_too_long_is_given_up_with_all_that_read_it(tmp_path: Path) -> None:
    with pytest.raises(OcrInterruptedError) as late:
        ImageReader(str(slow(tmp_path)), seconds=3).read(drawn(), "image/png")
    assert not late.value.is_closed
    assert is_gone(tmp_path)


def test_closing_does_not_wait_for_an_image(tmp_path: Path) -> None:
    reader = ImageReader(str(slow(tmp_path)))
    raised = []

    def read() -> None:
        try:
            reader.read(drawn(), "image/png")
        except OcrInterruptedError as error:
            raised.append(error.is_closed)

    thread = threading.Thread(target=read)
    thread.start()
    while not (tmp_path / "pid").is_symlink():
        time.sleep(0.02)
    reader.close()
    thread.join(10)

    assert raised == [True]
    assert is_gone(tmp_path)
    with pytest.raises(OcrInterruptedError):
        reader.read(drawn(), "image/png")


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
def test_tesseract_reads_words_and_a_number() -> None:
    found = ImageReader().read(drawn("call 081-555-0143 now", size=(700, 120)), "image/png", "en")

    assert found.text == "call 081-555-0143 now"
    assert found.tool.startswith("tesseract ")


TABLE = """level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t200\t100\t-1\t
4\t1\t1\t1\t1\t0\t20\t10\t120\t20\t-1\t
5\t1\t1\t1\t1\t1\t20\t10\t40\t20\t96.5\tโทร
5\t1\t1\t1\t1\t2\t80\t10\t60\t20\t91.1\t081
5\t1\t1\t1\t2\t1\t20\t50\t60\t20\t33.1\t???
5\t1\t1\t1\t2\t2\t100\t50\t60\t20\t88.0\t081"""


def test_words_are_found_again_in_the_text_each_once_with_its_place() -> None:
    boxes = ocr_child.word_boxes(TABLE.split("\n"), "โทร 081\nor 081")

    assert boxes == [
        [0, 3, 0.1, 0.1, 0.3, 0.3],
        [4, 7, 0.4, 0.1, 0.7, 0.3],
        [11, 14, 0.5, 0.5, 0.8, 0.7],
    ]


@pytest.mark.parametrize("order", ["table first", "text first"])
def test_the_table_of_words_is_no_part_of_the_text(tmp_path: Path, order: str) -> None:
    parts = [TABLE, "โทร 081\n\nor 081"]
    if order == "text first":
        parts.reverse()
    reader = ImageReader(str(write_tesseract(tmp_path, "\n".join(parts))))

    read = reader.read(drawn(), "image/png", "en")

    assert read.text == "โทร 081\nor 081"
    assert len(read.boxes) == 3


def test_boxes_that_can_be_none_are_left_out() -> None:
    good = [0, 2, 0.1, 0.1, 0.3, 0.3]
    bad = [[0, 3, 0, 0, 1, 1], [1, 1, 0, 0, 1, 1], [0, 2, 0, 0, 1, 7], ["a", 2, 0, 0, 1, 1], [0, 2], "box"]
    answer = {"text": "ab", "tool": "t", "warnings": [], "boxes": [good, *bad]}

    assert ocr._answer(json.dumps(answer).encode()).boxes == (tuple(good),)
