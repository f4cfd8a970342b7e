"""What an artefact says of itself: its manifest, its report and its card, ready for a page."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from models.artifact import model_sha256

_FRONT_MATTER: Final = "---\n"
_HEADINGS_DOWN: Final = 2  # the page has two of its own above them
_LOWEST_HEADING: Final = 6
_FIGURES: Final = (
    ("written_test", "macro_average_precision"),
    ("written_test", "any_right_label"),
    ("written_test", "false_alarms_hard"),
    ("written_test", "false_alarms_on_warnings"),
    ("written_test", "role_accuracy"),
    ("written_test", "person_at_risk_screening"),
    ("test_split", "macro_average_precision"),
    ("test_split", "person_at_risk_recall_screening"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the report.

    Attributes:
        name: its place, as `written_test.role_accuracy`.
        value: in [0, 1].
        is_share: of `of` texts, with an interval of 95 %.
    """

    name: str
    value: float
    is_share: bool = False
    of: int = 0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelDocuments:
    """What lies in the folder of an artefact.

    Attributes:
        sha256: of the model there; "" if its manifest cannot be read.
        card: HTML, escaped; "" if there is none.
    """

    sha256: str
    manifest: Mapping[str, Any]
    figures: tuple[Figure, ...]
    card: Markup


def read_documents(folder: Path) -> ModelDocuments:
    """Return what an artefact says of itself; whatever cannot be read is empty."""
    manifest = _json(folder / "manifest.json")
    return ModelDocuments(
        sha256=model_sha256(manifest) if manifest else "",
        manifest=manifest,
        figures=tuple(_figures(_json(folder / "report.json"))),
        card=card_html(_text(folder / "MODEL_CARD.md")),
    )


def card_html(markdown: str) -> Markup:
    """Return a card as HTML without links, images, styles and whatever HTML stands in it."""
    body = markdown
    if body.startswith(_FRONT_MATTER):
        body = body[len(_FRONT_MATTER) :].partition(f"\n{_FRONT_MATTER}")[2]
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.disable(["link", "image", "autolink", "reference"])
    tokens = reader.parse(body)
    for token in tokens:
        _tidy(token)
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 (it escapes all it is given)


def _tidy(token: Token) -> None:
    """Put a heading below those of the page, and take out the style of a cell, which the browser refuses."""
    token.attrs.pop("style", None)
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(_LOWEST_HEADING, int(token.tag[1:]) + _HEADINGS_DOWN)}"


def _figures(report: Mapping[str, Any]) -> Iterator[Figure]:
    for part, name in _FIGURES:
        found = report.get(part, {}).get(name)
        if isinstance(found, float):
            yield Figure(f"{part}.{name}", found)
        elif isinstance(found, dict):
            low, high = found["interval95"]
            yield Figure(f"{part}.{name}", found["share"], is_share=True, of=found["n"], low=low, high=high)


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(_text(path) or "{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
