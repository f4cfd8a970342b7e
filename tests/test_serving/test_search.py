"""Reports are found by what they are and name, page by page, by nobody but their organisation."""

import pytest
from sqlalchemy import select, update

from serving.store.casework.withholding import withhold
from serving.store.errors import InvalidCursorError, TooShortError
from serving.store.report_codes import FIRST_LANE
from serving.store.sealing import new_keyring
from serving.store.search.report_search import Filters
from serving.store.search.tokens import (
    MOST_TOKENS,
    EntityQuery,
    remove_tokens,
    token_key,
    tokens_of,
    write_tokens,
)
from serving.store.tables import REPORT, SEARCH_TOKEN
from tests.stored import NOW_MS, other_actor
from tests.test_serving.found import found, page, reported, screening, stored

THAI = "รับพนักงานแอดมิน ทำงานที่ปอยเปต มีที่พักฟรี สนใจโทร 081-555-0143"
BURMESE = "အလုပ်ခေါ်သည် လစာကောင်းကောင်းရမည် ဖုန်း 09 555 017 633"
KHMER = "ត្រូវការបុគ្គលិកផ្នែកលក់ ប្រាក់ខែខ្ពស់ ទំនាក់ទំនង 012 555 084"
LAO = "ຮັບສະໝັກພະນັກງານ ເງິນເດືອນສູງ ໂທ 020 5552 7093"
CHINESE = "高薪招聘客服，包机票包食宿，联系电话13805550162"
VIETNAMESE = "Tuyển nhân viên việc nhẹ lương cao, gọi 0976 555 480"


@pytest.mark.parametrize(
    ("text", "language", "words", "others"),
    [
        (THAI, "th", "ปอยเปต", "แม่สอด"),
        (THAI, "th", "ที่พักฟรี พนักงาน", "ที่พักฟรี นายจ้าง"),
        (THAI, "th", "แอดมินทำงาน", "แอดมินขายของ"),  # whatever blanks there are between words
        (BURMESE, "my", "လစာကောင်း", "လစာနည်း"),
        (KHMER, "km", "ប្រាក់ខែ", "ប្រាក់កម្ចី"),
        (LAO, "lo", "ເງິນເດືອນ", "ເງິນກູ້"),
        (CHINESE, "zh", "机票", "护照"),
        (CHINESE, "zh", "招聘客服", "招聘司机"),
        (VIETNAMESE, "vi", "LƯƠNG cao", "lương thấp"),
        (VIETNAMESE, "vi", "viec nhe", "viec nang"),
        ("They keep our passports", "en", "PASSPORTS keep", "passport"),
        ("Pаsspоrt ready", "en", "passport", "port"),  # Cyrillic letters
    ],
)
def test_a_report_is_found_by_all_its_words_and_not_by_others(store, actor, text, language, words, others):
    name = reported(store, actor, text, language=language)
    reported(store, actor, "An ordinary note about the weather")

    assert found(store, actor, words=words) == [name]
    assert found(store, actor, words=others) == []


def test_what_is_withheld_is_found_by_what_it_is_and_not_by_what_it_says(store, actor):
    shown, withheld = (reported(store, actor, f"{THAI} {number}", language="th") for number in ("หนึ่ง", "สอง"))
    store.database.write(lambda c: withhold(c, store.keyring, actor, withheld, now_ms=NOW_MS))

    assert found(store, actor, words="ปอยเปต") == [shown]
    assert found(store, actor, entities=[EntityQuery("PHONE", "081-555-0143")]) == [shown]
    assert set(found(store, actor, language=["th"])) == {shown, withheld}


@pytest.mark.parametrize(
    ("text", "language", "code", "value"),
    [
        (THAI, "th", "PHONE", "081-555-0143"),
        (THAI, "th", "PHONE", "+66 81 555 0143"),
        (THAI, "th", "PHONE", "66815550143"),
        (THAI, "th", "PHONE", "๐๘๑ ๕๕๕ ๐๑๔๓"),
        (VIETNAMESE, "vi", "PHONE", "(+84) 976.555.480"),
        ("โอนเข้าบัญชี 555-2-10984-3 ก่อนหกโมง", "th", "BANK_ACCOUNT", "5552109843"),
        ("แอดไลน์ @mama555 ค่ะ", "th", "SOCIAL_HANDLE", "Mama555"),
        ("Apply at https://jobs.example/th?ref=7", "en", "URL", "jobs.example"),
        ("Apply at https://jobs.example/th?ref=7", "en", "URL", "HTTPS://JOBS.example/th?ref=7"),
    ],
)
def test_a_number_or_address_is_found_in_any_spelling(store, actor, text, language, code, value):
    name = reported(store, actor, text, language=language)
    reported(store, actor, "โทร 081-555-0999 หรือ https://other.example", language="th")

    assert found(store, actor, entities=[EntityQuery(code, value)]) == [name]
    assert found(store, actor, entities=[EntityQuery("PERSON", value)]) == []


