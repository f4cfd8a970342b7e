"""How many texts hold a label, and in which languages texts are said to be and seem to be."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.language import detect
from models.taxonomy import LABELS
from training.example import HELD
from training.labelled.row import UNKNOWN_LANGUAGE, LabelledRow


@dataclass(frozen=True, slots=True)
class ClassCount:
    """Texts of a dataset, by what is known of one label.

    Attributes:
        held: at least half of who was asked say it holds.
        not_held: fewer do, or nobody.
        disputed: some do and some do not; of both of the above.
        unknown: nobody was asked.
    """

    code: str
    held: int
    not_held: int
    disputed: int
    unknown: int


def class_counts(rows: Sequence[LabelledRow]) -> list[ClassCount]:
    """Return the counts of the labels that are known of any text, in taxonomy order."""
    found = []
    for code in LABELS:
        shares = [row.labels[code] for row in rows if code in row.labels]
        if shares:
            held = sum(share >= HELD for share in shares)
            disputed = sum(0 < share < 1 for share in shares)
            found.append(ClassCount(code, held, len(shares) - held, disputed, len(rows) - len(shares)))
    return found


def language_counts(rows: Sequence[LabelledRow]) -> Counter[tuple[str, str]]:
    """Return (declared, detected) language -> texts."""
    return Counter((row.language, detect(row.text).tag) for row in rows)


def disagreeing(counts: Counter[tuple[str, str]]) -> int:
    """Return how many texts seem to be in another language than somebody said; short ones are misread."""
    return sum(
        count
        for (declared, detected), count in counts.items()
        if UNKNOWN_LANGUAGE not in (declared, detected) and declared != detected
    )
