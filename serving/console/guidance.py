"""What people are told to do next: the text of their organisation, or else what is built in."""

from collections.abc import Mapping

from serving.console.built_in_guidance import built_in_guidance
from serving.console.languages import Language
from serving.console.visit import Visit
from serving.store.casework.guidance import read_guidance


async def own_guidance(visit: Visit) -> Mapping[str, str]:
    """Return what the organisation of who reads has written in their language, by topic."""
    organisation_id, tag = visit.caller.actor.organisation_id, visit.language.tag
    return await visit.desk.read(lambda connection, _: read_guidance(connection, organisation_id, tag))


def built_in_text(language: Language, topic: str) -> str:
    """Return what is built in as an organisation would write it: a line a step."""
    steps = built_in_guidance(language)[topic]
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))
