"""The command `scamscreen serve`."""

import argparse
import os
import socket
import sys
from socket import AF_INET, AF_INET6
from typing import Final

from models.errors import InputError
from serving.commands.command import Commands, UsageError

SERVICE: Final = "serving.service:ScamScreen"
LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "::1")


def add_serve_command(commands: Commands) -> None:
    """Add the command to those of `scamscreen`; what it does is `options.command`."""
    serve = commands.add_parser("serve", help="start the HTTP service")
    serve.set_defaults(command=serve_command)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=3000)
    serve.add_argument("--open", action="store_true", help="no keys; for this machine only")


def serve_command(options: argparse.Namespace) -> int:
    """Become the BentoML service; returns only if that fails."""
    environment = {"BENTOML_DO_NOT_TRACK": "True", **os.environ}
    if options.open:
        if options.host not in LOOPBACK_HOSTS:
            raise UsageError(
                f"--open answers anybody who can connect: use it with --host {LOOPBACK_HOSTS[0]} only"
            )
        environment["SCAMSCREEN_OPEN"] = "1"
    _check_port(options.host, options.port)
    environment.setdefault("SCAMSCREEN_CONSOLE_URL", f"http://{options.host}:{options.port}")
    bentoml = [
        sys.executable,
        "-m",
        "serving.supervisor",
        SERVICE,
        "--host",
        options.host,
        "--port",
        str(options.port),
    ]
    os.execve(sys.executable, bentoml, environment)  # noqa: S606 (no shell, arguments checked)


def _check_port(host: str, port: int) -> None:
    """Find out whether the service could listen there: BentoML would fail with a page of its own lines."""
    try:
        socket.create_server((host, port), family=AF_INET6 if ":" in host else AF_INET).close()
    except (OSError, OverflowError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "no such port"
        raise InputError(
            f"cannot listen on port {port} of {host} ({why}): end what has it, or name another with --port"
        ) from error
