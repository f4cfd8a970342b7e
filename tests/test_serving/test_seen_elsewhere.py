"""In how many other flagged texts a contact stands; of reporters and of persons at risk nobody learns it."""

import pytest
from sqlalchemy import select

from serving.store.home import default_url
from serving.store.search.contacts import seen_elsewhere, sought_by
from serving.store.tables import REPORT
from tests.test_serving.found import reported, screening

PHONE = "+66 81 555 0143"
FLAGGED = {"language": "en", "flags": ["fraudulent_job_offer"]}


@pytest.fixture
def store_url(own_home):
    return default_url(own_home)


def seen(store, actor, text: str, *, in_danger=False, **record) -> int:
    """Store a report; return in how many others the first contact of it stands."""
    report_id = reported(store, actor, text, in_danger=in_danger, **record)
    said = screening(text, **record)

    def asked(connection):
        row = connection.execute(select(REPORT).where(REPORT.c.public_id == report_id)).one()
        return seen_elsewhere(connection, store.keyring, row, said, in_danger=in_danger)

    counts = store.database.read(asked)
    return counts[next(place for place, one in enumerate(said.entities) if one.type == "PHONE")]


def test_a_contact_of_flagged_texts_is_counted_without_the_report_itself(store, actor):
    assert seen(store, actor, f"good work, call {PHONE}", **FLAGGED) == 0
    assert seen(store, actor, f"other work, ask {PHONE} at night", **FLAGGED) == 1
    assert seen(store, actor, f"farm work, room free, {PHONE}", **FLAGGED) == 2


def test_a_contact_of_a_text_that_is_not_flagged_is_not_counted(store, actor):
    reported(store, actor, f"good work, call {PHONE}", **FLAGGED)

    assert seen(store, actor, f"my new number is {PHONE}", language="en") == 0


@pytest.mark.parametrize("danger", [{"rank": "urgent"}, {"in_danger": True}])
def test_a_contact_that_a_plea_names_is_counted_nowhere(store, actor, danger):
    reported(store, actor, f"good work, call {PHONE}", **FLAGGED)
    plea = seen(store, actor, f"please come, {PHONE} is mine", **FLAGGED, **danger)

    assert plea == 0
    assert seen(store, actor, f"more work, call {PHONE} today", **FLAGGED) == 0


def test_an_address_is_looked_for_by_its_domain_where_that_is_its_own():
    text = "work at https://jobs.example/apply/17 or https://sites.google.com/view/quickjobs"
    own, shared = (one for one in screening(text, **FLAGGED).entities if one.type == "URL")

    assert sought_by(own) == "jobs.example"
    assert "quickjobs" in sought_by(shared)
