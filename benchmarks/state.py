"""What a long run has done so far: one JSON file, so that it goes on where it was broken off."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Result = dict[str, Any]


class State:
    """Results by stage, kept in a file, and the minutes spent on them."""

    def __init__(self, path: Path, asked: Result) -> None:
        """Read the file; begin anew if there is none, or one of a run asked for something else."""
        self._path = path
        self._content: Result = {"asked": asked, "minutes": 0.0, "stages": {}}
        if path.is_file():
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept["asked"] == asked:
                self._content = kept

    @property
    def minutes(self) -> float:
        """Minutes spent on finished stages, over all runs."""
        return float(self._content["minutes"])

    @property
    def results(self) -> dict[str, Result]:
        """Stage -> result, of those that are finished."""
        return dict(self._content["stages"])

    def once(self, stage: str, work: Callable[[], Result]) -> Result:
        """Return the result of a stage, which is done unless it was before."""
        if stage not in self._content["stages"]:
            started = time.monotonic()
            self._content["stages"][stage] = work()
            self._content["minutes"] += (time.monotonic() - started) / 60
            partial = self._path.with_suffix(".partial")
            partial.write_text(json.dumps(self._content, indent=1) + "\n", encoding="utf-8")
            partial.replace(self._path)
        result: Result = self._content["stages"][stage]
        return result
