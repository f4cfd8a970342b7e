"""What has drifted -> drift.json, drift.md and drift.png."""

from pathlib import Path
from typing import Any, Final

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from training.files import write_json
from training.markdown import share, table
from training.plots import NEW, OLD, save

Report = dict[str, Any]
_SHOWN_CHANGES: Final = 5


def write_drift(report: Report, folder: Path) -> None:
    """Write the report into a folder."""
    write_json(folder / "drift.json", report)
    (folder / "drift.md").write_text(drift_markdown(report), encoding="utf-8")
    plot_drift(report, folder / "drift.png")


def drift_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    before, after = report["before"], report["after"]
    head = ("", "divergence, bits", "chance stays under", "p", "drifted", "changed most (before, after)")
    rows = [
        (
            one["name"],
            f"{one['divergence_bits']:.4f}",
            f"{one['noise95_bits']:.4f}",
            f"{one['p_holm']:.3f}",
            "**yes**" if one["drifted"] else "no",
            "; ".join(
                f"{_cell(change['name'])} {change['before']:.1%}, {change['after']:.1%}"
                for change in one["changes"][:_SHOWN_CHANGES]
            )
            if one["drifted"]
            else "",
        )
        for one in report["questions"]
    ]
    found = ", ".join(report["drifted"]) or "nothing more than chance would"
    return (
        f"# Drift\n\nDrifted: {found}.\n\n"
        f"Before: {before['texts']:,} texts, any flag {share(before['any_flag'])}, mean highest probability "
        f"{before['mean_highest_probability']:.3f}. After: {after['texts']:,} texts, any flag "
        f"{share(after['any_flag'])}, mean highest probability {after['mean_highest_probability']:.3f}.\n\n"
        f"{table(head, rows)}\n"
        "Divergence: Jensen-Shannon, 0 alike, 1 nothing in common. Chance: what 95 in 100 random divisions "
        "of the same texts into two periods stay under. p: of a permutation test, by Holm for all rows of "
        f"this table; drifted from {report['level']:.0%} down. Flags are the model's, not the truth: a label "
        "that drifts is a reason to look and to label some, not a finding.\n"
    )


def _cell(name: str) -> str:
    """Return a word as a table can hold it."""
    return name.replace("|", "\\|").replace("`", "'")


def plot_drift(report: Report, path: Path) -> None:
    """Draw languages, flagged labels and confidence of both periods, and every divergence beside chance."""
    figure, axes = plt.subplots(2, 2, figsize=(11, 8))
    questions = {one["name"]: one for one in report["questions"]}
    _pairs(axes[0][0], questions["language"]["changes"], "languages, share of texts")
    confidence = sorted(questions["confidence"]["changes"], key=lambda change: str(change["name"]))
    _pairs(axes[0][1], confidence, "highest label probability, share of texts")
    labels = [
        {"name": code, "before": one["before"]["share"], "after": one["after"]["share"]}
        for code, one in report["labels"].items()
        if one["before"]["share"] or one["after"]["share"]
    ]
    _pairs(axes[1][0], labels, "flagged labels, share of texts")
    _divergences(axes[1][1], report["questions"])
    axes[0][0].legend(frameon=False, fontsize=8)
    save(figure, path)


def _pairs(axis: Axes, changes: list[Report], title: str) -> None:
    rows = range(len(changes))
    axis.barh(
        [row - 0.2 for row in rows], [one["before"] for one in changes], 0.38, color=OLD, label="before"
    )
    axis.barh([row + 0.2 for row in rows], [one["after"] for one in changes], 0.38, color=NEW, label="after")
    axis.set_yticks(list(rows), [one["name"] for one in changes], fontsize=7)
    axis.invert_yaxis()
    axis.set_title(title, loc="left", fontsize=9)


def _divergences(axis: Axes, questions: list[Report]) -> None:
    """Draw each divergence as a bar, grey where it is within chance, and a tick where chance ends."""
    rows = range(len(questions))
    colours = [NEW if one["drifted"] else OLD for one in questions]
    axis.barh(list(rows), [one["divergence_bits"] for one in questions], 0.6, color=colours)
    axis.plot([one["noise95_bits"] for one in questions], list(rows), "k|", markersize=7)
    axis.set_yticks(list(rows), [one["name"] for one in questions], fontsize=7)
    axis.invert_yaxis()
    axis.set_title("divergence, bits (tick: chance stays under)", loc="left", fontsize=9)
