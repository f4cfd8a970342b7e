"""Figures -> one table on the terminal, `benchmarks.json`, and charts beside it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, sections, written

_LEAST_WIDTH = 150


def table_of(figures: Sequence[Figure], title: str) -> Table:
    """Return all figures as one table."""
    table = Table(title=title, title_justify="left", show_lines=False)
    table.add_column("figure", overflow="fold")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("promised", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("note", overflow="fold")
    for section, rows in sections(figures).items():
        table.add_section()
        table.add_row(f"[bold]{section}[/bold]", "", "", "", "")
        for row in rows:
            table.add_row(row.name, written(row.value, row.unit), promised(row), verdict(row), row.note)
    return table


def promised(figure: Figure) -> str:
    """Return what was promised of a figure, or ""."""
    target = figure.target
    return (
        f"{'>=' if target.bound == 'at least' else '<='} {written(target.value, figure.unit)}"
        if target
        else ""
    )


def verdict(figure: Figure) -> str:
    """Return whether a promise is kept: yes, NO, ? (could not be measured), or "" where there is none."""
    if figure.target is None:
        return ""
    return {True: "yes", False: "NO", None: "?"}[figure.met]


def machine_line(machine: Mapping[str, Any]) -> str:
    """Return the machine in one line."""
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    return (
        f"{machine['processor']}, {machine['processors']} processors ({' '.join(machine['instructions'])}), "
        f"{machine['memory_gib']} GiB, {machine['system']}, Python {machine['python']}; {libraries}"
    )


def print_report(
    figures: Sequence[Figure], machine: Mapping[str, Any], remark: str, stream: TextIO | None = None
) -> None:
    """Print the machine, a remark, the table, and how many promises were kept."""
    console = Console(file=stream)
    console.width = max(console.width, _LEAST_WIDTH)
    console.print(machine_line(machine))
    console.print(remark)
    console.print(table_of(figures, "ScamScreen, benchmarks"))
    judged = [figure for figure in figures if figure.target]
    console.print(f"{sum(figure.met is True for figure in judged)} of {len(judged)} promises kept")


def write_json(path: Path, figures: Sequence[Figure], details: Mapping[str, Any]) -> None:
    """Write the figures and everything they come from."""
    content = {"figures": [figure.to_dict() for figure in figures], **details}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
