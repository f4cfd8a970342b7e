"""Rules about the mark-up of web pages and forums around the words: tags, and characters written as names."""

from __future__ import annotations

import html
import re
from typing import Final

from models.text.edits import Stage, substitute

_LINE = "br|p|div|li|ul|ol|tr|table|h[1-6]|hr|blockquote"
_INLINE = (
    "a|abbr|b|big|body|center|code|em|font|form|head|html|i|img|input|link|meta|pre|s|script|small|span|strike|strong"
    "|style|sub|sup|tbody|td|th|thead|title|u"
)
_TAG = re.compile(
    f"</?(?:(?P<line>{_LINE})|{_INLINE})(?:\\s[^<>=]{{1,40}}=[^<>]{{0,400}})?\\s?/?>", re.IGNORECASE
)
_FORUM_TAG = re.compile(
    "\\[/?(?:b|i|u|s|url|img|quote|center|color|size|list)(?:=[^\\[\\]\\s]{0,80})?\\]", re.IGNORECASE
)
_ENTITY = re.compile("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")


def _tag(match: re.Match[str]) -> str:
    return "\n" if match["line"] else ""


def _character(match: re.Match[str]) -> str:
    """The character of `&nbsp;` or `&#3585;`; names nobody defined, and what no text holds, stay."""
    plain = html.unescape(match.group())
    return plain if len(plain) == 1 and (plain.isprintable() or plain == "\u00a0") else match.group()


MARKUP: Final = Stage(
    needs=re.compile("[<&\\[]"),
    rules=(substitute(_TAG, _tag), substitute(_FORUM_TAG, lambda _: ""), substitute(_ENTITY, _character)),
)
