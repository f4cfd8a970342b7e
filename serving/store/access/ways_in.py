"""What lets a person in without their password: sessions that go on, and links that nobody has used yet."""

from sqlalchemy import Connection, delete, update

from serving.store.tables import PASSWORD_LINK, SESSION, SIGN_IN_LINK


def end_ways_in(connection: Connection, person_id: int, *, now_ms: int) -> None:
    """End them all, as who changes a password or shuts somebody out expects."""
    goes_on = SESSION.c.actor_id == person_id, SESSION.c.ended_ms.is_(None)
    connection.execute(update(SESSION).where(*goes_on).values(ended_ms=now_ms))
    connection.execute(delete(PASSWORD_LINK).where(PASSWORD_LINK.c.person_id == person_id))
    connection.execute(delete(SIGN_IN_LINK).where(SIGN_IN_LINK.c.actor_id == person_id))
