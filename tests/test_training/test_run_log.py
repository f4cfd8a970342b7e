"""What a run tells of itself: plain files that are right after a kill, and MLflow for those who have it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from models.errors import RecipeError
from tests.tiny import tiny_recipe
from training.checkpoint import Progress
from training.mlflow_run import MlflowRun
from training.place import ALONE
from training.run_log import LOG, RunLog, describe_environment


def lines(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / LOG).read_text().splitlines()]


def test_steps_after_the_checkpoint_and_half_a_line_are_taken_out_again(tmp_path: Path) -> None:
    log = RunLog(tmp_path, Progress(0, 0, ()))
    for step in (1, 2, 3):
        log.write(step, 0, {"loss": step / 10})
    log.close()
    with (tmp_path / LOG).open("a") as file:
        file.write('{"step": 4, "lo')
    log = RunLog(tmp_path, Progress(0, 2, (0.1, 0.2)))
    log.write(3, 0, {"loss": 0.5})
    log.close()

    assert [(line["step"], line["loss"]) for line in lines(tmp_path)] == [(1, 0.1), (2, 0.2), (3, 0.5)]


@pytest.mark.parametrize(("epoch", "kept"), [(0, 0), (1, 1)], ids=["to be scored again", "scored"])
def test_a_score_stays_if_its_epoch_is_over(tmp_path: Path, epoch: int, kept: int) -> None:
    log = RunLog(tmp_path, Progress(0, 0, ()))
    log.write(1, 0, {"loss": 0.1})
    log.write(1, 0, {"tune_loss": 0.3, "tune_average_precision": None})
    log.close()
    RunLog(tmp_path, Progress(epoch, 1, (0.1,))).close()

    assert sum("tune_loss" in line for line in lines(tmp_path)) == kept


def test_a_process_that_does_not_write_leaves_the_log_alone(tmp_path: Path) -> None:
    log = RunLog(tmp_path, Progress(0, 0, ()), writes=False)
    log.write(1, 0, {"loss": 0.1})
    log.close()

    assert not (tmp_path / LOG).exists()


def test_the_environment_says_what_figures_may_depend_on() -> None:
    found = describe_environment(ALONE)

    assert found["device"] == "cpu"
    assert found["processes"] == 1
    assert isinstance(found["bf16"], bool)
    assert found["libraries"]["torch"]


class FakeMlflow(ModuleType):
    """Keeps what MLflow would be told."""

    def __init__(self) -> None:
        super().__init__("mlflow")
        self.begun: list[tuple[str | None, str | None]] = []
        self.params: dict[str, object] = {}
        self.metrics: list[tuple[int, dict[str, float]]] = []
        self.experiment = ""

    def set_experiment(self, name: str) -> None:
        self.experiment = name

    def start_run(self, *, run_id: str | None, run_name: str | None) -> SimpleNamespace:
        self.begun.append((run_id, run_name))
        return SimpleNamespace(info=SimpleNamespace(run_id=run_id or "abc"))

    def log_params(self, params: dict[str, object]) -> None:
        self.params |= params

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        self.metrics.append((step, dict(metrics)))

    def end_run(self) -> None:
        self.begun.append((None, None))


def test_mlflow_is_told_what_the_log_says_and_a_resumed_run_is_the_same_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow = FakeMlflow()
    monkeypatch.setitem(sys.modules, "mlflow", mlflow)
    log = RunLog(tmp_path, Progress(0, 0, ()), MlflowRun("hotline", tmp_path, tiny_recipe()))
    log.write(1, 0, {"tune_loss": 0.3, "tune_average_precision": None})
    log.close()
    MlflowRun("hotline", tmp_path, tiny_recipe()).close()

    assert mlflow.experiment == "hotline"
    assert mlflow.params["fit.epochs"] == 4
    assert mlflow.metrics == [(1, {"tune_loss": 0.3})]
    assert mlflow.begun == [(None, tmp_path.name), ("abc", None), (None, None)]


def test_without_mlflow_one_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)

    with pytest.raises(RecipeError, match="pip install mlflow"):
        MlflowRun("hotline", tmp_path, tiny_recipe())
