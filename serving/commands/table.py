"""Screened rows as a table on a terminal, with the words that raised a flag visible in the text."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH, Priority, Screening, ScreeningError
from serving.files.screen import ScreenedRow
from serving.files.view import shown_text
from serving.terminal import visible

EXCERPT_CHARS = 400
_BEFORE_EVIDENCE_CHARS = 120
_EVIDENCE_STYLE = "bold underline"
_ENTITY_STYLE = "cyan"
_PRIORITY_STYLES: dict[Priority, str] = {
    "urgent": "bold white on red",
    "high": "bold red",
    "review": "yellow",
    "low": "green",
}


class TableWriter:
    """Prints one table a chunk, so that memory stays flat, and the disclaimer under the last."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, rows: Sequence[ScreenedRow]) -> None:
        """Print the rows."""
        table = Table(box=box.HORIZONTALS, show_lines=True, expand=True)
        table.add_column("Row", overflow="fold", max_width=12)
        table.add_column("Priority", min_width=8)
        table.add_column("Signs of", max_width=18)
        table.add_column("Top probability", max_width=12)
        table.add_column("Lang.", min_width=5)
        table.add_column("Text", overflow="fold", ratio=1)
        for screened in rows:
            table.add_row(*_cells(screened))
        self._console.print(table)

    def close(self) -> None:
        """Print the disclaimer."""
        self._console.print(Text(DISCLAIMER_EN))
        self._console.print(Text(DISCLAIMER_TH))


def _cells(screened: ScreenedRow) -> list[Text]:
    record = screened.record
    identity = Text(visible(record.id))
    priority = Text(record.priority, style=_PRIORITY_STYLES[record.priority])
    if isinstance(record, ScreeningError):
        return [
            identity,
            priority,
            Text(f"not screened ({record.code})"),
            Text(""),
            Text(""),
            Text(visible(record.message)),
        ]
    return [
        identity,
        priority,
        Text(signs(record)),
        Text(top_probability(record)),
        Text(record.language),
        excerpt(screened.row.text, record),
    ]


def signs(record: Screening) -> str:
    """Return the flags in plain words; what a person at risk may have been made to do is called context."""
    lines = [_plain(code, record) for code in record.flags]
    lines += [f"context: {_plain(code, record)}" for code in record.context_labels]
    return "\n".join(lines) or "nothing flagged"


def top_probability(record: Screening) -> str:
    """Return the largest probability of any label; the label is named unless it is the only flag."""
    code = max(record.labels, key=lambda label: record.labels[label])
    proba = f"{record.labels[code]:.2f}"
    return proba if record.flags == (code,) else f"{proba} {_words(code)}"


def excerpt(text: str, record: Screening) -> Text:
    """Return the part of a text around the first evidence: evidence bold and underlined, entities in cyan."""
    first = min((one.start for one in record.evidence), default=0)
    start = max(0, first - _BEFORE_EVIDENCE_CHARS) if len(text) > EXCERPT_CHARS else 0
    end = min(len(text), start + EXCERPT_CHARS)
    shown = Text(visible(shown_text(text, record)[start:end]))
    for entity in record.entities:
        shown.stylize(_ENTITY_STYLE, max(0, entity.start - start), max(0, min(entity.end, end) - start))
    for one in record.evidence:
        shown.stylize(_EVIDENCE_STYLE, max(0, one.start - start), max(0, min(one.end, end) - start))
    return Text.assemble("…" if start else "", shown, "…" if end < len(text) else "")


def _plain(code: str, record: Screening) -> str:
    return f"{_words(code)} (uncertified)" if code in record.uncertified else _words(code)


def _words(code: str) -> str:
    return code.replace("_", " ")
