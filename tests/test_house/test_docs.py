"""What the documents for operators name is there: tests, files, settings, metrics and commands."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
THREATS = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "serving" / "settings.py").read_text(encoding="utf-8")
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(?:\.\.\.)?(\w*test_\w+)`", THREATS + OPERATIONS))))
def test_every_test_that_is_named_exists(name):
    assert re.search(rf"def {name}\b", TESTS)


def test_every_file_that_is_named_exists():
    named = re.findall(r"`((?:\w+/)?\w+\.py)`", THREATS + OPERATIONS)
    files = {
        str(path.relative_to(ROOT)) for folder in ("models", "serving", "tests") for path in find(folder)
    }
    assert [name for name in named if not any(f"/{file}".endswith(f"/{name}") for file in files)] == []


def find(folder: str) -> list[Path]:
    return [*(ROOT / folder).rglob("*.py")]


@pytest.mark.parametrize(
    "path", [ROOT / "docs" / f"{name}.md" for name in ("operations", "retraining", "threat-model")]
)
def test_every_link_leads_somewhere(path):
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", path.read_text(encoding="utf-8")):
        linked = (path.parent / target).resolve() if target else path
        assert linked.is_file(), target
        headings = (
            re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
        )
        assert not anchor or anchor in {
            re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings
        }


def test_every_setting_is_explained_and_no_other():
    told = set(re.findall(r"^\| `([A-Z_]+)(?:\.\.\.)?` \|", OPERATIONS, re.MULTILINE))
    read = set(re.findall(r'"SCAMSCREEN_([A-Z_]+)"', SETTINGS)) | {"HOME", "STORE"}
    assert told == {name for name in read if not name.startswith("LINE_")} | {"LINE_"}


def test_every_metric_is_explained_and_no_other():
    code = (ROOT / "serving" / "metrics.py").read_text(encoding="utf-8")
    [table] = re.findall(r"^## What to watch$(.*?)^## ", OPERATIONS, re.MULTILINE | re.DOTALL)
    told = set(
        re.findall(r"`(\w+)(?:\{[^}]*\})?`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))
    )
    assert told == {*re.findall(r'"scamscreen_(\w+)"', code)}
