"""pydantic's errors of a request -> what its sender is told: which field, and what was expected there."""

from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from serving.schemas.expected import ExpectedError
from serving.schemas.fields import TIME_EXPECTED
from serving.schemas.problems import Problem, problem

MOST_CODES_CHARS: Final = 200
_NOT_AS_DESCRIBED: Final = "not as described in /openapi.json"
_EXPECTED: Final = {
    "bool_type": "expected true or false",
    "dict_type": "expected an object",
    "extra_forbidden": "holds an unknown field: see /openapi.json",
    "list_type": "expected a list",
    "missing": "a field is missing: see /openapi.json",
    "model_attributes_type": "expected an object",
    "model_type": "expected an object",
    "string_too_short": "is empty",
    "string_type": "expected a string",
    "timezone_aware": TIME_EXPECTED,
    "too_short": "too few",
}
_TOO_LONG: Final = ("bytes_too_long", "string_too_long", "too_long")


def invalid(error: ValidationError, model: type[BaseModel]) -> Problem:
    """Return what is wrong with a request; quotes nothing that was sent."""
    one = error.errors(include_input=False, include_url=False)[0]
    known = _field_names(model)
    where = ".".join(str(part) for part in one["loc"] if isinstance(part, int) or part in known)
    return problem(422, "invalid_request", f"{where or 'body'}: {_expected(one['type'], one.get('ctx', {}))}")


@cache
def _field_names(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of the fields of a model and of all in it; milliseconds the first time."""
    schema = model.model_json_schema()
    parts = (schema, *schema.get("$defs", {}).values())
    return frozenset(name for part in parts for name in part.get("properties", ()))


def _expected(kind: str, context: dict[str, Any]) -> str:
    """Return what was expected; of the context only what our own schemas put there."""
    if kind in _TOO_LONG:
        return f"too many or too long: expected at most {context['max_length']:,}"
    if kind == "literal_error":
        codes = str(context["expected"])
        return f"expected {codes if len(codes) <= MOST_CODES_CHARS else 'one of the codes in /openapi.json'}"
    if isinstance(found := context.get("error"), ExpectedError):
        return f"expected {found}"
    return _EXPECTED.get(kind, _NOT_AS_DESCRIBED)
