"""Drift: what has changed is told, what chance alone would do is not."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from tokenizers import Tokenizer

from models.artifact import load_artifact
from models.errors import TrainingDataError
from models.screening import Document
from models.taxonomy import LABELS
from tests.fakes import FakeScreener
from tests.tiny import random_texts, tiny_tokenizer_json
from training.cli import main
from training.drift.drift import drift
from training.drift.drift_report import drift_markdown, write_drift
from training.drift.period import Period, read_period
from training.drift.shift import divisions, measure

TOKENIZER = Tokenizer.from_str(tiny_tokenizer_json())


def period(
    n: int = 200, *, seed: int = 0, thai: float = 0.5, flagged: float = 0.1, words: str = ""
) -> Period:
    """Texts of one source; `words` stand in half of the English ones."""
    rng = np.random.default_rng(seed)
    proba = np.full((n, len(LABELS)), 0.01, dtype=np.float32)
    proba[:, 0] = np.where(rng.random(n) < flagged, 0.9, 0.2 * rng.random(n))
    languages = np.where(rng.random(n) < thai, "th", "en").tolist()
    texts = random_texts(n, seed=seed)
    return Period(
        languages,
        ["offer"] * n,
        proba,
        proba > 0.5,
        [
            f"{words} {text}" if words and language == "en" and at % 2 else text
            for at, (text, language) in enumerate(zip(texts, languages, strict=True))
        ],
    )


def question(report: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in report["questions"] if one["name"] == name)


def test_divergence_is_nothing_between_equals_and_one_between_strangers() -> None:
    drawn = divisions(4, 4, seed=0)
    alike = measure(csr_matrix(np.tile([[1, 0], [0, 1]], (4, 1))), 4, drawn)
    strange = measure(csr_matrix([[1, 0]] * 4 + [[0, 1]] * 4), 4, drawn)

    assert alike.divergence == pytest.approx(0)
    assert alike.p == 1
    assert strange.divergence == pytest.approx(1)
    assert strange.parts.sum() == pytest.approx(1)
    assert strange.p < 0.1


@pytest.mark.parametrize("seed", range(3))
def test_two_draws_of_one_source_have_not_drifted(seed: int) -> None:
    report = drift(period(seed=2 * seed), period(150, seed=2 * seed + 1), TOKENIZER)
    assert report["drifted"] == []
    assert "nothing more than chance would" in drift_markdown(report)


def test_a_new_mix_of_languages_is_drift_of_languages_alone() -> None:
    report = drift(period(), period(seed=1, thai=0.2), TOKENIZER)

    assert report["drifted"] == ["language"]
    changed = question(report, "language")
    assert changed["divergence_bits"] > changed["noise95_bits"]
    assert {change["name"] for change in changed["changes"]} == {"th", "en"}


def test_more_flags_are_drift_of_their_label() -> None:
    report = drift(period(), period(seed=1, flagged=0.4), TOKENIZER)

    assert {"any flag", f"label {LABELS[0]}", "confidence"} == set(report["drifted"])
    assert report["labels"][LABELS[0]]["after"]["share"] > report["labels"][LABELS[0]]["before"]["share"]


def test_new_words_are_told_with_their_language() -> None:
    report = drift(
        period(400), period(400, seed=1, words="library weekdays parcel dollars week post"), TOKENIZER
    )

    assert report["drifted"] == ["words en"]
    risen = [change["name"] for change in question(report, "words en")["changes"][:8]]
    assert "▁library" in risen or "▁weekdays" in risen


def test_a_word_of_few_texts_is_not_shown() -> None:
    after = period(seed=1)
    assert after.texts is not None
    named = Period(after.languages, after.roles, after.proba, after.flags, ["zzqx", *after.texts[1:]])
    assert "zzqx" not in json.dumps(drift(period(), named, TOKENIZER))


def write_records(path: Path, texts: list[str]) -> Path:
    records = FakeScreener().screen([Document(id=str(at), text=text) for at, text in enumerate(texts)])
    rows = [{**record.to_dict(), "input": {}} for record in records]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_records_are_read_as_they_are_errors_left_out(tiny_artifact: Path, tmp_path: Path) -> None:
    texts = ["", *(["a compound job"] * 20), *(["help me"] * 40)]
    path = write_records(tmp_path / "records.jsonl", texts)

    read = read_period(path, load_artifact(tiny_artifact), tmp_path)

    assert len(read) == 60
    assert read.flags.sum() == 60
    assert read.texts is None


def test_texts_are_screened_first(tiny_artifact: Path, tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_text("\n".join(random_texts(60)), encoding="utf-8")

    read = read_period(path, load_artifact(tiny_artifact), tmp_path)

    assert read.texts == random_texts(60)
    assert read.proba.shape == (60, len(LABELS))
    assert (read.proba > 0).all() and (read.proba < 1).all()


def test_a_period_that_is_too_short_is_told(tiny_artifact: Path, tmp_path: Path) -> None:
    path = write_records(tmp_path / "records.jsonl", ["see you"] * 7)
    with pytest.raises(TrainingDataError, match="expected 50 texts or records at least, found 7"):
        read_period(path, load_artifact(tiny_artifact), tmp_path)


def test_a_line_that_is_no_record_is_told_without_its_words(tiny_artifact: Path, tmp_path: Path) -> None:
    path = write_records(tmp_path / "records.jsonl", ["see you"] * 60)
    path.write_text(path.read_text("utf-8") + '\n{"text": "secret"}', encoding="utf-8")
    with pytest.raises(TrainingDataError, match=r"record 61: expected a screening record") as error:
        read_period(path, load_artifact(tiny_artifact), tmp_path)
    assert "secret" not in str(error.value)


def test_the_report_is_json_markdown_and_a_plot(tmp_path: Path) -> None:
    report = drift(period(), period(seed=1, thai=0.2), TOKENIZER)
    write_drift(report, tmp_path)
    assert json.loads((tmp_path / "drift.json").read_text("utf-8")) == report
    assert "Drifted: language." in (tmp_path / "drift.md").read_text("utf-8")
    assert (tmp_path / "drift.png").read_bytes().startswith(b"\x89PNG")


def test_the_command_compares_two_files(
    tiny_artifact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = write_records(tmp_path / "before.jsonl", ["see you at five"] * 60)
    after = write_records(tmp_path / "after.jsonl", ["a compound job"] * 60)
    arguments = ["drift", str(before), str(after), "--artifact", str(tiny_artifact)]

    assert main([*arguments, "--output", str(tmp_path / "out")]) == 0
    assert "label trafficking_recruitment" in capsys.readouterr().out.split("Before:")[0]
