"""The rules by which a new model may take the place of an old one, each with the words it is told in.

`promote` refuses a model that breaks one, unless it is told why; the reason stands in the model's card.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from training.prove.cells import ALARMS, BENIGN, ENOUGH, PRECISION, RECALL, RIGHT

Report = dict[str, Any]

SURE = 0.05
POINT = 0.01
ALARM_POINTS = 0.005
CALIBRATION = 0.02
GAP = 0.01
MORE_PRIORITIES = 2
SLOWEST = 0.9
LARGEST = 1.25


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        name: for JSON.
        words: for people.
        broken: yields, of a comparison, each thing that breaks it.
    """

    name: str
    words: str
    broken: Callable[[Report], Iterator[str]]


def verdict(report: Report) -> Report:
    """Return whether a comparison breaks no rule, and for each rule what breaks it."""
    rules: list[Report] = [
        {"name": rule.name, "words": rule.words, "broken": list(rule.broken(report))} for rule in RULES
    ]
    return {"passed": not any(rule["broken"] for rule in rules), "rules": rules}


def broken_rules(report: Report) -> list[str]:
    """Return, of the verdict in a comparison, a line for each rule that is broken."""
    return [
        f"{rule['words']}: {'; '.join(rule['broken'])}"
        for rule in report["verdict"]["rules"]
        if rule["broken"]
    ]


def _fallen(measure: str, report: Report) -> Iterator[str]:
    for cell in _surely_worse(measure, report):
        if cell["old"] - cell["new"] > POINT:
            yield _told(cell)


def _risen(measure: str, least: float, report: Report) -> Iterator[str]:
    for cell in _surely_worse(measure, report):
        if cell["new"] - cell["old"] > least:
            yield _told(cell)


def _surely_worse(measure: str, report: Report) -> Iterator[Report]:
    for cell in report["cells"]:
        if cell["measure"] == measure and cell["p_adjusted"] is not None and cell["p_adjusted"] < SURE:
            yield cell


def _told(cell: Report) -> str:
    low, high = cell["change95"]
    return (
        f"{cell['label']}, {cell['language']}: {100 * cell['old']:.1f} to {100 * cell['new']:.1f} % "
        f"[{100 * low:+.1f}, {100 * high:+.1f}] of {cell['n']:,}"
    )


def _sets(report: Report) -> Iterator[str]:
    for measure in ("average_precision", "recall", "false_alarms"):
        for name, entry in report["sets"][measure].items():
            low, high = entry["rise95"]
            if low > POINT if measure == "false_alarms" else high < -POINT:
                yield f"{name}, {measure}: {entry['previous']:.3f} to {entry['this']:.3f}"


def _labelled_sets(report: Report) -> Iterator[str]:
    for name, figures in report["labelled_sets"].items():
        for measure, entry in figures.items():
            low, high = entry["change95"]
            if low > POINT if measure == "false_alarms" else high < -POINT:
                yield f"{name}, {measure}: {entry['old']:.3f} to {entry['new']:.3f}"


def _masked(report: Report) -> Iterator[str]:
    for name, entry in report["masked"].items():
        if entry["change95"][1] < -POINT:
            yield f"{name}: {entry['old']:.3f} to {entry['new']:.3f}"


def _attacked(report: Report) -> Iterator[str]:
    for family, entry in report["attacked"].items():
        if entry["change95"][1] < -POINT:
            yield f"{family}: {100 * entry['old']:.1f} to {100 * entry['new']:.1f} %"


def _calibration(report: Report) -> Iterator[str]:
    mean = report["calibration"]["mean"]["calibration_error"]
    if None not in mean.values() and mean["new"] - mean["old"] > CALIBRATION:
        yield f"{mean['old']:.3f} to {mean['new']:.3f}"


def _certificates(report: Report) -> Iterator[str]:
    for language, bounds in report["certificates"].items():
        if bounds["old"] is not None and bounds["new"] is None:
            yield language


def _people_at_risk(report: Report) -> Iterator[str]:
    entry = report["people_at_risk"]
    if entry and entry["new"] < entry["old"]:
        yield f"{100 * entry['old']:.1f} to {100 * entry['new']:.1f} % of {entry['n']:,}"


def _fairness(report: Report) -> Iterator[str]:
    for attribute, entry in report["fairness"].items():
        gap, changed = entry["mean_gap"], entry["priority_changed"]
        if None not in gap.values() and gap["new"] - gap["old"] > GAP:
            yield f"{attribute}: mean gap {gap['old']:.3f} to {gap['new']:.3f}"
        if changed["new"] - changed["old"] > MORE_PRIORITIES:
            yield f"{attribute}: priorities changed {changed['old']} to {changed['new']}"


def _speed(report: Report) -> Iterator[str]:
    if report["speed"]["ratio95"][1] < SLOWEST:
        yield f"{report['speed']['ratio']:.2f} times as fast"


def _size(report: Report) -> Iterator[str]:
    old, new = (report["sizes"][which]["bytes"] for which in ("old", "new"))
    if new > LARGEST * old:
        yield f"{old / 1e6:.1f} to {new / 1e6:.1f} MB"


_JUDGED = f"of {ENOUGH} texts or more, surely (95 %, Holm over all such cells)"
RULES: tuple[Rule, ...] = (
    Rule(
        "person_at_risk",
        "no plea of a person at risk that the old model finds at `screening` is lost on balance",
        _people_at_risk,
    ),
    Rule(
        "right_label",
        f"in no language, {_JUDGED}, over {100 * POINT:.0f} point fewer positives with a right label",
        lambda report: _fallen(RIGHT, report),
    ),
    Rule(
        "recall",
        f"no label in a language, {_JUDGED}, is found over {100 * POINT:.0f} point less often",
        lambda report: _fallen(RECALL, report),
    ),
    Rule(
        "average_precision",
        f"no label in a language, {_JUDGED}, has an average precision over {POINT} lower",
        lambda report: _fallen(PRECISION, report),
    ),
    Rule(
        "alarms_on_benign",
        f"in no language, {_JUDGED}, more benign texts with a flag",
        lambda report: _risen(BENIGN, 0.0, report),
    ),
    Rule(
        "false_alarms",
        f"no label in a language, {_JUDGED}, is raised for nothing over {100 * ALARM_POINTS} % more often",
        lambda report: _risen(ALARMS, ALARM_POINTS, report),
    ),
    Rule("sets", f"no data set's figure is worse by over {POINT}, its whole 95 % interval", _sets),
    Rule(
        "labelled_sets",
        f"no figure of a set with labels of its own, as an added one, is worse by over {POINT}, its whole "
        "95 % interval",
        _labelled_sets,
    ),
    Rule(
        "masked",
        f"with URLs and digits masked nothing falls by over {POINT}, its whole 95 % interval",
        _masked,
    ),
    Rule("attacked", f"under no attack recall falls by over {POINT}, its whole 95 % interval", _attacked),
    Rule("certificates", "no language loses its certificate", _certificates),
    Rule(
        "calibration",
        f"the mean calibration error of labels with {ENOUGH} positives rises by at most {CALIBRATION}",
        _calibration,
    ),
    Rule(
        "fairness",
        f"no swapped attribute moves lawful adverts by over {GAP} more, or the priority of over "
        f"{MORE_PRIORITIES} more victims' texts",
        _fairness,
    ),
    Rule("speed", f"it is not surely (95 %) slower than {SLOWEST} times the old one", _speed),
    Rule("size", f"it is at most {LARGEST} times as large", _size),
)
