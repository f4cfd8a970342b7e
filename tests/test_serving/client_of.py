"""Clients of both kinds for one test: the asynchronous one is waited for at each step."""

import asyncio
import inspect

from serving.client import AsyncClient


class Waited:
    """An `AsyncClient` that is used as a `Client`."""

    def __init__(self, runner: asyncio.Runner, *arguments, **options) -> None:
        self._runner = runner
        self._client = AsyncClient(*arguments, **options)

    def __getattr__(self, name):
        def called(*arguments, **options):
            answer = getattr(self._client, name)(*arguments, **options)
            return self._steps(answer) if inspect.isasyncgen(answer) else self._runner.run(answer)

        return called

    def close(self) -> None:
        self._runner.run(self._client.aclose())

    def _steps(self, answer):
        try:
            while True:
                try:
                    step = self._runner.run(_next(answer))
                except StopAsyncIteration:
                    return
                yield step
        finally:
            self._runner.run(answer.aclose())


async def _next(answer):
    return await anext(answer)
