"""What the client sends and what it says of answers: the same as the service, without importing it."""

import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime
from types import NoneType
from typing import get_args, get_type_hints

import pytest

import serving.client
import serving.schemas.changes as changes
import serving.schemas.documents as documents
import serving.schemas.records as records
import serving.schemas.report_records as report_records
import serving.schemas.reports as reports
import serving.schemas.search as search
from serving.client import Change, Document, EntityAsked, ExternalReference, Report, Search, told
from serving.client.sent import Consent, Span, json_of

WORDS = "zqxsentinel"


def test_what_is_sent_does_not_show_when_it_is_printed():
    sent = [
        Report(text=WORDS, code_word=WORDS),
        Document(WORDS),
        Change(note=WORDS),
        Search(words=WORDS),
        Consent(by=WORDS),
        [EntityAsked("X", WORDS)],
    ]

    assert WORDS not in repr(sent)


def test_what_is_sent_is_the_same_bytes_each_time_and_complete():
    report = Report(
        content=b"\x89PNG",
        media_type="image/png",
        received_at=datetime(2026, 1, 31, 9, tzinfo=UTC),
        external_refs=[ExternalReference("police", "17")],
        consent=Consent(refer="yes"),
        in_danger=True,
    )

    assert json_of(report) == {
        "content": "iVBORw==",
        "media_type": "image/png",
        "received_at": "2026-01-31T09:00:00+00:00",
        "external_refs": [{"agency": "police", "number": "17"}],
        "consent": {"refer": "yes"},
        "in_danger": True,
    }
    with pytest.raises(ValueError, match="offset"):
        json_of(Report(text="", received_at=datetime(2026, 1, 31, 9)))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Report, reports.ReportIn),
        (Consent, reports.Consent),
        (ExternalReference, reports.ExternalReference),
        (Change, changes.ReportChange),
        (Span, changes.SpanChange),
        (Search, search.ReportSearch),
        (EntityAsked, search.EntityAsked),
        (Document, documents.DocumentIn),
    ],
)
def test_a_client_can_send_all_that_the_service_takes(ours, theirs):
    assert {field.name for field in fields(ours)} == theirs.model_fields.keys()


ROOMS = (documents, records, search, changes, reports, report_records)
SCHEMAS = {name: getattr(room, name) for room in ROOMS for name in vars(room)}


@pytest.mark.parametrize(
    "name", [name for name, one in vars(told).items() if hasattr(one, "__required_keys__")]
)
def test_what_the_client_says_of_answers_is_what_the_service_says(name):
    ours, theirs = get_type_hints(getattr(told, name)), SCHEMAS[name].model_fields

    assert ours.keys() == {field.alias or its_name for its_name, field in theirs.items()}
    for its_name, field in theirs.items():
        assert _may_be_none(ours[field.alias or its_name]) == _may_be_none(field.annotation), its_name


def _may_be_none(kind):
    return NoneType in get_args(kind)


def test_the_client_imports_nothing_of_the_service():
    heavy = (
        "bentoml",
        "openvino",
        "sqlalchemy",
        "pydantic",
        "numpy",
        "fastapi",
        "serving.store",
        "serving.schemas",
    )
    program = f"import sys, serving.client; print([one for one in {heavy!r} if one in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"
    assert serving.client.__all__ == sorted(serving.client.__all__)
