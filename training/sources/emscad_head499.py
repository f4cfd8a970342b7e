"""The first 499 English job adverts of EMSCAD: 492 real, 7 fake."""

import html
from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

_FAKE = frozenset({"fraudulent_job_offer"})
_COLUMNS = ("title", "company_profile", "description", "requirements", "benefits")


def read(data_root: Path) -> Iterator[Example]:
    """Yield every advert, its filled fields one after another."""
    path = data_root / SOURCE.folder / "fake_job_postings.csv"
    for row in read_csv(path, ("job_id", "fraudulent", *_COLUMNS)):
        where = f"{path.name}, job_id {row['job_id']}, fraudulent"
        fake = look_up({"0": False, "1": True}, row["fraudulent"], where)
        fields = (html.unescape(row[column]).strip() for column in _COLUMNS)
        if text := "\n".join(field for field in fields if field):
            yield Example(
                text=text,
                labels=_FAKE if fake else frozenset(),
                known=_FAKE if fake else frozenset(LABELS),
                role="offer",
                language="en",
                source=SOURCE.name,
                key=row["job_id"],
            )


SOURCE = Source(
    name="emscad_head499",
    folder="open/emscad_head499",
    read=read,
    parts=LABELLED_PARTS,
    measure="false_alarms",
    register="adverts",
)
