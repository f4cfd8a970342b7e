"""Every error body of the API: RFC 9457 problem+json that repeats nothing of the request."""

from collections.abc import Mapping
from http import HTTPStatus

from pydantic import BaseModel
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = "5"


class Problem(BaseModel):
    """What is wrong with a request (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str


def problem(status: int, code: str, detail: str) -> Problem:
    """Return a problem; `detail` says what was expected, what was found and what to do."""
    return Problem(title=HTTPStatus(status).phrase, status=status, code=code, detail=detail)


class ProblemResponse(Response):
    """A problem as a response; what is unavailable now says when to come back."""

    media_type = MEDIA_TYPE

    def __init__(self, content: Problem, headers: Mapping[str, str] | None = None) -> None:
        again = {"Retry-After": _RETRY_SECONDS} if content.status == 503 else {}
        super().__init__(
            content.model_dump_json(), status_code=content.status, headers={**again, **(headers or {})}
        )


NO_REDACTION_KEY = problem(
    422,
    "no_redaction_key",
    "style token: this service has no key for tokens: set SCAMSCREEN_REDACTION_KEY_FILE, "
    "or ask for placeholder or mask",
)
ENDING = problem(503, "ending", "the service ends: send the request again, to the one that follows it")


def busy(retry_after_seconds: int) -> ProblemResponse:
    """Return the refusal of a request that would wait too long."""
    detail = f"too many documents wait already: send the request again in {retry_after_seconds} seconds"
    return ProblemResponse(problem(429, "busy", detail), headers={"Retry-After": str(retry_after_seconds)})
