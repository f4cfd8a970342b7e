"""What the plea gate sends to the first lane: its threshold, and what it finds among texts held out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Final

import numpy as np

from models.artifact import Artifact
from models.calibration import AT_RISK
from models.plea_gate import PLEAS, READ_CHARS, PleaGate
from training.certify_gate import has_label
from training.markdown import share, table
from training.metrics import Share
from training.table import Table

TUNE_QUANTILE: Final = 0.005
"""Share of the `tune` pleas below the threshold."""
MOST_TEXTS: Final = 500
"""Of each source that has no pleas."""
ALL: Final = "all"
WRITTEN_TEST: Final = "written_test"
TIMED: Final = 100
LONGEST: Final = "we met at the market and bought rice and fish for the family dinner. " * 15_000


@dataclass(frozen=True, slots=True)
class Lanes:
    """The shares of pleas and of all other texts that go to the first lane."""

    pleas: Share
    others: Share


def with_threshold(gate: PleaGate, tune: Table) -> PleaGate:
    """Return a plea gate with the threshold that pleas of `tune` set, near duplicates counted once."""
    scores = gate.scores(list(tune.where(has_label(tune, [AT_RISK])).distinct().text))
    limit = float(np.quantile(scores, TUNE_QUANTILE)) if len(scores) else -np.inf
    return replace(gate, threshold=np.floor(limit * 1000) / 1000)


def lanes_by_language(gate: PleaGate, rows: Table) -> dict[str, Lanes]:
    """Return what goes to the first lane of all texts and each language with pleas, near duplicates once."""
    texts = rows.distinct()
    is_first = np.array(gate.seem_urgent(list(texts.text)), dtype=bool)
    is_plea = has_label(texts, [AT_RISK])
    chosen = {ALL: np.ones(len(texts), dtype=bool)}
    chosen |= {str(language): texts.language == language for language in sorted(set(texts.language[is_plea]))}
    return {
        name: Lanes(Share.of(is_first, is_plea & members), Share.of(is_first, ~is_plea & members))
        for name, members in chosen.items()
    }


def lanes_json(lanes: Mapping[str, Lanes]) -> dict[str, Any]:
    """Return what a manifest says of lanes."""
    return {
        name: {"pleas": one.pleas.to_dict(), "others": one.others.to_dict()} for name, one in lanes.items()
    }


def lanes_markdown(artifact: Artifact, unseen: Table) -> str:
    """Return the part of the gate's report that tells of lanes; empty without a gate for pleas.

    Args:
        artifact: with its gate.
        unseen: texts of sets it has never seen.
    """
    gate, stored = artifact.pleas, artifact.manifest["gate"].get(PLEAS)
    if gate is None or stored is None:
        return ""
    written = lanes_by_language(gate, unseen.where(unseen.source == WRITTEN_TEST))
    others = unseen.where(unseen.source != WRITTEN_TEST).distinct().at_most_per_source(MOST_TEXTS)
    return f"""
## Who comes first

The head for pleas chooses which stored reports are screened first; all are screened. A text goes to the
first lane where a stretch of it, within {READ_CHARS:,} characters of either end, has log-odds of
{stored["threshold"]} or more, which {TUNE_QUANTILE:.1%} of the pleas of `tune` do not reach. A plea that
stands further inside a long text waits in the second lane. Of `certify` and `test` of the sets it was fitted
on:

{lanes_table(stored["held_out"])}
Of the written test, which it has never seen:

{lanes_table(lanes_json(written))}
Of other sets it has never seen, in which no plea is marked, up to {MOST_TEXTS} texts each:

{lanes_table(lanes_json(_by_source(gate, others)))}
{_speed(gate, unseen)}
"""


def lanes_table(lanes: Mapping[str, Mapping[str, Any]]) -> str:
    """Return lanes, as `lanes_json` writes them, as a Markdown table."""
    rows = [(name, share(one["pleas"]), share(one["others"])) for name, one in lanes.items()]
    return table(("texts", "pleas in the first lane", "other texts in it"), rows)


def _by_source(gate: PleaGate, rows: Table) -> dict[str, Lanes]:
    return {
        str(source): lanes_by_language(gate, rows.where(rows.source == source))[ALL]
        for source in sorted(set(rows.source))
    }


def _speed(gate: PleaGate, rows: Table) -> str:
    """Return in words how long the gate takes for a text, one at a time, on the machine that reports."""
    texts = sorted(rows.at_most(MOST_TEXTS).text, key=len)
    median = texts[len(texts) // 2]
    around = texts[len(texts) // 2 - TIMED // 2 : len(texts) // 2 + TIMED // 2] or [median]
    return (
        f"It takes {_median_ms(gate, around):.2f} ms for a text of median length ({len(median)} characters) "
        f"and\n{_median_ms(gate, [LONGEST] * 9):.1f} ms for one of {len(LONGEST):,}: "
        "medians, one text at a time."
    )


def _median_ms(gate: PleaGate, texts: Sequence[str]) -> float:
    taken = []
    for text in texts:
        started = perf_counter()
        gate.seem_urgent([text])
        taken.append((perf_counter() - started) * 1000)
    return float(np.median(taken))
