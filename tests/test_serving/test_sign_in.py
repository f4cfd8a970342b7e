"""People sign in with a password, and a code if they are asked for one; who guesses waits."""

from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select, update

from models.errors import InputError
from serving.store import audit
from serving.store.access import people
from serving.store.access.callers import Caller
from serving.store.access.password_links import make_password_link, owner_of_link
from serving.store.access.sessions import begin_session, find_session, make_link, use_link
from serving.store.access.sign_in import LOCKED_MS, MOST_WRONG, sign_in
from serving.store.errors import NotFoundError, StoreError
from serving.store.home import Store, default_url
from serving.store.organisations import Actor, local_actors, register_organisation, set_disabled
from serving.store.sealing import new_keyring
from serving.store.tables import AUDIT, CREDENTIAL, PASSWORD_LINK, SESSION, SIGN_IN_LINK

NOW_MS = 1_790_000_000_000
PASSWORD = "four words of แม่น้ำโขง"
STEP_MS = 30_000


@pytest.fixture
def store_url(own_home: Path) -> str:
    return default_url(own_home)


@pytest.fixture
def local(store: Store) -> Actor:
    return store.database.write(lambda connection: local_actors(connection, now_ms=NOW_MS))[0]


@pytest.fixture
def nok(store: Store, local: Actor) -> Actor:
    return add(store, local, "nok")


def add(store: Store, by: Actor, name: str, organisation_id: int | None = None) -> Actor:
    hashed = people.hashed(store.keyring, name, PASSWORD)
    return store.database.write(
        lambda connection: people.add_person(
            connection,
            store.keyring,
            organisation_id or by.organisation_id,
            name=name,
            password=hashed,
            scopes=("review", "pii"),
            locale="th",
            by=by,
            now_ms=NOW_MS,
        )
    )


def sign(
    store: Store, password=PASSWORD, code="", *, name="nok", now_ms=NOW_MS, keyring=None, is_known=False
) -> Caller | None:
    return sign_in(
        store.database.write,
        keyring or store.keyring,
        name,
        password,
        code,
        is_known=is_known,
        now_ms=now_ms,
    )


def require_code(store: Store, by: Actor) -> pyotp.TOTP:
    uri = store.database.write(
        lambda connection: people.require_code(connection, store.keyring, "nok", by=by, now_ms=NOW_MS)
    )
    return pyotp.parse_uri(uri)


def actions(store: Store) -> list[str]:
    links = select(AUDIT.c.action).order_by(AUDIT.c.number)
    return list(store.database.read(lambda connection: connection.execute(links).scalars().all()))


def test_the_right_password_lets_in_with_the_scopes_of_the_person(store, nok):
    assert sign(store) == Caller(nok, frozenset({"review", "pii"}))


@pytest.mark.parametrize("password", ["", PASSWORD[:-1], PASSWORD.upper(), f"{PASSWORD} "])
def test_any_other_password_does_not(store, nok, password):
    assert sign(store, password) is None


def test_nobody_of_an_unknown_name_signs_in(store, nok):
    assert sign(store, name="nobody") is None


def test_it_makes_no_difference_how_a_keyboard_composes_letters(store, local):
    composed, decomposed = "caf\u00e9 caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301 cafe\u0301"
    add(store, local, "may")
    new = people.hashed(store.keyring, "may", composed)
    store.database.write(lambda c: people.set_password(c, store.keyring, "may", new, by=local, now_ms=NOW_MS))

    assert sign(store, decomposed, name="may") is not None


def test_the_database_without_its_key_file_does_not_even_tell_a_right_password(store, nok):
    assert sign(store, keyring=new_keyring()) is None


def test_no_password_stands_in_the_files_of_the_store(store, nok, own_home):
    sign(store)
    sign(store, "another zqxpassword")
    store.database.close()

    written = b"".join(path.read_bytes() for path in own_home.iterdir())
    assert PASSWORD.encode() not in written
    assert b"zqxpassword" not in written


def test_after_several_wrong_ones_not_even_the_right_one_lets_in_for_a_while(store, nok):
    for _ in range(MOST_WRONG):
        assert sign(store, "wrong") is None

    assert sign(store) is None
    assert sign(store, now_ms=NOW_MS + LOCKED_MS - 1) is None
    assert sign(store, now_ms=NOW_MS + LOCKED_MS) is not None


def test_one_wrong_password_after_a_lock_out_locks_again(store, nok):
    for _ in range(MOST_WRONG):
        sign(store, "wrong")
    later = NOW_MS + LOCKED_MS

    sign(store, "wrong", now_ms=later)

    assert sign(store, now_ms=later + 1) is None


