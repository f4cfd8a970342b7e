"""`scamscreen verify`: whatever is changed in the database behind the program's back is named."""

import json
import tracemalloc

import pytest
from sqlalchemy import delete, select, update

from serving.store.custody.sealed_columns import SEALED
from serving.store.tables import AUDIT, HISTORY, HOLD, ITEM, METADATA, REPORT, SCREENING
from tests.stored import NOW_MS, accept, incoming, read, write
from tests.test_serving.kept import change, flipped, found_faults, hold, keep, purge

KINDS = ("original", "normalised", "redacted")


@pytest.fixture
def report(store, actor):
    """One of two, with a hold."""
    keep(store, actor)
    accepted = keep(store, actor, "zqxsentinel Somchai wrote from 081-555-0143")
    hold(store, actor, accepted)
    assert found_faults(store) == []
    return accepted


def item_of(store, report, kind):
    of_kind = (
        select(ITEM).join(REPORT, REPORT.c.serial == ITEM.c.report_serial).where(ITEM.c.kind == kind)
    ).where(REPORT.c.public_id == report.id)
    return read(store, lambda c: c.execute(of_kind).one())


def test_an_untouched_store_has_no_fault_held_purged_or_not_yet_screened(store, actor):
    keep(store, actor)
    purge(store, actor, keep(store, actor, "another"))
    hold(store, actor, keep(store, actor, "a third"))
    accept(store, actor, incoming("not screened yet"))

    assert found_faults(store) == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_byte_of_an_item_is_named_wherever_it_stands(store, actor, report, kind):
    item = item_of(store, report, kind)

    for at in range(len(item.sealed)):
        change(store, ITEM, ITEM.c.serial == item.serial, sealed=flipped(item.sealed, at))
        [fault] = found_faults(store)
        assert f"item {item.serial} ({kind} of {report.case_ref})" in fault
    change(store, ITEM, ITEM.c.serial == item.serial, sealed=item.sealed)
    assert found_faults(store) == []


def test_one_changed_byte_in_the_file_itself_is_named(store, actor, report, tmp_path):
    if not store.database.is_sqlite:
        pytest.skip("the file of a database that is one")
    item = item_of(store, report, "original")
    store.database.close()
    file = tmp_path / "home" / "store.db"
    content = file.read_bytes()
    assert content.count(item.sealed) == 1
    file.write_bytes(content.replace(item.sealed, flipped(item.sealed, 30)))

    assert any(f"item {item.serial} (original of {report.case_ref})" in one for one in found_faults(store))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "values",
    [
        {"kind": "redacte"},
        {"media_type": "text/plaim"},
        {"encoding": "utf-9"},
        {"bytes": 44},
        {"sha256": b"\0" * 32},
        {"tool": "scamscreen 0.1.1"},
        {"sealed": None},
    ],
    ids=lambda values: next(iter(values)),
)
def test_what_is_told_of_an_item_cannot_be_changed_unseen(store, report, kind, values):
    item = item_of(store, report, kind)
    change(store, ITEM, ITEM.c.serial == item.serial, **values)

    told = found_faults(store)
    assert told
    assert f"item {item.serial} (" in told[0]
    assert report.case_ref in told[0]


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_derived_text_whose_parent_is_another_reports_or_none_is_named(store, report, kind):
    item = item_of(store, report, kind)
    for parent in (None, 1, item.serial):
        change(store, ITEM, ITEM.c.serial == item.serial, parent_serial=parent)
        assert found_faults(store) == [
            f"item {item.serial} ({kind} of {report.case_ref}): the item it was derived from is not there"
        ]


@pytest.mark.parametrize("kind", KINDS[1:])
def test_an_item_taken_out_is_missed(store, report, kind):
    item = item_of(store, report, kind)
    write(store, lambda c: c.execute(delete(ITEM).where(ITEM.c.serial == item.serial)))

    assert found_faults(store) == [
        f"report {report.case_ref}: its {kind} {item.sha256.hex()} is not there as it was stored"
    ]


