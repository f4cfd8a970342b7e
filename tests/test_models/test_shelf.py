"""The models kept on a machine: whole or not at all, and one of them is live."""

import json
import os
import shutil
from pathlib import Path

import pytest

from models.artifact import DEFAULT_ARTIFACT, load_artifact
from models.errors import ArtifactCorruptError, ArtifactError, ArtifactNotFoundError
from models.shelf import LIVE_FILE, NAME_DIGITS, SHIPPED, Shelf, home_of, shelf_in
from training.export import write_manifest


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return shelf_in(tmp_path / "home")


@pytest.fixture
def other(tiny_artifact: Path, tmp_path: Path) -> Path:
    """Another model than the tiny one."""
    folder = Path(shutil.copytree(tiny_artifact, tmp_path / "other"))
    write_manifest(folder, {**load_artifact(folder).manifest, "version": "0.0.2"})
    return folder


def name_of(folder: Path) -> str:
    return load_artifact(folder).info.sha256[:NAME_DIGITS]


def test_where_nothing_was_chosen_the_shipped_model_is_live(shelf: Shelf) -> None:
    assert shelf.live() == (SHIPPED,)
    assert shelf.kept() == [SHIPPED]
    assert shelf.folder_of(SHIPPED) == DEFAULT_ARTIFACT
    assert shelf.stamp() is None


def test_a_model_is_kept_whole_under_its_sha256_and_can_be_made_live(
    shelf: Shelf, tiny_artifact: Path
) -> None:
    before = shelf.stamp()
    name = shelf.add(tiny_artifact)
    shelf.use(shelf.named(name[:6]))

    assert name == name_of(tiny_artifact)
    assert load_artifact(shelf.folder_of(name)).info == load_artifact(tiny_artifact).info
    assert shelf.live() == (name, SHIPPED)
    assert shelf.stamp() != before
    assert {path.name for path in shelf.folder.iterdir()} == {name, LIVE_FILE}


def test_one_goes_back_to_the_model_that_was_live_before_and_no_further_than_the_first(
    shelf: Shelf, tiny_artifact: Path, other: Path
) -> None:
    first, second = shelf.add(tiny_artifact), shelf.add(other)
    shelf.use(first)
    shelf.use(second)
    shelf.use(first)
    shelf.use(second)

    assert shelf.live() == (second, first, SHIPPED)
    assert shelf.roll_back() == first
    assert shelf.roll_back() == SHIPPED
    with pytest.raises(ArtifactNotFoundError, match="no model was live before"):
        shelf.roll_back()
    assert shelf.live() == (SHIPPED,)


def test_a_damaged_model_is_neither_kept_nor_made_live(
    shelf: Shelf, tiny_artifact: Path, other: Path
) -> None:
    (other / "weights.safetensors").write_bytes(b"x")
    with pytest.raises(ArtifactCorruptError):
        shelf.add(other)
    assert shelf.kept() == [SHIPPED]

    name = shelf.add(tiny_artifact)
    (shelf.folder / name / "graph.onnx").write_bytes(b"x")
    with pytest.raises(ArtifactCorruptError):
        shelf.use(name)
    assert shelf.live() == (SHIPPED,)


def test_documents_take_the_place_of_its_own_and_the_model_stays_the_same(
    shelf: Shelf, tiny_artifact: Path
) -> None:
    shelf.add(tiny_artifact)
    name = shelf.add(tiny_artifact, {"MODEL_CARD.md": "# Why\n", "promotion.json": '{"because": "tested"}'})
    kept = shelf.folder_of(name)
    again = Shelf(shelf.folder / "elsewhere")

    assert load_artifact(kept).info == load_artifact(tiny_artifact).info
    assert (kept / "MODEL_CARD.md").read_text("utf-8") == "# Why\n"
    assert set(load_artifact(kept).manifest["documents"]) == {"MODEL_CARD.md", "promotion.json"}
    copied = again.folder_of(again.add(kept))
    assert json.loads((copied / "promotion.json").read_text("utf-8")) == {"because": "tested"}


