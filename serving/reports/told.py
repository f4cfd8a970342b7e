"""Stored reports -> the JSON that is told of them; without the scope pii nothing that people wrote."""

import json
import re
from dataclasses import asdict
from typing import Any, Final

from serving.moment import iso, iso_or_none
from serving.schemas.reports import OF_FILE, TEXT
from serving.store.casework.labellings import Labelling
from serving.store.reading import StoredReport
from serving.store.received import text_of
from serving.store.report_codes import priority_of

_HIDDEN: Final = ""
_OF_PLACES: Final = frozenset({"source_url", "channel", "platform"})
_QUOTED: Final = re.compile(' ".*"', re.DOTALL)
"""The word beside an entity that tells what it is, as it stands in the text."""


def told(stored: StoredReport, *, with_pii: bool) -> dict[str, Any]:
    """Return a report as JSON; without `with_pii`, or withheld, nothing that it or its record quotes."""
    row = stored.row
    with_words = with_pii and row.withheld_ms is None
    is_text = stored.media_type == TEXT and stored.content is not None
    return {
        "id": row.public_id,
        "case_ref": row.case_ref,
        "version": row.version,
        "status": row.status,
        "assignee": stored.assignee,
        "work": row.work,
        "priority": priority_of(row.priority),
        "stored_at": iso(row.stored_ms),
        "received_at": iso(row.received_ms),
        "purged_at": iso_or_none(row.purged_ms),
        "withheld_at": iso_or_none(row.withheld_ms),
        "acknowledged_at": iso_or_none(row.acknowledged_ms),
        "escalated_at": iso_or_none(row.escalated_ms),
        "channel": row.channel,
        "platform": row.platform,
        "safe_to_contact": row.safe_to_contact,
        "in_danger": row.in_danger,
        "media_type": stored.media_type,
        "sha256": stored.sha256.hex(),
        "bytes": stored.size,
        "text": text_of(stored.content or b"", stored.encoding) if with_words and is_text else None,
        "ocr": _ocr(stored, with_pii=with_words),
        "details": told_details(stored.details, is_withheld=row.withheld_ms is not None)
        if with_pii and stored.details
        else None,
        "screening": told_record(stored.record, with_pii=with_words),
        "labelling": told_labelling(stored.labelling) if stored.labelling else None,
    }


def told_labelling(labelling: Labelling) -> dict[str, Any]:
    """Return what a person says that a text shows, as JSON; it quotes nothing."""
    return {
        "labels": list(labelling.labels),
        "context_labels": list(labelling.context_labels),
        "spans": None if labelling.spans is None else [asdict(span) for span in labelling.spans],
        "by": labelling.actor,
        "at": iso(labelling.at_ms),
    }


def told_record(content: bytes | None, *, with_pii: bool) -> dict[str, Any] | None:
    """Return a stored record as JSON; without `with_pii` nothing that it quotes."""
    record: dict[str, Any] | None = json.loads(content) if content else None
    return record if with_pii or record is None else without_words(record)


def told_details(content: bytes, *, is_withheld: bool) -> dict[str, Any]:
    """Return what else was told of a report; of one that is withheld not where its material is to be found.

    That may stand in its address, in a channel or a platform of other names, and in any column of its row.
    """
    details: dict[str, Any] = json.loads(content)
    if not is_withheld:
        return details
    kept = {name: value for name, value in details.items() if name not in _OF_PLACES}
    if OF_FILE in details:
        kept[OF_FILE] = {**details[OF_FILE], "columns": {}}
    return {**kept, "source_url": None}


def _ocr(stored: StoredReport, *, with_pii: bool) -> dict[str, Any] | None:
    if stored.ocr is None:
        return None
    derived, sha256 = stored.ocr
    text = text_of(derived.content, derived.encoding) if with_pii and derived.content else None
    return {"sha256": sha256.hex(), "tool": derived.tool, "text": text}


def without_words(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record that quotes nothing: spans and codes stay, texts and values are empty."""
    if "error" in record:
        return record
    return {
        **record,
        "indicators": [{**one, "text": _HIDDEN} for one in record["indicators"]],
        "entities": [
            {
                **one,
                "text": _HIDDEN,
                "value": None,
                "attributes": {},
                "reason": _QUOTED.sub(_HIDDEN, one["reason"]),
            }
            for one in record["entities"]
        ],
    }
