"""One term of the vocabulary, and the outside schemes that terms are matched to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Term:
    """A label, role, indicator or entity type.

    Attributes:
        code: what records, artefacts and training data say; never changes its meaning.
        name: English.
        name_th: Thai.
        definition: one line, English.
        definition_th: one plain line, Thai.
        source: who defines it.
        crosswalk: code of a `CrosswalkScheme` -> that scheme's own names for the same thing or part of it; an
            empty tuple says that the scheme was read and has none.
    """

    code: str
    name: str
    name_th: str
    definition: str
    definition_th: str
    source: str
    crosswalk: Mapping[str, tuple[str, ...]]

    def to_dict(self) -> dict[str, Any]:
        """Return the term as the JSON object of `GET /v1/taxonomy`."""
        return {
            "code": self.code,
            "name": self.name,
            "name_th": self.name_th,
            "definition": self.definition,
            "definition_th": self.definition_th,
            "source": self.source,
            "crosswalk": {scheme: list(names) for scheme, names in self.crosswalk.items()},
        }


@dataclass(frozen=True, slots=True)
class CrosswalkScheme:
    """A vocabulary published by somebody else."""

    code: str
    name: str
    source: str


CROSSWALK_SCHEMES = (
    CrosswalkScheme(
        code="ilo_forced_labour",
        name="ILO indicators of forced labour (11)",
        source="International Labour Office, Indicators of Forced Labour, 2012; revised guidance 2025",
    ),
    CrosswalkScheme(
        code="iom_htcds_2_0",
        name="IOM Human Trafficking Case Data Standard 2.0, field names of MethodsOfControl",
        source="https://github.com/UNMigration/HTCDS, Field Definitions.md",
    ),
    CrosswalkScheme(
        code="rtp_online_complaint",
        name="Royal Thai Police online-complaint types",
        source=(
            "thaipoliceonline: types 1 to 8 as printed at https://droidsans.com/ais-cyber-scam-protection, "
            "the others as Thai news names them"
        ),
    ),
    CrosswalkScheme(
        code="ccl2023_fcc",
        name="CCL2023 fraud case classification, 12 classes of Chinese police",
        source="https://github.com/GJSeason/CCL2023-FCC",
    ),
    CrosswalkScheme(
        code="chifraud",
        name="ChiFraud, 10 classes of Chinese fraud texts",
        source="https://github.com/xuemingxxx/ChiFraud",
    ),
    CrosswalkScheme(
        code="misp_taxonomy",
        name="MISP taxonomies, machine tags",
        source="https://github.com/MISP/misp-taxonomies",
    ),
    CrosswalkScheme(
        code="misp_galaxy",
        name="MISP galaxies, cluster tags (financial-fraud is attck4fraud, dwva is INTERPOL's)",
        source="https://github.com/MISP/misp-galaxy",
    ),
    CrosswalkScheme(
        code="misp_object",
        name="MISP object templates",
        source="https://github.com/MISP/misp-objects",
    ),
    CrosswalkScheme(
        code="presidio",
        name="Microsoft Presidio entity types",
        source="https://github.com/microsoft/presidio, docs/supported_entities.md",
    ),
)
