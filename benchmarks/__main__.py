"""`python -m benchmarks short|long`: see `make bench` and `make bench-long`."""

import argparse
import os
import sys
from pathlib import Path

from benchmarks import contenders
from benchmarks.machine import processors
from benchmarks.short import MINUTES

OUTPUT = Path("runs") / "bench"


def main() -> int:
    """Measure, print the table and write it."""
    options = _parser().parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    result: int = options.command(options)
    return result


def short_command(options: argparse.Namespace) -> int:
    """Measure what fits into a quarter of an hour."""
    from benchmarks.charts import write_charts
    from benchmarks.report import print_report, write_json
    from benchmarks.short import run_short
    from benchmarks.short_figures import LESS_WORK, short_figures

    short = run_short(
        options.output / "work",
        threads=options.threads,
        say=_say,
        minutes=options.minutes,
        seconds=options.seconds,
        texts=options.texts,
        rows=options.rows,
        infinity_python=options.infinity,
    )
    figures = short_figures(short)
    remark = f"Scaled down: {short.plan.scaled or 'nothing'}. {LESS_WORK}"
    print_report(figures, short.machine, remark)
    write_json(options.output / "benchmarks.json", figures, short.to_dict())
    write_charts(short, options.output)
    _say(f"{short.minutes:.1f} minutes; benchmarks.json and charts are in {options.output}")
    return 0


def long_command(options: argparse.Namespace) -> int:
    """Do what is left of a long run, or all of it."""
    from benchmarks.long import Asked, run_long
    from benchmarks.long_figures import long_figures
    from benchmarks.machine import describe
    from benchmarks.report import print_report, write_json
    from benchmarks.short import apart

    if options.data is None and not options.written:
        _say(
            "no data root: pass --data FOLDER or set SCAMSCREEN_DATA, or --written for texts of this project"
        )
        return 2
    asked = Asked(
        rows=options.rows,
        minutes=options.minutes,
        budget_minutes=options.budget,
        threads=options.threads,
        data_root=None if options.written else options.data,
        cascade=options.cascade,
    )
    state = run_long(options.output, asked, _say)
    figures = long_figures(state.results, asked)
    machine = apart(describe)
    print_report(figures, machine, "")
    write_json(
        options.output / "benchmarks_long.json", figures, {"machine": machine, "stages": state.results}
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    short = commands.add_parser("short", help="everything in one process and over HTTP, at most 15 minutes")
    short.set_defaults(command=short_command)
    _add_common(short, OUTPUT)
    short.add_argument("--minutes", type=float, default=MINUTES, help="how long it may take")
    short.add_argument("--seconds", type=float, help="of each measurement (default: what there is time for)")
    short.add_argument("--texts", type=int, help="how many different texts (default: what there is time for)")
    short.add_argument("--rows", type=int, help="of the bulk run (default: at most 50,000)")
    short.add_argument(
        "--infinity", type=Path, default=contenders.INFINITY_PYTHON, help="python of its virtual environment"
    )
    long = commands.add_parser("long", help="a soak and a million rows; goes on where it was broken off")
    long.set_defaults(command=long_command)
    _add_common(long, OUTPUT / "long")
    long.add_argument("--rows", type=int, default=1_000_000, help="of the bulk run with repeats")
    long.add_argument("--minutes", type=float, default=30.0, help="of the soak")
    long.add_argument("--budget", type=float, default=150.0, help="minutes that all of it may take")
    long.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("SCAMSCREEN_DATA"),
        help="data root (default: SCAMSCREEN_DATA)",
    )
    long.add_argument("--written", action="store_true", help="rows of the texts written for this project")
    long.add_argument(
        "--cascade", action=argparse.BooleanOptionalAction, default=True, help="screen with the cascade"
    )
    return parser


def _add_common(command: argparse.ArgumentParser, output: Path) -> None:
    command.add_argument("--output", type=Path, default=output, metavar="DIR")
    command.add_argument("--threads", type=int, default=processors(), help="budget of every side")


def _say(message: str) -> None:
    sys.stderr.write(f"bench: {message}\n")


if __name__ == "__main__":
    sys.exit(main())
