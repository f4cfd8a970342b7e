"""Draws one page of a PDF: `python bounded.py SECONDS pdf_child.py NUMBER`, run by `pdf_pages.py`.

As `ocr_child.py`, a process of its own that imports nothing of ours: whoever sent the PDF wrote it for its
renderer. The PDF comes by the standard input; by the standard output goes a line of JSON, `{"pages"}` or
`{"error", "detail"}`, and after the first the page as PNG. Nothing is ever written to a disk.
"""

import json
import sys
from io import BytesIO
from typing import Final

import pypdfium2
from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

DPI: Final = 200
POINTS_PER_INCH: Final = 72
SMALL_SIDE: Final = 1_200
"""Pixels that the shorter side has at least: photographs are often put on pages of a few points."""
MOST_PIXELS: Final = 12_000_000
MOST_SIDE: Final = 12_000
_LOCKED: Final = (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY)


class DrawingError(Exception):
    """A page cannot be drawn; `code` says why, the message what a person is told."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def main(arguments: list[str]) -> None:
    """Draw a page of the PDF of the standard input."""
    content, number = sys.stdin.buffer.read(), int(arguments[0])
    head: dict[str, object]
    png = b""
    try:
        pages, png = draw(content, number)
        head = {"pages": pages}
    except DrawingError as error:
        head = {"error": error.code, "detail": str(error)}
    except MemoryError:
        head = {"error": "image_too_large", "detail": "the page takes more memory than it may: look at it"}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + png)
    sys.stdout.buffer.flush()


def draw(content: bytes, number: int) -> tuple[int, bytes]:
    """Return how many pages a PDF has, and one as it is seen, as PNG.

    Args:
        content: of the PDF.
        number: of the page, from 1.

    Raises:
        DrawingError: it needs a password, is damaged or none, or has no such page.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code in _LOCKED:
            message = "the PDF is locked by a password: ask for it without one, or for images"
            raise DrawingError("pdf_locked", message) from None
        message = "the PDF is damaged, or none: look at it with care"
        raise DrawingError("pdf_unreadable", message) from None
    pages = len(document)
    if not 1 <= number <= pages:
        raise DrawingError("pdf_page_missing", f"the PDF has no page {number}")
    try:
        document.init_forms()  # what was filled in is seen too
        page = document[number - 1]
        drawn = page.render(scale=scale_of(*page.get_size()), rev_byteorder=True).to_pil()
    except (pypdfium2.PdfiumError, ValueError):
        message = f"page {number} of the PDF is damaged: look at it with care"
        raise DrawingError("pdf_unreadable", message) from None
    written = BytesIO()
    drawn.save(written, "PNG", compress_level=1)
    return pages, written.getvalue()


def scale_of(width: float, height: float) -> float:
    """Return how many pixels a point of a page becomes: `DPI`, more on a small page, fewer on a huge one."""
    shorter, longer = sorted((max(width, 1.0), max(height, 1.0)))
    wanted = max(DPI / POINTS_PER_INCH, SMALL_SIDE / shorter)
    return float(min(wanted, (MOST_PIXELS / (shorter * longer)) ** 0.5, MOST_SIDE / longer))


if __name__ == "__main__":
    main(sys.argv[1:])
