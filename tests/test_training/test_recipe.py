"""A recipe says everything; what it leaves out, adds or mistypes is refused by name."""

from pathlib import Path
from typing import Any

import pytest

from models.errors import RecipeError
from models.language import FIRST_CLASS
from tests.tiny import tiny_recipe_tables
from training.ablate import variants, varied
from training.recipe import RECIPES, load_recipe, parse_recipe
from training.sources import OPEN

SHIPPED = sorted(path.stem for path in RECIPES.glob("*.toml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_recipe_is_complete_and_names_only_open_sources(name: str) -> None:
    recipe = load_recipe(Path(name))

    assert set(recipe.artifact.languages) == set(FIRST_CLASS)
    assert set(recipe.texts_per_epoch) <= {source.name for source in OPEN}
    assert recipe.artifact.stride_tokens < recipe.artifact.window_tokens


@pytest.mark.parametrize("name", variants())
def test_an_ablation_changes_the_short_recipe_and_nothing_that_is_not_in_it(name: str) -> None:
    short = load_recipe(Path("short"))
    changed = varied(short, variants()[name])

    assert (changed == short) is (name == "whole")
    assert changed.artifact == short.artifact


def test_there_is_a_recipe_of_the_shipped_artefact() -> None:
    assert "default" in SHIPPED


def test_a_recipe_can_be_named_with_or_without_its_suffix() -> None:
    assert load_recipe(Path("default")) == load_recipe(Path("default.toml"))


@pytest.mark.parametrize(
    ("section", "key"),
    [("artifact", "stride_tokens"), ("vocabulary", "size"), ("fit", "seed"), ("fit", "masked_urls")],
)
def test_a_missing_key_is_named(section: str, key: str) -> None:
    tables = tiny_recipe_tables()
    del tables[section][key]

    with pytest.raises(RecipeError, match=rf"\[{section}\]: missing \['{key}'\]"):
        parse_recipe(tables, "mine.toml")


def test_an_unknown_key_is_named() -> None:
    tables = tiny_recipe_tables()
    tables["fit"]["learning_rate"] = 1e-3

    with pytest.raises(RecipeError, match=r"mine.toml \[fit\]: missing \[\], unknown \['learning_rate'\]"):
        parse_recipe(tables, "mine.toml")


@pytest.mark.parametrize(
    ("section", "key", "value", "message"),
    [
        ("fit", "epochs", "three", "epochs must be a whole number, found str"),
        ("fit", "epochs", 2.5, "epochs must be a whole number, found float"),
        ("fit", "epochs", True, "epochs must be a whole number, found bool"),
        ("fit", "encoder_rate", "1e-4", "encoder_rate must be a number, found str"),
        ("artifact", "name", 7, "name must be a text, found int"),
        ("artifact", "languages", "en", "languages must be a list of texts, found str"),
        ("artifact", "languages", ["en", 7], "languages must be a list of texts, found list"),
        ("texts_per_epoch", "toy", -1, "texts_per_epoch.toy must be a whole number, 0 or more"),
        ("texts_per_epoch", "toy", True, "texts_per_epoch.toy must be a whole number, 0 or more"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_with_what_was_expected(
    section: str, key: str, value: object, message: str
) -> None:
    tables = tiny_recipe_tables()
    tables[section][key] = value

    with pytest.raises(RecipeError, match=message):
        parse_recipe(tables, "mine.toml")


def test_a_whole_number_may_stand_for_a_rate() -> None:
    tables = tiny_recipe_tables()
    tables["fit"]["gradient_clip"] = 1

    assert parse_recipe(tables, "mine.toml").fit.gradient_clip == 1


@pytest.mark.parametrize(
    "change", [{"fit": None}, {"extra": {}}, {"fit": 3}, {"texts_per_epoch": ["toy"]}], ids=str
)
def test_a_wrong_section_is_a_recipe_error(change: dict[str, Any]) -> None:
    tables = {key: value for key, value in {**tiny_recipe_tables(), **change}.items() if value is not None}

    with pytest.raises(RecipeError, match=r"mine\.toml: "):
        parse_recipe(tables, "mine.toml")


def test_an_unknown_name_lists_the_recipes_there_are() -> None:
    with pytest.raises(RecipeError, match=r"no recipe 'nothing': give a TOML file or one of .*default"):
        load_recipe(Path("nothing"))


def test_a_file_that_is_not_toml_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("[fit\nseed = ", encoding="utf-8")

    with pytest.raises(RecipeError, match=r"broken\.toml is not TOML") as refused:
        load_recipe(path)
    assert "\n" not in str(refused.value)


def test_a_recipe_travels_whole_in_the_manifest() -> None:
    tables = tiny_recipe_tables()

    assert parse_recipe(tables, "mine.toml").to_dict() == tables
