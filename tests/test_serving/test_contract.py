"""The published contract, without a request: it has a rule for everything that the gate lets through."""

import re

import pytest

from serving.access.routes import ROUTES
from serving.api.app import create_app, openapi
from serving.schemas.problems import MEDIA_TYPE


@pytest.fixture(scope="module")
def contract():
    return openapi(create_app())


def operations(contract):
    return {
        (method.upper(), path): operation
        for path, of_path in contract["paths"].items()
        for method, operation in of_path.items()
    }


def test_it_tells_of_every_operation_that_the_gate_knows_and_of_no_other(contract):
    assert operations(contract).keys() == {
        (method, path) for path, route in ROUTES.items() for method in route.needs
    }


def test_names_of_operations_are_short_and_each_is_there_once(contract):
    names = [operation["operationId"] for operation in operations(contract).values()]

    assert len(set(names)) == len(names)
    assert {"post_reports", "get_report", "patch_report", "post_screen"} < set(names)


def test_every_refusal_is_a_problem_and_says_what_its_codes_are(contract):
    for operation in operations(contract).values():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                described = contract["components"]["responses"][answer["$ref"].rpartition("/")[2]]
                assert [*described["content"]] == [MEDIA_TYPE]
                assert re.search(r"\(.+\)", described["description"])


@pytest.mark.parametrize(
    ("endpoint", "statuses"),
    [
        (("POST", "/v1/screen"), "200 400 401 403 413 415 422 429 431 503 504"),
        (("POST", "/v1/reports"), "202 400 401 403 409 413 415 422 429 431 503 504"),
        (("GET", "/v1/reports/{report_id}"), "200 401 403 404 429 431 503 504"),
        (
            ("PATCH", "/v1/reports/{report_id}"),
            "200 400 401 403 404 409 412 413 415 422 428 429 431 503 504",
        ),
        (("POST", "/v1/webhooks/{webhook_id}/test"), "202 401 403 404 429 431 503 504"),
        (("GET", "/v1/taxonomy"), "200 304 401 403 429 431 503 504"),
        (("POST", "/v1/channels/line"), "200 400 401 404 413 415 431 503 504"),
        (("GET", "/livez"), "200 431 503 504"),
    ],
)
def test_an_operation_tells_of_every_status_it_may_answer(contract, endpoint, statuses):
    assert sorted(operations(contract)[endpoint]["responses"]) == statuses.split()


def test_an_answer_leads_to_what_can_be_asked_with_it(contract):
    stored = operations(contract)["POST", "/v1/reports"]["responses"]["202"]
    read = operations(contract)["GET", "/v1/reports/{report_id}"]["responses"]["200"]

    assert {"get_report", "get_report_history", "post_report_purge"} < stored["links"].keys()
    assert {"patch_report", "post_report_referrals"} == read["links"].keys()
    assert read["links"]["patch_report"]["parameters"]["header.If-Match"] == "$response.header.ETag"
    assert {"ETag", "X-Request-Id"} == read["headers"].keys()


def test_ids_in_paths_are_told_as_the_gate_takes_them(contract):
    for (_, path), operation in operations(contract).items():
        ids = [one for one in operation.get("parameters", ()) if one["in"] == "path"]
        assert {one["name"] for one in ids} == set(re.findall(r"\{(\w+)\}", path))
        assert {one["schema"]["pattern"] for one in ids} <= {"^[0-9a-f]{32}$"}
