"""Chinese telephone dialogues between two language models: fraud of eight types, and service calls."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import look_up, read_json_lines

_FRAUD_FILES = (
    "fraud_dialogues-20250228_023012.jsonl",
    "fraud_dialogues-20250228_154804.jsonl",
    "fraud_dialogues-20250228_155932.jsonl",
    "fraud_dialogues-20250228_160338.jsonl",
    "fraud_dialogues-20250301_014842.jsonl",
    "fraud_dialogues-20250301_111817.jsonl",
)
_NORMAL_FILE = "normal_dialogues-20250303_015751.jsonl"
_LABEL_OF_TYPE = {
    "客服诈骗": "call_centre_scam",  # false customer service
    "银行诈骗": "call_centre_scam",  # false bank
    "邮件诈骗": "call_centre_scam",  # false courier: a held parcel
    "身份盗窃": "call_centre_scam",  # identity data asked in a live call
    "钓鱼诈骗": "phishing",
    "投资诈骗": "investment_scam",
    "彩票诈骗": "prize_scam",
    "绑架诈骗": "extortion",  # somebody is said to be kidnapped
}
MAPPED = frozenset(_LABEL_OF_TYPE.values())
_ABSENT = frozenset({"trafficking_recruitment", "migrant_smuggling", "drug_trade"}) | frozenset(
    {"document_forgery", "commercial_sex_ad"}
)


def read(data_root: Path) -> Iterator[Example]:
    """Yield every dialogue; the fraud dialogues of one run share their `aligned` value."""
    for file in (*_FRAUD_FILES, _NORMAL_FILE):
        path = data_root / SOURCE.folder / file
        run = path.stem.partition("-")[2]
        for row in read_json_lines(path, ("tts_id", "left", "right", "fraud_type")):
            where = f"{file}, {row['tts_id']}"
            labels, known = frozenset[str](), frozenset(LABELS)
            if file != _NORMAL_FILE:
                labels = frozenset({look_up(_LABEL_OF_TYPE, row["fraud_type"], f"{where}, fraud_type")})
                known = labels | _ABSENT | ({"person_at_risk"} if "extortion" not in labels else set())
            if text := _in_call_order(row["left"], row["right"], where):
                yield Example(
                    text=text,
                    labels=labels,
                    known=known,
                    role="approach" if labels else "ordinary",
                    language="zh",
                    source=SOURCE.name,
                    key=f"{run}-{row['tts_id']}",
                    aligned=f"teleantifraud:{file}" if labels else "",
                    scheme=row["fraud_type"] if labels else "",
                )


def _in_call_order(left: list[str], right: list[str], where: str) -> str:
    """Return the turns one a line: A (left) begins every call, B (right) answers."""
    if len(left) - len(right) not in (0, 1):
        raise TrainingDataError(f"{where}: expected turn about, found {len(left)} and {len(right)} turns")
    turns = (turn for pair in zip_longest(left, right, fillvalue="") for turn in zip("AB", pair, strict=True))
    return "\n".join(f"{speaker}：{words.strip()}" for speaker, words in turns if words.strip())


SOURCE = Source(
    name="teleantifraud_dialogues_zh",
    folder="open/teleantifraud_dialogues_zh",
    read=read,
    parts=LABELLED_PARTS,
    measure="two_class",
    mapped=MAPPED,
    register="messages",
)
