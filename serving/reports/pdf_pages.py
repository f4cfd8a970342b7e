"""The pages of a PDF, drawn one by one in a bounded process (`pdf_child`), as they are seen."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from serving.reports.ocr_text import OcrError
from serving.reports.reading_child import ReadingChild

PDF: Final = "application/pdf"
MOST_PAGES: Final = 20
"""No others are drawn."""
DRAW_SECONDS: Final = 60
"""By the clock: it comes last and may have to wait."""
_CPU_SECONDS: Final = 30
_CHILD: Final = Path(__file__).with_name("pdf_child.py")


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page as it is seen.

    Attributes:
        pages: how many the PDF has.
    """

    png: bytes = field(repr=False)
    pages: int


def draw_page(child: ReadingChild, content: bytes, number: int) -> PdfPage:
    """Return a page of a PDF, from 1 to `MOST_PAGES`.

    Raises:
        OcrError: it cannot be drawn.
        OcrInterruptedError: it took too long, or the child was closed.
    """
    if not 1 <= number <= MOST_PAGES:
        raise OcrError("pdf_page_missing", f"page {number} of a PDF is not shown")
    written = child.run(_CHILD, [str(number)], content, seconds=DRAW_SECONDS, cpu_seconds=_CPU_SECONDS)
    head, _, png = written.partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError:  # it died: of its limits, or of the PDF
        told = None
    match told:
        case {"pages": int(pages)}:
            return PdfPage(png, pages)
        case {"error": str(code), "detail": str(detail)}:
            raise OcrError(code, detail)
    message = f"page {number} of the PDF could not be drawn within its limits: look at it with care"
    raise OcrError("pdf_unreadable", message)
