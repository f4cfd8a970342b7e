"""What the gate answers in place of the encoder, in bulk only, and what such a record says.

It answers for a text of a language it has thresholds for, both as surely detected and as its sender says, if
he does; of at least `LEAST_WORDS` words and at most `MOST_CHARS` characters, since more could bury a scam
among harmless words; where every head of the gate is below its threshold, rules find no alarming entity
(`is_alarming`), and the record is one of priority `low`. All else is encoded.

Such a record has `stage` `cascade`, no flag, and the entities of rules and gazetteer alone
(`NAMES_NOT_READ`). Its probabilities are not of the text itself: they are the shares of labels and roles,
one added to each count, among the texts of the `tune` split that the gate passes.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from models.artifact import Artifact
from models.calibration import decide
from models.evidence import is_telling
from models.findings import entities_of
from models.gate import Gate
from models.language import Language, detect
from models.language_tag import primary_tag
from models.screening import Document, Entity, OperatingPoint, Screening
from models.taxonomy import LABELS, ROLES
from models.text import NormalizedText

LEAST_WORDS: Final = 8
MOST_CHARS: Final = 1_000
NAMES_NOT_READ: Final = "names_not_read"
LEAST_LANGUAGE_PROBA: Final = 0.8
ALARMING: Final = frozenset({"BANK_ACCOUNT", "CRYPTO_WALLET", "ID_DOCUMENT", "GEO", "SITE_DETAIL"})
_CHARS_PER_WORD: Final = 5
_ADULT_YEARS: Final = 18
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\uaa60-\uaa7f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff"
_UNSPACED_CHARS: Final = re.compile(f"[{_UNSPACED}]")
_SPACED_WORD: Final = re.compile(rf"[^\W\d_{_UNSPACED}]\S*")


class Cascade:
    """Answers for what the gate of an artefact lets pass."""

    def __init__(self, artifact: Artifact, gate: Gate) -> None:
        self.artifact = artifact
        self.gate = gate

    def answers(
        self,
        documents: Sequence[Document],
        texts: Sequence[NormalizedText],
        operating_point: OperatingPoint,
    ) -> list[Screening | None]:
        """Return the record of each document, in order, or None where the encoder must read it.

        Args:
            documents: as received.
            texts: their normal forms.
            operating_point: which thresholds raise a flag.
        """
        answers: list[Screening | None] = [None] * len(documents)
        rows = [row for row, text in enumerate(texts) if has_fit_length(text.text)]
        scores = self.gate.scores([texts[row].text for row in rows])
        for row, of_text in zip(rows, scores, strict=True):
            if (of_text < self.gate.highest).all():  # before its language is known, which takes longer
                document, text = documents[row], texts[row]
                seen = detect(text.text)
                language = told_language(document) or seen
                if language.tag == seen.tag and is_sure(seen) and self.gate.passes(of_text, seen.tag):
                    answers[row] = self._record(document, text, language, operating_point)
        return answers

    def _record(
        self, document: Document, text: NormalizedText, language: Language, operating_point: OperatingPoint
    ) -> Screening | None:
        """Return the record of a document that the gate passes, unless rules find what a person must see."""
        entities = entities_of(
            document.text, text, None, None, language=language.tag, received_at=document.received_at
        )
        role = ROLES[int(np.argmax(self.gate.roles))]
        decision = decide(
            self.gate.labels,
            self.artifact.calibration,
            operating_point=operating_point,
            language=language.tag,
            role=role,
        )
        if decision.priority != "low" or any(map(is_alarming, entities)):
            return None
        return Screening(
            id=document.id,
            language=language.tag,
            language_proba=language.proba,
            operating_point=operating_point,
            role=role,
            role_proba=dict(zip(ROLES, self.gate.roles.tolist(), strict=True)),
            labels=dict(zip(LABELS, self.gate.labels.tolist(), strict=True)),
            flags=decision.flags,
            context_labels=decision.context_labels,
            uncertified=decision.uncertified,
            thresholds=decision.thresholds,
            priority=decision.priority,
            priority_reason=decision.priority_reason,
            model=self.artifact.info,
            entities=entities,
            warnings=(NAMES_NOT_READ,),
            stage="cascade",
        )


def has_fit_length(text: str) -> bool:
    """Whether a normalised text is neither too short nor too long for the gate.

    Words are what blanks part; where a script parts none (Thai, Lao, Khmer, Burmese, Chinese, Japanese), five
    characters are a word.
    """
    if len(text) > MOST_CHARS:
        return False
    words = len(_UNSPACED_CHARS.findall(text)) / _CHARS_PER_WORD + len(_SPACED_WORD.findall(text))
    return words >= LEAST_WORDS


def told_language(document: Document) -> Language | None:
    """Return the language of a document as its sender says, or None if he does not."""
    return Language(primary_tag(document.language), 1.0) if document.language else None


def is_sure(language: Language) -> bool:
    """Whether a text is in a language, rather than in one like it or in several."""
    return language.proba >= LEAST_LANGUAGE_PROBA


def is_alarming(entity: Entity) -> bool:
    """Whether a text that names this must be read by the encoder, however harmless its words.

    A scam compound, a minor's age, an address that pretends or hides, an account, a wallet, an identity
    paper, and where exactly somebody is: coordinates, a building, a room.
    """
    if entity.type == "AGE":
        bounds = (entity.attributes["minimum"], entity.attributes["maximum"])
        return any(years is not None and years < _ADULT_YEARS for years in bounds)
    return entity.type in ALARMING or entity.attributes.get("kind") == "scam_site" or is_telling(entity)
