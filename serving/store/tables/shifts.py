"""The table of what those who end a shift leave to those who begin one."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from serving.store.tables.columns import METADATA, actor_column, ms_column, organisation_column, serial_column

HANDOVER: Final = Table(
    "handover",
    METADATA,
    serial_column(),
    Column("public_id", String(32), nullable=False, unique=True),
    organisation_column(),
    actor_column(),  # who left, wrote it and signed it so
    ms_column("written_ms"),
    Column("taken_by", ForeignKey("actor.id")),  # who arrived, read it and signed it
    ms_column("taken_ms", nullable=True),
    Column("sealed", LargeBinary),  # the note; None once it was too old
    Index("ix_handover_organisation", "organisation_id", "serial"),
)
"""Notes from shift to shift; none is ever changed but to be signed, and emptied when it is too old."""
