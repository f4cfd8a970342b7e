"""Chinese Telegram group messages: spam against ordinary talk. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

MAPPED = frozenset(
    {
        "online_gambling",
        "money_mule",
        "fraudulent_job_offer",
        "task_scam",
        "trafficking_recruitment",
        "investment_scam",
        "commercial_sex_ad",
        "phishing",
        "document_forgery",
        "loan_scam",
        "shopping_scam",
        "drug_trade",
        "prize_scam",
        "other_scam",
    }
)


def read(data_root: Path) -> Iterator[Example]:
    """Yield every row of `train.csv` and `eval.csv`: target 1 is spam (wider than scams), 0 is benign."""
    for file in ("train.csv", "eval.csv"):
        path = data_root / SOURCE.folder / file
        for number, row in enumerate(read_csv(path, ("target", "input")), start=1):
            spam = look_up({"0": False, "1": True}, row["target"], where=f"{path.name}, row {number}")
            text = row["input"].strip()
            if not text:
                continue
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset() if spam else frozenset(LABELS),
                any_of=MAPPED if spam else frozenset(),
                role=None,
                language="zh",
                source=SOURCE.name,
                key=f"{path.stem}-{number}",
            )


SOURCE = Source(
    name="tg_spam_zh",
    folder="eval_only/tg_spam_zh",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="two_class",
    mapped=MAPPED,
)
