import asyncio
import threading
from contextlib import asynccontextmanager

import pytest

import serving.screening.batcher
import serving.screening.turns
from models.screening import Document
from serving.screening.batcher import Batcher, QueueClosedError, QueueFullError, Throughput
from serving.screening.turns import Request, TurnQueue, estimated_tokens

PATIENCE_SECONDS = 30


class GatedScreen:
    """Answers every document with its id and operating point, once the gate is open; fails on "raise"."""

    def __init__(self):
        self.gate = threading.Event()
        self.batches = []

    def __call__(self, documents, operating_point):
        self.batches.append([document.id for document in documents])
        assert self.gate.wait(PATIENCE_SECONDS)
        if any("raise" in document.text for document in documents):
            raise ValueError("cannot screen")
        return [(document.id, operating_point) for document in documents]

    async def begun(self, batches):
        """Wait until so many batches were begun."""
        while len(self.batches) < batches:
            await asyncio.sleep(0.001)


@asynccontextmanager
async def batching(screen, *, max_wait_seconds=1000.0):
    """One worker, so that what follows the first batch is known."""
    batcher = Batcher(lambda: screen, max_wait_seconds=max_wait_seconds, workers=1)
    try:
        yield batcher
    finally:
        screen.gate.set()
        await batcher.close()


async def submitted(batcher, *ids, text="good morning", operating_point="balanced"):
    """Return the task of a request that is in the queue."""
    documents = [Document(id=name, text=text) for name in ids]
    task = asyncio.create_task(batcher.submit(documents, operating_point))
    await asyncio.sleep(0)
    return task


def ids_of(records):
    return [name for name, _ in records]


def test_documents_of_several_requests_are_screened_together_and_each_request_gets_its_own():
    async def scenario():
        screen = GatedScreen()
        async with batching(screen) as batcher:
            first = await submitted(batcher, "first")
            await screen.begun(1)
            others = [await submitted(batcher, f"{name}1", f"{name}2") for name in "abc"]
            screen.gate.set()
            answers = [ids_of(await task) for task in (first, *others)]
        return screen.batches, answers

    batches, answers = asyncio.run(scenario())
    assert batches == [["first"], ["a1", "a2", "b1", "b2", "c1", "c2"]]
    assert answers == [["first"], ["a1", "a2"], ["b1", "b2"], ["c1", "c2"]]


def test_documents_of_different_operating_points_are_never_screened_together():
    async def scenario():
        screen = GatedScreen()
        async with batching(screen) as batcher:
            first = await submitted(batcher, "first")
            await screen.begun(1)
            tasks = [
                await submitted(batcher, name, operating_point=point)
                for name, point in (("a", "strict"), ("b", "screening"), ("c", "strict"), ("d", "screening"))
            ]
            screen.gate.set()
            return screen.batches, [(await task)[0] for task in (first, *tasks)]

    batches, answers = asyncio.run(scenario())
    assert batches == [["first"], ["a", "c"], ["b", "d"]]
    assert answers[1:] == [("a", "strict"), ("b", "screening"), ("c", "strict"), ("d", "screening")]


def test_a_single_text_waits_for_one_turn_of_a_long_request(monkeypatch):
    tokens = estimated_tokens("good morning")
    monkeypatch.setattr(serving.screening.turns, "TURN_TOKENS", 2 * tokens)
    monkeypatch.setattr(serving.screening.batcher, "BATCH_TOKENS", 3 * tokens)

    async def scenario():
        screen = GatedScreen()
        async with batching(screen) as batcher:
            first = await submitted(batcher, "first")
            await screen.begun(1)
            long = await submitted(batcher, *(f"long{number}" for number in range(9)))
            single = await submitted(batcher, "single")
            screen.gate.set()
            await asyncio.gather(first, single)
            return screen.batches, ids_of(await long)

    batches, answer = asyncio.run(scenario())
    assert batches[1] == ["long0", "long1", "single"]
    assert answer == [f"long{number}" for number in range(9)]
    assert max(len(batch) for batch in batches) == 3


