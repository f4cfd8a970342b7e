"""Tables of what people do with reports."""

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from serving.store.tables.columns import (
    METADATA,
    actor_column,
    ms_column,
    organisation_column,
    report_column,
    serial_column,
)

HISTORY: Final = Table(
    "history",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    report_column(),
    ms_column("at_ms"),
    Column("action", String, nullable=False),
    Column("version", Integer),  # of the report from then on
    Column("changes", String),  # JSON: field -> before, after; codes and numbers, never words of people
    Column("sealed", LargeBinary),  # the words of notes and reasons, as JSON
    Index("ix_history_report", "report_serial"),
)
"""Who did what to a report."""

LABELLING: Final = Table(
    "labelling",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    report_column(),
    ms_column("at_ms"),
    Column("model_sha256", String),  # of the screening that was seen
    Column("labels", String, nullable=False),  # " code code "; " " of none
    Column("spans", String),  # JSON: [[code, start, end]]; code points of the original; None: not told
    Index("ix_labelling_report", "report_serial"),
)
"""What a person says that a text shows; the newest counts, and all are kept, for training."""

REFERRAL: Final = Table(
    "referral",
    METADATA,
    serial_column(),
    Column("public_id", String(32), nullable=False, unique=True),
    organisation_column(),
    actor_column(),
    report_column(),
    ms_column("sent_ms"),
    Column("redaction", String, nullable=False),  # original, redacted, codes
    Column("is_police", Boolean, nullable=False),
    Column("basis", String, nullable=False),  # consent, child, imminent_danger
    ms_column("acknowledged_ms", nullable=True),
    ms_column("returned_ms", nullable=True),
    Column("sealed", LargeBinary),  # JSON: agency, reasons, partner's number, outcome; None after a purge
    Index("ix_referral_report", "report_serial"),
)
"""What was sent to another agency, and what that did with it."""