def test_nothing_is_found_in_another_organisation(store, actor):
    name = reported(store, actor, THAI, language="th")
    other = other_actor(store)

    assert found(store, other) == []
    assert found(store, other, words="ปอยเปต") == []
    assert found(store, other, campaign_id=name) == []
    assert found(store, actor, words="ปอยเปต") == [name]


def test_tokens_say_nothing_without_the_key_and_differ_between_organisations():
    record = screening(THAI, language="th")
    keyring = new_keyring()
    keys = [token_key(keyring, 1), token_key(keyring, 2), token_key(new_keyring(), 1)]
    ours, other_organisation, other_store = (tokens_of(key, THAI, record.entities) for key in keys)

    assert ours == tokens_of(keys[0], THAI, record.entities)
    assert {len(one) for one in ours} == {16}
    assert not ours & other_organisation
    assert not ours & other_store


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_reports_are_found_by_stands_in_no_file_of_the_store(store, actor, tmp_path):
    name = reported(store, actor, "zqxsentinel, call 081-555-0143 or see zqxhost.example", language="th")
    assert found(store, actor, words="zqxsentinel") == [name]
    store.database.close()

    content = b"".join(path.read_bytes() for path in (tmp_path / "home").iterdir())
    assert name.encode() in content
    assert all(words not in content for words in (b"zqx", b"66815550143", b"0815550143", b"081-555"))


def test_a_long_report_leaves_no_more_tokens_than_allowed_and_is_found_by_its_numbers_all_the_same(
    store, actor
):
    text = "".join(chr(0x4E00 + number) for number in range(3_000)) + " โทร 081-555-0143"
    name = reported(store, actor, text, language="th")

    with store.database.readers.connect() as connection:
        assert len(connection.execute(select(SEARCH_TOKEN)).all()) <= MOST_TOKENS
    assert found(store, actor, entities=[EntityQuery("PHONE", "0815550143")]) == [name]


def test_a_purged_text_is_found_no_more(store, actor):
    reported(store, actor, THAI, language="th")
    store.database.write(lambda c: remove_tokens(c, 1))

    assert found(store, actor, words="ปอยเปต") == []
    assert len(found(store, actor)) == 1


@pytest.mark.parametrize("words", ["งา", "票", "ok งา"])
def test_a_word_that_is_too_short_to_be_found_is_told_so(store, actor, words):
    with pytest.raises(TooShortError) as told:
        found(store, actor, words=words)
    assert words not in str(told.value)


def test_a_plea_that_is_not_screened_yet_is_found_among_the_urgent_and_other_reports_among_those_to_review(
    store, actor
):
    plea = stored(store, actor, "later", lane=FIRST_LANE)
    other = stored(store, actor, "later too")

    assert found(store, actor, priority=[0]) == [plea]
    assert found(store, actor, priority=[2]) == [other]


def test_every_filter_finds_what_it_says_and_leaves_out_the_rest(store, actor):
    advert = reported(
        store, actor, "An advert", flags=["task_scam", "money_mule"], channel="line", at_ms=NOW_MS - 5
    )
    note = reported(store, actor, "ข้อความทั่วไป", language="th", safe="yes", in_danger=True)
    waiting = stored(store, actor, "later")

    for asked, expected in [
        ({"flags": ["money_mule", "phishing"]}, [advert]),
        ({"flags": ["money"]}, []),
        ({"flags": ["%"]}, []),
        ({"language": ["th"]}, [note]),
        ({"role": ["offer"]}, [advert]),
        ({"channel": ["line", "email"]}, [advert]),
        ({"channel": ["%"]}, []),
        ({"work": ["waiting"]}, [waiting]),
        ({"priority": [1]}, [advert]),
        ({"priority": [1, 0]}, [note, advert]),
        ({"safe_to_contact": ["yes"]}, [note]),
        ({"in_danger": True}, [note]),
        ({"stored_before": NOW_MS}, [advert]),
        ({"stored_from": NOW_MS, "work": ["screened"]}, [note]),
        ({"received_before": NOW_MS}, [advert]),
        ({"status": ["closed"]}, []),
        ({"assignee": "local"}, []),
        ({"campaign_id": advert}, [advert]),
        ({"campaign_id": "0" * 32}, []),
    ]:
        assert found(store, actor, **asked) == expected, asked


def test_the_queue_shows_the_urgent_first_and_what_waits_in_the_first_lane_beside_them(store, actor):
    low = reported(store, actor, "low one")
    high = reported(store, actor, "high one", flags=["task_scam"])
    urgent = reported(store, actor, "urgent one", flags=["person_at_risk"], rank="urgent")
    waiting = stored(store, actor, "waits")
    plea = stored(store, actor, "help", lane=FIRST_LANE)

    assert found(store, actor) == [urgent, plea, high, waiting, low]
    newest = page(store, actor, Filters(), sort="newest").reports
    assert [row.public_id for row in newest] == [plea, waiting, urgent, high, low]


