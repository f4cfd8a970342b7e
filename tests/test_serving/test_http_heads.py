"""What a client sends before its body has an end, or its connection has."""

import socket

import pytest

SECONDS = 30


def test_whoever_asks_for_a_websocket_is_answered_as_if_not(server):
    asked = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eHh4\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        connection.sendall(
            b"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n" + asked + b"{}"
        )

        assert connection.recv(12) == b"HTTP/1.1 415"


ENDLESS = {
    "header": b"GET /livez HTTP/1.1\r\nHost: a\r\nX-A: ",
    "path": b"GET /",
    "headers": b"GET /livez HTTP/1.1\r\n",
    "chunk": b"POST /v1/screen HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;a=",
    "trailer": b"POST /v1/screen HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: ",
}


@pytest.mark.parametrize("beginning", ENDLESS.values(), ids=ENDLESS)
def test_a_head_that_does_not_end_is_not_read_for_ever(server, beginning):
    more = (b"a: b\r\n" if beginning.endswith(b"1.1\r\n") else b"aaaaaa") * 5_000
    sent = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        connection.sendall(beginning)
        try:
            while sent < 50_000_000:
                connection.sendall(more)
                sent += len(more)
        except ConnectionError:
            pass

    assert sent < 20_000_000  # what the machine's own buffers took
