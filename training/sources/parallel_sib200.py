"""Encyclopaedic sentences, the same in every language (SIB-200, from FLORES-200); all benign."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import BENIGN_PARTS, Example, Source
from training.sources.tables import read_csv

_LANGUAGES = {
    "eng_Latn": "en",
    "tha_Thai": "th",
    "lao_Laoo": "lo",
    "khm_Khmr": "km",
    "mya_Mymr": "my",
    "vie_Latn": "vi",
    "ind_Latn": "id",
    "zsm_Latn": "ms",
    "tgl_Latn": "tl",
    "zho_Hans": "zh",
    "zho_Hant": "zh",
    "jpn_Jpan": "ja",
    "kor_Hang": "ko",
    "hin_Deva": "hi",
    "ben_Beng": "bn",
    "tam_Taml": "ta",
    "urd_Arab": "ur",
    "shn_Mymr": "shn",
    "jav_Latn": "jv",
    "ceb_Latn": "ceb",
    "ilo_Latn": "ilo",
}


def read(data_root: Path) -> Iterator[Example]:
    """Yield every sentence of every language; a sentence and its translations share their `aligned` value."""
    for code, language in _LANGUAGES.items():
        for part in ("train", "dev", "test"):
            path = data_root / SOURCE.folder / code / f"{part}.tsv"
            for row in read_csv(path, ("index_id", "text"), delimiter="\t"):
                if text := row["text"].strip():
                    yield Example(
                        text=text,
                        labels=frozenset(),
                        known=frozenset(LABELS),
                        role="ordinary",
                        language=language,
                        source=SOURCE.name,
                        key=f"{code}-{row['index_id']}",
                        aligned=f"sib:{row['index_id']}",
                    )


SOURCE = Source(
    name="parallel_sib200",
    folder="open/parallel_sib200",
    read=read,
    parts=BENIGN_PARTS,
    measure="false_alarms",
)
