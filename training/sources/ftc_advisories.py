"""Advisories, data reports and press releases of the US Federal Trade Commission ABOUT scams; all benign."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import BENIGN_PARTS, Example, Source
from training.sources.tables import read_json, read_json_lines

_BODY_OF_FILE = {
    "ftc_consumer_scams.jsonl": "body",
    "ftc_data_spotlight.jsonl": "summary",
    "ftc_press_releases.jsonl": "body",
    "11-13_ftc_press_releases_scrapy.json": "full_text",
    "ftc_data_spotlight_scrapy.json": "full_text",
    "ftc_press_releases_scrapy.json": "full_text",
}


def read(data_root: Path) -> Iterator[Example]:
    """Yield every distinct page, title first, without HTML."""
    seen = set()
    for file, body in _BODY_OF_FILE.items():
        path = data_root / SOURCE.folder / file
        rows = (read_json_lines if path.suffix == ".jsonl" else read_json)(path, ("title", body))
        for number, row in enumerate(rows, start=1):
            text = f"{_without_html(row['title'] or '')}\n{_without_html(row[body] or '')}".strip()
            if text and text not in seen:
                seen.add(text)
                yield Example(
                    text=text,
                    labels=frozenset(),
                    known=frozenset(LABELS),
                    role="warning",
                    language="en",
                    source=SOURCE.name,
                    key=f"{path.stem}-{number}",
                )


def _without_html(marked: str) -> str:
    """Return the text without tags and entities, blank lines and runs of spaces closed up."""
    plain = html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", " ", marked))
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)


SOURCE = Source(
    name="ftc_advisories",
    folder="open/ftc_advisories",
    read=read,
    parts=BENIGN_PARTS,
    measure="false_alarms",
)
