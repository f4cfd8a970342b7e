"""The thread that puts another model to work when somebody chooses one, without a request being lost.

The new one is loaded and has screened something before it takes the place of the old one: for these seconds
the process needs the memory of both. A third is loaded only once the old one is gone. What cannot be loaded
changes nothing.
"""

import gc
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from models.screening import ModelInfo
from models.shelf import Shelf, Stamp
from serving import metrics
from serving.log import describe, logger
from serving.screening.live_model import LiveModel, Load, load_kept, reason

if TYPE_CHECKING:
    from models.screener import Screener

LOOK_EVERY_SECONDS: Final = 2.0
OLD_GOES_WITHIN_SECONDS: Final = 330.0
"""No request is answered later."""
_LOOK_FOR_OLD_SECONDS: Final = 0.1


class ModelWatch:
    """Follows the shelf until it is closed."""

    def __init__(
        self,
        live: LiveModel,
        shelf: Shelf,
        load: Load,
        seen: Stamp,
        switched: Callable[[ModelInfo], None],
    ) -> None:
        """Start the thread.

        Args:
            live: what is to be switched.
            shelf: says which model is to be live.
            load: returns what screens with the artefact in a folder.
            seen: the stamp of the shelf when `live` was loaded from it.
            switched: told of a model that was put to work.
        """
        self._live, self._shelf, self._load, self._switched = live, shelf, load, switched
        self._seen = seen
        self._old: weakref.ref[Screener] | None = None
        self._closed = threading.Event()
        metrics.set_model_refused(refused=bool(live.refused))
        self._thread = threading.Thread(target=self._run, name="models", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, after the model that is being loaded."""
        self._closed.set()
        self._thread.join()

    def look(self) -> None:
        """Put the model to work that was chosen since the last look, if any was."""
        stamp = self._shelf.stamp()
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._follow()
        except Exception as error:  # whatever it is: the model that is live goes on
            logger.warning("another model cannot be put to work: %s", describe(error))
            self._tell_refused(reason(error))

    def _run(self) -> None:
        while not self._closed.wait(LOOK_EVERY_SECONDS):
            self.look()

    def _follow(self) -> None:
        if not self._is_live(self._shelf.live()[0]):
            self._wait_until_old_is_gone()
            if self._closed.is_set():
                return
            name = self._shelf.live()[0]  # somebody may have thought better of it meanwhile
            if not self._is_live(name):
                self._switch(name)
        self._tell_refused("")

    def _is_live(self, name: str) -> bool:
        return self._shelf.folder_of(name) == self._live.folder

    def _switch(self, name: str) -> None:
        screener = load_kept(self._shelf, name, self._load)
        self._old = weakref.ref(self._live.screener)
        self._live.switch(screener, self._shelf.folder_of(name))
        info = self._live.info
        logger.info("model %s %s is live", info.version, info.sha256[:12])
        metrics.count_model_switch()
        self._switched(info)

    def _tell_refused(self, why: str) -> None:
        self._live.refused = why
        metrics.set_model_refused(refused=bool(why))

    def _wait_until_old_is_gone(self) -> None:
        if self._old is not None and self._old() is not None:
            gc.collect()  # an error and the request that it failed hold each other, and both the model
        waited = 0.0
        while self._old is not None and self._old() is not None:
            if self._closed.wait(_LOOK_FOR_OLD_SECONDS):
                return
            waited += _LOOK_FOR_OLD_SECONDS
            if waited > OLD_GOES_WITHIN_SECONDS:
                logger.warning("a model that was replaced is still in memory")
                return
