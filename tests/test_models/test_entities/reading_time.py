"""How long a recogniser reads, for texts that are there to hold it up."""

from collections.abc import Callable
from time import process_time

from models.entities.entity import Context, Entity

UNKNOWN = Context()


def processor_seconds(
    find: Callable[[str, Context], list[Entity]], text: str, context: Context = UNKNOWN
) -> float:
    """Return the seconds of processor time that a recogniser takes for a text."""
    began = process_time()
    find(text, context)
    return process_time() - began
