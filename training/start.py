"""Where a run starts: an encoder with new heads or an artefact with its own, and the vocabulary of either."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from tokenizers import Tokenizer

from models.artifact import load_artifact
from models.errors import RecipeError
from models.language import FIRST_CLASS
from models.text import normalize
from training.files import write_whole
from training.grow import grow_artifact, needs_to_grow
from training.network import Network, from_artifact, from_base
from training.recipe import Recipe
from training.table import Table
from training.texts import TrainingTexts
from training.vocabulary import (
    TrimmedVocabulary,
    tokenizer_file,
    tokens_per_word,
    trim_vocabulary,
    whole_vocabulary,
)

logger = logging.getLogger(__name__)

_TEXTS_TO_READ: Final = 300
_MOST_UNKNOWN: Final = 0.02


def claim(run: Path, recipe: Recipe, origin: Mapping[str, object], data: TrainingTexts) -> None:
    """Note in a run folder what the run is, so that another recipe, base or corpus never resumes it.

    Raises:
        RecipeError: the folder holds another run.
    """
    digest = hashlib.sha256()
    for text in data.texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    for known in (data.labels, data.mask, data.any_of, data.roles):
        digest.update(known.numpy().tobytes())
    content = json.dumps(
        {"recipe": asdict(recipe), "started_from": dict(origin), "texts": digest.hexdigest()}, indent=1
    )
    note = run / "run.json"
    if note.is_file() and note.read_text(encoding="utf-8") != content:
        raise RecipeError(f"{run} holds a run of another recipe, base or corpus: choose another folder")
    write_whole(note, content)


def start_from(base: str) -> tuple[Network, dict[str, object]]:
    """Return a network on an encoder with new heads, or an artefact's with its own, and what it came from.

    Args:
        base: folder or hub id of an encoder, or the folder of an artefact, to train it further.
    """
    if not is_artifact(base):
        return from_base(base), {"encoder": Path(base).name}
    artifact = load_artifact(Path(base))
    info, recipe = artifact.info, artifact.manifest["recipe"]
    origin: dict[str, object] = {"artifact": info.name, "version": info.version, "sha256": info.sha256}
    if "started_from" in artifact.manifest:  # its own beginnings, so that the chain can be run again
        origin |= {"recipe": recipe, "started_from": artifact.manifest["started_from"]}
    return from_artifact(Path(base)), origin


def as_of_today(base: str, run: Path) -> str:
    """Return a base, or an artefact of other labels as one of today's, in the run folder.

    Raises:
        ArtifactError: the artefact is not whole, or differs from today's in more than its labels.
    """
    if not is_artifact(base) or not needs_to_grow(Path(base)):
        return base
    grown = run / "base"
    if not (grown / "manifest.json").is_file():
        new = grow_artifact(Path(base), grown)
        logger.info("labels that are new to the artefact: %s", ", ".join(new) or "none")
    return str(grown)


def is_artifact(base: str) -> bool:
    """Whether a base is the folder of an artefact, and not an encoder."""
    return (Path(base) / "manifest.json").is_file()


def vocabulary_of(recipe: Recipe, base: str, train: Sequence[str], run: Path) -> TrimmedVocabulary:
    """Return the vocabulary, kept in the run folder so that a resumed run has the same.

    An encoder's is trimmed to what the texts need; an artefact keeps its own, all of it: what it knows of
    texts that are not at hand hangs on pieces that those at hand may not have.
    """
    stored = run / "vocabulary.json"
    if stored.is_file():
        content = json.loads(stored.read_text(encoding="utf-8"))
        return TrimmedVocabulary(content["tokenizer_json"], tuple(content["kept"]))
    if is_artifact(base):
        vocabulary = whole_vocabulary(tokenizer_file(base))
    else:
        vocabulary = trim_vocabulary(base, list(train), recipe.vocabulary.size)
    content = {"tokenizer_json": vocabulary.tokenizer_json, "kept": vocabulary.kept}
    write_whole(stored, json.dumps(content))
    return vocabulary


def vocabulary_note(base: str, vocabulary: TrimmedVocabulary, table: Table) -> dict[str, Any]:
    """Return what the manifest says of a vocabulary: its size, and what trimming cost."""
    if is_artifact(base):
        note: dict[str, Any] = load_artifact(Path(base)).manifest["vocabulary"]
        return note
    return {
        "pieces": len(vocabulary.kept),
        "tokens_per_word": _tokens_before_and_after(base, vocabulary, table),
    }


def _tokens_before_and_after(
    base: str, vocabulary: TrimmedVocabulary, table: Table
) -> dict[str, list[float]]:
    """Return language -> tokens per word before and after trimming, over `tune` texts."""
    rows = table.where(table.split == "tune")
    words_of = {
        language: [normalize(text).text for text in rows.where(rows.language == language).at_most(300).text]
        for language in FIRST_CLASS
    }
    before = tokens_per_word(Tokenizer.from_file(str(tokenizer_file(base))), words_of)
    after = tokens_per_word(vocabulary.tokenizer(), words_of)
    return {language: [before[language], after[language]] for language in FIRST_CLASS}


def warn_of_unknown(tokenizer: Tokenizer, table: Table) -> None:
    """Name in the log the languages of which a vocabulary lacks letters."""
    unknown = tokenizer.token_to_id("<unk>")
    for language in sorted(set(table.language)):
        rows = table.where(table.language == language).at_most(_TEXTS_TO_READ)
        texts = [normalize(text).text for text in rows.text]
        ids = [one for read in tokenizer.encode_batch(texts, add_special_tokens=False) for one in read.ids]
        share = sum(one == unknown for one in ids) / max(1, len(ids))
        if share > _MOST_UNKNOWN:
            logger.warning(
                "%s: %.0f %% of the tokens are unknown to this vocabulary: begin with an encoder (--base), "
                "whose vocabulary is trimmed to the texts at hand",
                language,
                100 * share,
            )
