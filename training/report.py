"""A report -> report.json, report.md and plots."""

from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt

from models.language import FIRST_CLASS
from models.taxonomy import LABELS
from training.files import write_json
from training.markdown import number, share, table
from training.plots import NEW, OLD, save
from training.transfer_markdown import (
    ablations_section,
    fairness_section,
    hand_labelled_section,
    held_out_section,
    new_texts_section,
    previous_section,
    stress_section,
    time_section,
)
from training.written_test_markdown import attacks_section, certificates_section, written_test_section

Report = dict[str, Any]


def write_report(report: Report, folder: Path) -> None:
    """Write report.json, report.md and four PNG plots into a folder."""
    write_json(folder / "report.json", report)
    (folder / "report.md").write_text(report_markdown(report), encoding="utf-8")
    plot_curves(report, folder / "precision_recall.png")
    plot_reliability(report, folder / "reliability.png")
    plot_heat_map(report, folder / "language_by_label.png")
    plot_attacks(report, folder / "attacks.png")


def report_markdown(report: Report) -> str:
    """Return the report as Markdown: shortfalls are as visible as the rest."""
    model, test = report["artifact"], report["test_split"]
    parts = [
        "# Evaluation report\n",
        f"Model `{model['name']}` {model['version']}, sha256 `{model['sha256'][:16]}`. "
        f"One text per near-duplicate group, at most {report['texts_per_set']:,} of each set, in proportion "
        f"but for at least {report['least_positives']} positives where there are so many. "
        "95 % intervals in brackets.\n",
        "Texts of `eval_only` sets that resemble training texts are left out: "
        + (", ".join(f"{name} {n:,}" for name, n in report["leaked"].items()) or "none")
        + ".\n",
        "## Labels on the test split\n",
        f"Macro average precision over {test['labels_in_macro']} labels with 20 or more positives: "
        f"**{test['macro_average_precision']:.3f}** "
        f"(character n-grams {test['baseline_macro_average_precision']:.3f}).\n",
        table(
            (
                "label",
                "positives",
                "prevalence",
                "average precision",
                "masked",
                "recall at 1 %",
                "character n-grams",
            ),
            [
                (
                    code,
                    entry["positives"],
                    number(entry["prevalence"]),
                    number(entry["average_precision"]),
                    number(entry["average_precision_masked"]),
                    number(entry["recall_at_1_percent"]),
                    number(entry["baseline_average_precision"]),
                )
                for code, entry in test["labels"].items()
            ],
        ),
        f"Role accuracy {share(test['role_accuracy'])}; "
        f"on written texts {share(test['role_accuracy_written'])}. "
        f"person_at_risk found at `screening`: {share(test['person_at_risk_recall_screening'])}.\n",
        "## Written texts (test split), `balanced`\n",
        table(
            ("language", "any right label", "false alarms"),
            [
                (language, share(entry["any_right_label"]), share(entry["false_alarms"]))
                for language, entry in test["written_by_language"].items()
            ],
        ),
        written_test_section(report["written_test"]),
        attacks_section(report["attacks"]),
        "![Attacks](attacks.png)\n",
        stress_section(report["stress"]),
        fairness_section(report["fairness"]),
        certificates_section(report["certificates"]),
        new_texts_section(report["new_texts"]),
        time_section(report["later_collection"]),
        hand_labelled_section(report["hand_labelled"]),
        *([previous_section(report["previous"])] if "previous" in report else []),
        *([held_out_section(report["held_out"])] if "held_out" in report else []),
        *([ablations_section(report["ablations"])] if "ablations" in report else []),
        "## Two-class sets\n",
        "Average precision of the scam score over each set's labels. Masked: URLs and digits replaced.\n",
        table(
            (
                "set",
                "n",
                "positives",
                "average precision",
                "character n-grams",
                "difference, 95 %",
                "masked",
                "n-grams masked",
                "keywords",
                "recall at 1 %",
                "n-grams recall at 1 %",
            ),
            [
                (
                    name + ("" if entry.get("eval_only") else " (test split)"),
                    entry["n"],
                    entry["positives"],
                    number(entry["average_precision"]),
                    number(entry["baseline_average_precision"]),
                    "[{:.3f}, {:.3f}]".format(*entry["difference95"]),
                    number(entry.get("average_precision_masked", report["test_split"]["any_label_masked"])),
                    number(entry.get("baseline_average_precision_masked")),
                    number(entry.get("keyword_average_precision", test["keyword_average_precision"])),
                    number(entry["recall_at_1_percent"]),
                    number(entry["baseline_recall_at_1_percent"]),
                )
                for name, entry in {"test split, any label": test["any_label"], **report["two_class"]}.items()
            ],
        ),
        "## Recall on sets that hold only scams\n",
        table(
            ("set", "screening", "balanced", "strict"),
            [
                (name, *(share(entry[point]) for point in ("screening", "balanced", "strict")))
                for name, entry in report["recall"].items()
            ],
        ),
        "## False alarms on benign texts\n",
        table(
            ("set", "n", "screening", "balanced", "strict"),
            [
                (
                    name + (" (eval only)" if entry["eval_only"] else ""),
                    entry["balanced"]["n"],
                    *(share(entry[point]) for point in ("screening", "balanced", "strict")),
                )
                for name, entry in report["false_alarms"].items()
            ],
        ),
        "On texts of role `warning` (news and advisories about scams), `balanced`: "
        f"{share(report['warnings'])}.\n",
        "## False alarms on news (NTREX test lines), `balanced`\n",
        table(
            ("language", "n", "flagged"),
            [(language, entry["n"], share(entry)) for language, entry in report["ntrex_by_language"].items()],
        ),
        f"## Vocabulary\n\n{report['vocabulary']['pieces']:,} pieces. "
        "Tokens per word (per 5 characters in unspaced scripts):\n",
        table(
            ("language", "before trimming", "after"),
            [
                (language, *map(number, pair))
                for language, pair in report["vocabulary"]["tokens_per_word"].items()
            ],
        ),
        "## Language identification (NTREX)\n",
        _language_table(report["language_identification"]),
        "![Precision and recall](precision_recall.png)\n",
        "![Reliability](reliability.png)\n",
        "![Average precision by language and label](language_by_label.png)\n",
    ]
    return "\n".join(parts)


