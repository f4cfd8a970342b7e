"""Files that are there whole or not at all, and JSON that a person can read and a diff can show."""

import json
from pathlib import Path
from typing import Any


def write_whole(path: Path, content: str) -> None:
    """Write a file; a kill leaves the old one or the new one."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(content, encoding="utf-8")
    new.replace(path)


def write_json(path: Path, content: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Write JSON, an item a line; a folder that is not there is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json_text(content))


def json_text(content: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return JSON, an item a line."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
