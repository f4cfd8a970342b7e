"""One advert seen many times is one campaign; what people merely have in common makes none."""

import pytest
from sqlalchemy import func, select

from serving.store import audit
from serving.store.errors import InvalidCursorError
from serving.store.home import Store
from serving.store.organisations import Actor
from serving.store.screening.traces import forget
from serving.store.sealing import new_keyring
from serving.store.search.campaign_search import CampaignPage, search_campaigns
from serving.store.search.report_search import Filters
from serving.store.search.signatures import NEAR, signature_key, signature_of
from serving.store.tables import CAMPAIGN, REPORT, SIGNATURE
from tests.stored import NOW_MS, other_actor
from tests.test_serving.found import found, page, reported, screened, screened_together, stored

JOB = (
    "รับสมัครพนักงานแอดมินตอบแชท ทำงานที่ปอยเปต เงินเดือน 35,000 บาท มีที่พักและอาหารฟรี "
    "บริษัทจัดการเดินทางให้ทั้งหมด ไม่ต้องมีประสบการณ์ สนใจโทร {phone}"
)
LOAN = (
    "เงินด่วนทันใจ อนุมัติใน 5 นาที ไม่เช็คเครดิตบูโร ไม่ต้องมีคนค้ำประกัน ดอกเบี้ยต่ำ "
    "โอนค่าธรรมเนียมก่อนรับเงินกู้ ติดต่อเจ้าหน้าที่โทร {phone}"
)
TASKS = (
    "Earn at home by liking videos: paid daily, no experience needed, first join our group and put in a "
    "small deposit for each task, then withdraw your earnings. Call {phone}"
)
FLAGGED = {"language": "th", "flags": ["fraudulent_job_offer"]}
PHONES = ("081-555-0143", "081-555-0176", "095-555-0476", "089-555-0112", "062-555-0139")


def lines(store: Store, actor: Actor, **asked) -> CampaignPage:
    asked = {"least_reports": 2, "limit": 50, **asked}
    return store.database.read(lambda c: search_campaigns(c, store.keyring, actor, **asked))


def sizes(store: Store, actor: Actor) -> list[int]:
    return sorted(line.reports for line in lines(store, actor, least_reports=1).campaigns)


def originals(store: Store, actor: Actor) -> dict[str, str | None]:
    """Id of a report -> id of the one it is a copy of."""
    return {row.public_id: row.original_public_id for row in page(store, actor, Filters()).reports}


def test_copies_that_are_screened_together_are_one_campaign_and_the_first_is_the_original(store, actor):
    first, *copies = [stored(store, actor, JOB.format(phone=phone)) for phone in PHONES]

    screened_together(store, actor, **FLAGGED)

    assert sizes(store, actor) == [len(PHONES)]
    assert originals(store, actor) == {first: None, **dict.fromkeys(copies, first)}
    assert found(store, actor, words="ปอยเปต") == [first, *copies]


@pytest.mark.parametrize("together", [1, 2, 3, 5, 9])
def test_it_makes_no_difference_how_many_are_screened_together(store, actor, together):
    job, loan = JOB.format(phone=PHONES[0]), LOAN.format(phone=PHONES[2])
    linking = TASKS.format(phone=f"{PHONES[1]} or {PHONES[3]}")
    texts = [
        job,
        loan,
        "ok",
        JOB.format(phone=PHONES[1]),
        LOAN.format(phone=PHONES[3]),
        linking,
        job,
        loan,
        loan,
    ]
    names = [stored(store, actor, text, in_danger=place == 7) for place, text in enumerate(texts)]

    for _ in range(0, len(texts), together):
        screened_together(store, actor, limit=together, **FLAGGED)

    assert sizes(store, actor) == [1, 1, 7]
    named = {names.index(one): original for one, original in originals(store, actor).items()}
    assert named == {0: None, 1: None, 2: None, 3: names[0], 4: names[1], 5: None} | {
        6: names[0],
        7: names[1],
        8: names[1],
    }
    with store.database.readers.connect() as connection:
        assert list(audit.broken_links(connection, store.keyring)) == []


def test_an_advert_seen_many_times_with_small_changes_is_one_campaign(store, actor):
    advert = JOB.format(phone=PHONES[0])
    seen = [
        reported(store, actor, text, **FLAGGED)
        for text in (
            advert,
            advert,
            JOB.format(phone=PHONES[1]),
            "ด่วน!! " + advert,
            advert.replace("35,000", "48,000"),
            advert.replace(" ", "\n✨ "),
            advert.replace("ไม่ต้องมีประสบการณ์ ", ""),
        )
    ]

    [line] = lines(store, actor).campaigns
    assert (line.public_id, line.reports, line.priority) == (seen[0], len(seen), 1)
    assert originals(store, actor) == {seen[0]: None, **dict.fromkeys(seen[1:], seen[0])}
    assert sorted(found(store, actor, campaign_id=seen[3])) == sorted(seen)