def test_a_text_longer_than_a_batch_is_screened_alone(monkeypatch):
    monkeypatch.setattr(serving.screening.batcher, "BATCH_TOKENS", 100)

    async def scenario():
        screen = GatedScreen()
        screen.gate.set()
        async with batching(screen) as batcher:
            records = await batcher.submit(
                [Document(id=str(number), text="x" * 5000) for number in range(3)], "balanced"
            )
        return screen.batches, ids_of(records)

    assert asyncio.run(scenario()) == ([["0"], ["1"], ["2"]], ["0", "1", "2"])


def test_a_document_that_fails_takes_no_other_request_with_it():
    async def scenario():
        screen = GatedScreen()
        async with batching(screen) as batcher:
            first = await submitted(batcher, "first")
            await screen.begun(1)
            poisonous = await submitted(batcher, "p1", "p2", text="raise")
            good = await submitted(batcher, "g1", "g2")
            screen.gate.set()
            await first
            with pytest.raises(ValueError, match="cannot screen"):
                await poisonous
            return ids_of(await good)

    assert asyncio.run(scenario()) == ["g1", "g2"]


def test_the_rest_of_a_failed_request_is_not_screened(monkeypatch):
    monkeypatch.setattr(serving.screening.batcher, "BATCH_TOKENS", 1)

    async def scenario():
        screen = GatedScreen()
        screen.gate.set()
        async with batching(screen) as batcher:
            with pytest.raises(ValueError, match="cannot screen"):
                await (await submitted(batcher, *"abcd", text="raise"))
        return screen.batches

    assert asyncio.run(scenario()) == [["a"]]


@pytest.mark.parametrize("answer", [[], [("a", "balanced")] * 2])
def test_a_screener_that_loses_or_adds_records_is_a_failure(answer):
    async def scenario():
        batcher = Batcher(lambda: lambda documents, operating_point: answer, max_wait_seconds=1.0)
        with pytest.raises(ValueError, match="expected 1 records, found"):
            await batcher.submit([Document(id="a", text="good morning")], "balanced")
        await batcher.close()

    asyncio.run(scenario())


def test_a_request_that_is_cancelled_leaves_the_queue_and_the_rest_is_answered():
    async def scenario():
        screen = GatedScreen()
        async with batching(screen) as batcher:
            first = await submitted(batcher, "first")
            await screen.begun(1)
            left = await submitted(batcher, "left1", "left2")
            stays = await submitted(batcher, "stays")
            left.cancel()
            await asyncio.sleep(0)
            screen.gate.set()
            answers = ids_of(await first), ids_of(await stays)
        return screen.batches, answers, left.cancelled()

    batches, answers, was_cancelled = asyncio.run(scenario())
    assert batches == [["first"], ["stays"]]
    assert answers == (["first"], ["stays"])
    assert was_cancelled


def test_a_request_cancelled_while_it_is_screened_disturbs_nobody():
    async def scenario():
        screen = GatedScreen()
        async with batching(screen) as batcher:
            first = await submitted(batcher, "first")
            await screen.begun(1)
            first.cancel()
            screen.gate.set()
            return ids_of(await (await submitted(batcher, "second")))

    assert asyncio.run(scenario()) == ["second"]


