"""Digits, number words and stand-ins, with the place of each digit."""

import pytest

from models.entities.numerals import DigitRun, digit_runs, lookalike_runs, spoken_runs
from tests.reading_time import reads_in_linear_time


def _digits(run: DigitRun) -> str:
    return "".join(group.digits for group in run.groups)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("โทร081-555-0143ด่วน", ["0815550143"]),
        ("๐๘๑ ๕๕๕ ๐๑๔๓", ["0815550143"]),
        ("ဖုန်း ၀၉ ၅၅၅ ၀၁၅၇", ["095550157"]),
        ("+66 (81) 555.0143", ["66815550143"]),
        ("081\n555", ["081", "555"]),
        ("1,500 baht", ["1", "500"]),
        ("no digits", []),
        ("1" * 21 + " 22", ["22"]),
    ],
)
def test_digit_runs(text: str, expected: list[str]) -> None:
    assert [_digits(run) for run in digit_runs(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ศูนย์แปดหนึ่ง ห้าห้าห้า ศูนย์หนึ่งสี่สาม", ["0815550143"]),
        ("ສູນ ສອງ ສູນ ຫ້າ ຫ້າ ຫ້າ", ["020555"]),
        ("សូន្យ មួយ ពីរ ប្រាំ ប្រាំ ប្រាំ ប្រាំមួយ", ["0125556"]),
        ("သုည ကိုး ငါး ငါး ငါး", ["09555"]),
        ("không chín ba tám năm năm năm", ["0938555"]),
        ("nol delapan satu dua lima lima lima", ["0812555"]),
        ("공일공 오오오", ["010555"]),
        ("ゼロ きゅう ゼロ ご ご ご", ["090555"]),
        ("नौ आठ पाँच पाँच पाँच", ["98555"]),
        ("幺三八 五五五", ["138555"]),
        ("Zero EIGHT one, double five five", ["081555"]),
        ("508 5five5 38four1", ["5085553841"]),
        ("⑧② 555", ["82555"]),
        ("İ SİX TWO three", ["623"]),
        ("one of us", []),
        ("someone phoned nobody", []),
        ("081-555-0143", []),
    ],
)
def test_spoken_runs(text: str, expected: list[str]) -> None:
    assert [_digits(run) for run in spoken_runs(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("O8I-S55-OI43", ["0815550143"]), ("BOILS", []), ("0815550143", []), ("@O8IS55OI43", [])],
)
def test_lookalike_runs(text: str, expected: list[str]) -> None:
    assert [_digits(run) for run in lookalike_runs(text)] == expected


def test_a_group_written_as_a_word_maps_back_to_it() -> None:
    text = "call zero 81 double five now"
    (run,) = spoken_runs(text)
    assert [(text[group.start : group.end], group.digits) for group in run.groups] == [
        ("zero", "0"),
        ("81", "81"),
        ("double five", "55"),
    ]


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "1-", ".", "ห้า", "一", "five ", "O8", "ก", "fivefive", "one one x ", "one 5 x "]
)
def test_hundred_kilobytes_are_read_in_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    for runs in (digit_runs, spoken_runs, lookalike_runs):
        assert reads_in_linear_time(lambda some, runs=runs: list(runs(some)), text)
