"""The paths that exist, what each asks of its callers, and what logs and metrics call it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from serving.access.pages import page_of
from serving.store.access.callers import Scope as Need

MAX_BODY_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Route:
    """A path that exists.

    Attributes:
        name: what logs and metrics call it, for a raw path can hold anything.
        needs: methods it answers, each with the scope that a caller needs for it; None: any valid key.
        always_open: answers in every mode, to everybody; for probes that know no key, and for what is signed.
        of_operator: it tells of all organisations, and so only the one that runs the service.
        has_body: a POST to it is JSON.
        max_body_bytes: what is longer is not read; little of those that anybody may send.
    """

    name: str
    needs: Mapping[str, Need | None]
    always_open: bool = False
    of_operator: bool = False
    has_body: bool = True
    max_body_bytes: int = MAX_BODY_BYTES


_PROBE: Final = {"GET": None, "HEAD": None}
ROUTES: Final = {
    "/v1/screen": Route("screen", {"POST": "screen"}),
    "/v1/redact": Route("redact", {"POST": "screen"}),
    "/v1/reports": Route("reports", {"POST": "report"}),
    "/v1/reports/{report_id}": Route("report", {"GET": "review", "PATCH": "review"}),
    "/v1/reports/{report_id}/custody": Route("report_custody", {"GET": "review"}),
    "/v1/reports/{report_id}/purge": Route("report_purge", {"POST": "admin"}),
    "/v1/reports/{report_id}/history": Route("report_history", {"GET": "review"}),
    "/v1/reports/{report_id}/screenings": Route("report_screenings", {"GET": "review"}),
    "/v1/reports/{report_id}/referrals": Route("report_referrals", {"GET": "review", "POST": "review"}),
    "/v1/reports/{report_id}/referrals/{referral_id}": Route("report_referral", {"PATCH": "review"}),
    "/v1/reports/search": Route("search", {"POST": "review"}),
    "/v1/campaigns/search": Route("campaigns", {"POST": "review"}),
    "/v1/webhooks": Route("webhooks", {"GET": "admin", "POST": "admin"}),
    "/v1/webhooks/{webhook_id}": Route("webhook", {"DELETE": "admin"}),
    "/v1/webhooks/{webhook_id}/test": Route("webhook_test", {"POST": "admin"}, has_body=False),
    "/v1/webhooks/{webhook_id}/deliveries": Route("deliveries", {"GET": "admin"}),
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry": Route(
        "delivery_retry", {"POST": "admin"}, has_body=False
    ),
    "/v1/events": Route("events", {"GET": "review"}),
    "/v1/channels/line": Route(  # its signature is checked
        "line", {"POST": None}, always_open=True, max_body_bytes=1_000_000
    ),
    "/v1/taxonomy": Route("taxonomy", {"GET": None}),
    "/metrics": Route("metrics", {"GET": "admin"}, of_operator=True),
    "/openapi.json": Route("openapi", {"GET": None}),
    "/livez": Route("livez", _PROBE, always_open=True, max_body_bytes=0),
    "/readyz": Route("readyz", _PROBE, always_open=True, max_body_bytes=0),
}
_PATTERNS = tuple(
    (re.compile(re.sub(r"\{\w+\}", r"[0-9a-f]{32}", path)), route)
    for path, route in ROUTES.items()
    if "{" in path
)


def route_of(path: str) -> Route | None:
    """Return the route of a path, or None; `{}` in the path of a route stands for an id."""
    if path in ROUTES:
        return ROUTES[path]
    return next((route for pattern, route in _PATTERNS if pattern.fullmatch(path)), None)


def route_name(path: str) -> str:
    """Return what logs and metrics call a path; never the path itself."""
    found = route_of(path) or page_of(path)
    return found.name if found else "other"
