"""The Universal Declaration of Human Rights in our languages, Shan and Mon too; all benign."""

from collections.abc import Iterator
from pathlib import Path

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import read_lines

_LANGUAGES = {
    "eng": "en",
    "tha": "th",
    "tha2": "th",
    "lao": "lo",
    "khm": "km",
    "mya": "my",
    "vie": "vi",
    "ind": "id",
    "tgl": "tl",
    "cmn_hans": "zh",
    "jpn": "ja",
    "kor": "ko",
    "hin": "hi",
    "ben": "bn",
    "tam": "ta",
    "urd": "ur",
    "shn": "shn",
    "mnw": "mnw",
}
_LONGEST_HEADING_CHARS = 22


def read(data_root: Path) -> Iterator[Example]:
    """Yield every line but the headings; lines of one article share their `aligned` value, 0 the preamble.

    Raises:
        TrainingDataError: a file does not hold the headings of 30 articles.
    """
    for code, language in _LANGUAGES.items():
        path = data_root / SOURCE.folder / f"{code}.txt"
        lines = [line.strip() for line in read_lines(path)]
        if (found := sum(map(_heads_an_article, lines))) != 30:
            raise TrainingDataError(f"{path.name}: expected the headings of 30 articles, found {found}")
        article = 0
        for number, text in enumerate(lines, start=1):
            if _heads_an_article(text):
                article += 1
            elif text:
                yield Example(
                    text=text,
                    labels=frozenset(),
                    known=frozenset(LABELS),
                    role="ordinary",
                    language=language,
                    source=SOURCE.name,
                    key=f"{code}-{number}",
                    aligned=f"udhr:{article}",
                )


def _heads_an_article(line: str) -> bool:
    """Return whether a line is a heading such as `Article 7`, in the digits of any script."""
    numbered = any(letter.isdigit() for letter in line) or (line.startswith("第") and line.endswith("条"))
    return numbered and len(line) <= _LONGEST_HEADING_CHARS


SOURCE = Source(
    name="parallel_udhr",
    folder="open/parallel_udhr",
    read=read,
    parts=LABELLED_PARTS,
    measure="false_alarms",
)
