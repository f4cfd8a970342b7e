"""Indonesian SMS: fraud against ordinary messages and operator promotions. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

MAPPED = frozenset(
    {
        "prize_scam",
        "loan_scam",
        "phishing",
        "call_centre_scam",
        "acquaintance_impersonation",
        "investment_scam",
        "money_mule",
        "shopping_scam",
        "other_scam",
    }
)
_ROLES = {"0": "ordinary", "1": "approach", "2": "offer"}


def read(data_root: Path) -> Iterator[Example]:
    """Yield every row of `dataset_sms_spam_v1.csv`."""
    yield from read_file(data_root / SOURCE.folder / "dataset_sms_spam_v1.csv", source=SOURCE.name)


def read_file(path: Path, source: str) -> Iterator[Example]:
    """Yield the rows of one file of the set: 1 is some fraud; 0 (ordinary) and 2 (promotion) are benign."""
    for number, row in enumerate(read_csv(path, ("Teks", "Label")), start=1):
        role = look_up(_ROLES, row["Label"], where=f"{path.name}, row {number}")
        text = row["Teks"].strip()
        if not text:
            continue
        fraud = row["Label"] == "1"
        yield Example(
            text=text,
            labels=frozenset(),
            known=frozenset() if fraud else frozenset(LABELS),
            any_of=MAPPED if fraud else frozenset(),
            role=role,
            language="id",
            source=source,
            key=str(number),
        )


SOURCE = Source(
    name="id_sms_spam_michaelchen",
    folder="eval_only/id_sms_spam_michaelchen",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="two_class",
    mapped=MAPPED,
)
