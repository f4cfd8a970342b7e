"""News of 2019 translated line by line into our languages by professionals (NTREX-128); all benign."""

from collections.abc import Iterator
from pathlib import Path

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.example import BENIGN_PARTS, Example, Source
from training.sources.tables import read_lines

_LANGUAGES = {
    "src.eng": "en",
    "ref.tha": "th",
    "ref.lao": "lo",
    "ref.khm": "km",
    "ref.mya": "my",
    "ref.vie": "vi",
    "ref.ind": "id",
    "ref.msa": "ms",
    "ref.fil": "tl",
    "ref.zho-CN": "zh",
    "ref.zho-TW": "zh",
    "ref.jpn": "ja",
    "ref.kor": "ko",
    "ref.hin": "hi",
    "ref.ben": "bn",
    "ref.tam": "ta",
    "ref.urd": "ur",
}


def read(data_root: Path) -> Iterator[Example]:
    """Yield every line of every language; the lines of one news story share their `aligned` value."""
    folder = data_root / SOURCE.folder
    documents = list(read_lines(folder / "DOCUMENT_IDS.tsv"))
    for code, language in _LANGUAGES.items():
        path = folder / f"newstest2019-{code}.txt"
        lines = list(read_lines(path))
        if len(lines) != len(documents):
            expected = f"expected {len(documents)} lines as in DOCUMENT_IDS.tsv, found {len(lines)}"
            raise TrainingDataError(f"{path.name}: {expected}")
        for number, (document, line) in enumerate(zip(documents, lines, strict=True), start=1):
            if text := line.strip():
                yield Example(
                    text=text,
                    labels=frozenset(),
                    known=frozenset(LABELS),
                    role="ordinary",
                    language=language,
                    source=SOURCE.name,
                    key=f"{code[4:]}-{number}",
                    aligned=f"ntrex:{document.strip()}",
                )


SOURCE = Source(
    name="parallel_ntrex128",
    folder="open/parallel_ntrex128",
    read=read,
    parts=BENIGN_PARTS,
    measure="false_alarms",
)
