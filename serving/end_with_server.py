"""A worker whose server was killed ends too: else it would hold the store, and nobody would know of it."""

import os
import signal
import threading
import time
from typing import Final

from serving.log import logger

LOOK_EVERY_SECONDS: Final = 0.5
GRACE_SECONDS: Final = 20.0
"""To finish what was accepted; as long as a supervisor gives, or less."""


def end_with_server() -> None:
    """Have this process told to end, as by its server, once the process that started it is gone."""
    server = os.getppid()
    threading.Thread(target=_watch, args=(server,), name="server-watch", daemon=True).start()


def _watch(server: int) -> None:
    while os.getppid() == server:
        time.sleep(LOOK_EVERY_SECONDS)
    logger.warning("the server was killed: its worker ends")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
