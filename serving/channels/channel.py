"""What a messenger must offer so that what people send over it becomes reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from models.errors import ScamScreenError

ContentKind = Literal["image", "video", "audio", "file"]


class UnreadableBodyError(ScamScreenError):
    """A signed body is not of the form its messenger sends."""


class FetchError(ScamScreenError):
    """What was sent could not be fetched.

    Attributes:
        is_final: it never can be.
    """

    def __init__(self, message: str, *, is_final: bool) -> None:
        super().__init__(message)
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Content:
    """Something sent that is not in the message itself; of these only an image can be read."""

    id: str = field(repr=False)
    kind: ContentKind


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        key: the messenger's own id of it, the same when it is sent again.
        sender: its id of who wrote; "" if it does not say.
        received_ms: when it was written; None if it does not say.
        body: a text, or what has to be fetched.
        reply_token: to answer with; "" if it cannot be answered.
    """

    key: str = field(repr=False)
    sender: str = field(repr=False)
    received_ms: int | None
    body: str | Content = field(repr=False)
    reply_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """What a body holds: messages, in order, and the kinds of all that is none."""

    messages: tuple[Message, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """The bytes of an image as received."""

    media_type: str
    content: bytes = field(repr=False)


class Channel(Protocol):
    """One messenger."""

    name: str

    def is_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Return whether a body comes from the messenger; names of headers are in lower case."""

    def read(self, body: bytes) -> Received:
        """Return what a signed body holds.

        Raises:
            UnreadableBodyError: it is not of the form that is expected.
        """

    async def fetch(self, content_id: str) -> Image:
        """Return an image.

        Raises:
            FetchError: it is not there, not yet there, too large, or no image.
        """

    async def reply(self, token: str) -> None:
        """Tell a sender that the message arrived, and nothing else; a reply that fails is forgotten."""
