"""The scikit-learn classifier: scikit-learn's own checks where they need no table, ours for texts."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks

from models.errors import ArtifactNotFoundError
from tests.tiny import SENTENCES, random_texts
from training.estimator import ScamScreenClassifier

CHECKS = (
    estimator_checks.check_estimator_cloneable,
    estimator_checks.check_estimator_repr,
    estimator_checks.check_estimator_tags_renamed,
    estimator_checks.check_valid_tag_types,
    estimator_checks.check_mixin_order,
    estimator_checks.check_no_attributes_set_in_init,
    estimator_checks.check_parameters_default_constructible,
    estimator_checks.check_get_params_invariance,
    estimator_checks.check_set_params,
    estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_is_an_estimator_as_scikit_learn_sees_it(check) -> None:
    check("ScamScreenClassifier", ScamScreenClassifier())


@pytest.fixture(scope="module")
def texts() -> tuple[list[str], np.ndarray]:
    """Half of them of Thai and Chinese words, half of English ones."""
    rng = np.random.default_rng(0)
    heaps = (SENTENCES[0].split() + SENTENCES[1].split(), [*"".join(SENTENCES[3:7])])
    chosen = rng.integers(2, size=60)
    return [" ".join(rng.permutation(heaps[heap])[:8]) for heap in chosen], chosen


@pytest.fixture(scope="module")
def fitted(tiny_artifact: Path, texts: tuple[list[str], np.ndarray]) -> ScamScreenClassifier:
    return ScamScreenClassifier(tiny_artifact).fit(texts[0][:40], texts[1][:40])


def test_it_tells_apart_what_it_was_shown(fitted: ScamScreenClassifier, texts) -> None:
    assert fitted.score(texts[0][40:], texts[1][40:]) > 0.8
    proba = fitted.predict_proba(texts[0][40:])
    assert proba.shape == (20, 2)
    np.testing.assert_allclose(proba.sum(1), 1)
    np.testing.assert_array_equal(proba.argmax(1), fitted.predict(texts[0][40:]))
    np.testing.assert_array_equal(fitted.decision_function(texts[0]) > 0, fitted.predict(texts[0]) == 1)


def test_classes_may_have_names(tiny_artifact: Path, texts) -> None:
    names = np.array(["benign", "scam"])[texts[1]]
    fitted = ScamScreenClassifier(tiny_artifact).fit(texts[0], names)
    assert fitted.classes_.tolist() == ["benign", "scam"]
    assert set(fitted.predict(texts[0])) == {"benign", "scam"}


def test_several_labels_may_hold_together(tiny_artifact: Path, texts) -> None:
    labels = np.stack([texts[1], 1 - texts[1], np.arange(60) % 2], axis=1)
    fitted = ScamScreenClassifier(tiny_artifact).fit(texts[0], labels)
    assert fitted.predict_proba(texts[0]).shape == (60, 3)
    assert (fitted.predict(texts[0])[:, :2].sum(1) == 1).mean() > 0.8


def test_fitted_again_it_says_the_same(fitted: ScamScreenClassifier, texts) -> None:
    again = clone(fitted).fit(texts[0][:40], texts[1][:40])
    np.testing.assert_array_equal(again.predict_proba(texts[0]), fitted.predict_proba(texts[0]))


def test_what_it_says_of_a_text_does_not_depend_on_the_others(fitted: ScamScreenClassifier, texts) -> None:
    whole = fitted.predict_proba(texts[0])
    turned = fitted.predict_proba(texts[0][::-1])[::-1]
    alone = np.concatenate([fitted.predict_proba([text]) for text in texts[0][:5]])
    np.testing.assert_allclose(whole, turned, atol=1e-6)
    np.testing.assert_allclose(whole[:5], alone, atol=1e-6)


def test_it_survives_a_pickle(fitted: ScamScreenClassifier, texts) -> None:
    again = pickle.loads(pickle.dumps(fitted))  # noqa: S301 (our own)
    np.testing.assert_array_equal(again.predict_proba(texts[0]), fitted.predict_proba(texts[0]))


def test_it_goes_into_grids_and_pipelines(tiny_artifact: Path, texts, tmp_path: Path) -> None:
    classifier = ScamScreenClassifier(tiny_artifact, cache=tmp_path)
    grid = GridSearchCV(classifier, {"C": [0.1, 10.0]}, cv=2).fit(*texts)
    assert grid.best_params_["C"] in (0.1, 10.0)
    lowered = FunctionTransformer(lambda some: [text.lower() for text in some])
    assert cross_val_score(make_pipeline(lowered, classifier), *texts, cv=2).mean() > 0.7


def test_unfitted_it_says_so(tiny_artifact: Path) -> None:
    with pytest.raises(NotFittedError):
        ScamScreenClassifier(tiny_artifact).predict(["see you"])


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ("see you", [1], "one text or a table"),
        ([["see"], ["you"]], [0, 1], "one text or a table"),
        ([], [], "no texts"),
        (["see you", None], [0, 1], "something else among them"),
        (["see you", "at five"], [0], "2 texts and 1 targets"),
        (["see you", "at five"], [0.5, 1.7], "Unknown label type"),
    ],
)
def test_what_is_no_list_of_texts_with_classes_is_told(tiny_artifact: Path, x, y, said) -> None:
    with pytest.raises(ValueError, match=said):
        ScamScreenClassifier(tiny_artifact).fit(x, y)


def test_an_artefact_that_is_not_there_is_told_when_it_is_needed(tmp_path: Path) -> None:
    classifier = ScamScreenClassifier(tmp_path / "none")
    with pytest.raises(ArtifactNotFoundError):
        classifier.fit(random_texts(4), [0, 1, 0, 1])
