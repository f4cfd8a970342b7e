"""LINE Official Accounts: webhook events of the Messaging API.

Source: developers.line.biz/en/reference/messaging-api, "Webhooks", "Get content", "Send reply message".
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, get_args

import httpx

from serving.channels.channel import (
    Content,
    ContentKind,
    FetchError,
    Image,
    Message,
    Received,
    UnreadableBodyError,
)
from serving.schemas.reports import IMAGE_TYPES, MAX_IMAGE_BYTES
from serving.store.received import body_text

REPLY: Final = "We have received your message. / เราได้รับข้อความของคุณแล้ว"
_SIGNATURE: Final = "x-line-signature"
_CONTENT_URL: Final = "https://api-data.line.me/v2/bot/message/{}/content"
_REPLY_URL: Final = "https://api.line.me/v2/bot/message/reply"
_SECONDS: Final = 60
_NOT_YET: Final = (202, 408, 429)
_LONGEST_MS: Final = 4_102_444_800_000  # the year 2100: what is later is no time
_FETCHED: Final[tuple[ContentKind, ...]] = get_args(ContentKind)
_KINDS: Final = frozenset(
    {
        "sticker",
        "unsend",
        "follow",
        "unfollow",
        "join",
        "leave",
        "memberJoined",
        "memberLeft",
        "postback",
        "beacon",
        "accountLink",
    }
)
Fetch = Callable[[str], Awaitable[Image]]
Reply = Callable[[str], Awaitable[None]]


class Line:
    """One LINE Official Account."""

    name = "line"

    def __init__(self, secret: bytes, fetch: Fetch, reply: Reply) -> None:
        """Read what one account is sent.

        Args:
            secret: the channel secret.
            fetch: id of a message -> its image, as `LineApi.fetch`.
            reply: answers with a token, as `LineApi.reply`.
        """
        self._secret, self._fetch, self._reply = secret, fetch, reply

    def is_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Return whether a body is signed with the channel secret."""
        expected = base64.b64encode(hmac.new(self._secret, body, hashlib.sha256).digest())
        return hmac.compare_digest(expected, headers.get(_SIGNATURE, "").encode())

    def read(self, body: bytes) -> Received:
        """Return the messages of a body: texts, places as text, and what has to be fetched.

        Raises:
            UnreadableBodyError: it is no JSON object with a list of events.
        """
        try:
            events = json.loads(body_text(body))["events"]
        except (ValueError, LookupError, TypeError, RecursionError):
            raise UnreadableBodyError("expected JSON with a list of events") from None
        if not isinstance(events, list):
            raise UnreadableBodyError("expected a list of events")
        messages, ignored = [], []
        for event in events:
            message = _message(event)
            if message is None:
                ignored.append(_kind(event))
            else:
                messages.append(message)
        return Received(tuple(messages), tuple(ignored))

    async def fetch(self, content_id: str) -> Image:
        """Return an image.

        Raises:
            FetchError: it is not there, not yet there, too large, or no image.
        """
        return await self._fetch(content_id)

    async def reply(self, token: str) -> None:
        """Tell a sender that the message arrived."""
        await self._reply(token)


class LineApi:
    """The requests to LINE, with the account's access token; without one none is made."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def fetch(self, message_id: str) -> Image:
        """Return the image of a message.

        Raises:
            FetchError: as `Line.fetch`.
        """
        if not self._token or not (message_id.isascii() and message_id.isalnum()):
            raise FetchError("there is no access token, or the id is none", is_final=True)
        try:
            async with (
                httpx.AsyncClient(timeout=_SECONDS, headers=self._headers()) as client,
                client.stream("GET", _CONTENT_URL.format(message_id)) as response,
            ):
                return await _image(response)
        except httpx.HTTPError:
            raise FetchError("LINE does not answer", is_final=False) from None

    async def reply(self, token: str) -> None:
        """Send `REPLY`."""
        if not self._token:
            return
        content = {"replyToken": token, "messages": [{"type": "text", "text": REPLY}]}
        try:
            async with httpx.AsyncClient(timeout=_SECONDS, headers=self._headers()) as client:
                await client.post(_REPLY_URL, json=content)
        except httpx.HTTPError:
            return

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


async def _image(response: httpx.Response) -> Image:
    status = response.status_code
    if status != 200:
        raise FetchError("LINE has no such image", is_final=status < 500 and status not in _NOT_YET)
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in IMAGE_TYPES:
        raise FetchError("it is no image that can be read", is_final=True)
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > MAX_IMAGE_BYTES:
            raise FetchError("the image is too large", is_final=True)
    return Image(media_type, bytes(content))


def _message(event: object) -> Message | None:
    """Return the message of an event, or None: there is none that could be a report."""
    if not isinstance(event, dict) or event.get("type") != "message":
        return None
    message = event.get("message")
    if not isinstance(message, dict):
        return None
    body = _body(message)
    key = _word(event, "webhookEventId") or _word(message, "id")
    if body is None or not key:
        return None
    source = event.get("source")
    sent = event.get("timestamp")
    return Message(
        key=key.encode("ascii", "backslashreplace").decode(),
        sender=_sender(source) if isinstance(source, dict) else "",
        received_ms=sent if isinstance(sent, int) and 0 <= sent < _LONGEST_MS else None,
        body=body,
        reply_token=_word(event, "replyToken") if event.get("mode") == "active" else "",
    )


def _body(message: dict[str, Any]) -> str | Content | None:
    kind = message.get("type")
    if kind == "text" and isinstance(message.get("text"), str):
        return str(message["text"])
    if kind == "location":
        where = f"{message.get('latitude')}, {message.get('longitude')}"
        return "\n".join(filter(None, (_word(message, "title"), _word(message, "address"), where)))
    content = next((one for one in _FETCHED if one == kind), None)
    return Content(_word(message, "id"), content) if content else None


def _sender(source: dict[str, Any]) -> str:
    return _word(source, "userId") or _word(source, "groupId") or _word(source, "roomId")


def _word(content: dict[str, Any], name: str) -> str:
    value = content.get(name)
    return value if isinstance(value, str) else ""


def _kind(event: object) -> str:
    """Return what an ignored event is counted as: a name of ours, never one that was sent."""
    if not isinstance(event, dict):
        return "other"
    message = event.get("message")
    kind = message.get("type") if isinstance(message, dict) else event.get("type")
    return kind if isinstance(kind, str) and kind in _KINDS else "other"
