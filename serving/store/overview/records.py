"""Reports -> what their newest screenings say; opens what is sealed, so of few reports at once."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, func, select

from serving.store.screening.findings import place_of_screening
from serving.store.sealing import Keyring
from serving.store.tables import REPORT, SCREENING

_AT_ONCE: Final = 250


def newest_records(
    connection: Connection, keyring: Keyring, serials: Sequence[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the serial of each report that has one, and its newest record, in no order."""
    for first in range(0, len(serials), _AT_ONCE):
        some = serials[first : first + _AT_ONCE]
        newest = (
            select(func.max(SCREENING.c.serial))
            .where(SCREENING.c.report_serial.in_(some))
            .group_by(SCREENING.c.report_serial)
        )
        rows = connection.execute(
            select(REPORT.c.serial, REPORT.c.public_id, SCREENING.c.model_sha256, SCREENING.c.sealed)
            .join(SCREENING, SCREENING.c.report_serial == REPORT.c.serial)
            .where(REPORT.c.withheld_ms.is_(None))
            .where(SCREENING.c.serial.in_(newest), SCREENING.c.sealed.is_not(None))
        )
        for row in rows:
            content = keyring.open(row.sealed, place_of_screening(row.public_id, row.model_sha256))
            yield row.serial, json.loads(content)
