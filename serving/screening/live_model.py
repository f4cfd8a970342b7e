"""The model that answers, and how another takes its place while requests are under way.

Whoever screens takes `screener` once, when a request or a report is accepted, and goes on with what it got:
so one answer is of one model. The one before is gone from memory when the last of its requests is answered.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from models.artifact import DEFAULT_ARTIFACT, load_artifact
from models.errors import ArtifactError, ArtifactNotFoundError, ScamScreenError
from models.screening import Document, ModelInfo
from models.shelf import SHIPPED, Shelf, check_kept
from serving.log import describe, logger

if TYPE_CHECKING:
    from models.screener import Screener

Load = Callable[[Path], "Screener"]
WARM_UP: Final = Document(id="warm-up", text="Hello")
_LONGER: Final = tuple(Document(id="warm-up", text="Hello " * words) for words in (20, 80, 400))
"""A network is slower at a length that it computes for the first time."""


class LiveModel:
    """Which model is live. Safe to share between threads.

    Attributes:
        refused: why the model that should be live is not; "" if it is.
    """

    def __init__(self, screener: "Screener", folder: Path = DEFAULT_ARTIFACT, *, refused: str = "") -> None:
        self._live = (screener, folder)
        self.refused = refused

    @property
    def screener(self) -> "Screener":
        """What screens from now on."""
        return self._live[0]

    @property
    def folder(self) -> Path:
        """Where it was loaded from."""
        return self._live[1]

    @property
    def info(self) -> ModelInfo:
        """Its name, version and sha256."""
        return self.screener.artifact.info

    def switch(self, screener: "Screener", folder: Path) -> None:
        """Put another in its place, for what is accepted from now on."""
        self._live = (screener, folder)

    def seems_urgent(self, texts: Sequence[str]) -> list[bool]:
        """Return of each text whether somebody in it may be in danger; see `Screener.seems_urgent`."""
        return self.screener.seems_urgent(texts)


def load_live(pinned: Path | None, shelf: Shelf, load: Load) -> LiveModel:
    """Return the model to begin with: the pinned one, or the newest of the shelf that can be loaded.

    A service that ended with a sound model begins again with one, whatever was put on the shelf since.

    Raises:
        ArtifactError: the pinned one, or every one, cannot be loaded.
    """
    if pinned is not None:
        return LiveModel(warmed(load(pinned)), pinned)
    names, refused = live_names(shelf)
    for name in names:
        try:
            screener = load_kept(shelf, name, load)
        except Exception as error:  # whatever it is: those before it were sound
            logger.warning("model %s cannot be loaded: %s", name, describe(error))
            refused = refused or reason(error)
        else:
            return LiveModel(screener, shelf.folder_of(name), refused=refused)
    raise ArtifactNotFoundError("no model can be loaded, not even the shipped one: install the program again")


def check_live(pinned: Path | None, shelf: Shelf) -> None:
    """Find out before a service starts whether it will have a model.

    Raises:
        ArtifactError: the pinned one, or every one, is absent or not whole.
    """
    if pinned:
        load_artifact(pinned)
        return
    names, _ = live_names(shelf)
    for name in names:
        try:
            shelf.load(name)
        except ArtifactError:
            if name == names[-1]:
                raise
        else:
            return


def live_names(shelf: Shelf) -> tuple[tuple[str, ...], str]:
    """Return the models of a shelf as they are to be tried, and why it does not say, or ""."""
    try:
        return shelf.live(), ""
    except ArtifactError as error:
        logger.warning("%s", error)
        return (SHIPPED,), str(error)


def load_kept(shelf: Shelf, name: str, load: Load) -> "Screener":
    """Return what screens with a model of the shelf, once it has screened something.

    Raises:
        ArtifactError: it is absent, not whole, or another one than its name says.
        Exception: what a library says of it.
    """
    screener = load(shelf.folder_of(name))
    check_kept(name, screener.artifact.info)
    return warmed(screener)


def warmed(screener: "Screener") -> "Screener":
    """Return a screener that has screened something: the first requests are not slower than others."""
    screener.screen([WARM_UP])
    screener.screen(_LONGER)
    return screener


def reason(error: Exception) -> str:
    """Return why a model cannot be loaded, as it may be shown: our own sentences, of others the type."""
    return str(error) if isinstance(error, ScamScreenError) else type(error).__name__
