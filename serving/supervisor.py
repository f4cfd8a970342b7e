"""`bentoml serve`, whose supervisor takes orders from its own user alone.

BentoML 1.4 has its workers supervised by circus, which listens on two TCP ports of this machine for orders,
"run this command" among them, and asks nobody who they are: every account of the machine, that of the reverse
proxy for one, could act as the service and read its keys. Here it listens on sockets in a folder of its own.
"""

import shutil
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

from bentoml._internal.utils import circus
from bentoml_cli.cli import cli

CHECK_SECONDS = 10  # as BentoML has it: how often it is looked whether the workers live
KEEP_ALIVE_SECONDS = 75
"""How long a connection stays open without a request: longer than clients and proxies keep one they mean to
use again, or they would send a request just as it is closed, and get no answer."""


def main(arguments: Sequence[str]) -> None:
    """Run BentoML's command line; returns only by `SystemExit`."""
    circus.create_standalone_arbiter = _private_arbiter
    kept = ["--timeout-keep-alive", str(KEEP_ALIVE_SECONDS)]
    cli(["serve", *arguments, *kept], prog_name="scamscreen")


def _private_arbiter(watchers: list[Any], *, threaded: bool, **options: Any) -> Any:  # noqa: ANN401
    """Return a supervisor that can be reached through a folder that nobody else may enter.

    Raises:
        TypeError: it is to run in a thread, as BentoML has it for notebooks.
    """
    if threaded:
        raise TypeError("expected to be started by the command line")
    folder = tempfile.mkdtemp(prefix="scamscreen-")  # mode 0700
    arbiter = circus.Arbiter(
        watchers,
        endpoint=f"ipc://{folder}/orders",
        pubsub_endpoint=f"ipc://{folder}/events",
        check_delay=CHECK_SECONDS,
        **options,
    )
    arbiter.exit_stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return arbiter


if __name__ == "__main__":
    main(sys.argv[1:])
