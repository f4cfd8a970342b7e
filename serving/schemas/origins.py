"""How reports come and where their authors wrote: codes, for these stand in the store unsealed."""

import re
from collections.abc import Collection
from typing import Final

OTHER: Final = "other"
CHANNELS: Final = (
    "hotline",
    "call",
    "sms",
    "email",
    "letter",
    "walk_in",
    "web_form",
    "chat",
    "app",
    "line",
    "facebook",
    "messenger",
    "telegram",
    "viber",
    "wechat",
    "whatsapp",
    "zalo",
    "partner",
    "police",
    "embassy",
    "bank",
    "patrol",
    "file",
    OTHER,
)
PLATFORMS: Final = (
    "facebook",
    "messenger",
    "instagram",
    "threads",
    "whatsapp",
    "line",
    "telegram",
    "tiktok",
    "douyin",
    "youtube",
    "x",
    "wechat",
    "weibo",
    "qq",
    "xiaohongshu",
    "zalo",
    "viber",
    "kakaotalk",
    "signal",
    "discord",
    "snapchat",
    "linkedin",
    "reddit",
    "bigo",
    "lemon8",
    "sms",
    "call",
    "email",
    "letter",
    "poster",
    "in_person",
    "website",
    "job_site",
    "marketplace",
    "dating_app",
    "game",
    "app",
    OTHER,
)
_BETWEEN: Final = re.compile(r"[\s_-]+")


def code_of(words: str, codes: Collection[str]) -> str:
    """Return the code that words are in any spelling: "" of none, `other` of what is no code."""
    code = _BETWEEN.sub("_", words.strip().lower())
    return code if code in codes or not code else OTHER


def words_beside(words: str, code: str) -> str | None:
    """Return words that their code does not tell, or None; they are to be sealed."""
    return words if code == OTHER and words.strip().lower() != OTHER else None
