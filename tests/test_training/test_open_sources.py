"""The readers of `open/` sets, each on an invented file in the real format; the real files with `-m data`."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.example import BENIGN_PARTS, LABELLED_PARTS, Example, MarkedSpan
from training.sources import OPEN
from training.sources.parallel_ntrex128 import _LANGUAGES as NTREX
from training.sources.parallel_sib200 import _LANGUAGES as SIB
from training.sources.parallel_tatoeba_laser import _LANGUAGES as TATOEBA
from training.sources.parallel_udhr import _LANGUAGES as UDHR
from training.sources.tables import join_bio, read_bio, read_csv, read_json, read_json_lines, read_lines
from training.sources.teleantifraud_dialogues_zh import _FRAUD_FILES, _NORMAL_FILE
from training.sources.th_thainer15 import without_tags

BY_NAME = {source.name: source for source in OPEN}
CARDS = Path(__file__).parents[2] / "data_cards"
SENTINEL = "sentinel words of a private message"

Row = tuple[str, str | None, set[str], set[str]]


def lines(*rows: object) -> str:
    return "".join(
        f"{row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)}\n" for row in rows
    )


def benign(language: str, role: str = "ordinary") -> Row:
    return (language, role, set(), set())


def some_scam(name: str, role: str | None = "approach", language: str = "en") -> Row:
    return (language, role, set(), set(BY_NAME[name].mapped))


def dialogue(tts_id: str, fraud_type: str) -> dict[str, object]:
    return {"tts_id": tts_id, "left": ["喂，你好", "再见"], "right": ["你是谁"], "fraud_type": fraud_type}


def declaration(code: str) -> str:
    heads = ["第七条" if code == "cmn_hans" else f"Article {n}" for n in range(1, 31)]
    return "A title\n" + "".join(f"{head}\nParagraph under it in {code}.\n" for head in heads)


@dataclass(frozen=True)
class Case:
    """A source, invented files in its format, and each example as language, role, labels, any_of."""

    name: str
    files: dict[str, str]
    rows: list[Row]


SMISHING = {"phishing", "prize_scam", "loan_scam", "call_centre_scam", "investment_scam", "other_scam"}
CASES = (
    Case(
        "thai_sms_spam_ssivakorn",
        {
            "dedup.csv": "text,label\nรหัสของคุณคือ 1234,otp\nเจอกันบ่ายสอง,ok\n"
            "โปรเน็ตใหม่,spam\nรับเครดิตฟรี,scam\n  ,ok\n"
        },
        [
            benign("th"),
            benign("th"),
            benign("th", "offer"),
            some_scam("thai_sms_spam_ssivakorn", language="th"),
        ],
    ),
    Case(
        "burmese_moneyscam_nuwai",
        {
            "texts_dedup.csv": "source_file,column,group_or_page,text\n"
            "non scam advertisements 2.xlsx,text,x,ဈေးရောင်းပွဲ\n"
            "job posts-mixed.xlsx,text,x,We need a driver\n"
            'mostly scam data 1.xlsx,text,x,"ငွေလဲ\nမလား"\n'
            "mixed data 1.xlsx,text,x,မသေချာ\n"
            "real text from sms.xlsx,,,စာတို\n"
            "kyarphyant-greeting.xlsx,,,Hello\n"
            f"kyarphyant-greeting.xlsx,,,{'so nice to talk to you ' * 6}\n"
            f"kyarphyant-greeting-burmese.xlsx,,,{'မင်္ဂလာပါ ' * 25}\n",
            "myanmar_news_data.csv": "\ufeffSource Name,title,link,description,category\nx,မိုးရွာမည်,x,ယနေ့,x\n",
        },
        [
            benign("my", "offer"),
            benign("en", "offer"),
            some_scam("burmese_moneyscam_nuwai", role=None, language="my"),
            ("en", "operator_script", {"romance_scam"}, set()),
            ("my", "operator_script", {"romance_scam"}, set()),
            benign("my"),
        ],
    ),
    Case(
        "id_judol_comments_gbennnn",
        {"judol_text_label.csv": 'text,label\n"seru, bang",0\nmain di situs ini pasti menang,1\n'},
        [benign("id"), ("id", "offer", {"online_gambling"}, set())],
    ),
    Case(
        "mendeley_sms_phishing_5971",
        {
            "Dataset_5971.csv": "LABEL,TEXT,URL,EMAIL,PHONE\n"
            "ham,Your bill was paid,,,\n"
            "Smishing,See you at six,No,No,No\n"
            "spam,Confirm your card at once,No,No,No\n"
            "ham,Half price shoes today,No,No,No\n"
            "smishing,On my way,No,No,No\n"
            "spam,Claim it now,No,No,No\n"
            ",claim it NOW!,No,No,No\n"
        },
        [
            benign("en"),
            ("en", "approach", set(), SMISHING),
            some_scam("mendeley_sms_phishing_5971"),
            benign("en"),
        ],
    ),
    Case(
        "uci_sms_spam",
        {"SMSSpamCollection": 'Label\tSMS\nham\tShe said "later\nspam\tYou won a cruise, call now\n'},
        [benign("en"), some_scam("uci_sms_spam")],
    ),
    Case(
        "teleantifraud_dialogues_zh",
        {file: lines(dialogue("t1", "绑架诈骗"), dialogue("t2", "银行诈骗")) for file in _FRAUD_FILES}
        | {_NORMAL_FILE: lines(dialogue("t1", "打车服务"))},
        [("zh", "approach", {"extortion"}, set()), ("zh", "approach", {"call_centre_scam"}, set())] * 6
        + [benign("zh")],
    ),
    Case(
        "janitr_x_scam",
        {
            "sample.jsonl": lines(
                {"id": "1", "text": "gm all", "labels": ["clean"]},
                {"id": "2", "text": "chart looks fine", "labels": ["topic_crypto"]},
                {"id": "3", "text": "we get it back", "labels": ["scam", "recovery_scam"]},
                {"id": "4", "text": "connect wallet", "labels": ["phishing", "spam", "topic_crypto"]},
                {"id": "5", "text": "sure thing x10", "labels": ["scam", "topic_crypto"]},
                {"id": "6", "text": "use my code", "labels": ["promo", "topic_crypto"]},
                {"id": "7", "text": "mocked", "labels": ["clean"], "source_id": "x_mock_7"},
                {"id": "8", "text": "hola", "labels": ["clean", "topic_language_other"]},
                {"id": "9", "text": "rant", "labels": ["topic_politics"]},
            )
        },
        [
            benign("en"),
            benign("en"),
            ("en", None, {"recovery_scam"}, set()),
            ("en", None, {"phishing"}, set()),
            some_scam("janitr_x_scam", role=None),
        ],
    ),
    Case(
        "ftc_robocall_fragments",
        {
            "robocall_fragments.jsonl": lines(
                {"id": 0, "text": "press one to speak to an agent", "label": "robocall_suspected_illegal"}
            )
        },
        [some_scam("ftc_robocall_fragments")],
    ),
    Case(
        "ftc_advisories",
        {
            "ftc_consumer_scams.jsonl": lines({"title": "Spot it", "body": "Hang up."}),
            "ftc_data_spotlight.jsonl": lines({"title": "Data", "summary": "<p>Losses&nbsp;rose</p>"}),
            "ftc_press_releases.jsonl": lines({"title": "Spot it", "body": "Hang  up."}),
            "11-13_ftc_press_releases_scrapy.json": '[{"title": "Case", "full_text": "Settled."}]',
            "ftc_data_spotlight_scrapy.json": "[]",
            "ftc_press_releases_scrapy.json": '[{"title": "A", "full_text": "x"}]\n'
            '[{"title": "B", "full_text": "y"}]',
        },
        [benign("en", "warning")] * 5,
    ),
    Case(
        "spamassassin",
        {
            "spamassassin.jsonl": lines(
                {"id": "a", "label": "ham", "subject": "Re: patch", "text": "Applied."},
                {"id": "b", "label": "spam", "subject": "Buy", "text": "Now"},
            )
        },
        [benign("en")],
    ),
    Case(
        "banking77",
        {
            "train.csv": 'text,category\n"Where is my card, please?",card_arrival\n',
            "test.csv": "text,category\nHow do I top up?,top_up\n",
        },
        [benign("en")] * 2,
    ),
    Case(
        "emscad_head499",
        {
            "fake_job_postings.csv": "job_id,title,company_profile,description,"
            "requirements,benefits,fraudulent\n"
            "1,Cook,,Cook &amp; clean,,Meals,0\n2,Clerk,,Send a fee first,,,1\n"
        },
        [benign("en", "offer"), ("en", "offer", {"fraudulent_job_offer"}, set())],
    ),
    Case(
        "fil_sms_spam_data103",
        {"cleaned_sms_text_labels_only_v2.csv": "text,label\nuwi na ako,ham\nloan promo bank,spam\n,ham\n"},
        [benign("tl")],
    ),
    Case(
        "lurebench",
        {
            "pilot.jsonl": lines(
                {"id": "p1", "text": "Ihr Konto", "label": 1, "typology": "phishing", "language": "de"}
            ),
            "eval.jsonl": lines(
                {"id": "p1", "text": "Ihr Konto", "label": 1, "typology": "phishing", "language": "de"},
                {"id": "e1", "text": "请改账户", "label": 1, "typology": "bec", "language": "zh"},
            ),
            "lures.jsonl": lines(
                "// a comment",
                {"id": "s1", "text": "Hello dear", "label": 1, "typology": "romance", "language": "en"},
                {"id": "s2", "text": "Lunch?", "label": 0, "typology": "benign", "language": "en"},
            ),
        },
        [
            ("de", "approach", {"phishing"}, set()),
            ("zh", "approach", {"acquaintance_impersonation"}, set()),
            some_scam("lurebench"),
        ],
    ),
    Case(
        "th_wisesight_sentiment",
        {"neu.txt": "อร่อยดี\r\n", "neg.txt": "ช้ามาก\r\n\r\n", "pos.txt": "ชอบ\n", "q.txt": "กี่โมง"},
        [benign("th")] * 4,
    ),
    Case(
        "id_smsa_indonlu",
        {
            "smsa_train.tsv": "enak sekali\tpositive\n",
            "smsa_valid.tsv": "biasa saja\tneutral\n",
            "smsa_test.tsv": "mahal\tnegative\n",
        },
        [benign("id")] * 3,
    ),
    Case(
        "th_thainer15",
        {
            "train.txt": "\ufeff[PERSON]สมชาย[/PERSON]ไป[LOCATION]ตาก[/LOCATION]\n",
            "val.txt": "[TIME]เที่ยง[/TIME]\n",
            "test.txt": "ไม่มีชื่อ\n",
        },
        [benign("th")] * 3,
    ),
    Case(
        "id_ner_indonlu",
        {
            f"{name}_{part}.txt": f"Budi\tB-{person}\ndi\tO\nMedan\tB-{place}\n\nhalo\tO\n"
            for name, person, place in (
                ("nergrit_ner-grit", "PERSON", "PLACE"),
                ("nerp_ner-prosa", "PPL", "PLC"),
            )
            for part in ("train", "valid", "test")
        },
        [benign("id")] * 12,
    ),
    Case(
        "skillspan_ner",
        {
            f"{part}.json": lines(
                {
                    "idx": 1,
                    "tokens": ["Cook", "at", "<ORGANIZATION>"],
                    "tags_skill": ["O"] * 3,
                    "source": "house",
                }
            )
            for part in ("train", "dev", "test")
        },
        [benign("en", "offer")] * 3,
    ),
    Case(
        "skill_extraction_ner",
        {
            "df_testset.csv": "sentence_id,word,pos,tag\n1,Senior,JJ,B-Occupation\n1,cook,NN,I-Occupation\n"
            "1,wanted,VB,O\n2,Knives,NN,B-Skill\n"
        },
        [benign("en", "offer")] * 2,
    ),
    Case(
        "parallel_ntrex128",
        {"DOCUMENT_IDS.tsv": "paper.1\npaper.2\n"}
        | {f"newstest2019-{code}.txt": f"First {code}\r\nSecond {code}\r\n" for code in NTREX},
        [benign(language) for language in NTREX.values() for _line in range(2)],
    ),
    Case(
        "parallel_sib200",
        {
            f"{code}/{part}.tsv": f'index_id\tcategory\ttext\n{index}\ttravel\t"A ""said"" line in {code}"\n'
            for code in SIB
            for index, part in enumerate(("train", "dev", "test"))
        },
        [benign(language) for language in SIB.values() for _part in range(3)],
    ),
    Case(
        "parallel_tatoeba_laser",
        {f"tatoeba.{code}-eng.{side}": f"Rain in {side}\n" for code in TATOEBA for side in (code, "eng")},
        [benign(side) for language in TATOEBA.values() for side in (language, "en")],
    ),
    Case(
        "parallel_udhr",
        {f"{code}.txt": declaration(code) for code in UDHR},
        [benign(language) for language in UDHR.values() for _paragraph in range(31)],
    ),
)
NAMES = [case.name for case in CASES]


def write(case: Case, data_root: Path) -> Path:
    for file, content in case.files.items():
        path = data_root / BY_NAME[case.name].folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return data_root


def read_case(name: str, data_root: Path) -> list[Example]:
    case = next(case for case in CASES if case.name == name)
    return list(BY_NAME[name].read(write(case, data_root)))


def test_every_open_source_but_the_written_ones_has_a_case() -> None:
    assert sorted(NAMES) == sorted(name for name in BY_NAME if name not in ("authored", "everyday"))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_reads_its_format(case: Case, tmp_path: Path) -> None:
    examples = list(BY_NAME[case.name].read(write(case, tmp_path)))
    found = [(e.language, e.role, set(e.labels), set(e.any_of)) for e in examples]
    assert found == case.rows


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_examples_keep_the_contract_of_their_fields(case: Case, tmp_path: Path) -> None:
    source = BY_NAME[case.name]
    examples = list(source.read(write(case, tmp_path)))
    assert len({example.key for example in examples}) == len(examples)
    for example in examples:
        assert example.source == source.name
        assert example.text == example.text.strip() != ""
        assert example.labels <= example.known <= set(LABELS)
        assert not example.any_of & example.known
        assert example.any_of <= source.mapped
        if not example.labels and not example.any_of:
            assert example.known == set(LABELS)
        for span in example.spans:
            assert example.text[span.start : span.end].strip() == example.text[span.start : span.end] != ""


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_absent_file_is_named(case: Case, tmp_path: Path) -> None:
    write(case, tmp_path)
    for file in case.files:
        path = tmp_path / BY_NAME[case.name].folder / file
        content = path.read_bytes()
        path.unlink()
        with pytest.raises(TrainingDataError, match=path.name.replace(".", r"\.")):
            list(BY_NAME[case.name].read(tmp_path))
        path.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "code", "unknown"),
    [
        ("thai_sms_spam_ssivakorn", ",scam\n", f",{SENTINEL}\n"),
        ("burmese_moneyscam_nuwai", "non scam advertisements 2", SENTINEL),
        ("id_judol_comments_gbennnn", ",1\n", f",{SENTINEL}\n"),
        ("mendeley_sms_phishing_5971", "Smishing", SENTINEL),
        ("uci_sms_spam", "spam\t", f"{SENTINEL}\t"),
        ("teleantifraud_dialogues_zh", "绑架诈骗", SENTINEL),
        ("ftc_robocall_fragments", "robocall_suspected_illegal", SENTINEL),
        ("spamassassin", '"ham"', f'"{SENTINEL}"'),
        ("emscad_head499", ",1\n", f",{SENTINEL}\n"),
        ("fil_sms_spam_data103", ",spam\n", f",{SENTINEL}\n"),
        ("lurebench", '"label": 1', f'"label": "{SENTINEL}"'),
    ],
)
def test_an_unknown_class_stops_the_reader_and_is_not_repeated(
    name: str, code: str, unknown: str, tmp_path: Path
) -> None:
    case = next(case for case in CASES if case.name == name)
    write(case, tmp_path)
    path = tmp_path / BY_NAME[name].folder / next(iter(case.files))
    content = path.read_text(encoding="utf-8")
    assert code in content
    path.write_text(content.replace(code, unknown), encoding="utf-8", newline="")
    with pytest.raises(TrainingDataError, match=path.name.replace(".", r"\.")) as caught:
        list(BY_NAME[name].read(tmp_path))
    assert SENTINEL not in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_parts_follow_the_plan(name: str) -> None:
    benign_sets = {
        "parallel_ntrex128",
        "parallel_sib200",
        "banking77",
        "th_wisesight_sentiment",
        "id_smsa_indonlu",
        "ftc_advisories",
        "spamassassin",
    }
    labelled_by_file = {"burmese_moneyscam_nuwai": (0.75, 0.10, 0.0, 0.15)}  # and so certifies nothing
    planned = BENIGN_PARTS if name in benign_sets else labelled_by_file.get(name, LABELLED_PARTS)
    assert BY_NAME[name].parts == planned


def test_labels_one_row_above_their_texts_are_moved_down(tmp_path: Path) -> None:
    texts = {example.text: example for example in read_case("mendeley_sms_phishing_5971", tmp_path)}
    assert texts["Confirm your card at once"].any_of
    assert not texts["See you at six"].any_of
    assert "Your bill was paid" not in texts  # its label is not in the file
    assert not {"Claim it now", "claim it NOW!"} & set(texts)  # smishing here, spam there


def test_a_copy_whose_labels_stand_beside_their_texts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / BY_NAME["mendeley_sms_phishing_5971"].folder / "Dataset_5971.csv"
    path.parent.mkdir(parents=True)
    path.write_text("LABEL,TEXT\nham,See you at six\nham,On my way\n", encoding="utf-8")
    with pytest.raises(TrainingDataError, match="last LABEL"):
        list(BY_NAME["mendeley_sms_phishing_5971"].read(tmp_path))


def test_dialogue_turns_stand_in_call_order_and_a_run_stays_together(tmp_path: Path) -> None:
    examples = read_case("teleantifraud_dialogues_zh", tmp_path)
    assert examples[0].text == "A：喂，你好\nB：你是谁\nA：再见"
    assert examples[0].aligned == examples[1].aligned == f"teleantifraud:{_FRAUD_FILES[0]}"
    assert examples[-1].aligned == ""
    assert "person_at_risk" not in examples[0].known  # kidnapping: may hold
    assert "person_at_risk" in examples[1].known


def test_translations_share_their_aligned_value(tmp_path: Path) -> None:
    for name, groups in (
        ("parallel_ntrex128", {"ntrex:paper.1", "ntrex:paper.2"}),
        ("parallel_sib200", {"sib:0", "sib:1", "sib:2"}),
        ("parallel_udhr", {f"udhr:{article}" for article in range(31)}),
    ):
        examples = read_case(name, tmp_path)
        assert {example.aligned for example in examples} == groups
    pairs = read_case("parallel_tatoeba_laser", tmp_path)
    assert len({example.aligned for example in pairs}) == len(pairs) / 2


def test_a_translation_with_a_line_too_few_is_refused(tmp_path: Path) -> None:
    read_case("parallel_ntrex128", tmp_path)
    path = tmp_path / BY_NAME["parallel_ntrex128"].folder / "newstest2019-ref.lao.txt"
    path.write_text("one line\n", encoding="utf-8")
    with pytest.raises(TrainingDataError, match="expected 2 lines"):
        list(BY_NAME["parallel_ntrex128"].read(tmp_path))


def test_html_and_entities_leave_the_text(tmp_path: Path) -> None:
    assert read_case("ftc_advisories", tmp_path)[1].text == "Data\nLosses rose"
    assert read_case("emscad_head499", tmp_path)[0].text == "Cook\nCook & clean\nMeals"


@pytest.mark.parametrize(
    ("line", "text", "marked"),
    [
        ("[PERSON]แดง[/PERSON]มา", "แดงมา", [("PERSON", "แดง")]),
        ("  ที่[FACILITY]สะพาน [/FACILITY] ", "ที่สะพาน", [("LOCATION", "สะพาน")]),
        ("[TIME]ห้าโมง[/TIME] [MONEY]5 บาท[/MONEY]", "ห้าโมง 5 บาท", [("MONEY", "5 บาท")]),
        ("[TIME]เช้านี้[/DATE]ฝนตก", "เช้านี้ฝนตก", []),
        ("[DATE]พรุ่งนี้ ไม่มา", "พรุ่งนี้ ไม่มา", []),
        ("จบ[/DATE]แล้ว [URL]a.example[/URL]", "จบแล้ว a.example", [("URL", "a.example")]),
        ("[T]หนึ่ง[/T][DATE][/DATE]", "หนึ่ง", []),
        ("ข้อ [1] และ [ก]", "ข้อ [1] และ [ก]", []),
    ],
)
def test_inline_tags_become_spans(line: str, text: str, marked: list[tuple[str, str]]) -> None:
    found, spans = without_tags(line)
    assert found == text
    assert [(span.code, found[span.start : span.end]) for span in spans] == marked


def test_bio_runs_become_spans_and_a_stray_continuation_opens_one() -> None:
    types = {"PPL": "PERSON", "PLC": "LOCATION"}
    words = [
        ("Siti", "B-PPL"),
        ("Aminah", "I-PPL"),
        ("Rini", "B-PPL"),
        ("ke", "O"),
        ("Kota", "I-PLC"),
        ("tv", "B-EVT"),
    ]
    text, spans = join_bio(words, types)
    assert text == "Siti Aminah Rini ke Kota tv"
    assert spans == (
        MarkedSpan("entity", "PERSON", 0, 11),
        MarkedSpan("entity", "PERSON", 12, 16),
        MarkedSpan("entity", "LOCATION", 20, 24),
    )


def test_only_line_feeds_end_a_line(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes("\ufeffone\u2028still one\x85still\r\n\r\nthree\rstill three\n".encode())
    assert list(read_lines(path)) == ["one\u2028still one\x85still", "", "three\rstill three"]


def test_tables_say_what_is_wrong_without_the_text(tmp_path: Path) -> None:
    path = tmp_path / "broken.file"
    for content, read in (
        (f"text\n{SENTINEL}\n", lambda: read_csv(path, ("text", "label"))),
        (f"{SENTINEL}\n", lambda: read_csv(path, ("text",))),
        (f'{{"text": "{SENTINEL}\n', lambda: read_json_lines(path, ("text",))),
        (f'["{SENTINEL}"]\n', lambda: read_json_lines(path, ("text",))),
        (f'[{{"body": "{SENTINEL}"}}]', lambda: read_json(path, ("text",))),
        (f'{{"text": "{SENTINEL}"}}', lambda: read_json(path, ("text",))),
        (f'[] "{SENTINEL}', lambda: read_json(path, ("text",))),
        (f"{SENTINEL}\n", lambda: read_bio(path)),
    ):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(TrainingDataError, match=r"broken\.file") as caught:
            list(read())
        assert SENTINEL not in str(caught.value)
    path.write_bytes(SENTINEL.encode() + b"\xff")
    with pytest.raises(TrainingDataError, match="expected utf-8") as caught:
        list(read_lines(path))
    assert caught.value.__cause__ is None  # a UnicodeDecodeError holds the bytes


@pytest.mark.data
@pytest.mark.parametrize("name", NAMES)
def test_the_real_files_read_to_the_rows_of_the_card(name: str) -> None:
    front = (CARDS / f"{name}.md").read_text(encoding="utf-8").split("---\n", maxsplit=2)[1]
    rows = yaml.safe_load(front)["scamscreen"]["rows"]
    data_root = Path(os.environ["SCAMSCREEN_DATA"])
    assert sum(1 for _ in BY_NAME[name].read(data_root)) == rows


@pytest.mark.data
def test_moved_labels_agree_with_the_uci_collection_on_every_shared_text() -> None:
    data_root = Path(os.environ["SCAMSCREEN_DATA"])
    uci = {example.text: bool(example.any_of) for example in BY_NAME["uci_sms_spam"].read(data_root)}
    mendeley = BY_NAME["mendeley_sms_phishing_5971"].read(data_root)
    pairs = [(bool(example.any_of), uci[example.text]) for example in mendeley if example.text in uci]
    assert len(pairs) > 2_000
    assert all(here == there for here, there in pairs)
