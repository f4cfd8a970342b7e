"""The JSON of how a report was kept: digests, codes and times; nothing that people wrote."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from serving.moment import iso, iso_or_none
from serving.schemas.bodies import Sent, Told
from serving.schemas.fields import Words
from serving.store.custody.proof import Custody


class PurgeRequest(Sent):
    """Why the words of a report are to be removed."""

    reason: Words = Field(min_length=1, description="stays, sealed, when all else is gone")


class ItemProofRecord(Told):
    """An original, or what was derived from one."""

    number: int
    kind: str = Field(description="original, ocr, normalised, redacted, word_boxes")
    parent: int | None = Field(description="number of the item it was derived from; null of an original")
    media_type: str
    encoding: str
    bytes: int
    sha256: str
    tool: str = Field(description="that derived it, with its version; empty of an original")
    stored_at: str
    kept: bool = Field(description="false once it was purged")


class HoldProofRecord(Told):
    """A legal hold; why it was placed is told by `scamscreen hold list` alone."""

    number: int
    actor_id: int
    placed_at: str
    until: str | None = Field(description="null: until it is released")
    released_at: str | None


class PurgeProofRecord(Told):
    """A purge."""

    actor_id: int
    at: str
    cause: str = Field(description="age or request")


class LinkRecord(Told):
    """A link of the audit that tells of this report."""

    number: int
    actor_id: int
    at: str
    action: str
    detail: Mapping[str, Any]
    digest: str = Field(description="HMAC-SHA256 of this link and of the one before it")


class CustodyRecord(Told):
    """How a report was kept."""

    id: str
    case_ref: str
    stored_at: str
    purged_at: str | None
    items: list[ItemProofRecord]
    holds: list[HoldProofRecord]
    purges: list[PurgeProofRecord]
    audit: list[LinkRecord]

    @classmethod
    def of(cls, custody: Custody) -> Self:
        """Return how a report was kept, as JSON."""
        report = custody.report
        return cls(
            id=report.public_id,
            case_ref=report.case_ref,
            stored_at=iso(report.stored_ms),
            purged_at=iso_or_none(report.purged_ms),
            items=[
                ItemProofRecord(
                    number=one.number,
                    kind=one.kind,
                    parent=one.parent,
                    media_type=one.media_type,
                    encoding=one.encoding,
                    bytes=one.size,
                    sha256=one.sha256,
                    tool=one.tool,
                    stored_at=iso(one.stored_ms),
                    kept=one.is_kept,
                )
                for one in custody.items
            ],
            holds=[
                HoldProofRecord(
                    number=one.number,
                    actor_id=one.actor_id,
                    placed_at=iso(one.placed_ms),
                    until=iso_or_none(one.until_ms),
                    released_at=iso_or_none(one.released_ms),
                )
                for one in custody.holds
            ],
            purges=[
                PurgeProofRecord(actor_id=one.actor_id, at=iso(one.at_ms), cause=one.cause)
                for one in custody.purges
            ],
            audit=[
                LinkRecord(
                    number=one.number,
                    actor_id=one.actor_id,
                    at=iso(one.at_ms),
                    action=one.action,
                    detail=one.detail,
                    digest=one.digest,
                )
                for one in custody.links
            ],
        )
