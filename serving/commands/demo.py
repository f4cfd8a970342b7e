"""The command `scamscreen demo`: a service with reports to look at, in a store that goes when it ends."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx

from models.errors import InputError
from serving.commands.links import new_link
from serving.commands.standard_error import say

_DONE: Final = 0
_READY_SECONDS: Final = 120
_REPORTS_AT_ONCE: Final = 64
_OUR_FIELD: Final = "hours_ago"


def add_demo_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `scamscreen`; what it does is `options.command`."""
    demo = commands.add_parser("demo", help="the console with reports to look at, which go when it ends")
    demo.add_argument("folder", type=Path, metavar="FOLDER", help="of JSONL files, as examples/demo")
    demo.add_argument("--port", type=int, default=3000)
    demo.set_defaults(command=demo_command)


def demo_command(options: argparse.Namespace) -> int:
    """Start a service, send it the reports of a folder, show how to sign in, and wait for its end.

    Raises:
        InputError: the folder holds no reports, or the service does not start.
    """
    reports = list(_reports(options.folder))
    url = f"http://127.0.0.1:{options.port}"
    with TemporaryDirectory(prefix="scamscreen-demo-") as home:
        os.environ |= {"SCAMSCREEN_HOME": home, "SCAMSCREEN_CONSOLE_URL": url, "SCAMSCREEN_OPEN": "1"}
        os.environ.pop("SCAMSCREEN_STORE", None)
        service = [sys.executable, "-m", "serving.cli", "serve", "--open", "--port", str(options.port)]
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as by Ctrl-C
        server = subprocess.Popen(service)  # noqa: S603 (our own program)
        try:
            _wait_until_ready(url, server)
            for first in range(0, len(reports), _REPORTS_AT_ONCE):
                some = {"reports": reports[first : first + _REPORTS_AT_ONCE]}
                httpx.post(f"{url}/v1/reports", json=some, timeout=30).raise_for_status()
            say(f"{len(reports)} reports were sent; sign in, once, within 5 minutes: {new_link()}")
            server.wait()
        except KeyboardInterrupt:
            pass
        finally:
            server.terminate()
            server.wait()
    return _DONE


def _reports(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the reports of a folder as `POST /v1/reports` takes them, the oldest first."""
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise InputError(f"{folder}: expected a folder of JSONL files")
    written = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]
    for one in sorted(written, key=lambda report: -report[_OUR_FIELD]):
        at = datetime.now(UTC) - timedelta(hours=one[_OUR_FIELD])
        fields = {name: value for name, value in one.items() if value is not None and name != _OUR_FIELD}
        yield {**fields, "received_at": at.isoformat()}


def _wait_until_ready(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=1).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise InputError("the service did not start: see above why")