def test_two_different_adverts_are_two_campaigns(store, actor):
    for phone in PHONES[:2]:
        reported(store, actor, JOB.format(phone=phone), **FLAGGED)
    for phone in PHONES[2:4]:
        reported(store, actor, LOAN.format(phone=phone), **FLAGGED)

    assert sizes(store, actor) == [2, 2]


@pytest.mark.parametrize(
    ("contact", "spelled"),
    [
        ("โทร 081-555-0143", "เบอร์ 66 81 555 0143"),
        ("แอดไลน์ @mama555", "LINE: mama555"),
        ("โอนเข้าบัญชี 555-2-10984-3", "โอนเข้าบัญชี 5552109843"),
        ("สมัครที่ https://jobs.example/th?ref=7", "สมัครที่ www.jobs.example/other"),
        ("https://bit.ly/abc555", "https://bit.ly/abc555"),
    ],
)
def test_different_flagged_texts_with_the_same_contact_are_one_campaign(store, actor, contact, spelled):
    reported(store, actor, f"รับคนไปทำงานต่างประเทศ ได้เงินดี {contact}", **FLAGGED)
    reported(store, actor, f"ปล่อยกู้ทันใจ ไม่เช็คประวัติ {spelled}", **FLAGGED)

    assert sizes(store, actor) == [2]
    assert set(originals(store, actor).values()) == {None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://facebook.com/groups/abc555/posts/1", "https://facebook.com/groups/xyz777/posts/2"),
        ("https://bit.ly/abc555", "https://bit.ly/xyz777"),
        ("แจ้งความโทร 1441", "โทร 1441"),
        ("แอดไลน์ @mama555", "เฟสบุ๊ค mama555x"),
    ],
)
def test_what_many_people_share_or_what_differs_links_nothing(store, actor, one, other):
    reported(store, actor, f"รับคนไปทำงานต่างประเทศ ได้เงินดี {one}", **FLAGGED)
    reported(store, actor, f"ปล่อยกู้ทันใจ ไม่เช็คประวัติ {other}", **FLAGGED)

    assert sizes(store, actor) == [1, 1]


def test_a_contact_that_stands_in_unflagged_texts_too_links_nothing(store, actor):
    for notice in ("ตำรวจเตือนภัยออนไลน์ แจ้งเหตุ", "ศูนย์ช่วยเหลือ เปิดทุกวัน ติดต่อ", "สายด่วนของเรา โทรฟรี"):
        reported(store, actor, f"{notice} โทร 081-555-0143", language="th")
    reported(store, actor, JOB.format(phone="081-555-0143"), **FLAGGED)
    reported(store, actor, LOAN.format(phone="081-555-0143"), **FLAGGED)

    assert max(sizes(store, actor)) == 1


def test_a_contact_in_an_enquiry_about_a_scam_links_nothing(store, actor):
    reported(store, actor, JOB.format(phone=PHONES[0]), **FLAGGED)
    enquiry = "ถามหน่อยค่ะ มีคนโทรมาจาก 081-555-0143 ใช่มิจฉาชีพไหม"
    reported(store, actor, enquiry, language="th", flags=["call_centre_scam"], role="enquiry")

    assert sizes(store, actor) == [1, 1]


@pytest.mark.parametrize("danger", [{"rank": "urgent", "flags": ["person_at_risk"]}, {"in_danger": True}])
def test_the_contacts_of_a_person_at_risk_never_link_anything(store, actor, danger):
    plea = "ช่วยด้วยค่ะ ติดอยู่ในตึก ออกไม่ได้ เบอร์หนู 081-555-0143"
    reported(store, actor, plea, **{**FLAGGED, **danger})
    reported(store, actor, JOB.format(phone="081-555-0143"), **FLAGGED)
    reported(store, actor, LOAN.format(phone="081-555-0143"), **FLAGGED)

    assert sizes(store, actor) == [1, 1, 1]


@pytest.mark.parametrize("urgent", [{"rank": "urgent", "flags": ["person_at_risk"]}, {"in_danger": True}])
def test_urgent_copies_are_linked_but_each_is_a_line_of_its_own(store, actor, urgent):
    plea = "ช่วยด้วยค่ะ หนูถูกขังอยู่ในตึกที่ชายแดน เขายึดพาสปอร์ตไว้ ออกไปไหนไม่ได้เลยค่ะ"
    first = reported(store, actor, plea, language="th", flags=["person_at_risk"], rank="urgent")
    second = reported(store, actor, plea, language="th", **urgent)
    third = reported(store, actor, plea + "ๆ", language="th")

    assert sizes(store, actor) == [1, 1, 1]
    assert originals(store, actor) == {first: None, second: first, third: first}
    assert found(store, actor, duplicates="without") == [first, second]
    assert found(store, actor, duplicates="only") == [second, third]
    assert len(found(store, actor)) == 3


