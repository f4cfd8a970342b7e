"""Bytes over a connection: what clients that check their requests would not send."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Final

from tests.fuzz.hostile import Hostile

SECONDS: Final = 30
_MOST_BYTES: Final = 20_000_000
_STREAM: Final = "text/event-stream"


@dataclass(frozen=True)
class Answer:
    """What came back; status 0: nothing did, for the connection was ended or `SECONDS` were over."""

    status: int
    is_late: bool = False
    media_type: str = ""
    headers: bytes = b""
    body: bytes = b""


class Connection:
    """One connection, opened anew whenever the other side ended it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def send(self, request: Hostile, key: str) -> Answer:
        """Send a request and return its answer."""
        content = request.raw or _written(request, key)
        try:
            return self._exchanged(content, request.method)
        except TimeoutError:
            self.close()
            return Answer(0, is_late=True)
        except (OSError, HTTPException):
            self.close()
            return Answer(0)

    def close(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = None

    def _exchanged(self, content: bytes, method: str) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=SECONDS)
        with suppress(ConnectionError):  # who refuses a long body may answer and end before its end
            self._socket.sendall(content)
        response = HTTPResponse(self._socket, method=method)
        response.begin()
        is_stream = response.headers.get_content_type() == _STREAM
        body = b"" if is_stream else response.read(_MOST_BYTES)
        if response.will_close or is_stream:
            self.close()
        media_type = response.headers.get_content_type()
        return Answer(response.status, False, media_type, bytes(response.headers), body)


def _written(request: Hostile, key: str) -> bytes:
    """Return a request as it goes over the wire."""
    headers = {
        "Host": "127.0.0.1",
        **({"Authorization": f"Bearer {key}"} if key else {}),
        **({"Content-Length": str(len(request.body))} if request.body else {}),
        **request.headers,
    }
    lines = [
        f"{request.method} {request.path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + request.body
