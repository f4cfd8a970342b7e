"""The command `scamscreen`: screen and redact files, start the service, say who may use it.

Exit codes: 0 done, 1 an expected error told in one line, 2 wrong usage, 130 interrupted.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence

from models.errors import ScamScreenError
from models.screening import DISCLAIMER_EN
from serving.commands.access_options import add_access_commands
from serving.commands.backup import add_backup_commands
from serving.commands.command import EXPECTED_ERROR, INTERRUPTED, WRONG_USAGE, UsageError
from serving.commands.custody import add_custody_commands
from serving.commands.demo import add_demo_command
from serving.commands.export_labels import add_label_commands
from serving.commands.model import add_model_commands
from serving.commands.redact import add_redact_command
from serving.commands.screen import add_screen_command
from serving.commands.serve import add_serve_command
from serving.commands.taxonomy import add_taxonomy_command
from serving.terminal import say
from serving.version import program_version


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # whatever the locale: records are UTF-8
    try:
        code: int = options.command(options)
    except UsageError as error:
        say(str(error))
        return WRONG_USAGE
    except ScamScreenError as error:
        say(str(error))
        return EXPECTED_ERROR
    except BrokenPipeError:
        # Whoever read our output has gone; without this Python would complain again on its last flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXPECTED_ERROR
    except OSError as error:
        say(f"{error.filename or 'input or output'}: {error.strerror or type(error).__name__}")
        return EXPECTED_ERROR
    except KeyboardInterrupt as interrupt:
        say(str(interrupt) or "interrupted")
        return INTERRUPTED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scamscreen",
        description="Screens texts for signs of scams and trafficking recruitment.",
        epilog=DISCLAIMER_EN,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {program_version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add_screen_command(commands)
    add_redact_command(commands)
    add_serve_command(commands)
    add_access_commands(commands)
    add_taxonomy_command(commands)
    add_backup_commands(commands)
    add_custody_commands(commands)
    add_label_commands(commands)
    add_model_commands(commands)
    add_demo_command(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
