"""Wallet addresses and their checksums: hashes of invented words, and test vectors of the standards."""

import pytest

from models.entities import crypto_wallet, wallet_checksums
from models.entities.entity import Context
from tests.reading_time import reads_in_linear_time

TRON = "TYAymBUhpAo1hrabXMn2BPgJWsSvzdbQJR"
BITCOIN = "1FhB7BXwJGPNnGZcpV4CJBGqEAUyKSYX7G"
SCRIPT = "3KAghUvg7cscnZ6Z6vTvpU8J1La6hM6iac"
SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"  # BIP-173
TAPROOT = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"  # BIP-350
ETHER = "0xe3B3bE763c1dF2Fb6AFF344077F9396555880fe1"
TON = "EQDEey_-fF0Ymp0MtW30cKroelx1rk_c2kpl1kn5kPG1zKGZ"
TON_2 = "UQBb1mRjwOfEiyTfr9vaySROO62nUN5sanorvQXYgdGjIYXS"
TON_RAW = "0:c47b2ffe7c5d189a9d0cb56df470aae87a5c75ae4fdcda4a65d649f990f1b5cc"
SOL = "9WWnq9o2fYcarE5jm4i7wBtmwS5eUXcEBDxacT8CAmsX"

# text, span as written, chain, checksum, value
ROWS = [
    (f"โอน USDT เข้า {TRON} ด่วน", TRON, "tron", "valid", TRON),
    (f"กระเป๋า{TRON}ค่ะ", TRON, "tron", "valid", TRON),
    (f"地址{TRON}。", TRON, "tron", "valid", TRON),
    (f"ສົ່ງໄປ {TRON}", TRON, "tron", "valid", TRON),
    (f"ví {TRON}", TRON, "tron", "valid", TRON),
    (f"https://tronscan.example/#/address/{TRON}", TRON, "tron", "valid", TRON),
    (f"USDT {TRON[:-1]}Q", TRON[:-1] + "Q", "tron", "failed", None),
    (
        "wallet TQx5550kFakeWa11etForTraining9z before Friday",
        "TQx5550kFakeWa11etForTraining9z",
        "tron",
        "failed",
        None,
    ),
    ("ပိုက်ဆံလိပ်စာ TQx9mKp4ZrW2dLb7။", "TQx9mKp4ZrW2dLb7", "tron", "failed", None),
    ("지갑 주소는 TQx555kRmV7yZb2LhN0fPd 이고요", "TQx555kRmV7yZb2LhN0fPd", "tron", "failed", None),
    ("កាបូប TXk9fakeKm77Qp2LmZ555aa", "TXk9fakeKm77Qp2LmZ555aa", "tron", "failed", None),
    ("dompet kami TQ555xLm9aWv2rHb7KpZ.", "TQ555xLm9aWv2rHb7KpZ", "tron", "failed", None),
    ("USDT TYAymB...bQJR", "TYAymB...bQJR", "tron", "none", None),
    (f"BTC {BITCOIN}", BITCOIN, "bitcoin", "valid", BITCOIN),
    (f"ビットコイン→{SCRIPT}", SCRIPT, "bitcoin", "valid", SCRIPT),
    (f"BTC {BITCOIN[:-1]}H", BITCOIN[:-1] + "H", "bitcoin", "failed", None),
    (f"kirim ke {SEGWIT}", SEGWIT, "bitcoin", "valid", SEGWIT),
    (f"kirim ke {SEGWIT.upper()}", SEGWIT.upper(), "bitcoin", "valid", SEGWIT),
    (f"ส่งไป{TAPROOT}", TAPROOT, "bitcoin", "valid", TAPROOT),
    (f"pay {SEGWIT[:-1]}5", SEGWIT[:-1] + "5", "bitcoin", "failed", None),
    ("bitcoin to bc1q555examplewalletxxxx.", "bc1q555examplewalletxxxx", "bitcoin", "failed", None),
    (f"ETH: {ETHER}", ETHER, "ethereum", "valid", ETHER),
    (f"打U {ETHER.lower()}", ETHER.lower(), "ethereum", "none", ETHER),
    ("erc20 " + ETHER.replace("B3bE", "b3bE"), ETHER.replace("B3bE", "b3bE"), "ethereum", "failed", None),
    ("โอน USDT ที่ 0x555aF0c19b7E ก่อน", "0x555aF0c19b7E", "ethereum", "failed", None),
    ("在冷钱包0x5558fakefake1f，付", "0x5558fakefake1f", "ethereum", "failed", None),
    (f"ton {TON}", TON, "ton", "valid", TON),
    (f"आपका वॉलेट {TON_2}", TON_2, "ton", "valid", TON_2),
    (f"wallet {TON[:-2]}AA", TON[:-2] + "AA", "ton", "failed", None),
    (f"TON {TON_RAW}", TON_RAW, "ton", "none", TON_RAW),
    (f"send SOL to {SOL}", SOL, "solana", "none", SOL),
]
PIECES = [
    # (an address as it was taken apart, chain, value)
    (f"{TRON[:16]} {TRON[16:]}", "tron", TRON),
    (f"{TRON[:10]}\n{TRON[10:20]}\n{TRON[20:]}", "tron", TRON),
    (" ".join(TRON), "tron", TRON),
    (f"{TRON[:12]}-{TRON[12:24]}-{TRON[24:]}", "tron", TRON),
    (f"{TRON[:12]} ... {TRON[12:]}".replace(" ... ", "..."), "tron", TRON),
    (f"{BITCOIN[:17]}  {BITCOIN[17:]}", "bitcoin", BITCOIN),
    (f"{SCRIPT[:5]} / {SCRIPT[5:]}", "bitcoin", SCRIPT),
    (" ".join(SEGWIT[at : at + 6] for at in range(0, 42, 6)), "bitcoin", SEGWIT),
    (f"{TAPROOT[:30]}\n{TAPROOT[30:]}", "bitcoin", TAPROOT),
    (f"{ETHER[:22]} {ETHER[22:]}", "ethereum", ETHER),
    (f"0 x {ETHER[2:].lower()}", "ethereum", ETHER),
    (f"{TON[:25]}\n{TON[25:]}", "ton", TON),
]

