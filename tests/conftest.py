"""What tests of several rooms share: one tiny artefact and the screener that runs it."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny_artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole artefact folder with random weights; copy it before changing a file."""
    from tests.tiny import write_tiny_artifact

    return write_tiny_artifact(tmp_path_factory.mktemp("tiny") / "artifact")