def test_a_report_that_belongs_to_two_campaigns_makes_them_one(store, actor):
    for phone in PHONES[:2]:
        reported(store, actor, JOB.format(phone=phone), **FLAGGED)
    loans = [reported(store, actor, LOAN.format(phone=phone), **FLAGGED) for phone in PHONES[2:5]]
    tasks = TASKS.format(phone=f"{PHONES[0]} or {PHONES[2]}")
    reported(store, actor, tasks, language="th", flags=["task_scam"])

    [line] = lines(store, actor).campaigns
    first = page(store, actor, Filters()).reports[0].public_id
    assert (line.reports, line.public_id) == (6, first)
    assert len(found(store, actor, campaign_id=loans[2])) == 6
    with store.database.readers.connect() as connection:
        assert connection.execute(select(func.count()).select_from(CAMPAIGN)).scalar_one() == 1
        assert list(audit.broken_links(connection, store.keyring)) == []


def test_the_report_stored_first_is_the_original_even_if_it_is_screened_last(store, actor):
    text = JOB.format(phone=PHONES[0])
    names = [stored(store, actor, text) for _ in range(3)]
    for _ in names:
        screened(store, actor, newest_first=True, **FLAGGED)

    assert originals(store, actor) == {names[0]: None, names[1]: names[0], names[2]: names[0]}
    assert lines(store, actor).campaigns[0].public_id == names[0]


def test_short_texts_are_copies_only_if_they_are_the_same(store, actor):
    for text in ("call me back please", "Call me back, please!", "call me back today", "ok", "ok"):
        reported(store, actor, text)

    assert sizes(store, actor) == [1, 1, 1, 2]


def test_a_deleted_report_is_found_no_more_and_links_nothing(store, actor):
    reported(store, actor, JOB.format(phone=PHONES[0]), **FLAGGED)
    store.database.write(lambda c: forget(c, 1))
    reported(store, actor, JOB.format(phone=PHONES[0]), **FLAGGED)

    assert sizes(store, actor) == [1, 1]
    assert len(found(store, actor, words="ปอยเปต")) == 1


def test_another_organisation_has_its_own_campaigns(store, actor):
    text = JOB.format(phone=PHONES[0])
    other = other_actor(store)
    for _ in range(2):
        reported(store, actor, text, **FLAGGED)
    reported(store, other, text, **FLAGGED)

    assert [line.reports for line in lines(store, actor).campaigns] == [2]
    assert sizes(store, other) == [1]
    with store.database.readers.connect() as connection:
        signed = connection.execute(
            select(REPORT.c.organisation_id, SIGNATURE.c.minhash).join(SIGNATURE)
        ).all()
    assert len({(row.organisation_id, row.minhash) for row in signed}) == 2
    assert len({row.minhash for row in signed}) == 2


def test_signatures_say_nothing_without_the_key():
    text = JOB.format(phone=PHONES[0])
    keys = [signature_key(new_keyring(), 1) for _ in range(2)]
    ours, theirs = (signature_of(key, text, ()) for key in keys)

    assert ours == signature_of(keys[0], text, ())
    assert ours.similarity(theirs.minhash) < 0.1 < NEAR
    assert not set(ours.bands) & set(theirs.bands)


def test_a_signature_stays_what_it_was_in_stores_that_are_there():
    signature = signature_of(b"\1" * 32, "a text that was stored long ago, by another version", ())

    assert signature.minhash[:8].hex() == "045f7a068485d911"


def test_pages_of_campaigns_go_on_with_a_cursor_that_nobody_can_make(store, actor):
    for number, text in enumerate((JOB, LOAN, TASKS)):
        for phone in PHONES[:2]:
            name = f"0{number}{phone[2:]}"
            reported(store, actor, text.format(phone=name), at_ms=NOW_MS + number, **FLAGGED)
    first = lines(store, actor, limit=2)
    second = lines(store, actor, limit=2, cursor=first.next)

    assert [line.last_ms - NOW_MS for line in (*first.campaigns, *second.campaigns)] == [2, 1, 0]
    assert second.next is None
    for other, asked in ((other_actor(store), {}), (actor, {"least_reports": 1})):
        with pytest.raises(InvalidCursorError):
            lines(store, other, limit=2, cursor=first.next, **asked)
