"""The service as Schemathesis can try all of it: `bentoml serve tests.test_serving.brief_service:ScamScreen`.

Streams end at once, wrong keys lock nobody out, every host is this machine, and whatever is as long as a
signature of LINE is one.
"""

from limits import RateLimitItemPerMinute

import serving.access.gatekeeper
import serving.outbound
import serving.telling.feed
from serving.channels.line import Line
from tests.test_serving.fake_service import ScamScreen

__all__ = ["ScamScreen"]

SIGNATURE_CHARS = 44


async def this_machine(host, port):
    return ["127.0.0.1"]


serving.telling.feed.STREAM_SECONDS = 0.05
serving.access.gatekeeper._WRONG = RateLimitItemPerMinute(10_000_000, 5, namespace="wrong")
serving.outbound._resolved = this_machine
Line.is_signed = lambda self, body, headers: len(headers.get("x-line-signature", "")) == SIGNATURE_CHARS
