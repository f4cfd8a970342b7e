"""Who has the database alone changes no row unseen, nor adds or removes one; what goes unseen is listed."""

import pytest
from sqlalchemy import Boolean, Integer, LargeBinary, delete, insert, select, update

from serving.store.access.credentials import create_key
from serving.store.access.grants import end_reading, grant_reading
from serving.store.access.people import add_person, hashed
from serving.store.casework.changes import Change, change_report
from serving.store.casework.referrals import NewReferral, refer
from serving.store.organisations import local_actors
from serving.store.tables import (
    ACTOR,
    AUDIT,
    CREDENTIAL,
    HISTORY,
    HOLD,
    ITEM,
    ORGANISATION,
    PURGE,
    READ_GRANT,
    REFERRAL,
    REPORT,
    SCREENING,
)
from tests.stored import NOW_MS, other_actor, read, write
from tests.test_serving.kept import flipped, found_faults, hold, keep, purge, release

UNSEEN = {
    # what queues and desks work with: docs/custody.md
    REPORT: {
        *("received_ms", "version", "work", "lane", "attempts", "leased_by", "priority", "queue_rank"),
        *("language", "role", "flags", "campaign_id", "duplicate_of", "status", "set_priority"),
        *("assignee_id", "acknowledged_ms", "escalated_ms", "channel", "platform", "safe_to_contact"),
        "in_danger",
        "withheld_ms",  # its history says the same, and is seen
    },
    ITEM: {"organisation_id"},
    SCREENING: {"organisation_id", "item_serial"},
    HISTORY: set(),
    HOLD: set(),
    PURGE: {"organisation_id", "actor_id", "cause"},
    # its history says the same, and is seen
    REFERRAL: {
        *("organisation_id", "actor_id", "sent_ms", "redaction", "is_police", "basis"),
        *("acknowledged_ms", "returned_ms"),
    },
    CREDENTIAL: {"kind", "digest", "limits", "created_ms"},
    READ_GRANT: {"actor_id", "ended_by"},
    ACTOR: {"organisation_id", "kind", "name", "locale", "role", "created_ms"},
    AUDIT: set(),
    ORGANISATION: {"name", "case_prefix", "created_ms"},
}


@pytest.fixture
def full(store, actor):
    """A store with rows of all these tables, two of each at least where one may be put in another's place."""
    other = other_actor(store)
    keyring = store.keyring
    kept, purged = keep(store, actor), keep(store, actor, "another")
    release(store, actor, hold(store, actor, kept))
    hold(store, actor, kept, until_ms=NOW_MS + 1)
    purge(store, actor, purged)
    password = hashed(keyring, "Mali", "several words are good")

    def more(connection):
        both = {"by": actor, "now_ms": NOW_MS}
        change = Change(note="zqxnote", status="acknowledged")
        change_report(connection, keyring, actor, kept.id, change, seen=range(9), now_ms=NOW_MS)
        shelter = NewReferral("zqxshelter", False, "redacted", "child", "zqxreason")
        refer(connection, keyring, actor, kept.id, shelter, seen=range(9), now_ms=NOW_MS)
        create_key(connection, keyring, actor, ["report"], **both)
        add_person(
            connection,
            keyring,
            actor.organisation_id,
            name="Mali",
            password=password,
            scopes=["review"],
            locale="th",
            **both,
        )
        pair = (actor.organisation_id, other.organisation_id)
        grant_reading(connection, keyring, *pair, with_words=False, **both)
        end_reading(connection, keyring, *pair, by=actor, now_ms=NOW_MS + 1)
        grant_reading(connection, keyring, *pair, with_words=False, by=actor, now_ms=NOW_MS + 2)

    write(store, more)
    assert found_faults(store) == []
    return store


def another_value(store, column, value):
    """Return a value that the column may have, and this row has not."""
    if column.foreign_keys:
        [key] = column.foreign_keys
        return read(
            store, lambda c: c.execute(select(key.column).where(key.column != value)).scalars().first()
        )
    if isinstance(column.type, Boolean):
        return not value
    if isinstance(column.type, LargeBinary):
        return flipped(value) if value else b"\0" * 40
    if isinstance(column.type, Integer):
        return 1 if value is None else value + 100_000
    return "0" * 32 if value is None else f"{value[:-1]}{'0' if value[-1:] != '0' else '1'}"


@pytest.mark.parametrize("table", UNSEEN, ids=lambda table: table.name)
def test_no_column_of_a_row_is_changed_unseen_unless_it_is_listed(full, table):
    seen = [one for one in table.c if not one.primary_key and one.name not in UNSEEN[table]]
    if table is AUDIT:
        seen = [one for one in table.c if one.name != "organisation_id"]
    rows = read(full, lambda c: c.execute(select(table)).mappings().all())
    for row in {id(one): one for one in (rows[0], rows[len(rows) // 2], rows[-1])}.values():
        this = [one == row[one] for one in table.primary_key]
        for column in seen:
            if row[column] is None and (column.foreign_keys or column.name in ("changes", "sealed")):
                continue
            if column is HISTORY.c.version and row[HISTORY.c.changes] is None:
                continue  # of what is stored or purged the audit tells no version
            value = another_value(full, column, row[column])
            write(full, lambda c: c.execute(update(table).where(*this).values({column: value})))  # noqa: B023
            assert found_faults(full), f"{column} of {dict(row)}"
            this_now = [one == (value if one is column else row[one]) for one in table.primary_key]
            write(full, lambda c: c.execute(update(table).where(*this_now).values({column: row[column]})))  # noqa: B023
    assert found_faults(full) == []


@pytest.mark.parametrize("table", [SCREENING, HISTORY, HOLD, PURGE, REFERRAL], ids=lambda table: table.name)
def test_a_row_taken_out_or_put_in_is_missed_or_named(full, table):
    row = read(full, lambda c: c.execute(select(table).order_by(table.c.serial.desc())).mappings().first())
    write(full, lambda c: c.execute(delete(table).where(table.c.serial == row["serial"])))
    assert any(table.name in fault or "screenings" in fault for fault in found_faults(full))

    write(full, lambda c: c.execute(insert(table).values(dict(row))))
    assert found_faults(full) == []
    distinct = {"public_id": "0" * 32} if table is REFERRAL else {}
    if table is SCREENING:
        distinct = {"model_sha256": "b" * 64}
    again = {**{name: value for name, value in row.items() if name != "serial"}, **distinct}
    write(full, lambda c: c.execute(insert(table).values(again)))
    assert found_faults(full)


def test_a_grant_put_in_and_one_that_goes_on_after_its_end_are_named(full, actor):
    other_id = read(
        full, lambda c: c.execute(select(ORGANISATION.c.id).order_by(ORGANISATION.c.id.desc())).scalar()
    )
    forged = {
        "organisation_id": other_id,
        "reader_id": actor.organisation_id,
        "actor_id": actor.id,
        "with_words": True,
        "granted_ms": NOW_MS,
    }
    write(full, lambda c: c.execute(insert(READ_GRANT).values(forged)))
    assert any(fault.startswith("grant ") for fault in found_faults(full))


def test_an_actor_of_the_service_needs_no_link(store):
    write(store, lambda c: local_actors(c, now_ms=NOW_MS))

    assert found_faults(store) == []
