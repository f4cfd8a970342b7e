"""What the operator decides: the `SCAMSCREEN_*` variables, read once into a frozen value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.artifact import DEFAULT_ARTIFACT
from models.errors import InputError

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the service.

    Attributes:
        open: `SCAMSCREEN_OPEN`: answer without a key, to programs on this machine only.
        artifact: `SCAMSCREEN_ARTIFACT`: folder of the model.
        threads: `SCAMSCREEN_THREADS`: threads of the model; 0 lets the runtime choose.
    """

    open: bool = False
    artifact: Path = DEFAULT_ARTIFACT
    threads: int = 0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings the environment asks for.

        Raises:
            InputError: a variable has a value that means nothing.
        """
        return cls(
            open=_switch(environment, "SCAMSCREEN_OPEN"),
            artifact=Path(environment.get("SCAMSCREEN_ARTIFACT") or DEFAULT_ARTIFACT),
            threads=_count(environment, "SCAMSCREEN_THREADS"),
        )


def _switch(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise InputError(f"{name}: expected 1 or 0, found {value!r}: correct or unset it")


def _count(environment: Mapping[str, str], name: str) -> int:
    value = environment.get(name, "").strip() or "0"
    if not (value.isascii() and value.isdecimal()):
        raise InputError(f"{name}: expected a whole number from 0, found {value!r}: correct or unset it")
    return int(value)
