"""The mapping file: what it may say, and what a label then means."""

import pytest

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.labelled.mapping import LabelMapping, load_mapping
from training.labelled.mapping import __doc__ as explained

MAPPING = """
[dataset]
name = "hotline"
licence = "CC-BY-4.0"
consent = "Senders agreed."
language = "id"

[columns]
text = "pesan"

[labels]
asked = ["online_gambling", "loan_scam"]
separator = "|"

[labels.codes]
"Judi Online" = "online_gambling"
"cinta + investasi" = ["romance_scam", "investment_scam"]
"lainnya" = []
"normal" = "none"
"tidak yakin" = "skip"

[roles]
"iklan" = "offer"

[spans]
"No. HP" = "PHONE"
"Catatan" = "skip"

[languages]
"Bahasa Melayu" = "ms"
"""


@pytest.fixture
def mapping(tmp_path):
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    return load_mapping(tmp_path / "mapping.toml")


def test_a_label_says_what_holds_and_what_was_looked_for(mapping):
    asked = {"online_gambling", "loan_scam"}

    gambling = mapping.labels_said(["judi  online"])
    assert (gambling.holds, gambling.asked) == ({"online_gambling"}, asked)
    both = mapping.labels_said(["Cinta + Investasi", "loan_scam"])
    assert both.holds == {"romance_scam", "investment_scam", "loan_scam"}
    assert both.asked == both.holds | asked
    assert mapping.labels_said(["lainnya"]).asked == asked
    assert mapping.labels_said(["Normal"]).asked == set(LABELS)
    assert mapping.labels_said(["tidak yakin"]) is None
    assert mapping.labels_said(["none"]) == mapping.labels_said(["Normal"])
    assert mapping.labels_said(["skip"]) is None
    assert mapping.labels_said([]) is None


def test_a_typo_in_a_label_says_what_was_probably_meant(mapping):
    with pytest.raises(TrainingDataError, match=r"'Judi Onlin' is unknown: did you mean 'judi online'"):
        mapping.labels_said(["Judi Onlin"])
    with pytest.raises(TrainingDataError, match=r"did you mean 'phishing'"):
        mapping.labels_said(["Phising"])


def test_what_may_be_a_text_in_the_column_of_labels_is_not_repeated(mapping):
    with pytest.raises(TrainingDataError) as error:
        mapping.labels_said(["Call me on 081-555-0143 today"])
    assert "0143" not in str(error.value)
    assert "of 29 characters" in str(error.value)


def test_a_text_cannot_be_harmless_and_a_scam(mapping):
    with pytest.raises(TrainingDataError, match=r"nothing holds, another label .* online_gambling"):
        mapping.labels_said(["normal", "judi online"])


def test_roles_spans_and_languages_are_read_by_their_words(mapping):
    assert mapping.role_said("Iklan") == "offer"
    assert mapping.role_said("victim_account") == "victim_account"
    assert mapping.role_said(" ") is None
    assert mapping.span_said("no. hp") == ("entity", "PHONE")
    assert mapping.span_said("urgency") == ("indicator", "urgency")
    assert mapping.span_said("Catatan") is None
    assert mapping.language_said("bahasa melayu") == "ms"
    assert mapping.language_said("") == "id"


def test_the_mapping_that_explains_all_sections_is_one(tmp_path):
    shown = [line for line in (explained or "").splitlines() if line.startswith("    ")]
    (tmp_path / "mapping.toml").write_text("\n".join(shown), encoding="utf-8")
    mapping = load_mapping(tmp_path / "mapping.toml")

    assert (mapping.name, mapping.encoding, mapping.column("text")) == ("hotline_2026", "cp874", "message")
    assert mapping.labels_said(["Judi Online"]).holds == {"online_gambling"}


def test_without_a_mapping_labels_are_codes_and_all_were_looked_for():
    said = LabelMapping().labels_said(["loan_scam"])

    assert (said.holds, said.asked) == ({"loan_scam"}, set(LABELS))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[colums]\n", "did you mean 'columns'"),
        ("[columns]\ntxt = 'a'\n", r"did you mean 'text'"),
        ("[labels]\nseparator = ';'\n", "must say asked"),
        ("[labels]\nasked = ['gambling']\n", "no label 'gambling'"),
        ("[labels]\nasked = 'all'\n[labels.codes]\nx = 'lone_scam'\n", r"'x': .* did you mean 'loan_scam'"),
        ("[labels]\nasked = 'all'\nempty = 'maybe'\n", "empty must be"),
        ("[labels]\nasked = 'all'\n[file]\ndelimiter = '||'\n", "one character"),
        ("[labels]\nasked = 'all'\n[dataset]\nlanguage = 'Burmese'\n", "expected a tag"),
        ("[labels\n", "is not TOML"),
    ],
)
def test_a_mistake_in_the_mapping_is_named(tmp_path, line, told):
    (tmp_path / "mapping.toml").write_text(line, encoding="utf-8")

    with pytest.raises(TrainingDataError, match=f"^mapping.toml.*{told}"):
        load_mapping(tmp_path / "mapping.toml")
