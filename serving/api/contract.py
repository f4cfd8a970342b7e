"""What of the published contract follows from the gate: who is let in, and what each operation may refuse.

FastAPI describes bodies, parameters and good answers; the rest is added here by rule, so that an operation
that is new cannot forget to tell of a refusal.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from serving.access.routes import ROUTES, Route
from serving.schemas.problems import MEDIA_TYPE, Problem

Described = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A status that says no.

    Attributes:
        name: of the component that describes it.
        description: what it means; in brackets the values of `code`.
        header: one that its answer always has.
    """

    name: str
    description: str
    header: str = ""


_REFUSALS: Final = {
    400: _Refusal("NotJson", "The body is not JSON (not_json, not_readable)"),
    401: _Refusal("NoKey", "No valid key (no_key), or signature (wrong_signature)", "WWW-Authenticate"),
    403: _Refusal(
        "NotAllowed",
        "The key lacks the scope (missing_scope); open mode: sent by no program on this machine (not_local)",
    ),
    404: _Refusal("NotFound", "It does not exist, or not for this caller (not_found)"),
    409: _Refusal(
        "Conflict",
        "Not as things stand: the Idempotency-Key came before with another body (key_reused), a legal hold "
        "keeps the report (held), there are as many as there may be (too_many), or the report is not one "
        "that can be changed so (any other code)",
    ),
    412: _Refusal(
        "ChangedMeanwhile",
        "The report was changed meanwhile, nothing by this request (changed_meanwhile)",
    ),
    413: _Refusal("BodyTooLarge", "The body is too large (body_too_large)"),
    415: _Refusal(
        "NotDeclaredAsJson", "The body is not declared as JSON (not_json), or is encoded (encoded)"
    ),
    422: _Refusal(
        "NotAsDescribed",
        "It is JSON, but not as described here (invalid_request), or a value in it cannot be used "
        "(invalid_key, invalid_cursor, too_short, refused_address, no_redaction_key)",
    ),
    428: _Refusal("NoVersion", "If-Match is missing, or says * (no_version)"),
    429: _Refusal(
        "TooMuch",
        "Nothing was done: too many documents wait already (busy), the key asks too often (too_often), or "
        "too many keys were wrong (locked_out)",
        "Retry-After",
    ),
    431: _Refusal("HeadTooLarge", "The path and the headers are too long (head_too_large)"),
    503: _Refusal(
        "Unavailable",
        "The service ends (ending), its store does not answer (store_unavailable), or too many streams are "
        "open (too_many_streams)",
        "Retry-After",
    ),
    504: _Refusal("TooSlow", "Not answered in time (timeout)"),
}
_OF_ALL: Final = frozenset({431, 503, 504})
_OF_KEYS: Final = frozenset({401, 403, 429})
_OF_IDS: Final = frozenset({404})
_OF_BODIES: Final = frozenset({400, 413, 415, 422})
_OF_VERSIONS: Final = frozenset({409, 412, 428})
_OTHERS: Final = {
    ("post", "/v1/reports"): frozenset({409}),
    ("post", "/v1/reports/{report_id}/purge"): frozenset({409}),
    ("post", "/v1/webhooks"): frozenset({409}),
    ("get", "/v1/events"): frozenset({422}),
    ("post", "/v1/channels/line"): frozenset({401, 404}),
}
"""Statuses that follow from no rule."""
_NEVER: Final = {("post", "/v1/channels/line"): frozenset({422})}

_IF_MATCH: Final = "If-Match"
_HEADERS: Final = {
    "X-Request-Id": "What the log calls this request",
    "Retry-After": "Seconds, after which it may be sent again",
    "WWW-Authenticate": "How to show who asks",
    "ETag": "Version of what is told; a change names it in If-Match",
    "Location": "Path of what was stored; of reports only if one was sent",
}
_OF_ANSWERS: Final = {
    ("post", "/v1/reports"): ("Location",),
    ("get", "/v1/reports/{report_id}"): ("ETag",),
    ("patch", "/v1/reports/{report_id}"): ("ETag",),
    ("post", "/v1/reports/{report_id}/referrals"): ("ETag", "Location"),
    ("patch", "/v1/reports/{report_id}/referrals/{referral_id}"): ("ETag",),
    ("post", "/v1/webhooks"): ("Location",),
    ("get", "/v1/taxonomy"): ("ETag",),
}
"""Headers of good answers, beside that of all."""
_SOMETIMES: Final = {("post", "/v1/reports"): "Location"}

