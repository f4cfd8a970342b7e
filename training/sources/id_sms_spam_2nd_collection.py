"""Indonesian SMS collected years after the first set: a test over time. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.id_sms_spam_michaelchen import MAPPED, read_file


def read(data_root: Path) -> Iterator[Example]:
    """Yield every row of `manually_collected_sms_600.csv`, nearly all fraud or promotion."""
    yield from read_file(data_root / SOURCE.folder / "manually_collected_sms_600.csv", source=SOURCE.name)


SOURCE = Source(
    name="id_sms_spam_2nd_collection",
    folder="eval_only/id_sms_spam_michaelchen",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="two_class",
    mapped=MAPPED,
)
