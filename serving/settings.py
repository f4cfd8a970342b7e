"""What the operator decides: the `SCAMSCREEN_*` variables, read once into a frozen value."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import InputError
from models.redaction import LEAST_KEY_BYTES
from models.shelf import home_of
from serving.access.key_limits import DEFAULT_KEY_LIMITS, parsed_limits
from serving.store.home import KEY_FILE, default_url
from serving.store.organisations import LOCAL

DEFAULT_MAX_WAIT_SECONDS = 2.0
DEFAULT_CONSOLE_URL = "http://127.0.0.1:3000"
DEFAULT_ESCALATE_MINUTES = 10
DEFAULT_EVENT_DAYS = 90
DEFAULT_CACHE_MB = 64  # of 15,000 to 30,000 texts
MOST_RETENTION_DAYS = 36_500
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class LineAccount:
    """What the operator says of an account.

    Attributes:
        secret: its channel secret.
        token: its channel access token; without one no image is fetched and nobody answered.
        organisation: name of the one its reports belong to.
        replies: tell senders that their message arrived, unless its report is urgent.
    """

    secret: bytes = field(repr=False)
    token: str = field(repr=False)
    organisation: str
    replies: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the service.

    Attributes:
        open: `SCAMSCREEN_OPEN`: answer without a key, to programs on this machine only.
        home: `SCAMSCREEN_HOME`: folder of what is this machine's own, its models among it.
        artifact: `SCAMSCREEN_ARTIFACT`: folder of the model; None, the default: the one that
            `scamscreen model use` chose, or the shipped one.
        shadow: `SCAMSCREEN_SHADOW`: folder of a candidate that reads some stored reports beside the model.
        threads: `SCAMSCREEN_THREADS`: threads of the model; 0 lets the runtime choose.
        redaction_key: content of the file `SCAMSCREEN_REDACTION_KEY_FILE`: secret of the tokens of
            `/v1/redact`; None refuses that style.
        max_wait_seconds: `SCAMSCREEN_MAX_WAIT_SECONDS`: a request that would wait longer for others is
            refused, with 429.
        cache_bytes: `SCAMSCREEN_CACHE_MB`, in 10^6 bytes: memory for what the network said of texts before;
            0 keeps nothing.
        store: `SCAMSCREEN_STORE`: URL of the database of reports; default: a file in `SCAMSCREEN_HOME`.
        escalate_minutes: `SCAMSCREEN_ESCALATE_MINUTES`: an urgent report that nobody acknowledges for so long
            escalates.
        key_file: `SCAMSCREEN_STORE_KEY_FILE`: opens what is stored; default: a file in `SCAMSCREEN_HOME`.
        retention_days: `SCAMSCREEN_RETENTION_DAYS`: after so many days the words of a report are removed;
            None, the default: they are kept.
        event_days: `SCAMSCREEN_EVENT_DAYS`: after so many days events, deliveries to webhooks and answers to
            an `Idempotency-Key` are removed.
        key_limits: `SCAMSCREEN_KEY_LIMITS`: how many requests a key may send that has no limits of its own.
        console_url: `SCAMSCREEN_CONSOLE_URL`: where people reach the console, for the links that sign in;
            `scamscreen serve` sets it to the address it listens on.
        webhook_private: `SCAMSCREEN_WEBHOOK_PRIVATE`: webhooks may lead to private addresses, and by http to
            this machine.
        line: `SCAMSCREEN_LINE_SECRET_FILE`: the channel secret of a LINE Official Account; None takes
            nothing. `SCAMSCREEN_LINE_TOKEN_FILE`: its access token, to fetch images;
            `SCAMSCREEN_LINE_ORGANISATION`: whose reports its messages are; `SCAMSCREEN_LINE_REPLY`: tell
            senders that they arrived.
    """

    open: bool = False
    home: Path = Path()
    artifact: Path | None = None
    shadow: Path | None = None
    threads: int = 0
    redaction_key: bytes | None = field(default=None, repr=False)
    max_wait_seconds: float = DEFAULT_MAX_WAIT_SECONDS
    cache_bytes: int = DEFAULT_CACHE_MB * 1_000_000
    store: str = ""
    key_file: Path = Path()
    retention_days: int | None = None
    event_days: int = DEFAULT_EVENT_DAYS
    key_limits: str = DEFAULT_KEY_LIMITS
    escalate_minutes: int = DEFAULT_ESCALATE_MINUTES
    console_url: str = DEFAULT_CONSOLE_URL
    webhook_private: bool = False
    line: LineAccount | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings the environment asks for.

        Raises:
            InputError: a variable has a value that means nothing.
        """
        home = home_of(environment)
        return cls(
            open=_switch(environment, "SCAMSCREEN_OPEN"),
            home=home,
            artifact=_folder(environment, "SCAMSCREEN_ARTIFACT"),
            shadow=_folder(environment, "SCAMSCREEN_SHADOW"),
            threads=_count(environment, "SCAMSCREEN_THREADS", 0),
            redaction_key=_secret(environment, "SCAMSCREEN_REDACTION_KEY_FILE"),
            max_wait_seconds=_seconds(environment, "SCAMSCREEN_MAX_WAIT_SECONDS", DEFAULT_MAX_WAIT_SECONDS),
            cache_bytes=read_cache_bytes(environment),
            store=environment.get("SCAMSCREEN_STORE") or default_url(home),
            key_file=Path(environment.get("SCAMSCREEN_STORE_KEY_FILE") or home / KEY_FILE),
            retention_days=_days(environment, "SCAMSCREEN_RETENTION_DAYS"),
            event_days=_days(environment, "SCAMSCREEN_EVENT_DAYS") or DEFAULT_EVENT_DAYS,
            key_limits=_limits(environment, "SCAMSCREEN_KEY_LIMITS"),
            escalate_minutes=_count(environment, "SCAMSCREEN_ESCALATE_MINUTES", DEFAULT_ESCALATE_MINUTES),
            console_url=(environment.get("SCAMSCREEN_CONSOLE_URL") or DEFAULT_CONSOLE_URL).rstrip("/"),
            webhook_private=_switch(environment, "SCAMSCREEN_WEBHOOK_PRIVATE"),
            line=_line(environment),
        )


def _line(environment: Mapping[str, str]) -> LineAccount | None:
    secret = _secret(environment, "SCAMSCREEN_LINE_SECRET_FILE")
    if secret is None:
        return None
    return LineAccount(
        secret=secret,
        token=(_secret(environment, "SCAMSCREEN_LINE_TOKEN_FILE") or b"").decode("ascii", "replace"),
        organisation=environment.get("SCAMSCREEN_LINE_ORGANISATION") or LOCAL,
        replies=_switch(environment, "SCAMSCREEN_LINE_REPLY"),
    )


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    named = environment.get(name, "").strip()
    return Path(named).expanduser() if named else None


def _switch(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise InputError(f"{name}: expected 1 or 0, found {value!r}: correct or unset it")


def read_cache_bytes(environment: Mapping[str, str] = os.environ) -> int:
    """Return the memory for outputs of the network that `SCAMSCREEN_CACHE_MB` asks for.

    Raises:
        InputError: its value means nothing.
    """
    return _count(environment, "SCAMSCREEN_CACHE_MB", DEFAULT_CACHE_MB) * 1_000_000


def _count(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdecimal()):
        raise InputError(f"{name}: expected a whole number from 0, found {value!r}: correct or unset it")
    return int(value)


def _days(environment: Mapping[str, str], name: str) -> int | None:
    value = environment.get(name, "").strip()
    if not value:
        return None
    if not re.fullmatch("[0-9]{1,9}", value) or not 1 <= int(value) <= MOST_RETENTION_DAYS:
        most = f"{MOST_RETENTION_DAYS:,}"
        raise InputError(f"{name}: expected 1 to {most} days, found {value!r}: correct or unset it")
    return int(value)


def _seconds(environment: Mapping[str, str], name: str, default: float) -> float:
    value = environment.get(name, "").strip()
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]+)?", value) or float(value) == 0:
        raise InputError(f"{name}: expected seconds, as 2 or 0.5, found {value!r}: correct or unset it")
    return float(value)


def _limits(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip() or DEFAULT_KEY_LIMITS
    try:
        parsed_limits(value)
    except InputError as error:
        raise InputError(f"{name}: {error}: correct or unset it") from None
    return value


def _secret(environment: Mapping[str, str], name: str) -> bytes | None:
    named = environment.get(name, "").strip()
    return read_secret(Path(named), name) if named else None


def read_secret(path: Path, name: str) -> bytes:
    """Return the secret in a file, without blanks around it; `name` is what the operator calls the file.

    Raises:
        InputError: there is no such file, or it holds too little to protect anything.
    """
    if not path.is_file():
        raise InputError(f"{name}: expected the path of a file that holds a secret, found no file there")
    secret = path.read_bytes().strip()
    if len(secret) < LEAST_KEY_BYTES:
        raise InputError(f"{name}: the file holds {len(secret)} bytes, expected at least {LEAST_KEY_BYTES}")
    return secret
