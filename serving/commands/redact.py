"""The command `scamscreen redact`."""

import argparse
import sys
from pathlib import Path

import models
from models.redaction import DEFAULT_TYPES, REDACTION_STYLES, Redactor
from models.screening import DISCLAIMER_EN
from models.taxonomy import ENTITY_TYPES
from serving.commands.command import DONE, Commands
from serving.commands.inputs import add_inputs, check_inputs, check_target, opened_sources
from serving.files import redact
from serving.files.inputs import expanded
from serving.settings import read_secret
from serving.terminal import say


def add_redact_command(commands: Commands) -> None:
    """Add the command to those of `scamscreen`; what it does is `options.command`."""
    redacted = commands.add_parser(
        "redact", help="take names, numbers and accounts out of the texts in files", epilog=DISCLAIMER_EN
    )
    redacted.set_defaults(command=redact_command)
    add_inputs(redacted)
    redacted.add_argument(
        "--types",
        type=_entity_types,
        default=DEFAULT_TYPES,
        metavar="TYPE,TYPE",
        help=f"what to take out, of {', '.join(ENTITY_TYPES)} (default: {','.join(DEFAULT_TYPES)})",
    )
    redacted.add_argument(
        "--style",
        choices=REDACTION_STYLES,
        default="placeholder",
        help="[PHONE_1], ••••, or [PHONE:9f86d081884c7d65], the same in every text (default: placeholder)",
    )
    redacted.add_argument(
        "--key-file", type=Path, metavar="FILE", help="holds the secret of the tokens, 16 bytes or more"
    )
    redacted.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help=f"where to write: {', '.join(redact.SUFFIXES)} (default: JSONL to the standard output)",
    )


def redact_command(options: argparse.Namespace) -> int:
    """Write the texts of the files named without what identifies people."""
    options.files = expanded(options.files, say)
    check_inputs(options.files)
    check_target("--output", options.output, options.files, redact.SUFFIXES)
    key = read_secret(options.key_file, "--key-file") if options.key_file else None
    redactor = Redactor(options.types, options.style, key=key)
    screener = models.load_screener(options.artifact)
    if unread := sorted(screener.unread_types & {*options.types}):
        say(f"this model does not find {', '.join(unread)}: they stay in the texts")
    with opened_sources(options) as sources, redact.opened(options.output, sys.stdout) as writer:
        count = redact.redact_sources(sources, screener, redactor, writer)
    say(f"{count:,} texts; other columns are left out, since they may name people. Read them before sending.")
    return DONE


def _entity_types(names: str) -> tuple[str, ...]:
    types = tuple(name.strip().upper() for name in names.split(",") if name.strip())
    if not types or not set(types) <= set(ENTITY_TYPES):
        raise argparse.ArgumentTypeError(f"expected entity types of {', '.join(ENTITY_TYPES)}")
    return types
