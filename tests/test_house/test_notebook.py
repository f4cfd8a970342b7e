"""The notebook in docs/ says what can be done: it is executed, from a spreadsheet to a model that answers."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tiny import tiny_recipe_tables
from training.written_test_report import SCORINGS

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "retraining.ipynb"
SECONDS = 900


def cells() -> list[dict]:
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


def test_every_code_cell_is_python() -> None:
    for cell in cells():
        if cell["cell_type"] == "code":
            ast.parse("".join(cell["source"]))


def test_it_holds_no_path_of_a_machine() -> None:
    content = NOTEBOOK.read_text(encoding="utf-8")
    assert "/home/" not in content
    assert "/work/" not in content


def as_toml(tables: dict[str, dict]) -> str:
    """Return a recipe as its file; JSON writes strings, numbers and lists as TOML does."""
    return "".join(
        f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
        for name, table in tables.items()
    )


@pytest.fixture
def uncounted() -> Iterator[None]:
    """Looks at the written test are counted in a file of the repository: those of a tiny model are not."""
    before = SCORINGS.read_bytes()
    yield
    SCORINGS.write_bytes(before)


@pytest.mark.timeout(SECONDS)
@pytest.mark.usefixtures("uncounted")
def test_it_goes_from_a_spreadsheet_to_a_model_that_answers(
    tiny_artifact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    tables = tiny_recipe_tables()
    tables["texts_per_epoch"] = {"authored": 50}
    tables["fit"]["epochs"] = 1
    (tmp_path / "tiny.toml").write_text(as_toml(tables), encoding="utf-8")
    for name, value in {
        "WORK": tmp_path,
        "BASE": tiny_artifact,
        "RECIPE": tmp_path / "tiny.toml",
        "ROWS": 160,
        "CACHE": tmp_path / "cache",
    }.items():
        monkeypatch.setenv(f"SCAMSCREEN_NOTEBOOK_{name}", str(value))
    notebook = nbformat.read(NOTEBOOK, as_version=4)

    nbclient.NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
    ).execute()

    assert (tmp_path / "drift" / "drift.md").is_file()
    [live] = [one for one in (tmp_path / "home" / "artifacts").iterdir() if one.name == "live"]
    assert live.read_text().split()[0] in {one.name for one in live.parent.iterdir()}
