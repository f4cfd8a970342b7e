"""What the columns of all tables have in common."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_SERIAL: Final = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only what it calls INTEGER
DIGEST_BYTES: Final = 32


def serial_column() -> Column[int]:
    """Return the column of the number of a row; they grow in the order rows were stored."""
    return Column("serial", _SERIAL, primary_key=True, autoincrement=True)


def organisation_column() -> Column[int]:
    """Return the column of whose a row is."""
    return Column("organisation_id", ForeignKey("organisation.id"), nullable=False)


def actor_column() -> Column[int]:
    """Return the column of who caused a row."""
    return Column("actor_id", ForeignKey("actor.id"), nullable=False)


def report_column(*, primary_key: bool = False) -> Column[int]:
    """Return the column of the report a row is of."""
    return Column("report_serial", ForeignKey("report.serial"), nullable=False, primary_key=primary_key)


def ms_column(name: str, *, nullable: bool = False) -> Column[int]:
    """Return the column of a time, in milliseconds since 1970."""
    return Column(name, BigInteger, nullable=nullable)
