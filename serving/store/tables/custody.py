"""Tables that prove and bound how long reports are kept."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, String, Table

from serving.store.tables.columns import (
    METADATA,
    actor_column,
    ms_column,
    organisation_column,
    report_column,
    serial_column,
)

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    actor_column(),
    ms_column("at_ms"),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),  # public id of what it was done to
    Column("detail", String, nullable=False),  # JSON; codes and digests, never words of people
    Column("digest", LargeBinary, nullable=False),
    Index("ix_audit_subject", "subject"),
)
"""The chain of all that was done, link by link (`audit`)."""

HOLD: Final = Table(
    "hold",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    report_column(),
    ms_column("placed_ms"),
    ms_column("until_ms", nullable=True),  # None: until it is released
    ms_column("released_ms", nullable=True),
    Column("released_by", ForeignKey("actor.id")),
    Column("sealed", LargeBinary),  # why; None once its report was purged
    Index("ix_hold_report", "report_serial"),
)
"""What keeps a report from being purged."""

PURGE: Final = Table(
    "purge",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    report_column(),
    ms_column("at_ms"),
    Column("cause", String, nullable=False),  # age, request
    Column("sealed", LargeBinary),  # the reason given; stays, for it is why nothing else did
    Index("ix_purge_report", "report_serial"),
)
"""When and why the words of a report were removed."""
