"""Rows, counted as far as anybody wants to know: to count a million takes seconds."""

from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

MOST_COUNTED: Final = 10_000


def bounded_count(connection: Connection, rows: Select[Any]) -> int:
    """Return how many rows there are; one more than `MOST_COUNTED` if there are more."""
    most = rows.limit(MOST_COUNTED + 1).subquery()
    return connection.execute(select(func.count()).select_from(most)).scalar_one()
