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
    """Return what a nationality, a gender, a religion or a place alone moves."""
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


def time_section(collections: Report) -> str:
    """Return the earlier and the later collection of one set."""
    rows = [
        (name, share(entry["recall"]), share(entry["promotions_flagged"]))
        for name, entry in collections.items()
    ]
    head = ("collection, the later one last", "fraud found", "promotions flagged")
    return "## Later messages, `balanced`\n\n" + table(head, rows)


def new_texts_section(new_texts: Report) -> str:
    """Return the `test` split beside that part of it that is unlike anything in training."""
    rows = [
        (
            name,
            f"{entry['n']:,}",
            entry["positives"],
            number(entry["average_precision"]),
            share(entry["recall"]),
            share(entry["false_alarms"]),
        )
        for name, entry in ((key, new_texts[key]) for key in ("all", "new"))
    ]
    head = ("texts", "n", "positives", "average precision", "any flag on positives", "on benign texts")
    return "\n".join(
        [
            "## Campaigns held out (test split), `balanced`\n",
            "New: the cosine of character n-grams to the closest training text is under "
            f"{new_texts['closest']}.\n",
            table(head, rows),
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
            ("benign texts flagged", report["false_alarms"]),
        )
        for name, entry in entries.items()
    ]
    head = ("set", "n", "this", report["previous"]["version"], "rise, 95 %")
    return f"## Against model {report['previous']['version']}\n\n" + table(head, rows)


def held_out_section(held_out: Report) -> str:
    """Return the sources a short run left out, as it sees them, beside the short run that read them."""
    rows = [
        (
            name,
            entry["n"],
            entry["positives"],
            *_of_model(entry["never_seen"]),
            *_of_model(entry["seen"]),
        )
        for name, entry in held_out.items()
    ]
    of_model = ("average precision", "recall", "false alarms")
    head = ("source", "n", "positives", *of_model, *(f"{name}, seen" for name in of_model))
    return "\n".join(
        [
            "## Sources held out, `balanced`\n",
            "A short run whose recipe leaves these sources out, beside the same run on all of them (seen).\n",
            table(head, rows),
        ]
    )


def ablations_section(variants: Mapping[str, Report]) -> str:
    """Return what a short run finds with one part of training changed at a time, beside the full run."""
    figures = {
        "written_macro": "written: macro average precision",
        "written_any_right_label": "any right label",
        "written_false_alarms": "false alarms",
        "public_any_label": "public sets: average precision",
        "public_false_alarms": "false alarms",
    }
    return "\n".join(
        [
            "## What each part of training buys\n",
            "Short runs of the same seed, each with one part changed (`training/ablations.toml`), on the "
            "`test` split, `balanced`; `whole` changes nothing, `full` is this model.\n",
            table(
                ("run", *figures.values()),
                [(name, *(number(entry[key]) for key in figures)) for name, entry in variants.items()],
            ),
        ]
    )


def _of_model(entry: Report) -> tuple[str, str, str]:
    return number(entry["average_precision"]), share(entry["recall"]), share(entry["false_alarms"])


def _moved(shares: list[Report]) -> str:
    return " -> ".join(share(entry) for entry in shares)


def _rise(entry: Report) -> str:
    low, high = entry["rise95"]
    return f"[{low:.3f}, {high:.3f}]"
