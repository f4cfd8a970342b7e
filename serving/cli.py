"""The command `scamscreen`: screen and redact files, start the service, say who may use it.

Exit codes: 0 done, 1 an expected error told in one line, 2 wrong usage, 130 interrupted.
"""

import argparse
import io
import json
import os
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from socket import AF_INET, AF_INET6
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
from rich.text import Text

import models
from models.artifact import DEFAULT_ARTIFACT
from models.errors import InputError, ScamScreenError
from models.gate import NO_GATE
from models.language import known_tag
from models.redaction import DEFAULT_TYPES, REDACTION_STYLES, Redactor
from models.screening import DISCLAIMER_EN, OPERATING_POINTS
from models.taxonomy import ENTITY_TYPES, taxonomy_document
from serving.commands import access_options, ray_job
from serving.commands.custody import add_custody_commands
from serving.commands.labels import add_label_commands
from serving.commands.standard_error import say
from serving.commands.store import add_store_commands
from serving.commands.table import TableWriter
from serving.files import reading, redact, writing
from serving.files.inputs import expanded
from serving.files.reading import STDIN, ReadOptions, open_source, open_spool, spooled
from serving.files.row import Source
from serving.files.screen import Writer, screen_sources, summary
from serving.files.values import whole_characters
from serving.files.write_jsonl import JsonlWriter
from serving.files.writing import Both, open_output, open_page, partial_path
from serving.settings import read_cache_bytes, read_secret
from serving.version import program_version

DONE, EXPECTED_ERROR, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
SERVICE = "serving.service:ScamScreen"
PAGE_SUFFIXES = (".html", ".htm")
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


class UsageError(ScamScreenError):
    """The command was given arguments it cannot follow."""


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


def screen_command(options: argparse.Namespace) -> int:
    """Screen the files named and write their records."""
    started = time.monotonic()
    warnings.filterwarnings("ignore", module="openpyxl")  # it warns of styles and dates we do not use
    options.files = expanded(options.files, say)
    _check_inputs(options.files)
    _check_engine(options)
    if options.engine == "ray":
        with _opened_sources(options, absolute=True) as sources:
            tally = ray_job.run(options, sources, _progress(sources, shown=sys.stderr.isatty()))
        say(summary(tally, time.monotonic() - started, cascade=options.cascade))
        say(DISCLAIMER_EN)
        return DONE
    _check_target("--output", options.output, options.files, writing.SUFFIXES)
    _check_target("--html", options.html, options.files, PAGE_SUFFIXES)
    to_table = options.output is None and options.html is None and sys.stdout.isatty()
    with _opened_sources(options) as sources:
        screener = models.load_screener(options.artifact, cache_bytes=read_cache_bytes())
        if options.cascade and screener.artifact.gate is None:
            raise InputError(f"--cascade: {NO_GATE}")
        with (
            _writers(options, sources, to_table=to_table) as writer,
            _progress(sources, shown=sys.stderr.isatty() and not to_table) as advance,
            _stop_request() as is_stop_requested,
        ):

            def after_chunk(n_rows: int) -> None:
                advance(n_rows)
                if is_stop_requested():
                    raise KeyboardInterrupt(f"interrupted{_where_partial(options.output)}")

            try:
                tally = screen_sources(
                    sources,
                    screener,
                    writer,
                    options.operating_point,
                    cascade=options.cascade,
                    after_chunk=after_chunk,
                )
            except InputError as error:  # an input turned out to be damaged further down
                raise InputError(f"{error}{_where_partial(options.output)}") from error
    say(summary(tally, time.monotonic() - started, cascade=options.cascade))
    if not to_table:
        say(DISCLAIMER_EN)
    return DONE


def redact_command(options: argparse.Namespace) -> int:
    """Write the texts of the files named without what identifies people."""
    options.files = expanded(options.files, say)
    _check_inputs(options.files)
    _check_target("--output", options.output, options.files, redact.SUFFIXES)
    key = read_secret(options.key_file, "--key-file") if options.key_file else None
    redactor = Redactor(options.types, options.style, key=key)
    screener = models.load_screener(options.artifact)
    if unread := sorted(screener.unread_types & {*options.types}):
        say(f"this model does not find {', '.join(unread)}: they stay in the texts")
    with _opened_sources(options) as sources, redact.opened(options.output, sys.stdout) as writer:
        count = redact.redact_sources(sources, screener, redactor, writer)
    say(f"{count:,} texts; other columns are left out, since they may name people. Read them before sending.")
    return DONE


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


