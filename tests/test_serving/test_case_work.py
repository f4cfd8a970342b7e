"""What is told of a report's past to callers who may not read people's words."""

import asyncio
import json

import pytest

from models.screening import Document
from serving.reports import case_work
from serving.store.casework.changes import Consent
from tests.fakes import FakeScreener
from tests.test_serving.cases import HIGH, Case, new_case


class ReadingDesk:
    """Reads the store of a case; nothing is taken down: test_access_matrix and test_grants look at that."""

    def __init__(self, case: Case):
        self._case = case

    async def read_as(self, actor, report_id, question, *, with_pii):
        keyring = self._case.store.keyring
        return self._case.read(lambda c: question(c, keyring, actor, report_id)), with_pii


@pytest.fixture
def case(store):
    case = new_case(store, text="zqxSomchai, call 081-555-0143 about the compound")
    [record] = FakeScreener().screen([Document(id=case.report_id, text="call 081-555-0143: the compound")])
    content = record.to_dict()
    content["entities"][0]["reason"] = 'context word "zqxdad "s"", checksum failed'
    case.screen(HIGH, record=json.dumps(content).encode())
    case.change(note="zqxnote", consent=Consent({"refer": "yes"}, "zqxwho", "2026-09-21T10:00:00+07:00"))
    referral_id = case.refer(to_agency="a shelter", reason="zqxwhy")
    case.answer(referral_id, acknowledged=True, partner_ref="zqxref", outcome="zqxoutcome")
    return case


def told(tell, case, *, with_pii):
    answer = asyncio.run(tell(ReadingDesk(case), case.person, case.report_id, with_pii=with_pii))
    return json.dumps(answer)


@pytest.mark.parametrize("tell", [case_work.steps, case_work.screenings, case_work.referrals])
def test_without_the_scope_nobody_reads_a_word(case, tell):
    answer = told(tell, case, with_pii=False)

    assert "zqx" not in answer
    assert "555-0143" not in answer


@pytest.mark.parametrize(
    ("tell", "words"),
    [
        (case_work.steps, ("zqxnote", "zqxwho", "zqxwhy", "zqxref", "zqxoutcome")),
        (case_work.screenings, ("081-555-0143",)),
        (case_work.referrals, ("zqxwhy", "zqxref", "zqxoutcome")),
    ],
)
def test_with_the_scope_every_word_is_told(case, tell, words):
    answer = told(tell, case, with_pii=True)

    assert [word for word in words if word not in answer] == []


def test_without_the_scope_codes_are_told_and_that_there_is_a_note(case):
    entries = json.loads(told(case_work.steps, case, with_pii=False))["entries"]
    [referral] = json.loads(told(case_work.referrals, case, with_pii=False))["referrals"]
    [screening] = json.loads(told(case_work.screenings, case, with_pii=False))["screenings"]

    assert entries[1]["words"] == {"note": "", "consent_by": ""}
    assert entries[1]["changes"]["consent"] == {"before": {"refer": "not_asked"}, "after": {"refer": "yes"}}
    assert entries[2]["words"] == {"to_agency": "", "reason": ""}
    assert (referral["to_agency"], referral["basis"], referral["reason"]) == ("a shelter", "consent", "")
    assert screening["record"]["flags"] == ["trafficking_recruitment"]


def test_why_something_was_found_is_told_without_the_word_that_stood_beside_it(case):
    answer = json.loads(told(case_work.screenings, case, with_pii=False))

    assert answer["screenings"][0]["record"]["entities"][0]["reason"] == "context word, checksum failed"
