"""A process that reads what others sent: it has not our environment, and is gone with all that it started."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from serving.reports.ocr_text import OcrInterruptedError

_BOUNDED: Final = Path(__file__).with_name("bounded.py")
_KEPT: Final = ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "SYSTEMROOT")


class ReadingChild:
    """At most one such process at a time."""

    def __init__(self) -> None:
        self._changes = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    def run(
        self, script: Path, arguments: Sequence[str], content: bytes, *, seconds: float, cpu_seconds: int
    ) -> bytes:
        """Return what a script writes when it is given bytes, within the limits of `bounded`.

        Args:
            script: that imports nothing of ours.
            arguments: of the script.
            content: that it reads from its standard input.
            seconds: by the clock.
            cpu_seconds: that it may compute.

        Raises:
            OcrInterruptedError: it took more than so many seconds by the clock, or was closed.
        """
        command = [sys.executable, "-I", str(_BOUNDED), str(cpu_seconds), str(script), *arguments]
        with self._started(command) as child:
            try:
                written, _ = child.communicate(content, seconds)
            except subprocess.TimeoutExpired:
                late = f"an image was not read in {seconds:g} seconds"
                raise OcrInterruptedError(late, is_closed=False) from None
            finally:
                self._end()
        if self._is_closed:
            raise OcrInterruptedError("the service ends", is_closed=True)
        return written

    def close(self) -> None:
        """Read nothing more; what is being read is given up."""
        with self._changes:
            self._is_closed = True
        self._end()

    def _started(self, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        with self._changes:
            if self._is_closed:
                raise OcrInterruptedError("the service ends", is_closed=True)
            self._child = subprocess.Popen(  # noqa: S603 (no shell; what is untrusted goes by the standard input)
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={
                    **{name: os.environ[name] for name in _KEPT if name in os.environ},
                    "OMP_THREAD_LIMIT": "1",
                },
                start_new_session=True,
            )
            return self._child

    def _end(self) -> None:
        """End the process and all it started, if they still run."""
        with self._changes:
            child, self._child = self._child, None
            if child is None:
                return
            with suppress(ProcessLookupError):
                if os.name == "posix":
                    os.killpg(child.pid, signal.SIGKILL)
                else:
                    child.kill()
