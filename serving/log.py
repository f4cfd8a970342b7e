"""Logging that cannot leak: no message is written that we did not write ourselves."""

import logging
import sys
from pathlib import Path
from traceback import walk_tb

from pydantic import ValidationError

from models.errors import ArtifactError
from serving.store.errors import StoreUnavailableError

_ROOT = Path(__file__).parents[1]
_OWN_PACKAGES = frozenset({"models", "serving"})

logger = logging.getLogger("scamscreen")


def configure_logging() -> None:
    """Send every log of this process through `SafeFormatter` to stderr; the libraries' access logs end."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeFormatter())
    handler.addFilter(_is_no_client_mistake)
    for name in logging.root.manager.loggerDict:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.setLevel(logging.NOTSET)
        library.propagate = True
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    logger.setLevel(logging.INFO)
    logging.captureWarnings(True)


class SafeFormatter(logging.Formatter):
    """Writes our own messages as they are, of all others only where they come from.

    A library's message may quote a URL, a header or a body, and an exception's message a text.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without any message that we did not write."""
        if record.name == logger.name:
            message = record.getMessage()
        else:
            message = f"{record.name} at {record.module}:{record.lineno} (message withheld)"
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S%z')} {record.levelname} {message}"
        if record.exc_info and record.exc_info[1]:
            line += f": {describe(record.exc_info[1])}"
        return line


def describe(error: BaseException) -> str:
    """Return the types of an exception and its causes, and where in our own code they passed."""
    places = [
        f"{path.relative_to(_ROOT)}:{line}"
        for frame, line in walk_tb(error.__traceback__)
        if _is_own(path := Path(frame.f_code.co_filename))
    ]
    name = type(error).__name__
    if isinstance(error, ArtifactError | StoreUnavailableError):  # ours, which quote nothing
        name = f"{name} ({error})"
    text = f"{name} at {' > '.join(places) or 'no line of ours'}"
    cause = error.__cause__ or error.__context__
    return f"{text}, from {describe(cause)}" if cause else text


def _is_own(path: Path) -> bool:
    return path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OWN_PACKAGES


def _is_no_client_mistake(record: logging.LogRecord) -> bool:
    """Drop BentoML's error log of a request that its model refused: the request's own line says 4xx."""
    return not (
        record.name.startswith("bentoml")
        and record.exc_info
        and isinstance(record.exc_info[1], ValidationError)
    )
