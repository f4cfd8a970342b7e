"""kill -9 under load, a few times; `make chaos` does it 50 times."""

import pytest

from tests.chaos import chaos
from tests.test_serving.conftest import DATABASES

pytestmark = pytest.mark.timeout(600)  # the service is killed and started again and again


@pytest.mark.parametrize("database", DATABASES)
def test_nothing_that_was_accepted_is_lost_or_screened_twice_when_the_service_is_killed(
    database, request, tmp_path
):
    postgresql = request.getfixturevalue("postgresql") if database == "postgresql" else None

    outcome = chaos(database, tmp_path, kills=3, seed=3, postgresql=postgresql)

    assert outcome.faults == {}
    assert outcome.accepted > 0
    assert outcome.statuses["no answer"] > 0, "it was never killed under load"
