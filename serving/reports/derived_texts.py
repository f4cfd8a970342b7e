"""A text that was screened -> as the model read it, and without what identifies people: kept beside it."""

from typing import Final

from models.redaction import Redactor
from models.screening import Screening, ScreeningError
from models.text import normalize
from serving.store.screening.derived import NORMALISED, REDACTED, Derived, derived_text
from serving.version import program_version

MOST_TO_SEARCH: Final = 200_000_000
"""Characters times entities, each of which is looked for in all of the text: some seconds."""


def derived_texts(text: str, record: Screening | ScreeningError) -> tuple[Derived, ...]:
    """Return what is kept of a text beside its original.

    Nothing redacted is there of a text that could not be screened, nor of one that names so much that it
    would take minutes: there is then nothing to show to whom the original must not be shown.

    Args:
        text: without lone surrogates; what the spans of the record count in.
        record: of all of it.
    """
    version = f"scamscreen {program_version()}"
    normalised = derived_text(NORMALISED, normalize(text).text, tool=f"{version} normalize")
    if isinstance(record, ScreeningError) or len(text) * len(record.entities) > MOST_TO_SEARCH:
        return (normalised,)
    redacted = Redactor().redact(text, record.entities).text
    tool = f"{version} redact, model {record.model.sha256}"
    return normalised, derived_text(REDACTED, redacted, tool=tool)
