"""Where a request that a caller named may go, and where it may not."""

import asyncio
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from serving.outbound import NoAnswerError, Outbound, RefusedAddressError

SECONDS = 5
PUBLIC = "8.8.8.8"
INWARD = [
    "127.0.0.1",
    "10.0.0.7",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fd12:3456::1",
    "::ffff:10.0.0.7",
    "64:ff9b::a00:7",
]
NOWHERE = [
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "fd00:ec2::254",
    "100.100.100.200",
    "fe80::1",
    "fe80::1%eth0",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "255.255.255.255",
    "2002:a00:7::1",
]


def resolving(*addresses):
    async def resolve(host, port):
        return [*addresses]

    return resolve


def check(url, *addresses, allow_private=False):
    outbound = Outbound(allow_private=allow_private, resolve=resolving(*(addresses or (PUBLIC,))))
    asyncio.run(outbound.check_resolved(url))


def test_a_public_address_over_tls_is_allowed():
    check("https://hooks.example/scamscreen?token=1")
    check("https://hooks.example:8443", "2606:4700::1111")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "http://localhost/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user:zqxsecret@hooks.example/",
        "https://hooks.example/#zqxfragment",
        "https://hooks.example:0/",
        "https://hooks.example:99999/",
        "https://hooks.example/\r\nHost: zqx",
        "https://hooks.example/ zqx",
        "https://hooks.exämple/",
        "https://[::1/",
        "//hooks.example/",
        "",
        "https://hooks.example/" + "a" * 2_000,
    ],
)
def test_a_url_of_another_form_is_refused_without_quoting_it(url):
    with pytest.raises(RefusedAddressError) as refused:
        check(url)
    assert "zqx" not in str(refused.value)


@pytest.mark.parametrize("address", [*INWARD, *NOWHERE])
def test_a_name_that_leads_inwards_is_refused(address):
    with pytest.raises(RefusedAddressError):
        check("https://hooks.example/", address)


@pytest.mark.parametrize("address", [*INWARD, *NOWHERE])
def test_one_inward_address_among_others_is_enough_to_refuse(address):
    with pytest.raises(RefusedAddressError):
        check("https://hooks.example/", PUBLIC, address)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "[fd00:ec2::254]"])
def test_an_inward_address_in_the_url_itself_is_refused(host):
    with pytest.raises(RefusedAddressError):
        Outbound(allow_private=False).check(f"https://{host}/")


@pytest.mark.parametrize("address", INWARD)
def test_an_operator_may_allow_private_addresses(address):
    check("https://hooks.internal/", address, allow_private=True)


@pytest.mark.parametrize("address", NOWHERE)
def test_no_operator_can_allow_the_addresses_of_cloud_metadata(address):
    with pytest.raises(RefusedAddressError):
        check("https://hooks.internal/", address, allow_private=True)


def test_without_tls_only_this_machine_is_told_and_only_if_the_operator_allows_it():
    check("http://localhost:8000/", "127.0.0.1", allow_private=True)
    check("http://localhost:8000/", "::1", allow_private=True)
    with pytest.raises(RefusedAddressError):
        check("http://hooks.internal/", "10.0.0.7", allow_private=True)
    with pytest.raises(RefusedAddressError):
        check("http://hooks.example/", PUBLIC, allow_private=True)


def test_a_name_without_an_address_is_refused():
    async def resolve(host, port):
        raise OSError("zqxhost is not known")

    with pytest.raises(RefusedAddressError) as refused:
        asyncio.run(Outbound(allow_private=False, resolve=resolve).check_resolved("https://zqxhost.example/"))
    assert "zqx" not in str(refused.value)


def test_a_name_that_leads_inwards_later_gains_nothing():
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def resolve(host, port):
        return next(answers)

    async def register_then_post():
        outbound = Outbound(allow_private=False, resolve=resolve)
        await outbound.check_resolved("https://rebind.example/")
        await outbound.post("https://rebind.example/", b"{}", {})

    with pytest.raises(RefusedAddressError):
        asyncio.run(register_then_post())


def test_the_connection_goes_to_the_address_that_was_checked_under_the_name_that_was_asked_for():
    """A name is resolved once for each request; nothing between check and connection asks again."""
    asked = []

    async def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    async def talk():
        heard = []

        async def answer(reader, writer):
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            outbound = Outbound(allow_private=True, resolve=resolve)
            status = await outbound.post(f"http://hooks.internal:{port}/a?b=c", b"{}", {"X-A": "1"})
        return status, heard[0], port

    status, heard, port = asyncio.run(talk())
    assert (status, asked) == (204, ["hooks.internal"])
    assert heard.startswith(b"POST /a?b=c HTTP/1.1\r\n")
    assert f"host: hooks.internal:{port}\r\n".encode() in heard.lower()


def test_a_host_that_is_not_there_is_no_answer():
    async def post():
        outbound = Outbound(allow_private=True, resolve=resolving("127.0.0.1"))
        await outbound.post("http://hooks.internal:1/zqx", b"{}", {})

    with pytest.raises(NoAnswerError) as told:
        asyncio.run(post())
    assert "zqx" not in str(told.value)


def certificate(name, folder):
    """Write a certificate for a name, signed by itself, and its key; return the two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert").write_bytes(signed.public_bytes(pem))
    (folder / "key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert", folder / "key"


@pytest.mark.parametrize(("name", "is_answered"), [("hooks.internal", True), ("other.internal", False)])
def test_the_certificate_must_be_that_of_the_name_not_of_the_address(tmp_path, name, is_answered):
    cert, key = certificate("hooks.internal", tmp_path)
    serves = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serves.load_cert_chain(cert, key)

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    async def post():
        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=serves)
        port = server.sockets[0].getsockname()[1]
        outbound = Outbound(
            allow_private=True, resolve=resolving("127.0.0.1"), tls=ssl.create_default_context(cafile=cert)
        )
        async with server:
            try:
                return await outbound.post(f"https://{name}:{port}/", b"{}", {})
            except NoAnswerError:
                return None

    assert asyncio.run(post()) == (204 if is_answered else None)


def test_a_name_server_that_does_not_answer_holds_up_nothing_but_who_asked(monkeypatch):
    answers = threading.Event()

    def silent(*_, **__):
        answers.wait()
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", silent)

    async def ask():
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        outbound = Outbound(allow_private=False)
        asked = [asyncio.create_task(outbound.check_resolved("https://slow.example")) for _ in range(3)]
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(asyncio.to_thread(lambda: "a report is read"), SECONDS)
        finally:
            answers.set()
            await asyncio.gather(*asked, return_exceptions=True)

    assert asyncio.run(ask()) == "a report is read"
