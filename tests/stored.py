"""What tests of the store do with one."""

from sqlalchemy import func, select

from serving.store import intake, report_codes
from serving.store.home import Store
from serving.store.intake import Accepted, Incoming, SendingKey
from serving.store.organisations import Actor, add_actor, add_organisation
from serving.store.screening import attempts, findings, work
from serving.store.screening.findings import Finding, Found
from serving.store.screening.work import Job

NOW_MS = 1_790_000_000_000
WORDS = "zqxsentinel they keep our passports, call 081-555-0143"


def incoming(words: str = WORDS, lane: int = report_codes.SECOND_LANE) -> Incoming:
    return Incoming(
        content=words.encode(),
        lane=lane,
        channel="hotline",
        details={"code_word": "zqxsentinel umbrella"},
    )


def accept(store: Store, actor: Actor, *reports: Incoming, key: SendingKey | None = None) -> list[Accepted]:
    return store.database.write(
        lambda connection: intake.accept(
            connection, store.keyring, actor, reports or [incoming()], now_ms=NOW_MS, sending_key=key
        )
    )


def lease(store: Store, worker="one", *, limit=16, newest_first=False, short_only=False) -> list[Job]:
    return store.database.write(
        lambda connection: work.lease(
            connection, store.keyring, worker, limit=limit, newest_first=newest_first, short_only=short_only
        )
    )


def lease_again(store: Store, worker="one") -> list[Job]:
    return store.database.write(lambda connection: work.lease_again(connection, store.keyring, worker))


def give_up(store: Store, actor: Actor) -> list[str]:
    return store.database.write(
        lambda connection: attempts.give_up(connection, store.keyring, actor, now_ms=NOW_MS)
    )


def fail_for_good(store: Store, actor: Actor) -> None:
    """Fail to screen what waits, as often as it is tried."""
    for _ in range(work.MOST_ATTEMPTS):
        jobs = lease(store) + lease_again(store)
        assert jobs
        write(store, lambda c, jobs=jobs: attempts.give_back(c, "one", jobs, failed=True))
    give_up(store, actor)


def finish(store: Store, actor: Actor, job: Job, worker: str = "one") -> bool:
    finding = Finding(b'{"flags": []}', "a" * 64, 3, "en", "ordinary", ())
    [is_stored] = store.database.write(
        lambda connection: findings.finish_all(
            connection, store.keyring, actor, [Found(worker, job, finding)], now_ms=NOW_MS
        )
    )
    return is_stored


def count(store: Store, table) -> int:
    return read(store, lambda c: c.execute(select(func.count()).select_from(table)).scalar_one())


def read(store: Store, question):
    return store.database.read(question)


def write(store: Store, change):
    return store.database.write(change)


def other_actor(store: Store) -> Actor:
    """Somebody of another organisation."""

    def added(connection) -> Actor:
        organisation_id = add_organisation(connection, "other", "OT", now_ms=NOW_MS)
        return add_actor(connection, organisation_id, "desk", kind="machine", role="desk", now_ms=NOW_MS)

    return store.database.write(added)