_SAME_REPORT: Final = "$request.path.report_id"
_GIVES: Final = {
    ("post", "/v1/reports"): {"report_id": "$response.body#/reports/0/id"},
    ("get", "/v1/reports/{report_id}"): {
        "report_id": _SAME_REPORT,
        f"header.{_IF_MATCH}": "$response.header.ETag",
    },
    ("post", "/v1/reports/{report_id}/referrals"): {
        "report_id": _SAME_REPORT,
        "referral_id": "$response.body#/referral/id",
        f"header.{_IF_MATCH}": "$response.header.ETag",
    },
    ("post", "/v1/webhooks"): {"webhook_id": "$response.body#/id"},
    ("post", "/v1/webhooks/{webhook_id}/test"): {
        "webhook_id": "$request.path.webhook_id",
        "delivery_id": "$response.body#/id",
    },
}
"""What an answer gives, and leads to the operations that need just that."""


def completed(described: Described) -> dict[str, Any]:
    """Return the whole contract of what FastAPI described."""
    paths = {
        path: {method: _operation(method, path, one) for method, one in operations.items()}
        for path, operations in described["paths"].items()
    }
    needs = {
        str(one["operationId"]): _needs(path, one)
        for path, operations in paths.items()
        for one in operations.values()
    }
    for (method, path), given in _GIVES.items():
        _, answer = _good(paths[path][method])
        answer["links"] = {
            name: {"operationId": name, "parameters": given}
            for name, needed in needs.items()
            if needed == given.keys()
        }
    schemas = described["components"]["schemas"]
    return {
        **described,
        "paths": paths,
        "components": {
            "schemas": {
                **{name: one for name, one in schemas.items() if not name.endswith("ValidationError")},
                "Problem": Problem.model_json_schema(),
            },
            "headers": {name: _header(description) for name, description in _HEADERS.items()},
            "responses": {one.name: _refused(one) for one in _REFUSALS.values()},
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "ssk_..., made by `scamscreen keys create`",
                }
            },
        },
    }


def _operation(method: str, path: str, described: Described) -> dict[str, Any]:
    """Return an operation with its name, its ids, all its answers and the scope that it needs."""
    route = ROUTES[path]
    status, answer = _good(described)
    refusals = {
        str(code): {"$ref": f"#/components/responses/{_REFUSALS[code].name}"}
        for code in sorted(_refusals(method, path, route, described))
    }
    others = {code: one for code, one in described["responses"].items() if code != status and int(code) < 400}
    needed = route.needs[method.upper()]
    parameters = [_parameter(one) for one in described.get("parameters", ())]
    return {
        **described,
        "operationId": f"{method}_{route.name}",
        **({"parameters": parameters} if parameters else {}),
        "responses": {
            status: {**answer, "headers": _headers(method, path)},
            **{code: {**one, "headers": _headers(method, path)} for code, one in others.items()},
            **refusals,
        },
        "security": [] if route.always_open else [{"key": [needed] if needed else []}],
    }


def _good(operation: Described) -> tuple[str, Any]:
    """Return the status of the good answer, and the answer."""
    return next((code, one) for code, one in operation["responses"].items() if code.startswith("2"))


def _refusals(method: str, path: str, route: Route, described: Described) -> frozenset[int]:
    has_body = method in ("post", "patch") and route.has_body
    return (
        _OF_ALL
        | (frozenset() if route.always_open else _OF_KEYS)
        | (_OF_IDS if "{" in path else frozenset())
        | (_OF_BODIES if has_body else frozenset())
        | (_OF_VERSIONS if _is_versioned(described) else frozenset())
        | _OTHERS.get((method, path), frozenset())
    ) - _NEVER.get((method, path), frozenset())


def _is_versioned(described: Described) -> bool:
    return any(one["name"] == _IF_MATCH for one in described.get("parameters", ()))


def _needs(path: str, operation: Described) -> set[str]:
    """Return what must be known to send an operation: its ids, and the version it changes."""
    version = {f"header.{_IF_MATCH}"} if _is_versioned(operation) else set()
    return {*re.findall(r"\{(\w+)\}", path), *version}


def _parameter(described: Described) -> Described:
    if described["in"] != "path":
        return described
    return {**described, "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"}}


def _headers(method: str, path: str) -> dict[str, Any]:
    here = (method, path)
    names = ("X-Request-Id", *_OF_ANSWERS.get(here, ()))
    return {
        name: _header(_HEADERS[name], required=False)
        if _SOMETIMES.get(here) == name
        else {"$ref": f"#/components/headers/{name}"}
        for name in names
    }


def _header(description: str, *, required: bool = True) -> dict[str, Any]:
    return {"description": description, "required": required, "schema": {"type": "string"}}


def _refused(refusal: _Refusal) -> dict[str, Any]:
    names = ("X-Request-Id", *([refusal.header] if refusal.header else ()))
    return {
        "description": refusal.description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
