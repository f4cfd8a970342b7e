"""What administrators do, in the store, on both databases."""

import pytest
from sqlalchemy import update

import serving.store.custody.audit_log
from serving.store import audit
from serving.store.access import people
from serving.store.access.administration import change_scopes, person_of, shut_person_out
from serving.store.access.password_links import (
    LASTS_MS,
    make_password_link,
    owner_of_link,
    use_password_link,
)
from serving.store.access.people import Hashed
from serving.store.casework.guidance import (
    read_guidance,
    read_operating_point,
    set_guidance,
    set_operating_point,
)
from serving.store.custody.audit_log import LogFilters, listed_purges, read_log
from serving.store.errors import NotFoundError, RefusedChangeError
from serving.store.organisations import register_organisation
from serving.store.tables import AUDIT
from tests.stored import NOW_MS, accept, read, write
from tests.test_serving.kept import keep, purge


def add(store, by, name, scopes=("review",)):
    return write(
        store,
        lambda c: people.add_person(
            c,
            store.keyring,
            by.organisation_id,
            name=name,
            password=Hashed(b"none"),
            scopes=scopes,
            locale="en",
            by=by,
            now_ms=NOW_MS,
        ),
    )


def log(store, actor, *, limit=100, before=None, **filters):
    found = LogFilters(**filters)
    return read(store, lambda c: read_log(c, actor.organisation_id, found, limit=limit, before=before))


def test_the_last_who_may_administer_stays_and_one_of_two_may_go(store, actor):
    first = add(store, actor, "first", ("admin",))

    def shut(person):
        write(store, lambda c: shut_person_out(c, store.keyring, person, by=actor, now_ms=NOW_MS))

    with pytest.raises(RefusedChangeError, match="the last who may administer"):
        shut(first)
    second = add(store, actor, "second", ("review", "admin"))
    shut(first)
    with pytest.raises(RefusedChangeError, match="the last who may administer"):
        write(
            store,
            lambda c: change_scopes(c, store.keyring, second, ["review"], by=actor, now_ms=NOW_MS),
        )
    assert read(store, lambda c: person_of(c, None, first.id)).state == "disabled"


def test_a_person_of_another_organisation_is_not_found(store, actor):
    person = add(store, actor, "nok")

    with pytest.raises(NotFoundError):
        read(store, lambda c: person_of(c, actor.organisation_id + 1, person.id))


def test_a_link_to_choose_a_password_works_once_and_for_a_day(store, actor):
    person = add(store, actor, "nok")
    token = write(store, lambda c: make_password_link(c, store.keyring, person, by=actor, now_ms=NOW_MS))

    def is_good(now_ms):
        return read(store, lambda c: owner_of_link(c, store.keyring, token, now_ms=now_ms)) == "nok"

    def use():
        chosen = Hashed(b"chosen")
        return write(store, lambda c: use_password_link(c, store.keyring, token, chosen, now_ms=NOW_MS))

    assert is_good(NOW_MS + LASTS_MS - 1)
    assert not is_good(NOW_MS + LASTS_MS)
    assert [use(), use()] == ["nok", None]
    assert not is_good(NOW_MS)


def test_the_newest_text_of_a_language_holds_and_an_empty_one_is_none(store, actor):
    def say(text, language="th"):
        write(
            store,
            lambda c: set_guidance(
                c, store.keyring, actor, topic="loss_report", language=language, text=text, now_ms=NOW_MS
            ),
        )

    def said(language="th"):
        return read(store, lambda c: read_guidance(c, actor.organisation_id, language))

    say("first")
    say("second")
    assert (said(), said("en")) == ({"loss_report": "second"}, {})
    say("")
    assert said() == {}


def test_the_operating_point_chosen_last_holds(store, actor):
    def point():
        return read(store, lambda c: read_operating_point(c, actor.organisation_id))

    assert point() == "balanced"
    for value in ("strict", "screening"):
        write(
            store, lambda c, value=value: set_operating_point(c, store.keyring, actor, value, now_ms=NOW_MS)
        )
    assert point() == "screening"


def test_the_log_names_people_and_reports_and_is_read_back_to_the_first_link(store, actor):
    person = add(store, actor, "nok")
    [report] = accept(store, actor)

    newest = log(store, actor, limit=1)
    older = log(store, actor, limit=10, before=newest.before)

    assert [(one.action, one.about, one.by) for one in (*newest.entries, *older.entries)] == [
        ("report.stored", report.case_ref, "local"),
        ("person.added", "nok", "local"),
    ]
    assert older.before is None
    assert [one.about for one in log(store, actor, actor_id=person.id).entries] == ["nok"]
    assert [one.action for one in log(store, actor, report=report.id).entries] == ["report.stored"]
    assert log(store, actor, report="SS-1999-000001").entries == ()


def test_a_page_looks_through_so_many_links_and_the_next_goes_on(store, actor, monkeypatch):
    add(store, actor, "nok")
    for _ in range(6):
        accept(store, actor)
    monkeypatch.setattr(serving.store.custody.audit_log, "MOST_LOOKED_AT", 3)

    pages = [log(store, actor, action="person.added")]
    while pages[-1].before is not None:
        pages.append(log(store, actor, action="person.added", before=pages[-1].before))

    assert len(pages) > 1
    assert [one.about for page in pages for one in page.entries] == ["nok"]


def test_what_was_purged_is_listed_without_the_reason(store, actor):
    report = keep(store, actor)
    purge(store, actor, report)

    [listed] = read(store, lambda c: listed_purges(c, actor.organisation_id, limit=10))

    assert (listed.case_ref, listed.cause, listed.by) == (report.case_ref, "request", "local")
    assert "zqxsentinel" not in repr(listed)


def test_the_chain_of_one_organisation_is_looked_through_alone(store, actor):
    other = write(
        store, lambda c: register_organisation(c, store.keyring, "Other", "OT", by=actor, now_ms=NOW_MS)
    )
    accept(store, actor)
    write(
        store, lambda c: c.execute(update(AUDIT).where(AUDIT.c.organisation_id == other).values(subject="x"))
    )

    def faults(organisation_id):
        return read(store, lambda c: list(audit.broken_links(c, store.keyring, organisation_id)))

    assert faults(actor.organisation_id) == []
    assert len(faults(other)) == len(faults(None)) == 1
