"""How the figures carry over, as Markdown: damaged texts, other people, other times, other artefacts."""

from collections.abc import Mapping
from typing import Any

from training.markdown import number, share, table

Report = Mapping[str, Any]


def stress_section(stress: list[Report]) -> str:
    """Return what each change of the written test leaves, before -> after, on the texts it touches."""
    rows = [
        (
            entry["change"],
            f"{entry['n']:,}",
            _moved(entry["any_right_label"]),
            _moved(entry["false_alarms"]),
            " -> ".join(number(value) for value in entry["macro_average_precision"]),
        )
        for entry in stress
    ]
    head = ("change", "texts", "any right label", "false alarms", "macro average precision")
    return "## Damaged, redacted, in another script (written test)\n\n" + table(head, rows)


def fairness_section(fairness: Report) -> str:
    """Return what a nationality, a gender, a religion or a town alone moves."""
    rows = [
        (
            attribute,
            entry["adverts"],
            number(entry["mean_gap"]),
            number(entry["largest_gap"]),
            entry["victims"],
            len(entry["priority_changed"]),
        )
        for attribute, entry in fairness.items()
    ]
    head = ("swapped", "lawful adverts", "mean gap", "largest gap", "victims' texts", "priority changed")
    return "\n".join(
        [
            "## Fairness (written test)\n",
            "Versions of one text that differ in one attribute. Gap: between the highest and the lowest "
            "probability of any label among the versions.\n",
            table(head, rows),
        ]
    )


def time_section(collections: Report, schemes: Report) -> str:
    """Return the earlier and later collection of one set, and ways of a crime no training text tells."""
    rows = [
        (name, share(entry["recall"]), share(entry["promotions_flagged"]))
        for name, entry in collections.items()
    ]
    return "\n".join(
        [
            "## Later messages, new schemes, `balanced`\n",
            table(("collection", "fraud found", "promotions flagged"), rows),
            "Written test-split texts whose scheme no training text has: any right label "
            f"{share(schemes['any_right_label'])}, false alarms {share(schemes['false_alarms'])}.\n",
        ]
    )


def hand_labelled_section(slices: Report) -> str:
    """Return slices of sets whose own labels are only those of their files, read text by text."""
    rows = [
        (
            name,
            entry["n"],
            entry["positives"],
            share(entry["own_labels_agree"]),
            number(entry["average_precision"]),
            number(entry["average_precision_own_labels"]),
            share(entry["recall"]),
            share(entry["false_alarms"]),
        )
        for name, entry in slices.items()
        if entry["n"]
    ]
    head = (
        "set",
        "n",
        "positives",
        "set's own labels agree",
        "average precision",
        "by its own labels",
        "recall",
        "false alarms",
    )
    return "## Hand-labelled slices of `test`, `balanced`\n\n" + table(head, rows)


def previous_section(report: Report) -> str:
    """Return this artefact beside the one it replaces."""
    rows = [
        (f"{name} ({kind})", entry["n"], number(entry["this"]), number(entry["previous"]), _rise(entry))
        for kind, entries in (
            ("average precision", report["average_precision"]),
            ("recall", report["recall"]),
        )
        for name, entry in entries.items()
    ]
    head = ("set", "n", "this", report["previous"]["version"], "rise, 95 %")
    return f"## Against model {report['previous']['version']}\n\n" + table(head, rows)


def held_out_section(held_out: Report) -> str:
    """Return six sources as seen by a short run that never read them."""
    rows = [
        (
            name,
            entry["n"],
            entry["positives"],
            *(
                cell
                for key in ("never_seen", "seen")
                for cell in (
                    number(entry[key]["average_precision"]),
                    share(entry[key]["recall"]),
                    share(entry[key]["false_alarms"]),
                )
            ),
        )
        for name, entry in held_out.items()
    ]
    head = (
        "source",
        "n",
        "positives",
        "average precision, never seen",
        "recall",
        "false alarms",
        "average precision, this model",
        "recall",
        "false alarms",
    )
    return "\n".join(
        [
            "## Sources held out\n",
            "One extra model, recipe `held_out`, read none of these six. `balanced`.\n",
            table(head, rows),
        ]
    )


def _moved(shares: list[Report]) -> str:
    return " -> ".join(share(entry) for entry in shares)


def _rise(entry: Report) -> str:
    low, high = entry["rise95"]
    return f"[{low:.3f}, {high:.3f}]"
