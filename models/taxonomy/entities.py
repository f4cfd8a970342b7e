"""The 19 entity types, in BIO order. Normal forms are those of `models.screening.Entity`.

An entity is never a suspect: only a human says whose it is. Presidio names mean the same thing or part of it
(its national numbers cover few of our countries); an empty entry means the scheme has no name for the type.
"""

from models.taxonomy.term import Term

OURS = "ScamScreen"
PRESIDIO = "Microsoft Presidio, supported entities"


def _entity(
    *,
    code: str,
    name: str,
    name_th: str,
    definition: str,
    definition_th: str,
    source: str,
    misp_object: tuple[str, ...] = (),
    presidio: tuple[str, ...] = (),
) -> Term:
    """Return an entity type with its MISP objects and Presidio types, empty where nothing fits."""
    crosswalk = {"misp_object": misp_object, "presidio": presidio}
    return Term(code, name, name_th, definition, definition_th, source, crosswalk)


ENTITY_TERMS: tuple[Term, ...] = (
    _entity(
        code="PERSON",
        name="Person",
        name_th="บุคคล",
        definition="The name or nickname of a person.",
        definition_th="ชื่อหรือชื่อเล่นของบุคคล",
        source=PRESIDIO,
        misp_object=("person",),
        presidio=("PERSON",),
    ),
    _entity(
        code="ORGANISATION",
        name="Organisation",
        name_th="องค์กร",
        definition="A company, agency, bank, group or page acting as one.",
        definition_th="บริษัท หน่วยงาน ธนาคาร กลุ่ม หรือเพจ",
        source=OURS,
        misp_object=("legal-entity", "organization"),
    ),
    _entity(
        code="LOCATION",
        name="Location",
        name_th="สถานที่",
        definition=(
            "A country, region, town, crossing or address. A lawful town (Mae Sot, Poipet, "
            "Aranyaprathet) is an entity, never an indicator."
        ),
        definition_th=(
            "ประเทศ ภูมิภาค เมือง ด่าน หรือที่อยู่ เมืองที่ไปมาได้ตามปกติ (แม่สอด ปอยเปต อรัญประเทศ) เป็นเพียงชื่อสถานที่ ไม่ใช่สัญญาณ"
        ),
        source=PRESIDIO,
        misp_object=("geolocation",),
        presidio=("LOCATION",),
    ),
    _entity(
        code="JOB_TITLE",
        name="Job title",
        name_th="ตำแหน่งงาน",
        definition="A job or position offered, held or claimed.",
        definition_th="งานหรือตำแหน่งที่เสนอ ที่ทำอยู่ หรือที่อ้าง",
        source=OURS,
    ),
    _entity(
        code="MONEY",
        name="Amount of money",
        name_th="จำนวนเงิน",
        definition="An amount or range of money, with its currency and period where given.",
        definition_th="จำนวนเงินหรือช่วงจำนวนเงิน พร้อมสกุลเงินและรอบเวลาถ้ามี",
        source=OURS,
    ),
    _entity(
        code="PHONE",
        name="Phone number",
        name_th="หมายเลขโทรศัพท์",
        definition="A telephone number in any script, disguised or not.",
        definition_th="หมายเลขโทรศัพท์ ไม่ว่าจะเขียนด้วยตัวเลขแบบใดหรือพรางไว้",
        source=PRESIDIO,
        misp_object=("phone-number",),
        presidio=("PHONE_NUMBER",),
    ),
    _entity(
        code="EMAIL",
        name="E-mail address",
        name_th="อีเมล",
        definition="An e-mail address (the MISP object of that name is a whole message, so it does not fit).",
        definition_th="ที่อยู่อีเมล",
        source=PRESIDIO,
        presidio=("EMAIL_ADDRESS",),
    ),
    _entity(
        code="URL",
        name="Web address",
        name_th="ลิงก์เว็บไซต์",
        definition="A web address or domain.",
        definition_th="ลิงก์หรือชื่อเว็บไซต์",
        source=PRESIDIO,
        misp_object=("url",),
        presidio=("URL",),
    ),
    _entity(
        code="SOCIAL_HANDLE",
        name="Social or chat account",
        name_th="บัญชีโซเชียลหรือแชต",
        definition=(
            "An account name or invitation link of a social or chat service; MISP has objects for "
            "Telegram and Facebook and one for any account, none for LINE, WeChat, WhatsApp, Zalo or "
            "Viber."
        ),
        definition_th="ชื่อบัญชีหรือลิงก์เชิญของโซเชียลหรือแอปแชต เช่น LINE Telegram Facebook",
        source=OURS,
        misp_object=("telegram-account", "facebook-account", "user-account"),
    ),
    _entity(
        code="BANK_ACCOUNT",
        name="Bank account",
        name_th="บัญชีธนาคาร",
        definition="A bank account, PromptPay or other payment number.",
        definition_th="เลขบัญชีธนาคาร พร้อมเพย์ หรือเลขรับเงินอื่น",
        source=OURS,
        misp_object=("bank-account",),
        presidio=("IBAN_CODE", "US_BANK_NUMBER"),
    ),
    _entity(
        code="CRYPTO_WALLET",
        name="Cryptocurrency wallet",
        name_th="กระเป๋าเงินคริปโต",
        definition="A cryptocurrency address.",
        definition_th="ที่อยู่กระเป๋าเงินคริปโต",
        source=PRESIDIO,
        misp_object=("coin-address",),
        presidio=("CRYPTO",),
    ),
    _entity(
        code="DATE",
        name="Date or time",
        name_th="วันหรือเวลา",
        definition="A date or time, absolute or relative, in any calendar.",
        definition_th="วันหรือเวลา ทั้งแบบระบุแน่นอนและแบบเทียบ ในปฏิทินใดก็ได้",
        source=PRESIDIO,
        presidio=("DATE_TIME",),
    ),
    _entity(
        code="AGE",
        name="Age",
        name_th="อายุ",
        definition="An age or age range of a person.",
        definition_th="อายุหรือช่วงอายุของบุคคล",
        source=OURS,
    ),
    _entity(
        code="NATIONALITY",
        name="Nationality",
        name_th="สัญชาติ",
        definition="A nationality or origin; it never moves priority.",
        definition_th="สัญชาติหรือถิ่นกำเนิด ไม่มีผลต่อลำดับความเร่งด่วน",
        source=OURS,
        presidio=("NRP",),
    ),
    _entity(
        code="ID_DOCUMENT",
        name="Identity document",
        name_th="เอกสารประจำตัว",
        definition="A number or a mention of identity or travel papers.",
        definition_th="เลขหรือการกล่าวถึงเอกสารประจำตัวหรือเอกสารเดินทาง",
        source=OURS,
        presidio=("TH_TNIN", "SG_NRIC_FIN", "IN_AADHAAR", "IN_PASSPORT", "KR_RRN", "KR_PASSPORT"),
    ),
    _entity(
        code="VEHICLE",
        name="Vehicle",
        name_th="ยานพาหนะ",
        definition="A vehicle's number plate.",
        definition_th="ป้ายทะเบียนรถ",
        source=OURS,
        misp_object=("vehicle",),
        presidio=("IN_VEHICLE_REGISTRATION",),
    ),
    _entity(
        code="GEO",
        name="Coordinates or map link",
        name_th="พิกัดหรือลิงก์แผนที่",
        definition="Coordinates or a link to a point on a map.",
        definition_th="พิกัดหรือลิงก์แผนที่",
        source=OURS,
        misp_object=("geolocation",),
    ),
    _entity(
        code="SITE_DETAIL",
        name="Site detail",
        name_th="ตึก ชั้น หรือห้อง",
        definition="A building, floor, room or gate inside a site (ตึก, 栋, အဆောင်); rescues need it.",
        definition_th="ตึก ชั้น ห้อง หรือประตูภายในสถานที่ ซึ่งจำเป็นต่อการช่วยเหลือ",
        source=OURS,
    ),
    _entity(
        code="REFERENCE",
        name="Reference number",
        name_th="เลขอ้างอิง",
        definition="A case, slip or tracking number.",
        definition_th="เลขคดี เลขสลิป หรือเลขพัสดุ",
        source=OURS,
    ),
)
