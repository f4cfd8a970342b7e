"""Tables of files that people uploaded in the console, until their rows are reports."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from serving.store.tables.columns import METADATA, actor_column, ms_column, organisation_column, serial_column

UPLOAD: Final = Table(
    "upload",
    METADATA,
    serial_column(),
    Column("public_id", String(32), nullable=False, unique=True),
    organisation_column(),
    actor_column(),
    ms_column("created_ms"),
    Column("kind", String, nullable=False),  # csv, tsv, xlsx, jsonl, txt
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("state", String, nullable=False),  # see `uploads.states`
    Column("code", String, nullable=False),  # why it stopped or failed; "" else
    ms_column("begun_ms", nullable=True),  # when somebody had its rows screened
    ms_column("ended_ms", nullable=True),
    Column("rows_total", Integer),  # None: nobody has counted them yet
    Column("rows_read", Integer, nullable=False),
    Column("rows_refused", Integer, nullable=False),
    Column("rows_screened", Integer, nullable=False),
    Column("has_chunks", Boolean, nullable=False),
    Column("held_by", String),  # the process that reads it
    ms_column("held_ms", nullable=True),
    Column("name_sealed", LargeBinary, nullable=False),  # of the file
    Column("choice_sealed", LargeBinary),  # JSON: how it is read, with names of columns
    Index("ix_upload_of_organisation", "organisation_id", "serial"),
    Index("ix_upload_state", "state"),
)
"""A file whose rows become reports."""

UPLOAD_CHUNK: Final = Table(
    "upload_chunk",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    Column("upload_serial", ForeignKey("upload.serial"), nullable=False),
    Column("number", Integer, nullable=False),  # from 0
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("upload_serial", "number"),
)
"""The bytes of a file, in parts; gone when its rows are stored."""

UPLOAD_ROW: Final = Table(
    "upload_row",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    Column("upload_serial", ForeignKey("upload.serial"), nullable=False),
    Column("number", Integer, nullable=False),  # from 1, under the header
    Column("report_serial", ForeignKey("report.serial")),  # None: it could not be read
    Column("code", String, nullable=False),  # why not
    Column("message", String, nullable=False),  # the same in words of ours; quotes nothing
    UniqueConstraint("upload_serial", "number"),
    Index("ix_upload_row_report", "upload_serial", "report_serial"),
    Index(
        "ix_upload_row_refused",
        *("upload_serial", "number"),
        sqlite_where=text("report_serial IS NULL"),
        postgresql_where=text("report_serial IS NULL"),
    ),
)
"""What became of a row of a file."""
