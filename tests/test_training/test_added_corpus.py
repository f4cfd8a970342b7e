"""Added sets among the others: they move no text, and none of theirs is learnt that measures a model."""

from pathlib import Path

import pytest

from models.errors import TrainingDataError
from tests.test_training.sets import example, source, words
from training.corpus import build_corpus, load_corpus
from training.example import TEST_ONLY_PARTS, Example, Source
from training.left_out import LeftOut, without
from training.table import Table, as_table

THERE = [example(words(i), "there", f"{i:03}", scam=i % 2 == 0) for i in range(60)]
TEST_ALONE = source("measured", [example(words(900), "measured", "0")], TEST_ONLY_PARTS, room="eval_only")


def added(examples: list[Example]) -> Source:
    return source("added", examples)


def placed(sources: list[Source], more: list[Source]) -> Table:
    return as_table(build_corpus(sources, Path(), more))


def places(table: Table, name: str) -> dict[str, str]:
    rows = table.where(table.source == name)
    return dict(zip(rows.key, rows.split, strict=True))


def test_an_added_text_goes_where_the_text_it_resembles_is_and_moves_none() -> None:
    before = places(placed([source("there", THERE)], []), "there")
    # Keys that come first in the alphabet would name their groups, were they not placed last.
    copies = [example(f"{words(i)} !", "added", f"000-{i:03}") for i in range(60)]
    table = placed([source("there", THERE)], [added(copies)])

    assert places(table, "there") == before
    assert len(set(before.values())) == 4
    assert {key.removeprefix("000-"): split for key, split in places(table, "added").items()} == before


def test_a_group_of_an_added_set_goes_to_test_if_one_of_it_resembles_a_test_text() -> None:
    table = placed([source("there", THERE)], [])
    of_test = next(int(key) for key, split in places(table, "there").items() if split == "test")
    of_train = next(int(key) for key, split in places(table, "there").items() if split == "train")
    campaign = [words(of_train), words(of_test), *(words(500 + i) for i in range(4))]
    tied = [example(text, "added", str(i), aligned="one") for i, text in enumerate(campaign)]

    assert set(places(placed([source("there", THERE)], [added(tied)]), "added").values()) == {"test"}


def test_whether_a_measured_set_is_there_moves_no_added_text() -> None:
    bridge = [example(words(900), "added", "bridge"), *filler(20)]
    alone = places(placed([source("there", THERE)], [added(bridge)]), "added")
    beside = placed([source("there", THERE), TEST_ALONE], [added(bridge)])

    assert places(beside, "added") == alone
    measured = beside.where(beside.source == "measured")
    assert bool(measured.leaked[0]) is (alone["bridge"] != "test")


def filler(count: int) -> list[Example]:
    return [example(words(700 + i), "added", f"filler-{i}") for i in range(count)]


def test_an_added_set_of_its_own_is_split_by_its_parts() -> None:
    splits = places(placed([source("there", THERE)], [added(filler(200))]), "added")

    assert 90 < sum(split == "train" for split in splits.values()) < 150
    assert set(splits.values()) == {"train", "tune", "certify", "test"}


def test_an_added_set_with_the_name_of_another_is_refused() -> None:
    with pytest.raises(TrainingDataError, match="same name"):
        placed([source("there", THERE)], [source("there", THERE[:3])])


def test_a_kept_corpus_is_that_of_the_same_added_sets(tmp_path: Path) -> None:
    sources = [source("there", THERE)]
    alone = load_corpus(sources, tmp_path, tmp_path / "cache")
    both = load_corpus(sources, tmp_path, tmp_path / "cache", [added(filler(5))])

    assert len(both) == len(alone) + 5
    assert len(load_corpus(sources, tmp_path, tmp_path / "cache")) == len(alone)


def test_a_half_written_corpus_is_built_anew(tmp_path: Path) -> None:
    sources = [source("there", THERE)]
    load_corpus(sources, tmp_path, tmp_path / "cache")
    kept = next((tmp_path / "cache").iterdir())
    kept.rename(kept.with_name(f"{kept.name}.new"))
    next(kept.with_name(f"{kept.name}.new").glob("*.arrow")).write_bytes(b"half")

    assert len(load_corpus(sources, tmp_path, tmp_path / "cache")) == len(THERE)


def test_what_is_left_out_goes_by_language_and_label_whatever_its_source() -> None:
    table = placed([source("there", THERE)], [added(filler(5))])
    left = without(table, [LeftOut("en", frozenset({"fraudulent_job_offer"}))])
    elsewhere = without(table, [LeftOut("th", frozenset({"fraudulent_job_offer"}))])

    assert len(left) == 30
    assert not left.positive.any()
    assert len(elsewhere) == len(table)


def test_what_is_left_out_is_seen_in_the_set_that_is_added() -> None:
    table = placed([source("there", THERE)], [added(filler(5))])
    seen = without(table, [LeftOut("en", frozenset({"fraudulent_job_offer"}))], [added([])])

    assert set(seen.where(seen.positive).source) == {"added"}
    assert len(seen) == 35
