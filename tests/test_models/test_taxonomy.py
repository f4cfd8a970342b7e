"""The vocabulary: fixed codes in a fixed order, wording for officers, and honest crosswalks."""

import dataclasses
import json
import re

import pytest

import models.taxonomy as taxonomy
from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from models.taxonomy import (
    CROSSWALK_SCHEMES,
    ENTITY_TERMS,
    ENTITY_TYPES,
    INDICATOR_TERMS,
    INDICATORS,
    LABEL_TERMS,
    LABELS,
    ROLE_TERMS,
    ROLES,
    Term,
    taxonomy_document,
    taxonomy_sha256,
)

FAMILIES = (LABEL_TERMS, ROLE_TERMS, INDICATOR_TERMS, ENTITY_TERMS)
ALL_TERMS = [term for family in FAMILIES for term in family]
SCHEME_CODES = {scheme.code for scheme in CROSSWALK_SCHEMES}
THAI = re.compile("[\u0e00-\u0e7f]")

# Models are trained against these: a change here retires every artefact.
EXPECTED_SHA256 = "10fb1003a8243c0a4176b4de6b827059ae7dd2e972faba2b241d098653e2eb69"
EXPECTED_LABELS = (
    "fraudulent_job_offer",
    "task_scam",
    "trafficking_recruitment",
    "call_centre_scam",
    "acquaintance_impersonation",
    "investment_scam",
    "romance_scam",
    "loan_scam",
    "phishing",
    "prize_scam",
    "shopping_scam",
    "extortion",
    "recovery_scam",
    "online_gambling",
    "money_mule",
    "migrant_smuggling",
    "drug_trade",
    "document_forgery",
    "commercial_sex_ad",
    "other_scam",
    "loss_report",
    "person_at_risk",
)
EXPECTED_ROLES = (
    "offer",
    "approach",
    "operator_script",
    "enquiry",
    "victim_account",
    "warning",
    "ordinary",
)
EXPECTED_INDICATORS = (
    "abuse_of_vulnerability",
    "deception",
    "restriction_of_movement",
    "isolation",
    "physical_and_sexual_violence",
    "intimidation_and_threats",
    "retention_of_identity_documents",
    "withholding_of_wages",
    "debt_bondage",
    "abusive_working_and_living_conditions",
    "excessive_overtime",
    "unrealistic_pay",
    "no_qualification_required",
    "travel_or_visa_paid",
    "known_scam_site",
    "irregular_border_crossing",
    "chat_app_only_contact",
    "upfront_payment",
    "urgency",
    "secrecy",
    "authority_impersonation",
    "credential_request",
    "guaranteed_return",
    "remote_access_request",
    "account_rental",
    "age_gender_appearance_requirement",
    "exit_fee_or_penalty",
    "person_sold_or_transferred",
    "confined_housing",
    "scam_work_described",
    "possible_minor",
    "payment_already_made",
    "self_harm",
)
EXPECTED_ENTITY_TYPES = (
    "PERSON",
    "ORGANISATION",
    "LOCATION",
    "JOB_TITLE",
    "MONEY",
    "PHONE",
    "EMAIL",
    "URL",
    "SOCIAL_HANDLE",
    "BANK_ACCOUNT",
    "CRYPTO_WALLET",
    "DATE",
    "AGE",
    "NATIONALITY",
    "ID_DOCUMENT",
    "VEHICLE",
    "GEO",
    "SITE_DETAIL",
    "REFERENCE",
)
ILO_NAMES = (
    "Abuse of vulnerability",
    "Deception",
    "Restriction of movement",
    "Isolation",
    "Physical and sexual violence",
    "Intimidation and threats",
    "Retention of identity documents",
    "Withholding of wages",
    "Debt bondage",
    "Abusive working and living conditions",
    "Excessive overtime",
)
HTCDS_METHODS_OF_CONTROL = {
    f"MethodsOfControl{name}"
    for name in (
        "DebtBondage",
        "TakesEarnings",
        "RestrictsFinancialAccess",
        "Threats",
        "PsychologicalAbuse",
        "PhysicalAbuse",
        "SexualAbuse",
        "FalsePromises",
        "PsychoactiveSubstances",
        "RestrictsMovement",
        "RestrictsMedicalCare",
        "ExcessiveWorkingHours",
        "UsesChildren",
        "ThreatOfLawEnforcement",
        "WithholdsNecessities",
        "WithholdsDocuments",
        "Other",
    )
}
RTP_TYPES = {
    "หลอกลวงซื้อขายสินค้าหรือบริการ ไม่เป็นขบวนการ",
    "หลอกลวงซื้อขายสินค้าเป็นขบวนการ",
    "หลอกให้โอนเงินเพื่อทำงานฯ",
    "หลอกให้กู้เงิน",
    "หลอกให้ลงทุนผ่านระบบคอมพิวเตอร์",
    "ข่มขู่ทางโทรศัพท์ (Call center)",
    "หลอกเป็นบุคคลอื่นเพื่อยืมเงิน",
    "หลอกให้โอนเงินเพื่อรับรางวัลฯ",
    "หลอกให้ติดตั้งโปรแกรมควบคุมระบบฯ",
    "หลอกให้รักแล้วลงทุน",
    "หลอกให้รักแล้วโอนเงิน",
}
CCL_CLASSES = {
    "刷单返利类",
    "冒充电商物流客服类",
    "虚假网络投资理财类",
    "贷款、代办信用卡类",
    "虚假征信类",
    "虚假购物、服务类",
    "冒充公检法及政府机关类",
    "冒充领导、熟人类",
    "网络游戏产品虚假交易类",
    "网络婚恋、交友类",
    "网黑案件",
    "冒充军警购物类",
}
CHIFRAUD_CLASSES = {
    "Gambling",
    "Whoring",
    "Fake Credentials",
    "Fake Bank Card",
    "Prohibited Drugs",
    "Unauthorized Cash-Out",
    "Unauthorized Certification",
    "Fake SIM",
    "Underground Loan",
    "New",
}


