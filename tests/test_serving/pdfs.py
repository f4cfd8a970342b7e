"""PDFs of tests: of images, and written by hand where no library writes what somebody might send."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_LOCK = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -44>>/ID[<00><00>]" % (b"11" * 32, b"22" * 32)


def pdf_of(*pages: str) -> bytes:
    """Return a PDF with an image on each page, on which words are drawn; "" of an empty one."""
    drawn = [_drawn(words) for words in pages]
    written = io.BytesIO()
    drawn[0].save(written, "PDF", resolution=100, save_all=True, append_images=drawn[1:])
    return written.getvalue()


def page_of(size: str = "0 0 200 100", *, more: bytes = b"", trailer: bytes = b"") -> bytes:
    """Return a PDF with an empty page of a size in points."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]%s>>" % (size.encode(), more)
    return _pdf([CATALOGUE, ONE_PAGE, page], trailer)


def locked_pdf() -> bytes:
    """Return a PDF that nobody opens without its password."""
    return page_of(trailer=_LOCK)


def pdf_that_lies(count: int) -> bytes:
    """Return a PDF that says it has more pages than it has: one."""
    pages = b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count
    return _pdf([CATALOGUE, pages, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>"])


def pdf_with_hidden_text(shown: str, hidden: str) -> bytes:
    """Return a PDF whose page shows one thing and holds another in letters that nobody sees."""
    font = b"<</Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    drawing = b"BT /F 24 Tf 20 60 Td (%s) Tj ET BT 3 Tr /F 24 Tf 20 20 Td (%s) Tj ET"
    content = drawing % (shown.encode(), hidden.encode())
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 100]/Resources%s/Contents 4 0 R>>" % font
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    return _pdf([CATALOGUE, ONE_PAGE, page, stream])


def _drawn(words: str) -> Image.Image:
    image = Image.new("RGB", (800, 300), "white")
    ImageDraw.Draw(image).text((20, 100), words, fill="black", font=ImageFont.load_default(size=40))
    return image


def _pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(written))
    )
