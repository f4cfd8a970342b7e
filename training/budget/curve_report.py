"""Curves -> how many labels a scheme takes, and what suggesting saves: JSON, Markdown, a plot."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib import pyplot as plt

from training.budget.curve import FALSE_ALARMS, STRATEGIES, TARGET_RECALL, Curve, Strategy
from training.files import write_json
from training.markdown import table
from training.plots import NEW, OLD, save

Report = dict[str, Any]
BOOTSTRAP_DRAWS: Final = 2_000
_TINT: Final[dict[Strategy, str]] = {"random": OLD, "suggest": NEW}


def summary(curves: Sequence[Curve], target: float = TARGET_RECALL) -> Report:
    """Return the labels that each scheme needs, and the share of random choice's that suggesting needs.

    A run that never reaches the target counts with all the labels it spent, and is counted as `not_reached`:
    of random choice the share is then an upper bound, of suggesting a lower one.
    """
    schemes = list(dict.fromkeys(curve.scheme for curve in curves))
    shares = {scheme: _shares(curves, scheme, target) for scheme in schemes}
    every = [share for of_scheme in shares.values() for share in of_scheme]
    return {
        "target_recall": target,
        "false_alarms": FALSE_ALARMS,
        "schemes": {
            scheme: {
                **_texts(curves, scheme),
                **{strategy: _needed(curves, scheme, strategy, target) for strategy in STRATEGIES},
                "share_of_random": _mean_interval([shares[scheme]]),
            }
            for scheme in schemes
        },
        "share_of_random": _mean_interval([*shares.values()]) if every else None,
    }


def _texts(curves: Sequence[Curve], scheme: str) -> Report:
    of_scheme = [curve for curve in curves if curve.scheme == scheme]
    return {
        name: round(float(np.mean([getattr(curve, name) for curve in of_scheme])))
        for name in ("pool", "test", "test_positives")
    }


def _needed(curves: Sequence[Curve], scheme: str, strategy: Strategy, target: float) -> Report:
    runs = [curve for curve in curves if (curve.scheme, curve.strategy) == (scheme, strategy)]
    labels = [_spent(curve, target) for curve in runs]
    return {
        "labels": _mean_interval([labels]),
        "of_seeds": [round(value, 1) for value in labels],
        "not_reached": sum(curve.needed(target) is None for curve in runs),
        "positives_among_100": _among(runs, 100),
        "recall_at_end": round(float(np.mean([curve.recall[-1] for curve in runs])), 4),
    }


def _among(runs: Sequence[Curve], labels: int) -> float:
    """Return how many of the first `labels` texts were positive, on average."""
    counts = [float(np.interp(labels, (0, *run.labels), (0, *run.positives))) for run in runs]
    return round(float(np.mean(counts)), 1)


def _spent(curve: Curve, target: float) -> float:
    needed = curve.needed(target)
    return float(curve.labels[-1]) if needed is None else needed


def _shares(curves: Sequence[Curve], scheme: str, target: float) -> list[float]:
    """Return, seed by seed, what share of the labels of random choice suggesting needs."""
    spent = {
        (curve.strategy, curve.seed): _spent(curve, target) for curve in curves if curve.scheme == scheme
    }
    seeds = sorted({seed for _, seed in spent})
    return [spent["suggest", seed] / spent["random", seed] for seed in seeds]


def _mean_interval(values: Sequence[Sequence[float]]) -> Report:
    """Return the mean over schemes of their means, and its 95 % interval, drawing schemes and their seeds.

    Source: Davison & Hinkley 1997, "Bootstrap Methods and their Application", section 3.8 (two stages).
    """
    rng = np.random.default_rng(0)
    drawn = [
        np.mean(
            [
                np.mean(rng.choice(values[at], len(values[at])))
                for at in rng.integers(len(values), size=len(values))
            ]
        )
        for _ in range(BOOTSTRAP_DRAWS)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    mean = float(np.mean([np.mean(of_scheme) for of_scheme in values]))
    return {"mean": round(mean, 4), "interval95": [round(float(low), 4), round(float(high), 4)]}


def curve_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    target = f"recall {report['target_recall']:.0%} at {report['false_alarms']:.0%} false alarms"
    rows = [
        (
            name,
            f"{of_scheme['pool']:,}",
            f"{of_scheme['test']:,} ({of_scheme['test_positives']:,})",
            *(_labels(of_scheme[strategy]) for strategy in STRATEGIES),
            *(of_scheme[strategy]["positives_among_100"] for strategy in STRATEGIES),
            _share(of_scheme["share_of_random"]),
        )
        for name, of_scheme in report["schemes"].items()
    ]
    head = (
        "scheme",
        "pool",
        "test (positive)",
        "labels, random",
        "labels, suggested",
        "positives in 100, random",
        "suggested",
        "suggested / random",
    )
    lines = [f"# Labels to reach {target}\n\n{table(head, rows)}"]
    if report["share_of_random"]:
        lines.append(
            f"Suggesting needs {_share(report['share_of_random'])} of the labels of random choice "
            "(mean over schemes; 95 % interval by drawing schemes and seeds).\n"
        )
    lines.append(
        "The encoder is frozen, a logistic head is fitted on its pooled features; pool and test share no "
        "near duplicates. `>`: some seeds did not get there with all the labels there were.\n"
    )
    return "\n".join(lines)


def _labels(entry: Report) -> str:
    low, high = entry["labels"]["interval95"]
    more = ">" if entry["not_reached"] else ""
    return f"{more}{entry['labels']['mean']:,.0f} [{low:,.0f}, {high:,.0f}]"


def _share(entry: Report) -> str:
    low, high = entry["interval95"]
    return f"{entry['mean']:.0%} [{low:.0%}, {high:.0%}]"


def plot_curves(curves: Sequence[Curve], path: Path, target: float = TARGET_RECALL) -> None:
    """Draw recall against labels, a line a strategy with the range of its seeds, a panel a scheme."""
    schemes = list(dict.fromkeys(curve.scheme for curve in curves))
    figure, axes = plt.subplots(1, len(schemes), figsize=(5 * len(schemes), 3.6), squeeze=False, sharey=True)
    for axis, scheme in zip(axes[0], schemes, strict=True):
        for strategy in STRATEGIES:
            runs = [run for run in curves if (run.scheme, run.strategy) == (scheme, strategy)]
            length = min(len(run.labels) for run in runs)
            labels = runs[0].labels[:length]
            recalls = np.array([run.recall[:length] for run in runs])
            axis.plot(labels, recalls.mean(0), color=_TINT[strategy], label=strategy)
            axis.fill_between(labels, recalls.min(0), recalls.max(0), color=_TINT[strategy], alpha=0.2)
        axis.axhline(target, color="black", linewidth=0.6, linestyle=":")
        axis.set(xscale="log", ylim=(0, 1), xlabel="labels", title=scheme)
    axes[0][0].set_ylabel(f"recall at {FALSE_ALARMS:.0%} false alarms")
    axes[0][0].legend(frameon=False)
    save(figure, path)


def write_curves(curves: Sequence[Curve], folder: Path) -> Report:
    """Write learning_curve.json, .md and .png, and return the report."""
    report = summary(curves)
    write_json(folder / "learning_curve.json", report)
    (folder / "learning_curve.md").write_text(curve_markdown(report), encoding="utf-8")
    plot_curves(curves, folder / "learning_curve.png")
    return report
