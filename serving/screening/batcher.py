"""One bounded queue in which the documents of all requests meet, and the threads that screen them.

A thread that is free screens what waits at once, up to a batch. Nothing waits for a batch to fill: while all
threads are busy the queue fills by itself, and while they are not, a text that waited for company would only
be late.

A request is refused by the wait that it would have itself, not by the length of the queue: where requests
take turns, a long one is in the way of others as long as itself, hardly of a single text.
"""

import asyncio
import math
import threading
from collections.abc import Callable, Sequence
from time import monotonic

from models.errors import ScamScreenError
from models.screening import Document, OperatingPoint
from serving import metrics
from serving.log import describe, logger
from serving.screening.turns import TURN_TOKENS, Part, Record, Request, Screen, TurnQueue

Outcome = list[Record] | Exception

BATCH_TOKENS = 4096  # estimated; some batches of the network, of texts of like length
BATCH_SECONDS = 0.2  # of a slower machine a batch takes less, for the next ones wait for it
WORKERS = 2  # one prepares its batch or reads its results while the other's is in the network
MAX_WAITING_DOCUMENTS = 8192
_FIRST_GUESS = 5000.0  # tokens per second
_KEPT = 0.9  # of the past, batch by batch
_LONGEST_SECONDS = 2.0  # that a batch counts for: a machine that was paused is as fast as before
_LATEST_RETRY_SECONDS = 30


class QueueFullError(ScamScreenError):
    """A request would wait too long; nothing of it was accepted.

    Attributes:
        retry_after_seconds: until what is ahead of it will be done, from 1 to 30.
    """

    def __init__(self, wait_seconds: float) -> None:
        self.retry_after_seconds = min(max(1, math.ceil(wait_seconds)), _LATEST_RETRY_SECONDS)
        super().__init__(
            f"too many documents wait already: send the request again in {self.retry_after_seconds} seconds"
        )


class QueueClosedError(ScamScreenError):
    """The service ends and accepts nothing more."""

    def __init__(self) -> None:
        super().__init__("the service ends: send the request again, to the one that follows it")


class ScreeningFailedError(ScamScreenError):
    """A library failed over some documents in a way of its own; its message may quote them."""

    def __init__(self) -> None:
        super().__init__("these documents could not be screened")


