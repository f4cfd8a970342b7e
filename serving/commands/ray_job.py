"""`scamscreen screen --engine ray`: its options, and the job they describe, begun or gone on with."""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path

from models.artifact import load_artifact
from models.errors import InputError
from models.gate import NO_GATE
from serving.files.partitions import PART_FORMATS, PARTITION_ROWS, Job, PartFolder, input_file
from serving.files.row import Source
from serving.files.screen import CHUNK_ROWS, rows_of
from serving.settings import read_cache_bytes
from serving.version import program_version

OPTIONS = ("address", "workers", "partition_rows", "format")


def add_options(screen: argparse.ArgumentParser) -> None:
    """Add what screens on several machines; None where an option is not given."""
    ray = screen.add_argument_group("several machines")
    ray.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="ray needs the extra of that name"
    )
    ray.add_argument(
        "--address",
        metavar="HOST:PORT",
        help="of the Ray cluster this machine is in (default: starts its own)",
    )
    ray.add_argument("--workers", type=_count, metavar="N", help="at most so many (default: all processors)")
    ray.add_argument(
        "--partition-rows",
        type=_count,
        metavar="N",
        help=f"rows of a part, in steps of {CHUNK_ROWS:,} (default: {PARTITION_ROWS:,})",
    )
    ray.add_argument("--format", choices=PART_FORMATS, help=f"of the parts (default: {PART_FORMATS[0]})")


def run(
    options: argparse.Namespace,
    sources: Sequence[Source],
    progress: AbstractContextManager[Callable[[int], None]],
) -> Counter[str]:
    """Do what is left of the job, and return how its rows are counted.

    Args:
        options: of the command.
        sources: its inputs, by absolute paths.
        progress: shows how many rows are done.

    Raises:
        InputError: the folder cannot be used, the cluster cannot be reached, or an input is damaged.
        ArtifactError: the model cannot be used.
        KeyboardInterrupt: with a message; the parts that are whole stay.
    """
    from serving.files.ray_engine import connected, screen_on_ray  # the extra `ray`

    _check_folder(options.output, options.files)
    job = _job(options, sources)
    folder = PartFolder(options.output, job)
    if folder.is_complete:
        return folder.tally
    try:
        with connected(options.address, options.workers), progress as advance:
            advance(rows_of(folder.tally))
            artifact = options.artifact.resolve()
            screen_on_ray(
                sources,
                job,
                folder,
                artifact,
                workers=options.workers,
                cache_bytes=read_cache_bytes(),
                after_part=advance,
            )
    except KeyboardInterrupt as interrupt:
        message = f"interrupted with {len(folder.finished):,} parts whole: the same command goes on"
        raise KeyboardInterrupt(message) from interrupt
    return folder.tally


def _job(options: argparse.Namespace, sources: Sequence[Source]) -> Job:
    artifact = load_artifact(options.artifact)
    if options.cascade and artifact.gate is None:
        raise InputError(f"--cascade: {NO_GATE}")
    return Job(
        inputs=tuple(map(input_file, options.files)),
        columns=tuple(dict.fromkeys(chain.from_iterable(source.columns for source in sources))),
        text_column=options.text_column,
        encoding=options.encoding,
        language=options.language,
        operating_point=options.operating_point,
        model_sha256=artifact.info.sha256,
        cascade=options.cascade,
        partition_rows=options.partition_rows or PARTITION_ROWS,
        format=options.format or PART_FORMATS[0],
        program=program_version(),
    )


def _check_folder(folder: Path, files: Sequence[str]) -> None:
    """Check that a folder can be made or gone on with, and that no input is in it."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--output {folder} is a file: with --engine ray it is a folder")
    if not folder.resolve().parent.is_dir():
        raise InputError(f"--output {folder} cannot be made: expected a folder name in a folder that exists")
    if any(Path(file).resolve().parent == folder.resolve() for file in files):
        raise InputError(f"--output {folder} holds an input: name another folder")


def _count(number: str) -> int:
    if not number.isdecimal() or int(number) < 1:
        raise argparse.ArgumentTypeError("expected a number of 1 or more")
    return int(number)
