"""Personal SMS collected in Singapore, English and Chinese, all benign. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import read_json_lines


def read(data_root: Path) -> Iterator[Example]:
    """Yield every message of the English and the Chinese file, keyed by line: the English ids recur."""
    for language in ("en", "zh"):
        path = data_root / SOURCE.folder / f"nus_sms_{language}.jsonl"
        for number, row in enumerate(read_json_lines(path, ("text",)), start=1):
            text = row["text"].strip()
            if not text:
                continue
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(LABELS),
                role="ordinary",
                language=language,
                source=SOURCE.name,
                key=f"{language}-{number}",
            )


SOURCE = Source(
    name="nus_sms",
    folder="eval_only/nus_sms",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="false_alarms",
)
