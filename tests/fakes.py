"""Stand-ins for what a test must not need: here, a trained model."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.errors import DocumentError
from models.language import FIRST_CLASS, detect
from models.screening import (
    Document,
    Entity,
    Evidence,
    ModelInfo,
    OperatingPoint,
    Priority,
    Screening,
    ScreeningError,
)
from models.taxonomy import LABELS, ROLES
from models.validation import validate_text

SIGNS = {"compound": "trafficking_recruitment", "help me": "person_at_risk"}
THRESHOLD = 0.5
NAMED = {
    "Somchai": ("PERSON", None),
    "081-555-0143": ("PHONE", "+66815550143"),
    "1-5555-01234-56-7": ("ID_DOCUMENT", "1555501234567"),
}
"""Words that are entities wherever they stand: type and normal form."""


@dataclass(frozen=True, slots=True)
class FakeArtifact:
    """What callers read of an artefact."""

    info: ModelInfo
    languages: tuple[str, ...]
    gate: None = None


class FakeScreener:
    """Flags by two words: "compound" is recruitment, "help me" a person at risk; knows `NAMED`."""

    def __init__(self) -> None:
        info = ModelInfo(name="fake", version="0.0.0", sha256="0" * 64)
        self.artifact = FakeArtifact(info=info, languages=FIRST_CLASS)

    unread_types = frozenset({"ORGANISATION", "JOB_TITLE"})

    def seems_urgent(self, texts: Sequence[str]) -> list[bool]:
        return ["help me" in text for text in texts]

    def screen(
        self,
        documents: Sequence[Document],
        operating_point: OperatingPoint = "balanced",
        *,
        cascade: bool = False,
    ) -> list[Screening | ScreeningError]:
        assert not cascade, "it has no gate"
        return [self._screen(document, operating_point) for document in documents]

    def _screen(self, document: Document, operating_point: OperatingPoint) -> Screening | ScreeningError:
        try:
            text = validate_text(document.text)
        except DocumentError as error:
            return ScreeningError(id=document.id, code=error.code, message=str(error))
        spans = {
            code: (text.find(sign), text.find(sign) + len(sign))
            for sign, code in SIGNS.items()
            if sign in text
        }
        flags = tuple(code for code in LABELS if code in spans)
        context_labels: tuple[str, ...] = ()
        if "person_at_risk" in flags:
            flags, context_labels = (
                ("person_at_risk",),
                tuple(code for code in flags if code != "person_at_risk"),
            )
        priority, reason = _priority(flags)
        role = "offer" if flags else "ordinary"
        detected = detect(text)
        return Screening(
            id=document.id,
            language=document.language or detected.tag,
            language_proba=1.0 if document.language else detected.proba,
            operating_point=operating_point,
            role=role,
            role_proba={code: 0.94 if code == role else 0.01 for code in ROLES},
            labels={code: 0.95 if code in spans else 0.01 for code in LABELS},
            flags=flags,
            context_labels=context_labels,
            uncertified=(),
            thresholds=dict.fromkeys((*flags, *context_labels), THRESHOLD),
            priority=priority,
            priority_reason=reason,
            model=self.artifact.info,
            evidence=tuple(
                Evidence(flag=code, start=spans[code][0], end=spans[code][1], kind="influence")
                for code in (*flags, *context_labels)
            ),
            entities=tuple(
                Entity(code, found, found + len(words), words, value, {}, "unknown", 0.9, "rule", "pattern")
                for words, (code, value) in NAMED.items()
                if (found := text.find(words)) >= 0
            ),
        )


def _priority(flags: tuple[str, ...]) -> tuple[Priority, str]:
    if "person_at_risk" in flags:
        return "urgent", "person_at_risk"
    if flags:
        return "high", flags[0]
    return "low", "nothing flagged"
