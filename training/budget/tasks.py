"""Suggestions as files that people label in: Label Studio, Argilla, a spreadsheet, the console's upload.

None of them shows the model's guess as an answer already given: people agree with what they are shown. What
people answer is read by `data import` without a mapping file.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from models.taxonomy import LABELS, ROLES
from training.budget.suggest import Suggestion
from training.files import json_text
from training.labelled.mapping import NOTHING_HOLDS
from training.markdown import table

FORMATS: Final = ("label-studio", "argilla", "csv", "jsonl")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_tasks(
    suggestions: Sequence[Suggestion], folder: Path, formats: Iterable[str] = FORMATS
) -> list[Path]:
    """Write the suggestions in each format and return the files.

    Args:
        suggestions: in the order they should be labelled.
        folder: is made if it is not there.
        formats: of `FORMATS`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in formats:
        match name:
            case "label-studio":
                files += [_write(folder / "label_studio.json", json_text([*map(_label_studio, suggestions)]))]
                files += [_write(folder / "label_studio.xml", label_config())]
            case "argilla":
                files += [_write(folder / "argilla.json", json_text([*map(_argilla, suggestions)]))]
            case "csv":
                files += [_write_csv(folder / "to_label.csv", suggestions)]
            case "jsonl":
                lines = [json.dumps(_console(one), ensure_ascii=False) + "\n" for one in suggestions]
                files += [_write(folder / "to_label.jsonl", "".join(lines))]
    return files


def label_config() -> str:
    """Return the labelling interface for Label Studio: all labels that hold or `none`, and one role."""

    def choices(name: str, title: str, codes: Iterable[str], choice: str) -> str:
        options = "\n".join(f"    <Choice value={quoteattr(code)}/>" for code in codes)
        return (
            f"  <Header value={quoteattr(title)}/>\n"
            f'  <Choices name="{name}" toName="text" choice="{choice}">\n{options}\n  </Choices>\n'
        )

    return (
        '<View>\n  <Text name="text" value="$text"/>\n'
        + choices("labels", "Labels: all that hold, or none", (NOTHING_HOLDS, *LABELS), "multiple")
        + choices("role", "Role of who wrote it", ROLES, "single-radio")
        + "</View>\n"
    )


def count_table(suggestions: Sequence[Suggestion]) -> str:
    """Return a Markdown table of how many texts there are for each label, reason and language."""
    counts = Counter((one.code, one.reason, one.of.language) for one in suggestions)
    rows = [(*kind, count) for kind, count in sorted(counts.items())]
    return table(("label", "reason", "language", "texts"), rows)


def _why(one: Suggestion) -> dict[str, Any]:
    return {"suggested_for": one.code, "reason": one.reason, "probability": round(one.proba, 4)}


def _label_studio(one: Suggestion) -> dict[str, Any]:
    """Return a task of Label Studio: what its import reads from a JSON array."""
    data = {"text": one.of.text, "key": one.of.key, "language": one.of.language}
    return {"data": data, "meta": _why(one)}


def _argilla(one: Suggestion) -> dict[str, Any]:
    """Return a record of Argilla 2: what `dataset.records.from_json` reads."""
    return {
        "id": one.of.key,
        "fields": {"text": one.of.text},
        "metadata": {"language": one.of.language, **_why(one)},
        "suggestions": {},
        "responses": {},
        "vectors": {},
    }


def _console(one: Suggestion) -> dict[str, Any]:
    """Return a row for an upload in the console, which takes its columns by name."""
    return {"id": one.of.key, "text": one.of.text, "language": one.of.language, **_why(one)}


def _write_csv(path: Path, suggestions: Sequence[Suggestion]) -> Path:
    """Write a table with empty columns for labels (codes, `;` between) and role; no cell is a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "language", "suggested_for", "reason", "probability", "labels", "role", "text"))
        for one in suggestions:
            row = (one.of.key, one.of.language, *_why(one).values(), "", "", one.of.text)
            rows.writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return path


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe stands before what it would."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path