def test_several_statuses_are_one_queue(store, actor):
    names = [reported(store, actor, f"report {number}") for number in range(6)]
    for number, status in enumerate(("closed", "in_review", "new", "in_review", "new", "closed"), start=1):
        changed = update(REPORT).where(REPORT.c.serial == number).values(status=status)
        store.database.write(lambda c, changed=changed: c.execute(changed))

    asked = Filters(status=("new", "in_review", "new"))
    first = page(store, actor, asked, limit=3)
    second = page(store, actor, asked, limit=3, cursor=first.next)
    assert [row.public_id for row in (*first.reports, *second.reports)] == names[1:5]
    assert (first.count, second.next) == ("4", None)


@pytest.mark.parametrize("sort", ["queue", "newest"])
def test_pages_neither_skip_nor_repeat_while_reports_arrive(store, actor, sort):
    ranks = [("urgent", ["person_at_risk"]), ("high", ["task_scam"]), ("low", [])]
    there = {
        reported(store, actor, f"report number {n}", flags=ranks[n % 3][1], rank=ranks[n % 3][0])
        for n in range(20)
    }
    seen: list[str] = []
    cursor = None
    while True:
        one = page(store, actor, Filters(), sort=sort, limit=3, cursor=cursor)
        assert len(one.reports) <= 3
        assert one.count == "20"
        seen += [row.public_id for row in one.reports if row.public_id in there]
        rank = ranks[len(seen) % 3]
        reported(store, actor, f"arrives meanwhile {len(seen)}", flags=rank[1], rank=rank[0])
        cursor = one.next
        if cursor is None:
            break

    assert sorted(seen) == sorted(there)


def test_a_cursor_that_was_changed_by_one_sign_is_refused(store, actor):
    for number in range(3):
        reported(store, actor, f"report {number}")
    cursor = page(store, actor, Filters(), limit=1).next

    for place in range(len(cursor)):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        with pytest.raises(InvalidCursorError):
            page(store, actor, Filters(), limit=1, cursor=changed)
    assert page(store, actor, Filters(), limit=1, cursor=cursor).reports


def test_a_cursor_is_refused_in_another_search_and_by_another_organisation(store, actor):
    for number in range(3):
        reported(store, actor, f"report {number}")
    cursor = page(store, actor, Filters(words="report"), limit=1).next

    for asker, filters, sort in [
        (other_actor(store), Filters(words="report"), "queue"),
        (actor, Filters(words="reports"), "queue"),
        (actor, Filters(words="report"), "newest"),
    ]:
        with pytest.raises(InvalidCursorError) as told:
            page(store, asker, filters, sort=sort, limit=1, cursor=cursor)
        assert "report" not in str(told.value)


def test_over_ten_thousand_are_not_counted(store, actor, monkeypatch):
    monkeypatch.setattr("serving.store.counting.MOST_COUNTED", 3)
    for number in range(5):
        reported(store, actor, f"report {number}")

    assert page(store, actor, Filters(), limit=2).count == "3+"
    assert page(store, actor, Filters(words="report"), limit=2).count == "3+"
    assert page(store, actor, Filters(words="report 3"), limit=2).count == "1"


def test_rare_and_frequent_words_find_the_same_whatever_way_they_are_looked_up(store, actor, monkeypatch):
    names = [reported(store, actor, f"report {'even' if n % 2 else 'odd'} {n}") for n in range(8)]
    expected = names[1::2]
    ways = []
    for most in (1, 3, 5, 100):
        monkeypatch.setattr("serving.store.counting.MOST_COUNTED", most)
        ways.append(found(store, actor, words="even report"))

    assert ways == [expected] * 4


def test_a_summary_row_names_the_original_and_its_campaign(store, actor):
    text = "Easy work from home, like and follow, paid daily, no experience needed, write to us now"
    first = reported(store, actor, text, flags=["task_scam"])
    second = reported(store, actor, text + "!", flags=["task_scam"])

    rows = {row.public_id: row for row in page(store, actor, Filters()).reports}
    assert rows[second].original_public_id == first
    assert rows[first].original_public_id is None
    assert {row.campaign_public_id for row in rows.values()} == {first}


def test_what_was_screened_again_keeps_one_set_of_tokens(store, actor):
    reported(store, actor, THAI, language="th")
    with store.database.readers.connect() as connection:
        before = connection.execute(select(SEARCH_TOKEN)).all()
    key = token_key(store.keyring, actor.organisation_id)
    record = screening(THAI, language="th")
    tokens = tokens_of(key, THAI, record.entities)
    store.database.write(lambda c: write_tokens(c, actor.organisation_id, {1: tokens}))
    with store.database.readers.connect() as connection:
        assert connection.execute(select(SEARCH_TOKEN)).all() == before
        assert connection.execute(select(REPORT.c.campaign_id)).scalar_one() is not None
