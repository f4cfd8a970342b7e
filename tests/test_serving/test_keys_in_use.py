"""A real server that answers only to keys: who is let in, what a proxy changes, and what is written."""

import time

import httpx
import psutil
import pytest

from serving.access.gatekeeper import MOST_WRONG, REMEMBERED_SECONDS
from tests.test_serving.conftest import Server, command

SECONDS = 30
SCREEN = {"documents": [{"text": "good morning"}]}


@pytest.fixture(scope="module")
def processes(closed):
    """The server's processes: its supervisor and what that has started."""
    mine = [
        one for one in psutil.process_iter(["cmdline"]) if str(closed.port) in (one.info["cmdline"] or ())
    ]
    return [one for first in mine for one in (first, *first.children(recursive=True))]


def ask(server: Server, key: str, address: str = "203.0.113.1") -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}", "X-Forwarded-For": address, "Host": "scamscreen.example"}
    return httpx.post(f"{server.url}/v1/screen", json=SCREEN, headers=headers, timeout=SECONDS)


def test_a_key_made_beside_a_running_server_works_at_once_and_ends_within_a_second(closed):
    key = command(closed, "keys", "create", "bot", "--scopes", "screen")
    before = ask(closed, key)

    command(closed, "keys", "revoke", key.split("_")[1])
    time.sleep(REMEMBERED_SECONDS)
    after = ask(closed, key)

    assert (before.status_code, after.status_code) == (200, 401)
    written = closed.written()
    assert b"post screen 401" in written.lower()
    assert key.split("_")[2].encode() not in written


def test_a_server_that_begins_a_store_says_where_its_keys_are(closed):
    assert f"made {closed.folder / 'home' / 'store.key'}, ".encode() in closed.written()


@pytest.mark.parametrize("path", ["/", "/metrics", "/docs.json", "/schema.json", "/healthz", "/v1/taxonomy"])
def test_no_path_but_the_probes_answers_without_a_key(closed, path):
    assert httpx.get(f"{closed.url}{path}", timeout=SECONDS).status_code == 401


def test_nobody_on_the_machine_can_give_the_supervisor_orders(closed, processes):
    listening = {
        connection.laddr.port
        for one in processes
        for connection in one.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }

    assert listening == {closed.port}


def test_behind_a_proxy_on_this_machine_only_the_client_who_guesses_is_locked_out(closed):
    wrong = f"ssk_{'0' * 16}_{'0' * 64}"
    guesses = [ask(closed, wrong, "198.51.100.7").status_code for _ in range(MOST_WRONG + 1)]

    assert guesses == [*[401] * MOST_WRONG, 429]
    assert ask(closed, "junk", "198.51.100.8").status_code == 401