class Batcher:
    """Screens the documents of many requests in common batches. For the requests of one event loop."""

    def __init__(
        self,
        current: Callable[[], Screen],
        *,
        max_wait_seconds: float,
        workers: int = WORKERS,
    ) -> None:
        """Start the threads.

        Args:
            current: returns what screens a request that is accepted now: one record per document, in order;
                called by several threads at once.
            max_wait_seconds: a request that would wait longer is refused, unless nothing waits.
            workers: how many threads screen.
        """
        self._current = current
        self._max_wait_seconds = max_wait_seconds
        self._changed = threading.Condition()  # guards what follows
        self._queue = TurnQueue()
        self._computing_tokens = 0
        self._throughput = Throughput()
        self._is_closed = False
        self._wakes = False  # of the event loop alone
        self._threads = [
            threading.Thread(target=self._work, name=f"screening-{number}", daemon=True)
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    async def submit(self, documents: Sequence[Document], operating_point: OperatingPoint) -> list[Record]:
        """Return one record per document, in order; if cancelled, what is not begun leaves the queue.

        Raises:
            QueueFullError: they would wait too long.
            QueueClosedError: the batcher was closed.
            Exception: what `screen` raised for these documents.
        """
        if not documents:
            return []
        answer = asyncio.get_running_loop().create_future()
        request = Request(documents, operating_point, answer, self._current())
        with self._changed:
            self._refuse_if_full(request.waiting_tokens, len(documents))
            self._queue.add(request)
            metrics.set_waiting(self._queue.documents, self._queue.tokens)
        self._wake_soon()
        try:
            outcome = await request.answer
        finally:
            with self._changed:
                self._give_up(request)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def refuse_if_full(self) -> None:
        """Raise what the shortest request would get, if it would be refused."""
        with self._changed:
            self._refuse_if_full(tokens=1, documents=1)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits or is being screened."""
        return not (self._queue.documents or self._computing_tokens)

    async def close(self) -> None:
        """Accept nothing more, and return once all that was accepted is answered."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    def _wake_soon(self) -> None:
        """Wake a thread after all requests that arrived at once are in the queue, for they share a batch."""
        if not self._wakes:
            self._wakes = True
            asyncio.get_running_loop().call_soon(self._wake)

    def _wake(self) -> None:
        self._wakes = False
        with self._changed:
            self._changed.notify()

    def _refuse_if_full(self, tokens: int, documents: int) -> None:
        if self._is_closed:
            raise QueueClosedError
        if not self._queue.documents:
            return
        ahead = self._computing_tokens + self._queue.tokens_ahead(tokens)
        wait_seconds = ahead / self._throughput.tokens_per_second
        if wait_seconds > self._max_wait_seconds or self._queue.documents + documents > MAX_WAITING_DOCUMENTS:
            metrics.REFUSED.inc()
            raise QueueFullError(wait_seconds)

    def _work(self) -> None:
        """Screen batch after batch, until the batcher is closed and nothing waits."""
        while self._work_once():
            pass  # nothing of a batch is held while the next is awaited: its model may be one that goes

    def _work_once(self) -> bool:
        """Screen the next batch; return whether there was one."""
        batch = self._next_batch()
        if not batch:
            return False
        started = monotonic()
        metrics.observe_batch(
            sum(len(part.documents) for part in batch),
            [started - part.request.accepted_at for part in batch if part.start == 0],
        )
        outcomes = self._outcomes(batch)
        tokens = sum(part.tokens for part in batch)
        with self._changed:
            self._computing_tokens -= tokens
            self._throughput.add(tokens, started, monotonic())
            answers = [
                (part.request.answer, answer)
                for part, outcome in zip(batch, outcomes, strict=True)
                if (answer := self._settle(part, outcome)) is not None
            ]
        if answers:
            batch[0].request.answer.get_loop().call_soon_threadsafe(_deliver, answers)
        return True

    def _next_batch(self) -> list[Part]:
        with self._changed:
            self._changed.wait_for(lambda: self._queue.documents or self._is_closed)
            batch = self._queue.next_batch(self._room())
            metrics.set_waiting(self._queue.documents, self._queue.tokens)
            self._computing_tokens += sum(part.tokens for part in batch)
            if self._queue.documents:
                self._changed.notify()
        return batch

    def _room(self) -> int:
        """Return how many tokens a batch may have."""
        within_seconds = int(BATCH_SECONDS * self._throughput.tokens_per_second)
        return min(BATCH_TOKENS, max(TURN_TOKENS, within_seconds))

    def _outcomes(self, batch: list[Part]) -> list[Outcome]:
        """Screen a batch; if that fails, part by part, so that a document fails its own request only."""
        try:
            return self._screened(batch)
        except BaseException as error:  # whatever it is: a thread that ends here leaves requests unanswered
            metrics.FAILED_BATCHES.inc()
            logger.warning("a batch of %d requests failed: %s", len(batch), describe(error))
            if len(batch) == 1:
                return [error if isinstance(error, Exception) else ScreeningFailedError()]
        return [outcome for part in batch for outcome in self._outcomes([part])]

    def _screened(self, batch: list[Part]) -> list[Outcome]:
        documents = [document for part in batch for document in part.documents]
        request = batch[0].request
        records = request.screen(documents, request.operating_point)
        if len(records) != len(documents):
            raise ValueError(f"expected {len(documents)} records, found {len(records)}")
        following = iter(records)
        return [[next(following) for _ in part.documents] for part in batch]

    def _give_up(self, request: Request) -> None:
        """Take what is not begun of a request out of the queue; may be nothing."""
        if request.waiting_documents:
            self._queue.remove(request)
            metrics.set_waiting(self._queue.documents, self._queue.tokens)

    def _settle(self, part: Part, outcome: Outcome) -> Outcome | None:
        """Keep the outcome of a part; return that of its request, once there is one."""
        request = part.request
        if isinstance(outcome, Exception):
            self._give_up(request)
            return outcome
        request.records[part.start : part.stop] = outcome
        request.unanswered -= len(outcome)
        return None if request.unanswered else [record for record in request.records if record is not None]


class Throughput:
    """Measures the estimated tokens per second of the last batches.

    Attributes:
        tokens_per_second: a guess at first.
    """

    def __init__(self) -> None:
        self._tokens = _FIRST_GUESS
        self._seconds = 1.0
        self._last_end = 0.0

    @property
    def tokens_per_second(self) -> float:
        """Of the last batches, the latest counting most; a guess before the first."""
        return self._tokens / self._seconds

    def add(self, tokens: int, started: float, ended: float) -> None:
        """Add a batch; the time in which another one was computed as well counts once."""
        self._tokens = _KEPT * self._tokens + tokens
        passed = min(ended - max(started, self._last_end), _LONGEST_SECONDS)
        self._seconds = _KEPT * self._seconds + passed
        self._last_end = ended


def _deliver(answers: list[tuple["asyncio.Future[Outcome]", Outcome]]) -> None:
    """Answer the requests that still wait; runs in their event loop."""
    for answer, outcome in answers:
        if not answer.done():
            answer.set_result(outcome)
