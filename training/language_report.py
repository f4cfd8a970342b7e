"""How often `models.language.detect` is right, on parallel news.

Run `python -m training.language_report DATA_ROOT`.
Data: NTREX-128 (CC BY-SA 4.0), 1,997 lines in each language. The rules were tuned on the first 1,000 lines;
the report is about the rest.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from models.errors import TrainingDataError
from models.language import detect

NTREX: Final = {
    **{
        "en": "src.eng",
        "th": "ref.tha",
        "zh": "ref.zho-CN",
        "vi": "ref.vie",
        "my": "ref.mya",
        "km": "ref.khm",
    },
    **{"lo": "ref.lao", "id": "ref.ind", "ms": "ref.msa", "tl": "ref.fil", "ko": "ref.kor", "hi": "ref.hin"},
}
TUNING_LINES: Final = 1_000
PREFIX_CHARS: Final = 30


def ntrex_lines(data_root: Path, tag: str) -> list[str]:
    """All non-empty lines of one language, in order.

    Raises:
        TrainingDataError: the corpus is not below `data_root`.
    """
    path = data_root / "open" / "parallel_ntrex128" / f"newstest2019-{NTREX[tag]}.txt"
    if not path.is_file():
        raise TrainingDataError(
            f"expected open/parallel_ntrex128/{path.name} under the data root; "
            "its data card says how to get it"
        )
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def accuracy(texts: list[str], tags: frozenset[str]) -> float:
    """The share of `texts` whose detected tag is one of `tags`."""
    return sum(detect(text).tag in tags for text in texts) / len(texts)


def measure(data_root: Path, *, tuning: bool = False) -> dict[str, dict[str, float]]:
    """Accuracy per language for full lines and for their first 30 characters, in [0, 1].

    Args:
        data_root: the folder that holds `open/parallel_ntrex128`.
        tuning: measure on the first 1,000 lines, on which rules may be tuned, instead of on the rest.

    Returns:
        {"full": {tag: accuracy, "id+ms": ..., "mean": ...}, "first_30": {...}}; `id+ms` counts
        either as right, `mean` is over the 12 first-class languages.
    """
    part = slice(TUNING_LINES) if tuning else slice(TUNING_LINES, None)
    lines = {tag: ntrex_lines(data_root, tag)[part] for tag in NTREX}
    starts = {tag: [line[:PREFIX_CHARS] for line in texts] for tag, texts in lines.items()}
    return {"full": _accuracies(lines), "first_30": _accuracies(starts)}


def _accuracies(texts: dict[str, list[str]]) -> dict[str, float]:
    scores = {tag: accuracy(texts[tag], frozenset({tag})) for tag in NTREX}
    mean = sum(scores.values()) / len(scores)
    merged = accuracy(texts["id"] + texts["ms"], frozenset({"id", "ms"}))
    return {**scores, "id+ms": merged, "mean": mean}


def table(report: dict[str, dict[str, float]]) -> str:
    """The report as lines of text, in per cent."""
    rows = [f"{'':6} {'full':>8} {'first 30':>9}"]
    rows += [
        f"{tag:6} {100 * full:8.1f} {100 * report['first_30'][tag]:9.1f}"
        for tag, full in report["full"].items()
    ]
    return "\n".join(rows)


def main() -> int:
    """Print the table; 0 done, 1 no data, 2 usage."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m training.language_report DATA_ROOT\n")
        return 2
    try:
        report = measure(Path(sys.argv[1]))
    except TrainingDataError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(table(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
