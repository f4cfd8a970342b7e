"""An image -> the words in it, read by Tesseract in a bounded process that comes last (`ocr_child`).

Of a PDF the pages are read as they are seen. What else it says of its text is passed over: it may show one
thing and say another, and of Thai it often says letters that nobody can read.
"""

import json
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any, Final

from serving.reports.ocr_text import OcrError, OcrInterruptedError, OcrText, joined
from serving.reports.pdf_pages import MOST_PAGES, PDF, draw_page
from serving.reports.reading_child import ReadingChild

READ_SECONDS: Final = 240
"""By the clock: it comes last and may have to wait."""
_CPU_SECONDS: Final = 90
PDF_SECONDS: Final = 480
"""After which no further page of a PDF is begun: other images wait behind it."""
PAGES_LEFT_OUT: Final = "pdf_pages_left_out"
_PAGES: Final = "pdf_pages_"
_PNG: Final = "image/png"
_NO_TEXT: Final = "no_text_found"
_CHILD: Final = Path(__file__).with_name("ocr_child.py")
_BOX_NUMBERS: Final = 6


class ImageReader:
    """Reads one image at a time."""

    def __init__(self, program: str = "tesseract", *, seconds: float = READ_SECONDS) -> None:
        """Read with a program, for so many seconds an image at most."""
        self._program, self._seconds = program, seconds
        self._child = ReadingChild()

    def read(self, content: bytes, media_type: str, language: str = "") -> OcrText:
        """Return the words in an image, or on the pages of a PDF.

        Args:
            content: of the image.
            media_type: what it was sent as.
            language: BCP-47 primary tag, if known.

        Raises:
            OcrError: it cannot be read.
            OcrInterruptedError: it took too long, or the reader was closed.
        """
        program = shutil.which(self._program)
        if program is None:
            raise OcrError("ocr_unavailable", "Tesseract is not installed: install tesseract-ocr")
        if media_type == PDF:
            return self._read_pages(program, content, language)
        return self._read_image(program, content, media_type, language)

    def close(self) -> None:
        """Read nothing more; what is being read is given up."""
        self._child.close()

    def _read_image(self, program: str, content: bytes, media_type: str, language: str) -> OcrText:
        asked = [program, media_type, language]
        return _answer(
            self._child.run(_CHILD, asked, content, seconds=self._seconds, cpu_seconds=_CPU_SECONDS)
        )

    def _read_pages(self, program: str, content: bytes, language: str) -> OcrText:
        """Return the words on the pages of a PDF; of a page that cannot be read, none.

        Raises:
            OcrError: no page can be read.
        """
        late = time.monotonic() + PDF_SECONDS
        read: list[tuple[int, OcrText]] = []
        errors: list[OcrError] = []
        pages = 1
        for number in count(1):
            if number > min(pages, MOST_PAGES) or time.monotonic() > late:
                break
            try:
                page = draw_page(self._child, content, number)
                pages = page.pages
                read.append((number, self._read_image(program, page.png, _PNG, language)))
            except OcrError as error:
                errors.append(error)
            except OcrInterruptedError as error:
                if error.is_closed or not read:
                    raise
        if not read:
            raise next((error for error in errors if error.code != _NO_TEXT), errors[0])
        return _of_pages(read, pages, blank=sum(error.code == _NO_TEXT for error in errors))


def pages_told(warnings: Iterable[str]) -> int:
    """Return how many pages a PDF has, as the warnings of its record tell; 0 where none does."""
    told = (one.removeprefix(_PAGES) for one in warnings if one.startswith(_PAGES))
    return next((int(number) for number in told if number.isdecimal()), 0)


def _of_pages(read: Sequence[tuple[int, OcrText]], pages: int, *, blank: int) -> OcrText:
    """Return the text of a PDF with what is to be told of it: its pages, and whether some were left out."""
    whole = joined(read)
    told = [f"{_PAGES}{pages}", *([PAGES_LEFT_OUT] if len(read) + blank < pages else [])]
    tool = f"pypdfium2 {version('pypdfium2')}, {whole.tool}"
    return replace(whole, tool=tool, warnings=(*told, *whole.warnings))


def _answer(written: bytes) -> OcrText:
    try:
        answer = json.loads(written)
    except ValueError:  # it died: of its limits, or of the image
        raise OcrError("ocr_failed", "the image could not be read within its limits: look at it") from None
    if "error" in answer:
        raise OcrError(answer["error"], answer["detail"])
    return OcrText(answer["text"], answer["tool"], tuple(answer["warnings"]), _boxes(answer))


def _boxes(answer: dict[str, Any]) -> tuple[tuple[float, ...], ...]:
    """Return the boxes of an answer, those that can be some: whoever sent the image may have written them."""
    most = len(answer["text"])
    boxes = (box for box in answer.get("boxes", ()) if isinstance(box, list) and len(box) == _BOX_NUMBERS)
    return tuple(
        tuple(box)
        for box in boxes
        if all(isinstance(one, int | float) for one in box)
        and 0 <= box[0] < box[1] <= most
        and all(0 <= edge <= 1 for edge in box[2:])
    )
