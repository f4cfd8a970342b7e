"""Writes one self-contained page: the worst first, what each text names and shows in colour."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, TextIO

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH, PRIORITIES, Priority, Screening, ScreeningError
from models.taxonomy import ENTITY_TERMS, INDICATOR_TERMS, LABEL_TERMS, ROLE_TERMS
from serving.files.screen import ScreenedRow
from serving.files.view import Stretch, shown_text, stretches

_TERMS: Final = {
    term.code: term for terms in (LABEL_TERMS, ROLE_TERMS, INDICATOR_TERMS, ENTITY_TERMS) for term in terms
}
_PRIORITY_TH: Final[dict[Priority, str]] = {
    "urgent": "ด่วนที่สุด",
    "high": "สูง",
    "review": "ตรวจดู",
    "low": "ต่ำ",
}
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d2530; --paper: #fff; --line: #d5dbe3; --soft: #5a6675;
  --entity: #dcebff; --sign: #b25b00; --passage: #fff3cf; --card: #f7f9fb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --paper: #14181d; --line: #36404b;
  --soft: #a3afbc; --entity: #1f3f66; --sign: #ffb14d; --passage: #463a12; --card: #1b2127; } }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.7 system-ui, "Noto Sans", "Noto Sans Thai", "Leelawadee UI", "Noto Sans Lao",
  "Noto Sans Khmer", "Khmer UI", "Noto Sans Myanmar", "Myanmar Text", "Padauk", "Noto Sans CJK SC",
  "Noto Sans Devanagari", sans-serif; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.disclaimer { border-left: 4px solid var(--soft); padding-left: .8rem; color: var(--soft); }
article { border: 1px solid var(--line); border-radius: 6px; background: var(--card); padding: .6rem 1rem;
  margin: .8rem 0; }
.head, table { color: var(--soft); font-size: .9rem; } .head strong { color: var(--ink); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 2; margin: .6rem 0; }
mark { color: inherit; background: none; }
mark.passage { background: var(--passage); }
mark.entity { background: var(--entity); border-radius: 3px; padding: .1em 0; }
mark.sign { text-decoration: underline 2px var(--sign); text-underline-offset: .25em; }
table { border-collapse: collapse; } td { padding: 0 1rem 0 0; vertical-align: top; overflow-wrap: anywhere; }
@media print { article { break-inside: avoid; } }
"""


_HEAD: Final = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>ScamScreen</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>ScamScreen</h1>
<p class="disclaimer">{escape(DISCLAIMER_EN)}<br><span lang="th">{escape(DISCLAIMER_TH)}</span></p>
<p class="head"><mark class="entity">named · สิ่งที่ระบุไว้</mark> &ensp;
<mark class="sign">sign · สัญญาณ</mark> &ensp;
<mark class="passage">most influential passage · ข้อความที่มีน้ำหนักที่สุด</mark></p>
"""


class HtmlWriter:
    """Writes a page on closing; until then its rows wait by priority in temporary files."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: dict[Priority, TextIO] = {
            priority: TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed with the page)
            for priority in PRIORITIES
        }
        self._counts = dict.fromkeys(PRIORITIES, 0)

    def write(self, rows: Sequence[ScreenedRow]) -> None:
        """Take the rows."""
        for screened in rows:
            priority = screened.record.priority
            self._counts[priority] += 1
            self._waiting[priority].write(article(screened))

    def close(self) -> None:
        """Write the page."""
        with self._path.open("w", encoding="utf-8", newline="\n") as page:
            page.write(_HEAD)
            for priority in PRIORITIES:
                waiting = self._waiting[priority]
                page.write(f"<h2>{priority} · {_PRIORITY_TH[priority]}: {self._counts[priority]:,}</h2>\n")
                waiting.seek(0)
                page.writelines(waiting)
                waiting.close()
            page.write("</body>\n</html>\n")


def article(screened: ScreenedRow) -> str:
    """Return one row as an HTML article; nothing of the text can become mark-up."""
    record = screened.record
    if isinstance(record, ScreeningError):
        return (
            f'<article><p class="head"><strong>{escape(record.id)}</strong> not screened · ไม่ได้ตรวจ: '
            f"{escape(record.message)}</p></article>\n"
        )
    text = shown_text(screened.row.text, record)
    body = "".join(_marked(text[one.start : one.end], one) for one in stretches(text, record))
    return (
        f'<article><p class="head"><strong>{escape(record.id)}</strong> · {_signs(record)} · '
        f"{escape(_both(record.role))} · {escape(record.language)}</p>\n"
        f'<div class="text" lang="{escape(record.language)}" dir="auto">{body}</div>\n'
        f"{_table(record, text)}</article>\n"
    )


def _signs(record: Screening) -> str:
    flags = [f"<strong>{escape(_both(code))}</strong> {record.labels[code]:.2f}" for code in record.flags]
    flags += [
        f"context · บริบท: {escape(_both(code))} {record.labels[code]:.2f}" for code in record.context_labels
    ]
    if not flags and record.priority_reason in _TERMS:  # under its threshold, but a person must look
        flags = [f"possibly · อาจเป็น: {escape(_both(record.priority_reason))}"]
    return ", ".join(flags) or "nothing flagged · ไม่พบสัญญาณ"


def _marked(words: str, stretch: Stretch) -> str:
    classes = [
        *(["entity"] if stretch.entity else []),
        *(["sign"] if stretch.indicators else []),
        *(["passage"] if stretch.flags else []),
    ]
    if not classes:
        return escape(words)
    title = "; ".join(_both(code) for code in (stretch.entity, *stretch.indicators, *stretch.flags) if code)
    return f'<mark class="{" ".join(classes)}" title="{escape(title)}">{escape(words)}</mark>'


def _table(record: Screening, text: str) -> str:
    """Return what the text names, with normal forms; those of identity papers stay masked."""
    rows = []
    for one in record.entities:
        value = one.value if one.value and one.type != "ID_DOCUMENT" else ""
        cells = (_both(one.type), text[one.start : one.end], value, one.reason)
        rows.append(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>")
    return f"<table>{''.join(rows)}</table>\n" if rows else ""


def _both(code: str) -> str:
    """Return the English and Thai names of a code."""
    term = _TERMS[code]
    return f"{term.name} · {term.name_th}"
