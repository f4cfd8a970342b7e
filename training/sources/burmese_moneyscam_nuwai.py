"""Burmese Facebook posts, romance scripts and news; weak labels: the file a post came from is its class."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import Example, Source
from training.sources.tables import look_up, read_csv

PARTS = (0.75, 0.10, 0.0, 0.15)  # a label of a file is not sure enough of a text to certify anything
MAPPED = frozenset(
    {
        "investment_scam",
        "loan_scam",
        "online_gambling",
        "money_mule",
        "prize_scam",
        "fraudulent_job_offer",
        "other_scam",
    }
)
_NOT_READ = "not read"
_CLASSES = {
    "non scam advertisements 1": "offer",
    "non scam advertisements 2": "offer",
    "non scam advertisements 3": "offer",
    "job posts-mixed": "offer",
    "mostly scam data 1": "scam",
    "mostly scam data 2": "scam",
    "mostly scam data 3": "scam",
    "kyarphyant-greeting": "script",
    "kyarphyant-greeting-burmese": "script",
    "mixed data 1": _NOT_READ,
    "mixed data 2": _NOT_READ,
    "real text from sms": _NOT_READ,
}


def read(data_root: Path) -> Iterator[Example]:
    """Yield posts and long enough script lines by the class of their file, then the news, all benign."""
    folder = data_root / SOURCE.folder
    path = folder / "texts_dedup.csv"
    for number, row in enumerate(read_csv(path, ("source_file", "text")), start=1):
        scheme = row["source_file"].removesuffix(".xlsx")
        kind = look_up(_CLASSES, scheme, f"{path.name}, row {number}, source_file")
        text = row["text"].strip()
        long_enough = len(text) >= 120 or len(text.split()) >= 25
        if not text or kind == _NOT_READ or (kind == "script" and not long_enough):
            continue
        yield _example(text, kind, key=str(number), scheme=scheme)
    news = read_csv(folder / "myanmar_news_data.csv", ("title", "description"))
    for number, row in enumerate(news, start=1):
        if text := f"{row['title'].strip()}\n{row['description'].strip()}".strip():
            yield _example(text, "ordinary", key=f"news-{number}", scheme="myanmar_news_data")


def _example(text: str, kind: str, key: str, scheme: str) -> Example:
    """Return the example of one class: `scam`, `script`, or the role of a benign text."""
    labels, known, any_of, role = frozenset[str](), frozenset(LABELS), frozenset[str](), kind or None
    match kind:
        case "scam":
            known, any_of, role = frozenset(), MAPPED, None
        case "script":
            labels = frozenset({"romance_scam"})
            known, role = labels | {"person_at_risk"}, "operator_script"
    return Example(text, labels, known, role, _language(text), SOURCE.name, key, scheme=scheme, any_of=any_of)


def _language(text: str) -> str:
    """Return `en` when under a tenth of the letters are Myanmar script, else `my`."""
    letters = [letter for letter in text if letter.isalpha()]
    myanmar = sum("\u1000" <= letter <= "\u109f" or "\uaa60" <= letter <= "\uaa7f" for letter in letters)
    return "en" if letters and myanmar < 0.1 * len(letters) else "my"


SOURCE = Source(
    name="burmese_moneyscam_nuwai",
    folder="open/burmese_moneyscam_nuwai",
    read=read,
    parts=PARTS,
    measure="two_class",
    mapped=MAPPED,
    register="messages",
)
