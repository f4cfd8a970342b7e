"""A planted corpus: whatever is the same message never lies on both sides of a split."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from datasets import Dataset

from models.taxonomy import LABELS
from tests.test_training.sets import example, source, words
from training.corpus import build_corpus, load_corpus
from training.duplicates import fingerprint
from training.example import BENIGN_PARTS, LABELLED_PARTS, TEST_ONLY_PARTS, Example, Source
from training.sources import present_sources
from training.table import as_table

LURE = (
    "Hello dear, our company at the riverside needs ten typists who love to travel. We pay 1,200 dollars "
    "every month, send the ticket to your door and lend you a bed. Write to hr@river-typists.example or open "
    "https://river-typists.example/join?id={number} before {day} June and ask for Mrs Appleby, she answers "
    "at night."
)
THAI = (
    "บริษัทริมแม่น้ำรับพนักงานพิมพ์ดีดสิบคน รายได้เดือนละ {number} บาท มีที่พักและตั๋วเดินทางให้ฟรี "
    "สนใจทักแชตหาคุณแอปเปิลภายในวันที่ {day} มิถุนายน ตอบทุกคืนค่ะ"
)


def filler(name: str, count: int, start: int = 0) -> list[Example]:
    return [example(words(start + i), name, f"filler-{i}", scam=False) for i in range(count)]


def wide(text: str) -> str:
    """Return the text in full-width Latin letters."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in text)


def split_by_key(corpus: Dataset) -> dict[str, str]:
    return dict(zip(corpus["key"][:], corpus["split"][:], strict=True))


