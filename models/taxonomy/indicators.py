"""The 33 indicators, in logit order, shown by evidence spans: the ILO's 11, then signs that a text can show.

A lawful town (Mae Sot, Poipet, Aranyaprathet) is an entity, never an indicator. Absence of an ILO indicator
in an advert means "not observable", never "absent". The ILO's own rule: one may suffice in some cases,
several are needed in others, so no number of them makes a finding. IOM HTCDS 2.0 names are the field
names of its MethodsOfControl table.
"""

from models.taxonomy.term import Term

ILO = "ILO, Indicators of Forced Labour (2012; revised guidance 2025)"
OURS = "ScamScreen"


def _indicator(
    *,
    code: str,
    name: str,
    name_th: str,
    definition: str,
    definition_th: str,
    source: str,
    ilo: tuple[str, ...] = (),
    iom: tuple[str, ...] = (),
    rtp: tuple[str, ...] = (),
) -> Term:
    """Return an indicator with an entry for every scheme of signs, empty where nothing fits."""
    crosswalk = {"ilo_forced_labour": ilo, "iom_htcds_2_0": iom, "rtp_online_complaint": rtp}
    return Term(code, name, name_th, definition, definition_th, source, crosswalk)


INDICATOR_TERMS: tuple[Term, ...] = (
    _indicator(
        code="abuse_of_vulnerability",
        name="Abuse of vulnerability",
        name_th="เอาเปรียบผู้ที่ไม่มีทางเลือก",
        definition=(
            "Somebody's lack of language, papers, money, family or choice is used against them. "
            "Absence of an ILO indicator in an advert means not observable, never absent."
        ),
        definition_th=(
            "ใช้ความไม่รู้ภาษา ไม่มีเอกสาร ขัดสนเงิน ไม่มีญาติ หรือไม่มีทางเลือก มาเอาเปรียบ ถ้าไม่พบในประกาศ "
            "แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี"
        ),
        source=ILO,
        ilo=("Abuse of vulnerability",),
    ),
    _indicator(
        code="deception",
        name="Deception",
        name_th="งานหรือเงื่อนไขไม่ตรงกับที่สัญญา",
        definition=(
            "What was promised about the work, pay, place or papers is not what is given. Absence of "
            "an ILO indicator in an advert means not observable, never absent."
        ),
        definition_th=(
            "งาน ค่าจ้าง สถานที่ หรือเอกสาร ไม่ตรงกับที่สัญญาไว้ ถ้าไม่พบในประกาศ แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี"
        ),
        source=ILO,
        ilo=("Deception",),
        iom=("MethodsOfControlFalsePromises",),
    ),
    _indicator(
        code="restriction_of_movement",
        name="Restriction of movement",
        name_th="กักตัวหรือไม่ให้ไปไหนมาไหน",
        definition=(
            "Somebody is locked in, guarded, watched or not free to leave. Absence of an ILO indicator "
            "in an advert means not observable, never absent."
        ),
        definition_th="ถูกขัง ถูกเฝ้า ถูกจับตา หรือออกไปไหนไม่ได้ ถ้าไม่พบในประกาศ แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี",
        source=ILO,
        ilo=("Restriction of movement",),
        iom=("MethodsOfControlRestrictsMovement",),
    ),
    _indicator(
        code="isolation",
        name="Isolation",
        name_th="ตัดขาดจากผู้อื่น",
        definition=(
            "Somebody is cut off: a remote or hidden place, a phone taken, no contact with family or "
            "others. Absence of an ILO indicator in an advert means not observable, never absent."
        ),
        definition_th=(
            "ถูกตัดขาดจากคนอื่น เช่น อยู่ในที่ห่างไกลหรือปิดลับ ถูกยึดโทรศัพท์ หรือติดต่อครอบครัวไม่ได้ ถ้าไม่พบในประกาศ "
            "แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี"
        ),
        source=ILO,
        ilo=("Isolation",),
        iom=("MethodsOfControlRestrictsMovement",),
    ),
    _indicator(
        code="physical_and_sexual_violence",
        name="Physical and sexual violence",
        name_th="ทำร้ายร่างกายหรือทางเพศ",
        definition=(
            "Beating, electric shocks, forced drugs, sexual violence or another assault. Absence of an "
            "ILO indicator in an advert means not observable, never absent."
        ),
        definition_th=(
            "ทุบตี ช็อตไฟฟ้า บังคับเสพยา ล่วงละเมิดทางเพศ หรือทำร้ายแบบอื่น ถ้าไม่พบในประกาศ แปลว่ามองไม่เห็นจากข้อความ "
            "ไม่ได้แปลว่าไม่มี"
        ),
        source=ILO,
        ilo=("Physical and sexual violence",),
        iom=("MethodsOfControlPhysicalAbuse", "MethodsOfControlSexualAbuse"),
    ),
    _indicator(
        code="intimidation_and_threats",
        name="Intimidation and threats",
        name_th="ข่มขู่คุกคาม",
        definition=(
            "Threats against a person or their family, of violence, of the police or immigration, of "
            "being sold on. Absence of an ILO indicator in an advert means not observable, never "
            "absent."
        ),
        definition_th=(
            "ขู่คนหรือครอบครัว เช่น ขู่ทำร้าย ขู่แจ้งตำรวจหรือตรวจคนเข้าเมือง หรือขู่ว่าจะขายต่อ ถ้าไม่พบในประกาศ "
            "แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี"
        ),
        source=ILO,
        ilo=("Intimidation and threats",),
        iom=(
            "MethodsOfControlThreats",
            "MethodsOfControlThreatOfLawEnforcement",
            "MethodsOfControlPsychologicalAbuse",
        ),
    ),
    _indicator(
        code="retention_of_identity_documents",
        name="Retention of identity documents",
        name_th="ยึดเอกสารประจำตัว",
        definition=(
            "Passports, cards or papers are kept by the employer or another person. Absence of an ILO "
            "indicator in an advert means not observable, never absent."
        ),
        definition_th=(
            "นายจ้างหรือผู้อื่นเก็บหนังสือเดินทาง บัตร หรือเอกสารไว้ ถ้าไม่พบในประกาศ แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี"
        ),
        source=ILO,
        ilo=("Retention of identity documents",),
        iom=("MethodsOfControlWithholdsDocuments",),
    ),
    _indicator(
        code="withholding_of_wages",
        name="Withholding of wages",
        name_th="ไม่จ่ายหรือยึดค่าจ้าง",
        definition=(
            "Pay is kept back, not given or taken away so that the person cannot leave. Absence of an "
            "ILO indicator in an advert means not observable, never absent."
        ),
        definition_th=(
            "ไม่จ่าย ค้างจ่าย หรือยึดค่าจ้าง จนออกจากงานไม่ได้ ถ้าไม่พบในประกาศ แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี"
        ),
        source=ILO,
        ilo=("Withholding of wages",),
        iom=("MethodsOfControlTakesEarnings", "MethodsOfControlRestrictsFinancialAccess"),
    ),
    _indicator(
        code="debt_bondage",
        name="Debt bondage",
        name_th="ให้ทำงานใช้หนี้ (แรงงานขัดหนี้)",
        definition=(
            "Somebody must work off a debt, real or made up: travel, fees, food, fines or a buying "
            "price. Absence of an ILO indicator in an advert means not observable, never absent."
        ),
        definition_th=(
            "ต้องทำงานใช้หนี้ ไม่ว่าจะเป็นหนี้จริงหรือหนี้ที่อ้าง เช่น ค่าเดินทาง ค่านายหน้า ค่าอาหาร ค่าปรับ หรือค่าตัว "
            "ถ้าไม่พบในประกาศ แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี"
        ),
        source=ILO,
        ilo=("Debt bondage",),
        iom=("MethodsOfControlDebtBondage",),
    ),
    _indicator(
        code="abusive_working_and_living_conditions",
        name="Abusive working and living conditions",
        name_th="สภาพการทำงานและที่พักเลวร้าย",
        definition=(
            "Degrading, dangerous or filthy work or housing, too little food or no medical care. "
            "Absence of an ILO indicator in an advert means not observable, never absent."
        ),
        definition_th=(
            "งานหรือที่พักอันตราย สกปรก หรือไร้ศักดิ์ศรี อาหารไม่พอ หรือไม่ได้รับการรักษา ถ้าไม่พบในประกาศ "
            "แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี"
        ),
        source=ILO,
        ilo=("Abusive working and living conditions",),
        iom=("MethodsOfControlWithholdsNecessities", "MethodsOfControlRestrictsMedicalCare"),
    ),
    _indicator(
        code="excessive_overtime",
        name="Excessive overtime",
        name_th="บังคับทำงานเกินเวลา",
        definition=(
            "Hours or days far beyond the law or the agreement, without rest. Absence of an ILO "
            "indicator in an advert means not observable, never absent."
        ),
        definition_th=(
            "ทำงานหลายชั่วโมงหรือหลายวันเกินกฎหมายหรือเกินที่ตกลง โดยไม่ได้พัก ถ้าไม่พบในประกาศ "
            "แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี"
        ),
        source=ILO,
        ilo=("Excessive overtime",),
        iom=("MethodsOfControlExcessiveWorkingHours",),
    ),
    _indicator(
        code="unrealistic_pay",
        name="Unrealistic pay",
        name_th="ค่าจ้างสูงเกินจริง",
        definition="Pay far above the market for the work and the skill asked.",
        definition_th="เสนอค่าจ้างสูงกว่าปกติมากเมื่อเทียบกับงานและความสามารถที่ต้องการ",
        source=OURS,
    ),
    _indicator(
        code="no_qualification_required",
        name="No qualification required",
        name_th="ไม่ต้องมีวุฒิหรือประสบการณ์",
        definition="No skill, experience, schooling or papers are asked for a job that would need them.",
        definition_th="ไม่ต้องมีความรู้ ประสบการณ์ วุฒิ หรือเอกสาร ทั้งที่งานนั้นควรต้องใช้",
        source=OURS,
    ),
    _indicator(
        code="travel_or_visa_paid",
        name="Travel or visa paid",
        name_th="ออกค่าเดินทางหรือวีซ่าให้",
        definition="Somebody else pays for or handles the ticket, passport, visa or transport.",
        definition_th="มีผู้อื่นออกเงินหรือจัดการตั๋ว หนังสือเดินทาง วีซ่า หรือรถรับส่งให้",
        source=OURS,
    ),
    _indicator(
        code="known_scam_site",
        name="Known scam site",
        name_th="ชื่อศูนย์หลอกลวงที่รู้จักกันแล้ว",
        definition=(
            "Names a compound, park or building publicly known for scam operations. A lawful town (Mae "
            "Sot, Poipet, Aranyaprathet) is an entity, never an indicator."
        ),
        definition_th=(
            "ระบุชื่อนิคม ตึก หรือสถานที่ที่เป็นที่รู้กันว่าใช้หลอกลวง เมืองที่ไปมาได้ตามปกติ (แม่สอด ปอยเปต อรัญประเทศ) "
            "เป็นเพียงชื่อสถานที่ ไม่ใช่สัญญาณ"
        ),
        source=OURS,
    ),
    _indicator(
        code="irregular_border_crossing",
        name="Irregular border crossing",
        name_th="ข้ามแดนนอกช่องทาง",
        definition=(
            "A crossing by a natural path, river or night transport, or without papers. A lawful town "
            "(Mae Sot, Poipet, Aranyaprathet) is an entity, never an indicator."
        ),
        definition_th=(
            "ข้ามแดนทางช่องธรรมชาติ ทางน้ำ เดินทางกลางคืน หรือไม่มีเอกสาร เมืองที่ไปมาได้ตามปกติ (แม่สอด ปอยเปต "
            "อรัญประเทศ) เป็นเพียงชื่อสถานที่ ไม่ใช่สัญญาณ"
        ),
        source=OURS,
    ),
    _indicator(
        code="chat_app_only_contact",
        name="Contact by chat app only",
        name_th="ติดต่อได้ทางแชตเท่านั้น",
        definition="The only way to answer is a chat account, with no firm, address or office number.",
        definition_th="ติดต่อได้เฉพาะบัญชีแชต ไม่มีชื่อบริษัท ที่อยู่ หรือเบอร์สำนักงาน",
        source=OURS,
    ),
    _indicator(
        code="upfront_payment",
        name="Upfront payment",
        name_th="ให้จ่ายเงินก่อน",
        definition="A fee, deposit, tax, top-up or first purchase must be paid before anything is given.",
        definition_th="ต้องจ่ายค่าธรรมเนียม มัดจำ ภาษี เติมเงิน หรือซื้อของก่อนจึงจะได้สิ่งที่เสนอ",
        source=OURS,
    ),
    _indicator(
        code="urgency",
        name="Urgency",
        name_th="เร่งให้รีบตัดสินใจ",
        definition="The reader is hurried: a deadline, few places left, act now.",
        definition_th="เร่งให้รีบทำ เช่น กำหนดเวลา เหลือไม่กี่ที่ หรือต้องทำทันที",
        source=OURS,
    ),
    _indicator(
        code="secrecy",
        name="Secrecy",
        name_th="ให้ปิดเป็นความลับ",
        definition="The reader is told to tell nobody, delete messages or lie to a bank, family or officer.",
        definition_th="สั่งไม่ให้บอกใคร ให้ลบข้อความ หรือให้โกหกธนาคาร ครอบครัว หรือเจ้าหน้าที่",
        source=OURS,
    ),
    _indicator(
        code="authority_impersonation",
        name="Impersonation of an authority",
        name_th="แอบอ้างเป็นหน่วยงาน",
        definition=(
            "The author claims to be police, court, bank, ministry, courier, company or another "
            "trusted body without being it."
        ),
        definition_th="อ้างว่าเป็นตำรวจ ศาล ธนาคาร กระทรวง บริษัทขนส่ง หรือหน่วยงานที่น่าเชื่อถือ ทั้งที่ไม่ใช่",
        source=OURS,
    ),
    _indicator(
        code="credential_request",
        name="Request for credentials",
        name_th="ขอรหัสหรือข้อมูลลับ",
        definition="Asks for a password, OTP, PIN, card number, identity photo or login.",
        definition_th="ขอรหัสผ่าน OTP PIN เลขบัตร รูปบัตรประชาชน หรือให้เข้าสู่ระบบ",
        source=OURS,
    ),
    _indicator(
        code="guaranteed_return",
        name="Guaranteed return",
        name_th="รับประกันผลตอบแทน",
        definition="Profit, income or success is promised as certain or without risk.",
        definition_th="รับประกันกำไร รายได้ หรือผลสำเร็จ ว่าแน่นอนหรือไม่มีความเสี่ยง",
        source=OURS,
    ),
    _indicator(
        code="remote_access_request",
        name="Request for remote access",
        name_th="ให้ติดตั้งแอปหรือยอมให้ควบคุมเครื่อง",
        definition="Asks to install an app or share the screen so that somebody else can control the device.",
        definition_th="ให้ติดตั้งแอปหรือแชร์หน้าจอ เพื่อให้ผู้อื่นควบคุมเครื่องได้",
        source=OURS,
        rtp=("หลอกให้ติดตั้งโปรแกรมควบคุมระบบฯ",),
    ),
    _indicator(
        code="account_rental",
        name="Account rental or sale",
        name_th="เช่าหรือซื้อบัญชี",
        definition=(
            "Asks to rent, buy, lend or open a bank account, wallet, SIM or identity for somebody else."
        ),
        definition_th="ขอเช่า ซื้อ ยืม หรือให้เปิดบัญชีธนาคาร กระเป๋าเงิน ซิม หรือใช้ชื่อ แทนผู้อื่น",
        source=OURS,
    ),
    _indicator(
        code="age_gender_appearance_requirement",
        name="Age, gender or appearance requirement",
        name_th="กำหนดอายุ เพศ หรือหน้าตา",
        definition=(
            "A job asks for an age, a gender or looks that the work does not need; it is a sign to "
            "read with others and alone never enough."
        ),
        definition_th="กำหนดอายุ เพศ หรือหน้าตา ทั้งที่งานไม่จำเป็น ต้องดูประกอบกับข้ออื่น ลำพังข้อนี้ไม่เพียงพอ",
        source=OURS,
    ),
    _indicator(
        code="exit_fee_or_penalty",
        name="Exit fee or penalty",
        name_th="เรียกเงินเมื่อจะออกหรือเมื่อผิดกฎ",
        definition=(
            "Money is asked for leaving, for missing a target or for breaking a rule; a ransom included."
        ),
        definition_th="เรียกเงินเมื่อจะออก เมื่อทำยอดไม่ถึง หรือเมื่อผิดกฎ รวมถึงค่าไถ่",
        source=OURS,
    ),
    _indicator(
        code="person_sold_or_transferred",
        name="Person sold or transferred",
        name_th="มีการขายหรือส่งต่อคน",
        definition="People are bought, sold, hired out or moved between companies, bosses or sites.",
        definition_th="มีการซื้อ ขาย ให้เช่า หรือส่งต่อคนระหว่างบริษัท หัวหน้า หรือสถานที่",
        source=OURS,
    ),
    _indicator(
        code="confined_housing",
        name="Confined housing",
        name_th="ให้พักในที่ปิดหรือมียามเฝ้า",
        definition="Workers must live on the site, behind a gate, guards or a ban on going out.",
        definition_th="ต้องพักในสถานที่ทำงาน มีรั้ว มียาม หรือห้ามออกข้างนอก",
        source=OURS,
    ),
    _indicator(
        code="scam_work_described",
        name="Scam work described",
        name_th="ตัวงานคือการหลอกผู้อื่น",
        definition=(
            'The work itself is to deceive: chatting as a model, finding "customers" to invest, '
            "calling as an officer, moving proceeds. A person made to do it is not an offender."
        ),
        definition_th=(
            'ตัวงานเป็นการหลอกผู้อื่น เช่น แชตโดยสวมรอยเป็นคนอื่น หา "ลูกค้า" มาลงทุน โทรอ้างเป็นเจ้าหน้าที่ หรือโยกเงิน '
            "ผู้ถูกบังคับให้ทำไม่ใช่ผู้กระทำผิด"
        ),
        source=OURS,
    ),
    _indicator(
        code="possible_minor",
        name="Possible minor",
        name_th="อาจเป็นเด็กอายุต่ำกว่า 18 ปี",
        definition="Somebody sought, offered, held or used in the text may be under 18.",
        definition_th="คนที่ถูกหา ถูกเสนอ ถูกกักตัว หรือถูกใช้ในข้อความ อาจอายุต่ำกว่า 18 ปี",
        source=OURS,
    ),
    _indicator(
        code="payment_already_made",
        name="Payment already made",
        name_th="จ่ายเงินไปแล้ว",
        definition="Somebody says that money, data or account access has already been given away.",
        definition_th="มีคนบอกว่าโอนเงิน ให้ข้อมูล หรือให้สิทธิ์เข้าบัญชีไปแล้ว",
        source=OURS,
    ),
    _indicator(
        code="self_harm",
        name="Risk of self-harm",
        name_th="เสี่ยงทำร้ายตัวเอง",
        definition="Somebody speaks of suicide or of hurting themselves.",
        definition_th="มีคนพูดถึงการฆ่าตัวตายหรือทำร้ายตัวเอง",
        source=OURS,
    ),
)
