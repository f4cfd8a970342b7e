"""The 22 document labels, in logit order. Several may hold; none means benign.

MISP has no vocabulary for human trafficking or scam compounds (its ai-safety-benchmark names trafficking, but
classifies the answers of a chatbot), so `trafficking_recruitment` and `person_at_risk` have no MISP name.
Names of Royal Thai Police types that end in ฯ are shortened by their source.
"""

from models.taxonomy.term import Term

OURS = "ScamScreen"
RTP = "Royal Thai Police, online-complaint types"


def _label(
    *,
    code: str,
    name: str,
    name_th: str,
    definition: str,
    definition_th: str,
    source: str,
    rtp: tuple[str, ...] = (),
    ccl: tuple[str, ...] = (),
    chifraud: tuple[str, ...] = (),
    misp_taxonomy: tuple[str, ...] = (),
    misp_galaxy: tuple[str, ...] = (),
) -> Term:
    """Return a label with an entry for every scheme of scam types, empty where nothing fits."""
    crosswalk = {
        "rtp_online_complaint": rtp,
        "ccl2023_fcc": ccl,
        "chifraud": chifraud,
        "misp_taxonomy": misp_taxonomy,
        "misp_galaxy": misp_galaxy,
    }
    return Term(code, name, name_th, definition, definition_th, source, crosswalk)


