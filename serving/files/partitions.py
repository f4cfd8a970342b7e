"""A bulk job cut into partitions: what has been written of it, and what is left.

Rows of all inputs are one stream, cut in order; partition 3 becomes `part-00003.jsonl`. The parts one after
the other are what the local engine writes. Beside them stand `_job.json` (what is done to what: another job
cannot go on in this folder), `_finished.jsonl` (a line for each whole part) and, at the end, `_summary.json`.
Readers of partitioned data leave out names that start with an underscore.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO, TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import Literal

from models.errors import InputError
from models.screening import OperatingPoint
from serving.files.row import Row, Source
from serving.files.screen import CHUNK_ROWS, ScreenedRow, Writer, chunks, rows_of
from serving.files.write_jsonl import JsonlWriter
from serving.files.write_parquet import ParquetWriter

PartFormat = Literal["parquet", "jsonl"]
PART_FORMATS: tuple[PartFormat, ...] = ("parquet", "jsonl")
PARTITION_ROWS = 4 * CHUNK_ROWS
JOB, FINISHED, SUMMARY = "_job.json", "_finished.jsonl", "_summary.json"


@dataclass(frozen=True, slots=True)
class InputFile:
    """An input as it was when the job began."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Job:
    """All that decides what stands in the parts.

    Attributes:
        inputs: in the order they are read.
        columns: names of the inputs' own columns.
        text_column: as asked for, or None.
        encoding: as asked for, or None.
        language: as asked for, or None.
        operating_point: which thresholds raise a flag.
        model_sha256: of the artefact.
        cascade: whether the model's gate answers for the clearly benign.
        partition_rows: least rows of a partition but the last.
        format: of the parts.
        program: version of ScamScreen.
    """

    inputs: tuple[InputFile, ...]
    columns: tuple[str, ...]
    text_column: str | None
    encoding: str | None
    language: str | None
    operating_point: OperatingPoint
    model_sha256: str
    cascade: bool
    partition_rows: int
    format: PartFormat
    program: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A whole part: how many bytes its file has, and how its rows are counted (`screen.tally_of`)."""

    bytes: int
    tally: Counter[str]


def input_file(name: str) -> InputFile:
    """Return what tells an input from another of the same name."""
    with Path(name).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return InputFile(name, Path(name).stat().st_size, digest)


def partitions(
    sources: Sequence[Source], partition_rows: int, *, without: Collection[int] = ()
) -> Iterator[tuple[int, list[list[Row]]]]:
    """Yield the numbers and rows of the partitions that are left, in one pass over the sources.

    A partition is whole chunks of the local engine, which have a bound in characters too.

    Args:
        sources: inputs.
        partition_rows: a partition has as many chunks as hold so many rows.
        without: numbers of partitions that are read over.

    Yields:
        The number of a partition, and its rows in chunks.
    """
    rows = chain.from_iterable(source.rows() for source in sources)
    for number, partition in enumerate(_grouped(chunks(rows), partition_rows)):
        if number not in without:
            yield number, partition


def _grouped(rows: Iterable[list[Row]], partition_rows: int) -> Iterator[list[list[Row]]]:
    partition: list[list[Row]] = []
    for chunk in rows:
        partition.append(chunk)
        if len(partition) * CHUNK_ROWS >= partition_rows:
            yield partition
            partition = []
    if partition:
        yield partition


def part_content(
    screened: Iterable[Sequence[ScreenedRow]], columns: Sequence[str], part_format: PartFormat
) -> bytes:
    """Return the content of a part's file, as the local engine would write its rows."""
    content = BytesIO()
    text = TextIOWrapper(content, encoding="utf-8", newline="\n", write_through=True)
    writer: Writer = (
        JsonlWriter(text, closes=False) if part_format == "jsonl" else ParquetWriter(content, columns)
    )
    for rows in screened:
        writer.write(rows)
    writer.close()
    return content.getvalue()


class PartFolder:
    """The folder of a job's parts. A part takes its name when it is whole, so that a kill leaves no half."""

    def __init__(self, folder: Path, job: Job) -> None:
        """Begin a job in a new or empty folder, or go on with it.

        Raises:
            InputError: the folder holds another job, or files of none.
        """
        self._folder = folder
        self._format = job.format
        folder.mkdir(exist_ok=True)
        _begin(folder, job)
        self.finished = {
            number: part
            for number, part in _read_finished(folder / FINISHED).items()
            if _size(self.path(number)) == part.bytes
        }

    @property
    def tally(self) -> Counter[str]:
        """How the rows of the finished parts are counted."""
        return sum((part.tally for part in self.finished.values()), Counter())

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        summary = self._folder / SUMMARY
        return summary.exists() and json.loads(summary.read_bytes())["parts"] == len(self.finished)

    def path(self, number: int) -> Path:
        """Return where a part is."""
        return self._folder / f"part-{number:05}.{self._format}"

    def add(self, number: int, content: bytes, tally: Counter[str]) -> None:
        """Write a part and note that it is whole."""
        _write_whole(self.path(number), content)
        noted = json.dumps({"part": number, "bytes": len(content), "tally": tally})
        with (self._folder / FINISHED).open("a", encoding="utf-8") as file:
            file.write(f"\n{noted}")  # not after a line that a kill broke off
            file.flush()
            os.fsync(file.fileno())
        self.finished[number] = Finished(len(content), tally)

    def close(self) -> None:
        """Note that the parts are all there are."""
        summary = {"parts": len(self.finished), "rows": rows_of(self.tally), "tally": self.tally}
        _write_whole(self._folder / SUMMARY, json.dumps(summary, indent=2).encode())


def _begin(folder: Path, job: Job) -> None:
    path = folder / JOB
    wanted = json.loads(json.dumps(asdict(job)))
    if not path.exists():
        if any(folder.iterdir()):
            raise InputError(f"{folder} holds files of no job: expected a new folder, or one to go on with")
        _write_whole(path, json.dumps(wanted, ensure_ascii=False, indent=2).encode())
        return
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        raise InputError(f"{path} is damaged: name another folder") from error
    if differing := [key for key in wanted if found.get(key) != wanted[key]]:
        raise InputError(f"{folder} holds another job ({', '.join(differing)} differ): name another folder")


def _read_finished(path: Path) -> dict[int, Finished]:
    """Return the parts noted; a line that was broken off by a kill notes none."""
    if not path.exists():
        return {}
    finished = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            noted = json.loads(line)
        except ValueError:
            continue
        finished[noted["part"]] = Finished(noted["bytes"], Counter(noted["tally"]))
    return finished


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.exists() else None


def _write_whole(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # or a power cut leaves an empty file under the name of a whole one
    partial.replace(path)
