"""Charts of a run, as SVG."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")

import matplotlib.pyplot as plt

from benchmarks import in_process
from benchmarks.loads import Served
from benchmarks.profile import ENCODER, Breakdown
from benchmarks.short import Short

OURS, OTHERS = "#0b6e4f", "#9aa5b1"
_SHARES = plt.get_cmap("tab20").colors
_LEAST_SHARE = 0.01


def write_charts(short: Short, folder: Path) -> list[Path]:
    """Write the charts and return their files."""
    mpl.rcParams.update(
        {"svg.hashsalt": "scamscreen", "font.size": 10, "axes.spines.top": False, "axes.spines.right": False}
    )
    alone = short.alone
    in_one = [(name, alone.median(name)) for name in alone.compared]
    return [
        _bars(in_one, "In one process, documents/s (ours: whole records)", folder / "in_process.svg"),
        _bars(_rates(short.served, 32), "HTTP, 32-document requests, documents/s", folder / "http_32.svg"),
        _bars(_rates(short.served, 1), "HTTP, single documents, documents/s", folder / "http_1.svg"),
        _stack(short.breakdown, folder / "stages.svg"),
        _open_loop(short.served[0], folder / "open_loop.svg"),
    ]


def _rates(served: Sequence[Served], size: int) -> list[tuple[str, float]]:
    return [
        (
            one.name if size in one.closed else f"{one.name}\n(not measured)",
            one.closed[size].documents_per_second if size in one.closed else 0.0,
        )
        for one in served
    ]


def _bars(values: Sequence[tuple[str, float]], title: str, path: Path) -> Path:
    """Draw one horizontal bar per contender, ours first."""
    figure, axes = plt.subplots(figsize=(8, 0.5 * len(values) + 1))
    names = [name for name, _ in values]
    numbers = [number for _, number in values]
    colours = [OURS if name.startswith(("ScamScreen", in_process.RECORDS)) else OTHERS for name in names]
    drawn = axes.barh(names, numbers, color=colours)
    axes.bar_label(drawn, fmt="{:,.0f}", padding=3)
    axes.invert_yaxis()
    axes.set_title(title, loc="left")
    return _saved(figure, path)


def _stack(measured: Breakdown, path: Path) -> Path:
    """Draw the stages of the path one after the other: they sum to the whole."""
    figure, axes = plt.subplots(figsize=(8, 3.4))
    left = 0.0
    shown = {
        stage: spent for stage, spent in measured.seconds.items() if spent / measured.whole >= _LEAST_SHARE
    }
    rest = sum(measured.seconds.values()) - sum(shown.values())
    for index, (stage, spent) in enumerate({**shown, "stages under 1 %": rest}.items()):
        share = spent / measured.whole
        colour = OURS if stage == ENCODER else _SHARES[index % len(_SHARES)]
        axes.barh([0], [share], left=left, color=colour, label=f"{stage} {share:.1%}")
        left += share
    axes.set_yticks([])
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.set_title(
        f"Text to record, {measured.whole / measured.documents * 1000:.2f} ms a document", loc="left"
    )
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=3, frameon=False, fontsize=8)
    return _saved(figure, path)


def _open_loop(service: Served, path: Path) -> Path:
    """Draw the latencies at fixed arrival rates."""
    figure, axes = plt.subplots(figsize=(8, 3))
    names = [f"{size} a request,\n{share:.0%} of capacity" for size, share in service.open]
    for offset, field in enumerate(("p50_ms", "p95_ms", "p99_ms")):
        heights = [getattr(outcome, field) or 0.0 for outcome in service.open.values()]
        places = [place + 0.27 * (offset - 1) for place in range(len(names))]
        drawn = axes.bar(places, heights, width=0.25, label=field.removesuffix("_ms"))
        axes.bar_label(drawn, fmt="{:,.0f}", fontsize=8)
    axes.set_xticks(range(len(names)), names)
    axes.set_title("Open loop, milliseconds from the time a request was due", loc="left")
    axes.legend(frameon=False)
    return _saved(figure, path)


def _saved(figure: plt.Figure, path: Path) -> Path:
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    return path
