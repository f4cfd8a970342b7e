"""Training in processes of their own: killed and begun again, or several at once, it ends where one does."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from models.errors import DeviceError
from tests.test_training.toy_run import main
from training.place import find_place
from training.run_log import LOG

ROOT = Path(__file__).parents[2]
TOY = ("-m", "tests.test_training.toy_run")


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that nobody disturbed."""
    run = tmp_path_factory.mktemp("unbroken")
    main(run)
    return run


def steps_of(run: Path) -> list[int]:
    """Return the steps that a run has in its log, be it in the middle of a line."""
    if not (run / LOG).is_file():
        return []
    lines = [line for line in (run / LOG).read_text().splitlines(keepends=True) if line.endswith("\n")]
    return [noted["step"] for line in lines if "loss" in (noted := json.loads(line))]


def losses_of(run: Path) -> list[float]:
    lines = [json.loads(line) for line in (run / LOG).read_text().splitlines()]
    return [line["loss"] for line in lines if "loss" in line]


def final(run: Path) -> dict[str, torch.Tensor]:
    return load_file(run / "final.safetensors")


def test_a_run_killed_three_times_at_random_ends_with_the_weights_of_one_never_broken(
    unbroken: Path, tmp_path: Path
) -> None:
    rng = np.random.default_rng()
    whole = len(steps_of(unbroken))
    for share in (0.1, 0.4, 0.7):
        until = int(whole * (share + rng.uniform(0, 0.15)))
        process = subprocess.Popen([sys.executable, *TOY, str(tmp_path)], cwd=ROOT, stderr=subprocess.DEVNULL)
        while process.poll() is None and max(steps_of(tmp_path), default=0) < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    subprocess.run([sys.executable, *TOY, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)

    assert steps_of(tmp_path) == steps_of(unbroken) == list(range(1, whole + 1))
    for name, tensor in final(unbroken).items():
        torch.testing.assert_close(final(tmp_path)[name], tensor, rtol=0, atol=1e-5)


def test_two_processes_learn_step_by_step_what_one_does(unbroken: Path, tmp_path: Path) -> None:
    pytest.importorskip("accelerate")
    torchrun = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    done = subprocess.run(
        [sys.executable, *torchrun, *TOY, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    one, two = losses_of(unbroken), losses_of(tmp_path)
    assert len(one) == len(two)
    np.testing.assert_allclose(two[:20], one[:20], atol=1e-2)
    assert np.mean(two[-20:]) == pytest.approx(np.mean(one[-20:]), abs=0.02 * one[0])


def test_several_processes_without_accelerate_are_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setitem(sys.modules, "accelerate", None)

    with pytest.raises(DeviceError, match=r"pip install 'scamscreen\[distributed\]'"):
        find_place()
