"""A comparison as Markdown: the verdict first, then what it rests on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from training.markdown import number, table
from training.prove.cells import ALARMS, BENIGN, ENOUGH, EVERY, PRECISION, RECALL, RIGHT

Report = dict[str, Any]
_MOST = 25
_MEASURES = {
    RIGHT: "Positives with a right label, `balanced`",
    RECALL: "Recall by label and language, `balanced`",
    PRECISION: "Average precision by label and language",
    BENIGN: "Benign texts with any flag, `balanced`",
    ALARMS: "Texts without a label that get it, `balanced`",
}


def compare_markdown(report: Report) -> str:
    """Return the whole comparison."""
    old, new = report["old"], report["new"]
    parts = [
        f"# {new['name']} {new['version']} in the place of {old['name']} {old['version']}\n",
        f"Old sha256 `{old['sha256'][:16]}`, new `{new['sha256'][:16]}`. "
        f"{sum(report['texts'].values()):,} texts of {len(report['texts'])} sets that no training reads. "
        "Changes are new - old, with their 95 % interval: paired bootstrap over groups of near duplicates.\n",
        _verdict(report["verdict"]),
        *(
            _hardship(f"The set {name}", "figure, `balanced`", figures)
            for name, figures in report["labelled_sets"].items()
        ),
        *(_cells(report["cells"], measure) for measure in _MEASURES),
        _sets(report["sets"]),
        _hardship("With URLs and digits masked", "figure", report["masked"]),
        _hardship("Under attack: positives with a right label", "attack", report["attacked"]),
        _written_test(report["written_test"]),
        _trust(report),
        _speed(report),
        "![What changed](changes.png)\n",
        "![Recall by language and label](recall_changes.png)\n",
        "![Reliability](calibration.png)\n",
    ]
    return "\n".join(part for part in parts if part)


def summary(report: Report) -> str:
    """Return the verdict in a few lines, for a terminal and a model card."""
    return _verdict(report["verdict"])


def _verdict(verdict: Mapping[str, Any]) -> str:
    rules = verdict["rules"]
    broken = [rule for rule in rules if rule["broken"]]
    head = (
        "**No rule is broken: it may be promoted.**"
        if verdict["passed"]
        else f"**{len(broken)} of {len(rules)} rules are broken: promoting it takes a reason.**"
    )
    lines = [
        f"- {'BROKEN' if rule['broken'] else 'kept'}: {rule['words']}"
        + "".join(f"\n  - {one}" for one in rule["broken"])
        for rule in rules
    ]
    return "\n".join(["## Verdict\n", head, "", *lines, ""])


def _cells(cells: Sequence[Report], measure: str) -> str:
    """Return the cells over all languages, then those that changed most for sure, either way."""
    of_measure = [cell for cell in cells if cell["measure"] == measure]
    if not of_measure:
        return ""
    over_all = [cell for cell in of_measure if cell["language"] == EVERY or cell["label"] == "any"]
    moved = [
        cell for cell in of_measure if cell not in over_all and not _holds_zero(cell) and cell["n"] >= ENOUGH
    ]
    moved.sort(key=lambda cell: -abs(cell["new"] - cell["old"]))
    parts = [f"## {_MEASURES[measure]}\n", _cell_table(over_all)]
    if moved:
        parts += [
            f"Of single languages, where the interval leaves out 0 and n is {ENOUGH} or more "
            f"({min(_MOST, len(moved))} of {len(moved)}; all are in compare.json):\n",
            _cell_table(moved[:_MOST]),
        ]
    return "\n".join(parts)


def _cell_table(cells: Sequence[Report]) -> str:
    rows = [
        (
            cell["label"],
            cell["language"],
            f"{cell['n']:,}",
            number(cell["old"]),
            number(cell["new"]),
            _change(cell),
            "" if cell["p_adjusted"] is None else f"{cell['p_adjusted']:.3f}",
        )
        for cell in cells
    ]
    return table(("label", "language", "n", "old", "new", "change, 95 %", "p of worse (Holm)"), rows)


def _holds_zero(entry: Mapping[str, Any]) -> bool:
    low, high = entry["change95"]
    return bool(low <= 0 <= high)


def _change(entry: Mapping[str, Any]) -> str:
    low, high = entry["change95"]
    return f"{entry['new'] - entry['old']:+.3f} [{low:+.3f}, {high:+.3f}]"


def _sets(sets: Mapping[str, Any]) -> str:
    rows = [
        (
            measure.replace("_", " "),
            name,
            f"{entry['n']:,}",
            number(entry["previous"]),
            number(entry["this"]),
            "[{:+.3f}, {:+.3f}]".format(*entry["rise95"]),
        )
        for measure in ("average_precision", "recall", "false_alarms")
        for name, entry in sets[measure].items()
    ]
    return f"## Set by set\n\n{table(('figure', 'set', 'n', 'old', 'new', 'change, 95 %'), rows)}"


def _hardship(title: str, what: str, entries: Mapping[str, Any]) -> str:
    if not entries:
        return ""
    rows = [
        (name, f"{entry['n']:,}", number(entry["old"]), number(entry["new"]), _change(entry))
        for name, entry in entries.items()
    ]
    return f"## {title}\n\n{table((what, 'n', 'old', 'new', 'change, 95 %'), rows)}"


def _written_test(entry: Mapping[str, Any]) -> str:
    """Return the figures of the independent written test, both beside each other."""
    old, new = entry["old"], entry["new"]

    def of_share(name: str) -> tuple[str, ...]:
        return tuple("" if one[name]["share"] is None else f"{one[name]['share']:.3f}" for one in (old, new))

    rows = [
        (
            "macro average precision",
            number(old["macro_average_precision"]),
            number(new["macro_average_precision"]),
        ),
        *(
            (words, *of_share(name))
            for name, words in (
                ("any_right_label", "positives with a right label"),
                ("false_alarms", "false alarms"),
                ("false_alarms_hard", "false alarms on hard negatives"),
                ("false_alarms_on_warnings", "false alarms on warnings"),
                ("role_accuracy", "right role"),
                ("person_at_risk_screening", "person_at_risk found at `screening`"),
            )
        ),
        *(
            (
                f"{code}: average precision",
                number(old["labels"][code]["average_precision"]),
                number(one["average_precision"]),
            )
            for code, one in new["labels"].items()
        ),
    ]
    return (
        f"## The independent written test\n\n{new['n']:,} texts; scored so far: {entry['scorings']} "
        "artefacts.\n\n"
        f"{table(('', 'old', 'new'), rows)}"
    )


def _trust(report: Report) -> str:
    def both(entry: Mapping[str, Any], shown: Callable[[Any], str]) -> tuple[str, str]:
        old, new = ("none" if entry[which] is None else shown(entry[which]) for which in ("old", "new"))
        return old, new

    calibration = report["calibration"]
    rows = [
        (
            code,
            *both(entry["calibration_error"], lambda value: f"{value:.3f}"),
            *both(entry["brier"], lambda value: f"{value:.4f}"),
        )
        for code, entry in [*calibration["labels"].items(), ("mean", calibration["mean"])]
    ]
    promised = [
        (language, *both(bounds, lambda value: f"{100 * value:.2f} %"))
        for language, bounds in report["certificates"].items()
    ]
    swapped = [
        (
            attribute,
            *both(entry["mean_gap"], lambda value: f"{value:.3f}"),
            *both(entry["priority_changed"], str),
        )
        for attribute, entry in report["fairness"].items()
    ]
    return "\n".join(
        [
            "## Calibration\n",
            table(("label", "error, old", "error, new", "Brier, old", "Brier, new"), rows),
            "## Certificates: benign texts with a flag, at most\n",
            table(("language", "old", "new"), promised),
            "## Fairness\n",
            table(("swapped", "mean gap, old", "new", "priorities changed, old", "new"), swapped),
        ]
    )


def _speed(report: Report) -> str:
    speed, sizes = report["speed"], report["sizes"]
    rates = speed["documents_per_second"]
    low, high = speed["ratio95"]
    rows = [
        ("documents a second", f"{rates['old']:,.0f}", f"{rates['new']:,.0f}"),
        *(
            (
                words,
                *(
                    f"{sizes[which][name] / unit:,.1f}" if sizes[which][name] else ""
                    for which in ("old", "new")
                ),
            )
            for name, words, unit in (("bytes", "MB on the disk", 1e6), ("pieces", "1,000 pieces", 1e3))
        ),
    ]
    return (
        f"## Speed and size\n\n{table(('', 'old', 'new'), rows)}\n"
        f"New / old {speed['ratio']:.2f} [{low:.2f}, {high:.2f}], median of {speed['rounds']} pairs that "
        f"took turns, {speed['documents']} documents each.\n"
    )
