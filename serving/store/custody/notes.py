"""The newest link of every chain, noted outside the store: an older copy of it, or a shorter one, is told.

A chain proves that no link within it was changed. That its last links are gone, with the rows they tell of,
is seen by none but who knows that they were there.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from models.errors import InputError
from serving.store.tables import AUDIT, ORGANISATION


def newest_links(connection: Connection) -> list[str]:
    """Return a line for each organisation: prefix of its case numbers, number and digest of its last link."""
    last = select(ORGANISATION.c.case_prefix, AUDIT.c.number, AUDIT.c.digest).join(
        AUDIT,
        (AUDIT.c.organisation_id == ORGANISATION.c.id) & (AUDIT.c.number == ORGANISATION.c.audit_serial),
    )
    rows = connection.execute(last.order_by(ORGANISATION.c.id))
    return [f"{row.case_prefix} {row.number} {row.digest.hex()}" for row in rows]


def lost_links(connection: Connection, noted: Sequence[str]) -> Iterator[str]:
    """Yield, in words, each link that was noted and is not there any more.

    Raises:
        InputError: a line is none of `newest_links`.
    """
    for line in noted:
        try:
            prefix, number, digest = line.split()
            sought = (ORGANISATION.c.case_prefix == prefix, AUDIT.c.number == int(number))
            expected = bytes.fromhex(digest)
        except ValueError:
            raise InputError("expected a note that scamscreen verify wrote") from None
        of_number = select(AUDIT.c.digest).join(ORGANISATION, ORGANISATION.c.id == AUDIT.c.organisation_id)
        if connection.execute(of_number.where(*sought)).scalar() != expected:
            yield f"audit of {prefix}: link {number} was noted, and is not there: an older copy, or cut short"
