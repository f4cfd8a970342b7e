"""A comparison -> plots."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from models.taxonomy import LABELS
from training.plots import NEW, OLD, save
from training.prove.cells import EVERY, RECALL

Report = dict[str, Any]


def plot_comparison(report: Report, folder: Path) -> None:
    """Write three PNG files into a folder."""
    plot_changes(report, folder / "changes.png")
    plot_recall(report, folder / "recall_changes.png")
    plot_calibration(report, folder / "calibration.png")


def plot_changes(report: Report, path: Path) -> None:
    """Draw by how much the recall of each label changed over all languages, with intervals."""
    cells = [cell for cell in report["cells"] if cell["measure"] == RECALL and cell["language"] == EVERY]
    figure, axis = plt.subplots(figsize=(7, 0.3 * len(cells) + 1.2))
    for row, cell in enumerate(cells):
        low, high = cell["change95"]
        axis.plot([100 * low, 100 * high], [row, row], color=NEW, linewidth=2)
        axis.plot(100 * (cell["new"] - cell["old"]), row, marker="o", color=NEW, markersize=4)
    axis.axvline(0, color="black", linewidth=0.6)
    axis.set_yticks(range(len(cells)), [f"{cell['label']} ({cell['n']})" for cell in cells], fontsize=7)
    axis.invert_yaxis()
    axis.set(xlabel="change of recall at balanced, points, 95 %")
    save(figure, path)


def plot_recall(report: Report, path: Path) -> None:
    """Draw the change of recall by language and label; grey where there are too few texts to be told."""
    cells = {
        (cell["language"], cell["label"]): cell["new"] - cell["old"]
        for cell in report["cells"]
        if cell["measure"] == RECALL
    }
    languages = sorted({language for language, _ in cells})
    values = np.array([[cells.get((one, code), np.nan) for code in LABELS] for one in languages]).reshape(
        -1, len(LABELS)
    )
    figure, axis = plt.subplots(figsize=(11, 0.35 * len(languages) + 2.2))
    colours = plt.get_cmap("RdYlGn").with_extremes(bad="#dddddd")
    image = axis.imshow(100 * values, vmin=-30, vmax=30, cmap=colours, aspect="auto")
    axis.set_xticks(range(len(LABELS)), LABELS, rotation=60, ha="right", fontsize=7)
    axis.set_yticks(range(len(languages)), languages)
    for row, column in np.argwhere(np.isfinite(values)).tolist():
        axis.text(column, row, f"{100 * values[row, column]:+.0f}", ha="center", va="center", fontsize=6)
    figure.colorbar(image, label="change of recall, points")
    save(figure, path)


def plot_calibration(report: Report, path: Path) -> None:
    """Draw the calibration error of each label, old beside new."""
    labels = report["calibration"]["labels"]
    figure, axis = plt.subplots(figsize=(7, 0.32 * len(labels) + 1.2))
    for offset, which, colour in ((-0.2, "old", OLD), (0.2, "new", NEW)):
        errors = [entry["calibration_error"][which] or 0.0 for entry in labels.values()]
        rows = [row + offset for row in range(len(labels))]
        axis.barh(rows, errors, height=0.38, color=colour, label=which)
    axis.set_yticks(range(len(labels)), labels, fontsize=7)
    axis.invert_yaxis()
    axis.set(xlabel="calibration error")
    if labels:
        axis.legend(fontsize=7)
    save(figure, path)
