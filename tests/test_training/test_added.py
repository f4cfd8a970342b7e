"""What `--add` brings to a run: how often it is read, what of it cannot be learnt, what stays as it was."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.artifact import load_artifact
from models.errors import TrainingDataError
from models.taxonomy import LABELS
from tests.test_training.sets import example, source
from tests.test_training.tables import table
from tests.tiny import random_texts, tiny_recipe
from training.added import check_added, spoken_of, taught_by, texts_per_epoch, tune_rows
from training.predict import predict
from training.run_texts import training_texts
from training.table import Table

ADDED = source("added", [example("x", "added", "0")])
JOB, LOAN = LABELS.index("fraudulent_job_offer"), LABELS.index("loan_scam")


def corpus(n: int = 40, n_added: int = 20) -> Table:
    """Return `toy` and `added` texts, every other one of `added` a loan scam; four in five to train on."""
    texts = random_texts(n + n_added, seed=4)
    labels = [set[str]()] * n + [{"loan_scam"} if i % 2 else set[str]() for i in range(n_added)]
    rows = table(texts, labels)
    return replace(
        rows,
        source=np.array(["toy"] * n + ["added"] * n_added, dtype=object),
        split=np.array(["tune" if i % 5 == 0 else "train" for i in range(n + n_added)], dtype=object),
    )


def test_an_epoch_reads_an_added_text_as_often_as_the_recipe_says_and_leaves_absent_sources_out() -> None:
    recipe = replace(tiny_recipe(), texts_per_epoch={"toy": 7, "absent": 5})

    assert texts_per_epoch(recipe, corpus(), [ADDED]) == {"toy": 7, "added": 32}
    assert texts_per_epoch(recipe, corpus(), []) == {"toy": 7, "absent": 5}


def test_a_large_added_set_is_drawn_from() -> None:
    recipe = replace(tiny_recipe(), added=replace(tiny_recipe().added, most_texts=10))

    assert texts_per_epoch(recipe, corpus(), [ADDED])["added"] == 10


def test_an_added_set_speaks_of_the_labels_that_hold_in_it() -> None:
    assert spoken_of(corpus(), [ADDED]) == {"loan_scam"}
    assert spoken_of(corpus(), []) == frozenset()


def test_a_label_with_no_text_to_train_on_is_named_with_what_to_do() -> None:
    rows = corpus()
    rows.split[(rows.source == "added") & (rows.labels[:, LOAN] > 0)] = "test"

    with pytest.raises(TrainingDataError, match=r"added: loan_scam holds for 10 of its texts .* bring more"):
        check_added(rows, [ADDED])


def test_an_added_set_with_no_text_to_train_on_is_refused() -> None:
    rows = corpus()
    rows.split[rows.source == "added"] = "test"

    with pytest.raises(TrainingDataError, match="added: of its 20 texts none is left to train on"):
        check_added(rows, [ADDED])


def test_the_earlier_model_is_heeded_on_labels_that_nobody_has_spoken_of(
    tiny_artifact: Path, tmp_path: Path
) -> None:
    rows = corpus()
    rows.mask[rows.source == "added", JOB] = 0
    texts, artifact = training_texts(rows), load_artifact(tiny_artifact)
    own = np.array([name == "added" for name in texts.sources])
    drawn = np.arange(len(texts.texts)) % 3 > 0
    taught = taught_by(artifact, texts, drawn, free=frozenset({"loan_scam"}), added=[ADDED], cache=tmp_path)
    weight = taught.weight.numpy()

    assert not weight[:, LOAN].any()
    assert not weight[~drawn].any()
    assert weight[drawn & ~own].sum(1).tolist() == [len(LABELS) - 1.0] * int((drawn & ~own).sum())
    assert weight[drawn & own, JOB].all()
    assert weight[drawn & own].sum() == (drawn & own).sum()
    logits = predict(artifact, [texts.texts[1]], tmp_path, name="one").label_logits
    np.testing.assert_array_equal(taught.logits.numpy()[1], logits[0])


def test_half_of_a_tune_score_is_that_of_the_added_texts() -> None:
    rows = corpus(n=200)
    drawn, parts = tune_rows(rows, tiny_recipe(tune_texts=12), [ADDED])
    names = [{str(drawn.source[row]) for row in part} for part in parts]

    assert sorted(names, key=sorted) == [{"added"}, {"toy"}]
    assert sorted(len(part) for part in parts) == [4, 12]
    assert set(drawn.split) == {"tune"}


def test_without_added_texts_every_source_is_a_part_of_a_tune_score() -> None:
    rows = corpus()
    drawn, parts = tune_rows(rows, tiny_recipe(tune_texts=6), [])

    names = [{str(drawn.source[row]) for row in part} for part in parts]

    assert sorted(names, key=sorted) == [{"added"}, {"toy"}]
    assert [len(part) for part in parts] == [3, 3]
