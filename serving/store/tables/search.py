"""Tables by which reports are found and told to belong together."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table

from serving.store.tables.columns import (
    METADATA,
    ms_column,
    organisation_column,
    report_column,
    serial_column,
)

CAMPAIGN: Final = Table(
    "campaign",
    METADATA,
    serial_column(),
    organisation_column(),
    Column("original_serial", ForeignKey("report.serial"), nullable=False),  # the first of its reports
    Column("reports", Integer, nullable=False),
    ms_column("first_ms"),
    ms_column("last_ms"),
    Index("ix_campaign_last", "organisation_id", "last_ms", "serial", "reports"),
)
"""Reports that belong together (`campaigns`); one that is alone is a campaign of one."""

SIGNATURE: Final = Table(
    "signature",
    METADATA,
    report_column(primary_key=True),
    organisation_column(),
    Column("minhash", LargeBinary, nullable=False),  # keyed; empty of a short text
)
"""What near-copies of a text are told by (`signatures`)."""

SIGNATURE_BAND: Final = Table(
    "signature_band",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("band", LargeBinary, primary_key=True),  # keyed digest
    report_column(primary_key=True),
    Index("ix_signature_band_report", "report_serial"),
    sqlite_with_rowid=False,
)
"""Where the signatures are that a signature may resemble."""

CONTACT: Final = Table(
    "contact",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("token", LargeBinary, primary_key=True),  # keyed digest
    Column("standing", Integer, primary_key=True, autoincrement=False),  # `contacts.Standing`
    report_column(primary_key=True),
    Index("ix_contact_report", "report_serial"),
    sqlite_with_rowid=False,
)
"""Contacts that reports name, by which campaigns are linked (`contacts`)."""

SEARCH_TOKEN: Final = Table(
    "search_token",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("token", LargeBinary, primary_key=True),  # keyed digest
    report_column(primary_key=True),
    Index("ix_search_token_report", "report_serial"),
    sqlite_with_rowid=False,
)
"""What reports can be found by (`search_tokens`); purged with the text."""
