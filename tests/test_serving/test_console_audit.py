"""The audit as administrators read it in the console."""

import re

from sqlalchemy import update

from serving.commands.office import opened
from serving.store.tables import AUDIT, ORGANISATION
from tests.test_serving.administrators import (
    PLEA,
    SURE,
    boss,
    client,
    do,
    guide,
    local,
    log_of,
    page_of,
    person,
    signed_in,
    store,
)

__all__ = ["boss", "client", "local", "person"]
NUMBERS = r'<td class="optional soft">([0-9]+)</td>'


def test_the_audit_says_who_changed_what(client, boss, person):
    path = page_of(boss, person)
    do(boss, path, "scopes", scopes=["screen"])
    do(boss, path, "language", locale="th-u-ca-buddhist")
    do(boss, path, "link")
    do(boss, path, "disable", **SURE)
    guide(boss, "loss_report", "ring the bank")

    lines = [line for line in log_of(boss) if line["by"] == "boss of Line 1"]

    done = {(line["action"], line["about"]) for line in lines}
    assert {
        ("person.scopes_set", person),
        ("person.language_set", person),
        ("person.link_made", person),
        ("actor.disabled", person),
        ("guidance.set", "loss_report"),
    } <= done
    assert "ring the bank" not in str(lines)


def test_the_audit_is_newest_first_and_filtered(client, local):
    first, _ = store(client), store(client, f"{PLEA} again")

    page = local.client.get("/admin/audit").text
    of_first = log_of(local, report=first["case_ref"])
    stored = log_of(local, action="report.stored")

    shown = [int(number) for number in re.findall(NUMBERS, page)]
    assert shown == sorted(shown, reverse=True)
    assert len(shown) > len(of_first)
    assert {line["about"] for line in of_first} == {first["case_ref"]}
    assert {line["action"] for line in stored} == {"report.stored"}
    numbers = [int(line["number"]) for line in stored]
    assert numbers == sorted(numbers, reverse=True)
    assert log_of(local, report="LA-2026-999999") == []


def test_the_audit_of_a_person_holds_what_they_did_and_what_was_done_to_them(client, boss, person):
    path = page_of(boss, person)
    do(boss, path, "scopes", scopes=["review"])
    signed_in(client, person)

    lines = log_of(boss, person=path.rpartition("/")[2])

    actions = {(line["action"], line["by"]) for line in lines}
    assert ("person.scopes_set", "boss of Line 1") in actions
    assert ("session.begun", person) in actions
    assert all(person in (line["by"], line["about"]) for line in lines)


def test_older_links_follow_without_repetition(client, local):
    ferries = [{"text": f"ferry {number}"} for number in range(110)]
    assert client.post("/v1/reports", json={"reports": ferries}).status_code == 202
    page = local.client.get("/admin/audit").text
    before = re.search(r'name="before" value="([0-9]+)"', page)[1]

    older = local.send("POST", "/admin/audit", data={"before": before}).text

    assert len(re.findall(NUMBERS, page)) == 100
    assert max(map(int, re.findall(NUMBERS, older))) == int(before) - 1


def test_nobody_reads_the_audit_of_another_organisation(client, local, boss):
    report = store(client)

    assert report["case_ref"] not in boss.client.get("/admin/audit").text
    assert log_of(boss, report=report["case_ref"]) == []
    assert log_of(boss, report=report["id"]) == []


def test_words_of_people_are_in_no_line_of_the_audit(client, local):
    store(client, "zqxsentinel they keep our passports")
    do(local, "/admin/retention", "place", case=store(client)["case_ref"], why="zqxsentinel order")

    assert "zqxsentinel" not in local.client.get("/admin/audit").text
    assert "zqxsentinel" not in str(log_of(local))


def test_a_cell_of_the_file_runs_as_no_formula(client, boss):
    guide(boss, "loss_report", "anything")
    with opened() as office:
        is_changed = AUDIT.c.action == "guidance.set"
        before = office.database.read(lambda c: c.execute(AUDIT.select().where(is_changed)).all())
        office.database.write(lambda c: c.execute(update(AUDIT).where(is_changed).values(subject="=1+1")))
        try:
            lines = log_of(boss, action="guidance.set")
        finally:
            for row in before:
                this = (AUDIT.c.number == row.number) & (AUDIT.c.organisation_id == row.organisation_id)
                put_back = update(AUDIT).where(this).values(subject=row.subject)
                office.database.write(lambda c, put_back=put_back: c.execute(put_back))

    assert {line["about"] for line in lines} == {"'=1+1"}


def test_a_whole_chain_is_called_whole_and_a_changed_one_broken(client, boss):
    boss.send("POST", "/admin/audit/check")
    assert "Yes: all" in boss.client.get("/admin/audit").text

    with opened() as office:
        line_1 = ORGANISATION.select().where(ORGANISATION.c.name == "Line 1")
        organisation_id = office.database.read(lambda c: c.execute(line_1).one().id)
        third = (AUDIT.c.number == 3) & (AUDIT.c.organisation_id == organisation_id)
        detail = office.database.read(lambda c: c.execute(AUDIT.select().where(third)).one().detail)
        office.database.write(lambda c: c.execute(update(AUDIT).where(third).values(detail='{"x": 1}')))
        try:
            boss.send("POST", "/admin/audit/check")
            page = boss.client.get("/admin/audit").text
        finally:
            office.database.write(lambda c: c.execute(update(AUDIT).where(third).values(detail=detail)))

    assert "The chain is broken" in page
    assert "link 3 was changed" in page


def test_a_chain_too_long_for_the_page_is_left_to_the_command(client, boss, monkeypatch):
    monkeypatch.setattr("serving.console.admin.audit_page.MOST_LINKS", 1)

    page = boss.client.get("/admin/audit").text

    assert "scamscreen verify" in page
    assert "/admin/audit/check" not in page
