"""How many flags a disguise takes away, and how many it raises on harmless texts.

On the independent written test, at `balanced`. An attack succeeds on a text that had a right label flagged
and loses every one of them. Strengths and seed are fixed here, before any training. Character attacks are
measured with normalisation and without; attacks on meaning (truncation, padding, romanisation, paraphrase)
apart.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.artifact import Artifact
from models.taxonomy import LABELS
from training.baselines import CharacterBaseline
from training.disguise import FAMILIES
from training.flags import flagged
from training.metrics import Share
from training.noise import romanised
from training.predict import predict
from training.sources.written_test import WRITTEN_TEST_FOLDER
from training.table import Table

SEED: Final = 1512
STRENGTHS: Final = (0.1, 0.3)
KEPT_SHARE: Final = 0.6
PARAPHRASES: Final = WRITTEN_TEST_FOLDER.parent / "paraphrases.toml"
CLEAN_LINES: Final = WRITTEN_TEST_FOLDER.parent / "clean_lines"

BoolArray = npt.NDArray[np.bool_]
Flags = Callable[[Sequence[str], Sequence[str], str, bool], BoolArray]
"""(texts, languages, name, normalised) -> (n, n_labels) labels flagged."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack: its family, strength ("10 %", or "" for an attack on meaning) and the attacked texts."""

    family: str
    strength: str
    texts: tuple[str, ...]
    touched: BoolArray


def character_attacks(rows: Table) -> list[Attack]:
    """Return every family of disguise at every strength."""
    attacks = []
    for family, function in FAMILIES.items():
        for strength in STRENGTHS:
            rng = np.random.default_rng([SEED, round(strength * 100)])
            texts = tuple(
                function(text, language, strength, rng)
                for text, language in zip(rows.text, rows.language, strict=True)
            )
            attacks.append(_attack(family, f"{strength:.0%}", texts, rows))
    return attacks


def meaning_attacks(rows: Table, padding: Mapping[str, Sequence[str]]) -> list[Attack]:
    """Return truncation to 60 % of the words or letters, a harmless text before and after, Latin letters.

    Args:
        rows: the texts under attack.
        padding: language -> harmless texts.
    """
    rng = np.random.default_rng(SEED)

    def padded(text: str, language: str) -> str:
        choices = padding.get(language) or padding["en"]
        before, after = (choices[int(rng.integers(len(choices)))] for _ in range(2))
        return f"{before}\n{text}\n{after}"

    changes: dict[str, Callable[[str, str], str]] = {
        "truncation": lambda text, _: text[: max(1, round(KEPT_SHARE * len(text)))],
        "padding": padded,
        "romanisation": lambda text, language: romanised(text, language, rng),
    }
    return [
        _attack(
            name,
            "",
            tuple(change(text, language) for text, language in zip(rows.text, rows.language, strict=True)),
            rows,
        )
        for name, change in changes.items()
    ]


def paraphrase_attack(rows: Table, path: Path = PARAPHRASES) -> Attack:
    """Return the written paraphrases of those texts that have one; the others stay."""
    written = tomllib.loads(path.read_text(encoding="utf-8"))["paraphrase"]
    by_key = {entry["of"]: entry["text"].strip() for entry in written}
    texts = tuple(by_key.get(key, text) for key, text in zip(rows.key, rows.text, strict=True))
    return _attack("paraphrase", "", texts, rows)


def _attack(family: str, strength: str, texts: tuple[str, ...], rows: Table) -> Attack:
    touched = np.array([new != old for new, old in zip(texts, rows.text, strict=True)])
    return Attack(family, strength, texts, touched)


def measure(
    rows: Table, attacks: Sequence[Attack], flags: Flags, *, normalised: bool
) -> list[dict[str, Any]]:
    """Return per attack: success by language and macro over languages, harmless texts that become flagged.

    Only texts the attack touches count; a language in which it touches no flagged text is left out.
    """
    languages = rows.language.tolist()
    plain = flags(rows.text.tolist(), languages, "attack-none", normalised)
    truth = rows.labels > 0
    found = (plain & truth).any(1)
    quiet = rows.benign & ~plain.any(1)
    together = flags(  # one call, so that what the normaliser makes equal is read once
        [text for attack in attacks for text in attack.texts], languages * len(attacks), "attacks", normalised
    )
    results = []
    for attack, after in zip(attacks, np.split(together, len(attacks)), strict=True):
        lost = attack.touched & found & ~(after & truth).any(1)
        raised = attack.touched & quiet & after.any(1)
        by_language = {
            str(language): Share.of(lost, members)
            for language in sorted(set(languages))
            if (members := found & attack.touched & (rows.language == language)).any()
        }
        macro = float(np.mean([share.value for share in by_language.values()])) if by_language else None
        results.append(
            {
                "family": attack.family,
                "strength": attack.strength,
                "normalised": normalised,
                "success_macro": macro,
                "success": Share.of(lost, found & attack.touched).to_dict(),
                "by_language": {language: share.to_dict() for language, share in by_language.items()},
                "raised": Share.of(raised, quiet & attack.touched).to_dict(),
            }
        )
    return results


def run_attacks(rows: Table, flags: Flags) -> list[dict[str, Any]]:
    """Measure every attack on the texts: on characters with normalisation and without, on meaning with it."""
    characters = character_attacks(rows)
    meaning = [*meaning_attacks(rows, clean_lines()), paraphrase_attack(rows)]
    return [
        *measure(rows, characters + meaning, flags, normalised=True),
        *measure(rows, characters, flags, normalised=False),
    ]


def clean_lines() -> dict[str, list[str]]:
    """Return language -> harmless written lines."""
    return {path.stem: path.read_text("utf-8").splitlines() for path in sorted(CLEAN_LINES.glob("*.txt"))}


def artifact_flags(artifact: Artifact, cache: Path) -> Flags:
    """Return what an artefact flags at `balanced`, each language by its own thresholds."""

    def flags(texts: Sequence[str], languages: Sequence[str], name: str, normalised: bool) -> BoolArray:
        scores = predict(artifact, texts, cache, name=name, normalised=normalised)
        proba, _ = scores.proba(artifact)
        return flagged(proba, languages, artifact.calibration, "balanced")

    return flags


def baseline_flags(baseline: CharacterBaseline, threshold: float) -> Flags:
    """Return what the character baseline flags: "any label" over a threshold counts as every label."""

    def flags(texts: Sequence[str], _languages: Sequence[str], _name: str, normalised: bool) -> BoolArray:
        any_label, _ = baseline.predict(list(texts), normalised=normalised)
        return np.repeat((any_label >= threshold)[:, None], len(LABELS), axis=1)

    return flags
