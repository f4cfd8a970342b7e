"""Tables of what people keep for themselves in the console."""

from typing import Final

from sqlalchemy import Column, Index, LargeBinary, String, Table

from serving.store.tables.columns import METADATA, actor_column, ms_column, organisation_column, serial_column

SAVED_VIEW: Final = Table(
    "saved_view",
    METADATA,
    serial_column(),
    Column("public_id", String(32), nullable=False, unique=True),
    organisation_column(),
    actor_column(),
    ms_column("saved_ms"),
    Column("sealed", LargeBinary, nullable=False),  # JSON: name and search, which may hold words of people
    Index("ix_saved_view_actor", "actor_id"),
)
"""Searches that somebody comes back to."""
