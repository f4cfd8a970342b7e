"""The simpler tools a user would run instead."""

import tomllib

import numpy as np
import pytest

from models.language import FIRST_CLASS
from models.taxonomy import LABELS
from training.baselines import KEYWORDS_FILE, CharacterBaseline, keyword_score

PHISHING, LOAN = LABELS.index("phishing"), LABELS.index("loan_scam")
TEXTS = [f"{greeting} {words}" for greeting in ("hi", "dear", "hello") for words in (
    "verify your account at the link", "confirm your password now",
    "easy loan approved today", "cash loan with no papers",
    "lunch at noon tomorrow", "the meeting moved to friday",
)]  # fmt: skip


@pytest.fixture(scope="module")
def fitted() -> CharacterBaseline:
    labels = np.zeros((len(TEXTS), len(LABELS)), dtype=np.float32)
    labels[[i for i in range(len(TEXTS)) if i % 6 in (0, 1)], PHISHING] = 1
    labels[[i for i in range(len(TEXTS)) if i % 6 in (2, 3)], LOAN] = 1
    mask = np.ones_like(labels)
    baseline = CharacterBaseline()
    baseline.fit(TEXTS, labels, mask, np.zeros_like(labels), np.ones(len(TEXTS), dtype=np.float32))
    return baseline


def test_the_linear_model_tells_scams_it_saw_from_ordinary_texts(fitted: CharacterBaseline) -> None:
    any_label, labels = fitted.predict(
        ["please verify your account", "a loan approved for you", "lunch on friday"]
    )

    assert any_label.shape == (3,)
    assert labels.shape == (3, len(LABELS))
    assert any_label[:2].min() > any_label[2]
    assert labels[0, PHISHING] > labels[1, PHISHING]
    assert labels[1, LOAN] > labels[0, LOAN]


def test_a_label_that_was_never_seen_is_never_found(fitted: CharacterBaseline) -> None:
    _, labels = fitted.predict(["we hold your brother, send money"])

    assert labels[0, LABELS.index("extortion")] == 0.0


def test_the_linear_model_reads_through_the_same_disguise_as_the_network(fitted: CharacterBaseline) -> None:
    plain, disguised = fitted.predict(["verify your account", "v\u200berify your acc\u200bount"])[0]

    assert disguised == pytest.approx(plain, abs=1e-6)


def test_texts_whose_source_says_only_scam_teach_any_label() -> None:
    labels = np.zeros((len(TEXTS), len(LABELS)), dtype=np.float32)
    any_of, mask = np.zeros_like(labels), np.ones_like(labels)
    scams = [i for i in range(len(TEXTS)) if i % 6 < 4]
    any_of[scams], mask[scams] = 1, 0
    baseline = CharacterBaseline()
    baseline.fit(TEXTS, labels, mask, any_of, np.ones(len(TEXTS), dtype=np.float32))
    any_label, _ = baseline.predict(["easy loan approved", "the meeting at noon"])

    assert any_label[0] > 0.5 > any_label[1]


def test_predicting_before_fitting_is_refused() -> None:
    with pytest.raises(ValueError, match="fit first"):
        CharacterBaseline().predict(["a"])


def test_the_keyword_list_covers_every_first_class_language_in_lower_case() -> None:
    lists = tomllib.loads(KEYWORDS_FILE.read_text(encoding="utf-8"))

    assert set(lists) == set(FIRST_CLASS)
    assert [word for words in lists.values() for word in words if word != word.lower()] == []
    assert all(len(words) == len(set(words)) for words in lists.values())


def test_each_keyword_counts_once_whatever_its_case() -> None:
    assert keyword_score(["FREE VISA and free visa, no experience", "the library opens"]).tolist() == [
        2.0,
        0.0,
    ]


def test_keywords_are_found_inside_unspaced_scripts() -> None:
    assert keyword_score(["ด่วนรับสมัครรายได้ดีมากฟรีตั๋ว", "公司高薪招聘包机票"]).min() >= 2