def term_of(code: str) -> Term:
    return next(term for term in ALL_TERMS if term.code == code)


def names_in(scheme: str) -> list[str]:
    return [name for term in ALL_TERMS for name in term.crosswalk.get(scheme, ())]


def test_there_are_22_labels_7_roles_33_indicators_and_19_entity_types():
    assert (len(LABELS), len(ROLES), len(INDICATORS), len(ENTITY_TYPES)) == (22, 7, 33, 19)


def test_codes_stand_in_the_order_of_the_design():
    assert LABELS == EXPECTED_LABELS
    assert ROLES == EXPECTED_ROLES
    assert INDICATORS == EXPECTED_INDICATORS
    assert ENTITY_TYPES == EXPECTED_ENTITY_TYPES


def test_no_code_is_used_twice():
    codes = [term.code for term in ALL_TERMS]
    assert len(set(codes)) == len(codes)


def test_the_hash_is_the_one_models_were_trained_with():
    assert taxonomy_sha256() == EXPECTED_SHA256


def test_the_hash_does_not_change_with_the_wording(monkeypatch):
    reworded = tuple(dataclasses.replace(term, name="new", definition="new") for term in LABEL_TERMS)
    monkeypatch.setattr(taxonomy, "LABEL_TERMS", reworded)
    monkeypatch.setattr(taxonomy, "LABELS", tuple(term.code for term in reworded))
    assert taxonomy_document()["labels"][0]["name"] == "new"
    assert taxonomy_sha256() == EXPECTED_SHA256


@pytest.mark.parametrize("family", ["LABELS", "ROLES", "INDICATORS", "ENTITY_TYPES"])
def test_the_hash_changes_with_the_order_or_a_code_of_every_family(monkeypatch, family):
    codes = getattr(taxonomy, family)
    monkeypatch.setattr(taxonomy, family, codes[::-1])
    assert taxonomy_sha256() != EXPECTED_SHA256
    monkeypatch.setattr(taxonomy, family, (*codes[:-1], "renamed"))
    assert taxonomy_sha256() != EXPECTED_SHA256


@pytest.mark.parametrize("term", ALL_TERMS, ids=lambda term: term.code)
def test_every_term_has_a_name_a_definition_and_a_source_in_one_line_each(term):
    for text in (term.name, term.name_th, term.definition, term.definition_th, term.source):
        assert text.strip() == text != ""
        assert "\n" not in text
        assert "  " not in text
    assert term.definition.endswith(".")


@pytest.mark.parametrize("term", ALL_TERMS, ids=lambda term: term.code)
def test_every_term_speaks_thai(term):
    assert THAI.search(term.name_th)
    assert THAI.search(term.definition_th)


@pytest.mark.parametrize("term", ALL_TERMS, ids=lambda term: term.code)
def test_thai_wording_never_calls_a_person_prey(term):
    assert "เหยื่อ" not in term.name_th + term.definition_th


def test_no_two_terms_of_a_family_share_a_name():
    for family in FAMILIES:
        assert len({term.name for term in family}) == len(family)
        assert len({term.name_th for term in family}) == len(family)


def test_trafficking_recruitment_states_the_two_of_rule_in_both_languages():
    term = term_of("trafficking_recruitment")
    assert "at least TWO of" in term.definition
    assert "One border town, nationality, age or gender is never enough" in term.definition
    assert "อย่างน้อย 2 ข้อ" in term.definition_th
    assert "สัญชาติ อายุ หรือเพศเพียงอย่างเดียวไม่เพียงพอ" in term.definition_th


@pytest.mark.parametrize("code", ["known_scam_site", "irregular_border_crossing", "LOCATION"])
def test_a_lawful_town_is_said_to_be_an_entity_and_never_an_indicator(code):
    assert "is an entity, never an indicator" in term_of(code).definition
    assert "ไม่ใช่สัญญาณ" in term_of(code).definition_th


