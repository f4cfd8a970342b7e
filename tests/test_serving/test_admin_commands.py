"""`scamscreen keys`, `people` and `organisations`, as an operator types them."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from serving.cli import main
from serving.clock import now_ms
from serving.store.access.credentials import PURPOSE, Checked, check_key, shown_key
from serving.store.access.sign_in import sign_in
from serving.store.home import default_url, open_store

PASSWORD = "four words of a river"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("SCAMSCREEN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command; returns its exit code, its output and what it said."""

    def run(*arguments: str, typed: str = ""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(arguments)
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


def checked(home: Path, token: str) -> Checked:
    store = open_store(default_url(home), home / "store.key")
    shown = shown_key(store.keyring.derived(PURPOSE), token.strip())
    try:
        return store.database.read(lambda connection: check_key(connection, shown, now_ms=now_ms()))
    finally:
        store.database.close()


def signed_in(home: Path, name: str, password: str, code: str = ""):
    store = open_store(default_url(home), home / "store.key")
    try:
        return sign_in(store.database.write, store.keyring, name, password, code, now_ms=now_ms())
    finally:
        store.database.close()


def rows(output: str) -> list[dict[str, str]]:
    head, *lines = (line.split("\t") for line in output.splitlines())
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_whoever_begins_a_store_is_told_to_copy_its_keys_and_nobody_after(run, home):
    _, _, first = run("keys", "list")
    _, _, second = run("keys", "list")

    assert f"began a new store, {default_url(home)}" in first
    assert f"made {home / 'store.key'}" in first
    assert "copy it to a safe place" in first
    assert second == ""


@pytest.mark.parametrize("url", ["zqx", "zqx://user:zqxword@host/name", "sqlite://"])
def test_a_store_of_no_kind_that_there_is_is_told_in_one_line(run, monkeypatch, url):
    monkeypatch.setenv("SCAMSCREEN_STORE", url)

    code, _, said = run("keys", "list")

    assert (code, said.count("\n")) == (1, 1)
    assert "expected sqlite:///FILE" in said
    assert "zqxword" not in said


def test_a_key_is_written_once_and_alone_so_that_it_can_go_into_a_file(run, home):
    code, written, said = run("keys", "create", "hotline bot", "--scopes", "report,screen")
    _, listed, _ = run("keys", "list")

    token = written.removesuffix("\n")
    assert code == 0
    assert checked(home, token).scopes == {"screen", "report"}
    assert f"to the store {default_url(home)}: keep it, it is not shown again" in said
    assert token not in said + listed
    [row] = rows(listed)
    assert (row["id"], row["name"], row["organisation"]) == (token.split("_")[1], "hotline bot", "local")
    assert (row["scopes"], row["expires"], row["state"]) == ("screen report", "-", "good")


def test_a_key_can_end_by_itself_and_have_limits_of_its_own(run):
    run("keys", "create", "bot", "--scopes", "screen", "--expires", "30", "--limits", "5/second; 100/day")

    [row] = rows(run("keys", "list")[1])
    assert row["expires"] == (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    assert row["limits"] == "5/second; 100/day"


def test_a_key_is_revoked_and_its_name_can_have_another(run, home):
    token = run("keys", "create", "bot", "--scopes", "screen")[1]
    key_id = token.split("_")[1]

    again = run("keys", "create", "bot", "--scopes", "screen")
    revoked = run("keys", "revoke", key_id)
    after = run("keys", "create", "bot", "--scopes", "screen")

    assert (again[0], key_id in again[2]) == (1, True)
    assert (revoked[0], after[0]) == (0, 0)
    assert checked(home, token).verdict == "revoked"
    assert [row["state"] for row in rows(run("keys", "list")[1])] == ["revoked", "good"]


def test_a_key_is_rotated_at_once_or_with_an_overlap(run, home):
    first = run("keys", "create", "bot", "--scopes", "screen")[1]

    second = run("keys", "rotate", first.split("_")[1])[1]
    third = run("keys", "rotate", second.split("_")[1], "--overlap", "2")[1]

    verdicts = [checked(home, token).verdict for token in (first, second, third)]
    assert verdicts == ["revoked", "good", "good"]


def test_an_organisation_has_its_own_keys(run):
    run("organisations", "add", "Line 1323", "--prefix", "LI")
    run("keys", "create", "bot", "--organisation", "Line 1323", "--scopes", "screen")
    run("keys", "create", "bot", "--scopes", "screen")

    assert [row["organisation"] for row in rows(run("keys", "list")[1])] == ["Line 1323", "local"]
    [row] = rows(run("keys", "list", "--organisation", "Line 1323")[1])
    assert row["organisation"] == "Line 1323"
    assert rows(run("organisations", "list")[1]) == [
        {"name": "local", "prefix": "SS"},
        {"name": "Line 1323", "prefix": "LI"},
    ]


def test_a_person_signs_in_with_the_password_that_was_typed(run, home):
    code, written, said = run("people", "add", "nok", "--scopes", "review,pii", typed=f"{PASSWORD}\n")

    assert (code, written) == (0, "")
    assert PASSWORD not in said
    assert signed_in(home, "nok", PASSWORD).scopes == {"review", "pii"}
    [row] = rows(run("people", "list")[1])
    assert (row["name"], row["scopes"], row["code"], row["state"]) == ("nok", "review pii", "no", "good")


def test_a_person_with_a_telephone_needs_its_code(run, home):
    uri = run("people", "add", "nok", "--scopes", "review", "--totp", typed=f"{PASSWORD}\n")[1].strip()

    assert signed_in(home, "nok", PASSWORD) is None
    assert signed_in(home, "nok", PASSWORD, pyotp.parse_uri(uri).now()) is not None
    assert rows(run("people", "list")[1])[0]["code"] == "yes"


def test_a_new_password_replaces_the_old_one_and_can_drop_a_lost_telephone(run, home):
    run("people", "add", "nok", "--scopes", "review", "--totp", typed=f"{PASSWORD}\n")

    code, _, _ = run("people", "set-password", "nok", "--no-totp", typed=f"another {PASSWORD}\n")

    assert code == 0
    assert signed_in(home, "nok", PASSWORD) is None
    assert signed_in(home, "nok", f"another {PASSWORD}") is not None


def test_a_person_is_shut_out_and_let_in_again(run, home):
    run("people", "add", "nok", "--scopes", "review", typed=f"{PASSWORD}\n")

    run("people", "disable", "nok")
    assert signed_in(home, "nok", PASSWORD) is None
    assert rows(run("people", "list")[1])[0]["state"] == "disabled"
    run("people", "enable", "nok")
    assert signed_in(home, "nok", PASSWORD) is not None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["keys", "revoke", "0" * 16], "keys list"),
        (["keys", "rotate", "0" * 16], "keys list"),
        (["keys", "create", "bot", "--scopes", "screen", "--organisation", "nobody"], "organisations list"),
        (["keys", "create", "service", "--scopes", "screen"], "another name"),
        (["keys", "create", "a\tb", "--scopes", "screen"], "name has up to"),
        (["people", "disable", "nobody"], "people list"),
        (["people", "set-password", "nobody"], "people list"),
        (["people", "add", "nok", "--scopes", "review"], "at least 12"),
        (["organisations", "add", "local", "--prefix", "LO"], "choose others"),
        (["organisations", "add", "Line 1", "--prefix", "1"], "2 to 8 letters"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(run, arguments, told):
    run("keys", "list")  # begins the store
    code, written, said = run(*arguments, typed="short\n")

    assert (code, written) == (1, "")
    assert told in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["keys"],
        ["keys", "create", "bot"],
        ["keys", "create", "bot", "--scopes", "everything"],
        ["keys", "create", "bot", "--scopes", "screen", "--limits", "often"],
        ["keys", "create", "bot", "--scopes", "screen", "--expires", "0"],
        ["keys", "rotate", "0" * 16, "--overlap", "999"],
        ["people", "add", "nok", "--scopes", "review", "--locale", "xx"],
    ],
)
def test_wrong_usage_is_told_as_such(run, capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2
