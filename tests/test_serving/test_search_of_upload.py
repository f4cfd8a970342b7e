"""Reports are found by the uploaded file that they were rows of, on either database."""

import hashlib

from serving.store.organisations import Actor
from serving.store.search.report_search import Filters, search_reports
from serving.store.uploads.sending import NewFile, begin_upload, keep_chunk, make_ready
from serving.store.uploads.storing import ReadRow, begin_screening, end_storing, keep_rows, take_next
from serving.store.uploads.upload import find_upload
from tests.stored import NOW_MS, other_actor
from tests.test_serving.found import found, incoming, page, screened, stored


def uploaded(store, actor: Actor, *texts: str) -> str:
    """Store texts as the rows of a file, an empty one as a row that could not be read; return its id."""
    content = "\n".join(texts).encode()

    def begin(connection):
        file = NewFile("txt", len(content), hashlib.sha256(content).digest(), "list.txt")
        begun = begin_upload(connection, store.keyring, actor, file, is_new=True, now_ms=NOW_MS)
        keep_chunk(connection, store.keyring, actor, begun.id, number=0, content=content)
        upload = find_upload(connection, store.keyring, actor.organisation_id, begun.id)
        make_ready(connection, store.keyring, actor, upload, now_ms=NOW_MS)
        begin_screening(
            connection, store.keyring, actor, begun.id, {"text": "text", "columns": []}, now_ms=NOW_MS
        )
        return begun.id

    upload_id = store.database.write(begin)
    upload = store.database.write(lambda c: take_next(c, store.keyring, "a test", now_ms=NOW_MS))
    rows = [
        ReadRow(number, incoming(text, channel="file"))
        if text
        else ReadRow(number, None, "empty_text", "the row has no text")
        for number, text in enumerate(texts, start=1)
    ]
    assert store.database.write(lambda c: keep_rows(c, store.keyring, upload, "a test", rows, now_ms=NOW_MS))
    store.database.write(lambda c: end_storing(c, store.keyring, upload, now_ms=NOW_MS))
    return upload_id


def test_only_the_reports_of_the_upload_are_found(store, actor):
    before = stored(store, actor, "before it")
    first = uploaded(store, actor, "one", "", "two")
    between = stored(store, actor, "between them")
    second = uploaded(store, actor, "three")

    of_first, of_second = (found(store, actor, upload_id=one) for one in (first, second))

    assert (len(of_first), len(of_second)) == (2, 1)
    assert not {before, between} & {*of_first, *of_second}
    assert not {*of_first} & {*of_second}
    assert len(found(store, actor)) == 5


def test_it_holds_beside_other_filters_and_over_pages(store, actor):
    upload_id = uploaded(store, actor, *(f"row {number}" for number in range(5)))
    uploaded(store, actor, "of another file")
    asked = Filters(upload_id=upload_id, status=("new", "in_review"))

    first = page(store, actor, asked, limit=3)
    second = page(store, actor, asked, limit=3, cursor=first.next)
    newest = page(store, actor, asked, sort="newest")

    assert (len(first.reports), len(second.reports), first.count) == (3, 2, "5")
    assert [row.public_id for row in newest.reports] == [
        row.public_id for row in reversed([*first.reports, *second.reports])
    ]
    assert found(store, actor, upload_id=upload_id, channel=["line"]) == []


def test_a_campaign_is_folded_into_one_of_the_upload(store, actor):
    text = "Easy work from home, like and follow, paid daily, no experience needed, write to us now"
    stored(store, actor, text)
    upload_id = uploaded(store, actor, f"{text}!", f"{text}?")
    for _ in range(3):
        screened(store, actor, language="en", flags=["task_scam"])

    folded = store.database.read(
        lambda c: search_reports(
            c,
            store.keyring,
            actor,
            Filters(upload_id=upload_id, status=("new",)),
            sort="queue",
            limit=50,
            is_folded=True,
        )
    )

    assert len(folded.reports) == 1
    assert folded.reports[0].public_id in found(store, actor, upload_id=upload_id)
    assert folded.reports[0].campaign_reports == 3


def test_no_upload_and_one_of_another_organisation_find_nothing(store, actor):
    upload_id = uploaded(store, actor, "ours")
    empty = uploaded(store, actor, "", "")

    assert found(store, actor, upload_id="0" * 32) == []
    assert found(store, actor, upload_id=empty) == []
    assert found(store, other_actor(store), upload_id=upload_id) == []