NOT_WALLETS = [
    "โทร 081-555-0143",
    "TH5550123456789",
    "order T5550123",
    "THAILAND2026 promo",
    "Tether TRC20 price",
    "MacBook Pro 0x1F600",
    "commit 3f5e8d7c6b5a49382716051423324150aabbccdd",
    "1234567890123456789012345678901",
    "TXN5550081243",
    "bc1",
    "wallet balance 12345678",
    SOL,
    "id 9b2d7f60-5550-4716-a123-446655440000",
    "https://video.example/watch?v=Tq1abcdEFGh",
    "Tel0815550143",
    "微信 Tina5550abc",
    "LINE: Tukta_shop555",
    "@Tommy5550x",
    "0x" + "ab12" * 16,
    "tài khoản 0555 8813 290",
    f"{TRON[:16]} {TRON[16:-1]}q",  # in pieces and damaged
    f"{TRON[:16]} เข้า {TRON[16:]}",
    "The 34 letters of This Text are 1 address Today 12345 and no more than This",
    "1 234 567 890 1 234 567 890 1 234 567 890 1 234 567 890",
    "Tel 02 555 0143 / 081 555 0143 Tel 02 555 0143 Tony",
]


@pytest.mark.parametrize(("text", "written", "chain", "checksum", "value"), ROWS)
def test_addresses_are_found_and_checked(text, written, chain, checksum, value):
    (entity,) = crypto_wallet.find(text, Context())
    assert text[entity.start : entity.end] == written
    assert (entity.type, entity.value) == ("CRYPTO_WALLET", value)
    assert dict(entity.attributes) == {"chain": chain, "checksum": checksum}


@pytest.mark.parametrize(("pieces", "chain", "value"), PIECES)
@pytest.mark.parametrize("sentence", ["โอน USDT เข้า {} ด่วน", "wallet:{}", "转到钱包{}。", "ví {}, nhanh"])
def test_an_address_taken_apart_is_one_address(sentence, pieces, chain, value):
    text = sentence.format(pieces)
    (entity,) = crypto_wallet.find(text, Context())
    assert (text[entity.start : entity.end], entity.value) == (pieces, value)
    assert entity.attributes["chain"] == chain


def test_every_address_of_a_long_list_is_found():
    assert len(crypto_wallet.find(f"{TRON}\n" * 500, Context())) == 500


@pytest.mark.parametrize("text", NOT_WALLETS)
def test_other_words_are_no_addresses(text):
    assert crypto_wallet.find(text, Context()) == []


@pytest.mark.parametrize("address", [TRON, BITCOIN, SEGWIT, ETHER, TON])
def test_one_changed_character_fails_the_checksum(address):
    damaged = address[:-3] + ("q" if address[-3] != "q" else "p") + address[-2:]
    if address == ETHER:
        damaged = address[:-1] + "2"
    for entity in crypto_wallet.find(f"USDT wallet {damaged}", Context()):
        assert entity.attributes["checksum"] == "failed"
        assert entity.value is None


def test_keccak_is_the_one_before_fips_202():
    empty = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert wallet_checksums.keccak256(b"").hex() == empty
    assert wallet_checksums.keccak256(b"a" * 300) != wallet_checksums.keccak256(b"a" * 301)


@pytest.mark.parametrize(
    "address", ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"]
)
def test_capitals_are_those_of_eip_55(address):
    assert wallet_checksums.eip55(address.lower()) == address


@pytest.mark.parametrize(
    "unit",
    [
        "1234567890",
        "1 ",
        ".",
        "ก",
        "a",
        "T1aB",
        "T 1aB",
        "T ",
        "3.",
        "bc1q",
        "b c 1 ",
        "0x1",
        "0 x ",
        "E Q ",
        "T-----------------------ก",
        "-",
        "…",
        "钱",
    ],
)
def test_long_odd_text_is_read_fast(unit):
    text = unit * (100_000 // len(unit))
    assert reads_in_linear_time(crypto_wallet.find, text, Context())
