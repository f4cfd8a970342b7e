"""Readers of the sets that measure only: tiny invented files in each real format, then the real files."""

import hashlib
import importlib
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source

CARDS = Path(__file__).parents[2] / "data_cards"
ALL = frozenset(LABELS)
FRAUD = ALL - {"person_at_risk", "loss_report"}


@dataclass(frozen=True)
class Case:
    """Files of one invented set, and (text, kind, role, language) of every example they should give.

    `kind` is `benign`, `any` (at least one of the mapped labels) or an exact label.
    """

    source: str
    files: dict[str, str]
    expected: list[tuple[str, str, str | None, str]]
    encodings: tuple[tuple[str, str], ...] = ()


CASES = [
    Case(
        "vi_smishing_ie403",
        {
            "dataset.csv": "content,label,has_url,has_phone_number,sender_type\n"
            '"Trúng xe máy, bấm vi-du.example",1,1,0,personal_number\n'
            "Mẹ ơi con về trễ,0,0,0,personal_number\n"
            "  ,0,0,0,personal_number\n"
        },
        [("Trúng xe máy, bấm vi-du.example", "any", None, "vi"), ("Mẹ ơi con về trễ", "benign", None, "vi")],
    ),
    Case(
        "korean_korccvi",
        {
            "KorCCViD_v1.3.csv": "Transcript,Confidence,Label\n"
            '"n/ 어제 영화 봤어 b/\n재밌더라",,0\n'
            "여기는 가상 검찰청입니다,0.9,1\n"
        },
        [
            ("n/ 어제 영화 봤어 b/\n재밌더라", "benign", "ordinary", "ko"),
            ("여기는 가상 검찰청입니다", "any", "approach", "ko"),
        ],
    ),
    Case(
        "korean_vishing",
        {"df_data_vishing.csv": ',transcript,confidence,label\n0,"예 고객님\n가상 캐피탈입니다",0.9,1\n'},
        [("예 고객님\n가상 캐피탈입니다", "any", "approach", "ko")],
    ),
    Case(
        "tg_spam_zh",
        {
            "train.csv": "target,input\n1,日结八百来私聊\n0, 今天下雨了 \n",
            "eval.csv": "target,input\n0,晚饭吃什么\n",
        },
        [
            ("日结八百来私聊", "any", None, "zh"),
            ("今天下雨了", "benign", None, "zh"),
            ("晚饭吃什么", "benign", None, "zh"),
        ],
    ),
    Case(
        "id_sms_spam_michaelchen",
        {
            "dataset_sms_spam_v1.csv": "Teks,Label\n"
            "Kamu sudah makan?,0\n"
            "Selamat nomor anda dapat mobil,1\n"
            "Kuota murah akhir pekan,2\n"
        },
        [
            ("Kamu sudah makan?", "benign", "ordinary", "id"),
            ("Selamat nomor anda dapat mobil", "any", "approach", "id"),
            ("Kuota murah akhir pekan", "benign", "offer", "id"),
        ],
    ),
    Case(
        "id_sms_spam_2nd_collection",
        {"manually_collected_sms_600.csv": 'Teks,Label\n"PT. CONTOH\npinjaman cepat",1\nPaket hemat,2\n'},
        [("PT. CONTOH\npinjaman cepat", "any", "approach", "id"), ("Paket hemat", "benign", "offer", "id")],
    ),
    Case(
        "id_judol_comments_jeebriel",
        {
            "datasetraw1_text_label.csv": "text,label\nmain di situs contoh gacor,1\nbang keren,0\n",
            "datasetraw2_text_label.csv": "text,label\nbang keren ,0\nragu ragu,1\n",
            "datasetraw3_text_label.csv": "text,label\nragu ragu,0\n",
            "datasetraw4_text_label.csv": "text,label\nmain di situs contoh gacor,1\n",
            "datasetraw5_text_label.csv": "text,label\nlagu lama,0\n",
        },
        [
            ("main di situs contoh gacor", "online_gambling", "offer", "id"),
            ("bang keren", "benign", "ordinary", "id"),
            ("lagu lama", "benign", "ordinary", "id"),
        ],
    ),
    Case(
        "telecom_fraud_texts_5",
        {
            "label00-last.csv": "content,label\n【例子电信】流量已到账,0\n",
            "label01-last.csv": "content,label\n我是例子市警官,冒充公检法及政府机关类\n",
            "label02-last.csv": "content,label\n我是例子贷款专员,贷款、代办信用卡类\n",
            "label03-last.csv": "content,label\n我是例子商城客服,冒充客服服务\n",
            "label04-last.csv": "content,label\n我是你们主任,冒充领导、熟人类\n",
        },
        [
            ("【例子电信】流量已到账", "benign", None, "zh"),
            ("我是例子市警官", "any", "approach", "zh"),
            ("我是例子贷款专员", "any", "approach", "zh"),
            ("我是例子商城客服", "any", "approach", "zh"),
            ("我是你们主任", "any", "approach", "zh"),
        ],
        encodings=(("label04-last.csv", "gb18030"),),
    ),
    Case(
        "hi_spam_ram",
        {"Spam_or_Ham2.csv": "\ufeffMessage,Category,,\nआपने इनाम जीता,spam,,\nमैं घर पहुँच गया,ham,,\n"},
        [("आपने इनाम जीता", "any", None, "hi"), ("मैं घर पहुँच गया", "benign", None, "hi")],
    ),
    Case(
        "orfd_58_zh",
        {
            "orfd_dedup.jsonl": '{"text": "招聘仓库管理员", "city": "bj", "label": "real"}\n'
            '{"text": "点赞日结五百", "city": "sh", "label": "fake"}\n'
            '{"text": "招聘助理", "city": "gz", "label": "disputed"}\n'
        },
        [("招聘仓库管理员", "benign", "offer", "zh"), ("点赞日结五百", "any", "offer", "zh")],
    ),
    Case(
        "nus_sms",
        {
            "nus_sms_en.jsonl": '{"id": 1, "text": "ok lah see you", "lang": "en", "label": "ham"}\n'
            '{"id": 1, "text": "reach already", "lang": "en", "label": "ham"}\n',
            "nus_sms_zh.jsonl": '{"id": 1, "text": "等我十分钟", "lang": "zh", "label": "ham"}\n'
            '{"id": 2, "text": "", "lang": "zh", "label": "ham"}\n',
        },
        [
            ("ok lah see you", "benign", "ordinary", "en"),
            ("reach already", "benign", "ordinary", "en"),
            ("等我十分钟", "benign", "ordinary", "zh"),
        ],
    ),
    Case(
        "th_jobads_jobthai",
        {
            "jobthai_slim.csv": "id,title,location,salary,positions,benefits,body\n"
            '7,พนักงานบัญชี,เขตตัวอย่าง,"20,000 บาท",1,,"ทำงานจันทร์ถึงศุกร์\nหยุดเสาร์อาทิตย์"\n'
        },
        [
            (
                "พนักงานบัญชี\nเขตตัวอย่าง\n20,000 บาท\n1\nทำงานจันทร์ถึงศุกร์\nหยุดเสาร์อาทิตย์",
                "benign",
                "offer",
                "th",
            )
        ],
    ),
    Case(
        "ms_mesolitica",
        {
            "supervised_twitter_sentiment.csv": "text\tid\tsentiment\nhari ni panas, gila\t5\tNeutral\n",
            "news_sentiment_v2.csv": "label,text\nPositive,Jalan baharu dibuka\n",
        },
        [
            ("hari ni panas, gila", "benign", "ordinary", "ms"),
            ("Jalan baharu dibuka", "benign", "ordinary", "ms"),
        ],
    ),
    Case(
        "km_sentiment_chhorn",
        {
            "new_final.csv": "text,target\nថ្ងៃនេះក្តៅ,neutral\n",
            "combined_sentiment_data.csv": "text,target\nម្ហូបឆ្ងាញ់ណាស់,Positive \n",
        },
        [("ថ្ងៃនេះក្តៅ", "benign", "ordinary", "km"), ("ម្ហូបឆ្ងាញ់ណាស់", "benign", "ordinary", "km")],
    ),
    Case(
        "vi_vispamreviews",
        {
            "dataset/train.csv": 'Rating,Comment,Label,SpamLabel\n5,"váy đẹp, vừa",0,0\n'
            "5,vay nhanh không cần gì,1,3\n",
            "dataset/dev.csv": "Rating,Comment,Label,SpamLabel\n4,giao hơi chậm,0,0\n",
            "dataset/test.csv": "Rating,Comment,Label,SpamLabel\n1,hàng vỡ,0,0\n",
        },
        [
            ("váy đẹp, vừa", "benign", "ordinary", "vi"),
            ("giao hơi chậm", "benign", "ordinary", "vi"),
            ("hàng vỡ", "benign", "ordinary", "vi"),
        ],
    ),
    Case(
        "vi_email_spam_ankhanh",
        {"vietnamese_data.csv": "text,spam\nphim này dở,0\nsim số đẹp giá rẻ,1\n"},
        [("phim này dở", "benign", "ordinary", "vi")],
    ),
    Case(
        "id_hoax_mesolitica",
        {"facts.csv": "Judul,Isi,Label\nJembatan Contoh Dibuka,Jembatan itu dibuka hari Senin.,fact\n"},
        [("Jembatan Contoh Dibuka\nJembatan itu dibuka hari Senin.", "benign", None, "id")],
    ),
    Case(
        "lo_hvulao",
        {"testorgin1k.txt": "ມື້ນີ້ຝົນຕົກ, \n\nຂ້ອຍໄປຕະຫຼາດ\n"},
        [("ມື້ນີ້ຝົນຕົກ,", "benign", None, "lo"), ("ຂ້ອຍໄປຕະຫຼາດ", "benign", None, "lo")],
    ),
    Case(
        "km_khpos",
        {"train.all": "ខ្ញុំ/PRO ទៅ/VB ផ្សារ_ថ្មី/NN ។/KAN\n", "OPEN-TEST": "លោក~ស្រី/PRO ឈប់/VB 1/2/CD\n"},
        [("ខ្ញុំទៅផ្សារថ្មី។", "benign", None, "km"), ("លោកស្រីឈប់1/2", "benign", None, "km")],
    ),
    Case(
        "my_myner7",
        {
            "train_v5.conll": "ကျွန်တော်\tpron\tO\nသွား\tv\tO\n။\tpunc\tO\n\n"
            "ABC\tfw\tO\nBank\tfw\tO\nမှာ\tppm\tO\n",
            "val_v5.conll": "နေ\tv\tO\n\n",
            "test_v5.conll": "စာ\tn\tO\n\n",
        },
        [
            ("ကျွန်တော်သွား။", "benign", None, "my"),
            ("ABC Bankမှာ", "benign", None, "my"),
            ("နေ", "benign", None, "my"),
            ("စာ", "benign", None, "my"),
        ],
    ),
]
FRAUD_R1_FILES = {
    "FP-base-English.json": '[{"id": 1, "category": "impersonation", "generated text": " Pay the fee now. "},'
    ' {"id": 2, "category": "fake job posting", "generated text": "Like posts, earn daily."},'
    ' {"id": 3, "category": "phishing", "generated text": "Click.\\n\\nKey Red Flags:\\n1. A link"}]',
    "FP-base-Chinese.json": '[{"id": 1, "category": "network friendship", "generated text": "亲爱的借钱"}]',
}
NAMES = [case.source for case in CASES] + ["fraud_r1"]


