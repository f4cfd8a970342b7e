"""Posts on X, mostly about crypto: scams and phishing against clean talk; machine-labelled first."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import read_json_lines

MAPPED = frozenset(
    {"investment_scam", "prize_scam", "phishing", "romance_scam", "other_scam", "recovery_scam"}
)
_EXACT = frozenset({"phishing", "recovery_scam"})
_ABSENT = frozenset({"person_at_risk", "migrant_smuggling", "document_forgery"})
_NEITHER = frozenset(
    {
        "promo",
        "spam",
        "affiliate",
        "lead_gen",
        "giveaway",
        "reply_spam",
        "impersonation",
        "topic_gambling",
        "topic_adult_services",
    }
)


def read(data_root: Path) -> Iterator[Example]:
    """Yield scam posts, and clean or crypto posts without any sign of promotion; mocks are left out."""
    path = data_root / SOURCE.folder / "sample.jsonl"
    for row in read_json_lines(path, ("id", "text", "labels")):
        tags = frozenset(row["labels"])
        text = row["text"].strip()
        if not text or "mock" in row.get("source_id", "") or "topic_language_other" in tags:
            continue
        labels, known, any_of = tags & _EXACT, frozenset(LABELS), frozenset[str]()
        if labels:
            known = labels | _ABSENT
        elif "scam" in tags:
            known, any_of = frozenset(), MAPPED
        elif tags & _NEITHER or not tags & {"clean", "topic_crypto"}:
            continue
        yield Example(
            text=text,
            labels=labels,
            known=known,
            any_of=any_of,
            role=None if labels or any_of else "ordinary",
            language="en",
            source=SOURCE.name,
            key=row["id"],
        )


SOURCE = Source(
    name="janitr_x_scam",
    folder="open/janitr_x_scam",
    read=read,
    parts=LABELLED_PARTS,
    measure="two_class",
    mapped=MAPPED,
    register="messages",
)
