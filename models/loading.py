"""An artefact folder -> what screens with it."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from models.artifact import DEFAULT_ARTIFACT, load_artifact
from models.encoder import Encoder, Observe, unobserved

if TYPE_CHECKING:
    from models.screener import Screener


def load_screener(
    folder: Path = DEFAULT_ARTIFACT, *, threads: int = 0, cache_bytes: int = 0, observe: Observe = unobserved
) -> "Screener":
    """Return a screener for an artefact folder.

    The network is compiled while the tables of the entity rules are built: both take more than a second.

    Args:
        folder: of the artefact.
        threads: processor threads of the network; 0 lets the runtime choose.
        cache_bytes: memory for what the network said of texts before; 0 keeps nothing.
        observe: told what `Screener` and `Encoder` tell.

    Raises:
        ArtifactError: the folder is absent, corrupt or made for another version.
    """
    artifact = load_artifact(folder)
    with ThreadPoolExecutor(1) as beside:
        encoder = beside.submit(Encoder, artifact, threads=threads, cache_bytes=cache_bytes, observe=observe)
        screener: type[Screener] = import_module("models.screener").Screener
        return screener(artifact, encoder.result(), observe=observe)
