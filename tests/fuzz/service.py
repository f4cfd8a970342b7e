"""The real service with keys, encryption and a store of its own, and how much memory it takes."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import psutil

from serving.clock import now_ms
from serving.store.access.callers import SCOPES
from serving.store.access.credentials import create_key
from serving.store.home import Store, default_url, open_store
from serving.store.organisations import add_actor, local_actors
from tests.fuzz.hostile import LINE_SECRET, Targets
from tests.test_serving.conftest import Server, end_serving, free_port, start_serving, wait_until_ready

CALLERS: Final = {scope: (scope,) for scope in SCOPES if scope != "pii"} | {
    "whole": ("review", "pii"),
    "all": SCOPES,
}
_REPORTS, _PURGED = 60, 6
_SECONDS: Final = 60


@dataclass(frozen=True)
class Running:
    """A running service, its process, its store and the keys of its callers."""

    server: Server
    process: "subprocess.Popen[bytes]"
    store: Store
    keys: dict[str, str]

    @property
    def home(self) -> Path:
        return self.server.folder / "home"

    def memory_mib(self) -> float:
        """Return what all its processes have in memory, once it rests."""
        of_all = psutil.Process(self.process.pid)
        samples = []
        for _ in range(10):
            time.sleep(0.2)
            samples.append(sum(one.memory_info().rss for one in [of_all, *of_all.children(recursive=True)]))
        return min(samples) / 2**20

    def get(self, path: str, caller: str) -> httpx.Response:
        key = {"Authorization": f"Bearer {self.keys[caller]}"}
        return httpx.get(f"{self.server.url}{path}", headers=key, timeout=_SECONDS, trust_env=False)

    def post(self, path: str, caller: str, body: object, **headers: str) -> httpx.Response:
        key = {"Authorization": f"Bearer {self.keys[caller]}"}
        return httpx.post(
            f"{self.server.url}{path}",
            headers={**key, **headers},
            json=body,
            timeout=_SECONDS,
            trust_env=False,
        )

    def targets(self) -> Targets:
        """Return reports and a webhook to be sent things about; their words are not marked."""
        reports = [{"text": f"they keep our passports {number}"} for number in range(_REPORTS + _PURGED)]
        stored = self.post("/v1/reports", "report", {"reports": reports}).json()["reports"]
        ids = tuple(one["id"] for one in stored)
        webhook = self.post(
            "/v1/webhooks", "admin", {"url": "http://127.0.0.1:9/", "kinds": ["report.urgent"]}
        )
        return Targets(ids[:_REPORTS], ids[_REPORTS:], webhook.json()["id"])


@contextmanager
def running_service(service: str, folder: Path) -> Iterator[Running]:
    """Start the service behind its keys, on a new store in a folder; it may tell this machine of events."""
    home = folder / "home"
    secret = folder / "secret"
    secret.write_bytes(LINE_SECRET)
    store = open_store(default_url(home), home / "store.key")
    keys = {name: _new_key(store, name, scopes) for name, scopes in CALLERS.items()}
    server = Server(free_port(), folder)
    process = start_serving(
        service,
        server.port,
        folder,
        {
            "SCAMSCREEN_OPEN": "",
            "SCAMSCREEN_STORE": "",
            "SCAMSCREEN_WEBHOOK_PRIVATE": "1",
            "SCAMSCREEN_LINE_SECRET_FILE": str(secret),
            "SCAMSCREEN_REDACTION_KEY_FILE": str(secret),
            "SCAMSCREEN_CACHE_MB": "8",  # full before its memory is measured
            "SCAMSCREEN_KEY_LIMITS": "10000000/minute",
        },
    )
    try:
        wait_until_ready(server, process)
        running = Running(server, process, store, keys)
        for name in keys:  # whoever was let in is not locked out by those who guess beside them
            assert running.get("/v1/taxonomy", name).status_code == 200
        yield running
    finally:
        end_serving(process)
        store.database.close()


def _new_key(store: Store, name: str, scopes: tuple[str, ...]) -> str:
    def created(connection) -> str:
        by, _ = local_actors(connection, now_ms=now_ms())
        owner = add_actor(
            connection, by.organisation_id, f"fuzz {name}", kind="machine", role="api_key", now_ms=now_ms()
        )
        return create_key(connection, store.keyring, owner, scopes, by=by, now_ms=now_ms()).token

    return store.database.write(created)
