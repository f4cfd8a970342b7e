"""What the overview counts, on both databases: nothing of who is at risk, nothing twice, nothing outside."""

import json

import pytest

from serving.store.casework.changes import Change, change_report
from serving.store.custody.purge import purge_old
from serving.store.home import Store
from serving.store.organisations import Actor
from serving.store.overview.arrivals import count_arrivals, of_period
from serving.store.overview.decisions import count_decided
from serving.store.overview.losses import MOST_READ, amounts_of, sum_losses
from serving.store.overview.overview import overview_of
from serving.store.overview.periods import DAY_MS, HOUR_MS, Period, beginning_of, day_of, within
from serving.store.overview.rankings import rank_contacts, rank_places
from serving.store.overview.waiting import undecided, unscreened
from serving.store.reading import read_report
from serving.store.screening import findings, work
from serving.store.screening.findings import Finding, Found
from serving.store.screening.traces import traces_of
from serving.store.tables import REPORT
from tests.stored import NOW_MS, other_actor, read, write
from tests.test_serving.found import screening, stored

PHONE = "081-555-0143"
OTHER_PHONE = "089-555-0112"
ADVERT = "We hire for good pay, write to {phone} today"
JOB = ("fraudulent_job_offer",)
DAY = Period(NOW_MS - DAY_MS, NOW_MS + 1)


def reported(
    store: Store, actor: Actor, text: str, *, at_ms=NOW_MS, in_danger=False, channel="hotline", **said
) -> str:
    """Store a report and have it screened, its record sealed as the service does; return its id."""
    report_id = stored(store, actor, text, at_ms=at_ms, in_danger=in_danger, channel=channel)
    [job] = store.database.write(lambda c: work.lease(c, store.keyring, "one", limit=1, newest_first=True))
    record = screening(text, **{"language": "th", **said})
    rank = ("urgent", "high", "review", "low").index(record.priority)
    traces = traces_of(store.keyring, job.organisation_id, text, record, in_danger=in_danger)
    content = json.dumps(record.to_dict()).encode()
    finding = Finding(content, "a" * 64, rank, record.language, record.role, record.flags, traces=traces)
    found = [Found("one", job, finding)]
    assert write(store, lambda c: findings.finish_all(c, store.keyring, actor, found, now_ms=at_ms)) == [True]
    return report_id


def decide(store: Store, actor: Actor, report_id: str, *, at_ms=NOW_MS, **change) -> None:
    version = read(store, lambda c: read_report(c, store.keyring, actor, report_id)).row.version
    write(
        store,
        lambda c: change_report(
            c, store.keyring, actor, report_id, Change(**change), seen={version}, now_ms=at_ms
        ),
    )


def arrivals(store, actor, period=DAY):
    return read(store, lambda c: count_arrivals(c, of_period(c, actor, period)))


def contacts(store, actor, period=DAY):
    found = read(store, lambda c: rank_contacts(c, store.keyring, actor, of_period(c, actor, period)))
    return {one.entity.value if one.entity else None: one.reports for one in found}


def places(store, actor, period=DAY):
    return read(store, lambda c: rank_places(c, store.keyring, of_period(c, actor, period)))


def losses(store, actor, period=DAY):
    return read(store, lambda c: sum_losses(c, store.keyring, of_period(c, actor, period)))


def test_what_came_in_is_counted_by_what_it_is(store, actor):
    reported(store, actor, "one", flags=("phishing", "loss_report"), channel="line")
    reported(store, actor, "two", flags=("phishing",), language="en")
    reported(store, actor, "three", rank="low")

    came = arrivals(store, actor)

    assert came.total == 3
    assert came.labels == {"phishing": 2, "loss_report": 1}
    assert came.languages == {"th": 2, "en": 1}
    assert came.channels == {"hotline": 2, "line": 1}
    assert came.priorities == {1: 2, 3: 1}


def test_a_label_of_commercial_sex_is_never_counted_or_ranked(store, actor):
    reported(store, actor, ADVERT.format(phone=PHONE), flags=("commercial_sex_ad",))
    reported(store, actor, ADVERT.format(phone=OTHER_PHONE), flags=("commercial_sex_ad", *JOB))

    assert arrivals(store, actor).labels == {"fraudulent_job_offer": 1}
    assert contacts(store, actor) == {"+66895550112": 1}


