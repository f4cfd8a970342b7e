"""Which state may follow which, and what states say."""

import pytest

from serving.store.casework.states import BY_REFERRAL, MAY_FOLLOW, STATES, may_follow, next_by_hand


def test_every_state_of_the_work_is_in_the_table():
    assert set(MAY_FOLLOW) == set(STATES)
    assert {state for following in MAY_FOLLOW.values() for state in following} == set(STATES) - {"new"}


@pytest.mark.parametrize("state", STATES)
def test_no_state_is_a_dead_end_and_none_leads_back_to_new(state):
    assert MAY_FOLLOW[state]
    assert not may_follow(state, "new")


@pytest.mark.parametrize("state", [state for state in STATES if state != "new"])
def test_every_state_can_be_reached_from_new(state):
    reached = {"new"}
    while more := {after for before in reached for after in MAY_FOLLOW[before]} - reached:
        reached |= more
    assert state in reached


def test_what_nobody_has_looked_at_cannot_be_closed_or_judged():
    assert set(MAY_FOLLOW["new"]) == {"acknowledged", "in_review", "referred"}


@pytest.mark.parametrize("state", sorted(BY_REFERRAL))
def test_what_a_partner_was_sent_or_did_is_never_set_by_hand(state):
    assert all(state not in next_by_hand(before) for before in STATES)


def test_what_was_closed_is_opened_again_by_hand_or_by_a_partner_who_gives_it_back():
    assert may_follow("closed", "in_review")
    assert may_follow("closed", "returned")


def test_no_state_calls_anybody_a_victim_or_guilty():
    words = {word for state in STATES for word in state.split("_")}
    assert not words & {"victim", "offender", "suspect", "guilty", "confirmed", "genuine", "false", "fake"}
