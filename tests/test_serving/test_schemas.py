import json

import pytest

from models.loading import load_screener
from models.screening import Document, ScreeningError
from serving.schemas.records import ScreenResponse, screen_json

TEXTS = {
    "job": "งานแอดมิน ปอยเปต รายได้ 35,000 บาท มีที่พัก ตั๋วฟรี ติดต่อ Line @easyjob88 หรือ 081-555-0143",
    "plea": "They took my passport and locked us on floor 4. Please help, I want to go home. +855 12 555 014",
    "investment": "保证收益，日赚500美元，加微信 invest888，http://example.com/join 名额有限",
    "parcel": "Bưu kiện của bạn bị giữ, chuyển 50.000đ vào tài khoản 0123456789 Vietcombank hôm nay.",
    "ordinary": "พรุ่งนี้ประชุมเก้าโมงที่ห้องสมุด",
    "odd": 'quotes " and \\ and \u2028 and \U0001f600 and \x7f',
}


@pytest.fixture(scope="module")
def records():
    documents = [Document(id=name, text=text) for name, text in TEXTS.items()]
    return [
        *load_screener().screen(documents),
        ScreeningError(id="bad", code="empty_text", message="the text is empty"),
    ]


def test_an_answer_of_the_shipped_model_obeys_the_published_contract(records):
    answer = ScreenResponse.model_validate_json(screen_json(records))
    assert [record.id for record in answer.results] == [*TEXTS, "bad"]
    assert any(record.entities for record in answer.results[:-1])
    assert any(record.evidence for record in answer.results[:-1])


def test_an_answer_is_the_records_to_the_letter(records):
    assert json.loads(screen_json(records)) == {"results": [record.to_dict() for record in records]}
