"""The card of a labelled dataset: drafted from what its files say; what no file knows stands in brackets."""

from collections.abc import Mapping
from typing import Any, Final

from training.labelled.check import Check
from training.labelled.check_markdown import classes_table
from training.labelled.counts import class_counts
from training.labelled.dataset import TEXTS_FILE, LabelledDataset
from training.markdown import table

DRAFT: Final = "<!-- a draft of scamscreen-train: take this line out when you have read it -->"
_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
_LARGER: Final = "n>100K"


def dataset_card(dataset: LabelledDataset, check: Check | None = None) -> str:
    """Return the card of a dataset, with what a check found if there was one."""
    about, rows = dataset.about, dataset.rows
    annotators = {one.annotator for row in rows for one in row.annotations}
    languages = sorted({row.language for row in rows})
    size = next((name for most, name in _SIZES if len(rows) < most), _LARGER)
    made_from = about["made_from"]
    return f"""---
license: {about["licence"].lower()}
language: [{", ".join(languages)}]
pretty_name: "{dataset.name}"
size_categories: ["{size}"]
source_datasets: [original]
task_categories: [text-classification]
configs:
- config_name: default
  data_files: {TEXTS_FILE}
---

{DRAFT}

## What it is

{len(rows):,} texts, made from `{made_from["file"]}` ({made_from["format"]}, sha256 `{made_from["sha256"]}`)
on {about["created_at"]}. {len(annotators)} people labelled them, as far as the file names people. A share between 0 and 1 says how
many of them think that a label holds. [Who collected the texts, when and where; who labelled them, by what instructions.]

{classes_table(class_counts(rows))}
## Label mapping

{_mapping(about["mapping"])}
## Known traps

{_traps(check)}
## Personal data

{about["consent"]}

{_personal(check)}
## Good uses

[What the texts are like, and what a model that learnt from them may be used for.]

## Bad uses

[What they are not like.] No decision about a person may rest on a model that learnt from them.

## How to get it

[Whom to ask, and what they must agree to.]
"""  # noqa: E501


def _mapping(mapping: Mapping[str, Any]) -> str:
    codes = mapping.get("codes")
    if not codes:
        return "Labels are codes of the taxonomy.\n"
    rows = [
        (f"`{label}`", meaning if isinstance(meaning, str) else ", ".join(meaning) or "none of those asked")
        for label, meaning in codes.items()
    ]
    asked = ", ".join(mapping.get("asked", ()))
    told = table(("theirs", "ours"), rows)
    return f"People looked for: {asked}. What nobody looked for is not known.\n\n{told}"


def _traps(check: Check | None) -> str:
    if check is None:
        return "[Run `scamscreen-train data check`, then `data card`.]\n"
    alphas = [f"{one.code} {one.alpha:.2f}" for one in check.agreements if one.alpha is not None]
    return (
        f"{check.copies.exact:,} texts repeat another to the letter, {check.copies.near:,} nearly. "
        f"{len(check.copies.leaks):,} resemble a text of a test. {len(check.suspects):,} labels are probably "
        "wrong by a plain model. "
        f"Krippendorff's alpha: {', '.join(alphas) or 'no text was labelled twice'}.\n"
    )


def _personal(check: Check | None) -> str:
    if check is None:
        return "[Whose words these are, and what could identify somebody.]\n"
    if not check.personal:
        return "Rules find nothing that may lead to a person; they do not look for names.\n"
    rows = [(one.type, one.mentions, one.texts) for one in check.personal]
    return f"{table(('found by rules', 'mentions', 'texts'), rows)}\nNames of persons are not looked for.\n"
