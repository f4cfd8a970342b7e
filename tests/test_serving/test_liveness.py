"""Which workers are taken for dead, and what becomes of what they held."""

import pytest

from serving.store.screening.liveness import BEAT_SECONDS, DEAD_AFTER_SECONDS, Liveness
from tests.stored import accept, lease, lease_again, write


@pytest.fixture
def observer(store):
    return Worker(store, "observer")


class Worker:
    """A worker, and how often it has beaten."""

    def __init__(self, store, name):
        self.store, self.name, self.liveness = store, name, Liveness([name])

    def beat(self, at):
        write(self.store, lambda connection: self.liveness.beat(connection, now_seconds=at))


def moments(until):
    return [number * BEAT_SECONDS for number in range(int(until / BEAT_SECONDS) + 1)]


def test_what_a_worker_held_is_free_once_it_has_not_beaten_for_a_while(store, actor, observer):
    Worker(store, "dead").beat(0)
    accept(store, actor)
    lease(store, "dead")

    for at in moments(DEAD_AFTER_SECONDS):
        observer.beat(at)
        assert lease_again(store, "observer") == []
    observer.beat(DEAD_AFTER_SECONDS + BEAT_SECONDS)

    assert len(lease_again(store, "observer")) == 1


def test_who_beats_keeps_what_it_holds_whatever_its_own_clock_says(store, actor, observer):
    slow = Worker(store, "slow")
    slow.beat(10**9)
    accept(store, actor)
    lease(store, "slow")

    for at in moments(10 * DEAD_AFTER_SECONDS):
        slow.beat(10**9 - 7 * at)
        observer.beat(at)

    assert lease_again(store, "observer") == []


def test_who_has_not_looked_for_an_hour_takes_nobody_for_dead(store, actor, observer):
    other = Worker(store, "other")
    other.beat(0)
    observer.beat(0)
    accept(store, actor)
    lease(store, "other")

    observer.beat(3600)
    assert lease_again(store, "observer") == []
    other.beat(3601)
    for at in moments(DEAD_AFTER_SECONDS):
        observer.beat(3605 + at)
    assert lease_again(store, "observer") == []


def test_what_somebody_nobody_knows_has_leased_is_free(store, actor, observer):
    accept(store, actor)
    lease(store, "unknown")

    observer.beat(0)

    assert len(lease_again(store, "observer")) == 1
