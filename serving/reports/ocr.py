"""An image -> the words in it, read by Tesseract in a bounded process that comes last (`ocr_child`)."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from models.errors import ScamScreenError

READ_SECONDS: Final = 240
"""By the clock: it comes last and may have to wait. What it may compute is bounded in `ocr_child`."""
_CHILD: Final = Path(__file__).with_name("ocr_child.py")
_BOX_NUMBERS: Final = 6
_KEPT: Final = ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "SYSTEMROOT")


class OcrError(ScamScreenError):
    """An image cannot be read, now or later: a person must look at it.

    Attributes:
        code: `ocr_unavailable`, `ocr_language_missing`, `ocr_failed`, `image_unreadable`, `image_too_large`
            or `no_text_found`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class OcrInterruptedError(ScamScreenError):
    """An image was not read to the end; it can be tried again.

    Attributes:
        is_closed: whether that is because the reader was closed.
    """

    def __init__(self, message: str, *, is_closed: bool) -> None:
        super().__init__(message)
        self.is_closed = is_closed


@dataclass(frozen=True, slots=True)
class OcrText:
    """What was read in an image.

    Attributes:
        tool: as `tesseract 5.3.0 tha+eng`.
        warnings: codes for its record.
        boxes: of words: start and end in the text, in code points; left, top, right and bottom as shares of
            the size of the upright image.
    """

    text: str = field(repr=False)
    tool: str
    warnings: tuple[str, ...]
    boxes: tuple[tuple[float, ...], ...] = ()


class ImageReader:
    """Reads one image at a time."""

    def __init__(self, program: str = "tesseract", *, seconds: float = READ_SECONDS) -> None:
        """Read with a program, for so many seconds an image at most."""
        self._program, self._seconds = program, seconds
        self._changes = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    def read(self, content: bytes, media_type: str, language: str = "") -> OcrText:
        """Return the words in an image.

        Args:
            content: of the image.
            media_type: what it was sent as.
            language: BCP-47 primary tag, if known.

        Raises:
            OcrError: it cannot be read.
            OcrInterruptedError: it took too long, or the reader was closed.
        """
        program = shutil.which(self._program)
        if program is None:
            raise OcrError("ocr_unavailable", "Tesseract is not installed: install tesseract-ocr")
        with self._started([sys.executable, "-I", str(_CHILD), program, media_type, language]) as child:
            try:
                written, _ = child.communicate(content, self._seconds)
            except subprocess.TimeoutExpired:
                late = f"an image was not read in {self._seconds:g} seconds"
                raise OcrInterruptedError(late, is_closed=False) from None
            finally:
                self._end()
        if self._is_closed:
            raise OcrInterruptedError("the service ends", is_closed=True)
        return _answer(written)

    def close(self) -> None:
        """Read nothing more; what is being read is given up."""
        with self._changes:
            self._is_closed = True
        self._end()

    def _started(self, command: list[str]) -> "subprocess.Popen[bytes]":
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
        """End the process that reads and all it started, if they still run."""
        with self._changes:
            child, self._child = self._child, None
            if child is None:
                return
            with suppress(ProcessLookupError):
                if os.name == "posix":
                    os.killpg(child.pid, signal.SIGKILL)
                else:
                    child.kill()


def _answer(written: bytes) -> OcrText:
    try:
        answer = json.loads(written)
    except ValueError:  # it died: of its limits, or of the image
        raise OcrError("ocr_failed", "the image could not be read within its limits: look at it") from None
    if "error" in answer:
        raise OcrError(answer["error"], answer["detail"])
    return OcrText(answer["text"], answer["tool"], tuple(answer["warnings"]), _boxes(answer))


def _boxes(answer: dict[str, Any]) -> tuple[tuple[float, ...], ...]:
    """Return the boxes of an answer, those that can be some: whoever sent the image may have written them."""
    most = len(answer["text"])
    boxes = (box for box in answer.get("boxes", ()) if isinstance(box, list) and len(box) == _BOX_NUMBERS)
    return tuple(
        tuple(box)
        for box in boxes
        if all(isinstance(one, int | float) for one in box)
        and 0 <= box[0] < box[1] <= most
        and all(0 <= edge <= 1 for edge in box[2:])
    )
