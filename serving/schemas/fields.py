"""Kinds of values that the bodies of several requests and answers hold."""

from collections.abc import Collection, Iterable
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticKnownError

from models.long_text import readable
from models.taxonomy import ENTITY_TYPES, INDICATORS, LABELS, ROLES
from serving.schemas.expected import ExpectedError

MAX_FIELD_CHARS: Final = 2_000
_A_TIME: Final = "a time with its offset, as 2026-11-23T09:30:00+07:00"
TIME_EXPECTED: Final = f"expected {_A_TIME}"


def enum(codes: Iterable[str]) -> WithJsonSchema:
    """Return what tells readers of the contract that a string is one of some codes."""
    return WithJsonSchema({"type": "string", "enum": list(codes)})


def among(codes: Collection[str]) -> AfterValidator:
    """Return what refuses a string that is none of some codes."""

    def known(code: str) -> str:
        if code not in codes:
            raise ExpectedError("one of the codes in /openapi.json")
        return code

    return AfterValidator(known)


def readable_up_to(chars: int) -> BeforeValidator:
    """Return what takes out of a string what no text may hold, and refuses it by how long it was before."""

    def readable_or_same(value: object) -> object:
        if not isinstance(value, str):
            return value
        if len(value) > chars:
            raise PydanticKnownError("string_too_long", {"max_length": chars})
        return readable(value)

    return BeforeValidator(readable_or_same)


def _iso_8601(value: object) -> datetime:
    """Return the time a string says, where pydantic would take numbers too.

    Raises:
        ExpectedError: it says none, or one of a year that may be none in another zone.
    """
    try:
        said = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:  # whose message quotes it
        said = None
    if said is None or not MINYEAR < said.year < MAXYEAR:
        raise ExpectedError(_A_TIME)
    return said


def _whole(value: object) -> object:
    """Return a number, 5.0 too, as JSON Schema takes it; pydantic would take "5" and true as well.

    Raises:
        ExpectedError: it is no number.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise ExpectedError("a number")


Label = Annotated[str, enum(LABELS)]
Role = Annotated[str, enum(ROLES)]
IndicatorCode = Annotated[str, enum(INDICATORS)]
EntityType = Annotated[str, enum(ENTITY_TYPES)]
# Bounds are described, not enforced: a rounding error must not cost an answer.
Proba = Annotated[float, WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})]
Offset = Annotated[int, Field(description="Unicode code points of the text as received")]
WHOLE: Final = BeforeValidator(_whole)
Short = Annotated[str, readable_up_to(200), Field(max_length=200)]
Words = Annotated[str, readable_up_to(MAX_FIELD_CHARS), Field(max_length=MAX_FIELD_CHARS)]
Moment = Annotated[AwareDatetime, BeforeValidator(_iso_8601)]
Answer = Literal["yes", "no", "not_asked"]
