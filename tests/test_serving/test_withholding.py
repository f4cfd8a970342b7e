"""What may show the abuse of a child: nobody is shown it, who withheld it is told, and the audit holds."""

import json
from dataclasses import replace

import pytest

from serving.reports.case_export import export_case
from serving.reports.told import told
from serving.store import audit
from serving.store.casework import history
from serving.store.casework.history import altered
from serving.store.casework.withholding import show_again, withhold
from serving.store.errors import NotFoundError, RefusedChangeError
from serving.store.reading import first_words, read_report, read_screenings
from serving.store.tables import AUDIT
from tests.stored import NOW_MS, WORDS, accept, incoming, other_actor, read, write
from tests.test_serving.kept import keep, row_of


@pytest.fixture
def report(store, actor):
    """A report that is withheld."""
    accepted = keep(store, actor)
    write(store, lambda c: withhold(c, store.keyring, actor, accepted.id, now_ms=NOW_MS))
    return accepted


def test_its_words_are_told_by_nothing(store, actor, report):
    stored = read(store, lambda c: read_report(c, store.keyring, actor, report.id))
    row = row_of(store, report)

    about = told(replace(stored, record=None), with_pii=True)
    assert about["text"] is None
    assert about["withheld_at"] is not None
    assert read(store, lambda c: first_words(c, store.keyring, [row], 50)) == {}
    assert all(
        one.is_withheld for one in read(store, lambda c: read_screenings(c, store.keyring, actor, report.id))
    )


def test_it_is_handed_over_without_its_words(store, actor, report):
    files = write(store, lambda c: export_case(c, store.keyring, actor, report.id, now_ms=NOW_MS))

    assert "custody.json" in files
    assert not any(name.startswith(("original", "redacted", "normalised", "screening")) for name in files)
    assert WORDS.encode() not in b"".join(files.values())


def test_where_it_was_found_is_told_by_nothing(store, actor):
    details = {
        "source_url": "https://zqxplace.example/1",
        "platform": "zqxplace forum",
        "channel": "zqxplace group",
        "file": {"row": 7, "columns": {"link": "https://zqxplace.example/1", "title": "zqxplace"}},
        "code_word": "umbrella",
    }
    [accepted] = accept(store, actor, replace(incoming(), details=details))
    write(store, lambda c: withhold(c, store.keyring, actor, accepted.id, now_ms=NOW_MS))

    about = told(read(store, lambda c: read_report(c, store.keyring, actor, accepted.id)), with_pii=True)
    files = write(store, lambda c: export_case(c, store.keyring, actor, accepted.id, now_ms=NOW_MS))

    kept = {"source_url": None, "file": {"row": 7, "columns": {}}, "code_word": "umbrella"}
    assert about["details"] == kept
    assert json.loads(files["envelope.json"])["details"] == kept


def test_nothing_is_lost_and_it_can_be_shown_again_for_a_reason(store, actor, report):
    with pytest.raises(RefusedChangeError):
        write(store, lambda c: show_again(c, store.keyring, actor, report.id, " ", now_ms=NOW_MS))
    write(store, lambda c: show_again(c, store.keyring, actor, report.id, "zqx court", now_ms=NOW_MS))

    stored = read(store, lambda c: read_report(c, store.keyring, actor, report.id))
    assert told(replace(stored, record=None), with_pii=True)["text"] == WORDS
    with pytest.raises(RefusedChangeError):
        write(store, lambda c: show_again(c, store.keyring, actor, report.id, "again", now_ms=NOW_MS))


def test_each_step_is_in_the_audit_without_a_word(store, actor, report):
    write(store, lambda c: show_again(c, store.keyring, actor, report.id, "zqx court", now_ms=NOW_MS))

    links = read(store, lambda c: c.execute(AUDIT.select().order_by(AUDIT.c.number)).all())

    assert [link.action for link in links][-2:] == ["report.withheld", "report.shown_again"]
    assert "zqx" not in json.dumps([link.detail for link in links])
    assert read(store, lambda c: list(audit.broken_links(c, store.keyring))) == []
    assert read(store, lambda c: list(altered(c, store.keyring))) == []


def test_another_organisation_can_withhold_nothing_here(store, actor):
    report, stranger = keep(store, actor), other_actor(store)

    with pytest.raises(NotFoundError):
        write(store, lambda c: withhold(c, store.keyring, stranger, report.id, now_ms=NOW_MS))

    assert row_of(store, report).withheld_ms is None


def sent(store, actor, content=b"an image", encoding=""):
    """Store an image, or with an encoding a text."""
    media_type = "text/plain" if encoding else "image/png"
    image = replace(incoming(), content=content, media_type=media_type, encoding=encoding)
    [accepted] = accept(store, actor, image)
    return accepted


def are_withheld(store, *reports):
    return [row_of(store, one).withheld_ms is not None for one in reports]


def test_the_same_image_is_withheld_wherever_it_was_sent_and_whenever_it_comes(store, actor):
    first, other, again = sent(store, actor), sent(store, actor, b"another image"), sent(store, actor)
    write(store, lambda c: withhold(c, store.keyring, actor, first.id, now_ms=NOW_MS))
    later, unlike = sent(store, actor), sent(store, actor, b"a third image")
    elsewhere = sent(store, other_actor(store))

    assert are_withheld(store, first, again, later) == [True, True, True]
    assert are_withheld(store, other, unlike, elsewhere) == [False, False, False]
    assert row_of(store, again).acknowledged_ms is None, "who sent it is another, and waits for somebody"
    entries = read(store, lambda c: history.read(c, store.keyring, actor, later.id))
    assert [entry.action for entry in entries] == ["stored", "withheld"]
    assert read(store, lambda c: list(audit.broken_links(c, store.keyring))) == []


def test_the_same_image_is_shown_again_with_it(store, actor):
    first, again = sent(store, actor), sent(store, actor)
    write(store, lambda c: withhold(c, store.keyring, actor, again.id, now_ms=NOW_MS))

    write(store, lambda c: show_again(c, store.keyring, actor, first.id, "no child", now_ms=NOW_MS))

    assert are_withheld(store, first, again, sent(store, actor)) == [False, False, False]


def test_the_same_words_are_withheld_where_somebody_says_so_and_nowhere_else(store, actor):
    first, again = sent(store, actor, b"same words", "utf-8"), sent(store, actor, b"same words", "utf-8")

    write(store, lambda c: withhold(c, store.keyring, actor, first.id, now_ms=NOW_MS))

    assert are_withheld(store, first, again, sent(store, actor, b"same words", "utf-8")) == [
        True,
        False,
        False,
    ]
