"""A line to a service that breaks where a test wants it to."""

import socket
import threading
from collections import deque
from contextlib import suppress


class CutLine:
    """Passes on what comes to its port; cuts connections short, one after the other, as `cuts` says.

    A cut is a marker: the answer is passed on up to and with it, then both ends are closed. An empty one
    passes nothing of the answer on, though the service has given it. When there is none left, all passes.
    """

    def __init__(self, port: int, *cuts: bytes) -> None:
        self._port, self._cuts = port, deque(cuts)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self.connections += 1
                cut = self._cuts.popleft() if self._cuts else None
                threading.Thread(target=self._pass_on, args=(near, cut), daemon=True).start()

    def _pass_on(self, near: socket.socket, cut: bytes | None) -> None:
        with near, socket.create_connection(("127.0.0.1", self._port)) as far:
            threading.Thread(target=_copy, args=(near, far), daemon=True).start()
            passed = b""
            with suppress(OSError):
                while part := far.recv(65_536):
                    end = (passed + part).find(cut) if cut is not None else -1
                    if cut is not None and end >= 0:
                        near.sendall((passed + part)[len(passed) : end + len(cut)])
                        break
                    near.sendall(part)
                    passed += part
                for end_of in (near, far):
                    end_of.shutdown(socket.SHUT_RDWR)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