def test_a_request_that_would_wait_too_long_is_refused_whole_and_the_others_are_answered(monkeypatch):
    monkeypatch.setattr(Throughput, "tokens_per_second", 10.0)

    async def scenario():
        screen = GatedScreen()
        async with batching(screen, max_wait_seconds=4.0) as batcher:
            first = await submitted(batcher, "first")
            await screen.begun(1)
            waits = await submitted(batcher, *(f"waits{number}" for number in range(9)))
            refused = await submitted(batcher, "refused1", "refused2")
            with pytest.raises(QueueFullError) as caught:
                await refused
            screen.gate.set()
            answers = [*ids_of(await first), *ids_of(await waits)]
            after = ids_of(await (await submitted(batcher, "after")))
        return caught.value, screen.batches, answers, after

    refusal, batches, answers, after = asyncio.run(scenario())
    ahead = 10 * estimated_tokens("good morning")
    assert refusal.retry_after_seconds == -(-ahead // 10)
    assert answers == ["first", *(f"waits{number}" for number in range(9))]
    assert not any("refused1" in batch for batch in batches)
    assert after == ["after"]


def test_a_single_text_is_taken_where_a_request_as_long_as_what_waits_is_refused(monkeypatch):
    monkeypatch.setattr(Throughput, "tokens_per_second", 1000.0)
    ids = [str(number) for number in range(250)]

    async def scenario():
        screen = GatedScreen()
        async with batching(screen, max_wait_seconds=2.0) as batcher:
            first = await submitted(batcher, "first")
            await screen.begun(1)
            long = await submitted(batcher, *ids)
            with pytest.raises(QueueFullError):
                await (await submitted(batcher, *ids))
            single = await submitted(batcher, "single")
            screen.gate.set()
            return [len(await task) for task in (first, long, single)]

    assert asyncio.run(scenario()) == [1, 250, 1]


def test_where_nothing_waits_a_request_is_taken_however_long(monkeypatch):
    monkeypatch.setattr(Throughput, "tokens_per_second", 0.001)

    async def scenario():
        screen = GatedScreen()
        async with batching(screen, max_wait_seconds=0.001) as batcher:
            first = await submitted(batcher, *(str(number) for number in range(256)))
            screen.gate.set()
            return len(await first)

    assert asyncio.run(scenario()) == 256


def test_too_many_documents_are_refused_even_if_they_would_not_wait_long(monkeypatch):
    monkeypatch.setattr(serving.screening.batcher, "MAX_WAITING_DOCUMENTS", 3)

    async def scenario():
        screen = GatedScreen()
        async with batching(screen) as batcher:
            first = await submitted(batcher, "first")
            await screen.begun(1)
            waits = await submitted(batcher, "a", "b")
            with pytest.raises(QueueFullError):
                await (await submitted(batcher, "c", "d"))
            fits = await submitted(batcher, "e")
            screen.gate.set()
            return [ids_of(await task) for task in (first, waits, fits)]

    assert asyncio.run(scenario()) == [["first"], ["a", "b"], ["e"]]


def test_what_was_accepted_is_answered_after_the_end_and_nothing_more_is_accepted():
    async def scenario():
        screen = GatedScreen()
        async with batching(screen) as batcher:
            accepted = [await submitted(batcher, name) for name in "abc"]
            ending = asyncio.create_task(batcher.close())
            await asyncio.sleep(0)
            with pytest.raises(QueueClosedError):
                await (await submitted(batcher, "late"))
            screen.gate.set()
            await ending
            return [ids_of(await task) for task in accepted]

    assert asyncio.run(scenario()) == [["a"], ["b"], ["c"]]


def test_no_documents_are_answered_at_once():
    async def scenario():
        async with batching(GatedScreen()) as batcher:
            return await batcher.submit([], "balanced")

    assert asyncio.run(scenario()) == []


def test_speed_is_that_of_the_last_batches_and_time_two_of_them_shared_counts_once():
    throughput = Throughput()
    for number in range(200):
        throughput.add(1000, float(number), number + 2.0)
    assert throughput.tokens_per_second == pytest.approx(1000)
    for number in range(200, 300):
        throughput.add(1000, number + 0.0, number + 0.5)
    assert throughput.tokens_per_second == pytest.approx(2000, rel=0.1)


def test_what_waits_is_counted_whatever_leaves_the_queue():
    queue = TurnQueue()
    requests = [
        Request([Document(id="-", text="x" * 300)] * size, "balanced", None, None) for size in (1, 40, 200)
    ]
    for request in requests:
        queue.add(request)
    assert queue.documents == 241
    queue.next_batch(4096)
    queue.remove(requests[1])
    assert (queue.documents, queue.tokens) == (requests[2].waiting_documents, requests[2].waiting_tokens)
    while queue.next_batch(4096):
        pass
    assert (queue.documents, queue.tokens, queue.tokens_ahead(1), queue.tokens_ahead(9999)) == (0, 0, 0, 0)


@pytest.mark.parametrize(("tokens_per_second", "documents"), [(100_000.0, 4), (5_500.0, 1)])
def test_a_slower_machine_screens_fewer_documents_at_a_time(monkeypatch, tokens_per_second, documents):
    monkeypatch.setattr(Throughput, "tokens_per_second", tokens_per_second)
    text = "x" * 3900
    assert 1000 < estimated_tokens(text) < 1024

    async def scenario():
        screen = GatedScreen()
        screen.gate.set()
        async with batching(screen) as batcher:
            await (await submitted(batcher, *"abcdefgh", text=text))
        return screen.batches

    assert {len(batch) for batch in asyncio.run(scenario())} == {documents}
