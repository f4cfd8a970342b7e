"""Phishing and business e-mail compromise that language models wrote, in nine languages; all fraud."""

from collections.abc import Iterator
from pathlib import Path

from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import look_up, read_json_lines

_LABEL_OF_TYPOLOGY = {"phishing": "phishing", "bec": "acquaintance_impersonation"}
_ABSENT = frozenset({"person_at_risk", "drug_trade", "document_forgery"}) | frozenset(
    {"migrant_smuggling", "commercial_sex_ad"}
)
MAPPED = frozenset({"phishing", "other_scam", "acquaintance_impersonation"})


def read(data_root: Path) -> Iterator[Example]:
    """Yield every lure once by its id; the six benign messages of the sample file are left out."""
    seen = set()
    for file in ("pilot.jsonl", "eval.jsonl", "lures.jsonl"):
        path = data_root / SOURCE.folder / file
        for row in read_json_lines(path, ("id", "text", "label", "typology", "language")):
            lure = look_up({"1": True, "0": False}, str(row["label"]), f"{file}, {row['id']}, label")
            text = row["text"].strip()
            if not lure or not text or row["id"] in seen:
                continue
            seen.add(row["id"])
            label = _LABEL_OF_TYPOLOGY.get(row["typology"])
            yield Example(
                text=text,
                labels=frozenset({label}) if label else frozenset(),
                known=_ABSENT | {label} if label else frozenset(),
                any_of=frozenset() if label else MAPPED,
                role="approach",
                language=row["language"],
                source=SOURCE.name,
                key=row["id"],
                scheme=row["typology"],
            )


SOURCE = Source(
    name="lurebench",
    folder="open/lurebench",
    read=read,
    parts=LABELLED_PARTS,
    measure="recall",
    mapped=MAPPED,
)
