"""The text of a request <-> the bytes that are kept of it, whatever stands in it.

JSON can hold half a surrogate pair, and a body can hold bytes that are not UTF-8; neither may cost a report.
The name of an encoding says how its bytes become the same text again: `utf-8:surrogateescape` is Python's
codec and its way with errors.
"""

from typing import Final

_WAYS: Final = ("strict", "surrogateescape", "surrogatepass")
"""UTF-8 as it should be; with bytes that are none; with halves of surrogate pairs."""


def body_text(body: bytes) -> str:
    """Return a body as text; bytes that are not UTF-8 become what `bytes_of` makes the same bytes of."""
    return body.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> tuple[bytes, str]:
    """Return the bytes of a text, and the name of their encoding for `text_of`."""
    for way in _WAYS:
        try:
            return text.encode("utf-8", way), "utf-8" if way == "strict" else f"utf-8:{way}"
        except UnicodeEncodeError:
            continue
    raise AssertionError("surrogatepass encodes every text")


def text_of(content: bytes, encoding: str) -> str:
    """Return the text that was received as these bytes; what is none in a declared encoding is U+FFFD."""
    codec, _, way = encoding.partition(":")
    return content.decode(codec, way or "replace")


def is_known_encoding(name: str) -> bool:
    """Whether Python reads text in an encoding of this name."""
    try:
        return isinstance(b"".decode(name), str)
    except (LookupError, ValueError):
        return False