def test_hours_are_those_of_bangkok(store, actor):
    midnight = beginning_of(day_of(NOW_MS))
    stored(store, actor, "last minute", at_ms=midnight - 1)
    stored(store, actor, "first minute", at_ms=midnight)
    stored(store, actor, "one o'clock", at_ms=midnight + HOUR_MS)

    today = arrivals(store, actor, Period(midnight, midnight + DAY_MS))
    both = arrivals(store, actor, Period(midnight - DAY_MS, midnight + DAY_MS))

    assert [hour % 24 for hour in sorted(today.hours)] == [0, 1]
    assert [hour % 24 for hour in sorted(both.hours)] == [23, 0, 1]


def test_the_edges_of_a_period_are_where_it_says(store, actor):
    for at_ms in range(NOW_MS, NOW_MS + 10):
        stored(store, actor, f"at {at_ms}", at_ms=at_ms)

    assert arrivals(store, actor, Period(NOW_MS + 2, NOW_MS + 5)).total == 3
    assert arrivals(store, actor, Period(NOW_MS - DAY_MS, NOW_MS)).total == 0
    assert arrivals(store, actor, Period(NOW_MS + 10, NOW_MS + DAY_MS)).total == 0


def test_rows_stored_by_clocks_that_differ_by_minutes_are_all_found(store, actor):
    times = [NOW_MS + minute * 60_000 + (minute % 3 - 1) * 600_000 for minute in range(0, 240, 2)]
    for at_ms in times:
        stored(store, actor, f"at {at_ms}", at_ms=at_ms)
    period = Period(NOW_MS + 90 * 60_000, NOW_MS + 120 * 60_000)

    condition = read(store, lambda c: within(c, REPORT.c.serial, REPORT.c.stored_ms, period))
    found = read(store, lambda c: c.execute(REPORT.select().where(condition)).all())

    assert len(found) == sum(period.from_ms <= at_ms < period.before_ms for at_ms in times)


def test_an_empty_store_has_an_overview(store, actor):
    overview = read(store, lambda c: overview_of(c, store.keyring, actor, DAY, with_words=True))

    assert overview.arrivals.total == 0
    assert overview.contacts == ()
    assert overview.unscreened.oldest_ms is None


def test_nothing_of_another_organisation_is_counted(store, actor):
    other = other_actor(store)
    reported(store, other, f"I lost 5,000 baht, call {PHONE} in Poipet", flags=("loss_report", *JOB))

    overview = read(store, lambda c: overview_of(c, store.keyring, actor, DAY, with_words=True))

    assert overview.arrivals.total == 0
    assert overview.contacts == ()
    assert overview.losses.read == 0
    assert overview.places.read == 0
    assert sum(one.count for one in overview.undecided) == 0


def test_a_decision_is_counted_once_on_its_day(store, actor):
    first, second = (reported(store, actor, text, rank="review") for text in ("one", "two"))
    for state in ("acknowledged", "in_review", "labels_agreed", "closed"):
        decide(store, actor, first, status=state)
    decide(store, actor, second, status="in_review", at_ms=NOW_MS + DAY_MS)
    decide(store, actor, second, status="labels_rejected", labels=(), at_ms=NOW_MS + DAY_MS)

    decided = read(store, lambda c: count_decided(c, actor, Period(NOW_MS - DAY_MS, NOW_MS + 2 * DAY_MS)))

    assert decided == {day_of(NOW_MS): 1, day_of(NOW_MS) + 1: 1}


def test_what_waits_is_told_with_its_oldest(store, actor):
    stored(store, actor, "not screened yet", at_ms=NOW_MS - HOUR_MS)
    stored(store, actor, "nor this", at_ms=NOW_MS)
    machine = read(store, lambda c: unscreened(c, actor))
    by_priority = read(store, lambda c: undecided(c, actor))

    assert (machine.count, machine.oldest_ms) == (2, NOW_MS - HOUR_MS)
    assert [one.count for one in by_priority] == [0, 0, 2, 0]
    assert by_priority[2].oldest_ms == NOW_MS - HOUR_MS


def test_what_was_decided_waits_no_more(store, actor):
    report_id = reported(store, actor, "one", rank="review")
    decide(store, actor, report_id, status="in_review")
    decide(store, actor, report_id, status="labels_rejected", labels=())

    assert sum(one.count for one in read(store, lambda c: undecided(c, actor))) == 0


