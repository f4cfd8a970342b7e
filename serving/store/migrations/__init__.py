"""A store of any earlier version of this program -> the tables of this one, step by step (Alembic).

Each step is a file in `versions`. To write the next one from what changed in `serving.store.tables`:

    python -m serving.store.migrations.write "what changes"

Read it before it is committed: a renamed column looks to Alembic like one that goes and one that comes. A
step that was released is never changed. As long as none was, all of them can be written anew as one:

    python -m serving.store.migrations.write --anew "the tables"
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from models.errors import InputError
from serving.store.engine import Database
from serving.store.errors import StoreError

FOLDER: Final = Path(__file__).parent
_LOCK: Final = 0x5CA35C
"""Any number that other programs on the same PostgreSQL do not lock."""


def upgrade(database: Database, on_new: Callable[[], None] = lambda: None) -> None:
    """Bring a store to the tables of this program; all of it happens or nothing.

    Args:
        database: of this program alone, or of several processes that start together: one of them does it.
        on_new: called before the first table of an empty database is made, while all others wait.

    Raises:
        InputError: a later version of this program has changed the store.
        StoreUnavailableError: the database does not answer.
    """
    known = ScriptDirectory.from_config(configuration())
    if database.read(_revision) == known.get_current_head():
        return

    def steps(connection: Connection) -> None:
        if not database.is_sqlite:  # whose writers wait for each other anyway
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        found = _revision(connection)
        if found is None:
            on_new()
        elif found not in {step.revision for step in known.walk_revisions()}:
            raise InputError(
                "a later version of ScamScreen has changed this store: use that one, or restore a backup"
            )
        command.upgrade(configuration(connection), "head")
        if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise StoreError("the upgrade would leave rows that point nowhere: nothing was changed")

    with database.for_upgrade() as changeable:
        changeable.write(steps)


def configuration(connection: Connection | None = None) -> Config:
    """Return what Alembic is told; `env` works on the connection."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "revision_%%(rev)s_%%(slug)s")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