def test_an_item_put_in_is_named(store, report):
    item = item_of(store, report, "original")
    copied = {column.name: getattr(item, column.name) for column in ITEM.c if column.name != "serial"}
    write(store, lambda c: c.execute(ITEM.insert().values(copied)))

    [fault] = found_faults(store)
    assert f"item {item.serial + 3} (original of {report.case_ref}): no link" in fault


def test_a_report_taken_out_whole_is_missed(store, actor):
    [accepted] = accept(store, actor)
    for table in (ITEM, HISTORY, REPORT):
        write(store, lambda c, table=table: c.execute(delete(table)))

    assert found_faults(store) == [
        f"report {accepted.id} ({accepted.case_ref}): was stored, and is not there"
    ]


def test_a_report_renamed_or_marked_as_purged_is_named(store, report):
    serial = item_of(store, report, "original").report_serial
    change(store, REPORT, REPORT.c.serial == serial, case_ref="SS-2026-000009")
    assert f"report SS-2026-000009: it was stored as {report.case_ref}" in found_faults(store)

    change(store, REPORT, REPORT.c.serial == serial, case_ref=report.case_ref, purged_ms=NOW_MS)
    assert any("does not agree" in fault for fault in found_faults(store))


@pytest.mark.parametrize(
    "column", [REPORT.c.details_sealed, SCREENING.c.sealed, HISTORY.c.sealed, HOLD.c.sealed]
)
def test_one_changed_byte_of_other_words_is_named_with_its_table_and_case(store, report, column):
    table = column.table
    row = read(
        store,
        lambda c: c.execute(select(table).where(column.is_not(None)).order_by(table.c.serial.desc())).first(),
    )
    change(store, table, table.c.serial == row.serial, **{column.name: flipped(getattr(row, column.name))})

    assert [fault.split(":")[0] for fault in found_faults(store)] == [
        f"{table.name} {row.serial} of {report.case_ref}"
    ]


@pytest.mark.parametrize("column", [REPORT.c.details_sealed, SCREENING.c.sealed, HOLD.c.sealed])
def test_words_taken_out_without_a_purge_are_missed(store, report, column):
    table = column.table
    change(store, table, table.c.serial == (1 if table is HOLD else 2), **{column.name: None})

    assert [fault.split(":")[0] for fault in found_faults(store)] == [
        f"{table.name} {1 if table is HOLD else 2} of {report.case_ref}"
    ]


def test_a_report_whose_link_in_the_audit_was_rewritten_is_named_twice(store, report):
    link = read(
        store,
        lambda c: c.execute(
            select(AUDIT).where(AUDIT.c.subject == report.id, AUDIT.c.action == "report.stored")
        ).one(),
    )
    forged = json.dumps(json.loads(link.detail) | {"sha256": "0" * 64})
    write(
        store, lambda c: c.execute(update(AUDIT).where(AUDIT.c.digest == link.digest).values(detail=forged))
    )

    told = found_faults(store)
    assert f"link {link.number} was changed" in told[0]
    assert any(f"(original of {report.case_ref}): no link" in fault for fault in told)


def test_no_fault_quotes_anybody(store, report):
    write(store, lambda c: c.execute(update(ITEM).values(sha256=b"\0" * 32)))
    write(store, lambda c: c.execute(update(REPORT).values(details_sealed=b"zqxsentinel")))

    assert "zqxsentinel" not in " ".join(found_faults(store))


def test_a_large_store_is_read_a_few_items_at_a_time(store, actor):
    for number in range(10):
        accept(store, actor, incoming(f"{number}" * 2_000_000))

    tracemalloc.start()
    assert found_faults(store) == []
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 10_000_000


def test_every_sealed_column_of_the_store_is_listed_with_its_place():
    columns = {column for table in METADATA.tables.values() for column in table.c if "sealed" in column.name}

    assert {sealed.column for sealed in SEALED} == columns
