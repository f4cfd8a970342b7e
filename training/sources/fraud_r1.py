"""Lures a language model wrote from case reports, English and Chinese. Measures only, never trains."""

import re
from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import read_json

MAPPED = frozenset(LABELS) - {"person_at_risk", "loss_report"}
FAKE_JOB = frozenset({"fraudulent_job_offer", "task_scam"})
_FILES = {"en": "FP-base-English.json", "zh": "FP-base-Chinese.json"}
# The writing model explains its own lure in these; such a text tells the answer.
_GIVES_ITSELF_AWAY = re.compile(
    r"red[ -]flags?|fraud[ -]awareness|training purposes|反诈测试|反欺诈意识|模拟测试|诈骗特征", re.IGNORECASE
)


def read(data_root: Path) -> Iterator[Example]:
    """Yield every generated text that does not name its own signs of fraud; all are fraud."""
    for language, file in _FILES.items():
        for row in read_json(data_root / SOURCE.folder / file, ("id", "category", "generated text")):
            text = row["generated text"].strip()
            if not text or _GIVES_ITSELF_AWAY.search(text):
                continue
            job = row["category"] == "fake job posting"
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(),
                any_of=FAKE_JOB if job else MAPPED,
                role="offer" if job else "approach",
                language=language,
                source=SOURCE.name,
                key=f"{language}-{row['id']}",
            )


SOURCE = Source(
    name="fraud_r1",
    folder="eval_only/fraud_r1",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="recall",
    mapped=MAPPED,
)
