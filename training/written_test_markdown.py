"""The written test, the attacks and the certificates as Markdown sections of the report."""

from collections.abc import Mapping
from typing import Any

from training.markdown import number, share, table
from training.written_test_report import ENOUGH

Report = Mapping[str, Any]


def written_test_section(test: Report) -> str:
    """Return the figures of the independent written test; under 40 texts a cell says so."""
    labels = [
        (
            code,
            entry["positives"],
            number(entry["average_precision"]) if entry["positives"] >= ENOUGH else "too few",
            _if_enough(entry["recall"]),
            number(entry.get("brier_skill")),
            number(entry.get("calibration_error")),
        )
        for code, entry in test["labels"].items()
    ]
    return "\n".join(
        [
            "## Independent written test, `balanced`\n",
            f"{test['n']:,} texts by writers who had seen no training text, {test['positives']:,} positive. "
            f"Scored so far: {test['scorings']} artefacts.\n",
            table(
                ("figure", "value"),
                [
                    (
                        f"macro average precision, {test['labels_in_macro']} labels",
                        number(test["macro_average_precision"]),
                    ),
                    ("any right label on positives", share(test["any_right_label"])),
                    ("false alarms on benign", share(test["false_alarms"])),
                    ("false alarms on hard negatives", share(test["false_alarms_hard"])),
                    ("false alarms on warnings", share(test["false_alarms_on_warnings"])),
                    ("role accuracy", share(test["role_accuracy"])),
                    ("person_at_risk found at `screening`", share(test["person_at_risk_screening"])),
                    ("pleas with an offence in `flags`", len(test["pleas_with_an_offence_in_flags"])),
                ],
            ),
            f"Pleas missed at `screening`: {', '.join(test['person_at_risk_missed']) or 'none'}.\n",
            table(
                ("label", "positives", "average precision", "recall", "Brier skill", "calibration error"),
                labels,
            ),
            table(
                ("language", "any right label", "false alarms"),
                [
                    (language, share(entry), share(test["false_alarms_by_language"][language]))
                    for language, entry in test["any_right_label_by_language"].items()
                ],
            ),
            table(
                ("role", "any right label"),
                [(role, _if_enough(entry)) for role, entry in test["any_right_label_by_role"].items()],
            ),
        ]
    )


def attacks_section(attacks: Report) -> str:
    """Return attack success, macro over languages, of the model beside the character baseline."""
    cells: dict[tuple[str, str], dict[tuple[str, bool], Report]] = {}
    for name, results in attacks.items():
        for result in results:
            cell = cells.setdefault((result["family"], result["strength"]), {})
            cell[name, result["normalised"]] = result
    columns = (("model", True), ("model", False), ("character n-grams", True), ("character n-grams", False))
    rows = []
    for (family, strength), cell in cells.items():
        successes = [cell.get(column, {}).get("success_macro") for column in columns]
        rows.append((family, strength, *map(_per_cent, successes), share(cell["model", True]["raised"])))
    head = ("attack", "strength", "success", "without normalisation", "n-grams", "n-grams without", "raised")
    return "\n".join(
        [
            "## Attacks\n",
            "Success: of texts with a right label flagged, the share that loses every right label; macro "
            "over languages. Raised: quiet benign texts that become flagged.\n",
            table(head, rows),
        ]
    )


def certificates_section(certificates: Report) -> str:
    """Return what is certified, per language and not for all languages at once."""
    return "\n".join(
        [
            "## Certificates\n",
            "P(any label flagged | benign) at `balanced`, one-sided 95 % bound, language by language.\n",
            table(
                ("language", "benign texts", "flags allowed", "bound"),
                [
                    (language, f"{entry['n']:,}", entry["k"], _per_cent(entry["bound"]))
                    for language, entry in certificates.items()
                ],
            ),
        ]
    )


def _if_enough(entry: Report) -> str:
    return share(entry) if entry["n"] >= ENOUGH else f"too few ({entry['n']})"


def _per_cent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.2f} %"