def test_the_right_password_forgets_the_wrong_ones(store, nok):
    for _ in range(3):
        for _ in range(MOST_WRONG - 1):
            sign(store, "wrong")
        assert sign(store) is not None


def test_guesses_at_one_person_lock_nobody_else_out(store, local, nok):
    add(store, local, "may")
    for _ in range(MOST_WRONG):
        sign(store, "wrong")

    assert sign(store, name="may") is not None


def test_strangers_who_guess_keep_nobody_out_of_a_browser_that_is_known(store, nok):
    for _ in range(MOST_WRONG):
        sign(store, "wrong")

    assert sign(store) is None
    assert sign(store, is_known=True) == Caller(nok, frozenset({"review", "pii"}))
    assert sign(store) is None, "strangers are locked out still"


def test_what_is_wrong_in_a_known_browser_locks_no_other_out(store, nok):
    for _ in range(MOST_WRONG):
        assert sign(store, "wrong", is_known=True) is None

    assert sign(store) is not None


def test_the_hash_of_one_person_is_no_password_of_another(store, local, nok):
    add(store, local, "may")
    mine = select(CREDENTIAL.c.digest).where(CREDENTIAL.c.handle == "nok").scalar_subquery()

    store.database.write(
        lambda c: c.execute(update(CREDENTIAL).where(CREDENTIAL.c.handle == "may").values(digest=mine))
    )

    assert sign(store, name="may") is None
    assert sign(store, name="nok") is not None


@pytest.mark.parametrize("of", ["actor_id", "credential_id"])
def test_a_session_that_is_made_another_persons_in_the_database_lets_nobody_in(store, local, nok, of):
    may = add(store, local, "may")
    theirs = select(CREDENTIAL.c.id).where(CREDENTIAL.c.actor_id == may.id).scalar_subquery()
    token = store.database.write(lambda c: begin_session(c, store.keyring, nok, now_ms=NOW_MS))
    assert store.database.read(lambda c: find_session(c, store.keyring, token, now_ms=NOW_MS)) is not None

    changed = {"actor_id": may.id, "credential_id": theirs}[of]
    store.database.write(lambda c: c.execute(update(SESSION).values({of: changed})))

    assert store.database.read(lambda c: find_session(c, store.keyring, token, now_ms=NOW_MS)) is None


def test_a_link_that_is_made_another_persons_in_the_database_lets_nobody_in(store, local, nok):
    may = add(store, local, "may")
    link = store.database.write(lambda c: make_link(c, store.keyring, nok, now_ms=NOW_MS))
    chosen = store.database.write(lambda c: make_password_link(c, store.keyring, nok, by=nok, now_ms=NOW_MS))

    store.database.write(lambda c: c.execute(update(SIGN_IN_LINK).values(actor_id=may.id)))
    store.database.write(lambda c: c.execute(update(PASSWORD_LINK).values(person_id=may.id)))

    assert store.database.write(lambda c: use_link(c, store.keyring, link, now_ms=NOW_MS)) is None
    assert store.database.read(lambda c: owner_of_link(c, store.keyring, chosen, now_ms=NOW_MS)) is None


def test_a_new_password_ends_the_links_that_were_made_before(store, local, nok):
    link = store.database.write(lambda c: make_link(c, store.keyring, nok, now_ms=NOW_MS))
    chosen = store.database.write(lambda c: make_password_link(c, store.keyring, nok, by=nok, now_ms=NOW_MS))
    new = people.hashed(store.keyring, "nok", "another four words")

    store.database.write(lambda c: people.set_password(c, store.keyring, "nok", new, by=nok, now_ms=NOW_MS))

    assert store.database.write(lambda c: use_link(c, store.keyring, link, now_ms=NOW_MS)) is None
    assert store.database.read(lambda c: owner_of_link(c, store.keyring, chosen, now_ms=NOW_MS)) is None


def test_who_is_let_in_again_signs_in_anew(store, local, nok):
    token = store.database.write(lambda c: begin_session(c, store.keyring, nok, now_ms=NOW_MS))
    chosen = store.database.write(lambda c: make_password_link(c, store.keyring, nok, by=nok, now_ms=NOW_MS))

    for disabled in (True, False):
        store.database.write(
            lambda c, disabled=disabled: set_disabled(
                c, store.keyring, nok, disabled=disabled, by=local, now_ms=NOW_MS
            )
        )

    assert store.database.read(lambda c: find_session(c, store.keyring, token, now_ms=NOW_MS)) is None
    assert store.database.read(lambda c: owner_of_link(c, store.keyring, chosen, now_ms=NOW_MS)) is None
    assert sign(store) is not None


