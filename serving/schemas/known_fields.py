"""What callers send: fields that are known, and one error for all that are not."""

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class KnownFields(BaseModel):
    """An object of a request.

    Pydantic alone names each unknown field in an error of its own: of a body of 16 MB that is two million
    errors, a gigabyte, and half a minute in which nobody else is answered.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _all_are_known(cls, sent: object) -> object:
        if isinstance(sent, dict) and not sent.keys() <= cls.model_fields.keys():
            raise PydanticCustomError("extra_forbidden", "unknown field")
        return sent
