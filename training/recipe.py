"""A recipe: one complete TOML file per run; the schema has no defaults, so a file says everything."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from models.errors import RecipeError

RECIPES = Path(__file__).parent / "recipes"
Section = TypeVar("Section")
_TYPES: Mapping[Any, tuple[str, tuple[type, ...]]] = {
    int: ("a whole number", (int,)),
    float: ("a number", (int, float)),
    str: ("a text", (str,)),
    list[str]: ("a list of texts", (list,)),
}


@dataclass(frozen=True, slots=True)
class ArtifactSection:
    """What the finished artefact is called and how it reads long texts."""

    name: str
    version: str
    languages: list[str]
    window_tokens: int
    stride_tokens: int


@dataclass(frozen=True, slots=True)
class VocabularySection:
    """How many pieces stay."""

    size: int


@dataclass(frozen=True, slots=True)
class FitSection:
    """How the network is trained.

    Attributes:
        max_tokens: longest training window; of a longer text a random window is read.
        batch_tokens: tokens per step, padding included.
        frozen_layers: lowest encoder layers that keep the base's weights; embeddings are always frozen.
        layer_decay: each layer below the top learns this much slower.
        positive_weight: weight of positive labels in the loss.
        role_weight, indicator_weight, entity_weight: weight of these losses against the label loss.
        masked_urls, masked_digits: share of texts whose URLs or numbers are masked, so that neither decides.
        swapped, shortened, truncated, disguised, romanised, padded: share of texts that get other contacts,
            lose a sentence, lose their end, are disguised, are written in Latin letters, stand among harmless
            texts; see `training/augment.py`.
        hidden_tokens: share of the tokens of every text that are hidden behind the mask token.
        second_reading: share of a written text's labels that its second reader decides.
        mined_texts: how many more benign texts every epoch but the first reads: those the network is most
            wrong about.
        kept_weight: weight of the loss that holds an artefact trained further to what it said, on every label
            that added data do not speak of; 0 where nothing is added, or to let it forget.
        tune_texts: so many `tune` texts are scored after every epoch, for the log; 0 for none.
        patience: epochs without a better loss on them after which a run stops, with the weights of the best;
            0 never stops and keeps the last.
    """

    seed: int
    epochs: int
    max_tokens: int
    batch_tokens: int
    encoder_rate: float
    head_rate: float
    layer_decay: float
    warmup_share: float
    weight_decay: float
    gradient_clip: float
    frozen_layers: int
    positive_weight: float
    role_weight: float
    indicator_weight: float
    entity_weight: float
    masked_urls: float
    masked_digits: float
    swapped: float
    shortened: float
    truncated: float
    disguised: float
    romanised: float
    padded: float
    hidden_tokens: float
    second_reading: float
    mined_texts: int
    kept_weight: float
    tune_texts: int
    patience: int
    checkpoint_steps: int


@dataclass(frozen=True, slots=True)
class TokensSection:
    """How the branch and the token heads are trained once more, on an encoder that stays as it is.

    Attributes:
        epochs: 0 leaves them as `fit` has them.
        max_tokens: longest window.
        batch_tokens: tokens per step, padding included.
        rate: of the heads.
        branch_share: the branch, which was a layer before, learns at this share of the rate.
        entity_weight, indicator_weight: of the two losses.
    """

    seed: int
    epochs: int
    max_tokens: int
    batch_tokens: int
    rate: float
    branch_share: float
    warmup_share: float
    weight_decay: float
    gradient_clip: float
    entity_weight: float
    indicator_weight: float


@dataclass(frozen=True, slots=True)
class AddedSection:
    """How the data of `--add` are read, each set by itself.

    Attributes:
        repeats: how often an epoch reads each of its `train` texts.
        most_texts: of a set that would make more, an epoch draws so many.
    """

    repeats: int
    most_texts: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """A complete run.

    Attributes:
        texts_per_epoch: source -> how many of its `train` texts an epoch reads, spread over its languages and
            over positive and benign; a source with fewer is read more than once.
    """

    artifact: ArtifactSection
    vocabulary: VocabularySection
    fit: FitSection
    tokens: TokensSection
    added: AddedSection
    texts_per_epoch: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as it travels in the manifest."""
        return asdict(self)


def load_recipe(path: Path) -> Recipe:
    """Read a recipe file, or the recipe of that name shipped in `training/recipes`.

    Raises:
        RecipeError: absent, not TOML, or a key is missing, unknown or of the wrong type.
    """
    if not path.is_file():
        path = RECIPES / f"{path.name.removesuffix('.toml')}.toml"
    if not path.is_file():
        known = ", ".join(sorted(found.stem for found in RECIPES.glob("*.toml")))
        raise RecipeError(f"no recipe {path.stem!r}: give a TOML file or one of {known}")
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{path.name} is not TOML: {error}") from error
    return parse_recipe(stored, path.name)


def parse_recipe(stored: Mapping[str, Any], name: str) -> Recipe:
    """Check a recipe's content; see `load_recipe` for errors."""
    expected = {"artifact", "vocabulary", "fit", "tokens", "added", "texts_per_epoch"}
    if set(stored) != expected:
        raise RecipeError(f"{name}: sections must be {sorted(expected)}, found {sorted(stored)}")
    for section in sorted(expected):
        if not isinstance(stored[section], Mapping):
            raise RecipeError(f"{name}: {section} must be a section, [{section}]")
    counts = stored["texts_per_epoch"]
    for source, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise RecipeError(f"{name}: texts_per_epoch.{source} must be a whole number, 0 or more")
    return Recipe(
        artifact=_section(ArtifactSection, stored["artifact"], f"{name} [artifact]"),
        vocabulary=_section(VocabularySection, stored["vocabulary"], f"{name} [vocabulary]"),
        fit=_section(FitSection, stored["fit"], f"{name} [fit]"),
        tokens=_section(TokensSection, stored["tokens"], f"{name} [tokens]"),
        added=_section(AddedSection, stored["added"], f"{name} [added]"),
        texts_per_epoch=dict(counts),
    )


def _section(kind: type[Section], stored: Mapping[str, Any], where: str) -> Section:
    expected: dict[str, Any] = {field.name: field.type for field in fields(kind)}  # type: ignore[arg-type]
    if set(stored) != set(expected):
        missing, unknown = sorted(set(expected) - set(stored)), sorted(set(stored) - set(expected))
        raise RecipeError(f"{where}: missing {missing}, unknown {unknown}")
    for key, value in stored.items():
        wanted, allowed = _TYPES[expected[key]]
        texts_only = not isinstance(value, list) or all(isinstance(item, str) for item in value)
        if isinstance(value, bool) or not isinstance(value, allowed) or not texts_only:
            raise RecipeError(f"{where}: {key} must be {wanted}, found {type(value).__name__}")
    return kind(**stored)
