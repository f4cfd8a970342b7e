"""Reports that are stored and screened at once, for tests of what is found of them."""

from dataclasses import replace
from itertools import count

from models.findings import entities_of
from models.screening import Document, Screening
from models.taxonomy import CONTACTS
from models.text import normalize
from serving.store import intake, report_codes
from serving.store.home import Store
from serving.store.intake import Incoming
from serving.store.organisations import Actor
from serving.store.screening import findings, work
from serving.store.screening.findings import Finding, Found
from serving.store.screening.traces import traces_of
from serving.store.screening.work import Job
from serving.store.search.report_search import Filters, Page, search_reports
from tests.fakes import FakeScreener
from tests.stored import NOW_MS

_TURNS = count(1)


def screening(text: str, *, language: str, flags=(), role: str = "offer", rank: str = "") -> Screening:
    """A record with the entities that the rules find, and with the flags that the test says."""
    [record] = FakeScreener().screen([Document("one", text, language=language)])
    assert isinstance(record, Screening)
    priority = rank or ("high" if flags else "low")
    is_flagged = flags and role in ("offer", "approach", "operator_script") and priority != "urgent"
    entities = entities_of(text, normalize(text), None, None, language=language, received_at=None)
    party = "contact_in_flagged_text" if is_flagged else "unknown"
    return replace(
        record,
        flags=tuple(flags),
        context_labels=(),
        role=role if flags else "ordinary",
        priority=priority,
        entities=tuple(replace(one, party=party if one.type in CONTACTS else "unknown") for one in entities),
    )


def incoming(
    text: str, *, in_danger=False, channel="hotline", safe="unknown", lane=report_codes.SECOND_LANE
) -> Incoming:
    return Incoming(
        content=text.encode(),
        lane=lane,
        channel=channel,
        safe_to_contact=safe,
        in_danger=in_danger,
    )


def stored(store: Store, actor: Actor, text: str, *, at_ms: int = NOW_MS, **envelope) -> str:
    """Store a report; return its id."""
    [accepted] = store.database.write(
        lambda c: intake.accept(c, store.keyring, actor, [incoming(text, **envelope)], now_ms=at_ms)
    )
    return accepted.id


def screened(store: Store, actor: Actor, *, newest_first=False, at_ms: int = NOW_MS, **record) -> None:
    """Screen the report that is next, as `screening` says."""
    worker = f"worker {next(_TURNS)}"
    [job] = store.database.write(
        lambda c: work.lease(c, store.keyring, worker, limit=1, newest_first=newest_first)
    )
    found = [Found(worker, job, _finding(store, job, **record))]
    assert store.database.write(
        lambda c: findings.finish_all(c, store.keyring, actor, found, now_ms=at_ms)
    ) == [True]


def screened_together(store: Store, actor: Actor, limit=100, **record) -> None:
    """Screen reports that wait, and store what was found the last first, in one transaction."""
    jobs = store.database.write(
        lambda c: work.lease(c, store.keyring, "one", limit=limit, newest_first=False)
    )
    found = [Found("one", job, _finding(store, job, **record)) for job in reversed(jobs)]
    told = store.database.write(lambda c: findings.finish_all(c, store.keyring, actor, found, now_ms=NOW_MS))
    assert all(told)


def _finding(store: Store, job: Job, **record) -> Finding:
    text = job.content.decode()
    said = screening(text, **record)
    rank = ("urgent", "high", "review", "low").index(said.priority)
    traces = traces_of(store.keyring, job.organisation_id, text, said, in_danger=job.in_danger)
    return Finding(b"{}", "a" * 64, rank, said.language, said.role, said.flags, traces=traces)


def reported(
    store: Store, actor: Actor, text: str, *, language="en", flags=(), role="offer", rank="", **envelope
) -> str:
    """Store a report and have it screened; return its id."""
    name = stored(store, actor, text, **envelope)
    screened(store, actor, language=language, flags=flags, role=role, rank=rank)
    return name


def page(store: Store, actor: Actor, filters: Filters, *, sort="queue", limit=50, cursor=None) -> Page:
    return store.database.read(
        lambda c: search_reports(c, store.keyring, actor, filters, sort=sort, limit=limit, cursor=cursor)
    )


def found(store: Store, actor: Actor, **asked) -> list[str]:
    """Return the ids of the reports that a search finds, in order."""
    return [row.public_id for row in page(store, actor, Filters(**asked)).reports]
