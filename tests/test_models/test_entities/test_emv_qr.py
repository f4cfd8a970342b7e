"""EMV QR payloads give the account they pay to. All of them are invented, with their checksums right."""

import pytest

from models.entities import emv_qr
from models.entities.entity import Context
from tests.reading_time import reads_in_linear_time

MOBILE = (
    "00020101021129370016A000000677010111011300668155501435204000053037645802TH5907FICTION6004CITY6304DFAE"
)
IDENTITY = (
    "00020101021129370016A000000677010111021315550000000135204000053037645802TH5907FICTION6004CITY6304C489"
)
WALLET = (
    "00020101021129390016A00000067701011103150049990555001235204000053037645802TH5907FICTION6004CITY63048A2B"
)
BILL = (
    "00020101021130470016A00000067701011201150994000555001230204INV15204000053037645802TH"
    "5912FICTION SHOP6004CITY63046660"
)
VIETQR = (
    "00020101021138540010A00000072701240006970436011005558813240208QRIBFTTA5204000053037045802VN"
    "5912NGUYEN VAN A6004CITY63044A40"
)
KHQR = "00020101021129200016sok_dara555@aclb5204000053038405802KH5908Sok Dara6004CITY63040828"
QRIS = (
    "00020101021126600016ID.CO.CONTOH.WWW0118936000080555000123020705550010303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10205550001230303UMI5204000053033605802ID5912WARUNG FIKSI6004CITY6304FD79"
)
DUITNOW = (
    "00020101021126450014A00000061500010106603346021310MD0055500015204000053034585802MY5911GERAI FIKSI"
    "6004CITY6304A476"
)
QRPH = (
    "00020101021127580012com.p2pqrpay0111XXXXPHM1XXX0208999644030411091755501235204000053036085802PH"
    "5906JUAN D6004CITY63040E76"
)
LAOQR = (
    "00020101021138530016A00526628466257701082771041802030020310FICTION5555204000053034185802LA5904TEST"
    "6004CITY63047784"
)
KHQR_BANK = (
    "00020101021129460016testkhppxxx@test01090055553310209Test Bank5204000053038405802KH5907FICTION6004CI"
    "TY630448C4"
)
QRPH_CODE = (
    "00020101021127640012com.p2pqrpay0111XXXXPHM1XXX0208999644030417TEST555FICTION5555204000053036085802P"
    "H5907FICTION6004CITY63041CEC"
)
VIETQR_SHOP = (
    "00020101021138520010A000000727012400069704360110FICTION5550206QRPUSH5204000053037045802VN5907FICTION"
    "6004CITY63042FAE"
)

PAYLOADS = [
    (MOBILE, "promptpay", "0815550143", "mobile", "THB"),
    (IDENTITY, "promptpay", "1555000000013", "national_id", "THB"),
    (WALLET, "promptpay", "004999055500123", "ewallet", "THB"),
    (BILL, "promptpay", "099400055500123", "biller", "THB"),
    (VIETQR, "vietqr", "0555881324", "account", "VND"),
    (KHQR, "bakong", "sok_dara555@aclb", "account", "USD"),
    (QRIS, "qris", "936000080555000123", "merchant", "IDR"),
    (DUITNOW, "duitnow", "10MD005550001", "merchant", "MYR"),
    (QRPH, "qrph", "09175550123", "account", "PHP"),
    (LAOQR, "laoqr", "FICTION555", "merchant", "LAK"),
    (KHQR_BANK, "bakong", "005555331", "account", "USD"),
    (QRPH_CODE, "qrph", "TEST555FICTION555", "account", "PHP"),
    (VIETQR_SHOP, "vietqr", "FICTION555", "merchant", "VND"),
]

NOT_PAYLOADS = [
    "000201",
    "โทร 000201-555-0143",
    "00020101021152040000530376463041234",  # no account template
    "00020101021129200016nobody knows us!6304ABCD",
    "order 000201010211 is on its way",
    "100020101021129370016A0000006770101110113006681555014363040000",  # not at the start of the digits
    "0002990102",
    "ref 0002010",
    "000201 010211 2937",
    MOBILE[6:],
]


@pytest.mark.parametrize(("payload", "scheme", "value", "kind", "currency"), PAYLOADS)
@pytest.mark.parametrize("around", ["{}", "สแกน{}เลย", "quét mã: {} nhé", "扫码{}。"])
def test_payloads_are_decoded(around, payload, scheme, value, kind, currency):
    text = around.format(payload)
    (entity,) = emv_qr.find(text, Context())
    assert text[entity.start : entity.end] == payload
    assert (entity.type, entity.value, entity.reason) == ("BANK_ACCOUNT", value, "checksum")
    attributes = entity.attributes
    assert (attributes["scheme"], attributes["kind"], attributes["currency"]) == (scheme, kind, currency)
    assert attributes["checksum"] == "valid"


@pytest.mark.parametrize("payload", [payload for payload, *_ in PAYLOADS])
def test_failed_checksum_is_reported_and_gives_no_value(payload):
    for damaged in (payload[:-4] + "0000", payload.replace("CITY", "C1TY")):
        (entity,) = emv_qr.find(damaged, Context())
        assert entity.attributes["checksum"] == "failed"
        assert entity.value is None
        assert "failed" in entity.reason


def test_payload_without_its_end_is_reported_as_failed():
    (entity,) = emv_qr.find(MOBILE[:70], Context())
    assert entity.attributes["checksum"] == "failed"
    assert entity.end <= 70


def test_bank_of_a_vietqr_is_its_bin():
    assert emv_qr.find(VIETQR, Context())[0].attributes["bank"] == "970436"


@pytest.mark.parametrize("text", NOT_PAYLOADS)
def test_other_digits_are_no_payloads(text):
    assert emv_qr.find(text, Context()) == []


def test_crc_is_ccitt_false():
    assert emv_qr.crc16(b"123456789") == 0x29B1  # check value of the CRC catalogue


@pytest.mark.parametrize("unit", ["1234567890", "000201", "0002010102", ".", "ก", "00020101021129370016A000"])
def test_long_odd_text_is_read_fast(unit):
    text = unit * (100_000 // len(unit))
    assert reads_in_linear_time(emv_qr.find, text, Context())
