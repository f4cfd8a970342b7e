"""Language tags (BCP-47), as others write them."""

from __future__ import annotations

import re
from typing import Final

_SAME_LANGUAGE: Final = {"fil": "tl", "cmn": "zh", "yue": "zh", "zsm": "ms", "in": "id"}
TAG_PATTERN: Final = r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*"


def known_tag(tag: object) -> str | None:
    """Return `primary_tag` of what may be a language tag, or None if it is none."""
    return primary_tag(tag) if isinstance(tag, str) and re.fullmatch(TAG_PATTERN, tag) else None


def primary_tag(tag: str) -> str:
    """Return the primary tag by which we know the language of a tag: zh for zh-Hant, zh_CN and cmn."""
    primary = tag.replace("_", "-").split("-")[0].strip().lower()
    return _SAME_LANGUAGE.get(primary, primary)
