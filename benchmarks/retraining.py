"""Two held-out schemes: what it takes from a spreadsheet of 1,000 rows to a model that answers, and brings.

`python -m benchmarks.retraining --data ROOT --base ENCODER`. A base model is trained by the recipe `short`
without the two sets and without every other text of their labels in their language, be it written for this
project. Then, for each scheme: draw, import, check, train, compare, promote, serve, each the command that a
researcher would type; the service is asked about the scheme before and after. Nothing needs a network but an
ENCODER that is a hub id. Each stage that is done is kept: broken off, it goes on where it was.

`--killed` trains the first scheme once more, killed three times at random; `--processes` by two processes;
`--confirm` trains both on what the learning curves of `benchmarks.label_budget` labelled.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.held_out_schemes import SCHEMES, HeldOutScheme, check_present, write_spreadsheet
from benchmarks.machine import describe
from benchmarks.retraining_stages import Trial, by_two_processes, killed, put_to_work
from benchmarks.servers import ServerError
from benchmarks.state import Result, State
from models.errors import ScamScreenError, TrainingDataError
from training.budget.curve import FALSE_ALARMS, STRATEGIES

OUTPUT: Final = Path("runs/retraining")
RESULTS: Final = "retraining.json"


def run_trial(trial: Trial, options: argparse.Namespace) -> Mapping[str, Result]:
    """Do what is left of a trial and return all its figures."""
    check_present(trial.data_root)
    trial.output.mkdir(parents=True, exist_ok=True)
    state = State(trial.output / RESULTS, {"encoder": trial.encoder})
    state.once("machine", describe)
    state.once("base", trial.train_base)
    for scheme in SCHEMES:
        run_scheme(trial, scheme, state)
    if options.killed:
        state.once("killed", lambda: killed(trial, SCHEMES[0]))
    if options.processes:
        state.once("processes", lambda: by_two_processes(trial, SCHEMES[0]))
    if options.confirm:
        for scheme, strategy in product(SCHEMES, STRATEGIES):
            stage = f"{scheme.name}/confirmed-{strategy}"
            state.once(stage, partial(trial.confirm, scheme, options.confirm, strategy))
    return state.results


def run_scheme(trial: Trial, scheme: HeldOutScheme, state: State) -> None:
    """Do what is left of one scheme."""

    def once(stage: str, work: Callable[[], Result]) -> Result:
        return state.once(f"{scheme.name}/{stage}", work)

    once("draw", lambda: {**write_spreadsheet(scheme, trial.data_root, trial.folder(scheme))})
    once("bring", lambda: trial.bring(scheme))
    once("before", lambda: trial.put_base_to_work(scheme))
    once("train", lambda: trial.train(scheme))
    verdict = once("compare", lambda: trial.compare(scheme))["verdict"]
    broken = [rule["words"] for rule in verdict["rules"] if rule["broken"]]
    once("promote", lambda: trial.promote(scheme, broken))
    once("after", lambda: put_to_work(trial, scheme))


def figures(results: Mapping[str, Result]) -> Table:
    """Return a table of what each scheme took and brought."""
    table = Table(title=f"base model: {results['base']['seconds'] / 60:.1f} minutes")
    headings = ("scheme", "rows", "import, check", "train", "compare", "recall", "of any label")
    for heading in (*headings, "false alarms", "rules broken"):
        table.add_column(heading)
    for scheme in SCHEMES:
        drawn, bring, train, compare, before, after = (
            results[f"{scheme.name}/{stage}"]
            for stage in ("draw", "bring", "train", "compare", "before", "after")
        )
        brought = bring["import"]["seconds"] + bring["check"]["seconds"]
        minutes = [f"{seconds / 60:.1f} min" for seconds in (brought, train["seconds"], compare["seconds"])]
        points = [
            f"{before[name]:.1%} -> {after[name]:.1%}"
            for name in ("recall_right", "recall_any", "false_alarms_any")
        ]
        broken = [rule["name"] for rule in compare["verdict"]["rules"] if rule["broken"]]
        rows = drawn["rows_positive"] + drawn["rows_harmless"]
        table.add_row(scheme.name, f"{rows:,}", *minutes, *points, ", ".join(broken) or "none")
    return table


def confirmed(results: Mapping[str, Result]) -> Table:
    """Return a table of what the whole network makes of the labels that a head needed."""
    table = Table(title=f"the whole network, at {FALSE_ALARMS:.0%} false alarms")
    for heading in ("scheme", "labels", "chosen", "train", "recall"):
        table.add_column(heading)
    for scheme, strategy in product(SCHEMES, STRATEGIES):
        found = results[f"{scheme.name}/confirmed-{strategy}"]
        minutes, recall = f"{found['seconds'] / 60:.1f} min", f"{found['recall']:.1%}"
        table.add_row(scheme.name, f"{found['labels']:,}", strategy, minutes, recall)
    return table


def main() -> int:
    """Run what is left to run and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retraining", description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("SCAMSCREEN_DATA"), help="data root")
    parser.add_argument(
        "--base", default="intfloat/multilingual-e5-small", help="folder or hub id of the encoder"
    )
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--killed", action="store_true", help="train the first scheme again, killed")
    parser.add_argument("--processes", action="store_true", help="train it again by two processes")
    parser.add_argument("--confirm", type=Path, metavar="CHOSEN", help="train on what curves labelled")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        if options.data is None:
            raise TrainingDataError("no data root: pass --data FOLDER or set SCAMSCREEN_DATA")
        results = run_trial(Trial(Path(options.data), options.base, options.output), options)
    except (ScamScreenError, ServerError) as error:
        sys.stderr.write(f"retraining: {error}\n")
        return 1
    console = Console(width=180)
    console.print(figures(results))
    if options.confirm:
        console.print(confirmed(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
