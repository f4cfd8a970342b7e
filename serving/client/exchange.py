"""What to make of each answer to a call: a result, a pause before the next attempt, or an error.

It does no input or output: both clients ask it.
"""

import logging
import re
from typing import Any, Final, Generic

import httpx

from serving.client.calls import Call, Result
from serving.client.errors import (
    ChangedMeanwhileError,
    ClientError,
    NotAnsweredError,
    RefusedError,
    UnexpectedAnswerError,
    error_of,
)
from serving.client.patience import Patience, Retries, asked_seconds

logger = logging.getLogger("scamscreen.client")
MOST_DETAIL_CHARS: Final = 500
_PROBLEM: Final = "application/problem+json"
_CODE: Final = re.compile("[a-z0-9_]{1,60}")
_AGAIN: Final = frozenset({429, 502, 503, 504})


class Exchange(Generic[Result]):
    """One call, with all its attempts."""

    def __init__(self, call: Call[Result], retries: Retries) -> None:
        self._call, self._patience = call, Patience(retries)
        self._may_be_done = False
        self._result: Result

    @property
    def result(self) -> Result:
        """What the call was made for, once `take` has returned None."""
        return self._result

    def take(self, answer: httpx.Response | httpx.RequestError) -> float | None:
        """Take the answer to an attempt, or what kept it away.

        Returns:
            Seconds to wait before the next attempt; None: there is a result.

        Raises:
            ClientError: it is no use to try again.
        """
        if isinstance(answer, httpx.Response) and answer.status_code == self._call.expected:
            self._result = self._read(answer)
            return None
        error = self._error(answer)
        if not may_help_again(error):
            raise error
        self._may_be_done = self._may_be_done or not (isinstance(error, RefusedError) and error.status == 429)
        asked = error.retry_after_seconds if isinstance(error, RefusedError) else None
        wait = self._patience.wait_after(error, asked)
        logger.info("%s; again in %.1f s", error, wait)
        return wait

    def _read(self, answer: httpx.Response) -> Result:
        try:
            return self._call.result(answer.json())
        except (ValueError, LookupError, TypeError):
            pass  # not `from` it: its message may quote what the service told
        raise UnexpectedAnswerError(
            f"{self._call.name}: answered {answer.status_code}, but not as this service does",
            idempotency_key=self._call.idempotency_key,
        )

    def _error(self, answer: httpx.Response | httpx.RequestError) -> ClientError:
        key = self._call.idempotency_key
        if isinstance(answer, httpx.RequestError):
            return NotAnsweredError(f"{self._call.name}: {reason_of(answer)}", idempotency_key=key)
        error = refusal(self._call.name, answer, idempotency_key=key)
        if isinstance(error, ChangedMeanwhileError):
            error.maybe_by_this_call = self._may_be_done
        return error


def may_help_again(error: ClientError) -> bool:
    """Return whether the same call may succeed a moment later."""
    return isinstance(error, NotAnsweredError) or (isinstance(error, RefusedError) and error.status in _AGAIN)


def refusal(name: str, answer: httpx.Response, *, idempotency_key: str | None = None) -> ClientError:
    """Return the error that an answer without a result is.

    Args:
        name: of the call.
        answer: whole.
        idempotency_key: of the call.
    """
    status = answer.status_code
    if status < 400:
        return UnexpectedAnswerError(
            f"{name}: answered {status}: is there a proxy or a page to sign in between?",
            idempotency_key=idempotency_key,
        )
    code, detail = _problem_of(answer)
    said = f"{name}: {status} {code or httpx.codes.get_reason_phrase(status)}".rstrip()
    return error_of(status)(
        f"{said}: {detail}" if detail else said,
        status=status,
        code=code,
        detail=detail,
        retry_after_seconds=asked_seconds(answer.headers.get("Retry-After")),
        idempotency_key=idempotency_key,
    )


def reason_of(error: httpx.RequestError) -> str:
    """Return why no answer came, with nothing of what was sent: a message of httpx may quote a header."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, httpx.ConnectError) else kind


def _problem_of(answer: httpx.Response) -> tuple[str, str]:
    """Return code and detail of a problem of this service; "" of what others say, who may quote the call."""
    if not answer.headers.get("Content-Type", "").startswith(_PROBLEM):
        return "", ""
    try:
        problem: Any = answer.json()
        code, detail = str(problem["code"]), str(problem["detail"])
    except (ValueError, LookupError, TypeError):
        return "", ""
    return (code, detail[:MOST_DETAIL_CHARS]) if _CODE.fullmatch(code) else ("", "")
