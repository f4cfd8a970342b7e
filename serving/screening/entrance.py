"""What a request to screen passes before its JSON is read: it is turned away if too much waits already.

A report never is: it is stored, and screened when there is time.
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.access.messages import replay
from serving.schemas.problems import ENDING, ProblemResponse, busy
from serving.screening.batcher import Batcher, QueueClosedError, QueueFullError

_SCREENED_AT_ONCE = ("/v1/screen", "/v1/redact")
CLIENT_LEFT = 499  # nobody reads it, but logs and metrics tell it; nginx calls it so


class EntranceMiddleware:
    """Turns requests away while the queue is full, and gives up those whose client has left.

    Under overload most requests are refused. To read their JSON first would cost as much time as to screen
    another text.
    """

    def __init__(self, app: ASGIApp, find_batcher: Callable[[], Batcher]) -> None:
        """Guard `app`; `find_batcher` is called for each request, since the app is built first."""
        self._app = app
        self._find_batcher = find_batcher

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, if it may have room."""
        if scope["type"] != "http" or scope["path"] not in _SCREENED_AT_ONCE:
            await self._app(scope, receive, send)
            return
        try:
            self._find_batcher().refuse_if_full()
        except (QueueFullError, QueueClosedError) as error:
            await refusal(error)(scope, receive, send)
        else:
            await self._while_client_waits(scope, receive, send)

    async def _while_client_waits(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await receive()  # whole: AccessMiddleware has read it
        try:
            async with asyncio.timeout(None) as patience:
                watch = asyncio.create_task(_end_at_disconnect(receive, patience))
                try:
                    await self._app(scope, replay(body, receive), send)
                finally:
                    watch.cancel()
        except TimeoutError:
            if not patience.expired():
                raise
            # BentoML's TimeoutMiddleware waits until there is an answer
            await Response(status_code=CLIENT_LEFT)(scope, receive, send)


async def unless_refused(response: Awaitable[Response]) -> Response:
    """Return a response, or the problem that the queue has with its request."""
    try:
        return await response
    except (QueueFullError, QueueClosedError) as error:
        return refusal(error)


def refusal(error: QueueFullError | QueueClosedError) -> ProblemResponse:
    """Return the answer to a request that the queue does not take."""
    if isinstance(error, QueueFullError):
        return busy(error.retry_after_seconds)
    return ProblemResponse(ENDING)


async def _end_at_disconnect(receive: Receive, patience: asyncio.Timeout) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    patience.reschedule(asyncio.get_running_loop().time())
