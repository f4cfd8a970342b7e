"""What uvicorn reads of a request before any of our code: bounded, for its parser would read for ever.

A path, a header, the name of a chunk or a trailer that never ends is kept in memory while it lasts, from
anybody who can connect. Uvicorn bounds them only with its other parser, which is several times slower.
"""

from typing import Final

import uvicorn.config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from serving.access.gate import MAX_HEAD_BYTES


class BoundedHttp(HttpToolsProtocol):
    """Ends a connection that sends too much that is no body; leads none to a WebSocket.

    What arrives at once, at most 256 kB, is always read: a whole request may be in it. Nothing here speaks
    WebSocket, and whoever asked for one without its other headers would wait for ever.
    """

    _no_body_bytes = 0

    def _should_upgrade_to_ws(self) -> bool:
        return False

    def data_received(self, data: bytes) -> None:
        """Read what arrived, unless too much came since the last byte of a body."""
        if self._no_body_bytes > MAX_HEAD_BYTES:
            self.send_400_response("The head of the request is too large.")
            return
        self._no_body_bytes += len(data)
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._no_body_bytes = 0
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        """Keep a part of a body, which the gate bounds."""
        self._no_body_bytes = 0
        super().on_body(body)


PLACE: Final = f"{__name__}:{BoundedHttp.__name__}"


def bound_heads() -> None:
    """Let uvicorn read with `BoundedHttp` in this process; BentoML has no setting for it."""
    uvicorn.config.HTTP_PROTOCOLS["auto"] = PLACE
