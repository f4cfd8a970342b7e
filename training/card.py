"""The model card: written from what the artefact and its report say, never by hand."""

from typing import Any

from models.artifact import Artifact
from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from training.markdown import share, table

Report = dict[str, Any]


def model_card(artifact: Artifact, report: Report) -> str:
    """Return MODEL_CARD.md: front matter of a Hugging Face model card, use, limits, figures."""
    test = report["test_split"]
    manifest = artifact.manifest
    languages = "\n".join(f"- {tag}" for tag in artifact.languages)
    benign = report["false_alarms"]
    worst = sorted(benign.items(), key=lambda item: -item[1]["balanced"]["share"])[:5]
    weak = sorted(test["labels"].items(), key=lambda item: item[1]["average_precision"])[:6]
    few = sorted(code for code, entry in test["labels"].items() if entry["positives"] < 20)
    written = test["written_by_language"]
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

`intfloat/multilingual-e5-small` (MIT), vocabulary cut to {manifest["recipe"]["vocabulary"]["size"]:,} pieces, fine-tuned on openly
licensed sets and on texts written for this project by a language model; no native speaker has reviewed those yet.
`data_cards/` describes every set, `manifest.json` holds the recipe. Texts of sets without a clear licence were used to
measure only. Weights are int8 per output channel, run in bfloat16 or float32.

## Figures

All from `report.json` beside this card; `scamscreen-train evaluate` makes it again. Test texts: one per near-duplicate group.

| | |
|---|---|
| macro average precision, {test["labels_in_macro"]} labels with 20 or more positives | {test["macro_average_precision"]:.3f} (character n-grams {test["baseline_macro_average_precision"]:.3f}) |
| any label, average precision, {test["any_label"]["n"]:,} texts | {test["any_label"]["average_precision"]:.3f} (URLs and digits masked {test["any_label_masked"]:.3f}; character n-grams {test["any_label"]["baseline_average_precision"]:.3f}) |
| person_at_risk found at `screening` | {share(test["person_at_risk_recall_screening"])} |
| role accuracy on written texts | {share(test["role_accuracy_written"])} |
| false alarms on warnings and news about scams | {share(report["warnings"])} |

Written test texts at `balanced`, by language:

{table(("language", "any right label", "false alarms"), [(tag, share(entry["any_right_label"]), share(entry["false_alarms"])) for tag, entry in written.items()]).rstrip()}

## Known failures

- Most false alarms on benign sets, `balanced`: {"; ".join(f"{name} {share(entry['balanced'])}" for name, entry in worst)}.
- Lowest average precision: {"; ".join(f"{code} {entry['average_precision']:.2f} ({entry['positives']} positives)" for code, entry in weak)}.
- Too few test texts to say anything: {", ".join(few) or "none"}.
- Short lures are missed more often: of written positives of at most 60 characters it finds a right label on {share(test["written_short"])}.
- `commercial_sex_ad` has no written training text yet: treat its probability as unknown.
- No language carries a certificate: every flag is listed in `uncertified`.
- Scam texts of Khmer, Lao, Malay, and trafficking recruitment, pleas, smuggling and mule recruitment in every language, were
  learnt from written texts alone, about ten a language and label.
- `indicators` and `entities` of the record are empty; evidence is the most influential passage.
"""  # noqa: E501
