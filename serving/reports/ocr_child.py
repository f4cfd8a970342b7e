"""Reads the words in one image: `python bounded.py SECONDS ocr_child.py TESSERACT MEDIA_TYPE [LANGUAGE]`.

Run by `ocr.py`. A process of its own, and it imports nothing of ours: whoever sent the image wrote it for its
decoder, which must have neither our memory nor our keys. The image comes by the standard input; by the
standard output goes one JSON object, `{"text", "tool", "warnings", "boxes"}` or `{"error", "detail"}`.
Nothing is ever written to a disk.
"""

import io
import json
import re
import subprocess
import sys
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

MOST_PIXELS: Final = 50_000_000
READ_PIXELS: Final = 12_000_000
"""What has more is made smaller: Tesseract takes up to a second for a million pixels of small print."""
SMALL_SIDE: Final = 1_000
FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
DATA: Final = {
    "en": ("eng",),
    "th": ("tha",),
    "zh": ("chi_sim", "chi_tra"),
    "vi": ("vie",),
    "my": ("mya",),
    "km": ("khm",),
    "lo": ("lao",),
    "id": ("ind",),
    "ms": ("msa",),
    "tl": ("fil",),
    "ko": ("kor",),
    "hi": ("hin",),
}
"""Language -> what Tesseract calls its data; Debian's packages are named after them."""
SCRIPTS: Final = {
    "Thai": ("th", "lo"),
    "Han": ("zh",),
    "Hangul": ("ko",),
    "Korean": ("ko",),
    "Devanagari": ("hi",),
    "Latin": ("en", "vi"),
}
"""Script as Tesseract calls it -> the languages whose data hold all of its letters."""
OTHER_SCRIPTS: Final = ("my", "km", "lo", "th")
"""It knows no Burmese, Khmer or Lao letters: it takes them for Arabic, Bengali, Thai or poor Latin."""
LEAST_LATIN: Final = 15.0
_SPARSE: Final = "11"
"""Lines wherever they stand, as in a chat or on a poster; in blocks, Burmese is not read at all."""
_TEXT_AND_TABLE: Final = ("-c", "tessedit_create_txt=1", "-c", "tessedit_create_tsv=1")
_ROW: Final = re.compile(r"[1-5](\t-?\d+){9}\t-?[\d.]+\t|level\tpage_num\t")
"""A line of Tesseract's table of words, or its head; words themselves hold no tabs."""
_PAGE, _WORD = "1", "5"  # levels of the table
_LOOKED_THROUGH: Final = 200
_PAPER: Final = "white"
_ENGLISH: Final = "eng"


