import asyncio
import logging
from pathlib import Path

import pytest

import serving.api.request_log
import serving.log
from models.errors import ArtifactCorruptError
from models.screening import Document, ScreeningError
from serving.api.request_log import RequestLogMiddleware, RequestSummary
from serving.log import SafeFormatter, describe
from serving.settings import Settings
from serving.store.errors import StoreUnavailableError
from tests.fakes import FakeScreener

SECRET = "zqsecretxv"


def line(name, message, *arguments, exc_info=None):
    return SafeFormatter().format(
        logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, exc_info)
    )


def failure(raise_it):
    try:
        raise_it()
    except Exception as error:
        return error


def test_a_message_of_a_library_is_withheld():
    assert SECRET not in line("uvicorn.access", "GET /%s", SECRET)
    assert SECRET not in line("asyncio", f"Task exception was never retrieved: ValueError({SECRET!r})")


def test_a_message_of_a_library_is_found_by_its_place():
    assert "uvicorn.error at test_log:1 (message withheld)" in line("uvicorn.error", "anything")


def test_a_message_of_ours_is_written():
    assert line("scamscreen", "request %s", "7f").endswith("ERROR request 7f")


def test_no_module_of_ours_logs_under_a_name_that_is_withheld():
    ours = Path(serving.log.__file__).parent
    assert [
        path.name for path in ours.rglob("*.py") if "getLogger(__name__)" in path.read_text("utf-8")
    ] == []


def test_an_exception_and_its_causes_are_named_without_their_messages():
    def chain():
        try:
            {}[SECRET]
        except KeyError as error:
            raise ValueError(SECRET) from error

    error = failure(chain)
    written = line("scamscreen", "failed", exc_info=(type(error), error, error.__traceback__))
    assert written.endswith("failed: ValueError at no line of ours, from KeyError at no line of ours")


def test_an_exception_is_placed_in_our_own_code():
    error = failure(lambda: Settings.from_environment({"SCAMSCREEN_OPEN": SECRET}))
    assert describe(error).startswith("InputError at serving/settings.py:")
    assert SECRET not in describe(error)


def test_an_unusable_model_says_why():
    assert describe(ArtifactCorruptError("graph.onnx is not JSON")).startswith(
        "ArtifactCorruptError (graph.onnx is not JSON)"
    )


def test_a_store_that_does_not_answer_says_why():
    assert describe(StoreUnavailableError("its disk is full")).startswith(
        "StoreUnavailableError (its disk is full)"
    )


def test_a_summary_counts_by_fixed_codes_only():
    records = FakeScreener().screen([Document("1", "help me"), Document("2", "help me", language=SECRET)])
    summary = RequestSummary()
    summary.add([*records, ScreeningError("3", "empty_text", "the text is empty")], languages=("en",))
    assert str(summary) == " documents=3 errors=empty_text:1 languages=en:1,other:1 flags=person_at_risk:2"


async def _fail(scope, receive, send):
    raise ValueError(SECRET)


async def _say_nothing(scope, receive, send):
    pass


async def _take_too_long(scope, receive, send):
    await asyncio.sleep(60)


@pytest.mark.parametrize(("app", "status"), [(_fail, 500), (_say_nothing, 500), (_take_too_long, 504)])
def test_a_client_that_waits_is_always_answered(app, status, monkeypatch, caplog):
    monkeypatch.setattr(serving.api.request_log, "REQUEST_SECONDS", 0.01)
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": f"/{SECRET}", "headers": []}
    with caplog.at_level(logging.INFO, logger="scamscreen"):
        asyncio.run(RequestLogMiddleware(app)(scope, None, send))
    assert sent[0]["status"] == status
    assert SECRET.encode() not in sent[1]["body"]
    assert f"POST other {status}" in caplog.messages[-1]
