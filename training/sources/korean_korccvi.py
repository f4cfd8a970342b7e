"""Korean transcripts: voice phishing against everyday talk (KorCCViD v1.3). Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

MAPPED = frozenset({"call_centre_scam", "loan_scam", "phishing", "other_scam"})


def read(data_root: Path) -> Iterator[Example]:
    """Yield every transcript of `KorCCViD_v1.3.csv`: label 1 is voice phishing, 0 is benign."""
    path = data_root / SOURCE.folder / "KorCCViD_v1.3.csv"
    for number, row in enumerate(read_csv(path, ("Transcript", "Label")), start=1):
        vishing = look_up({"0": False, "1": True}, row["Label"], where=f"{path.name}, row {number}")
        text = row["Transcript"].strip()
        if not text:
            continue
        yield Example(
            text=text,
            labels=frozenset(),
            known=frozenset() if vishing else frozenset(LABELS),
            any_of=MAPPED if vishing else frozenset(),
            role="approach" if vishing else "ordinary",
            language="ko",
            source=SOURCE.name,
            key=str(number),
        )


SOURCE = Source(
    name="korean_korccvi",
    folder="eval_only/korean_korccvi",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="two_class",
    mapped=MAPPED,
)
