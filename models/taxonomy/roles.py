"""The 7 roles of a text, in logit order: exactly one, and it is the OUTER author's.

Labels describe quoted text too; the role does not. No peer publishes such an axis: the few MISP tags are the
nearest.
"""

from models.taxonomy.term import Term

OURS = "ScamScreen"


def _role(
    *,
    code: str,
    name: str,
    name_th: str,
    definition: str,
    definition_th: str,
    source: str,
    misp_taxonomy: tuple[str, ...] = (),
) -> Term:
    """Return a role with its MISP tags, none where nothing fits."""
    return Term(code, name, name_th, definition, definition_th, source, {"misp_taxonomy": misp_taxonomy})


ROLE_TERMS: tuple[Term, ...] = (
    _role(
        code="offer",
        name="Offer",
        name_th="ประกาศหรือโฆษณา",
        definition="The author makes an advert or offer to the public.",
        definition_th="ผู้เขียนลงประกาศหรือโฆษณาต่อสาธารณะ",
        source=OURS,
        misp_taxonomy=('content-classification:markets="advertisements"',),
    ),
    _role(
        code="approach",
        name="Approach",
        name_th="ข้อความหรือสายที่ส่งถึงเป้าหมาย",
        definition="The author aims a message, call or chat at a target.",
        definition_th="ผู้เขียนส่งข้อความ โทร หรือแชตถึงคนที่เป็นเป้าหมาย",
        source=OURS,
    ),
    _role(
        code="operator_script",
        name="Operator script",
        name_th="บทพูดหรือเอกสารภายในของขบวนการ",
        definition=(
            "A call or chat script, quota sheet or staff rules. Those who work by it may themselves be "
            "coerced."
        ),
        definition_th="บทโทรหรือบทแชต ตารางยอด หรือกฎของพนักงาน ผู้ที่ทำงานตามบทนี้อาจถูกบังคับ และผู้ถูกบังคับไม่ใช่ผู้กระทำผิด",
        source=OURS,
    ),
    _role(
        code="enquiry",
        name="Enquiry",
        name_th="สอบถามหรือขอให้ตรวจสอบ",
        definition=(
            "The author asks about a message, usually pasting it; labels describe the quoted text too."
        ),
        definition_th="ผู้เขียนถามเกี่ยวกับข้อความที่ได้รับ มักแปะข้อความนั้นมาด้วย ป้ายจึงรวมถึงข้อความที่แปะมา",
        source=OURS,
    ),
    _role(
        code="victim_account",
        name="Account of a harmed person",
        name_th="คำบอกเล่าของผู้อาจเป็นผู้เสียหายหรือผู้ใกล้ชิด",
        definition="Told by or about a harmed person.",
        definition_th="เจ้าตัวเล่าเรื่องที่ตนได้รับความเสียหายหรืออันตราย หรือผู้อื่นเล่าแทน",
        source=OURS,
    ),
    _role(
        code="warning",
        name="Warning",
        name_th="ข่าวหรือคำเตือนภัย",
        definition="News, advisory or education ABOUT scams: the main hard negative.",
        definition_th="ข่าว คำเตือน หรือการให้ความรู้เกี่ยวกับการหลอกลวง ไม่ใช่การหลอกลวงเอง",
        source=OURS,
        misp_taxonomy=(
            'content-classification:general="news"',
            'dark-web:motivation="information-sharing-reportage"',
        ),
    ),
    _role(
        code="ordinary",
        name="Ordinary text",
        name_th="ข้อความทั่วไป",
        definition="Anything else: ordinary talk, business or notices.",
        definition_th="ข้อความอื่นทั่วไป เช่น พูดคุย ค้าขาย หรือแจ้งข่าวตามปกติ",
        source=OURS,
    ),
)
