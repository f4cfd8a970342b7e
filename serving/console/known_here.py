"""The people that a browser is known for: whom strangers that guess do not lock out of it."""

from typing import Final

from fastapi import Response

from serving.clock import DAY_MS
from serving.console.visit import Visit
from serving.store.organisations import Actor

COOKIE: Final = "scamscreen_known"
MOST_PEOPLE: Final = 12
"""At one browser; who signed in longest ago goes first."""
_LASTS_SECONDS: Final = 180 * DAY_MS // 1000
_BETWEEN: Final = "~"


async def known_by(visit: Visit, name: str) -> str:
    """Return the token by which a browser is known for who has a name; "" of a stranger."""
    tokens = _tokens(visit)
    if not tokens:
        return ""
    browsers = visit.desk.known_browsers
    return await visit.desk.read(lambda connection, _: browsers.known(connection, tokens, name))


async def remember(visit: Visit, response: Response, person: Actor) -> None:
    """Have a browser keep that a person has signed in with it."""
    browsers = visit.desk.known_browsers
    token = await visit.desk.read(lambda connection, _: browsers.new_token(connection, person))
    kept = [*_tokens(visit), token][-MOST_PEOPLE:]
    visit.keep(response, COOKIE, _BETWEEN.join(kept), _LASTS_SECONDS)


def _tokens(visit: Visit) -> list[str]:
    kept = visit.cookie(COOKIE)
    return kept.split(_BETWEEN)[:MOST_PEOPLE] if kept else []
