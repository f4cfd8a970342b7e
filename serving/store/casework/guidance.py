"""What an organisation has its people told to do next, and where the model speaks up to them.

Nothing is changed or removed: what held at any time can be found, and its digest stands in the audit.
"""

import hashlib
from collections.abc import Mapping
from typing import Final, Literal, get_args

from sqlalchemy import Connection, insert, select

from models.errors import InputError
from models.screening import OperatingPoint
from serving.store import audit
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import GUIDANCE, OPERATING_POINT

Topic = Literal["person_at_risk", "loss_report", "child_abuse_material"]
TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)
MOST_CHARS: Final = 4_000
DEFAULT_POINT: Final[OperatingPoint] = "balanced"


def set_guidance(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    *,
    topic: str,
    language: str,
    text: str,
    now_ms: int,
) -> None:
    """Have people of the actor's organisation told this from now on.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who sets it.
        topic: one of `TOPICS`.
        language: BCP-47, of the text.
        text: plain; "": what is built in.
        now_ms: the time.

    Raises:
        InputError: there is no such topic, or the text is too long.
    """
    if topic not in TOPICS or len(text) > MOST_CHARS:
        raise InputError(f"expected one of {', '.join(TOPICS)}, and up to {MOST_CHARS:,} characters")
    audit.take_chain(connection, actor.organisation_id)
    added = insert(GUIDANCE).values(
        organisation_id=actor.organisation_id,
        actor_id=actor.id,
        topic=topic,
        language=language,
        text=text,
        set_ms=now_ms,
    )
    version: int = connection.execute(added.returning(GUIDANCE.c.serial)).scalar_one()
    digest = hashlib.sha256(text.encode()).hexdigest() if text else None
    detail = {"language": language, "version": version, "sha256": digest}
    link = audit.Link(actor.id, now_ms, "guidance.set", topic, detail)
    audit.append(connection, keyring, actor.organisation_id, link)


def read_guidance(connection: Connection, organisation_id: int, language: str) -> Mapping[str, str]:
    """Return what an organisation has its people told in a language, by topic; not what is built in."""
    rows = connection.execute(
        select(GUIDANCE.c.topic, GUIDANCE.c.text)
        .where(GUIDANCE.c.organisation_id == organisation_id, GUIDANCE.c.language == language)
        .order_by(GUIDANCE.c.serial)
    )
    newest = {row.topic: row.text for row in rows}
    return {topic: text for topic, text in newest.items() if text}


def set_operating_point(
    connection: Connection, keyring: Keyring, actor: Actor, value: str, *, now_ms: int
) -> None:
    """Have the model speak up there when people of the actor's organisation screen a text.

    Raises:
        InputError: there is no such operating point.
    """
    if value not in get_args(OperatingPoint):
        raise InputError(f"expected one of {', '.join(get_args(OperatingPoint))}")
    audit.take_chain(connection, actor.organisation_id)
    connection.execute(
        insert(OPERATING_POINT).values(
            organisation_id=actor.organisation_id, actor_id=actor.id, value=value, set_ms=now_ms
        )
    )
    link = audit.Link(actor.id, now_ms, "operating_point.set", value)
    audit.append(connection, keyring, actor.organisation_id, link)


def read_operating_point(connection: Connection, organisation_id: int) -> OperatingPoint:
    """Return where the model speaks up to people of an organisation, unless they ask for another."""
    value: OperatingPoint | None = connection.execute(
        select(OPERATING_POINT.c.value)
        .where(OPERATING_POINT.c.organisation_id == organisation_id)
        .order_by(OPERATING_POINT.c.serial.desc())
        .limit(1)
    ).scalar()
    return value or DEFAULT_POINT
