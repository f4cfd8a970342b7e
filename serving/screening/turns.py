"""Whose documents are screened next: requests take turns, so that no long one holds up the others."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from models.screening import Document, OperatingPoint, Screening, ScreeningError

Record = Screening | ScreeningError
Screen = Callable[[Sequence[Document], OperatingPoint], list[Record]]

TURN_TOKENS = 1024  # estimated


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a text has, without reading it.

    Fitted to the texts of `training/authored` by least squares: too many for Thai, too few for Chinese. That
    is enough to compare waits, for the queue measures its speed in the same unit.
    """
    return 10 + len(text) // 5 + len(text.encode(errors="surrogatepass")) // 17


@dataclass(slots=True, eq=False)
class Request:
    """Documents that were sent together, and how far they are.

    Attributes:
        answer: gets the records, one per document in order, or what went wrong.
        screen: of the model that was live when it was accepted, which answers all of it.
        tokens: estimated tokens of each document.
        accepted_at: `time.monotonic`.
        records: one per document; None while it has none.
        unanswered: documents without a record.
        begun: documents that a batch has taken; always the first ones.
        waiting_tokens: tokens of those that no batch has taken.
    """

    documents: Sequence[Document]
    operating_point: OperatingPoint
    answer: "asyncio.Future[list[Record] | Exception]"
    screen: Screen
    tokens: list[int] = field(init=False)
    accepted_at: float = field(init=False, default_factory=monotonic)
    records: list[Record | None] = field(init=False)
    unanswered: int = field(init=False)
    begun: int = field(init=False, default=0)
    waiting_tokens: int = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = [estimated_tokens(document.text) for document in self.documents]
        self.records = [None] * len(self.documents)
        self.unanswered = len(self.documents)
        self.waiting_tokens = sum(self.tokens)

    @property
    def waiting_documents(self) -> int:
        """Documents that no batch has taken."""
        return len(self.documents) - self.begun

    @property
    def next_turn_tokens(self) -> int:
        """Tokens of its next turn at most: a document longer than a turn is taken as a whole."""
        if not self.waiting_documents:
            return 0
        return min(self.waiting_tokens, max(TURN_TOKENS, self.tokens[self.begun]))

    def may_share_a_batch(self, other: "Request") -> bool:
        """Whether both are answered by one model at one operating point."""
        return self.operating_point == other.operating_point and self.screen == other.screen


class Part(NamedTuple):
    """The documents `[start, stop)` of a request, in one batch."""

    request: Request
    start: int
    stop: int
    tokens: int

    @property
    def documents(self) -> Sequence[Document]:
        """Its documents, in order."""
        return self.request.documents[self.start : self.stop]


class TurnQueue:
    """The requests with documents that no batch has taken. Not safe to share between threads.

    Attributes:
        documents: how many wait.
        tokens: how many they have.
    """

    def __init__(self) -> None:
        self.documents = 0
        self.tokens = 0
        self._first_turns = 0  # tokens of the next turn of every request
        self._requests: deque[Request] = deque()  # whose turn is next comes first

    def add(self, request: Request) -> None:
        """Put a request behind all others."""
        self._requests.append(request)
        self._count(request, 1)

    def remove(self, request: Request) -> None:
        """Take out a request that is in the queue."""
        self._requests.remove(request)
        self._count(request, -1)
        request.begun, request.waiting_tokens = len(request.documents), 0

    def tokens_ahead(self, tokens: int) -> int:
        """Return how many tokens of others would be taken before the last turn of a request of so many.

        Each of the others is ahead with what it has, but with no more than the request itself and one turn.
        """
        if tokens <= TURN_TOKENS:
            return self._first_turns
        return sum(
            min(request.waiting_tokens, max(request.next_turn_tokens, tokens)) for request in self._requests
        )

    def next_batch(self, room: int) -> list[Part]:
        """Take the next batch: turns of the first requests that may share one, up to `room` tokens.

        Returns:
            At least one document of every request in it; empty if nothing waits.
        """
        batch: list[Part] = []
        passed_over: list[Request] = []
        while self._requests:
            request = self._requests.popleft()
            if batch and not request.may_share_a_batch(batch[0].request):
                passed_over.append(request)
            elif batch and request.tokens[request.begun] > room:
                self._requests.appendleft(request)
                break
            else:
                part = self._turn(request, min(room, TURN_TOKENS))
                batch.append(part)
                room -= part.tokens
                if request.waiting_documents:
                    self._requests.append(request)
        self._requests.extendleft(reversed(passed_over))
        return batch

    def _turn(self, request: Request, budget: int) -> Part:
        """Take the next documents of a request, as many as the budget holds, but at least one."""
        self._count(request, -1)
        start, tokens = request.begun, request.tokens[request.begun]
        request.begun += 1
        for following in request.tokens[request.begun :]:
            if tokens + following > budget:
                break
            tokens += following
            request.begun += 1
        request.waiting_tokens -= tokens
        self._count(request, 1)
        return Part(request, start, request.begun, tokens)

    def _count(self, request: Request, sign: int) -> None:
        """Add what waits of a request to the totals, or subtract it."""
        self.documents += sign * request.waiting_documents
        self.tokens += sign * request.waiting_tokens
        self._first_turns += sign * request.next_turn_tokens
