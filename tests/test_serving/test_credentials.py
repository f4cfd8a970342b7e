"""API keys: shown once, told apart without being kept, and ended for good."""

from pathlib import Path

import pytest
from sqlalchemy import select

from models.errors import InputError
from serving.store import audit
from serving.store.access import credentials
from serving.store.access.callers import SCOPES, column_of, scopes_in
from serving.store.access.credentials import PURPOSE, Checked, NewKey, check_key, shown_key
from serving.store.errors import NotFoundError, StoreError
from serving.store.home import Store, default_url
from serving.store.organisations import Actor, add_actor, local_actors, register_organisation, set_disabled
from serving.store.sealing import new_keyring
from serving.store.tables import AUDIT, CREDENTIAL

NOW_MS = 1_790_000_000_000
HOUR_MS = 3_600_000


@pytest.fixture
def store_url(own_home: Path) -> str:
    return default_url(own_home)


@pytest.fixture
def actor(store: Store) -> Actor:
    return store.database.write(lambda connection: local_actors(connection, now_ms=NOW_MS))[0]


def create(store: Store, actor: Actor, scopes=("screen",), **options) -> NewKey:
    return store.database.write(
        lambda connection: credentials.create_key(
            connection, store.keyring, actor, scopes, by=actor, now_ms=NOW_MS, **options
        )
    )


def check(store: Store, token: str, *, now_ms: int = NOW_MS) -> Checked:
    shown = shown_key(store.keyring.derived(PURPOSE), token)
    assert shown is not None
    return store.database.read(lambda connection: check_key(connection, shown, now_ms=now_ms))


def revoke(store: Store, actor: Actor, key_id: str) -> None:
    store.database.write(
        lambda connection: credentials.revoke_key(
            connection, store.keyring, key_id, by=actor, now_ms=NOW_MS + 1
        )
    )


def rotate(store: Store, actor: Actor, key_id: str, **options) -> NewKey:
    return store.database.write(
        lambda connection: credentials.rotate_key(
            connection, store.keyring, key_id, by=actor, now_ms=NOW_MS + HOUR_MS, **options
        )
    )


def test_a_new_key_says_whose_it_is_and_what_it_may_do(store, actor):
    key = create(store, actor, ("review", "pii"), limits="60/minute")

    assert check(store, key.token) == Checked("good", actor, frozenset({"review", "pii"}), "60/minute")


def test_a_key_has_256_random_bits_and_no_two_are_alike(store, actor):
    tokens = [create(store, actor).token for _ in range(4)]

    secrets = {token.split("_")[2] for token in tokens}
    assert {len(bytes.fromhex(secret)) for secret in secrets} == {32}
    assert len(secrets) == 4


def test_neither_key_nor_secret_stands_in_the_store_or_in_its_own_words(store, actor, own_home):
    key = create(store, actor)
    check(store, key.token)
    secret = key.token.split("_")[2]
    store.database.close()

    written = b"".join(path.read_bytes() for path in own_home.iterdir())
    assert key.id.encode() in written
    assert secret.encode() not in written
    assert bytes.fromhex(secret) not in written
    assert secret not in repr(key)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "ssk_",
        "ssk_0123456789abcdef_",
        f"ssk_0123456789abcdef_{'a' * 63}",
        f"ssk_0123456789abcdef_{'A' * 64}",
    ],
)
def test_what_has_not_the_form_of_a_key_is_none(store, token):
    assert shown_key(store.keyring.derived(PURPOSE), token) is None


def test_a_key_with_another_secret_is_wrong(store, actor):
    key = create(store, actor)
    other = f"{key.token[:-1]}{'0' if key.token[-1] != '0' else '1'}"

    assert check(store, other) == Checked("wrong", actor)


def test_a_key_of_another_key_file_is_wrong_even_on_the_same_database(store, actor):
    key = create(store, actor)
    foreign = shown_key(new_keyring().derived(PURPOSE), key.token)

    assert store.database.read(lambda c: check_key(c, foreign, now_ms=NOW_MS)).verdict == "wrong"


def test_a_key_nobody_has_is_unknown(store):
    assert check(store, f"ssk_{'0' * 16}_{'0' * 64}") == Checked("unknown")


def test_a_key_ends_on_its_day(store, actor):
    key = create(store, actor, expires_ms=NOW_MS + HOUR_MS)

    assert check(store, key.token, now_ms=NOW_MS + HOUR_MS - 1).verdict == "good"
    assert check(store, key.token, now_ms=NOW_MS + HOUR_MS) == Checked("expired", actor)


def test_a_revoked_key_is_good_for_nothing_and_cannot_be_revoked_or_rotated_again(store, actor):
    key = create(store, actor)
    revoke(store, actor, key.id)

    assert check(store, key.token) == Checked("revoked", actor)
    with pytest.raises(NotFoundError):
        revoke(store, actor, key.id)
    with pytest.raises(NotFoundError):
        rotate(store, actor, key.id)


