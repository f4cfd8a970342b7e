"""A comparison as files: written by `compare`, read again by `promote`."""

import json
from pathlib import Path
from typing import Any

from models.errors import TrainingDataError
from training.files import write_json
from training.prove.compare_markdown import compare_markdown
from training.prove.compare_plots import plot_comparison

Report = dict[str, Any]


def write_comparison(report: Report, folder: Path) -> None:
    """Write compare.json, compare.md and three plots into a folder."""
    write_json(folder / "compare.json", report)
    (folder / "compare.md").write_text(compare_markdown(report), encoding="utf-8")
    plot_comparison(report, folder)


def read_comparison(path: Path) -> Report:
    """Return a comparison that was written as compare.json.

    Raises:
        TrainingDataError: there is none, or it is no comparison.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        _ = report["verdict"]["rules"], report["new"]["sha256"], report["old"]["sha256"]
    except FileNotFoundError:
        raise TrainingDataError(
            f"{path}: no comparison there: run scamscreen-train compare OLD NEW first"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise TrainingDataError(f"{path} is no comparison: run scamscreen-train compare again") from None
    return dict(report)