@pytest.mark.parametrize(
    "code", ["trafficking_recruitment", "person_at_risk", "operator_script", "scam_work_described"]
)
def test_a_coerced_worker_is_said_not_to_be_an_offender(code):
    assert "ไม่ใช่ผู้กระทำผิด" in term_of(code).definition_th


@pytest.mark.parametrize("term", INDICATOR_TERMS[:11], ids=lambda term: term.code)
def test_absence_of_an_ilo_indicator_is_said_to_be_not_observable(term):
    assert "in an advert means not observable, never absent" in term.definition
    assert "ไม่ได้แปลว่าไม่มี" in term.definition_th


def test_the_eleven_ilo_indicators_carry_their_exact_names_and_come_first():
    assert tuple(term.name for term in INDICATOR_TERMS[:11]) == ILO_NAMES
    assert [term.crosswalk["ilo_forced_labour"] for term in INDICATOR_TERMS] == [
        *((name,) for name in ILO_NAMES),
        *(() for _ in INDICATOR_TERMS[11:]),
    ]
    assert all(term.source.startswith("ILO") for term in INDICATOR_TERMS[:11])


@pytest.mark.parametrize("term", ALL_TERMS, ids=lambda term: term.code)
def test_a_crosswalk_names_known_schemes_and_no_name_twice(term):
    assert set(term.crosswalk) <= SCHEME_CODES
    for names in term.crosswalk.values():
        assert isinstance(names, tuple)
        assert all(names)
        assert len(set(names)) == len(names)


def test_every_scheme_is_described_once_and_used():
    assert len(SCHEME_CODES) == len(CROSSWALK_SCHEMES)
    for scheme in CROSSWALK_SCHEMES:
        assert scheme.name
        assert scheme.source
        assert names_in(scheme.code), scheme.code


@pytest.mark.parametrize("family", FAMILIES, ids=["labels", "roles", "indicators", "entities"])
def test_terms_of_a_family_answer_to_the_same_schemes(family):
    assert {tuple(term.crosswalk) for term in family} == {tuple(family[0].crosswalk)}


@pytest.mark.parametrize(
    ("scheme", "published"),
    [
        ("iom_htcds_2_0", HTCDS_METHODS_OF_CONTROL),
        ("rtp_online_complaint", RTP_TYPES),
        ("ccl2023_fcc", CCL_CLASSES),
        ("chifraud", CHIFRAUD_CLASSES),
    ],
)
def test_no_name_of_a_closed_scheme_is_invented(scheme, published):
    assert set(names_in(scheme)) <= published


def test_every_police_complaint_type_we_know_has_a_label():
    assert {name for term in LABEL_TERMS for name in term.crosswalk["rtp_online_complaint"]} == RTP_TYPES


def test_misp_tags_have_the_form_of_machine_tags():
    triple = re.compile(r'[a-z0-9-]+:[a-z0-9-]+="[a-z0-9-]+"')
    predicate_only = {"cryptocurrency-threat:Pig Butchering Scam"}
    assert all(triple.fullmatch(tag) for tag in set(names_in("misp_taxonomy")) - predicate_only)
    cluster = re.compile(r'misp-galaxy:(financial-fraud|taxonomy-of-fraud|dwva)="[A-Z][^"]+"')
    assert all(cluster.fullmatch(tag) for tag in names_in("misp_galaxy"))


def test_what_misp_lacks_is_said_by_an_empty_entry():
    assert term_of("trafficking_recruitment").crosswalk["misp_taxonomy"] == ()
    assert term_of("trafficking_recruitment").crosswalk["misp_galaxy"] == ()
    assert term_of("SITE_DETAIL").crosswalk["misp_object"] == ()
    handles = " ".join(term_of("SOCIAL_HANDLE").crosswalk["misp_object"])
    assert not re.search("line|wechat|whatsapp|zalo|viber", handles)


def test_the_document_is_json_and_says_everything():
    document = taxonomy_document()
    assert json.loads(json.dumps(document, ensure_ascii=False)) == document
    assert list(document) == [
        "schema",
        "sha256",
        "labels",
        "roles",
        "indicators",
        "entity_types",
        "crosswalks",
        "disclaimer",
    ]
    assert document["schema"] == 1
    assert document["sha256"] == taxonomy_sha256()
    for family, codes in (
        ("labels", LABELS),
        ("roles", ROLES),
        ("indicators", INDICATORS),
        ("entity_types", ENTITY_TYPES),
    ):
        assert tuple(term["code"] for term in document[family]) == codes
        assert all(
            set(term) == {field.name for field in dataclasses.fields(Term)} for term in document[family]
        )
    assert set(document["crosswalks"]) == SCHEME_CODES
    assert all(set(scheme) == {"name", "source"} for scheme in document["crosswalks"].values())
    assert document["disclaimer"] == {"en": DISCLAIMER_EN, "th": DISCLAIMER_TH}


def test_terms_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        LABEL_TERMS[0].code = "other"  # type: ignore[misc]