def source_of(name: str) -> Source:
    found: Source = importlib.import_module(f"training.sources.{name}").SOURCE
    return found


def write(root: Path, source: Source, files: dict[str, str], encodings: dict[str, str] | None = None) -> None:
    for name, content in files.items():
        path = root / source.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode((encodings or {}).get(name, "utf-8")))


def kind_of(example: Example, mapped: frozenset[str]) -> str:
    if example.any_of:
        assert example.any_of == mapped
        assert not example.labels
        assert not example.known
        return "any"
    if example.labels:
        assert example.known == example.labels
        return ",".join(sorted(example.labels))
    assert example.known == ALL
    return "benign"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.source)
def test_rows_become_examples_of_the_agreed_kind_role_and_language(case: Case, tmp_path: Path) -> None:
    source = source_of(case.source)
    write(tmp_path, source, case.files, dict(case.encodings))
    examples = list(source.read(tmp_path))
    found = [(one.text, kind_of(one, source.mapped), one.role, one.language) for one in examples]
    assert found == case.expected
    assert {one.source for one in examples} == {case.source}
    assert len({one.key for one in examples}) == len(examples)


@pytest.mark.parametrize("name", NAMES)
def test_the_source_never_trains_and_its_scam_score_fits_its_measure(name: str) -> None:
    source = source_of(name)
    assert source.name == name
    assert source.folder.startswith("eval_only/")
    assert source.parts == TEST_ONLY_PARTS
    assert source.mapped <= FRAUD
    assert bool(source.mapped) == (source.measure in ("two_class", "recall"))


