"""nginx and Caddy with the configurations of `deploy`, in front of a service, on ports of this machine."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.test_serving.conftest import ROOT, free_port

NAME = "scamscreen.example"
SECONDS = 30
PROXIES = ("nginx", "caddy")
_MAIN_OF_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/main-error.log;
events {{}}
http {{
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """A running proxy."""

    port: int
    folder: Path

    def client(self, address: str = "127.0.0.1", key: str = "") -> httpx.Client:
        """Return a client with an address of its own, that trusts the proxy's certificate alone."""
        trusted = ssl.create_default_context(cafile=self.folder / "cert.pem")
        return httpx.Client(
            base_url=f"https://{NAME}:{self.port}",
            transport=_Reaching(self.port, address, trusted),
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=SECONDS,
        )

    def logged(self) -> bytes:
        """Return everything that the proxy has written anywhere."""
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


class _Reaching(httpx.HTTPTransport):
    """Reaches a name on this machine, from an address of this machine."""

    def __init__(self, port: int, address: str, trusted: ssl.SSLContext) -> None:
        super().__init__(verify=trusted, local_address=address)
        self._port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = NAME
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return super().handle_request(request)


@contextmanager
def running_proxy(name: str, folder: Path, service_port: int) -> Iterator[Proxy]:
    """Run a proxy in front of a service, or of nothing, until it is left."""
    folder.mkdir()
    port = free_port()
    write_certificate(folder)
    start = {"nginx": _nginx, "caddy": _caddy}[name]
    command, environment = start(folder, port, service_port)
    with (folder / "written").open("wb") as written:
        process = subprocess.Popen(
            command, env=environment, stdout=written, stderr=written, start_new_session=True
        )
    try:
        _wait_for(port, process, folder)
        for temporary in ("bodies", "answers"):  # whatever it would put there fails
            if (folder / temporary).is_dir():
                (folder / temporary).chmod(0)
        yield Proxy(port, folder)
    finally:
        process.terminate()
        process.wait(SECONDS)
        for temporary in ("bodies", "answers"):
            if (folder / temporary).is_dir():
                (folder / temporary).chmod(0o700)


def _nginx(folder: Path, port: int, service_port: int) -> tuple[list[str], Mapping[str, str]]:
    site = _changed(
        (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8"),
        {
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "    listen [::]:443 ssl;\n": "",
            "127.0.0.1:3000": f"127.0.0.1:{service_port}",
            "/etc/scamscreen/tls/fullchain.pem": f"{folder}/cert.pem",
            "/etc/scamscreen/tls/privkey.pem": f"{folder}/key.pem",
            "/var/log/nginx/scamscreen.log": f"{folder}/access.log",
            "/var/log/nginx/scamscreen-error.log": f"{folder}/error.log",
        },
    )
    (folder / "site.conf").write_text(site, encoding="utf-8")
    (folder / "main.conf").write_text(_MAIN_OF_NGINX.format(folder=folder), encoding="utf-8")
    return [_found("nginx"), "-c", str(folder / "main.conf"), "-e", str(folder / "early.log")], {}


def _caddy(folder: Path, port: int, service_port: int) -> tuple[list[str], Mapping[str, str]]:
    tls = "tls /etc/scamscreen/tls/fullchain.pem /etc/scamscreen/tls/privkey.pem"
    site = _changed(
        (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8"),
        {
            f"\n{NAME} {{": f"\n{NAME}:{port} {{\n\tbind 127.0.0.1",
            f"# {tls}": f"tls {folder}/cert.pem {folder}/key.pem",
            "127.0.0.1:3000": f"127.0.0.1:{service_port}",
        },
    )
    (folder / "Caddyfile").write_text(site, encoding="utf-8")
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    return [_found("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"], home


def _found(program: str) -> str:
    found = shutil.which(program)
    assert found, f"{program} is not installed: apt-get install {program}"
    return found


def _changed(configuration: str, changes: Mapping[str, str]) -> str:
    """Return a configuration for this machine; only what an operator changes as well is another."""
    for old, new in changes.items():
        assert configuration.count(old) == 1, f"{old!r} is not there once"
        configuration = configuration.replace(old, new)
    return configuration


def write_certificate(folder: Path) -> None:
    """Write a certificate that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "written").read_text(errors="replace")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"no proxy within {SECONDS} seconds")
