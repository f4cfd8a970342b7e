"""A run's figures in MLflow as well, for those who have it: `scamscreen-train train ... --mlflow NAME`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from models.errors import RecipeError
from training.files import write_whole
from training.recipe import Recipe

_NOTE: Final = "mlflow.json"


class MlflowRun:
    """One MLflow run, where `MLFLOW_TRACKING_URI` says; a resumed training goes on in the same."""

    def __init__(self, experiment: str, run: Path, recipe: Recipe) -> None:
        """Begin a run in an experiment, or go on with that of a run folder.

        Raises:
            RecipeError: MLflow is not installed.
        """
        try:
            import mlflow
        except ImportError as error:
            raise RecipeError(
                "--mlflow needs MLflow: pip install mlflow; without it the figures are in log.jsonl"
            ) from error
        self._mlflow: Any = mlflow
        note = run / _NOTE
        known = json.loads(note.read_text(encoding="utf-8"))["run"] if note.is_file() else None
        mlflow.set_experiment(experiment)
        started = mlflow.start_run(run_id=known, run_name=None if known else run.name)
        if known is None:
            write_whole(note, json.dumps({"run": started.info.run_id}))
            mlflow.log_params(_params(recipe))

    def track(self, step: int, figures: Mapping[str, float]) -> None:
        """Take the figures of a step."""
        self._mlflow.log_metrics(dict(figures), step=step)

    def close(self) -> None:
        """End the run."""
        self._mlflow.end_run()


def _params(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe with a name a value, `fit.epochs`."""
    return {
        f"{section}.{key}": value
        for section, content in recipe.to_dict().items()
        for key, value in content.items()
    }