def test_fraud_r1_tells_fake_jobs_from_the_rest_and_leaves_out_texts_that_explain_themselves(
    tmp_path: Path,
) -> None:
    source = source_of("fraud_r1")
    write(tmp_path, source, FRAUD_R1_FILES)
    examples = list(source.read(tmp_path))
    assert [(one.key, one.text, one.any_of, one.role) for one in examples] == [
        ("en-1", "Pay the fee now.", FRAUD, "approach"),
        ("en-2", "Like posts, earn daily.", frozenset({"fraudulent_job_offer", "task_scam"}), "offer"),
        ("zh-1", "亲爱的借钱", FRAUD, "approach"),
    ]
    assert not any(one.labels or one.known for one in examples)


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ([("မောင်", "B-PER"), ("နမူနာ", "E-PER"), ("သည်", "O")], [("PERSON", "မောင်နမူနာ")]),
        ([("နမူနာ", "S-LOC"), ("ရွာ", "S-LOC")], [("LOCATION", "နမူနာ"), ("LOCATION", "ရွာ")]),
        # A bracket inside a name: the corpus never closes the first part and closes what it never opened.
        (
            [("ပြည်", "B-LOC"), ("နယ်", "I-LOC"), ("(", "O"), ("တောင်", "E-LOC"), (")", "O")],
            [("LOCATION", "ပြည်နယ်")],
        ),
        ([("၂", "B-NUM"), ("ခု", "E-NUM"), ("၅", "S-TIME")], []),
        (
            [("ABC", "B-ORG"), ("Bank", "E-ORG"), ("မေ", "S-DATE")],
            [("ORGANISATION", "ABC Bank"), ("DATE", "မေ")],
        ),
    ],
)
def test_burmese_entity_spans_point_at_their_words(
    tokens: list[tuple[str, str]], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    source = source_of("my_myner7")
    sentence = "".join(f"{word}\tn\t{tag}\n" for word, tag in tokens)
    write(tmp_path, source, {"train_v5.conll": sentence, "val_v5.conll": "", "test_v5.conll": ""})
    (example,) = source.read(tmp_path)
    assert [(span.code, example.text[span.start : span.end]) for span in example.spans] == expected
    assert {span.kind for span in example.spans} <= {"entity"}


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"expected the file"):
        list(source_of(name).read(tmp_path))


