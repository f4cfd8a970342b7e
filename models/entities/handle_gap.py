"""What may stand between a platform's name and an account of it, and what is no account.

Words: `handle.toml`.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from models.entities.handle_names import ASCII_NAMES
from models.entities.words import LATIN, any_of, is_latin

DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("handle.toml").read_text("utf-8"))
STOP: Final = frozenset(DATA["stop"]["words"]) | ASCII_NAMES
"""Words that are no handles."""


def words_pattern(words: Iterable[str]) -> str:
    """Return a pattern of words, those of Latin letters as whole words, the others anywhere."""
    words = list(words)
    latin = any_of(word for word in words if is_latin(word[0]))
    other = any_of(word for word in words if not is_latin(word[0]))
    return f"(?<![{LATIN}0-9_.])(?:{latin})(?![{LATIN}0-9_.-])|{other}"


SEPARATORS: Final = (
    " \\t\\n:;：；=＝>→➡⇒👉📲💬🆔➤▶៖~～\"'“”‘’「『【《〈<〔［(（\\[/,，、|•·*"
    "\ufe0f\u200b\\-–—\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
)
_ID_LETTER: Final = "(?<=[\\u0e00-\\u9fff가-힣])d(?![A-Za-z0-9_.-])"
"""What is left of ID after a name in another script: 賴D, 라인D."""
ID_WORDS: Final = (
    words_pattern([*DATA["connectors"]["ids"], *DATA["connectors"]["called"]]) + f"|{_ID_LETTER}"
)
FILLERS: Final = words_pattern(DATA["connectors"]["fillers"])
GAP: Final = re.compile(
    f"(?:[{SEPARATORS}]{{1,3}}|[.]{{2,4}}|…|{ID_WORDS}|{FILLERS}){{0,7}}",
    re.IGNORECASE,
)
BETWEEN: Final = f"(?:[{SEPARATORS}]{{1,3}}|{FILLERS}){{0,3}}"
VERBS: Final = words_pattern(DATA["connectors"]["verbs"])
ID_WORD: Final = re.compile(ID_WORDS, re.IGNORECASE)
CALLED: Final = re.compile(words_pattern(DATA["connectors"]["called"]), re.IGNORECASE)
COLON: Final = re.compile("[:;：；=＝→➡⇒👉📲🆔➤▶៖]")
DOMAIN: Final = re.compile(
    r"(?i)\.(?:com|net|org|info|xyz|example|test|invalid|co\.th|in\.th|com\.[a-z]{2}|co\.[a-z]{2}|apk|pdf|jpg|png|exe)$"
)
QUANTITY: Final = re.compile(
    r"(?i)[\d.,-]+(?:h|hr|hrs|hours?|k|m|am|pm|pcs|kg|rb|ribu|jt|juta|tr|usd|usdt|u|thb|baht|x|g|gb|mb|st|nd|rd|th|d|days?"
    r"|mins?|s|cm|mm|km|ml|l|cc|w|v|in|ft|rm|php|mmk|ks|kyats?|yrs?|bath|won|yen)?(?:[-/].*)?$"
)
