"""A text that was screened -> as the model read it, and without what identifies people: kept beside it."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from models.redaction import Redactor
from models.screening import Screening, ScreeningError
from models.text import normalize
from serving.store.intake import place_of_item
from serving.store.organisations import Actor
from serving.store.screening.derived import Derived, Parent
from serving.store.sealing import Keyring
from serving.version import program_version

NORMALISED: Final = "normalised"
REDACTED: Final = "redacted"
_TOLD: Final = ("kind", "media_type", "encoding", "bytes", "tool")
_TEXT: Final = "text/plain"
_ENCODING: Final = "utf-8"
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
    normalised = Derived(
        NORMALISED, _TEXT, _ENCODING, normalize(text).text.encode(), tool=f"{version} normalize"
    )
    if isinstance(record, ScreeningError) or len(text) * len(record.entities) > MOST_TO_SEARCH:
        return (normalised,)
    content = Redactor().redact(text, record.entities).text.encode()
    tool = f"{version} redact, model {record.model.sha256}"
    return normalised, Derived(REDACTED, _TEXT, _ENCODING, content, tool=tool)


def text_rows(
    keyring: Keyring, actor: Actor, parent: Parent, texts: Sequence[Derived], *, now_ms: int
) -> list[dict[str, Any]]:
    """Return the rows of `item` that keep texts derived from one."""
    digests = [hashlib.sha256(one.content).digest() for one in texts]
    return [
        {
            "organisation_id": parent.organisation_id,
            "actor_id": actor.id,
            "report_serial": parent.report_serial,
            "parent_serial": parent.item_serial,
            "kind": one.kind,
            "media_type": one.media_type,
            "encoding": one.encoding,
            "bytes": len(one.content),
            "sha256": sha256,
            "tool": one.tool,
            "stored_ms": now_ms,
            "sealed": keyring.seal(one.content, place_of_item(parent.report_id, sha256)),
        }
        for one, sha256 in zip(texts, digests, strict=True)
    ]


def told_of_text(row: Mapping[str, Any]) -> dict[str, object]:
    """Return what the audit is to tell of such a row."""
    return {"sha256": row["sha256"].hex()} | {name: row[name] for name in _TOLD}