@pytest.mark.parametrize(
    ("name", "file", "content", "message"),
    [
        ("vi_smishing_ie403", "dataset.csv", "text,label\nbí mật,1\n", "content"),
        ("vi_smishing_ie403", "dataset.csv", "content,label\nbí mật,2\n", "dataset.csv, row 1"),
        ("korean_vishing", "df_data_vishing.csv", ",transcript,label\n0,bí mật,0\n", "row 1"),
        ("hi_spam_ram", "Spam_or_Ham2.csv", "Message,Category\nbí mật,maybe\n", "row 1"),
        ("vi_email_spam_ankhanh", "vietnamese_data.csv", "text,spam\nbí mật,\n", "row 1"),
        ("orfd_58_zh", "orfd_dedup.jsonl", '{"text": "bí mật", "label": "odd"}\n', "line 1"),
        ("orfd_58_zh", "orfd_dedup.jsonl", '{"text": "bí mật"}\n', "label"),
        ("fraud_r1", "FP-base-English.json", '[{"id": 1, "generated text": "bí mật"}]', "category"),
    ],
)
def test_a_wrong_column_or_label_is_named_and_the_text_is_not(
    name: str, file: str, content: str, message: str, tmp_path: Path
) -> None:
    source = source_of(name)
    write(tmp_path, source, {file: content})
    with pytest.raises(TrainingDataError, match=message) as caught:
        list(source.read(tmp_path))
    assert "bí mật" not in str(caught.value)


@pytest.mark.data
@pytest.mark.parametrize("name", NAMES)
def test_the_real_files_are_those_of_the_card_and_read_to_its_row_count(name: str) -> None:
    root = Path(os.environ["SCAMSCREEN_DATA"])
    source = source_of(name)
    front_matter = (CARDS / f"{name}.md").read_text(encoding="utf-8").split("---\n")[1]
    card = yaml.safe_load(front_matter)["scamscreen"]
    for file, digest in card["sha256"].items():
        assert hashlib.sha256((root / source.folder / file).read_bytes()).hexdigest() == digest, file
    assert sum(1 for _ in source.read(root)) == card["rows"]
