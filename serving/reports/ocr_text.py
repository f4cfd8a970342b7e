"""What was read in an image, or why nothing was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from models.errors import ScamScreenError

BETWEEN_PAGES: Final = "\n\n"


class OcrError(ScamScreenError):
    """An image cannot be read, now or later: a person must look at it.

    Attributes:
        code: `ocr_unavailable`, `ocr_language_missing`, `ocr_failed`, `image_unreadable`, `image_too_large`,
            `no_text_found`, `pdf_locked`, `pdf_unreadable` or `pdf_page_missing`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class OcrInterruptedError(ScamScreenError):
    """An image was not read to the end; it can be tried again.

    Attributes:
        is_closed: whether that is because the reader was closed.
    """

    def __init__(self, message: str, *, is_closed: bool) -> None:
        super().__init__(message)
        self.is_closed = is_closed


@dataclass(frozen=True, slots=True)
class OcrText:
    """What was read in an image.

    Attributes:
        tool: as `tesseract 5.3.0 tha+eng`.
        warnings: codes for its record.
        boxes: of words: start and end in the text, in code points; left, top, right and bottom as shares of
            the size of the upright image; of a PDF the number of the page, from 1.
    """

    text: str = field(repr=False)
    tool: str
    warnings: tuple[str, ...]
    boxes: tuple[tuple[float, ...], ...] = ()


def joined(pages: Sequence[tuple[int, OcrText]]) -> OcrText:
    """Return the text of several pages, each with its number; every box tells on which it stands."""
    text = ""
    boxes: list[tuple[float, ...]] = []
    for number, page in pages:
        text += BETWEEN_PAGES if text else ""
        at = len(text)
        text += page.text
        boxes += [(at + start, at + end, *edges, number) for start, end, *edges in page.boxes]
    tools = dict.fromkeys(page.tool for _, page in pages)
    warnings = dict.fromkeys(chain.from_iterable(page.warnings for _, page in pages))
    return OcrText(text, ", ".join(tools), tuple(warnings), tuple(boxes))
