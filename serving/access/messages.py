"""ASGI messages."""

from starlette.types import Message, Receive


def replay(first: Message, receive: Receive) -> Receive:
    """Return a `receive` that gives a message already received, then whatever follows it."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return first

    return replayed
