"""Referrals: with consent, or for a child or imminent danger and a reason; what the partner does is told."""

import pytest
from sqlalchemy import update

from serving.store.casework.changes import Consent
from serving.store.errors import ChangedMeanwhileError, NotFoundError, RefusedChangeError
from serving.store.tables import REPORT
from tests.test_serving.cases import Case, another, new_case

AT = "2026-09-21T10:00:00+07:00"


@pytest.fixture
def case(store):
    return new_case(store)


def agree(case: Case, **answers):
    case.change(consent=Consent(answers, "desk", AT))


@pytest.mark.parametrize("answer", ["no", "not_asked"])
def test_nothing_is_referred_that_the_person_has_not_agreed_to(case, answer):
    agree(case, refer=answer)

    for reason in ("", "they need help"):
        with pytest.raises(RefusedChangeError, match="has not agreed"):
            case.refer(reason=reason)
    assert case.row.status == "new"
    assert case.referrals == ()


def test_consent_that_was_taken_back_counts_no_more(case):
    agree(case, refer="yes")
    agree(case, refer="no")

    with pytest.raises(RefusedChangeError, match="has not agreed"):
        case.refer()


def test_a_report_without_a_word_on_consent_is_not_referred(store):
    case = new_case(store, details={})
    with pytest.raises(RefusedChangeError, match="has not agreed"):
        case.refer()


@pytest.mark.parametrize("answers", [{"refer": "yes"}, {"police": "yes"}, {"refer": "yes", "police": "no"}])
def test_police_need_a_consent_of_their_own(case, answers):
    agree(case, **answers)
    with pytest.raises(RefusedChangeError, match="refer and police"):
        case.refer(is_police=True)

    agree(case, refer="yes", police="yes")
    case.refer(is_police=True)
    assert case.referrals[0].basis == "consent"


@pytest.mark.parametrize("exemption", ["child", "imminent_danger"])
def test_for_a_child_or_imminent_danger_a_written_reason_makes_up_for_consent(case, exemption):
    agree(case, refer="no")
    for reason in ("", " \n"):
        with pytest.raises(RefusedChangeError, match="say why"):
            case.refer(without_consent=exemption, reason=reason)

    case.refer(without_consent=exemption, reason="zqxwhy", is_police=True)
    [referral] = case.referrals
    assert (referral.basis, referral.words["reason"]) == (exemption, "zqxwhy")
    assert case.entries[-1].words == {"to_agency": "zqxshelter", "reason": "zqxwhy"}


def test_with_consent_a_referral_says_so_though_an_exemption_was_named(case):
    agree(case, refer="yes")
    case.refer(without_consent="child", reason="also a child")

    assert case.referrals[0].basis == "consent"


@pytest.mark.parametrize("redaction", ["original", "redacted", "codes"])
def test_a_referral_makes_a_report_referred_and_tells_what_was_sent(case, redaction):
    agree(case, refer="yes")
    referral_id = case.refer(redaction=redaction)

    assert case.row.status == "referred"
    assert case.row.acknowledged_ms is not None
    assert case.referrals[0].redaction == redaction
    assert case.entries[-1].changes == {
        "status": {"before": "new", "after": "referred"},
        "referral": {
            "before": None,
            "after": {"id": referral_id, "police": False, "redaction": redaction, "basis": "consent"},
        },
    }


def test_a_report_that_was_changed_meanwhile_is_not_referred(case):
    agree(case, refer="yes")
    seen = case.row.version
    agree(case, refer="no")

    with pytest.raises(ChangedMeanwhileError):
        case.refer(seen={seen})


def test_what_is_closed_is_opened_before_it_is_referred(case):
    agree(case, refer="yes")
    case.change(status="acknowledged")
    case.change(status="closed")

    with pytest.raises(RefusedChangeError, match="that is closed cannot be referred"):
        case.refer()


def test_a_partner_acknowledges_once_and_tells_its_number_and_the_outcome(case):
    agree(case, refer="yes")
    referral_id = case.refer()
    case.answer(referral_id, acknowledged=True, partner_ref="P-77")
    version = case.answer(referral_id, outcome="she is at a shelter")

    assert case.row.status == "accepted_by_partner"
    assert case.answer(referral_id, acknowledged=True, outcome="she is at a shelter") == version
    [referral] = case.referrals
    assert referral.acknowledged_ms is not None
    assert referral.words == {
        "to_agency": "zqxshelter",
        "partner_ref": "P-77",
        "outcome": "she is at a shelter",
    }
    assert [entry.action for entry in case.entries[-2:]] == ["referral_answered"] * 2
    assert case.entries[-2].changes["acknowledged"] == {"before": False, "after": True}


def test_a_partner_gives_a_report_back_for_a_reason_and_the_referral_ends(case):
    agree(case, refer="yes")
    referral_id = case.refer()
    with pytest.raises(RefusedChangeError, match="say why the agency"):
        case.answer(referral_id, returned=True)
    case.answer(referral_id, returned=True, reason="not our province")

    assert case.row.status == "returned"
    assert case.referrals[0].words["returned_reason"] == "not our province"
    with pytest.raises(RefusedChangeError, match="refer the report anew"):
        case.answer(referral_id, acknowledged=True)
    case.refer()
    assert case.row.status == "referred"


def test_what_is_given_back_after_it_was_closed_is_open_again(case):
    agree(case, refer="yes")
    referral_id = case.refer()
    case.change(status="closed")
    case.answer(referral_id, returned=True, reason="no capacity")

    assert case.row.status == "returned"


def test_an_answer_that_comes_while_the_report_is_in_review_moves_nothing_but_the_referral(case):
    agree(case, refer="yes")
    referral_id = case.refer()
    case.change(status="in_review")
    case.answer(referral_id, acknowledged=True)

    assert case.row.status == "in_review"
    assert case.referrals[0].acknowledged_ms is not None
    assert "status" not in case.entries[-1].changes


def test_a_referral_is_found_only_at_its_own_report(case):
    agree(case, refer="yes")
    referral_id = case.refer()
    other = another(case)

    with pytest.raises(NotFoundError):
        other.answer(referral_id, acknowledged=True)
    assert other.referrals == ()


def test_whoever_needs_help_can_be_referred_though_the_labels_were_rejected(case):
    agree(case, refer="yes")
    case.write(lambda c: c.execute(update(REPORT).values(status="labels_rejected")))
    case.refer()

    assert case.row.status == "referred"