def test_no_key_of_a_disabled_actor_works_until_it_is_enabled(store, actor):
    key = create(store, actor)

    def switch(disabled):
        store.database.write(
            lambda c: set_disabled(c, store.keyring, actor, disabled=disabled, by=actor, now_ms=NOW_MS)
        )

    switch(True)
    assert check(store, key.token) == Checked("disabled", actor)
    switch(False)
    assert check(store, key.token).verdict == "good"


def test_a_rotated_key_is_replaced_by_one_that_may_do_the_same_for_as_long(store, actor):
    old = create(store, actor, ("report",), limits="5/second", expires_ms=NOW_MS + 10 * HOUR_MS)

    new = rotate(store, actor, old.id)

    assert check(store, old.token).verdict == "revoked"
    last = NOW_MS + 11 * HOUR_MS - 1
    assert check(store, new.token, now_ms=last) == Checked("good", actor, frozenset({"report"}), "5/second")
    assert check(store, new.token, now_ms=last + 1).verdict == "expired"


def test_a_rotated_key_can_work_on_while_its_program_is_told_the_new_one(store, actor):
    old = create(store, actor)

    new = rotate(store, actor, old.id, overlap_ms=2 * HOUR_MS)

    assert check(store, new.token, now_ms=NOW_MS + HOUR_MS).verdict == "good"
    assert check(store, old.token, now_ms=NOW_MS + 3 * HOUR_MS - 1).verdict == "good"
    assert check(store, old.token, now_ms=NOW_MS + 3 * HOUR_MS).verdict == "expired"


def test_an_overlap_gives_no_key_more_time_than_it_had(store, actor):
    old = create(store, actor, expires_ms=NOW_MS + 2 * HOUR_MS)

    rotate(store, actor, old.id, overlap_ms=10 * HOUR_MS)

    assert check(store, old.token, now_ms=NOW_MS + 2 * HOUR_MS).verdict == "expired"


def test_whoever_made_or_ended_a_key_stands_in_the_audit_of_its_organisation(store, actor):
    def made(connection):
        organisation_id = register_organisation(
            connection, store.keyring, "Line 1", "LI", by=actor, now_ms=NOW_MS
        )
        return add_actor(connection, organisation_id, "bot", kind="machine", role="api_key", now_ms=NOW_MS)

    bot = store.database.write(made)
    key = store.database.write(
        lambda c: credentials.create_key(c, store.keyring, bot, ["screen"], by=actor, now_ms=NOW_MS)
    )
    revoke(store, actor, key.id)

    links = select(AUDIT.c.action, AUDIT.c.subject, AUDIT.c.actor_id).where(
        AUDIT.c.organisation_id == bot.organisation_id
    )
    told = [tuple(link) for link in store.database.read(lambda c: c.execute(links).all())]
    assert told[1:] == [("key.created", key.id, actor.id), ("key.revoked", key.id, actor.id)]
    assert list(store.database.read(lambda c: list(audit.broken_links(c, store.keyring)))) == []


def test_a_key_is_listed_without_anything_that_lets_in(store, actor):
    key = create(store, actor, ("screen", "report"))

    [listed] = store.database.read(lambda c: credentials.listed_keys(c, now_ms=NOW_MS))

    assert (listed.id, listed.name, listed.organisation) == (key.id, "local", "local")
    assert (listed.scopes, listed.state) == ("screen report", "good")
    digest = store.database.read(lambda c: c.execute(select(CREDENTIAL.c.digest)).scalar_one())
    assert digest.hex() not in repr(listed)


def test_a_name_whose_key_works_gets_no_second_one_and_the_service_none_at_all(store, actor):
    bot = store.database.write(
        lambda c: add_actor(c, actor.organisation_id, "bot", kind="machine", role="api_key", now_ms=NOW_MS)
    )
    key = create(store, bot)

    def owner(name):
        return store.database.read(lambda c: credentials.key_owner(c, actor.organisation_id, name))

    with pytest.raises(StoreError, match=f"has the key {key.id}"):
        owner("bot")
    with pytest.raises(StoreError, match="somebody else"):
        owner("service")
    revoke(store, actor, key.id)
    assert owner("bot") == bot
    assert owner("new") is None


@pytest.mark.parametrize("scopes", [[], ["everything"], ["screen", ""]])
def test_a_key_for_nothing_or_for_what_does_not_exist_is_not_made(store, actor, scopes):
    with pytest.raises(InputError, match="scope"):
        create(store, actor, scopes)


def test_scopes_come_back_as_they_were_kept():
    assert scopes_in(column_of(SCOPES)) == set(SCOPES)
    assert scopes_in("") == frozenset()
