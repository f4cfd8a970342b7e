"""One data card a source: front matter complete and typed, headings exact, in step with the module."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.taxonomy import LABELS
from training.example import Source
from training.sources import SOURCES, authored, everyday, written_test

ROOT = Path(__file__).parents[2]
CARDS = ROOT / "data_cards"
HEADINGS = [
    "What it is",
    "Label mapping",
    "Known traps",
    "Personal data",
    "Good uses",
    "Bad uses",
    "How to get it",
]
FRONT_MATTER: dict[str, type | tuple[type, ...]] = {
    "license": str,
    "language": list,
    "pretty_name": str,
    "size_categories": list,
    "source_datasets": list,
    "task_categories": list,
    "scamscreen": dict,
}
SCAMSCREEN: dict[str, type | tuple[type, ...]] = {
    "folder": str,
    "rows": int,
    "parts": list,
    "measure": str,
    "positive_class": str,
    "labels": (list, str),
    "training": bool,
    "upstream": str,
    "commit": str,
    "sha256": dict,
}
SIZES = {"n<1K": (0, 1_000), "1K<n<10K": (1_000, 10_000), "10K<n<100K": (10_000, 100_000)}
NAMES = sorted(
    path.stem
    for path in (ROOT / "training" / "sources").glob("*.py")
    if path.stem not in ("__init__", "tables")
)
WRITTEN = {
    "authored": authored,
    "everyday": everyday,
    "written_test": written_test,
}  # these texts are in the repository
BY_NAME = {source.name: source for source in SOURCES}


def read_card(name: str) -> tuple[dict[str, Any], str]:
    _, front, body = (CARDS / f"{name}.md").read_text(encoding="utf-8").split("---\n", maxsplit=2)
    return yaml.safe_load(front), body


def source_of(name: str) -> Source:
    return BY_NAME[name]


def test_every_source_has_a_card_and_every_card_a_source() -> None:
    assert sorted(path.stem for path in CARDS.glob("*.md")) == sorted([*NAMES, "TEMPLATE"])


def test_every_source_module_is_in_the_tuple_under_its_own_name() -> None:
    assert sorted(BY_NAME) == NAMES


@pytest.mark.parametrize("name", [*NAMES, "TEMPLATE"])
def test_front_matter_is_complete_and_typed(name: str) -> None:
    front, _ = read_card(name)
    for fields, found in ((FRONT_MATTER, front), (SCAMSCREEN, front["scamscreen"])):
        assert list(found) == list(fields)
        for field, kind in fields.items():
            assert isinstance(found[field], kind), field
    for field in ("language", "size_categories", "source_datasets", "task_categories"):
        assert front[field], field
        assert all(isinstance(value, str) for value in front[field]), f"{field}: quote yes, no, on, off"
    assert front["license"] == front["license"].lower()
    assert front["task_categories"] == ["text-classification"]


@pytest.mark.parametrize("name", [*NAMES, "TEMPLATE"])
def test_headings_are_exact_and_each_section_but_the_templates_says_something(name: str) -> None:
    _, body = read_card(name)
    assert re.findall(r"^#+ (.*)$", body, flags=re.MULTILINE) == HEADINGS
    assert re.findall(r"^(#+) ", body, flags=re.MULTILINE) == ["##"] * len(HEADINGS)
    if name != "TEMPLATE":
        assert all(section.strip() for section in re.split(r"^## .*$", body, flags=re.MULTILINE)[1:])


@pytest.mark.parametrize("name", NAMES)
def test_card_says_what_the_module_says(name: str) -> None:
    front, _ = read_card(name)
    card, source = front["scamscreen"], source_of(name)
    assert card["folder"] == source.folder
    assert tuple(card["parts"]) == source.parts
    assert card["measure"] == source.measure
    assert card["training"] is (source.parts[0] > 0)
    labels = LABELS if card["labels"] == "all" else card["labels"]
    assert set(source.mapped) <= set(labels) <= set(LABELS)


@pytest.mark.parametrize("name", NAMES)
def test_size_category_fits_the_rows(name: str) -> None:
    front, _ = read_card(name)
    (size,) = front["size_categories"]
    least, under = SIZES[size]
    assert least <= front["scamscreen"]["rows"] < under


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WRITTEN])
def test_card_pins_what_it_reads_and_says_the_texts_are_elsewhere(name: str) -> None:
    front, body = read_card(name)
    card = front["scamscreen"]
    assert card["upstream"]
    assert card["commit"]
    assert card["sha256"]
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in card["sha256"].values())
    assert card["commit"] in body
    assert f"$SCAMSCREEN_DATA/{card['folder']}/" in body
    assert "The texts are not in this repository." in body


@pytest.mark.parametrize("name", [*NAMES, "TEMPLATE"])
def test_card_holds_no_web_address_and_no_path_of_a_machine(name: str) -> None:
    text = (CARDS / f"{name}.md").read_text(encoding="utf-8")
    assert not re.search(r"https?://|www\.", text)
    assert not re.search(r"(?<![\w.])/(home|Users|root|tmp|work|mnt|var)/", text)


@pytest.mark.parametrize("name", WRITTEN)
def test_card_of_written_texts_counts_them_and_their_languages(name: str) -> None:
    front, _ = read_card(name)
    examples = list(WRITTEN[name].read(Path()))
    assert front["scamscreen"]["rows"] == len(examples)
    assert front["language"] == sorted({example.language for example in examples})
