"""The secret of a telephone's codes is offered, and counts once the first of its codes came back.

Else a person whose telephone does not know it would be shut out. Nothing of an offer is kept: it goes sealed
to the page that shows it, and comes back from there with the code. It is good for one person, in one session,
for a quarter of an hour.
"""

import base64
import json
from dataclasses import dataclass, field
from typing import Final

import pyotp
from sqlalchemy import Connection

from serving.store.access.people import keep_code, step_of_code, uri_of_code
from serving.store.errors import RefusedChangeError, SealError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring

OFFERED_MS: Final = 15 * 60_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret that does not count yet.

    Attributes:
        name: of the person.
        secret: that their telephone makes codes of.
        token: the same, sealed: what comes back from the page.
    """

    name: str
    secret: str = field(repr=False)
    token: str = field(repr=False)

    @property
    def uri(self) -> str:
        """What the telephone needs."""
        return uri_of_code(self.name, self.secret)


def offer_code(keyring: Keyring, name: str, session_id: int, *, now_ms: int) -> Offer:
    """Return a new secret for somebody who has shown that they know their password."""
    secret = pyotp.random_base32()
    content = json.dumps({"secret": secret, "until_ms": now_ms + OFFERED_MS}).encode()
    token = base64.b64encode(keyring.seal(content, _place_of_offer(name, session_id))).decode()
    return Offer(name, secret, token)


def open_offer(keyring: Keyring, name: str, session_id: int, token: str, *, now_ms: int) -> Offer:
    """Return what was offered.

    Raises:
        RefusedChangeError: it is too old, or is none of this person in this session.
    """
    try:
        sealed = base64.b64decode(token, validate=True)
        told = json.loads(keyring.open(sealed, _place_of_offer(name, session_id)))
    except (ValueError, SealError):
        raise RefusedChangeError("old_code", "this secret was not offered here") from None
    if told["until_ms"] < now_ms:
        raise RefusedChangeError("old_code", "this secret was offered too long ago")
    return Offer(name, told["secret"], token)


def confirm_code(
    connection: Connection, keyring: Keyring, offer: Offer, code: str, *, by: Actor, now_ms: int
) -> None:
    """Ask a person for the codes of an offer at each sign-in from now on; the first is not taken again.

    Raises:
        RefusedChangeError: it is not the code of now.
        NotFoundError: there is no such person.
    """
    step = step_of_code(offer.secret, code, now_ms)
    if step is None:
        raise RefusedChangeError("wrong_code", "this is not the code that the telephone shows now")
    keep_code(connection, keyring, offer.name, offer.secret, step=step, by=by, now_ms=now_ms)


def _place_of_offer(name: str, session_id: int) -> str:
    """Return the place an offer is sealed for."""
    return f"code offered in session {session_id} to {name}"
