"""What all bodies share, of requests and of answers: nothing unknown, and no error that quotes them."""

import json
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from serving.schemas.known_fields import KnownFields
from serving.store.received import body_text


class Sent(KnownFields):
    """What callers send."""

    @classmethod
    def of_body(cls, body: bytes) -> Self:
        """Return what a body holds.

        Raises:
            ValueError: it is no JSON; the message quotes nothing of it.
            ValidationError: it is not of this form.
        """
        try:
            content: Any = json.loads(body_text(body))
        except (ValueError, RecursionError):
            raise ValueError("not JSON") from None
        return cls.model_validate(content)


class Told(BaseModel):
    """What callers are told."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
