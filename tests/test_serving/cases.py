"""Stored reports for tests of what people do with them."""

from dataclasses import dataclass

from serving.store import intake, report_codes
from serving.store.casework import history
from serving.store.casework.changes import Change, change_report
from serving.store.casework.referrals import NewReferral, PartnerAnswer, read_referrals, refer, tell_answer
from serving.store.home import Store
from serving.store.intake import Incoming
from serving.store.organisations import Actor, add_actor, local_actors
from serving.store.reading import read_report
from serving.store.screening import findings, work
from serving.store.screening.findings import Finding, Found
from tests.stored import NOW_MS

URGENT, HIGH, REVIEW, LOW = range(4)
TEXT = "they keep our passports, we must sell to strangers online"


@dataclass(frozen=True)
class Case:
    """One report, its store, and a person and a program of its organisation."""

    store: Store
    person: Actor
    machine: Actor
    report_id: str

    def write(self, change):
        return self.store.database.write(change)

    def read(self, question):
        return self.store.database.read(question)

    @property
    def stored(self):
        return self.read(lambda c: read_report(c, self.store.keyring, self.person, self.report_id))

    @property
    def row(self):
        return self.stored.row

    @property
    def entries(self):
        return self.read(lambda c: history.read(c, self.store.keyring, self.person, self.report_id))

    @property
    def referrals(self):
        return self.read(
            lambda c: read_referrals(c, self.store.keyring, self.person, self.report_id)
        ).referrals

    def change(self, *, by=None, seen=None, now_ms=NOW_MS, **wanted) -> int:
        """Change the report, as it is now unless `seen` names other versions."""
        versions = {self.row.version} if seen is None else seen
        actor = by or self.person
        return self.write(
            lambda c: change_report(
                c,
                self.store.keyring,
                actor,
                self.report_id,
                Change(**wanted),
                seen=versions,
                now_ms=now_ms,
            )
        )

    def screen(self, priority=LOW, flags=(), model_sha256="a" * 64, record=b'{"error": {}}'):
        """Screen the report, anew if it was screened before."""
        finding = Finding(record, model_sha256, priority, "en", "ordinary", flags)
        keyring = self.store.keyring

        def screened(connection):
            connection.execute(
                work.REPORT.update().values(work=report_codes.WAITING, leased_by=None, attempts=0)
            )
            [job] = work.lease(connection, keyring, "one", limit=1, newest_first=False)
            found = [Found("one", job, finding)]
            assert findings.finish_all(connection, keyring, self.machine, found, now_ms=NOW_MS) == [True]

        self.write(screened)

    def refer(self, *, seen=None, **wanted) -> str:
        new = NewReferral(
            **{"to_agency": "zqxshelter", "is_police": False, "redaction": "redacted", **wanted}
        )
        versions = {self.row.version} if seen is None else seen
        return self.write(
            lambda c: refer(
                c, self.store.keyring, self.person, self.report_id, new, seen=versions, now_ms=NOW_MS
            )
        )

    def answer(self, referral_id: str, **said) -> int:
        versions = {self.row.version}
        return self.write(
            lambda c: tell_answer(
                c,
                self.store.keyring,
                self.person,
                self.report_id,
                referral_id,
                answer=PartnerAnswer(**said),
                seen=versions,
                now_ms=NOW_MS,
            )
        )


def incoming(text: str = TEXT, **different) -> Incoming:
    details = {"consent": {"refer": "not_asked", "police": "not_asked"}}
    return Incoming(**{"content": text.encode(), "channel": "hotline", "details": details, **different})


def new_case(store: Store, **different) -> Case:
    """Return a case of a report in a store."""
    person, machine = store.database.write(lambda c: local_actors(c, now_ms=NOW_MS))
    return another(Case(store, person, machine, ""), **different)


def another(case: Case, **different) -> Case:
    """Return a case of another report in the same store."""
    [accepted] = case.write(
        lambda c: intake.accept(c, case.store.keyring, case.person, [incoming(**different)], now_ms=NOW_MS)
    )
    return Case(case.store, case.person, case.machine, accepted.id)


def add_person(case: Case, name: str) -> Actor:
    return case.write(
        lambda c: add_actor(
            c, case.person.organisation_id, name, kind="person", role="reviewer", now_ms=NOW_MS
        )
    )
