"""What a waiting service asks again and again is answered from an index, however many reports there are."""

import pytest
from sqlalchemy import event

from serving.store.casework.escalations import escalate
from serving.store.custody.purge import purge_old
from serving.store.screening import attempts, work
from serving.store.screening.liveness import Liveness
from tests.stored import NOW_MS

ASKED = {
    "lease": lambda c, store, _: work.lease(c, store.keyring, "one", limit=16, newest_first=True),
    "lease again": lambda c, store, _: work.lease_again(c, store.keyring, "one"),
    "beat": lambda c, *_: Liveness(["one"]).beat(c, now_seconds=0.0),
    "drop": lambda c, *_: attempts.drop(c, "one"),
    "give up": lambda c, store, actor: attempts.give_up(c, store.keyring, actor, now_ms=NOW_MS),
    "escalate": lambda c, store, actor: escalate(c, store.keyring, actor, after_ms=1, now_ms=NOW_MS),
    "purge": lambda c, store, actor: purge_old(c, store.keyring, actor, days=1, limit=8, now_ms=NOW_MS),
}


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ASKED)
def test_no_look_for_work_reads_all_reports(store, actor, name):
    plans = []

    def explain(connection, _cursor, statement, parameters, _context, executemany):
        if statement.startswith(("SELECT", "UPDATE")) and " report" in statement and not executemany:
            cursor = connection.connection.cursor()
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[-1] for row in cursor.fetchall())

    event.listen(store.database.writer, "before_cursor_execute", explain)
    store.database.write(lambda c: ASKED[name](c, store, actor))

    of_reports = [plan for plan in plans if plan.startswith(("SCAN report", "SEARCH report"))]
    assert of_reports
    assert all("INDEX ix_report_" in plan or "PRIMARY KEY" in plan for plan in of_reports)
