"""The model card: written from what the artefact and its report say, never by hand."""

from collections.abc import Mapping
from typing import Any

from models.artifact import Artifact
from models.plea_gate import PLEAS
from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from training.certify_gate import certificate_table
from training.markdown import number, share, table
from training.written_test_report import ENOUGH

Report = dict[str, Any]


def model_card(artifact: Artifact, report: Report) -> str:
    """Return MODEL_CARD.md: front matter of a Hugging Face model card, use, limits, figures."""
    test = report["written_test"]
    manifest = artifact.manifest
    languages = "\n".join(f"- {tag}" for tag in artifact.languages)
    worst = sorted(report["false_alarms"].items(), key=lambda item: -item[1]["balanced"]["share"])[:5]
    told = {code: entry for code, entry in test["labels"].items() if entry["positives"] >= ENOUGH}
    weak = sorted(told.items(), key=lambda item: item[1]["average_precision"])[:6]
    few = sorted(set(test["labels"]) - set(told))
    certificates = manifest["certificates"]
    figures = _figures(test, report)
    by_language = [
        (
            tag,
            share(entry),
            share(test["false_alarms_by_language"][tag]),
            f"{100 * certificates[tag]['bound']:.2f} %" if tag in certificates else "none",
        )
        for tag, entry in test["any_right_label_by_language"].items()
    ]
    fairness = [
        (name, number(entry["mean_gap"]), number(entry["largest_gap"]), len(entry["priority_changed"]))
        for name, entry in report["fairness"].items()
    ]
    attacks = _worst_attacks(report["attacks"]["model"])
    return f"""---
license: apache-2.0
base_model: intfloat/multilingual-e5-small
pipeline_tag: text-classification
language:
{languages}
tags:
- scam-detection
- human-trafficking
---

# {artifact.info.name} {artifact.info.version}

{DISCLAIMER_EN}

{DISCLAIMER_TH}

## Intended use

First reading of adverts, messages, chats, call transcripts and hotline reports by trained staff of cyber-taskforces,
anti-trafficking centres and hotlines: it puts texts in an order and says why. A person in danger comes first.

## Who must not use it

It must not decide anything about a person: no arrest, refusal, block, dismissal or victim status may rest on it. It must not
be pointed at a nationality, a community or private messages without a legal ground. It is not evidence. Absence of a
flag says nothing about a text.

## How it was made

`intfloat/multilingual-e5-small` (MIT), vocabulary cut to {manifest["vocabulary"]["pieces"]:,} pieces, fine-tuned on openly
licensed sets and on texts written for this project by a language model; no native speaker has reviewed those yet.
`data_cards/` describes every set, `manifest.json` holds the recipe. Texts of sets without a clear licence were used to
measure only. {_started_from(manifest)}Weights are int8 per output channel, run in bfloat16 or float32.

## Figures

All from `report.json` beside this card; `make report` makes it again. The independent written test: {test["n"]:,} texts by writers
who had seen no training text, {test["positives"]:,} of them positive, `balanced`. Scored so far: {test["scorings"]} artefacts.

{table(("", ""), figures).rstrip()}

{table(("language", "any right label", "false alarms", "certificate: at most"), by_language).rstrip()}

A certificate bounds P(any label flagged | benign) at `balanced` with 95 % confidence, for each language alone and for texts like
those it was measured on (sources in `manifest.json`); flags without one are listed in `uncertified`.

## Fairness

Lawful adverts and victims' texts of the written test, in versions that differ in one attribute.

{table(("swapped", "mean gap of a probability", "largest", "victims' texts whose priority changes"), fairness).rstrip()}

{_gate(manifest)}## Known failures

- Most false alarms on benign sets, `balanced`: {"; ".join(f"{name} {share(entry['balanced'])}" for name, entry in worst)}.
- Lowest average precision on the written test: {"; ".join(f"{code} {entry['average_precision']:.2f} ({entry['positives']} positives)" for code, entry in weak)}.
- Too few test texts to say anything: {", ".join(few) or "none"}.
- Pleas of people in danger that `screening` misses in the written test: {len(test["person_at_risk_missed"])} of {test["person_at_risk_screening"]["n"]}.
- Disguises that cost most: {"; ".join(attacks)}.
- Positives without a right label, for example: {"; ".join(test["examples"]["missed"]) or "none short enough to show"}.
- Benign texts flagged, for example: {"; ".join(test["examples"]["false_alarms"]) or "none short enough to show"}.
- Short lures are missed more often: of written test-split positives of at most 60 characters it finds a right label on {share(report["test_split"]["written_short"])}.
- Scam texts of Khmer, Lao, Malay, and trafficking recruitment, pleas, smuggling and mule recruitment in every language, were
  learnt from written texts alone.
- Persons, organisations, jobs and indicators are found by the network and far less surely than contacts, sums and places, which
  rules find; what each type is worth is in docs/report/entities.md.
"""  # noqa: E501


def _gate(manifest: Mapping[str, Any]) -> str:
    """Return the section on the gate, if there is one."""
    if "gate" not in manifest:
        return ""
    return f"""## The gate

With `scamscreen screen --cascade`, and nowhere else, a linear model of character n-grams answers for texts
that are clearly benign; the encoder never reads those. Of texts that it may answer, in splits it was not
fitted on:

{certificate_table(manifest["gate"]["certificate"])}
In sets it has never seen it loses more: docs/report/gate.md.

{_first_lane(manifest)}"""


def _first_lane(manifest: Mapping[str, Any]) -> str:
    """Return what the gate's head for pleas finds, if it has one."""
    if PLEAS not in manifest["gate"]:
        return ""
    found = manifest["gate"][PLEAS]["held_out"]["all"]
    return f"""A head of it for pleas chooses which stored reports are screened first. Of texts that it was
not fitted on it sends to the first lane {share(found["pleas"])} pleas
and {share(found["others"])} others; more in docs/report/gate.md.

"""


def _started_from(manifest: Mapping[str, Any]) -> str:
    """Return which artefact this one was trained on from, if any, as a sentence."""
    origin = manifest.get("started_from", {})
    if "artifact" not in origin:
        return ""
    return f"This run went on from {origin['artifact']} {origin['version']}, which was made the same way. "


def _figures(test: Report, report: Report) -> list[tuple[str, str]]:
    told = report["test_split"]["any_label"]
    return [
        (
            f"macro average precision, {test['labels_in_macro']} labels with 40 or more positives",
            number(test["macro_average_precision"]),
        ),
        ("any right label on positives", share(test["any_right_label"])),
        ("false alarms on hard negatives", share(test["false_alarms_hard"])),
        ("false alarms on warnings", share(test["false_alarms_on_warnings"])),
        ("role accuracy", share(test["role_accuracy"])),
        ("person_at_risk found at `screening`", share(test["person_at_risk_screening"])),
        (
            f"any label, average precision on {told['n']:,} texts of the open sets' test split",
            f"{told['average_precision']:.3f} (URLs and digits masked "
            f"{report['test_split']['any_label_masked']:.3f}; character n-grams "
            f"{told['baseline_average_precision']:.3f})",
        ),
    ]


def _worst_attacks(results: list[Report]) -> list[str]:
    """Return the three disguises that cost most as the model is shipped."""
    shipped = [result for result in results if result["normalised"] and result["success_macro"] is not None]
    shipped.sort(key=lambda result: -result["success_macro"])
    return [
        f"{result['family']} {result['strength']}".strip() + f" {100 * result['success_macro']:.0f} %"
        for result in shipped[:3]
    ]
