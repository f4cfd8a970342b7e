"""Whether a nationality, a gender, a religion or a place alone moves a score or a person's priority.

Counterfactual texts (Kusner et al. 2017, arXiv 1703.06856; Garg et al. 2019, arXiv 1809.10610): a marked
nationality or place becomes another, everywhere it stands; a sentence that tells only a gender or a religion
is added. The versions of one text differ in nothing else, so the widest gap among them is what the attribute
did.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.artifact import Artifact
from models.calibration import decide
from models.taxonomy import ROLES
from models.text.edits import Draft
from training.example import MarkedSpan
from training.predict import predict
from training.table import Table

WORDS: Final = Path(__file__).with_name("fairness.toml")
_MARKED: Final = {"nationality": ("NATIONALITY", "nationalities"), "place": ("LOCATION", "towns")}
_ADDED: Final = {"gender": "genders", "religion": "religions"}
ATTRIBUTES: Final = (*_MARKED, *_ADDED)
Words = Mapping[str, Mapping[str, Sequence[str]]]


def measure(rows: Table, artifact: Artifact, cache: Path) -> dict[str, Any]:
    """Return, per attribute, how far its versions lie apart in lawful adverts and in victims' own texts.

    Adverts: mean and largest gap of any label's probability, over texts. Victims: how many texts end with
    another priority in some version, with their keys.
    """
    adverts = rows.where(rows.benign & (rows.role == "offer"))
    victims = rows.where(rows.positive & (rows.role == "victim_account"))
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    result: dict[str, Any] = {}
    for attribute in ATTRIBUTES:
        gaps = [
            float(np.ptp(scored.proba, axis=0).max())
            for scored in _scored(adverts, attribute, words, artifact, cache)
        ]
        asked = _scored(victims, attribute, words, artifact, cache)
        result[attribute] = {
            "adverts": len(gaps),
            "mean_gap": round(float(np.mean(gaps)), 4) if gaps else None,
            "largest_gap": round(float(np.max(gaps)), 4) if gaps else None,
            "victims": len(asked),
            "priority_changed": [scored.key for scored in asked if len(_priorities(scored, artifact)) > 1],
        }
    return result


def versions(
    text: str, language: str, spans: Sequence[MarkedSpan], attribute: str, words: Words
) -> list[str]:
    """Return versions of a text that differ in one attribute; none if it does not name a marked one."""
    of_language = words.get(language)
    if of_language is None:
        return []
    if attribute in _ADDED:
        return [f"{text}\n{sentence}" for sentence in of_language[_ADDED[attribute]]]
    code, listed = _MARKED[attribute]
    marked = sorted((span.start, span.end) for span in spans if span.kind == "entity" and span.code == code)
    if not marked:
        return []
    first = text[slice(*marked[0])]
    alike = [(start, end) for start, end in marked if text[start:end] == first]
    return [Draft.of(text).apply([(*place, word) for place in alike]).text for word in of_language[listed]]


@dataclass(frozen=True, slots=True)
class _Scored:
    """Probabilities of the versions of one text: (versions, n_labels) and (versions, n_roles)."""

    key: str
    language: str
    proba: npt.NDArray[np.float32]
    roles: npt.NDArray[np.float32]


def _scored(rows: Table, attribute: str, words: Words, artifact: Artifact, cache: Path) -> list[_Scored]:
    """Return the scores of every text that has versions."""
    of_text = [
        (index, made)
        for index in range(len(rows))
        if (made := versions(rows.text[index], rows.language[index], rows.spans[index], attribute, words))
    ]
    together = [text for _, made in of_text for text in made]
    proba, roles = predict(artifact, together, cache, name=f"fairness: {attribute}").proba(artifact)
    scored, done = [], 0
    for index, made in of_text:
        part = slice(done, done + len(made))
        scored.append(_Scored(str(rows.key[index]), rows.language[index], proba[part], roles[part]))
        done += len(made)
    return scored


def _priorities(scored: _Scored, artifact: Artifact) -> set[str]:
    return {
        decide(
            proba,
            artifact.calibration,
            operating_point="balanced",
            language=scored.language,
            role=ROLES[int(role.argmax())],
        ).priority
        for proba, role in zip(scored.proba, scored.roles, strict=True)
    }
