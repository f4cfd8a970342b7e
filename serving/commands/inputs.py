"""The inputs of `scamscreen screen` and `redact`: their options, what is checked, and what is read."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from models.artifact import DEFAULT_ARTIFACT
from models.errors import InputError
from models.language_tag import known_tag
from serving.commands.command import UsageError
from serving.files import reading
from serving.files.reading import STDIN, ReadOptions, open_source, open_spool, spooled
from serving.files.row import Source
from serving.files.values import whole_characters
from serving.files.writing import partial_path
from serving.terminal import say


def add_inputs(command: argparse.ArgumentParser) -> None:
    """Add what says which texts are read, how, and with which model."""
    command.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=f"{', '.join(reading.SUFFIXES)}, a folder of them, or - for the standard input: lines or JSONL",
    )
    command.add_argument(
        "--text-column", metavar="NAME", help="column to read (default: the one named like a text)"
    )
    command.add_argument(
        "--artifact", type=Path, default=DEFAULT_ARTIFACT, metavar="DIR", help="model to use"
    )
    command.add_argument(
        "--language", type=_language, metavar="TAG", help="language of the texts, if known: th, my, zh"
    )
    command.add_argument(
        "--encoding", type=_encoding, metavar="NAME", help="of text files (default: UTF-8, or detected)"
    )


def check_inputs(files: Sequence[str]) -> None:
    """Check that all inputs can be read, by their names.

    Raises:
        UsageError: one cannot.
    """
    if files.count(STDIN) > 1:
        raise UsageError("the standard input (-) can be read once only")
    for path in _paths(files):
        if path.suffix.lower() not in reading.SUFFIXES:
            raise UsageError(f"{path} has an unknown suffix: expected one of {', '.join(reading.SUFFIXES)}")


def check_target(option: str, target: Path | None, files: Sequence[str], suffixes: Sequence[str]) -> None:
    """Check that a file can be written, and is none of those that are read.

    Args:
        option: that names it.
        target: the file; None: there is none to check.
        files: that are read.
        suffixes: that its name may have.

    Raises:
        UsageError: its name cannot be meant.
        InputError: its folder is not there, or it is a folder.
    """
    if target is None:
        return
    if target.suffix.lower() not in suffixes:
        raise UsageError(f"{option} {target} has an unknown suffix: expected one of {', '.join(suffixes)}")
    written = {target.resolve(), partial_path(target).resolve()}
    for path in _paths(files):
        if path.resolve() in written or (target.exists() and path.exists() and target.samefile(path)):
            raise UsageError(f"{option} {target} is an input as well: name another file")
    if target.is_dir() or not target.resolve().parent.is_dir():
        raise InputError(f"{option} {target} cannot be written: expected a file name in a folder that exists")


@contextmanager
def opened_sources(options: argparse.Namespace, *, absolute: bool = False) -> Iterator[list[Source]]:
    """Look at all inputs before any is screened, and tell what was guessed about them.

    Args:
        options: of the command.
        absolute: whether the sources can be read by a process in another folder.
    """
    read_options = ReadOptions(options.text_column, options.encoding, options.language)
    sources = []
    with ExitStack() as stack:
        for file in options.files:
            id_prefix = whole_characters(f"{file}:") if len(options.files) > 1 else ""
            if file == STDIN:
                spool = stack.enter_context(spooled(sys.stdin.buffer))
                source = open_spool(spool, read_options, id_prefix=id_prefix)
            else:
                path = Path(file).absolute() if absolute else Path(file)
                source = open_source(path, read_options, id_prefix=id_prefix)
            if source.note:
                say(source.note)
            sources.append(source)
        yield sources


def _paths(files: Sequence[str]) -> list[Path]:
    return [Path(file) for file in files if file != STDIN]


def _language(tag: str) -> str:
    primary = known_tag(tag)
    if primary is None:
        raise argparse.ArgumentTypeError("expected a BCP-47 tag such as th or zh-Hant")
    return primary


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError as error:
        raise argparse.ArgumentTypeError(
            f"{name!r} is not a text encoding Python knows, such as cp874"
        ) from error
    return name
