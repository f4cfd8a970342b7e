"""The command `scamscreen screen`."""

import argparse
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
from rich.text import Text

import models
from models.errors import InputError
from models.gate import NO_GATE
from models.screening import DISCLAIMER_EN, OPERATING_POINTS
from serving.commands import ray_job
from serving.commands.command import DONE, Commands, UsageError
from serving.commands.inputs import add_inputs, check_inputs, check_target, opened_sources
from serving.commands.table import TableWriter
from serving.files import writing
from serving.files.inputs import expanded
from serving.files.reading import STDIN
from serving.files.row import Source
from serving.files.screen import Writer, screen_sources, summary
from serving.files.write_jsonl import JsonlWriter
from serving.files.writing import Both, open_output, open_page, partial_path
from serving.settings import read_cache_bytes
from serving.terminal import say

PAGE_SUFFIXES = (".html", ".htm")


def add_screen_command(commands: Commands) -> None:
    """Add the command to those of `scamscreen`; what it does is `options.command`."""
    screen = commands.add_parser("screen", help="screen the texts in files", epilog=DISCLAIMER_EN)
    screen.set_defaults(command=screen_command)
    add_inputs(screen)
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


def screen_command(options: argparse.Namespace) -> int:
    """Screen the files named and write their records."""
    started = time.monotonic()
    warnings.filterwarnings("ignore", module="openpyxl")  # it warns of styles and dates we do not use
    options.files = expanded(options.files, say)
    check_inputs(options.files)
    _check_engine(options)
    if options.engine == "ray":
        with opened_sources(options, absolute=True) as sources:
            tally = ray_job.run(options, sources, _progress(sources, shown=sys.stderr.isatty()))
        say(summary(tally, time.monotonic() - started, cascade=options.cascade))
        say(DISCLAIMER_EN)
        return DONE
    check_target("--output", options.output, options.files, writing.SUFFIXES)
    check_target("--html", options.html, options.files, PAGE_SUFFIXES)
    to_table = options.output is None and options.html is None and sys.stdout.isatty()
    with opened_sources(options) as sources:
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
