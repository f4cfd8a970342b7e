"""Tables of what happened, who is told of it, and what is yet to be fetched."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from serving.store.tables.columns import METADATA, actor_column, ms_column, organisation_column, serial_column

EVENT: Final = Table(
    "event",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    Column("kind", String, nullable=False),
    Column("report_id", String(32), nullable=False),
    Column("priority", Integer),
    ms_column("at_ms"),
    Index("ix_event_organisation", "organisation_id", "serial"),
    sqlite_autoincrement=True,  # a serial is never given twice: streams go on from the last they saw
)
"""What happened to reports, in the order it was committed within an organisation (`events`)."""

WEBHOOK: Final = Table(
    "webhook",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    organisation_column(),
    actor_column(),
    Column("kinds", String, nullable=False),  # with blanks between them
    Column("sealed", LargeBinary),  # URL and secret, as JSON; None once it was removed
    ms_column("created_ms"),
    ms_column("disabled_ms", nullable=True),
    Column("disabled_why", String, nullable=False),  # removed; gone: its receiver said so
    Index("ix_webhook_organisation", "organisation_id"),
)
"""Who is told of events by a request to a URL."""

DELIVERY: Final = Table(
    "delivery",
    METADATA,
    serial_column(),
    Column("public_id", String(32), nullable=False, unique=True),
    organisation_column(),
    actor_column(),
    Column("webhook_id", ForeignKey("webhook.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("report_id", String(32), nullable=False),  # "" of a test
    Column("body", String, nullable=False),  # JSON: ids, codes and a time
    Column("rank", Integer, nullable=False),  # 0 goes first
    Column("state", String, nullable=False),  # waiting, delivered, dead
    Column("attempts", Integer, nullable=False),
    Column("last_status", Integer),  # of the last answer; None: there was none
    ms_column("begun_ms"),  # a day after it no further attempt is made
    ms_column("next_ms"),
    ms_column("ended_ms", nullable=True),
    Column("leased_by", String),
    ms_column("leased_until_ms", nullable=True),
    Index("ix_delivery_due", "state", "webhook_id", "next_ms"),
    Index("ix_delivery_webhook", "webhook_id", "serial"),
)
"""One event that one webhook is to be told of."""

FETCH: Final = Table(
    "fetch",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    Column("channel", String, nullable=False),
    Column("key_digest", LargeBinary, nullable=False),  # of the channel's own id of what was sent
    Column("state", String, nullable=False),  # waiting, fetched, given_up
    Column("attempts", Integer, nullable=False),
    Column("report_id", String(32)),
    ms_column("created_ms"),
    ms_column("next_ms"),
    Column("leased_by", String),
    ms_column("leased_until_ms", nullable=True),
    Column("sealed", LargeBinary),  # where it is and whose it is, as JSON; None once it is done
    UniqueConstraint("organisation_id", "channel", "key_digest"),
    Index("ix_fetch_due", "state", "next_ms"),
)
"""A picture sent over a channel that is yet to be fetched; it becomes a report, whatever comes of that."""