def plot_curves(report: Report, path: Path) -> None:
    """Draw precision against recall of every two-class set, ours beside character n-grams."""
    sets = report["two_class"]
    columns = 4
    rows = max(1, -(-len(sets) // columns))
    figure, axes = plt.subplots(rows, columns, figsize=(3.2 * columns, 2.8 * rows), squeeze=False)
    for axis in axes.flat[len(sets) :]:
        axis.axis("off")
    for axis, (name, entry) in zip(axes.flat, sets.items(), strict=False):
        axis.plot(*zip(*entry["baseline_curve"], strict=True), color=OLD, label="character n-grams")
        axis.plot(*zip(*entry["curve"], strict=True), color=NEW, label="ScamScreen")
        axis.axhline(entry["prevalence"], color="black", linewidth=0.6, linestyle=":")
        axis.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="recall", ylabel="precision")
        axis.set_title(name, fontsize=8)
    axes.flat[0].legend(fontsize=7, loc="lower left")
    save(figure, path)


def plot_reliability(report: Report, path: Path) -> None:
    """Draw the share of positives against the mean probability for the labels with most positives."""
    labels = sorted(report["test_split"]["labels"].items(), key=lambda item: -item[1]["positives"])[:6]
    figure, axes = plt.subplots(2, 3, figsize=(9, 6), squeeze=False)
    for axis in axes.flat[len(labels) :]:
        axis.axis("off")
    for axis, (code, entry) in zip(axes.flat, labels, strict=False):
        points = entry["reliability"]
        axis.plot([0, 1], [0, 1], color="black", linewidth=0.6, linestyle=":")
        axis.plot(
            [p for p, _, _ in points],
            [t for _, t, _ in points],
            marker="o",
            markersize=3,
            color=NEW,
        )
        axis.set(xlim=(0, 1), ylim=(0, 1), xlabel="mean probability", ylabel="share that hold")
        axis.set_title(f"{code} ({entry['positives']} positives)", fontsize=8)
    save(figure, path)


def plot_heat_map(report: Report, path: Path) -> None:
    """Draw average precision by language and label; grey where there are fewer than three positives."""
    cells = report["test_split"]["language_x_label"]
    values = [[cells[language][code] for code in LABELS] for language in FIRST_CLASS]
    figure, axis = plt.subplots(figsize=(11, 5.2))
    shown = [[float("nan") if value is None else value for value in row] for row in values]
    colours = plt.get_cmap("viridis").with_extremes(bad="#dddddd")
    image = axis.imshow(shown, vmin=0, vmax=1, cmap=colours, aspect="auto")
    axis.set_xticks(range(len(LABELS)), LABELS, rotation=60, ha="right", fontsize=7)
    axis.set_yticks(range(len(FIRST_CLASS)), FIRST_CLASS)
    for row, of_language in enumerate(values):
        for column, value in enumerate(of_language):
            if value is not None:
                axis.text(
                    column,
                    row,
                    f"{value:.2f}",
                    ha="center",
                    va="center",
                    fontsize=6,
                    color="white" if value < 0.6 else "black",
                )
    figure.colorbar(image, label="average precision")
    save(figure, path)


def plot_attacks(report: Report, path: Path) -> None:
    """Draw the success of every attack, macro over languages, with normalisation and without."""
    results = report["attacks"]["model"]
    names = list(dict.fromkeys(f"{result['family']} {result['strength']}".strip() for result in results))
    figure, axis = plt.subplots(figsize=(9, 0.32 * len(names) + 1.2))
    for offset, normalised, colour, label in (
        (-0.2, True, NEW, "as shipped"),
        (0.2, False, OLD, "without normalisation"),
    ):
        of_kind = {
            f"{result['family']} {result['strength']}".strip(): result["success_macro"] or 0.0
            for result in results
            if result["normalised"] is normalised
        }
        shown = [index for index, name in enumerate(names) if name in of_kind]
        axis.barh(
            [index + offset for index in shown],
            [100 * of_kind[names[index]] for index in shown],
            height=0.38,
            color=colour,
            label=label,
        )
    axis.set_yticks(range(len(names)), names, fontsize=7)
    axis.invert_yaxis()
    axis.set(xlabel="texts that lose every right label, % (macro over languages)")
    axis.legend(fontsize=7)
    save(figure, path)


def _language_table(accuracy: Report) -> str:
    """Return accuracy by language, full lines and their first 30 characters, in per cent."""
    rows = [
        (tag, f"{100 * value:.1f}", f"{100 * accuracy['first_30'][tag]:.1f}")
        for tag, value in accuracy["full"].items()
    ]
    return table(("language", "full lines, %", "first 30 characters, %"), rows)