LABEL_TERMS: tuple[Term, ...] = (
    _label(
        code="fraudulent_job_offer",
        name="Fraudulent job offer",
        name_th="หลอกให้สมัครงาน",
        definition=(
            "Offers a job that seems fake or bait; the reader is to work (if the reader must pay in "
            "per task, it is task_scam)."
        ),
        definition_th=(
            "เสนองานที่น่าสงสัยว่าไม่มีจริงหรือใช้ล่อคน โดยให้ผู้อ่านไปทำงาน "
            "(ถ้าต้องจ่ายเงินเข้าไปก่อนเป็นรายภารกิจ ให้ใช้ป้าย “หลอกให้ทำงานหรือภารกิจออนไลน์”)"
        ),
        source=OURS,
        misp_taxonomy=('content-classification:cybercrime="fraud-scams"', 'dark-web:motivation="scam"'),
        misp_galaxy=(
            'misp-galaxy:taxonomy-of-fraud="Employment Fraud"',
            'misp-galaxy:taxonomy-of-fraud="Other employment scam"',
        ),
    ),
    _label(
        code="task_scam",
        name="Task scam",
        name_th="หลอกให้ทำงานหรือภารกิจออนไลน์",
        definition=(
            "Offers online tasks, likes, orders or reviews where the target pays in or is paid to be "
            "drawn in (งานกดไลก์, 刷单返利, cộng tác viên)."
        ),
        definition_th=(
            "ชวนทำภารกิจออนไลน์ เช่น กดไลก์ กดรับออเดอร์ หรือรีวิว โดยให้โอนเงินเข้าไปก่อน หรือจ่ายเงินให้เล็กน้อยก่อนเพื่อให้หลงเชื่อ"
        ),
        source=RTP,
        rtp=("หลอกให้โอนเงินเพื่อทำงานฯ",),
        ccl=("刷单返利类",),
        misp_taxonomy=('content-classification:cybercrime="fraud-scams"', 'dark-web:motivation="scam"'),
        misp_galaxy=('misp-galaxy:taxonomy-of-fraud="Work-at-home scam"',),
    ),
    _label(
        code="trafficking_recruitment",
        name="Recruitment that may lead to trafficking",
        name_th="ชักชวนไปทำงานที่เสี่ยงต่อการค้ามนุษย์",
        definition=(
            "Makes a job or transport offer with at least TWO of: a scam-compound or irregular-border "
            'destination; someone else handles travel and papers; the work is scamming, "customer '
            'chat" or gambling; confinement, penalty, debt or kept papers; or people are sold, '
            "transferred or hired out between sites. One border town, nationality, age or gender is "
            "never enough."
        ),
        definition_th=(
            "เสนองานหรือเสนอพาเดินทาง โดยมีอย่างน้อย 2 ข้อต่อไปนี้: ปลายทางเป็นศูนย์หลอกลวงหรือข้ามแดนนอกช่องทาง, "
            'มีผู้อื่นจัดการเดินทางและเอกสารให้, งานเป็นการหลอกลวง "แชตลูกค้า" หรือพนัน, มีการกักตัว ค่าปรับ หนี้ '
            "หรือยึดเอกสาร, มีการขาย โอน หรือส่งต่อคนระหว่างสถานที่ ส่วนเมืองชายแดน สัญชาติ อายุ "
            "หรือเพศเพียงอย่างเดียวไม่เพียงพอ และผู้ถูกบังคับให้ทำงานไม่ใช่ผู้กระทำผิด"
        ),
        source=(
            "UN Trafficking in Persons Protocol (2000), article 3, as far as a text can show it; the "
            "two-of rule is ScamScreen's"
        ),
    ),
    _label(
        code="call_centre_scam",
        name="Call-centre impersonation scam",
        name_th="คอลเซ็นเตอร์แอบอ้างเป็นหน่วยงาน",
        definition=(
            "Live or scripted impersonation of police, court, bank, customs, courier, telecom or tech "
            "support, that pressures (a bare link or code request is phishing; both may hold)."
        ),
        definition_th=(
            "แอบอ้างเป็นตำรวจ ศาล ธนาคาร ศุลกากร บริษัทขนส่ง ค่ายมือถือ หรือฝ่ายช่วยเหลือทางเทคนิค แล้วกดดันผู้รับ "
            "ทั้งที่โทรสดและที่อ่านตามบท (ถ้ามีแค่ลิงก์หรือขอรหัส ให้ใช้ป้าย “หลอกเอารหัสหรือข้อมูลผ่านลิงก์” และเป็นได้ทั้งสองป้าย)"
        ),
        source=RTP,
        rtp=("ข่มขู่ทางโทรศัพท์ (Call center)",),
        ccl=("冒充公检法及政府机关类", "冒充电商物流客服类", "虚假征信类"),
        misp_taxonomy=(
            'content-classification:cybercrime="fraud-scams"',
            'dark-web:motivation="scam"',
            'gsma-fraud:business="social-engineering"',
        ),
        misp_galaxy=(
            'misp-galaxy:financial-fraud="Vishing"',
            'misp-galaxy:taxonomy-of-fraud="Government debt collections scam"',
            'misp-galaxy:taxonomy-of-fraud="Court impersonation scam"',
            'misp-galaxy:taxonomy-of-fraud="Tech support scam"',
        ),
    ),
    _label(
        code="acquaintance_impersonation",
        name="Impersonation of an acquaintance",
        name_th="แอบอ้างเป็นคนรู้จักเพื่อเอาเงิน",
        definition="Pretends to be a friend, relative or boss to get money.",
        definition_th="แอบอ้างเป็นเพื่อน ญาติ หรือหัวหน้า เพื่อให้โอนเงินหรือให้ยืมเงิน",
        source=RTP,
        rtp=("หลอกเป็นบุคคลอื่นเพื่อยืมเงิน",),
        ccl=("冒充领导、熟人类",),
        misp_taxonomy=('content-classification:cybercrime="fraud-scams"', 'dark-web:motivation="scam"'),
        misp_galaxy=('misp-galaxy:financial-fraud="CEO/BEC Fraud"',),
    ),
    _label(
        code="investment_scam",
        name="Investment scam",
        name_th="หลอกลงทุน",
        definition="Sells guaranteed or secret returns: crypto, forex, gold, Ponzi, pig-butchering.",
        definition_th=(
            "ชวนลงทุนโดยรับประกันผลตอบแทนหรืออ้างสูตรลับ เช่น คริปโต ฟอเร็กซ์ ทองคำ แชร์ลูกโซ่ หรือหลอกให้รักแล้วลงทุน"
        ),
        source=RTP,
        rtp=("หลอกให้ลงทุนผ่านระบบคอมพิวเตอร์", "หลอกให้รักแล้วลงทุน"),
        ccl=("虚假网络投资理财类",),
        misp_taxonomy=(
            'content-classification:cybercrime="fraud-scams"',
            'dark-web:motivation="scam"',
            'content-classification:cybercrime="crypto-crime"',
            'content-classification:finance="ponzi-financial-gain"',
            "cryptocurrency-threat:Pig Butchering Scam",
        ),
        misp_galaxy=(
            'misp-galaxy:financial-fraud="Investment Fraud"',
            'misp-galaxy:dwva="Ponzi Scheme"',
            'misp-galaxy:taxonomy-of-fraud="Consumer Investment Fraud"',
        ),
    ),
    _label(
        code="romance_scam",
        name="Romance scam",
        name_th="หลอกให้รัก",
        definition="Builds or uses a love or friendship pretext to get money.",
        definition_th="ใช้ความรักหรือความเป็นเพื่อนเป็นข้ออ้างเพื่อเอาเงิน",
        source=RTP,
        rtp=("หลอกให้รักแล้วโอนเงิน", "หลอกให้รักแล้วลงทุน"),
        ccl=("网络婚恋、交友类",),
        misp_taxonomy=('content-classification:cybercrime="fraud-scams"', 'dark-web:motivation="scam"'),
        misp_galaxy=(
            'misp-galaxy:financial-fraud="Romance Scam"',
            'misp-galaxy:taxonomy-of-fraud="Romance scam/Sweetheart scam"',
        ),
    ),
    _label(
        code="loan_scam",
        name="Loan scam",
        name_th="หลอกให้กู้เงินหรือแอปเงินกู้เอาเปรียบ",
        definition="Advance-fee or predatory app lending, or debt-shaming.",
        definition_th="ปล่อยกู้โดยเรียกเงินก่อน แอปเงินกู้ที่เก็บดอกเบี้ยสูงเกินควร หรือทวงหนี้แบบประจาน",
        source=RTP,
        rtp=("หลอกให้กู้เงิน",),
        ccl=("贷款、代办信用卡类",),
        chifraud=("Underground Loan",),
        misp_taxonomy=('content-classification:cybercrime="fraud-scams"', 'dark-web:motivation="scam"'),
        misp_galaxy=(
            'misp-galaxy:taxonomy-of-fraud="Fake credit lines and loans"',
            'misp-galaxy:taxonomy-of-fraud="Fake loans"',
        ),
    ),
    _label(
        code="phishing",
        name="Phishing",
        name_th="หลอกเอารหัสหรือข้อมูลผ่านลิงก์",
        definition="Harvests credentials, OTP, card data or an app install through a link or reply.",
        definition_th="หลอกเอารหัสผ่าน OTP ข้อมูลบัตร หรือให้ติดตั้งแอป ผ่านลิงก์หรือการตอบกลับ",
        source='MISP content-classification taxonomy, cybercrime="phishing"',
        rtp=("หลอกให้ติดตั้งโปรแกรมควบคุมระบบฯ",),
        misp_taxonomy=(
            'content-classification:cybercrime="phishing"',
            'gsma-fraud:technical="phishing-pharming"',
        ),
        misp_galaxy=(
            'misp-galaxy:financial-fraud="Phishing"',
            'misp-galaxy:financial-fraud="Smishing"',
            'misp-galaxy:financial-fraud="Fake Website"',
            'misp-galaxy:financial-fraud="Fake App"',
            'misp-galaxy:dwva="Phishing"',
            'misp-galaxy:taxonomy-of-fraud="Phishing websites/emails/calls"',
        ),
    ),
    _label(
        code="prize_scam",
        name="Prize scam",
        name_th="หลอกว่าได้รางวัลหรือเงินคืน",
        definition="Prize, lottery, refund, subsidy or inheritance bait.",
        definition_th="ล่อด้วยรางวัล ลอตเตอรี่ เงินคืน เงินช่วยเหลือ หรือมรดก",
        source=RTP,
        rtp=("หลอกให้โอนเงินเพื่อรับรางวัลฯ",),
        misp_taxonomy=('content-classification:cybercrime="fraud-scams"', 'dark-web:motivation="scam"'),
        misp_galaxy=('misp-galaxy:taxonomy-of-fraud="Prize and Grant Fraud"',),
    ),
    _label(
        code="shopping_scam",
        name="Shopping scam",
        name_th="หลอกซื้อขายสินค้าหรือบริการ",
        definition="Goods or services that will not come, fake shops, fake slips.",
        definition_th="ขายสินค้าหรือบริการที่ไม่มีการส่งจริง ร้านปลอม หรือใช้สลิปปลอม",
        source=RTP,
        rtp=("หลอกลวงซื้อขายสินค้าหรือบริการ ไม่เป็นขบวนการ", "หลอกลวงซื้อขายสินค้าเป็นขบวนการ"),
        ccl=("虚假购物、服务类", "网络游戏产品虚假交易类", "冒充军警购物类"),
        misp_taxonomy=('content-classification:cybercrime="fraud-scams"', 'dark-web:motivation="scam"'),
        misp_galaxy=(
            'misp-galaxy:financial-fraud="Fake Website"',
            'misp-galaxy:taxonomy-of-fraud="Online marketplace fraud"',
            'misp-galaxy:taxonomy-of-fraud="Paid never received"',
        ),
    ),
    _label(
        code="extortion",
        name="Extortion",
        name_th="ข่มขู่เรียกเงิน",
        definition="Threatens to publish, hurt or report unless paid, sextortion included.",
        definition_th="ขู่ว่าจะเผยแพร่ ทำร้าย หรือแจ้งความถ้าไม่จ่ายเงิน รวมถึงการขู่ด้วยภาพหรือคลิปทางเพศ",
        source="MISP attck4fraud galaxy, Extortion",
        misp_taxonomy=('content-classification:cybercrime="doxing"',),
        misp_galaxy=('misp-galaxy:financial-fraud="Extortion"', 'misp-galaxy:dwva="Sextortion"'),
    ),
    _label(
        code="recovery_scam",
        name="Recovery scam",
        name_th="หลอกว่าจะตามเงินคืนให้",
        definition="Promises to get lost money back for a fee.",
        definition_th="อ้างว่าจะตามเงินที่ถูกหลอกไปกลับมาให้ โดยเรียกค่าดำเนินการ",
        source="MISP attck4fraud galaxy, Cash Recovery Scam",
        misp_taxonomy=('content-classification:cybercrime="fraud-scams"', 'dark-web:motivation="scam"'),
        misp_galaxy=(
            'misp-galaxy:financial-fraud="Cash Recovery Scam"',
            'misp-galaxy:taxonomy-of-fraud="Fraud loss recovery"',
        ),
    ),
    _label(
        code="online_gambling",
        name="Illegal online gambling",
        name_th="พนันออนไลน์ผิดกฎหมาย",
        definition=(
            "Promotes illegal online gambling to players or agents (recruiting staff abroad takes a "
            "job label too)."
        ),
        definition_th="โฆษณาพนันออนไลน์ผิดกฎหมายกับผู้เล่นหรือตัวแทน (ถ้ารับคนไปทำงานต่างประเทศ ให้ใช้ป้ายเรื่องงานด้วย)",
        source='ChiFraud, Gambling; MISP content-classification taxonomy, illegal-markets="gambling"',
        chifraud=("Gambling",),
        misp_taxonomy=('content-classification:illegal-markets="gambling"', 'dark-web:topic="gambling"'),
        misp_galaxy=('misp-galaxy:taxonomy-of-fraud="Internet gambling fraud"',),
    ),
    _label(
        code="money_mule",
        name="Money mule recruitment",
        name_th="หาบัญชีม้า ซิมม้า หรือคนรับโอนเงิน",
        definition=(
            "Asks for bank accounts, SIMs, wallets or identities, or for people to move money (a "
            "donation appeal or a money changer is not one)."
        ),
        definition_th=(
            "ขอซื้อ เช่า หรือยืมบัญชีธนาคาร ซิม กระเป๋าเงิน หรือข้อมูลตัวตน หรือหาคนรับโอนเงินแทน "
            "(การขอรับบริจาคหรือร้านแลกเงินไม่นับ)"
        ),
        source=(
            "UN Convention against Transnational Organized Crime (2000), article 6 (UNODC); INTERPOL "
            "DWVA taxonomy, Money mule"
        ),
        chifraud=("Fake Bank Card", "Fake SIM", "Unauthorized Cash-Out"),
        misp_taxonomy=(
            'content-classification:illegal-markets="money-laundering-cash-in-out"',
            'content-classification:technical-services="sim-sms-services"',
            'dark-web:topic="cash-in"',
            'dark-web:topic="cash-out"',
        ),
        misp_galaxy=('misp-galaxy:financial-fraud="Money Mules"', 'misp-galaxy:dwva="Money mule"'),
    ),
    _label(
        code="migrant_smuggling",
        name="Migrant smuggling",
        name_th="ลักลอบพาข้ามแดน",
        definition="Offers irregular border crossing or transport.",
        definition_th="เสนอพาข้ามแดนหรือรับส่งโดยไม่ผ่านช่องทางที่ถูกต้อง",
        source="UN Smuggling of Migrants Protocol (2000), articles 3 and 6",
        misp_taxonomy=('dark-web:motivation="smuggling"',),
    ),
    _label(
        code="drug_trade",
        name="Drug trade",
        name_th="ค้ายาเสพติด",
        definition="Sells, moves or recruits couriers for drugs.",
        definition_th="ขายหรือขนยาเสพติด หรือหาคนขนยาเสพติด",
        source=(
            "UN Convention against Illicit Traffic in Narcotic Drugs and Psychotropic Substances "
            "(1988), article 3 (UNODC)"
        ),
        chifraud=("Prohibited Drugs",),
        misp_taxonomy=('content-classification:illegal-markets="drugs"', 'dark-web:topic="drugs-narcotics"'),
    ),
    _label(
        code="document_forgery",
        name="Document forgery",
        name_th="รับทำเอกสารปลอม",
        definition="Sells identity papers, permits, diplomas or cards.",
        definition_th="ขายหรือรับทำเอกสารประจำตัว ใบอนุญาต วุฒิการศึกษา หรือบัตร",
        source=(
            "UN Smuggling of Migrants Protocol (2000), article 6(1)(b), for travel and identity "
            "papers; ChiFraud, Fake Credentials"
        ),
        chifraud=("Fake Credentials",),
        misp_taxonomy=(
            'content-classification:illegal-markets="counterfeiting"',
            'dark-web:topic="identification-credentials"',
        ),
    ),
    _label(
        code="commercial_sex_ad",
        name="Commercial sex advertisement",
        name_th="โฆษณาบริการทางเพศ",
        definition=(
            "Advertises commercial sex; neutral: alone it never raises priority nor enters shared "
            "exports or rankings."
        ),
        definition_th="โฆษณาบริการทางเพศ ใช้เป็นข้อมูลกลาง ๆ ลำพังป้ายนี้ไม่ทำให้เร่งด่วนขึ้น และไม่เข้าไฟล์ที่ส่งต่อหรือการจัดอันดับ",
        source="ChiFraud, its class for commercial sex; the rule of neutrality is ScamScreen's",
        chifraud=("Whoring",),
        misp_taxonomy=('content-classification:digital-content="adult-content"',),
    ),
    _label(
        code="other_scam",
        name="Other scam",
        name_th="หลอกลวงแบบอื่น",
        definition="Deceives for gain in another way.",
        definition_th="หลอกลวงเพื่อเอาประโยชน์ในรูปแบบอื่น",
        source=OURS,
        misp_taxonomy=('content-classification:cybercrime="fraud-scams"', 'dark-web:motivation="scam"'),
        misp_galaxy=('misp-galaxy:financial-fraud="Scam"', 'misp-galaxy:dwva="Scam"'),
    ),
    _label(
        code="loss_report",
        name="Report of a loss",
        name_th="แจ้งว่าเสียเงินหรือข้อมูลไปแล้ว",
        definition=(
            "Somebody says they paid or gave away money, data or account access (banks can still hold "
            "it in the first hours)."
        ),
        definition_th="มีคนบอกว่าจ่ายเงิน ให้ข้อมูล หรือให้สิทธิ์เข้าบัญชีไปแล้ว (ในชั่วโมงแรก ๆ ธนาคารยังอาจระงับเงินได้)",
        source=OURS,
    ),
    _label(
        code="person_at_risk",
        name="Person who may be at risk",
        name_th="อาจมีผู้ตกอยู่ในอันตราย",
        definition=(
            "Somebody may now be held, controlled, hurt, missing, suicidal, under a ransom or exit "
            "fee, or a child exploited: first, and to a human. It comes from the outer text, or from a "
            "quote that is itself a plea; where it holds, offence labels are context, never flags "
            "(non-punishment principle)."
        ),
        definition_th=(
            "อาจมีคนกำลังถูกกักตัว ถูกควบคุม ถูกทำร้าย สูญหาย คิดทำร้ายตัวเอง ถูกเรียกค่าไถ่หรือค่าออก "
            "หรือมีเด็กถูกแสวงหาประโยชน์ ต้องให้เจ้าหน้าที่ดูก่อนเรื่องอื่น และผู้ถูกบังคับให้ทำผิดไม่ใช่ผู้กระทำผิด "
            "ป้ายที่เป็นความผิดจึงแสดงเป็นข้อมูลประกอบเท่านั้น"
        ),
        source='ScamScreen, after ILO Indicators of Forced Labour (2012) and IOM HTCDS 2.0 "Possible victim"',
    ),
)
