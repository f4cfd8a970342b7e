"""A comparison -> plots."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib import pyplot as plt

from models.taxonomy import LABELS
from training.plots import NEW, OLD, save
from training.prove.cells import ENOUGH, EVERY, RECALL

_DARK: Final = 20  # points
_PALE: Final = 0.25
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
    """Draw the change of recall by language and label; pale where it rests on too few texts to be judged."""
    cells = {(cell["language"], cell["label"]): cell for cell in report["cells"] if cell["measure"] == RECALL}
    languages = sorted({language for language, _ in cells})
    figure, axis = plt.subplots(figsize=(11, 0.35 * len(languages) + 2.2))
    values, strength = (np.full((len(languages), len(LABELS)), missing) for missing in (np.nan, 1.0))
    for row, column in np.ndindex(values.shape):
        if cell := cells.get((languages[row], LABELS[column])):
            values[row, column] = 100 * (cell["new"] - cell["old"])
            strength[row, column] = 1.0 if cell["n"] >= ENOUGH else _PALE
            words = f"{values[row, column]:+.0f}\n{cell['n']}"
            colour = "white" if strength[row, column] == 1.0 and abs(values[row, column]) > _DARK else "black"
            axis.text(column, row, words, ha="center", va="center", fontsize=5, color=colour)
    colours = plt.get_cmap("PiYG").with_extremes(bad="#eeeeee")
    image = axis.imshow(values, vmin=-30, vmax=30, cmap=colours, aspect="auto", alpha=strength)
    axis.set_xticks(range(len(LABELS)), LABELS, rotation=60, ha="right", fontsize=7)
    axis.set_yticks(range(len(languages)), languages)
    figure.colorbar(image, label=f"change of recall, points; below it texts, pale under {ENOUGH}")
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
