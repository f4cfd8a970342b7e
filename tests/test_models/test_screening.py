"""The record of schema 1: its keys are a contract, fields are only ever added on purpose."""

import json

import pytest

from models.screening import (
    SCHEMA,
    Document,
    Entity,
    Evidence,
    Indicator,
    ModelInfo,
    Screening,
    ScreeningError,
)
from models.taxonomy import LABELS, ROLES

KEYS = [
    "schema",
    "id",
    "language",
    "language_proba",
    "operating_point",
    "role",
    "role_proba",
    "labels",
    "flags",
    "context_labels",
    "uncertified",
    "thresholds",
    "priority",
    "priority_reason",
    "indicators",
    "evidence",
    "entities",
    "warnings",
    "stage",
    "model",
]
ENTITY_KEYS = ["type", "start", "end", "text", "value", "attributes", "party", "proba", "source", "reason"]


@pytest.fixture
def record() -> Screening:
    return Screening(
        id="a-1",
        language="th",
        language_proba=0.987654,
        operating_point="balanced",
        role="offer",
        role_proba=dict.fromkeys(ROLES, 1 / 7),
        labels=dict.fromkeys(LABELS, 0.123456),
        flags=("task_scam",),
        context_labels=(),
        uncertified=("task_scam",),
        thresholds={"task_scam": 0.61},
        priority="review",
        priority_reason="task_scam",
        model=ModelInfo("tiny", "0.0.1", "0" * 64),
        indicators=(Indicator("urgency", 0, 5, "ด่วน", 0.88888),),
        evidence=(Evidence("task_scam", 0, 5, "influence"),),
        entities=(
            Entity(
                "PHONE",
                6,
                18,
                "081-555-0143",
                "+66815550143",
                {},
                "contact_in_flagged_text",
                0.99999,
                "rule",
                "pattern",
            ),
        ),
        warnings=("unsupported_language",),
    )


def test_a_record_has_exactly_the_keys_of_schema_1(record: Screening) -> None:
    found = record.to_dict()

    assert SCHEMA == found["schema"] == 1
    assert list(found) == KEYS
    assert list(found["model"]) == ["name", "version", "sha256"]
    assert list(found["indicators"][0]) == ["code", "start", "end", "text", "proba"]
    assert list(found["evidence"][0]) == ["flag", "start", "end", "kind"]
    assert list(found["entities"][0]) == ENTITY_KEYS


def test_a_record_is_json_and_comes_back_the_same(record: Screening) -> None:
    assert json.loads(json.dumps(record.to_dict(), ensure_ascii=False)) == record.to_dict()


def test_probabilities_have_four_decimals_and_labels_keep_their_order(record: Screening) -> None:
    found = record.to_dict()

    assert list(found["labels"]) == list(LABELS)
    assert set(found["labels"].values()) == {0.1235}
    assert found["language_proba"] == 0.9877
    assert found["indicators"][0]["proba"] == 0.8889
    assert found["thresholds"] == {"task_scam": 0.61}


def test_a_record_without_findings_still_has_every_key(record: Screening) -> None:
    bare = Screening(
        **{name: getattr(record, name) for name in record.__slots__
           if name not in {"indicators", "evidence", "entities", "warnings", "stage", "schema"}}
    )  # fmt: skip

    assert list(bare.to_dict()) == KEYS
    assert [bare.to_dict()[key] for key in ("indicators", "evidence", "entities", "warnings")] == [
        [],
        [],
        [],
        [],
    ]
    assert bare.to_dict()["stage"] == "model"


def test_an_error_has_exactly_its_keys_and_is_seen_by_a_person() -> None:
    error = ScreeningError("a-1", "empty_text", "the text is empty")

    assert error.to_dict() == {
        "schema": 1,
        "id": "a-1",
        "error": {"code": "empty_text", "message": "the text is empty"},
    }
    assert error.priority == "review"


def test_records_and_documents_cannot_be_changed(record: Screening) -> None:
    with pytest.raises(AttributeError):
        record.priority = "low"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Document("1", "text").text = "another"  # type: ignore[misc]
