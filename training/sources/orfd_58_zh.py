"""Chinese job adverts of 58.com, judged fake or real by students (2019). Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import look_up, read_json_lines

MAPPED = frozenset({"fraudulent_job_offer", "task_scam", "trafficking_recruitment"})
_VERDICTS = {"fake": True, "real": False, "disputed": None}


def read(data_root: Path) -> Iterator[Example]:
    """Yield the fake and real adverts of `orfd_dedup.jsonl`; disputed ones are left out."""
    path = data_root / SOURCE.folder / "orfd_dedup.jsonl"
    for number, row in enumerate(read_json_lines(path, ("text", "label")), start=1):
        fake = look_up(_VERDICTS, row["label"], where=f"{path.name}, line {number}")
        text = row["text"].strip()
        if not text or fake is None:
            continue
        yield Example(
            text=text,
            labels=frozenset(),
            known=frozenset() if fake else frozenset(LABELS),
            any_of=MAPPED if fake else frozenset(),
            role="offer",
            language="zh",
            source=SOURCE.name,
            key=str(number),
        )


SOURCE = Source(
    name="orfd_58_zh",
    folder="eval_only/orfd_58_zh",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="two_class",
    mapped=MAPPED,
)