def test_contacts_of_flagged_adverts_are_ranked(store, actor):
    for word in ("one", "two"):
        reported(store, actor, f"{ADVERT.format(phone=PHONE)} {word}", flags=JOB)
    reported(store, actor, ADVERT.format(phone=OTHER_PHONE), flags=JOB)

    assert list(contacts(store, actor).items()) == [("+66815550143", 2), ("+66895550112", 1)]


def test_who_is_at_risk_is_in_no_ranking_whatever_adverts_they_were_made_to_send(store, actor):
    reported(store, actor, ADVERT.format(phone=PHONE), flags=JOB)
    reported(store, actor, f"help me, my number is {PHONE}", flags=("person_at_risk",), rank="urgent")

    assert contacts(store, actor) == {}


def test_who_a_person_found_to_be_at_risk_is_in_no_ranking(store, actor):
    reported(store, actor, ADVERT.format(phone=PHONE), flags=JOB)
    second = reported(store, actor, f"{ADVERT.format(phone=PHONE)} now", flags=JOB)
    decide(store, actor, second, priority=0)

    assert contacts(store, actor) == {}


@pytest.mark.parametrize("role", ["enquiry", "victim_account", "warning"])
def test_who_reports_is_in_no_ranking(store, actor, role):
    reported(store, actor, f"They wrote to me from Poipet. I am at {PHONE}", flags=JOB, role=role)

    assert contacts(store, actor) == {}
    assert places(store, actor).ranked == ()


def test_what_a_person_rejected_is_in_no_ranking(store, actor):
    report_id = reported(store, actor, f"{ADVERT.format(phone=PHONE)} in Poipet", flags=JOB)
    assert contacts(store, actor)
    assert places(store, actor).ranked
    decide(store, actor, report_id, status="in_review", labels=())

    assert contacts(store, actor) == {}
    assert places(store, actor).ranked == ()


def test_everybody_s_number_is_in_no_ranking(store, actor):
    reported(store, actor, ADVERT.format(phone=PHONE), flags=JOB)
    for word in ("one", "two", "three"):
        reported(store, actor, f"The hotline has the number {PHONE}, says {word}")

    assert contacts(store, actor) == {}


def test_places_are_named_by_flagged_texts_only(store, actor):
    reported(store, actor, "Work in Poipet, good pay", flags=JOB)
    reported(store, actor, "Holidays in Poipet")

    found = places(store, actor)

    assert [(one.name, one.country, one.reports) for one in found.ranked] == [("Poipet", "KH", 1)]
    assert (found.read, found.is_cut) == (1, False)


def test_losses_are_summed_by_currency(store, actor):
    reported(store, actor, "I paid 5,000 baht and then 7,000 baht", flags=("loss_report",))
    reported(store, actor, "I sent 300 USD to them", flags=("loss_report",))
    reported(store, actor, "Win 9,000 baht", flags=("prize_scam",))

    found = losses(store, actor)

    sums = {one.currency: (one.total, one.largest, one.reports) for one in found.sums}
    assert sums == {"THB": (12_000, 12_000, 1), "USD": (300, 300, 1)}
    assert (found.read, found.is_cut) == (2, False)


def test_a_sum_that_stands_twice_in_a_text_counts_once_and_pay_does_not():
    money = {"type": "MONEY", "attributes": {"amount_min": 500, "currency": "THB", "period": None}}
    pay = {"type": "MONEY", "attributes": {"amount_min": 30_000, "currency": "THB", "period": "month"}}
    unknown = {"type": "MONEY", "attributes": {"amount_min": 7, "currency": None, "period": None}}

    assert amounts_of({"entities": [money, money, pay, unknown]}) == {"THB": 500, "": 7}
    assert amounts_of({"error": {}}) == {}


def test_only_the_newest_reports_of_losses_are_read(store, actor, monkeypatch):
    monkeypatch.setattr("serving.store.overview.losses.MOST_READ", 1)
    reported(store, actor, "I paid 5,000 baht", flags=("loss_report",))
    reported(store, actor, "I paid 700 baht", flags=("loss_report",), at_ms=NOW_MS)

    found = losses(store, actor)

    assert MOST_READ > 1
    assert [one.total for one in found.sums] == [700]
    assert found.is_cut


def test_contacts_whose_words_were_removed_are_counted_without_them(store, actor):
    reported(store, actor, ADVERT.format(phone=PHONE), flags=JOB)
    later = NOW_MS + 3 * DAY_MS
    assert write(store, lambda c: purge_old(c, store.keyring, actor, days=1, limit=8, now_ms=later)) == 1

    assert contacts(store, actor) == {None: 1}
