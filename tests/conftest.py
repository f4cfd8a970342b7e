"""What tests of several rooms share: one tiny artefact, and how many tests did not run."""

from pathlib import Path
from typing import Any

import pytest

_LEFT_OUT = pytest.StashKey[int]()


@pytest.fixture(scope="session")
def tiny_artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole artefact folder with random weights; copy it before changing a file."""
    from tests.tiny import write_tiny_artifact

    return write_tiny_artifact(tmp_path_factory.mktemp("tiny") / "artifact")


# Side by side (pytest-xdist) the processes that test leave tests out, and the one that reports does not know.


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count what is left out, such as the tests that want a data root."""
    if items:
        config = items[0].config
        config.stash[_LEFT_OUT] = config.stash.get(_LEFT_OUT, 0) + len(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a process that tests left out: each leaves out the same."""
    node.config.stash[_LEFT_OUT] = node.workeroutput.get("left_out", 0)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was left out to the process that reports."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(_LEFT_OUT, 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say how many did not run."""
    if left_out := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(f"{left_out} left out; `make test-data` runs those of the data root")
