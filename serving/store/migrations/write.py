"""What changed in the tables -> the next step: `python -m serving.store.migrations.write "message"`."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import Script

from serving.store.engine import connect
from serving.store.migrations import FOLDER, configuration, upgrade


def main() -> int:
    """Write a step and tell where it is."""
    parser = argparse.ArgumentParser(description="Writes the next migration of the store.")
    parser.add_argument("message", help="what changes")
    parser.add_argument(
        "--anew", action="store_true", help="remove all steps and write one; only if none was released"
    )
    options = parser.parse_args()
    if options.anew:
        for path in _steps():
            path.unlink()
    path = write_step(options.message)
    sys.stdout.write(f"{path}: read it before it is committed\n")
    return 0


def write_step(message: str) -> Path:
    """Write the step from the store that all steps so far make to `serving.store.tables`."""
    number = len(_steps()) + 1
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{folder}/store.db")
        try:
            upgrade(database)
            with database.writer.begin() as connection:
                written = command.revision(
                    configuration(connection), message, autogenerate=True, rev_id=f"{number:04}"
                )
        finally:
            database.close()
    assert isinstance(written, Script)  # noqa: S101 (of one message Alembic writes one)
    path = Path(written.path)
    for tidied in (["check", "--fix-only", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidied, path], check=True)  # noqa: S603 (our own file)
    return path


def _steps() -> list[Path]:
    return sorted((FOLDER / "versions").glob("revision_*.py"))


if __name__ == "__main__":
    sys.exit(main())
