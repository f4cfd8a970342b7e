"""What is to be known of a labelled dataset before anything is trained with it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from datasets import Dataset

from training.labelled.agreement import Agreement, agreements
from training.labelled.copies import Copies, find_copies
from training.labelled.counts import ClassCount, class_counts, language_counts
from training.labelled.dataset import empty_classes, read_about, read_rows
from training.labelled.label_errors import Suspect, suspects
from training.labelled.personal_data import Mentions, personal_data
from training.labelled.row import LabelledRow


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found.

    Attributes:
        rows: those that keep the rules; all else is of them.
        problems: one for each row that breaks a rule.
        empty: labels that the mapping names and nobody gave.
        languages: (declared, detected) -> texts.
    """

    name: str
    rows: Sequence[LabelledRow]
    problems: Sequence[str]
    empty: Sequence[str]
    classes: Sequence[ClassCount]
    languages: Counter[tuple[str, str]]
    personal: Sequence[Mentions]
    copies: Copies
    suspects: Sequence[Suspect]
    agreements: Sequence[Agreement]

    def to_dict(self) -> dict[str, Any]:
        """Return what was found as a JSON object: codes, keys and counts, no text."""
        return {
            "name": self.name,
            "rows": len(self.rows),
            "problems": [*self.problems],
            "empty_classes": [*self.empty],
            "classes": [asdict(one) for one in self.classes],
            "languages": [
                {"declared": declared, "detected": detected, "texts": count}
                for (declared, detected), count in sorted(self.languages.items())
            ],
            "personal_data": [asdict(one) for one in self.personal],
            "copies": {
                "exact": self.copies.exact,
                "near": self.copies.near,
                "conflicting": [*self.copies.conflicting],
                "compared": self.copies.compared,
                "elsewhere": [
                    {"source": source, "split": split, "keys": [*keys]}
                    for (source, split), keys in self.copies.elsewhere.items()
                ],
            },
            "suspects": [asdict(one) for one in self.suspects],
            "agreement": [asdict(one) for one in self.agreements],
        }


def check_dataset(folder: Path, corpus: Dataset) -> Check:
    """Check a labelled dataset.

    Args:
        folder: of the dataset.
        corpus: what training and tests read, to find copies in.

    Raises:
        TrainingDataError: the folder is no labelled dataset; rows that break a rule are told in the check.
    """
    about = read_about(folder)
    rows, problems = read_rows(folder)
    copies = find_copies(rows, corpus)
    return Check(
        name=about["name"],
        rows=rows,
        problems=problems,
        empty=empty_classes(rows, about),
        classes=class_counts(rows),
        languages=language_counts(rows),
        personal=personal_data(rows),
        copies=copies,
        suspects=suspects(rows, copies.groups),
        agreements=agreements(rows),
    )
