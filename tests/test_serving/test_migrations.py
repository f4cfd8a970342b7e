"""The steps from any earlier store to the tables of this program."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from models.errors import InputError
from serving.store.home import open_store
from serving.store.tables import METADATA
from tests.stored import read, write
from tests.test_serving.conftest import DATABASES, ROOT, new_store_url


@pytest.fixture
def new_url(request, tmp_path):
    return new_store_url(request, tmp_path)


def test_a_migrated_store_has_the_tables_of_the_program(store):
    differences = read(store, lambda c: compare_metadata(MigrationContext.configure(c), METADATA))

    assert differences == [], "python -m serving.store.migrations.write 'what changes'"


def test_a_store_that_is_opened_again_is_left_as_it_is(store, store_url, tmp_path):
    before = read(store, lambda c: c.execute(text("SELECT version_num FROM alembic_version")).all())

    again = open_store(store_url, tmp_path / "home" / "store.key")

    assert again.keyring == store.keyring
    assert read(again, lambda c: c.execute(text("SELECT version_num FROM alembic_version")).all()) == before
    again.database.close()


def test_a_store_of_a_later_version_is_refused(store, store_url, tmp_path):
    write(store, lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))

    with pytest.raises(InputError, match="a later version"):
        open_store(store_url, tmp_path / "home" / "store.key")


@pytest.mark.parametrize("new_url", DATABASES, indirect=True)
def test_processes_that_start_together_make_one_store_with_one_key(new_url, tmp_path):
    program = (
        "import sys, pathlib; from serving.store.home import open_store;"
        "print(open_store(sys.argv[1], pathlib.Path(sys.argv[2])).keyring.index.hex())"
    )
    command = [sys.executable, "-c", program, new_url, str(tmp_path / "home" / "store.key")]
    with ThreadPoolExecutor() as pool:
        runs = [
            pool.submit(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, check=False)
            for _ in range(3)
        ]
        done = [run.result() for run in runs]

    assert [run.returncode for run in done] == [0, 0, 0], done[0].stderr + done[1].stderr + done[2].stderr
    assert len({run.stdout for run in done}) == 1
