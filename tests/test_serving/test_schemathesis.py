"""Schemathesis against the running service, behind its keys: whether it keeps its own contract."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from serving.access.routes import ROUTES
from tests.fuzz.service import running_service
from tests.test_serving.conftest import ROOT

pytestmark = pytest.mark.timeout(600)  # thousands of requests

CONFIG = Path(__file__).with_name("schemathesis.toml")
SECONDS = 300
VERSIONS = {"If-Match": ", ".join(f'"{number}"' for number in range(1, 200))}


def test_the_service_keeps_its_contract(tmp_path):
    with running_service("tests.test_serving.brief_service:ScamScreen", tmp_path) as running:
        targets = running.targets()
        referral = running.post(
            f"/v1/reports/{targets.reports[0]}/referrals",
            "review",
            {
                "to_agency": "a shelter",
                "police": False,
                "redaction": "codes",
                "without_consent": "child",
                "reason": "a",
            },
            **VERSIONS,
        )
        ids = {
            "report_id": targets.reports[0],
            "webhook_id": targets.webhook,
            "referral_id": referral.json()["referral"]["id"],
            "delivery_id": running.post(f"/v1/webhooks/{targets.webhook}/test", "admin", None).json()["id"],
        }
        contract = tmp_path / "openapi.json"  # by its URL it would leave that operation out
        contract.write_bytes(running.get("/openapi.json", "all").content)
        tried = subprocess.run(
            [
                sys.executable,
                "-m",
                "schemathesis.cli",
                "--config-file",
                str(CONFIG),
                "run",
                str(contract),
                "--url",
                running.server.url,
                "--header",
                f"Authorization: Bearer {running.keys['all']}",
                "--no-color",
            ],
            cwd=tmp_path,  # where it looks for what failed before
            env={**os.environ, "PYTHONPATH": str(ROOT), "SCAMSCREEN_TEST_IDS": json.dumps(ids)},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    lines = (tried.stdout + tried.stderr).splitlines()
    told = "\n".join(line[:500] for line in lines)  # some requests are long
    assert tried.returncode == 0, told[-20_000:]
    operations = sum(len(route.needs) for route in ROUTES.values())
    assert re.search(rf"Tested: +{operations}\b", tried.stdout), tried.stdout