class ReadingError(Exception):
    """An image cannot be read; `code` says why, the message what a person is told."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Choice:
    """Which data Tesseract is to read with, and what it would have needed beside them."""

    data: tuple[str, ...]
    missing: tuple[str, ...]


def main(arguments: list[str]) -> None:
    """Read the image of the standard input and write what was found."""
    program, media_type, *language = arguments
    try:
        answer = read(sys.stdin.buffer.read(), media_type, program, language[0] if language else "")
    except ReadingError as error:
        answer = {"error": error.code, "detail": str(error)}
    except MemoryError:
        answer = {"error": "image_too_large", "detail": "the image takes more memory than it may: look at it"}
    sys.stdout.write(json.dumps(answer))


def read(content: bytes, media_type: str, program: str, language: str) -> dict[str, object]:
    """Return the text in an image, the tool that read it and warnings.

    Args:
        content: of the image.
        media_type: what it was sent as; an image of another kind is refused.
        program: Tesseract.
        language: BCP-47 primary tag, or "".

    Raises:
        ReadingError: it is not to be read.
    """
    page = page_of(content, media_type)
    there = installed(program)
    choice = choose(language, _script_of(page, program) if "osd" in there else "", there)
    names = "+".join(choice.data)
    lines = _run(program, page, "-l", names, "--psm", _SPARSE, *_TEXT_AND_TABLE).splitlines()
    text = "\n".join(line for line in lines if line.strip() and not _ROW.match(line))
    if not text:
        raise ReadingError("no_text_found", f"no text was found in the image ({names}): look at it")
    version = _run(program, b"", "--version").split("\n", 1)[0].strip()
    return {
        "text": text,
        "tool": f"{version} {names}",
        "warnings": [
            *([] if language else ["ocr_language_guessed"]),
            *(f"ocr_without_{name}" for name in choice.missing),
        ],
        "boxes": word_boxes([line for line in lines if _ROW.match(line)], text),
    }


def word_boxes(rows: list[str], text: str) -> list[list[float]]:
    """Return of each word of a table that is found again in the text where it stands in both.

    Args:
        rows: of Tesseract's table, in reading order.
        text: of the same words in the same order.

    Returns:
        Start and end in code points; left, top, right and bottom as shares of the upright page's size.
    """
    boxes = []
    wide = high = done = 0
    for row in rows:
        level, *numbers, word = row.split("\t")
        if level not in {_PAGE, _WORD}:
            continue
        left, top, width, height = map(int, numbers[5:9])
        if level == _PAGE:
            wide, high = width, height
            continue
        at = text.find(word, done, done + _LOOKED_THROUGH + len(word)) if word.strip() else -1
        if at < 0 or not wide or not high:
            continue
        done = at + len(word)
        edges = left / wide, top / high, (left + width) / wide, (top + height) / high
        boxes.append([at, done, *(round(edge, 4) for edge in edges)])
    return boxes


def page_of(content: bytes, media_type: str) -> bytes:
    """Return an image upright, in grey on white, of a size to be read, as PNG.

    Raises:
        ReadingError: it is not what it was sent as, is damaged, or has too many pixels.
    """
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=(FORMATS[media_type],)) as image:
                page = _prepared(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        message = f"the image has over {MOST_PIXELS:,} pixels: look at it with care"
        raise ReadingError("image_too_large", message) from None
    except MemoryError:
        raise
    except Exception:  # a decoder fails in ways of its own, and a damaged image is for a person
        message = f"the image is damaged, or not {media_type}: look at it with care"
        raise ReadingError("image_unreadable", message) from None
    written = io.BytesIO()
    page.save(written, "PNG", compress_level=1)
    return written.getvalue()


def choose(language: str, script: str, installed: frozenset[str]) -> Choice:
    """Return the data to read with: of the language told, of the script seen, and English; else all.

    Args:
        language: BCP-47 primary tag, or "".
        script: as Tesseract calls it, or "".
        installed: data there are.

    Raises:
        ReadingError: those of the language told, or all of the script seen, are not installed.
    """
    of_script = SCRIPTS.get(script, OTHER_SCRIPTS) if script else ()
    known = dict.fromkeys(code for code in (language, *of_script) if code in DATA)
    wanted = dict.fromkeys(name for code in known or DATA for name in DATA[code])
    data = tuple(name for name in wanted if name in installed)
    missing = tuple(name for name in wanted if name not in installed)
    of_told = set(DATA.get(language, ()))
    if not data or (of_told and not of_told & set(data)):
        packages = " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in missing)
        raise ReadingError(
            "ocr_language_missing", f"Tesseract has no data to read this image: install {packages}"
        )
    english = (_ENGLISH,) if _ENGLISH in installed and _ENGLISH not in data else ()
    return Choice(data + english, missing)


def _prepared(image: Image.Image) -> Image.Image:
    if image.format == "JPEG":
        image.draft("L", _fitting(image.size))
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        ground = Image.new("RGBA", upright.size, _PAPER)
        upright = Image.alpha_composite(ground, upright.convert("RGBA"))
    grey = upright.convert("L")
    if min(grey.size) < SMALL_SIDE and 4 * grey.width * grey.height <= READ_PIXELS:
        return grey.resize((2 * grey.width, 2 * grey.height), Image.Resampling.BICUBIC)
    size = _fitting(grey.size)
    return grey if size == grey.size else grey.resize(size, Image.Resampling.LANCZOS)


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """Return a size of the same shape with at most `READ_PIXELS`."""
    width, height = size
    share = min(1.0, (READ_PIXELS / max(width * height, 1)) ** 0.5)
    return max(1, int(width * share)), max(1, int(height * share))


def installed(program: str) -> frozenset[str]:
    """Return the names of the data that Tesseract has.

    Raises:
        ReadingError: it cannot be run.
    """
    return frozenset(_run(program, b"", "--list-langs").split("\n")[1:])


def _script_of(page: bytes, program: str) -> str:
    """Return the script of a page as Tesseract calls it, or "" where it sees none."""
    try:
        told = _run(program, page, "--psm", "0", "-l", "osd")
    except ReadingError:  # too few letters to tell
        return ""
    found = re.search(r"^Script: (\w+)\s+Script confidence: ([0-9.]+)", told, re.MULTILINE)
    if found is None:
        return ""
    script, confidence = found[1], float(found[2])
    return "unsure" if script == "Latin" and confidence < LEAST_LATIN else script


def _run(program: str, page: bytes, *options: str) -> str:
    """Return what Tesseract says of a page.

    Raises:
        ReadingError: it fails.
    """
    files = ("stdin", "stdout") if page else ()
    try:
        done = subprocess.run(  # noqa: S603 (no shell; what is untrusted goes by the standard input)
            [program, *files, *options], input=page, capture_output=True, check=True
        )
    except OSError:
        raise ReadingError("ocr_unavailable", "Tesseract cannot be run: install tesseract-ocr") from None
    except subprocess.CalledProcessError:
        raise ReadingError("ocr_failed", "Tesseract could not read the image: look at it") from None
    return done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