def test_a_new_password_ends_a_lock_out_and_the_old_one(store, local, nok):
    for _ in range(MOST_WRONG):
        sign(store, "wrong")
    new = people.hashed(store.keyring, "nok", "another four words")

    store.database.write(lambda c: people.set_password(c, store.keyring, "nok", new, by=local, now_ms=NOW_MS))

    assert sign(store) is None
    assert sign(store, "another four words") is not None


def test_who_is_disabled_does_not_sign_in(store, local, nok):
    store.database.write(
        lambda c: set_disabled(c, store.keyring, nok, disabled=True, by=local, now_ms=NOW_MS)
    )

    assert sign(store) is None


def test_with_a_code_the_password_alone_does_not_let_in(store, local, nok):
    code = require_code(store, local).at(NOW_MS // 1000)

    assert sign(store) is None
    assert sign(store, code="000000" if code != "000000" else "111111") is None
    assert sign(store, "wrong", code) is None
    assert sign(store, code=code) is not None


def test_a_code_is_taken_once_and_none_from_before_it(store, local, nok):
    totp = require_code(store, local)
    code, before = totp.at(NOW_MS // 1000), totp.at(NOW_MS // 1000 - 30)

    assert sign(store, code=code) is not None
    assert sign(store, code=code) is None
    assert sign(store, code=before) is None
    later = NOW_MS + STEP_MS
    assert sign(store, code=totp.at(later // 1000), now_ms=later) is not None


@pytest.mark.parametrize(("steps", "lets_in"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_telephone_whose_clock_is_half_a_minute_off_still_works(store, local, nok, steps, lets_in):
    code = require_code(store, local).at(NOW_MS // 1000 + 30 * steps)

    assert (sign(store, code=code) is not None) is lets_in


def test_a_lost_telephone_can_be_taken_out(store, local, nok):
    require_code(store, local)

    store.database.write(lambda c: people.drop_code(c, store.keyring, "nok", by=local, now_ms=NOW_MS))

    assert sign(store) is not None


def test_the_secret_of_the_codes_is_sealed(store, local, nok, own_home):
    secret = require_code(store, local).secret
    store.database.close()

    assert secret.encode() not in b"".join(path.read_bytes() for path in own_home.iterdir())


def test_sign_ins_and_refusals_stand_in_the_audit_and_a_locked_door_does_not_fill_it(store, nok):
    sign(store)
    for _ in range(MOST_WRONG + 20):
        sign(store, "wrong")

    assert actions(store)[1:] == [
        "person.signed_in",
        *["person.refused"] * (MOST_WRONG - 1),
        "person.locked_out",
    ]
    assert store.database.read(lambda c: list(audit.broken_links(c, store.keyring))) == []


def test_a_name_belongs_to_one_person_in_all_organisations(store, local, nok):
    other = store.database.write(
        lambda c: register_organisation(c, store.keyring, "Line 1", "LI", by=local, now_ms=NOW_MS)
    )

    with pytest.raises(StoreError, match="taken"):
        add(store, local, "nok", other)
    with pytest.raises(StoreError, match="taken"):
        add(store, local, "local")


def test_a_short_password_and_an_unreadable_name_are_refused_without_being_quoted(store, local):
    with pytest.raises(InputError, match="12 characters") as refused:
        people.hashed(store.keyring, "zqxname", "zqxshort")
    assert "zqx" not in str(refused.value)
    with pytest.raises(InputError, match="name"):
        add(store, local, "zqx\nname")


def test_nobody_can_be_changed_who_is_not_there(store, local):
    with pytest.raises(NotFoundError):
        store.database.write(lambda c: people.drop_code(c, store.keyring, "may", by=local, now_ms=NOW_MS))


@pytest.mark.parametrize(("name", "prefix"), [("Line 1", "LI"), ("Line 1", "XX"), ("Line 2", "LI")])
def test_no_two_organisations_have_the_same_name_or_prefix(store, local, name, prefix):
    def register(name, prefix):
        return store.database.write(
            lambda c: register_organisation(c, store.keyring, name, prefix, by=local, now_ms=NOW_MS)
        )

    register("Line 1", "LI")
    with pytest.raises(StoreError, match="choose others"):
        register(name, prefix)
    with pytest.raises(InputError, match="letters"):
        register("Line 3", "l3")
