"""Which texts can be screened."""

import re
from typing import Final

from models.errors import DocumentError

MAX_TEXT_CHARS: Final = 20_000
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def validate_text(text: object) -> str:
    """Return the text if it can be screened.

    Raises:
        DocumentError: `invalid_text`, `empty_text` or `text_too_long`.
    """
    if not isinstance(text, str):
        raise DocumentError("invalid_text", f"expected text, found {type(text).__name__}")
    if len(text) > MAX_TEXT_CHARS:
        raise DocumentError(
            "text_too_long",
            f"the text has {len(text):,} characters, at most {MAX_TEXT_CHARS:,} are read: split it",
        )
    if "\0" in text:
        raise DocumentError(
            "invalid_text", "the text holds a NUL character (U+0000): check how it was exported"
        )
    if _SURROGATE.search(text):
        raise DocumentError("invalid_text", "the text holds half a surrogate pair: check its encoding")
    if not text.strip():
        raise DocumentError("empty_text", "the text is empty")
    return text
