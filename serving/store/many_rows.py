"""Thousands of small rows -> one statement, where the database would else wait for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, none or many, that all name the same columns.

    PostgreSQL takes each column as one array: half the time of a row at a time. SQLite is fastest with rows.
    """
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    names = list(rows[0])
    columns = select(*(func.unnest(bindparam(name, type_=ARRAY(table.c[name].type))) for name in names))
    connection.execute(
        insert(table).from_select(names, columns), {name: [row[name] for row in rows] for name in names}
    )
