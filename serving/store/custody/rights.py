"""Keys, people and grants as they are and as the audit says: nobody has more rights than were given."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from serving.store.access.credentials import API_KEY
from serving.store.audit import told_by
from serving.store.tables import ACTOR, AUDIT, CREDENTIAL, READ_GRANT, SIGN_IN

_OF_KEYS: Final = ("key.created", "key.ends", "key.revoked")
_ADDED: Final = "person.added"
_CODE_REQUIRED: Final = "person.code_required"
_OF_PEOPLE: Final = (_ADDED, _CODE_REQUIRED, "person.code_dropped")
_OF_ACTORS: Final = ("actor.disabled", "actor.enabled")
_GRANTED: Final = "reading.granted"
_OF_GRANTS: Final = (_GRANTED, "reading.ended")


def altered(connection: Connection) -> Iterator[str]:
    """Yield, in words, each key, person, actor and grant that is not as its links in the audit say."""
    yield from _altered_credentials(connection)
    for actor in connection.execute(select(ACTOR).order_by(ACTOR.c.id)).all():
        links = _links(connection, str(actor.id), _OF_ACTORS)
        is_out = bool(links) and links[-1].action == _OF_ACTORS[0]
        if actor.disabled_ms != (links[-1].at_ms if is_out else None):
            yield f"actor {actor.id}: they are let in or shut out otherwise than the audit says"
    for grant in connection.execute(select(READ_GRANT).order_by(READ_GRANT.c.serial)).all():
        if not _is_grant_told(connection, grant):
            yield f"grant {grant.serial}: who may read whose reports is not as the audit says"


def _altered_credentials(connection: Connection) -> Iterator[str]:
    credentials = (
        select(CREDENTIAL, ACTOR.c.name, SIGN_IN.c.totp_sealed)
        .join(ACTOR, ACTOR.c.id == CREDENTIAL.c.actor_id)
        .outerjoin(SIGN_IN, SIGN_IN.c.credential_id == CREDENTIAL.c.id)
    )
    for one in connection.execute(credentials.order_by(CREDENTIAL.c.id)).all():
        if one.kind == API_KEY:
            if _key_told(connection, one) != _standing(one):
                yield f"key {one.handle}: it may do other things, or for longer, than the audit says"
        elif _person_told(connection, one) != {
            **_standing(one),
            "name": one.handle,
            "code": one.totp_sealed is not None,
        }:
            yield f"person {one.actor_id}: they may do or need other things than the audit says"


def _links(connection: Connection, subject: str, actions: tuple[str, ...]) -> list[Row[Any]]:
    of_subject = select(AUDIT).where(AUDIT.c.subject == subject, AUDIT.c.action.in_(actions))
    return [*connection.execute(of_subject.order_by(AUDIT.c.organisation_id, AUDIT.c.number))]


def _standing(one: Row[Any]) -> dict[str, object]:
    return {
        "organisation": one.organisation_id,
        "actor": one.actor_id,
        "scopes": one.scopes,
        "expires_ms": one.expires_ms,
        "revoked_ms": one.revoked_ms,
    }


def _key_told(connection: Connection, one: Row[Any]) -> dict[str, object]:
    """Return what the audit says of a key: as it was made, then what became of it."""
    told: dict[str, object] = {"revoked_ms": None}
    for link in _links(connection, one.handle, _OF_KEYS):
        told |= {"organisation": link.organisation_id} | told_by(link)
        if link.action == "key.revoked":
            told["revoked_ms"] = link.at_ms
    return told


def _person_told(connection: Connection, one: Row[Any]) -> dict[str, object]:
    """Return what the audit says of a person: as they were added, and whether a code is asked for."""
    told: dict[str, object] = {"actor": one.actor_id, "name": one.name, "code": False}
    told |= {"expires_ms": None, "revoked_ms": None}
    for link in _links(connection, str(one.actor_id), _OF_PEOPLE):
        if link.action == _ADDED:
            told |= {"organisation": link.organisation_id} | told_by(link)
        else:
            told["code"] = link.action == _CODE_REQUIRED
    return told


def _is_grant_told(connection: Connection, grant: Row[Any]) -> bool:
    pair = {"owner": grant.organisation_id, "reader": grant.reader_id}
    links = [
        link
        for link in connection.execute(
            select(AUDIT)
            .where(AUDIT.c.organisation_id == grant.organisation_id, AUDIT.c.action.in_(_OF_GRANTS))
            .order_by(AUDIT.c.number)
        )
        if pair.items() <= told_by(link).items()
    ]
    begun = [
        place
        for place, link in enumerate(links)
        if link.action == _GRANTED
        and link.at_ms == grant.granted_ms
        and told_by(link).get("words") == grant.with_words
    ]
    if not begun:
        return False
    following = [link.at_ms for link in links[begun[0] + 1 :]]
    return grant.ended_ms in following if grant.ended_ms is not None else begun[-1] == len(links) - 1
