"""Processes that end with the one that started them, even if that one is killed."""

import ctypes
import signal
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def ending_with_us() -> Callable[[], None] | None:
    """Return what `subprocess.Popen` is to call in a new process, as `preexec_fn`: one system call.

    Only on Linux, and in the main thread: the system ends a child with the thread that started it.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
