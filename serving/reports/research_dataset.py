"""Labelled texts -> a labelled dataset folder, as `scamscreen-train` and `datasets.load_dataset` read it.

`training/labelled` says what stands in it. People who labelled are told apart and not named.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from models.errors import InputError
from models.taxonomy import ENTITY_TYPES, INDICATORS, LABELS
from serving.moment import iso
from serving.reports.derived_texts import MOST_TO_SEARCH
from serving.reports.research_texts import research_text
from serving.store.casework.labelled import Labelled
from serving.store.casework.labellings import LabelSpan

TOO_MUCH: Final = "that name too much to look for in them"
_PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_CONSENT: Final = (
    "Reports of people who agreed to research (consent.research = yes), as they were when it was made."
)
_CARD: Final = """---
configs:
- config_name: default
  data_files: texts.jsonl
---

# {name}

{rows} texts that people reported and reviewers labelled, written on {created_at} by
`scamscreen export-labels`. {consent}
{victims} of them are victims' accounts.

Telephone numbers, addresses, accounts and handles were replaced by fictional ones; names, papers, rooms and
plates by placeholders. A machine misses some, so read the texts before you pass them on. Reviewers are
numbered. `labels` holds the share of a text's reviewers who say that a label holds; `key` is the id of the
report, by which its words can be asked to be removed.

No finding of fact, no identification of a victim or an offender.
"""


def check_dataset_folder(folder: Path) -> None:
    """Check that a dataset can be written to a folder.

    Raises:
        InputError: it is there already, or its name cannot be that of a dataset.
    """
    if folder.exists():
        raise InputError(f"{folder} is there already: name a new folder")
    if not _NAME.fullmatch(folder.name):
        raise InputError("the name of the folder is that of the dataset: up to 64 letters, digits and . _ -")


def can_be_replaced(one: Labelled) -> bool:
    """Return whether what leads to people in a text can be looked for in seconds."""
    return len(one.text) * len(one.entities) <= MOST_TO_SEARCH


def write_dataset(folder: Path, texts: Sequence[Labelled], *, now_ms: int) -> None:
    """Write labelled texts to a new folder that nobody else on the machine reads."""
    folder.mkdir(mode=_PRIVATE_FOLDER, parents=True)
    about = {
        "name": folder.name,
        "licence": "unpublished",
        "consent": _CONSENT,
        "made_from": {"file": "the store of the service", "sha256": "", "format": "console"},
        "mapping": {},
        "rows": len(texts),
        "created_at": iso(now_ms),
    }
    victims = sum(one.of_victim for one in texts)
    files = {
        "texts.jsonl": "".join(json.dumps(row) + "\n" for row in _rows(texts)),
        "dataset.json": json.dumps(about, indent=1) + "\n",
        "README.md": _CARD.format(**about, victims=victims),
    }
    for name, content in files.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)


def _rows(texts: Sequence[Labelled]) -> Iterator[dict[str, Any]]:
    numbers: dict[tuple[int, str], int] = {}
    for one in texts:
        told = next((said.spans for said in reversed(one.labellings) if said.spans is not None), ())
        written = research_text(one.text, one.entities, told, name=one.report_id)
        said = [(*labelling.labels, *labelling.context_labels) for labelling in one.labellings]
        reviewers = [
            numbers.setdefault((one.organisation_id, labelling.actor), len(numbers) + 1)
            for labelling in one.labellings
        ]
        yield {
            "key": one.report_id,
            "text": written.text,
            "language": one.language or "und",
            "role": None,
            "labels": {code: sum(code in codes for codes in said) / len(said) for code in LABELS},
            "spans": [_span(span) for span in written.spans],
            "group": "" if one.campaign_id is None else f"campaign {one.campaign_id}",
            "annotations": [
                {
                    "annotator": f"reviewer {number}",
                    "labels": [code for code in LABELS if code in codes],
                    "role": None,
                }
                for number, codes in zip(reviewers, said, strict=True)
            ],
        }


def _span(span: LabelSpan) -> dict[str, Any]:
    kinds = {"label": LABELS, "indicator": INDICATORS, "entity": ENTITY_TYPES}
    kind = next(kind for kind, codes in kinds.items() if span.code in codes)
    return {"kind": kind, "code": span.code, "start": span.start, "end": span.end}
