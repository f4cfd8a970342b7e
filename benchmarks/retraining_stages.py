"""The stages of a trial on a held-out scheme, each the command that a researcher would type."""

import json
import logging
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np

from benchmarks.contenders import scamscreen
from benchmarks.held_out_schemes import SCHEMES, HeldOutScheme
from benchmarks.servers import started
from benchmarks.state import Result
from models.artifact import load_artifact
from models.calibration import label_proba
from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.budget.curve import FALSE_ALARMS, Strategy
from training.metrics import recall_at_false_alarms
from training.pooled import pooled
from training.recipe import RECIPES

DATASET: Final = "dataset"
KILLS: Final = 3
_BATCH: Final = 64
_TRAIN: Final = ("training.cli", "train")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trial:
    """Where everything of a trial lies.

    Attributes:
        data_root: of the public sets.
        encoder: folder or hub id.
        output: folder of all runs.
    """

    data_root: Path
    encoder: str
    output: Path

    @property
    def data(self) -> Path:
        """A data root without the held-out sets, which a researcher would not have."""
        return self.output / "data"

    @property
    def base(self) -> Path:
        """The artefact that has seen neither scheme."""
        return self.output / "base" / "artifact"

    def folder(self, scheme: HeldOutScheme) -> Path:
        """Return the folder of a scheme, in which its service has its home."""
        return self.output / scheme.name

    def left_out(self) -> list[str]:
        """Return what every training leaves out, as the command takes it."""
        found = (scheme.left_out for scheme in SCHEMES)
        return ["--leave-out", *(f"{one.language}:{','.join(sorted(one.labels))}" for one in found)]

    def added(self, folder: Path, run: Path) -> list[str]:
        """Return the arguments of `train` that add the dataset in a folder to the base model."""
        dataset = folder / DATASET
        wanted = ["add", "--add", str(dataset), "--base", str(self.base), "--run", str(run)]
        return [*wanted, *self._shared(), *self.left_out()]

    def _shared(self) -> list[str]:
        return ["--data", str(self.data), "--cache", str(self.output / "cache")]

    def train_base(self) -> Result:
        """Train the base model by the recipe `short`; return how long it took."""
        link_data(self.data_root, self.data)
        names = "|".join(scheme.source.name for scheme in SCHEMES)
        short = (RECIPES / "short.toml").read_text(encoding="utf-8")
        recipe = self.output / "base.toml"
        recipe.write_text(re.sub(rf"(?m)^({names}) = \d+", r"\1 = 0", short), encoding="utf-8")
        run = ["--base", self.encoder, "--run", str(self.output / "base")]
        return timed([*_TRAIN, str(recipe), *run, *self._shared(), *self.left_out()])

    def train(self, scheme: HeldOutScheme) -> Result:
        """Add the spreadsheet to the base model; return how long it took."""
        return timed([*_TRAIN, *self.added(self.folder(scheme), self.folder(scheme) / "run")])

    def bring(self, scheme: HeldOutScheme) -> Result:
        """Import the spreadsheet and check it; return how long each took."""
        folder = self.folder(scheme)
        imported = import_labels(folder, folder)
        checked = timed(["training.cli", "data", "check", str(folder / DATASET), *self._shared()])
        return {"import": imported, "check": checked}

    def put_base_to_work(self, scheme: HeldOutScheme) -> Result:
        """Make the base model the live one of the scheme's home and ask it about the scheme."""
        from models.shelf import shelf_in

        shelf = shelf_in(self.folder(scheme) / "home")
        shelf.use(shelf.add(self.base))
        return asked(scheme, self.folder(scheme), load_artifact(self.base).info.sha256)

    def compare(self, scheme: HeldOutScheme) -> Result:
        """Compare the new model with the base model; return how long it took and the verdict."""
        folder = self.folder(scheme)
        models = [str(self.base), str(folder / "run" / "artifact")]
        texts = ["--add", str(folder / DATASET), *self._shared(), "--output", str(folder / "compare")]
        took = timed(["training.cli", "compare", *models, *texts], self._home(scheme))
        report = json.loads((folder / "compare" / "compare.json").read_text(encoding="utf-8"))
        return {**took, "verdict": report["verdict"]}

    def promote(self, scheme: HeldOutScheme, broken: Sequence[str]) -> Result:
        """Make the new model the live one, with a reason if rules are broken."""
        folder = self.folder(scheme)
        reason = ["--because", "A trial on a held-out scheme."] if broken else []
        comparison = ["--comparison", str(folder / "compare" / "compare.json")]
        command = ["training.cli", "promote", str(folder / "run" / "artifact"), *comparison, *reason]
        return {**timed(command, self._home(scheme)), "reason_needed": bool(broken)}

    def confirm(self, scheme: HeldOutScheme, chosen: Path, strategy: Strategy) -> Result:
        """Train on what a learning curve labelled; return how much the whole network finds of its test."""
        folder = self.folder(scheme) / f"confirmed-{strategy}"
        import_labels(chosen / scheme.name / strategy, folder)
        took = timed([*_TRAIN, *self.added(folder, folder / "run")])
        test = _lines(chosen / scheme.name / "test.jsonl")
        artifact = load_artifact(folder / "run" / "artifact")
        said = pooled(artifact, [one["text"] for one in test], self.output / "cache", name="test")
        proba = label_proba(said.label_logits, artifact.calibration)[:, LABELS.index(scheme.label)]
        truth = np.array([one["positive"] for one in test], dtype=bool)
        recall = recall_at_false_alarms(truth, proba, FALSE_ALARMS)
        labels = len(_lines(folder / DATASET / "texts.jsonl"))
        return {**took, "labels": labels, "test": len(test), "recall": round(recall, 4)}

    def _home(self, scheme: HeldOutScheme) -> dict[str, str]:
        return {"SCAMSCREEN_HOME": str(self.folder(scheme) / "home")}


