"""The composition root: validate -> normalise -> encode -> find -> decide -> `Screening`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

import numpy as np
import numpy.typing as npt

from models.artifact import Artifact
from models.calibration import decide, label_proba, role_proba
from models.cascade import Cascade, told_language
from models.encoded import Encoded
from models.encoder import Encoder, Observe, unobserved
from models.entities.pipeline import NAMES
from models.errors import ArtifactIncompatibleError, DocumentError
from models.evidence import find_evidence
from models.findings import URGENT_INDICATORS, entities_of, indicators_of, with_party
from models.gate import NO_GATE
from models.language import detect
from models.screening import Document, OperatingPoint, Screening, ScreeningError
from models.taxonomy import LABELS, ROLES
from models.text import NormalizedText, normalize
from models.tokens import tokens_of
from models.validation import validate_text

_Settled = NormalizedText | Screening | ScreeningError
"""What is known of a document before the encoder: the text to encode, or its record."""


class Screener:
    """Screens documents with one artefact. Safe to share between threads."""

    def __init__(self, artifact: Artifact, encoder: Encoder, *, observe: Observe = unobserved) -> None:
        """Put the parts together.

        Args:
            artifact: a verified artefact.
            encoder: of the same artefact.
            observe: told the seconds of each stage of a call: `prepare`, `gate`, `tokenise`, `encode`,
                `rules`.
        """
        self.artifact = artifact
        self._encoder = encoder
        self._observe = observe
        self._cascade = Cascade(artifact, artifact.gate) if artifact.gate else None

    @property
    def unread_types(self) -> frozenset[str]:
        """The entity types that this model finds in no text, since no rule reads them and its head cannot."""
        tokens = self.artifact.tokens
        return NAMES - (tokens.entity_thresholds.keys() if tokens else frozenset())

    def screen(
        self,
        documents: Sequence[Document],
        operating_point: OperatingPoint = "balanced",
        *,
        cascade: bool = False,
    ) -> list[Screening | ScreeningError]:
        """Return one record per document, in order; one that cannot be screened gets a `ScreeningError`.

        Args:
            documents: what to screen.
            operating_point: which thresholds raise a flag.
            cascade: let the gate answer for the clearly benign, see `models.cascade`; for bulk only.

        Raises:
            ArtifactIncompatibleError: `cascade` with an artefact that has no gate.
        """
        with self._timed("prepare"):
            settled: list[_Settled] = [_prepare(document) for document in documents]
        if cascade:
            with self._timed("gate"):
                settled = self._gated(documents, settled, operating_point)
        with self._timed("tokenise"):
            read = self._encoder.read([text.text for text in settled if isinstance(text, NormalizedText)])
            owners = [
                document.owner
                for document, text in zip(documents, settled, strict=True)
                if isinstance(text, NormalizedText)
            ]
        with self._timed("encode"):
            encoded = self._encoder.run(read, owners)
        with self._timed("rules"):
            screened = iter(self._records(documents, settled, encoded, operating_point))
            return [next(screened) if isinstance(one, NormalizedText) else one for one in settled]

    def seems_urgent(self, texts: Sequence[str]) -> list[bool]:
        """Return of each text whether somebody in it may be in danger; of none, if the model has no gate.

        For what is to be screened first, not for what is to be said; see `models.plea_gate`.
        """
        pleas = self.artifact.pleas
        return pleas.seem_urgent(texts) if pleas else [False] * len(texts)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        """Observe the seconds a stage takes."""
        started = perf_counter()
        yield
        self._observe(stage, perf_counter() - started)

    def _gated(
        self, documents: Sequence[Document], settled: Sequence[_Settled], operating_point: OperatingPoint
    ) -> list[_Settled]:
        """Return what is settled of the documents, with the records the gate answers in place of texts."""
        if self._cascade is None:
            raise ArtifactIncompatibleError(NO_GATE)
        texts = {row: text for row, text in enumerate(settled) if isinstance(text, NormalizedText)}
        answers = self._cascade.answers([documents[row] for row in texts], [*texts.values()], operating_point)
        answered = {row: answer for row, answer in zip(texts, answers, strict=True) if answer}
        return [answered.get(row, one) for row, one in enumerate(settled)]

    def _records(
        self,
        documents: Sequence[Document],
        settled: Sequence[_Settled],
        encoded: Sequence[Encoded],
        operating_point: OperatingPoint,
    ) -> Iterator[Screening]:
        """Yield the records of the documents that were encoded, in order."""
        if not encoded:
            return
        calibration = self.artifact.calibration
        labels = label_proba(np.stack([one.label_logits for one in encoded]), calibration)
        roles = role_proba(np.stack([one.role_logits for one in encoded]), calibration)
        accepted = (
            (document, text)
            for document, text in zip(documents, settled, strict=True)
            if isinstance(text, NormalizedText)
        )
        for row, (document, text) in enumerate(accepted):
            yield self._record(
                document, text, encoded[row], labels[row], roles[row], operating_point=operating_point
            )

    def _record(
        self,
        document: Document,
        text: NormalizedText,
        encoded: Encoded,
        labels: npt.NDArray[np.float32],
        roles: npt.NDArray[np.float32],
        *,
        operating_point: OperatingPoint,
    ) -> Screening:
        language = told_language(document) or detect(text.text)
        warnings = () if language.tag in self.artifact.languages else ("unsupported_language",)
        role = ROLES[int(np.argmax(roles))]
        tokens = tokens_of(encoded)
        entities = entities_of(
            document.text,
            text,
            tokens,
            self.artifact.tokens,
            language=language.tag,
            received_at=document.received_at,
        )
        indicators = indicators_of(document.text, text, tokens, self.artifact.tokens, entities)
        decision = decide(
            labels,
            self.artifact.calibration,
            operating_point=operating_point,
            language=language.tag,
            role=role,
            needs_eyes=warnings[0] if warnings else None,
            urgent_indicator=next((one.code for one in indicators if one.code in URGENT_INDICATORS), None),
        )
        return Screening(
            id=document.id,
            language=language.tag,
            language_proba=language.proba,
            operating_point=operating_point,
            role=role,
            role_proba=dict(zip(ROLES, (float(proba) for proba in roles), strict=True)),
            labels=dict(zip(LABELS, (float(proba) for proba in labels), strict=True)),
            flags=decision.flags,
            context_labels=decision.context_labels,
            uncertified=decision.uncertified,
            thresholds=decision.thresholds,
            priority=decision.priority,
            priority_reason=decision.priority_reason,
            model=self.artifact.info,
            indicators=indicators,
            evidence=find_evidence(decision, text, encoded, tokens, indicators=indicators, entities=entities),
            entities=with_party(entities, role, decision),
            warnings=warnings,
            stage="cache" if encoded.remembered else "model",
        )


def _prepare(document: Document) -> NormalizedText | ScreeningError:
    """Return the normalised text, or the error that stands in its record's place."""
    try:
        text = normalize(validate_text(document.text))
    except DocumentError as error:
        return ScreeningError(id=document.id, code=error.code, message=str(error))
    if not text.text.strip():
        return ScreeningError(
            id=document.id, code="empty_text", message="the text has only invisible characters"
        )
    return text
