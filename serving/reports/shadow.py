"""Shadow mode: a candidate reads some stored reports after the live model, and what differs is counted.

It has one thread, one stream of the network and one twentieth of the time at most, and reads only while
nothing else is being screened. What comes while it has no time is dropped: nothing ever waits for it.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from models.screening import PRIORITIES, Document, Screening, ScreeningError
from serving import metrics
from serving.log import describe, logger
from serving.reports.disagreements import (
    CANDIDATE,
    LIVE,
    PRIORITY,
    Disagreements,
    differing,
    keyed_id,
    write_disagreements,
)
from serving.screening.live_model import LiveModel, Load, warmed
from serving.store.sealing import Keyring

if TYPE_CHECKING:
    from models.screener import Screener

MOST_WAITING: Final = 64
MOST_CHARS: Final = 4_000
"""Longer texts are not compared: one that is begun is read to its end, whoever comes meanwhile."""
REST: Final = 19.0
"""Of each second that it screens, so many that it does not."""
LOOK_EVERY_SECONDS: Final = 0.02
STALE_SECONDS: Final = 60.0
WRITE_EVERY_SECONDS: Final = 10.0
_RANKS: Final[Mapping[str, int]] = {priority: rank for rank, priority in enumerate(PRIORITIES)}


@dataclass(frozen=True, slots=True)
class _Seen:
    """A text that the live model has read."""

    document: Document = field(repr=False)
    record: Screening = field(repr=False)
    at: float


class Shadow:
    """Compares a candidate with the live model, from `start` to `close`."""

    def __init__(self, folder: Path, live: LiveModel, keyring: Keyring, counted_in: Path) -> None:
        """Prepare; nothing is loaded yet.

        Args:
            folder: the candidate's artefact.
            live: the model that answers.
            keyring: of the store, which keys the ids of reports.
            counted_in: folder for what was counted.
        """
        self._folder, self._live, self._keyring, self._counted_in = folder, live, keyring, counted_in
        self._name = uuid4().hex[:8]
        self._waiting: Queue[_Seen] = Queue(MOST_WAITING)
        self._is_ready = threading.Event()
        self._closed = threading.Event()
        self._counted: dict[tuple[str, str], Disagreements] = {}
        self._has_news = False
        self._write_at = 0.0
        self._thread: threading.Thread | None = None

    def start(self, load: Load, is_idle: Callable[[], bool]) -> None:
        """Load the candidate and begin, in a thread of its own.

        Args:
            load: returns what screens with the artefact in a folder.
            is_idle: whether nothing else is being screened.
        """
        self._thread = threading.Thread(target=self._run, args=(load, is_idle), name="shadow", daemon=True)
        self._thread.start()

    def offer(self, document: Document, record: Screening | ScreeningError) -> None:
        """Take a text that the live model has read, if there is room; returns at once."""
        if not self._is_ready.is_set() or isinstance(record, ScreeningError):
            return
        if len(document.text) > MOST_CHARS:
            metrics.count_shadow("long")
            return
        try:
            self._waiting.put_nowait(_Seen(document, record, time.monotonic()))
        except Full:
            metrics.count_shadow("dropped")

    def close(self) -> None:
        """End after the text that is being read; what waits is dropped."""
        self._is_ready.clear()
        self._closed.set()
        if self._thread:
            self._thread.join()

    def _run(self, load: Load, is_idle: Callable[[], bool]) -> None:
        try:
            candidate = warmed(load(self._folder))
        except Exception as error:  # whatever it is: the live model answers alone
            logger.warning("the candidate beside the live model cannot be loaded: %s", describe(error))
            return
        info = candidate.artifact.info
        logger.info("model %s %s reads beside the live one", info.version, info.sha256[:12])
        self._is_ready.set()
        while not self._closed.is_set():
            try:
                self._next(candidate, is_idle)
            except Exception as error:  # whatever it is: the next text may do
                logger.warning("a text could not be compared: %s", describe(error))
            if time.monotonic() >= self._write_at:
                self._write()
        self._write()

    def _next(self, candidate: "Screener", is_idle: Callable[[], bool]) -> None:
        """Compare the next text, once nothing else is to be done; then rest."""
        try:
            seen = self._waiting.get(timeout=1.0)
        except Empty:
            return
        is_stale = False  # what waits too long is forgotten: it may have been purged meanwhile
        while not (is_stale := time.monotonic() - seen.at > STALE_SECONDS) and not is_idle():
            if self._closed.wait(LOOK_EVERY_SECONDS):
                return
        if is_stale:
            metrics.count_shadow("dropped")
            return
        if seen.record.model.sha256 == candidate.artifact.info.sha256:
            return  # it is the live one by now
        started = time.monotonic()
        try:
            [record] = candidate.screen([seen.document])
            if isinstance(record, Screening):
                self._count(seen, record)
        finally:  # one that fails takes no more of the time than another
            self._closed.wait(REST * (time.monotonic() - started))

    def _count(self, seen: _Seen, record: Screening) -> None:
        language = metrics.bounded_language(seen.record.language, self._live.screener.artifact.languages)
        pair = seen.record.model.sha256, record.model.sha256
        cells = differing(seen.record, record, language, _RANKS)
        counted = self._counted.setdefault(pair, Disagreements(*pair))
        counted.add(cells, language, keyed_id(self._keyring, seen.document.id))
        self._has_news = True
        metrics.count_shadow("compared")
        for by in (LIVE, CANDIDATE):
            labels = [label for label, _, who in cells if who == by and label != PRIORITY]
            metrics.count_shadow_disagreements(labels, language, by)

    def _write(self) -> None:
        self._write_at = time.monotonic() + WRITE_EVERY_SECONDS
        if not self._has_news:
            return
        self._has_news = False
        for (live, candidate), counted in self._counted.items():
            name = f"{candidate[:16]}-{live[:16]}-{self._name}.json"
            try:
                write_disagreements(self._counted_in / name, counted)
            except OSError as error:
                self._has_news = True
                logger.warning("what a candidate says differently cannot be written: %s", describe(error))
