"""`screen --engine ray` on a real cluster of two one-core nodes on this machine: `make bench-ray`.

Four runs over the same rows: the local engine, one worker, two workers, and two workers of which one (or its
whole node) is killed when half of the rows are done. Every run is checked against the local one, row by row.
"""

import argparse
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.same_records import Check, compared
from benchmarks.texts import build_texts, write_rows, written_pools
from benchmarks.two_loops import two_loops_to_one
from models.artifact import DEFAULT_ARTIFACT, load_artifact
from serving.files.partitions import PARTITION_ROWS, Job, PartFolder, input_file
from serving.files.reading import ReadOptions, open_source
from serving.version import program_version

ROOT = Path(__file__).parents[1]
_READY_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Trial:
    """One run.

    Attributes:
        rows_per_second: over the whole job, workers' start and loading included.
        steady_rows_per_second: from the first part that was whole to the last.
    """

    name: str
    seconds: float
    rows_per_second: float
    steady_rows_per_second: float
    check: Check


class Node:
    """One Ray node: `ray start --block` and all it started."""

    def __init__(self, *options: str, log: Path) -> None:
        with log.open("ab") as written:
            self._process = psutil.Popen(
                [sys.executable, "-m", "ray.scripts.scripts", "start", "--num-cpus=1", "--block", *options],
                cwd=ROOT,
                env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": str(ROOT)},
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def screening(self) -> list[psutil.Process]:
        """Return its processes that are screening now."""
        return [one for one in self._family() if "MapBatches(screen)" in _command(one)]

    def kill(self) -> None:
        """End it and all it started at once, as a power cut would."""
        for process in self._family():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()

    def _family(self) -> list[psutil.Process]:
        try:
            return [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


def main() -> int:
    """Run the trials, print a table, and write what it shows as JSON."""
    options = _options()
    os.environ["SCAMSCREEN_CACHE_MB"] = "0"  # else equal texts cost nothing, and get the figures of the first
    os.environ |= {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }  # before Ray is imported
    options.output.mkdir(parents=True, exist_ok=True)
    texts = options.output / "texts.jsonl"
    write_rows(build_texts(options.rows, written_pools()), texts)
    started = time.perf_counter()
    local = _screen_locally(texts, options.artifact, options.output / "local.jsonl")
    seconds = time.perf_counter() - started
    rate = options.rows / seconds
    loops = [two_loops_to_one()]
    trials = [Trial("local engine", seconds, rate, rate, compared(local, [local]))]
    port = _free_port()
    address = f"127.0.0.1:{port}"
    log = options.output / "nodes.log"
    with _nodes() as nodes:
        nodes.append(
            Node(
                "--head",
                "--node-ip-address=127.0.0.1",
                f"--port={port}",
                "--include-dashboard=false",
                log=log,
            )
        )
        _wait_for(address)
        run = _Runner(texts, options, address, local)
        trials.append(run("one worker"))
        nodes.append(Node(f"--address={address}", "--node-ip-address=127.0.0.1", log=log))
        _wait_for_nodes(address, 2)
        trials.append(run("two workers"))
        trials.append(
            run(f"two workers, a {options.kill} killed", halfway=lambda: _kill(nodes[1], options.kill))
        )
    loops.append(two_loops_to_one())
    _report(trials, loops, options)
    return 0 if all(trial.check.is_right for trial in trials) else 1


class _Runner:
    """Runs the job into a new folder and checks what it wrote."""

    def __init__(self, texts: Path, options: argparse.Namespace, address: str, local: Path) -> None:
        self._texts, self._options, self._address, self._local = texts, options, address, local
        self._artifact = options.artifact.resolve()
        self._sha256 = load_artifact(self._artifact).info.sha256

    def __call__(self, name: str, *, halfway: Callable[[], None] | None = None) -> Trial:
        from serving.files.ray_engine import connected, screen_on_ray

        source = open_source(self._texts, ReadOptions())
        job = Job(
            inputs=(input_file(str(self._texts)),),
            columns=source.columns,
            text_column=None,
            encoding=None,
            language=None,
            operating_point="balanced",
            model_sha256=self._sha256,
            cascade=False,
            partition_rows=self._options.partition_rows,
            format="jsonl",
            program=program_version(),
        )
        output = self._options.output / "parts"
        shutil.rmtree(output, ignore_errors=True)
        folder = PartFolder(output, job)
        times: list[tuple[float, int]] = []
        left = [halfway] if halfway else []

        def after_part(n_rows: int) -> None:
            times.append((time.perf_counter(), n_rows))
            if left and 2 * folder.tally.total() >= self._options.rows:
                left.pop()()

        with connected(self._address, None):
            started = time.perf_counter()
            screen_on_ray([source], job, folder, self._artifact, after_part=after_part)
            seconds = time.perf_counter() - started
        steady = sum(n_rows for _, n_rows in times[1:]) / max(times[-1][0] - times[0][0], 1e-9)
        check = compared(self._local, sorted(output.glob("part-*.jsonl")))
        return Trial(name, seconds, self._options.rows / seconds, steady, check)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--partition-rows", type=int, default=PARTITION_ROWS)
    parser.add_argument("--kill", choices=("worker", "node"), default="worker")
    parser.add_argument("--artifact", type=Path, default=DEFAULT_ARTIFACT)
    parser.add_argument("--output", type=Path, default=Path("runs/bench-ray"))
    return parser.parse_args()


def _screen_locally(texts: Path, artifact: Path, output: Path) -> Path:
    command = [sys.executable, "-m", "serving.cli", "screen", str(texts.resolve())]
    command += ["--artifact", str(artifact.resolve()), "--output", str(output.resolve())]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 (our own command)
    return output


@contextmanager
def _nodes() -> Iterator[list[Node]]:
    nodes: list[Node] = []
    try:
        yield nodes
    finally:
        for node in reversed(nodes):
            node.kill()


def _kill(node: Node, what: str) -> None:
    if what == "node":
        node.kill()
        return
    workers = node.screening()
    if not workers:
        raise RuntimeError("no worker of the second node was screening when it was to be killed")
    for worker in workers:
        worker.kill()


def _command(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""


def _free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def _wait_for(address: str) -> None:
    host, _, port = address.partition(":")
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection((host, int(port)), timeout=1).close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"no Ray node at {address} after {_READY_SECONDS} seconds")


def _wait_for_nodes(address: str, count: int) -> None:
    import ray

    from serving.files.ray_engine import connected

    deadline = time.monotonic() + _READY_SECONDS
    with connected(address, None):
        while sum(node["Alive"] for node in ray.nodes()) < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"fewer than {count} Ray nodes after {_READY_SECONDS} seconds")
            time.sleep(0.2)


def _report(trials: Sequence[Trial], loops: Sequence[float], options: argparse.Namespace) -> None:
    write = sys.stdout.write
    write(f"{options.rows:,} rows in parts of {options.partition_rows:,}\n\n")
    header = ("run", "seconds", "rows/s", "steady", "missing", "double", "identical", "different")
    write(f"{header[0]:<32}" + "".join(f"{name:>11}" for name in header[1:]) + "\n")
    for one in trials:
        rates = f"{one.seconds:>11.1f}{one.rows_per_second:>11.1f}{one.steady_rows_per_second:>11.1f}"
        check = one.check
        counts = (check.missing, check.double, check.identical, check.different)
        write(f"{one.name:<32}{rates}" + "".join(f"{count:>11,}" for count in counts) + "\n")
    _, one_worker, two_workers, _ = trials
    scaling = {
        "whole_job": two_workers.rows_per_second / one_worker.rows_per_second,
        "steady": two_workers.steady_rows_per_second / one_worker.steady_rows_per_second,
    }
    write(f"\ntwo workers to one: {scaling['whole_job']:.2f} (steady {scaling['steady']:.2f})\n")
    write(f"two busy loops to one, before and after: {', '.join(f'{loop:.2f}' for loop in loops)}\n")
    report = {
        "two_busy_loops_to_one": loops,
        "rows": options.rows,
        "partition_rows": options.partition_rows,
        "scaling": scaling,
    }
    content = json.dumps({**report, "trials": [asdict(trial) for trial in trials]}, indent=2)
    (options.output / "bench-ray.json").write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
