"""Tables of reports: what was sent, what is to be screened, and what screenings found."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    and_,
    literal_column,
    or_,
    text,
)

from serving.store.tables.columns import (
    METADATA,
    actor_column,
    ms_column,
    organisation_column,
    report_column,
    serial_column,
)

CASE_SERIAL: Final = Table(
    "case_serial",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last case number given, by year."""

REPORT: Final = Table(
    "report",
    METADATA,
    serial_column(),
    Column("public_id", String(32), nullable=False, unique=True),
    organisation_column(),
    actor_column(),
    Column("case_ref", String, nullable=False),
    ms_column("stored_ms"),
    ms_column("received_ms"),
    Column("version", Integer, nullable=False),
    # the screening that is to be done
    Column("work", String, nullable=False),  # waiting, screened, failed
    Column("lane", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_by", String),  # name of a worker
    # what came of it
    Column("priority", Integer),  # 0 urgent, 1 high, 2 review, 3 low; None: not screened yet
    # its place in the queue of people: until it is screened as urgent in a first lane, else as to review
    Column(
        "queue_rank",
        Integer,
        Computed("coalesce(priority, CASE WHEN lane IN (1, 3) THEN 0 ELSE 2 END)", True),
    ),
    Column("language", String),
    Column("role", String),
    Column("flags", String, nullable=False),  # " code code "
    Column("campaign_id", BigInteger),
    Column("duplicate_of", ForeignKey("report.serial")),
    # what people do with it
    Column("status", String, nullable=False),
    Column("set_priority", Integer),  # what its sender or a person set; a screening may only raise it
    Column("assignee_id", ForeignKey("actor.id")),
    ms_column("acknowledged_ms", nullable=True),
    ms_column("escalated_ms", nullable=True),
    Column("channel", String, nullable=False),
    Column("platform", String, nullable=False),
    Column("safe_to_contact", String, nullable=False),  # yes, no, unknown
    Column("in_danger", Boolean, nullable=False),
    Column("details_sealed", LargeBinary),  # None once it was purged
    ms_column("purged_ms", nullable=True),
    ms_column("withheld_ms", nullable=True),  # since when nobody is shown its words or its image
    UniqueConstraint("organisation_id", "case_ref"),
    Index(
        "ix_report_kept",  # of what is not purged, the oldest
        "stored_ms",
        sqlite_where=text("purged_ms IS NULL"),
        postgresql_where=text("purged_ms IS NULL"),
    ),
    Index(
        "ix_report_withheld",  # few
        "organisation_id",
        sqlite_where=text("withheld_ms IS NOT NULL"),
        postgresql_where=text("withheld_ms IS NOT NULL"),
    ),
)
"""One report: an envelope around its items. The columns from `priority` to `campaign_id` repeat its newest
screening, for queues and filters."""

_WAITS: Final = REPORT.c.work == literal_column("'waiting'")
UNTRIED: Final = and_(_WAITS, REPORT.c.attempts == literal_column("0"))
TRIED: Final = and_(_WAITS, REPORT.c.attempts > literal_column("0"))
"""Reports to be screened: those that nobody has leased yet, and those that are leased, or were and failed.

Written as their indexes have it, without parameters, so that these are used.
"""

Index("ix_report_untried", REPORT.c.lane, REPORT.c.serial, sqlite_where=UNTRIED, postgresql_where=UNTRIED)
Index(
    "ix_report_tried",
    *(REPORT.c.lane, REPORT.c.attempts, REPORT.c.serial),
    sqlite_where=TRIED,
    postgresql_where=TRIED,
)

ITEM: Final = Table(
    "item",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    report_column(),
    Column("parent_serial", ForeignKey("item.serial")),
    Column("kind", String, nullable=False),  # original; ocr, normalised, redacted: derived from their parent
    Column("media_type", String, nullable=False),
    Column("encoding", String, nullable=False),  # of texts, else ""
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("tool", String, nullable=False),  # with its version; "" of an original
    ms_column("stored_ms"),
    Column("sealed", LargeBinary),  # None once it was purged
    Index("ix_item_report", "report_serial"),
    Index(
        "ix_item_image", "sha256", sqlite_where=text("encoding = ''"), postgresql_where=text("encoding = ''")
    ),
)
"""Bytes as they were received or derived; no row is ever changed but to purge it."""

SCREENING: Final = Table(
    "screening",
    METADATA,
    serial_column(),
    organisation_column(),
    report_column(),
    Column("item_serial", ForeignKey("item.serial"), nullable=False),
    Column("model_sha256", String, nullable=False),
    ms_column("screened_ms"),
    Column("priority", Integer, nullable=False),
    Column("sealed", LargeBinary),  # the record; None once it was purged
    UniqueConstraint("item_serial", "model_sha256"),
    Index("ix_screening_report", "report_serial"),
)
"""What a model said of an item; one row each, so that twice done is once in effect."""

SENT_BEFORE: Final = Table(
    "sent_before",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("key_digest", LargeBinary, primary_key=True),
    Column("body_digest", LargeBinary, nullable=False),
    Column("answer", String, nullable=False),  # JSON: ids and case numbers
    ms_column("at_ms"),
)
"""What was answered to a request with an `Idempotency-Key`."""

WORKER: Final = Table(
    "worker",
    METADATA,
    Column("name", String, primary_key=True),
    Column("beats", BigInteger, nullable=False),
)
"""Who screens. `beats` grows as long as it lives, by which others tell: clocks may differ, and jump."""

UNANSWERED: Final = and_(
    REPORT.c.acknowledged_ms.is_(None),
    REPORT.c.escalated_ms.is_(None),
    or_(
        REPORT.c.priority == literal_column("0"),
        *(REPORT.c.lane == literal_column(lane) for lane in ("1", "3")),  # `report_codes.FIRST_LANES`
    ),
)
"""Reports of people who may be in danger, that nobody has acknowledged or was called for yet."""

Index("ix_report_unanswered", REPORT.c.stored_ms, sqlite_where=UNANSWERED, postgresql_where=UNANSWERED)

_FILTERED: Final = (
    *(REPORT.c.work, REPORT.c.priority, REPORT.c.lane, REPORT.c.flags, REPORT.c.language),
    *(REPORT.c.role, REPORT.c.channel, REPORT.c.platform, REPORT.c.safe_to_contact, REPORT.c.in_danger),
    *(REPORT.c.assignee_id, REPORT.c.duplicate_of, REPORT.c.stored_ms, REPORT.c.received_ms),
)
_OF, _RANK, _SERIAL_OF_REPORT = REPORT.c.organisation_id, REPORT.c.queue_rank, REPORT.c.serial
Index("ix_report_by_rank", _OF, _RANK, _SERIAL_OF_REPORT, REPORT.c.status, *_FILTERED)
Index("ix_report_open", _OF, REPORT.c.status, _RANK, _SERIAL_OF_REPORT, *_FILTERED)
Index("ix_report_newest", _OF, _SERIAL_OF_REPORT, REPORT.c.status, REPORT.c.queue_rank, *_FILTERED)
Index("ix_report_of_campaign", _OF, REPORT.c.campaign_id, _RANK, _SERIAL_OF_REPORT)
Index("ix_report_in_campaign", _OF, REPORT.c.campaign_id, REPORT.c.status, _RANK, _SERIAL_OF_REPORT)
Index("ix_report_duplicate_of", REPORT.c.duplicate_of)
Index(
    "ix_report_assigned",
    *(_OF, REPORT.c.assignee_id, REPORT.c.status, _RANK, _SERIAL_OF_REPORT),
    sqlite_where=REPORT.c.assignee_id.is_not(None),
    postgresql_where=REPORT.c.assignee_id.is_not(None),
)
"""What is filtered by stands in the indexes: the worst search reads one of them, never the reports."""