def test_a_damaged_choice_is_mended_by_choosing_anew(shelf: Shelf, tiny_artifact: Path) -> None:
    name = shelf.add(tiny_artifact)
    (shelf.folder / LIVE_FILE).write_text("no name")
    shelf.use(name)

    assert shelf.live() == (name, SHIPPED)


def test_what_was_removed_or_damaged_since_is_passed_over_on_the_way_back(
    shelf: Shelf, tiny_artifact: Path, other: Path
) -> None:
    first, second = shelf.add(tiny_artifact), shelf.add(other)
    shelf.use(first)
    shelf.use(second)
    shutil.rmtree(shelf.folder / first)

    assert shelf.roll_back() == SHIPPED
    assert shelf.live() == (SHIPPED,)


def test_a_folder_that_holds_another_model_than_its_name_says_is_not_made_live(
    shelf: Shelf, tiny_artifact: Path, other: Path
) -> None:
    name = shelf.add(tiny_artifact)
    shutil.rmtree(shelf.folder / name)
    shutil.copytree(other, shelf.folder / name)

    with pytest.raises(ArtifactCorruptError, match="holds another model"):
        shelf.use(name)
    assert shelf.live() == (SHIPPED,)


def test_a_model_that_changes_while_it_is_copied_is_not_kept(
    shelf: Shelf, tiny_artifact: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.shelf.copy_artifact", lambda artifact, folder: shutil.copytree(other, folder))

    with pytest.raises(ArtifactCorruptError, match="holds another model"):
        shelf.add(tiny_artifact)
    assert shelf.kept() == [SHIPPED]


def test_an_artefact_of_links_is_not_kept_for_its_card_might_show_a_file_of_this_machine(
    shelf: Shelf, other: Path, tmp_path: Path
) -> None:
    (tmp_path / "store.key").write_text("secret")
    (other / "MODEL_CARD.md").unlink(missing_ok=True)
    (other / "MODEL_CARD.md").symlink_to(tmp_path / "store.key")

    with pytest.raises(ArtifactCorruptError, match=r"MODEL_CARD\.md: links"):
        shelf.add(other)
    assert shelf.kept() == [SHIPPED]


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
@pytest.mark.parametrize("is_folder", [True, False])
def test_a_choice_that_every_account_of_the_machine_can_make_is_refused(
    shelf: Shelf, tiny_artifact: Path, *, is_folder: bool
) -> None:
    name = shelf.add(tiny_artifact)
    shelf.use(name)
    path = shelf.folder if is_folder else shelf.folder / LIVE_FILE
    path.chmod(0o777)

    for asked in (shelf.live, shelf.roll_back, lambda: shelf.use(name)):
        with pytest.raises(ArtifactCorruptError, match="every account of this machine"):
            asked()
    path.chmod(0o700)
    assert shelf.live() == (name, SHIPPED)


@pytest.mark.parametrize("content", ["../../etc\n", "shipped\nA" * 3, "\udcff"])
def test_a_file_that_names_no_model_is_told_and_leads_nowhere(shelf: Shelf, content: str) -> None:
    shelf.folder.mkdir(parents=True)
    (shelf.folder / LIVE_FILE).write_text(content, "utf-8", errors="surrogateescape")

    with pytest.raises(ArtifactCorruptError, match="names no model"):
        shelf.live()


@pytest.mark.parametrize("beginning", ["", "0", "zz", "../"])
def test_a_name_that_is_nobodys_is_refused(shelf: Shelf, tiny_artifact: Path, beginning: str) -> None:
    name = shelf.add(tiny_artifact)

    if not name.startswith(beginning) or not beginning:
        with pytest.raises(ArtifactError, match="models kept here are called so"):
            shelf.named(beginning)


def test_the_home_is_that_of_the_environment() -> None:
    assert home_of({"SCAMSCREEN_HOME": "/somewhere"}) == Path("/somewhere")
    assert home_of({}) == Path.home() / ".scamscreen"
