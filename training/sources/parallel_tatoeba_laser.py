"""Short everyday sentences in thirteen languages, each with its English (Tatoeba, by LASER); all benign."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import read_lines

_LANGUAGES = {
    "tha": "th",
    "khm": "km",
    "vie": "vi",
    "ind": "id",
    "zsm": "ms",
    "tgl": "tl",
    "cmn": "zh",
    "jpn": "ja",
    "kor": "ko",
    "hin": "hi",
    "ben": "bn",
    "tam": "ta",
    "urd": "ur",
}


def read(data_root: Path) -> Iterator[Example]:
    """Yield both sides of every pair; a sentence and its translation share their `aligned` value."""
    for code, language in _LANGUAGES.items():
        for side, side_language in ((code, language), ("eng", "en")):
            path = data_root / SOURCE.folder / f"tatoeba.{code}-eng.{side}"
            for number, line in enumerate(read_lines(path), start=1):
                if text := line.strip():
                    yield Example(
                        text=text,
                        labels=frozenset(),
                        known=frozenset(LABELS),
                        role="ordinary",
                        language=side_language,
                        source=SOURCE.name,
                        key=f"{code}-{number}-{side}",
                        aligned=f"tatoeba:{code}-{number}",
                    )


SOURCE = Source(
    name="parallel_tatoeba_laser",
    folder="open/parallel_tatoeba_laser",
    read=read,
    parts=LABELLED_PARTS,
    measure="false_alarms",
)