ORIGINAL = LURE.format(number=41, day=12)
DISGUISES: dict[str, Callable[[int], str]] = {
    "an exact copy": lambda _: ORIGINAL,
    "another number and day": lambda i: LURE.format(number=1000 + i, day=i % 28 + 1),
    "another address": lambda i: ORIGINAL.replace("river-typists.example", f"{words(i, 1)}-{i}.example"),
    "capitals": lambda i: ORIGINAL.upper() if i % 2 else ORIGINAL.title(),
    "full-width letters": lambda _: wide(ORIGINAL),
    "zero-width characters": lambda i: ORIGINAL.replace("e", "e\u200b" if i % 2 else "e\u2060"),
    "more punctuation": lambda i: ORIGINAL.replace(".", "!" * (i % 5 + 1)).replace(",", " ~"),
    "a light rewording": lambda i: ORIGINAL.replace("ten typists", f"{('six', 'nine', 'two')[i % 3]} clerks"),
    "a greeting in front": lambda i: f"{('Good day', 'Hi there', 'Sawasdee')[i % 3]}! {ORIGINAL}",
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguised_copy_is_in_the_group_of_the_original(disguise: str, tmp_path: Path) -> None:
    copies = [example(DISGUISES[disguise](i), "toy", f"copy-{i}") for i in range(24)]
    texts = [example(ORIGINAL, "toy", "original"), *copies, *filler("toy", 60)]
    corpus = build_corpus([source("toy", texts)], tmp_path)
    planted = corpus.select(range(25))

    assert len(set(planted["group"][:])) == 1
    assert len(set(planted["split"][:])) == 1
    assert len(set(corpus["group"][:])) == 1 + 60


def test_a_thai_text_with_other_numbers_is_the_same_message(tmp_path: Path) -> None:
    texts = [example(THAI.format(number=9000 + i, day=i), "toy", f"copy-{i}") for i in range(1, 25)]
    corpus = build_corpus([source("toy", [*texts, *filler("toy", 60)])], tmp_path)

    assert len(set(corpus["split"][:24])) == 1


def test_copies_in_two_sources_go_to_one_split(tmp_path: Path) -> None:
    shared = [words(7000 + i) for i in range(60)]
    first = source("first", [*(example(text, "first", f"{i}") for i, text in enumerate(shared))])
    second = source(
        "second", [*(example(text.upper(), "second", f"{i}") for i, text in enumerate(shared))], BENIGN_PARTS
    )
    corpus = build_corpus([first, second], tmp_path)
    splits = corpus["split"][:]

    assert splits[:60] == splits[60:]
    assert len(set(splits)) > 1


def test_translations_and_minimal_pairs_stay_together_whatever_their_words(tmp_path: Path) -> None:
    texts = []
    for document in range(80):
        texts += [
            example(
                words(document * 10 + line),
                "toy",
                f"{document}-{line}",
                aligned=f"doc:{document}",
                scam=False,
            )
            for line in range(3)
        ]
        texts += [
            example(
                words(50_000 + document * 10 + i),
                "toy",
                f"p{document}-{i}",
                aligned=f"pair:{document}",
                pair="p",
            )
            for i in range(2)
        ]
    corpus = build_corpus([source("toy", texts, BENIGN_PARTS)], tmp_path)
    splits_of_hint = defaultdict(set)
    for written, split in zip(texts, corpus["split"][:], strict=True):
        splits_of_hint[written.aligned].add(split)

    assert all(len(splits) == 1 for splits in splits_of_hint.values())
    assert len(set(corpus["split"][:])) == 4
    assert len(set(corpus["group"][:])) == 160
    assert len(set(corpus["near"][:])) == len(texts)


def test_eval_only_texts_are_always_test(tmp_path: Path) -> None:
    measured = source("measured", filler("measured", 60), TEST_ONLY_PARTS, room="eval_only")
    corpus = build_corpus([source("toy", filler("toy", 60, start=9000)), measured], tmp_path)
    rows = [row for row in corpus if row["source"] == "measured"]

    assert {row["split"] for row in rows} == {"test"}
    assert all(row["eval_only"] for row in rows)
    assert not any(row["eval_only"] for row in corpus if row["source"] == "toy")


def test_an_eval_only_text_that_resembles_a_training_text_is_leaked_and_others_are_not(
    tmp_path: Path,
) -> None:
    own = [example(words(i), "toy", f"own-{i}") for i in range(120)]
    copies = [example(words(i).upper(), "measured", f"copy-{i}") for i in range(120)]
    strangers = filler("measured", 50, start=9000)
    measured = source("measured", [*copies, *strangers], TEST_ONLY_PARTS, room="eval_only")
    corpus = build_corpus([source("toy", own), measured], tmp_path)
    split = split_by_key(corpus)
    leaked = dict(zip(corpus["key"][:], corpus["leaked"][:], strict=True))

    assert {split[f"own-{i}"] for i in range(120)} == {"train", "tune", "certify", "test"}
    for i in range(120):
        assert leaked[f"copy-{i}"] == (split[f"own-{i}"] != "test")
        assert not leaked[f"own-{i}"]
    assert not any(leaked[stranger.key] for stranger in strangers)


def test_which_eval_only_sets_are_present_moves_no_open_text(tmp_path: Path) -> None:
    own = [example(words(i), "toy", f"own-{i}") for i in range(200)]
    # Each measured text holds two open ones, so it resembles both and could tie them together.
    bridges = [
        example(f"{words(2 * i)} {words(2 * i + 1)}", "measured", f"bridge-{i}", aligned="everything")
        for i in range(100)
    ]
    toy = source("toy", own)
    measured = source("measured", bridges, TEST_ONLY_PARTS, room="eval_only")
    alone = split_by_key(build_corpus([toy], tmp_path))
    beside = split_by_key(build_corpus([toy, measured], tmp_path))

    assert {key: beside[key] for key in alone} == alone


def test_more_data_moves_no_small_group_to_another_split(tmp_path: Path) -> None:
    before = filler("toy", 120)
    after = [*before, *(example(words(9000 + i), "toy", f"new-{i}") for i in range(100))]
    old = split_by_key(build_corpus([source("toy", before)], tmp_path))
    new = split_by_key(build_corpus([source("toy", after)], tmp_path))

    assert {key: new[key] for key in old} == old


def test_benign_texts_are_shared_about_40_10_25_25(tmp_path: Path) -> None:
    corpus = build_corpus([source("toy", filler("toy", 600), BENIGN_PARTS)], tmp_path)
    shares = {split: count / 600 for split, count in Counter(corpus["split"][:]).items()}

    for split, wanted in zip(("train", "tune", "certify", "test"), BENIGN_PARTS, strict=True):
        assert shares[split] == pytest.approx(wanted, abs=0.05)


def test_a_large_run_goes_whole_to_where_most_is_missing(tmp_path: Path) -> None:
    run = [example(words(9000 + i), "toy", f"run-{i}", aligned="run:1") for i in range(60)]
    corpus = build_corpus([source("toy", [*run, *filler("toy", 140)])], tmp_path)

    assert set(corpus["split"][:60]) == {"train"}


def test_several_large_runs_fill_the_splits_in_their_shares(tmp_path: Path) -> None:
    runs = [
        example(words(100 * run + i), "toy", f"{run}-{i}", aligned=f"run:{run}")
        for run in range(20)
        for i in range(10)
    ]
    corpus = build_corpus([source("toy", runs, BENIGN_PARTS)], tmp_path)

    assert Counter(corpus["split"][:]) == {"train": 80, "tune": 20, "certify": 50, "test": 50}


def test_short_texts_that_only_look_alike_are_not_one_group(tmp_path: Path) -> None:
    texts = ["ok thanks", "ok thank you", "see you at 5", "see you soon", "ครับผม", "ค่ะพี่", "好的", "好吧"]
    corpus = build_corpus([source("toy", [example(text, "toy", text) for text in texts])], tmp_path)

    assert len(set(corpus["group"][:])) == len(texts)


def test_labels_that_a_source_cannot_speak_about_are_masked_in_the_corpus(tmp_path: Path) -> None:
    vague = Example(
        text=ORIGINAL,
        labels=frozenset({"phishing"}),
        known=frozenset({"phishing", "loan_scam"}),
        any_of=frozenset({"prize_scam", "task_scam"}),
        role="approach",
        language="en",
        source="toy",
        key="1",
    )
    row = build_corpus([source("toy", [vague])], tmp_path)[0]

    def named(column: str) -> set[str]:
        return {code for code, value in zip(LABELS, row[column], strict=True) if value}

    assert named("labels") == {"phishing"}
    assert named("mask") == {"phishing", "loan_scam"}
    assert named("any_of") == {"prize_scam", "task_scam"}
    assert row["role"] == "approach"


def test_a_kept_corpus_is_read_again_and_rebuilt_when_its_files_change(tmp_path: Path) -> None:
    folder = tmp_path / "open" / "toy"
    folder.mkdir(parents=True)
    (folder / "texts.txt").write_text("one", encoding="utf-8")
    reads = []

    def read(root: Path) -> Iterator[Example]:
        reads.append(1)
        yield example((root / "open/toy/texts.txt").read_text(encoding="utf-8"), "toy", "1")

    toy = Source("toy", "open/toy", read, LABELLED_PARTS, "none")
    cache = tmp_path / "cache"
    assert load_corpus([toy], tmp_path, cache)["text"][:] == ["one"]
    assert load_corpus([toy], tmp_path, cache)["text"][:] == ["one"]
    assert len(reads) == 1

    (folder / "texts.txt").write_text("another", encoding="utf-8")
    assert load_corpus([toy], tmp_path, cache)["text"][:] == ["another"]


def test_scores_count_copies_once_but_both_members_of_a_minimal_pair(tmp_path: Path) -> None:
    lawful, bait = (f"{ORIGINAL} {words}" for words in ("Ask your union first.", "Hand in your passport."))
    texts = [
        example(lawful, "toy", "lawful", aligned="pair:1", pair="1", scam=False),
        example(lawful.upper(), "toy", "copy of lawful", scam=False),
        example(bait, "toy", "bait", aligned="pair:1", pair="1"),
        example(words(1), "toy", "another", scam=False),
    ]
    table = as_table(build_corpus([source("toy", texts)], tmp_path)).distinct()

    assert [bool(positive) for positive in table.positive] == [False, True, False]
    assert len(set(table.split[:2])) == 1


@pytest.mark.data
def test_nothing_straddles_a_split_of_the_real_corpus() -> None:
    root = Path(os.environ["SCAMSCREEN_DATA"])
    sources = present_sources(root)
    corpus = load_corpus(sources, root, Path(os.environ.get("SCAMSCREEN_CACHE", "runs/cache")))
    split = corpus["split"][:]
    measured, leaked = corpus["eval_only"][:], corpus["leaked"][:]
    scored = [index for index in range(len(split)) if not leaked[index]]

    def straddling(names: Sequence[object], rows: Sequence[int]) -> list[object]:
        found = defaultdict(set)
        for row in rows:
            if names[row] != "":
                found[names[row]].add(split[row])
        return [name for name, splits in found.items() if len(splits) > 1]

    aligned_of = {
        (one.source, one.key): one.aligned and f"{one.source}/{one.aligned}"
        for s in sources
        for one in s.read(root)
    }
    aligned = [aligned_of[key] for key in zip(corpus["source"][:], corpus["key"][:], strict=True)]
    fingerprints = [fingerprint(text) for text in corpus["text"][:]]

    assert {split[row] for row in range(len(split)) if measured[row]} <= {"test"}
    assert straddling(corpus["group"][:], scored) == []
    assert straddling(fingerprints, scored) == []
    assert straddling(aligned, scored) == []
    assert len(set(split)) == 4
