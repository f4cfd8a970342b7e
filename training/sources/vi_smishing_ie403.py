"""Vietnamese SMS from four phones and a collection of reports (UIT IE403). Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

MAPPED = frozenset(
    {
        "phishing",
        "loan_scam",
        "online_gambling",
        "prize_scam",
        "investment_scam",
        "fraudulent_job_offer",
        "task_scam",
        "call_centre_scam",
        "extortion",
        "money_mule",
        "shopping_scam",
        "other_scam",
    }
)


def read(data_root: Path) -> Iterator[Example]:
    """Yield every row of `dataset.csv`: label 1 is some scam, 0 is benign."""
    path = data_root / SOURCE.folder / "dataset.csv"
    for number, row in enumerate(read_csv(path, ("content", "label")), start=1):
        scam = look_up({"0": False, "1": True}, row["label"], where=f"{path.name}, row {number}")
        text = row["content"].strip()
        if not text:
            continue
        yield Example(
            text=text,
            labels=frozenset(),
            known=frozenset() if scam else frozenset(LABELS),
            any_of=MAPPED if scam else frozenset(),
            role=None,
            language="vi",
            source=SOURCE.name,
            key=str(number),
        )


SOURCE = Source(
    name="vi_smishing_ie403",
    folder="eval_only/vi_smishing_ie403",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="two_class",
    mapped=MAPPED,
)
