"""A model takes the place of another only if it was compared with it, and breaks no rule unless told why."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from models.artifact import load_artifact
from models.errors import ArtifactCorruptError, TrainingDataError
from models.shelf import SHIPPED, Shelf
from tests.test_training.comparisons import figure, invented_comparison
from training import cli
from training.export import write_manifest
from training.prove.comparison_files import read_comparison
from training.prove.promote import promote

AT = "2026-11-23T20:00:00+00:00"
WORSE = {"people_at_risk": figure(0.95, 0.94)}


@pytest.fixture
def shelf(tmp_path: Path, tiny_artifact: Path) -> Shelf:
    """A shelf with the tiny model live."""
    shelf = Shelf(tmp_path / "home" / "artifacts")
    shelf.use(shelf.add(tiny_artifact))
    return shelf


@pytest.fixture
def new(tmp_path: Path, tiny_artifact: Path) -> Path:
    folder = Path(shutil.copytree(tiny_artifact, tmp_path / "new"))
    write_manifest(folder, {**load_artifact(folder).manifest, "version": "0.0.2"})
    return folder


def compared(shelf: Shelf, new: Path, **parts: Any) -> dict[str, Any]:
    comparison = invented_comparison(**parts)
    for which, folder in (("old", shelf.folder_of(shelf.live()[0])), ("new", new)):
        info = load_artifact(folder).info
        comparison[which] = {"name": info.name, "version": info.version, "sha256": info.sha256}
    return comparison


def test_a_model_that_breaks_no_rule_is_put_to_work_and_its_card_says_so(shelf: Shelf, new: Path) -> None:
    before = shelf.live()
    name = promote(new, compared(shelf, new), shelf, because="", promoted_at=AT)
    card = (shelf.folder_of(name) / "MODEL_CARD.md").read_text("utf-8")

    assert shelf.live() == (name, *before)
    assert load_artifact(shelf.folder_of(name)).info == load_artifact(new).info
    assert "No rule is broken" in card
    assert "in the place of tiny 0.0.1" in card
    assert not (new / "MODEL_CARD.md").exists()


def test_a_model_that_breaks_a_rule_is_refused_unless_told_why_and_the_reason_stands_in_its_card(
    shelf: Shelf, new: Path
) -> None:
    comparison, before = compared(shelf, new, **WORSE), shelf.live()
    for because in ("", " \n"):
        with pytest.raises(TrainingDataError, match="1 rules are broken, the first: no plea of a person"):
            promote(new, comparison, shelf, because=because, promoted_at=AT)
    assert shelf.live() == before
    assert len(shelf.kept()) == 2

    name = promote(new, comparison, shelf, because="the missed plea\nis mislabelled", promoted_at=AT)
    folder = shelf.folder_of(name)
    note = json.loads((folder / "promotion.json").read_text("utf-8"))
    card = (folder / "MODEL_CARD.md").read_text("utf-8")

    assert note["because"] == "the missed plea is mislabelled"
    assert note["broken"]
    assert "promoted all the same, because: the missed plea is mislabelled" in card
    assert "BROKEN: no plea of a person at risk" in card
    assert load_artifact(folder).info.sha256 == load_artifact(new).info.sha256


def test_a_comparison_of_other_models_promotes_nothing(shelf: Shelf, new: Path, tiny_artifact: Path) -> None:
    comparison = compared(shelf, new)
    with pytest.raises(TrainingDataError, match="of another new model"):
        promote(tiny_artifact, comparison, shelf, because="", promoted_at=AT)
    shelf.use(SHIPPED)
    with pytest.raises(TrainingDataError, match="of another old model"):
        promote(new, comparison, shelf, because="", promoted_at=AT)


def test_a_model_promoted_again_has_one_section_on_it(shelf: Shelf, new: Path) -> None:
    name = promote(new, compared(shelf, new), shelf, because="", promoted_at=AT)
    kept = Path(shutil.copytree(shelf.folder_of(name), new.parent / "kept"))
    shelf.roll_back()
    promote(kept, compared(shelf, kept), shelf, because="again", promoted_at=AT)
    card = (shelf.folder_of(name) / "MODEL_CARD.md").read_text("utf-8")

    assert card.count("## Promotion\n") == 1
    assert "Why: again" in card


def test_a_damaged_model_is_not_promoted(shelf: Shelf, new: Path) -> None:
    comparison, before = compared(shelf, new), shelf.live()
    (new / "tokenizer.json").write_bytes(b"{}")

    with pytest.raises(ArtifactCorruptError):
        promote(new, comparison, shelf, because="", promoted_at=AT)
    assert shelf.live() == before


def test_the_command_puts_a_model_where_the_service_looks(
    shelf: Shelf,
    new: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SCAMSCREEN_HOME", str(tmp_path / "home"))
    path = tmp_path / "compare.json"
    path.write_text(json.dumps(compared(shelf, new, **WORSE)), "utf-8")
    command = ["promote", str(new), "--comparison", str(path)]

    assert cli.main(command) == 1
    assert "say with --because why" in capsys.readouterr().err
    assert cli.main([*command, "--because", "it is mislabelled"]) == 0
    assert "is live" in capsys.readouterr().out
    assert shelf.live()[0] == load_artifact(new).info.sha256[:16]


@pytest.mark.parametrize("content", [None, "{", "[]", '{"verdict": {}}'])
def test_without_a_comparison_one_is_told_to_compare(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "compare.json"
    if content is not None:
        path.write_text(content, "utf-8")

    with pytest.raises(TrainingDataError, match="scamscreen-train compare"):
        read_comparison(path)
