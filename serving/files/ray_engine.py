"""The bulk job on Ray Data: one task reads, as many as there are processors screen, this process writes.

    read (this machine, one pass) -> partitions of rows -> screen (any machine) -> contents of parts -> write

Only this process touches the output folder, so every part is written once whatever is killed and done again,
and workers need neither the inputs nor the outputs on a disk of their own. They need this version of
ScamScreen, and the model at the same path. What goes over the network is the texts and the records: some 5 kB
a row.

Screening is a Ray task, not an actor: when a machine is lost, Ray gives its tasks to the others, where an
actor's would wait for the machine to come back. A worker process keeps its screener from task to task. Rows
that wait are in Ray's object store (shared memory, spilled to disk under pressure). Nothing here logs a text.
"""

import json
import logging
import os
import pickle
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pyarrow as pa

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import ray
import ray.data
from ray.exceptions import RayError, RayTaskError

from models.errors import ArtifactIncompatibleError, InputError, ScamScreenError
from models.loading import load_screener
from models.screener import Screener
from serving.files.partitions import Job, PartFolder, input_file, part_content, partitions
from serving.files.row import Row, Source
from serving.files.screen import rows_of, screen_chunk, tally_of

_ADVICE = "start one with `ray start --head`, and run this command on one of its machines"
_REACH_SECONDS = 10


@contextmanager
def connected(address: str | None, workers: int | None) -> Iterator[None]:
    """Join the cluster at an address, or start one of this machine's processors for the time of a job.

    Raises:
        InputError: no cluster answers there.
    """
    if address is not None:
        _check_reachable(address)
    local = {"num_cpus": workers, "include_dashboard": False} if address is None else {}
    try:
        ray.init(address=address or "local", log_to_driver=False, logging_level=logging.ERROR, **local)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise InputError(_refusal(error)) from error
    try:
        yield
    finally:
        ray.shutdown()


def _refusal(error: Exception) -> str:
    if type(error.__cause__).__name__ == "AuthenticationError":  # newer versions of Ray have it
        return (
            "the Ray cluster wants a token: set RAY_AUTH_MODE=token, with RAY_AUTH_TOKEN or ~/.ray/auth_token"
        )
    return f"Ray did not start or answer ({type(error).__name__}): {_ADVICE}"


def _check_reachable(address: str) -> None:
    """Check that something listens at host:port: Ray itself would try for many minutes."""
    if address == "auto":
        return
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdecimal():
        raise InputError(f"--address {address}: expected host:port, or auto; {_ADVICE}")
    try:
        socket.create_connection((host, int(port)), timeout=_REACH_SECONDS).close()
    except OSError as error:
        raise InputError(f"no Ray cluster at {address}: {_ADVICE}") from error


def screen_on_ray(
    sources: Sequence[Source],
    job: Job,
    folder: PartFolder,
    artifact: Path,
    *,
    workers: int | None = None,
    cache_bytes: int = 0,
    after_part: Callable[[int], None] = lambda _: None,
) -> None:
    """Screen what is left of a job on the cluster that is connected.

    Args:
        sources: the job's inputs, by absolute paths.
        job: what is done.
        folder: takes the parts, in whatever order they come.
        artifact: the model's folder, the same on every machine.
        workers: at most so many partitions at a time, or None for as many as there are processors.
        cache_bytes: memory of each worker for what the network said of texts before.
        after_part: called with the number of rows just written.

    Raises:
        InputError: an input turned out to be damaged or was changed, or the cluster was lost.
        ArtifactError: a worker's model is absent, or is another than the job's.
    """
    _make_quiet()
    done = frozenset(folder.finished)
    try:
        screened = _screened(sources, job, artifact, done, workers=workers, cache_bytes=cache_bytes)
        for batch in screened.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
            for part in batch.to_pylist():
                tally: Counter[str] = Counter(json.loads(part["tally"]))
                folder.add(part["part"], part["content"], tally)
                after_part(rows_of(tally))
    except RayTaskError as error:
        raise _own_error(error) from error
    except RayError as error:
        raise InputError(
            f"the Ray cluster was lost ({type(error).__name__}): run the command again"
        ) from error
    if changed := [one.name for one in job.inputs if input_file(one.name) != one]:
        raise InputError(f"{', '.join(changed)} changed while it was read: start again in another folder")
    folder.close()


def _screened(
    sources: Sequence[Source],
    job: Job,
    artifact: Path,
    done: frozenset[int],
    *,
    workers: int | None,
    cache_bytes: int,
) -> ray.data.Dataset:
    """Return the dataset whose rows are parts; nothing is done before it is iterated over."""

    def read(_: pa.Table) -> Iterator[pa.Table]:
        for number, chunks in partitions(sources, job.partition_rows, without=done):
            yield pa.table({"part": [number], "chunks": pa.array([pickle.dumps(chunks)], pa.large_binary())})

    def screen(batch: pa.Table) -> pa.Table:
        (part,) = batch.to_pylist()
        chunks: list[list[Row]] = pickle.loads(part["chunks"])  # noqa: S301 (from our own reader)
        content, tally = _part(chunks, job, _screener(artifact, job.model_sha256, cache_bytes))
        return pa.table(
            {
                "part": [part["part"]],
                "content": pa.array([content], pa.large_binary()),
                "tally": [json.dumps(tally)],
            }
        )

    here = {f"node:{ray.util.get_node_ip_address()}": 0.001}
    start = ray.data.from_items([{"start": 0}])
    read_rows = start.map_batches(read, batch_size=1, batch_format="pyarrow", num_cpus=0, resources=here)
    return read_rows.map_batches(
        screen,
        batch_size=1,
        batch_format="pyarrow",
        num_cpus=1,
        compute=ray.data.TaskPoolStrategy(size=workers),
    )


def _part(chunks: Sequence[Sequence[Row]], job: Job, screener: Screener) -> tuple[bytes, Counter[str]]:
    """Return the content of a part, and how its rows are counted."""
    screened = [screen_chunk(chunk, screener, job.operating_point, cascade=job.cascade) for chunk in chunks]
    content = part_content(screened, job.columns, job.format)
    return content, tally_of([row for chunk in screened for row in chunk])


@cache
def _screener(artifact: Path, sha256: str, cache_bytes: int) -> Screener:
    """Return the screener of this worker process, loaded with its first partition."""
    screener = load_screener(artifact, threads=1, cache_bytes=cache_bytes)
    found = screener.artifact.info.sha256
    if found != sha256:
        raise ArtifactIncompatibleError(f"a worker has another model in {artifact}: {found}, not {sha256}")
    return screener


def _make_quiet() -> None:
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.raise_original_map_exception = True
    context.target_max_block_size = 1  # bytes: a block is a partition, so that each is a task of its own


def _own_error(error: RayTaskError) -> ScamScreenError:
    """Return the error that was raised on purpose in a task; of another only its kind is told."""
    cause = error.cause
    if isinstance(cause, ScamScreenError):
        return type(cause)(str(cause).partition("\n")[0])  # Ray adds its advice to the message
    return InputError(f"a Ray worker failed with {type(cause).__name__}: its log says where")