def link_data(data_root: Path, linked: Path) -> None:
    """Make a data root of links to all sets but those that are held out."""
    held_out = {scheme.source.folder for scheme in SCHEMES}
    for room in ("open", "eval_only"):
        (linked / room).mkdir(parents=True, exist_ok=True)
        for folder in sorted((data_root / room).glob("*")):
            link = linked / room / folder.name
            if f"{room}/{folder.name}" not in held_out and not link.is_symlink():
                link.symlink_to(folder.resolve())


def import_labels(sheet: Path, folder: Path) -> Result:
    """Import labels.csv of a folder into the dataset of another; return how long it took."""
    mapping = ["--format", "csv", "--mapping", str(sheet / "mapping.toml"), "--output", str(folder / DATASET)]
    return timed(["training.cli", "data", "import", str(sheet / "labels.csv"), *mapping])


def timed(module: Sequence[str], environment: Mapping[str, str] | None = None) -> Result:
    """Run a command of ours, offline, and return how many seconds it took.

    Raises:
        TrainingDataError: it failed; its last line stands in the message.
    """
    logger.info("%s", " ".join(module))
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 (our own modules)
        [sys.executable, "-m", *module], env=_environment(environment), stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise TrainingDataError(f"{' '.join(module[:3])} failed: see above")
    return {"seconds": round(time.monotonic() - began, 1)}


def _environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**os.environ, "HF_HUB_OFFLINE": "1", **(more or {})}


def asked(scheme: HeldOutScheme, folder: Path, sha256: str) -> Result:
    """Ask the service with its live model about the test texts of a scheme.

    Returns:
        recall of the scheme's labels and of any label, and the shares of harmless texts with those.

    Raises:
        TrainingDataError: another model answered.
    """
    texts = _lines(folder / "test.jsonl")
    found: dict[str, list[bool]] = {"right": [], "any": []}
    with started(scamscreen(), folder, threads=2) as running:
        url = f"http://127.0.0.1:{running.port}/v1/screen"
        for start in range(0, len(texts), _BATCH):
            batch = [{"id": one["key"], "text": one["text"]} for one in texts[start : start + _BATCH]]
            answer = httpx.post(url, json={"documents": batch}, timeout=120).raise_for_status()
            for record in answer.json()["results"]:
                if record.get("model", {}).get("sha256", sha256) != sha256:
                    raise TrainingDataError("another model answered than the one that was put to work")
                labels = {*record.get("flags", ()), *record.get("context_labels", ())}  # none of an error
                found["right"].append(bool(labels & scheme.codes))
                found["any"].append(bool(labels))
    result: Result = {}
    for name, flags in found.items():
        for kind, wanted in (("recall", True), ("false_alarms", False)):
            of_kind = [flag for flag, one in zip(flags, texts, strict=True) if one["positive"] is wanted]
            result[f"{kind}_{name}"] = round(sum(of_kind) / len(of_kind), 4)
    return result


def killed(trial: Trial, scheme: HeldOutScheme) -> Result:
    """Train a scheme again, killed three times at random; return how both runs scored their last epochs."""
    folder = trial.folder(scheme)
    run = folder / "killed"
    whole = _scores(folder / "run")
    steps = len(_steps(folder / "run"))
    at = sorted(random.sample(range(1, steps), KILLS))
    for step in at:
        process = subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-m", *_TRAIN, *trial.added(folder, run)], env=_environment()
        )
        while process.poll() is None and len(_steps(run)) < step:
            time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
        process.wait()
    took = timed([*_TRAIN, *trial.added(folder, run)])
    return {**took, "killed_at": at, "steps": steps, "whole": whole, "killed": _scores(run)}


def by_two_processes(trial: Trial, scheme: HeldOutScheme) -> Result:
    """Train a scheme again by two processes; return how both runs scored their last epochs."""
    folder = trial.folder(scheme)
    run = folder / "processes"
    torchrun = ["torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "--"]
    took = timed([*torchrun, *_TRAIN, *trial.added(folder, run)])
    return {**took, "one": _scores(folder / "run"), "two": _scores(run)}


def put_to_work(trial: Trial, scheme: HeldOutScheme) -> Result:
    """Ask the service with the promoted model about the scheme."""
    folder = trial.folder(scheme)
    return asked(scheme, folder, load_artifact(folder / "run" / "artifact").info.sha256)


def _scores(run: Path) -> list[dict[str, float]]:
    scores = json.loads((run / "tune.json").read_text(encoding="utf-8"))
    return [scores[epoch] for epoch in sorted(scores, key=int)]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _steps(run: Path) -> list[str]:
    log = run / "log.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    return [line for line in lines if '"loss"' in line]
