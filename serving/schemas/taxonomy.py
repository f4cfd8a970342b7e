"""The JSON of the vocabulary, as `models.taxonomy` writes it."""

from pydantic import Field

from serving.schemas.bodies import Told


class TermRecord(Told):
    """A label, role, indicator or entity type."""

    code: str
    name: str
    name_th: str
    definition: str
    definition_th: str
    source: str
    crosswalk: dict[str, list[str]] = Field(
        description="code of a scheme -> its own names for the same; empty: it was read, and has none"
    )


class SchemeRecord(Told):
    """A vocabulary published by somebody else."""

    name: str
    source: str


class DisclaimerRecord(Told):
    """What every screen, print and export carries."""

    en: str
    th: str


class TaxonomyRecord(Told):
    """All codes; their order is that of the model."""

    schema_number: int = Field(alias="schema")
    sha256: str = Field(description="of the codes and their order, not of wording")
    labels: list[TermRecord]
    roles: list[TermRecord]
    indicators: list[TermRecord]
    entity_types: list[TermRecord]
    crosswalks: dict[str, SchemeRecord]
    disclaimer: DisclaimerRecord
