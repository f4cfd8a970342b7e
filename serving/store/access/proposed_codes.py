"""A secret for the codes of a person's telephone, asked for only once the telephone has shown its first code.

Whoever closes the page before they scanned it, or whose telephone has a wrong clock, is not shut out by it.
Until then the secret is nowhere but on the page, sealed for its person.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Final

import pyotp
from sqlalchemy import Connection

from models.errors import InputError
from serving.store.access.people import provisioning_uri, require_code
from serving.store.access.sign_in import step_of_code
from serving.store.errors import SealError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring

LASTS_MS: Final = 15 * 60_000


@dataclass(frozen=True, slots=True)
class Proposed:
    """A secret that is proposed.

    Attributes:
        uri: for the telephone.
        sealed: what the page sends back with the first code.
    """

    uri: str = field(repr=False)
    sealed: str = field(repr=False)


def propose_code(keyring: Keyring, name: str, *, now_ms: int) -> Proposed:
    """Return a new secret for a person."""
    secret = pyotp.random_base32()
    content = json.dumps({"secret": secret, "made_ms": now_ms}).encode()
    sealed = urlsafe_b64encode(keyring.seal(content, _place(name))).decode()
    return Proposed(provisioning_uri(secret, name), sealed)


def take_code(
    connection: Connection, keyring: Keyring, name: str, sealed: str, code: str, *, by: Actor, now_ms: int
) -> Proposed | None:
    """Ask a person for codes from now on, if this is the first of a secret that was proposed to them.

    Returns:
        None if it is; else what was proposed, to be shown again.

    Raises:
        InputError: nothing was proposed to them so, or too long ago.
        NotFoundError: there is no such person.
    """
    try:
        content = json.loads(keyring.open(urlsafe_b64decode(sealed), _place(name)))
    except (SealError, ValueError):
        raise InputError("expected what was proposed") from None
    if content["made_ms"] <= now_ms - LASTS_MS:
        raise InputError("it was proposed too long ago")
    secret = content["secret"]
    step = step_of_code(secret, code, now_ms)
    if step is None:
        return Proposed(provisioning_uri(secret, name), sealed)
    require_code(connection, keyring, name, by=by, now_ms=now_ms, secret=secret, step=step)
    return None


def _place(name: str) -> str:
    return f"proposed code {name}"
