"""Chinese texts: real operator SMS against fraud scripts in four classes. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import read_csv

MAPPED = frozenset(
    {
        "call_centre_scam",
        "acquaintance_impersonation",
        "loan_scam",
        "phishing",
        "shopping_scam",
        "other_scam",
    }
)
# Class number -> encoding; 00 is benign, 01 to 04 are fraud.
_ENCODINGS = {"00": "utf-8", "01": "utf-8", "02": "utf-8", "03": "utf-8", "04": "gb18030"}


def read(data_root: Path) -> Iterator[Example]:
    """Yield every row of the five files; the class is the file's."""
    for number, encoding in _ENCODINGS.items():
        path = data_root / SOURCE.folder / f"label{number}-last.csv"
        fraud = number != "00"
        for row_number, row in enumerate(read_csv(path, ("content",), encoding=encoding), start=1):
            text = row["content"].strip()
            if not text:
                continue
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset() if fraud else frozenset(LABELS),
                any_of=MAPPED if fraud else frozenset(),
                role="approach" if fraud else None,
                language="zh",
                source=SOURCE.name,
                key=f"{number}-{row_number}",
            )


SOURCE = Source(
    name="telecom_fraud_texts_5",
    folder="eval_only/telecom_fraud_texts_5",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="two_class",
    mapped=MAPPED,
)
