"""`scamscreen model`: whoever keeps the service up chooses the model that answers, and takes it back."""

import json
import shutil
from pathlib import Path

import pytest

from models.artifact import load_artifact
from models.shelf import LIVE_FILE, SHIPPED, Shelf, shelf_in
from serving import cli
from serving.reports.disagreements import SHADOW_FOLDER
from training.export import write_manifest


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setenv("SCAMSCREEN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SCAMSCREEN_ARTIFACT", raising=False)
    return shelf_in(tmp_path / "home")


@pytest.fixture
def promoted(tiny_artifact: Path, tmp_path: Path) -> Path:
    """A model that was promoted on another machine."""
    other = Shelf(tmp_path / "elsewhere")
    note = json.dumps({"promoted_at": "2026-11-23T20:00:00+00:00", "because": "it finds more", "broken": []})
    return other.folder_of(other.add(tiny_artifact, {"promotion.json": note}))


def test_a_promoted_model_is_brought_put_to_work_and_taken_back(
    shelf: Shelf, promoted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sha = load_artifact(promoted).info.sha256

    assert cli.main(["model", "add", str(promoted)]) == 0
    assert shelf.live() == (SHIPPED,)
    assert cli.main(["model", "use", sha[:8]]) == 0
    assert shelf.live()[0] == sha[:16]
    capsys.readouterr()
    assert cli.main(["model", "list"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[:2] for row in rows[1:]] == [["before", SHIPPED], ["live", sha[:16]]]
    assert rows[2][2:] == ["tiny 0.0.1", "2026-11-23T20:00:00+00:00", "it finds more", sha]

    assert cli.main(["model", "rollback"]) == 0
    assert shelf.live() == (SHIPPED,)
    assert cli.main(["model", "rollback"]) == 1
    assert "no model was live before" in capsys.readouterr().err


def test_a_model_that_nobody_compared_is_not_brought(
    shelf: Shelf, tiny_artifact: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["model", "add", str(tiny_artifact)]) == 1
    assert "was never promoted" in capsys.readouterr().err
    assert shelf.kept() == [SHIPPED]


def test_a_note_of_another_promotion_does_not_bring_a_model(
    shelf: Shelf, promoted: Path, tiny_artifact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Path(shutil.copytree(tiny_artifact, tmp_path / "other"))
    shutil.copyfile(promoted / "promotion.json", other / "promotion.json")

    assert cli.main(["model", "add", str(other)]) == 1
    assert "was never promoted" in capsys.readouterr().err
    assert shelf.kept() == [SHIPPED]


def test_a_damaged_choice_is_told_with_the_list_and_mended_by_choosing(
    shelf: Shelf, promoted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["model", "add", str(promoted)])
    name = shelf.kept()[1]
    (shelf.folder / LIVE_FILE).write_text("no name")

    assert cli.main(["model", "list"]) == 0
    listed = capsys.readouterr()
    assert "names no model" in listed.err
    assert f"live\t{SHIPPED}" in listed.out
    assert cli.main(["model", "use", name]) == 0
    assert shelf.live() == (name, SHIPPED)


def test_a_damaged_model_is_not_put_to_work(
    shelf: Shelf, promoted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["model", "add", str(promoted)])
    name = shelf.kept()[1]
    (shelf.folder / name / "weights.safetensors").write_bytes(b"x")

    assert cli.main(["model", "use", name]) == 1
    assert "is not the file its manifest names" in capsys.readouterr().err
    assert shelf.live() == (SHIPPED,)


def test_where_the_environment_names_the_model_nothing_else_is_chosen(
    shelf: Shelf, promoted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCAMSCREEN_ARTIFACT", str(promoted))

    assert cli.main(["model", "use", SHIPPED]) == 1
    assert cli.main(["model", "rollback"]) == 1
    assert "SCAMSCREEN_ARTIFACT says which model answers" in capsys.readouterr().err


def test_of_two_models_one_is_named_in_full(
    shelf: Shelf, tiny_artifact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(40):  # two of them begin alike
        folder = Path(shutil.copytree(tiny_artifact, tmp_path / f"{number}"))
        write_manifest(folder, {**load_artifact(folder).manifest, "version": f"{number}"})
        shelf.add(folder)
        if len({name[0] for name in shelf.kept()}) < len(shelf.kept()):
            break
    first = [name[0] for name in shelf.kept()]
    twice = next(digit for digit in first if first.count(digit) == 2)

    assert cli.main(["model", "use", twice]) == 1
    assert "2 of the models kept here are called so" in capsys.readouterr().err


def test_where_nothing_was_compared_one_is_told_how(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["model", "disagreements"]) == 1
    assert "SCAMSCREEN_SHADOW=FOLDER" in capsys.readouterr().err


def test_counts_that_are_damaged_are_told_in_a_line(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shelf.folder.parent / SHADOW_FOLDER
    folder.mkdir(parents=True)
    (folder / "one.json").write_text("{}")

    assert cli.main(["model", "disagreements"]) == 1
    assert "one.json holds no counts" in capsys.readouterr().err
