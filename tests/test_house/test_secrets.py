"""No secret is in the repository: neither of ours nor of those that others hand out."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INVENTED = "zqx"
"""In what tests send as a secret, to look for it afterwards."""
FORMS = {
    "an API key": "ssk_[0-9a-f]{16}_[0-9a-f]{64}",
    "the secret of a webhook": "whsec_[A-Za-z0-9+/]{24,}",
    "a line of a key file": "^(seal|index) [0-9a-f]{8} [A-Za-z0-9+/]{43}=",
    "a private key": "-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a key of a cloud": "(AKIA|ASIA)[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}",
    "a token of a hub": "gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}|hf_[A-Za-z]{30,}|pypi-[A]gEI",
    "a token of a messenger": "xox[abprs]-[0-9A-Za-z-]{10,}|[0-9]{8,10}:AA[0-9A-Za-z_-]{33}",
    "a password in an address": "(postgresql|https?|redis)://[A-Za-z0-9_.-]+:[^/@ {}\"']{3,}@",
}
NAMES = ("*.key", "*.pem", "*.p12", "*.env", "*.db", "*.dump", "id_rsa*", "*.secret")


def git(*arguments: str, folder: Path = ROOT) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr  # 1: nothing found
    return done.stdout.splitlines()


@pytest.mark.parametrize("kind", FORMS)
def test_nothing_in_the_repository_looks_like(kind):
    found = git("grep", "--cached", "-IhoE", "-e", FORMS[kind], "--", ".", ":!models/artifacts")
    assert {line for line in found if INVENTED not in line} == set()


def test_no_file_is_one_that_holds_secrets():
    assert git("ls-files", "--", *NAMES) == []


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        ("an API key", f"ssk_{'0' * 16}_{'a' * 64}"),
        ("the secret of a webhook", f"whsec_{'A' * 32}"),
        ("a line of a key file", f"seal {'0' * 8} {'A' * 43}="),
        ("a private key", "-----BEGIN " + "EC PRIVATE KEY-----"),
        ("a password in an address", "postgresql://scamscreen:" + "word@host/name"),
    ],
)
def test_what_is_looked_for_is_found(kind, example, tmp_path):
    (tmp_path / "file").write_text(f"{example}\n", encoding="utf-8")
    assert git("grep", "--no-index", "-IlE", "-e", FORMS[kind], folder=tmp_path)
