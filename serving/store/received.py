"""The text of a request <-> the bytes that are kept of it, whatever stands in it.

JSON can hold half a surrogate pair, and a body can hold bytes that are not UTF-8; neither may cost a report.
The name of an encoding says how its bytes become the same text again: `utf-8:surrogateescape` is Python's
codec and its way with errors.
"""

import codecs
import encodings
from encodings import normalize_encoding
from encodings.aliases import aliases
from pkgutil import iter_modules
from typing import Final

_WAYS: Final = ("strict", "surrogateescape", "surrogatepass")
"""UTF-8 as it should be; with bytes that are none; with halves of surrogate pairs."""

_NO_ENCODINGS: Final = {
    "_win_cp_codecs",
    "aliases",
    "base64_codec",
    "bz2_codec",
    "charmap",
    "hex_codec",
    "idna",
    "mbcs",
    "oem",
    "punycode",  # takes a minute for a megabyte
    "quopri_codec",
    "raw_unicode_escape",
    "rot_13",
    "undefined",
    "unicode_escape",
    "uu_codec",
    "zlib_codec",
}
_ENCODINGS: Final = {module.name for module in iter_modules(encodings.__path__)} - _NO_ENCODINGS


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


def known_encoding(name: str) -> str:
    """Return Python's name of an encoding of texts, "" of what is none.

    Asked here and not of Python, which remembers every name that it was ever asked for.
    """
    spelt = normalize_encoding(name).lower()
    module = aliases.get(spelt, spelt)
    return codecs.lookup(module).name if module in _ENCODINGS else ""