def taxonomy_command(_: argparse.Namespace) -> int:
    """Print the taxonomy as JSON."""
    sys.stdout.write(json.dumps(taxonomy_document(), ensure_ascii=False, indent=2) + "\n")
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scamscreen",
        description="Screens texts for signs of scams and trafficking recruitment.",
        epilog=DISCLAIMER_EN,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {program_version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    screen = commands.add_parser("screen", help="screen the texts in files", epilog=DISCLAIMER_EN)
    screen.set_defaults(command=screen_command)
    _add_inputs(screen)
    screen.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help=f"where to write: {', '.join(writing.SUFFIXES)} (default: a table on a terminal, else JSONL); "
        "with --engine ray a folder",
    )
    screen.add_argument(
        "--operating-point",
        choices=OPERATING_POINTS,
        default="balanced",
        help="thresholds: at most 5 %%, 1 %% or 0.2 %% of harmless texts flagged (default: balanced)",
    )
    screen.add_argument(
        "--html", type=Path, metavar="FILE", help="write a page to look at: the worst first, in colour"
    )

    screen.add_argument(
        "--cascade",
        action="store_true",
        help="faster: a small model answers for the clearly harmless; not for reports of people",
    )
    ray_job.add_options(screen)

    redacted = commands.add_parser(
        "redact", help="take names, numbers and accounts out of the texts in files", epilog=DISCLAIMER_EN
    )
    redacted.set_defaults(command=redact_command)
    _add_inputs(redacted)
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

    serve = commands.add_parser("serve", help="start the HTTP service")
    serve.set_defaults(command=serve_command)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=3000)
    serve.add_argument("--open", action="store_true", help="no keys; for this machine only")

    access_options.add_to(commands)

    taxonomy = commands.add_parser(
        "taxonomy", help="print the labels, roles, indicators and entity types as JSON"
    )
    taxonomy.set_defaults(command=taxonomy_command)
    add_store_commands(commands)
    add_custody_commands(commands)
    add_label_commands(commands)
    return parser


def _add_inputs(command: argparse.ArgumentParser) -> None:
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


def _entity_types(names: str) -> tuple[str, ...]:
    types = tuple(name.strip().upper() for name in names.split(",") if name.strip())
    if not types or not set(types) <= set(ENTITY_TYPES):
        raise argparse.ArgumentTypeError(f"expected entity types of {', '.join(ENTITY_TYPES)}")
    return types


def _check_inputs(files: Sequence[str]) -> None:
    if files.count(STDIN) > 1:
        raise UsageError("the standard input (-) can be read once only")
    for path in _paths(files):
        if path.suffix.lower() not in reading.SUFFIXES:
            raise UsageError(f"{path} has an unknown suffix: expected one of {', '.join(reading.SUFFIXES)}")


def _check_engine(options: argparse.Namespace) -> None:
    """Check that the options given belong to the engine, and that it is installed."""
    if options.engine == "local":
        if any(getattr(options, name) is not None for name in ray_job.OPTIONS):
            raise UsageError("--address, --workers, --partition-rows and --format belong to --engine ray")
        return
    if find_spec("ray") is None:
        raise UsageError("--engine ray needs Ray: pip install 'scamscreen[ray]'")
    if options.output is None or options.html is not None or STDIN in options.files:
        raise UsageError("--engine ray reads files and folders into the folder --output, and writes no page")


def _check_target(option: str, target: Path | None, files: Sequence[str], suffixes: Sequence[str]) -> None:
    """Check that a file can be written, and is none of those that are read."""
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


def _paths(files: Sequence[str]) -> list[Path]:
    return [Path(file) for file in files if file != STDIN]


@contextmanager
def _opened_sources(options: argparse.Namespace, *, absolute: bool = False) -> Iterator[list[Source]]:
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


@contextmanager
def _writers(options: argparse.Namespace, sources: Sequence[Source], *, to_table: bool) -> Iterator[Writer]:
    """Open what the records go to: a file or the standard output, a page, or a file and a page."""
    with ExitStack() as stack:
        page = stack.enter_context(open_page(options.html)) if options.html else None
        if page and options.output is None:
            yield page
            return
        writer = stack.enter_context(_writer(options.output, sources, to_table=to_table))
        yield Both(writer, page) if page else writer


def _writer(
    output: Path | None, sources: Sequence[Source], *, to_table: bool
) -> AbstractContextManager[Writer]:
    if output is not None:
        columns = dict.fromkeys(chain.from_iterable(source.columns for source in sources))
        return open_output(output, tuple(columns))
    if to_table:
        return closing(TableWriter(Console()))
    return closing(JsonlWriter(sys.stdout, closes=False))


@contextmanager
def _progress(sources: Sequence[Source], *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on the standard error; yields what moves it on by a number of rows."""
    totals = [source.total for source in sources]
    total = None if None in totals else sum(total or 0 for total in totals)
    columns = (BarColumn(), MofNCompleteColumn(), _RowsPerSecond(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as progress:
        task = progress.add_task("screening", total=total)
        yield lambda n_rows: progress.advance(task, n_rows)


class _RowsPerSecond(ProgressColumn):
    """Rows screened a second."""

    def render(self, task: Task) -> Text:
        """Return the speed of a task."""
        return Text(f"{task.speed:,.0f} rows/s" if task.speed else "")


@contextmanager
def _stop_request() -> Iterator[Callable[[], bool]]:
    """Let the first Ctrl-C (or SIGTERM) only ask, so that no row is half written; a second one stops."""
    requested = False

    def request(_: int, __: FrameType | None) -> None:
        nonlocal requested
        if requested:
            raise KeyboardInterrupt
        requested = True
        say("stopping after these rows")

    previous = {number: signal.signal(number, request) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: requested
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _where_partial(output: Path | None) -> str:
    return f"; the rows done so far are in {partial_path(output)}" if output else ""


if __name__ == "__main__":
    sys.exit(main())
