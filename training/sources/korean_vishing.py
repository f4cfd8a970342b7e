"""Korean voice-phishing calls, all fraud. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.korean_korccvi import MAPPED
from training.sources.tables import look_up, read_csv


def read(data_root: Path) -> Iterator[Example]:
    """Yield every transcript of `df_data_vishing.csv`."""
    path = data_root / SOURCE.folder / "df_data_vishing.csv"
    for number, row in enumerate(read_csv(path, ("transcript", "label")), start=1):
        look_up({"1": True}, row["label"], where=f"{path.name}, row {number}")
        text = row["transcript"].strip()
        if not text:
            continue
        yield Example(
            text=text,
            labels=frozenset(),
            known=frozenset(),
            any_of=MAPPED,
            role="approach",
            language="ko",
            source=SOURCE.name,
            key=str(number),
        )


SOURCE = Source(
    name="korean_vishing",
    folder="eval_only/korean_korccvi",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="recall",
    mapped=MAPPED,
)
