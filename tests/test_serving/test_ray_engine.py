"""The bulk job on a real cluster on this machine, of nodes with one processor each: nothing is faked."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

pytest.importorskip("ray", reason="the extra `ray` is not installed")

from ray.cluster_utils import Cluster

from models.artifact import load_artifact
from models.errors import ArtifactIncompatibleError, InputError
from serving import cli
from serving.files.partitions import Job, PartFolder, input_file
from serving.files.ray_engine import connected, screen_on_ray
from serving.files.reading import ReadOptions, open_source
from serving.files.screen import CHUNK_ROWS
from tests.tiny import random_texts

pytestmark = pytest.mark.timeout(600)  # clusters start and end

ROOT = Path(__file__).parents[2]
N_PARTS, BAD_ROW = 8, 100
PARTITION_ROWS = CHUNK_ROWS
N_ROWS = N_PARTS * PARTITION_ROWS
READY_SECONDS = 120
SENTINEL = "zanzibar-4711"


@pytest.fixture(scope="module", autouse=True)
def no_cache():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCAMSCREEN_CACHE_MB", "0")  # which of equal texts is read first is chance
        yield


@pytest.fixture(scope="module")
def cluster():
    running = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "include_dashboard": False},
        shutdown_at_exit=False,
    )
    yield running
    running.shutdown()


@pytest.fixture(scope="module")
def texts_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("texts") / "in.jsonl"
    lines = [
        json.dumps({"id": f"r{n}", "text": f"{text} {SENTINEL}", "n": n})
        for n, text in enumerate(random_texts(N_ROWS, longest=8))
    ]
    lines[BAD_ROW] = "{broken"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def local_records(texts_file, tiny_artifact, tmp_path_factory) -> bytes:
    output = tmp_path_factory.mktemp("local") / "out.jsonl"
    assert (
        cli.main(["screen", str(texts_file), "--artifact", str(tiny_artifact), "--output", str(output)]) == 0
    )
    return output.read_bytes()


def arguments(texts_file: Path, artifact: Path, cluster: Cluster, output: Path) -> list[str]:
    return [
        "screen",
        str(texts_file),
        *("--engine", "ray", "--address", cluster.address, "--artifact", str(artifact)),
        *("--output", str(output), "--format", "jsonl", "--partition-rows", str(PARTITION_ROWS)),
    ]


def job(texts_file: Path, sha256: str) -> Job:
    return Job(
        inputs=(input_file(str(texts_file)),),
        columns=("id", "text", "n"),
        text_column=None,
        encoding=None,
        language=None,
        operating_point="balanced",
        model_sha256=sha256,
        cascade=False,
        partition_rows=PARTITION_ROWS,
        format="jsonl",
        program="1.0.0",
    )


def parts(output: Path) -> list[Path]:
    return sorted(output.glob("part-*.jsonl"))


def screening_processes(cluster: Cluster) -> list[psutil.Process]:
    found = []
    for node in cluster.list_all_nodes():
        raylet = psutil.Process(node.all_processes["raylet"][0].process.pid)
        for process in raylet.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if "screen" in " ".join(process.cmdline()):
                    found.append(process)
    return found


def test_after_a_worker_and_then_a_node_is_killed_every_row_is_there_once_as_the_local_engine_has_it(
    cluster, texts_file, tiny_artifact, local_records, tmp_path
):
    whole_job = job(texts_file, load_artifact(tiny_artifact).info.sha256)
    folder = PartFolder(tmp_path / "out", whole_job)
    doomed = cluster.add_node(num_cpus=1)
    killed = []

    def kill(_: int) -> None:
        if len(folder.finished) == 2:
            killed.extend(process.pid for process in screening_processes(cluster))
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
        if len(folder.finished) == 4:
            cluster.remove_node(doomed, allow_graceful=False)

    with connected(cluster.address, None):
        source = open_source(texts_file, ReadOptions())
        screen_on_ray([source], whole_job, folder, tiny_artifact, after_part=kill)

    assert killed
    assert len(parts(tmp_path / "out")) == N_PARTS
    assert b"".join(path.read_bytes() for path in parts(tmp_path / "out")) == local_records
    assert json.loads(local_records.splitlines()[BAD_ROW])["error"]["code"] == "unreadable_row"
    assert folder.tally["error"] == 1
    logs = [path for path in Path(cluster.head_node.get_logs_dir_path()).rglob("*") if path.is_file()]
    assert logs
    assert not [path for path in logs if SENTINEL.encode() in path.read_bytes()]


def test_after_the_command_is_killed_the_same_command_redoes_no_finished_part(
    cluster, texts_file, tiny_artifact, local_records, tmp_path, capsys
):
    output = tmp_path / "out"
    command = arguments(texts_file, tiny_artifact, cluster, output)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "serving.cli", *command],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        deadline = time.monotonic() + READY_SECONDS
        while len(parts(output)) < 3 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    noted = (output / "_finished.jsonl").read_text().split("\n")[1:]
    before = {name: (output / name).stat().st_mtime_ns for name in map(part_name, noted)}
    assert 2 <= len(before) < N_PARTS

    assert cli.main(command) == 0

    assert before == {name: (output / name).stat().st_mtime_ns for name in before}
    assert b"".join(path.read_bytes() for path in parts(output)) == local_records
    assert f"{N_ROWS:,} rows" in capsys.readouterr().err
    assert not list(output.glob(".*.partial"))

    (tmp_path / "log").unlink()
    assert (
        cli.main([*command[:4], "--address", "127.0.0.1:1", *command[6:]]) == 0
    )  # nothing left: no cluster needed


def part_name(noted: str) -> str:
    return f"part-{json.loads(noted)['part']:05}.jsonl"


def test_a_worker_with_another_model_ends_the_job_and_says_so(cluster, texts_file, tiny_artifact, tmp_path):
    other = job(texts_file, "f" * 64)
    with (
        connected(cluster.address, None),
        pytest.raises(ArtifactIncompatibleError, match="another model"),
    ):
        source = open_source(texts_file, ReadOptions())
        screen_on_ray([source], other, PartFolder(tmp_path / "out", other), tiny_artifact)


def test_an_input_damaged_further_down_is_told_in_its_own_words(cluster, tiny_artifact, tmp_path, capsys):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": random_texts(3000)}), path, row_group_size=500, compression="none")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4000] = b"\xff" * 4000
    path.write_bytes(bytes(content))

    assert cli.main(arguments(path, tiny_artifact, cluster, tmp_path / "out")) == 1
    assert capsys.readouterr().err == f"scamscreen: {path} is damaged and cannot be read to its end\n"


def test_a_job_whose_input_changes_meanwhile_is_not_called_whole(
    cluster, texts_file, tiny_artifact, tmp_path
):
    changing = tmp_path / "changing.jsonl"
    changing.write_bytes(texts_file.read_bytes())
    asked = job(changing, load_artifact(tiny_artifact).info.sha256)
    folder = PartFolder(tmp_path / "out", asked)

    def change(_: int) -> None:
        with changing.open("a") as file:
            file.write('{"text": "one more"}\n')

    with (
        connected(cluster.address, None),
        pytest.raises(InputError, match=r"changing\.jsonl changed while it was read"),
    ):
        source = open_source(changing, ReadOptions())
        screen_on_ray([source], asked, folder, tiny_artifact, after_part=change)
    assert not folder.is_complete


def test_a_cluster_that_is_not_there_is_told():
    with pytest.raises(InputError, match="no Ray cluster"), connected("127.0.0.1:1", None):
        pass
