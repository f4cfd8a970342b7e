"""`scamscreen store-key rotate`: everything under a new key, at whatever moment it is stopped."""

import pytest
from sqlalchemy import select

from serving.store.custody import rotation
from serving.store.custody.backup import backup, restore
from serving.store.custody.rotation import rotate
from serving.store.custody.sealed_columns import SEALED
from serving.store.home import Store, open_store
from serving.store.sealing import ID_BYTES, ID_START, read_keyring
from serving.store.tables import ITEM, REPORT
from tests.stored import accept, count, incoming, read
from tests.test_serving.kept import change, flipped, found_faults, hold, keep, purge


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "home" / "store.key"


def turned(store, key_file):
    return rotate(store.database, key_file, wait=lambda _: None)


def key_ids(store) -> set[bytes]:
    """Return the ids of all keys that anything is sealed with."""
    values = [
        value
        for sealed in SEALED
        for value in read(store, lambda c, sealed=sealed: c.execute(select(sealed.column)).scalars().all())
        if value is not None
    ]
    return {value[ID_START : ID_START + ID_BYTES] for value in values}


def test_everything_is_sealed_with_the_new_key_and_the_old_one_is_gone(store, actor, key_file):
    reports = [keep(store, actor, f"words {number}") for number in range(20)]
    hold(store, actor, reports[0])
    purge(store, actor, reports[1])
    before = read_keyring(key_file)

    done = turned(store, key_file)

    after = read_keyring(key_file)
    assert len(after.seals) == 1
    assert key_ids(store) == set(after.seals) != set(before.seals)
    assert after.index == before.index
    assert done.unopened == ()
    assert done.resealed > 100
    assert found_faults(store) == []


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_copy_that_is_restored_meanwhile_is_not_left_without_its_key(
    store, actor, store_url, key_file, tmp_path
):
    keep(store, actor, "words")
    backup(store_url, tmp_path / "copy")
    keep(store, actor, "more words")

    rotate(
        store.database,
        key_file,
        wait=lambda _: restore(store_url, tmp_path / "copy", read_keyring(key_file)),
    )

    restored = open_store(store_url, key_file)
    assert count(restored, REPORT) == 1
    assert found_faults(restored) == []
    restored.database.close()


class KilledError(Exception):
    pass


@pytest.mark.parametrize("batches", [0, 1, 3, 9])
def test_one_that_was_killed_is_gone_on_with(store, actor, key_file, monkeypatch, batches):
    for number in range(20):
        keep(store, actor, f"words {number}")
    reseal, done = rotation._reseal, []

    def killed(*arguments):
        if len(done) == batches:
            raise KilledError
        done.append(1)
        return reseal(*arguments)

    monkeypatch.setattr(rotation, "_reseal", killed)
    with pytest.raises(KilledError):
        turned(store, key_file)
    halfway = read_keyring(key_file)
    assert len(halfway.seals) == 2
    assert found_faults(store) == []
    monkeypatch.setattr(rotation, "_reseal", reseal)

    turned(store, key_file)

    assert key_ids(store) == set(read_keyring(key_file).seals) == {halfway.sealing_id}
    assert found_faults(store) == []


def test_a_service_that_runs_meanwhile_goes_on_with_the_new_key(store, actor, key_file):
    keep(store, actor)
    before = store.keyring.sealing_id

    def stored_meanwhile(_) -> None:
        accept(store, actor, incoming("meanwhile"))

    rotate(store.database, key_file, wait=stored_meanwhile)
    accept(store, actor, incoming("afterwards"))

    assert store.keyring.sealing_id != before
    assert key_ids(store) == {store.keyring.sealing_id}
    assert found_faults(store) == []


def test_what_was_sealed_with_the_old_key_while_it_was_changed_is_sealed_anew(store, actor, key_file):
    late = open_store(str(store.database.writer.url.render_as_string(hide_password=False)), key_file)
    stale = read_keyring(key_file)

    def stored_by_one_that_does_not_know_yet(_) -> None:
        accept(Store(late.database, stale), actor, incoming("late"))

    rotate(store.database, key_file, wait=stored_by_one_that_does_not_know_yet)
    late.database.close()

    assert key_ids(store) == set(read_keyring(key_file).seals)
    assert found_faults(store) == []


def test_while_something_cannot_be_opened_the_old_keys_stay(store, actor, key_file):
    keep(store, actor)
    sealed = read(store, lambda c: c.execute(select(ITEM.c.sealed).where(ITEM.c.serial == 1)).scalar_one())
    change(store, ITEM, ITEM.c.serial == 1, sealed=flipped(sealed))

    assert turned(store, key_file).unopened == ("item 1",)
    assert len(read_keyring(key_file).seals) == 2

    change(store, ITEM, ITEM.c.serial == 1, sealed=sealed)
    assert turned(store, key_file).unopened == ()
    assert len(read_keyring(key_file).seals) == 1
    assert found_faults(store) == []


def test_keys_that_cannot_be_read_for_a_moment_are_kept(store, actor, key_file):
    keep(store, actor)
    key_file.rename(key_file.with_name("away"))

    assert found_faults(store) == []
    accept(store, actor, incoming("meanwhile"))
    key_file.with_name("away").rename(key_file)
    assert found_faults(store) == []
