"""The numbers by which people speak of reports on the telephone: PREFIX-YEAR-serial, without a gap."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from serving.store.tables import CASE_SERIAL, ORGANISATION


def next_case_refs(
    connection: Connection, organisation_id: int, counts: Sequence[tuple[int, int]]
) -> dict[int, Iterator[str]]:
    """Take the next case numbers of an organisation, by year; others wait for the end of the transaction.

    Args:
        connection: in a transaction.
        organisation_id: whose numbers.
        counts: when so many reports came, for each sending.
    """
    wanted: Counter[int] = Counter()
    for now_ms, count in counts:
        wanted[year_of(now_ms)] += count
    prefix = connection.execute(
        select(ORGANISATION.c.case_prefix).where(ORGANISATION.c.id == organisation_id)
    ).scalar_one()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    case_refs: dict[int, Iterator[str]] = {}
    for year, count in sorted(wanted.items()):
        first = dialect.insert(CASE_SERIAL).values(organisation_id=organisation_id, year=year, last=count)
        taken = first.on_conflict_do_update(
            index_elements=["organisation_id", "year"], set_={"last": CASE_SERIAL.c.last + count}
        ).returning(CASE_SERIAL.c.last)
        last = connection.execute(taken).scalar_one()
        case_refs[year] = iter(
            [f"{prefix}-{year}-{number:06}" for number in range(last - count + 1, last + 1)]
        )
    return case_refs


def year_of(ms: int) -> int:
    """Return the year of a time in milliseconds since 1970, UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).year
