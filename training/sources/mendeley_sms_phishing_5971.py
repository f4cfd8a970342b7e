"""English SMS of the Mendeley phishing set: ham, smishing, spam; built on the UCI collection."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

_SMISHING = frozenset(
    {"phishing", "prize_scam", "loan_scam", "call_centre_scam", "investment_scam", "other_scam"}
)
MAPPED = _SMISHING | {"shopping_scam", "online_gambling", "commercial_sex_ad"}
_ANY_OF = {"ham": frozenset[str](), "smishing": _SMISHING, "spam": MAPPED}


def read(data_root: Path) -> Iterator[Example]:
    """Yield every labelled SMS but those whose words also occur under another label.

    In this copy LABEL stands one row above its TEXT (proof in the data card), so the last LABEL is empty.

    Raises:
        TrainingDataError: the last LABEL is not empty, so the copy is another one.
    """
    path = data_root / SOURCE.folder / "Dataset_5971.csv"
    table = list(read_csv(path, ("LABEL", "TEXT")))
    if not table or table[-1]["LABEL"].strip():
        raise TrainingDataError(
            f"{path.name}: expected the copy whose last LABEL is empty; see the data card"
        )
    texts = [row["TEXT"].strip() for row in table[1:]]
    labels = [row["LABEL"].strip().lower() for row in table[:-1]]
    labels_of_words = defaultdict(set)
    for text, label in zip(texts, labels, strict=True):
        labels_of_words[_words(text)].add(label)
    for number, (text, label) in enumerate(zip(texts, labels, strict=True), start=2):
        any_of = look_up(_ANY_OF, label, f"{path.name}, row {number - 1}, LABEL")
        if text and len(labels_of_words[_words(text)]) == 1:
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset() if any_of else frozenset(LABELS),
                any_of=any_of,
                role="approach" if any_of else "ordinary",
                language="en",
                source=SOURCE.name,
                key=str(number),
            )


def _words(text: str) -> str:
    """Return the letters and digits alone, in lower case."""
    return re.sub(r"\W+", "", text.lower())


SOURCE = Source(
    name="mendeley_sms_phishing_5971",
    folder="open/mendeley_sms_phishing_5971",
    read=read,
    parts=LABELLED_PARTS,
    measure="two_class",
    mapped=MAPPED,
    register="messages",
)
