"""The second reader's marks of the written test: where they are, what they add."""

from pathlib import Path

import numpy as np
import pytest

from models.errors import TrainingDataError
from tests.test_training.tables import table
from training.example import MarkedSpan
from training.second_marks import agreement, read_second_marks, with_second_marks
from training.sources import written_test


def marked(code: str, start: int, end: int) -> MarkedSpan:
    return MarkedSpan("entity", code, start, end)


def one_text(*spans: MarkedSpan):
    rows = table(["Nok, a teacher, came on Monday"])
    rows.spans[0] = spans
    rows.key[0] = "a"
    return rows


WRITER = (marked("PERSON", 0, 3), MarkedSpan("indicator", "urgency", 16, 30))


def test_what_the_first_reader_left_out_is_added_and_what_they_marked_stays() -> None:
    second = {"a": [marked("JOB_TITLE", 0, 14), marked("DATE", 24, 30)]}

    assert with_second_marks(one_text(*WRITER), second).spans[0] == (*WRITER, marked("DATE", 24, 30))


def test_agreement_counts_what_both_have_and_what_only_the_second_has() -> None:
    second = {"a": [marked("PERSON", 0, 3), marked("DATE", 24, 30)]}
    found = agreement(one_text(*WRITER), second)

    assert found["PERSON"] == (1, 1, 0)
    assert found["DATE"] == (0, 0, 1)


def test_every_mark_lies_in_a_text_of_the_test_and_holds_words() -> None:
    texts = {example.key: example.text for example in written_test.read(Path())}

    for key, spans in read_second_marks().items():
        ends = np.array([(one.start, one.end) for one in spans])
        assert (ends[1:, 0] >= ends[:-1, 1]).all()
        for one in spans:
            words = texts[key][one.start : one.end]
            assert words
            assert words == words.strip()


@pytest.mark.parametrize("row", ["t-en-001,PHONE,0,3", "t-en-001,PERSON,zero,3"])
def test_a_mark_of_another_type_or_nowhere_is_an_error_that_names_the_line(tmp_path: Path, row: str) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(f"id,type,start,end\n{row}\n", encoding="utf-8")

    with pytest.raises(TrainingDataError, match=r"marks.csv, line 2"):
        read_second_marks(path)
