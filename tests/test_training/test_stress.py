"""The written test damaged and redacted: what is compared with what."""

from pathlib import Path

from models.artifact import load_artifact
from tests.test_training.tables import table
from training import stress
from training.markup import parse_markup


def test_a_redacted_text_names_the_types_and_keeps_the_rest() -> None:
    text, spans = parse_markup("call {{urgency|[[PERSON|Nok]] today}} on [[PHONE|081-555-0143]]!")
    rows = table([text])
    rows.spans[0] = spans

    assert stress.redacted(rows, 0) == "call [PERSON] today on [PHONE]!"


def test_a_change_is_measured_only_on_the_texts_it_touches(tiny_artifact: Path, tmp_path: Path) -> None:
    rows = table(["việc nhẹ 500", "งานสบาย"], [{"task_scam"}, set()], ["vi", "th"])
    entries = {e["change"]: e for e in stress.measure(rows, load_artifact(tiny_artifact), tmp_path)}

    assert set(entries) == {*stress.CHANGES, stress.REDACTED}
    assert entries["Vietnamese without diacritics"]["n"] == 1
    assert entries["romanised"]["n"] == 1
    assert entries["Zawgyi"]["n"] == 0
    assert entries[stress.REDACTED]["n"] == 0
    before, after = entries["Vietnamese without diacritics"]["any_right_label"]
    assert before["n"] == after["n"] == 1
    assert entries["romanised"]["false_alarms"][0]["n"] == 1
