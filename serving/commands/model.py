"""The commands `scamscreen model`: which models are kept on this machine, and which one answers."""

import argparse
import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from models.artifact import file_sha256, load_artifact, model_sha256
from models.errors import ArtifactCorruptError, InputError
from models.shelf import SHIPPED, Shelf, home_of, shelf_in
from serving.commands.command import DONE, Commands
from serving.commands.office import opened, write_table
from serving.reports.disagreements import (
    CANDIDATE,
    LIVE,
    PRIORITY,
    SHADOW_FOLDER,
    Cell,
    Disagreements,
    keyed_id,
    read_disagreements,
)
from serving.store.sealing import Keyring
from serving.store.tables import REPORT
from serving.terminal import say

_NOTE: Final = "promotion.json"
_ROWS_AT_ONCE: Final = 5_000


def add_model_commands(commands: Commands) -> None:
    """Add the commands to those of `scamscreen`; what they do is `options.command`."""
    model = commands.add_parser("model", help="list the models kept here and choose which one answers")
    actions = model.add_subparsers(required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="what models there are")
    listed.set_defaults(command=list_models)
    add = actions.add_parser("add", help="keep a copy of a promoted model from another machine")
    add.set_defaults(command=add_model)
    add.add_argument("folder", type=Path, metavar="FOLDER", help="its artefact")
    use = actions.add_parser("use", help="have a model answer from now on; a running service follows")
    use.set_defaults(command=use_model)
    use.add_argument("sha", metavar="SHA", help="how its sha256 begins, or `shipped`")
    back = actions.add_parser("rollback", help="have the model answer again that did so before")
    back.set_defaults(command=roll_back)
    differ = actions.add_parser(
        "disagreements", help="what the candidate of SCAMSCREEN_SHADOW says differently"
    )
    differ.set_defaults(command=show_disagreements)
    differ.add_argument(
        "--reports", action="store_true", help="name the reports, the last hundred of each row"
    )


def list_models(_: argparse.Namespace) -> int:
    """Write which models are kept, the live one marked."""
    shelf = _shelf()
    try:
        live: tuple[str, ...] = shelf.live()
    except ArtifactCorruptError as error:  # the list is wanted most of all then
        say(str(error))
        live = (SHIPPED,)
    rows = []
    for name in shelf.kept():
        folder = shelf.folder_of(name)
        manifest, note = _json(folder / "manifest.json"), _json(folder / _NOTE)
        state = "live" if name == live[0] else "before" if name in live else "-"
        rows.append(
            (
                state,
                name,
                f"{manifest.get('name', '?')} {manifest.get('version', '?')}",
                str(note.get("promoted_at", "-")),
                str(note.get("because") or "-"),
                model_sha256(manifest) if manifest else "?",
            )
        )
    write_table(("state", "name", "model", "promoted", "because", "sha256"), rows)
    if pinned := os.environ.get("SCAMSCREEN_ARTIFACT"):
        say(f"SCAMSCREEN_ARTIFACT is set: {pinned} answers, whatever is live here")
    return DONE


def add_model(options: argparse.Namespace) -> int:
    """Keep a copy of an artefact that was promoted elsewhere; it does not answer yet."""
    documents = load_artifact(options.folder).manifest.get("documents", {})
    note = options.folder / _NOTE
    if not note.is_file() or documents.get(_NOTE) != file_sha256(note):
        raise InputError(
            f"{options.folder} was never promoted, or was changed since: compare and promote it where it was "
            "trained, and bring what lies in artifacts/ there (docs/retraining.md)"
        )
    name = _shelf().add(options.folder)
    say(f"{name} is kept; scamscreen model use {name} has it answer")
    return DONE


def use_model(options: argparse.Namespace) -> int:
    """Choose the model that answers."""
    shelf = _choosing()
    name = shelf.named(options.sha)
    shelf.use(name)
    _tell_live(shelf, name)
    return DONE


def roll_back(_: argparse.Namespace) -> int:
    """Choose the model that answered before."""
    shelf = _choosing()
    _tell_live(shelf, shelf.roll_back())
    return DONE


def show_disagreements(options: argparse.Namespace) -> int:
    """Write, per label and language, how often only one of two models found it."""
    found = read_disagreements(home_of() / SHADOW_FOLDER)
    if not found:
        raise InputError("nothing was compared yet: start the service with SCAMSCREEN_SHADOW=FOLDER")
    for one in found:
        compared = sum(one.compared.values())
        say(f"live {one.live[:16]}, candidate {one.candidate[:16]}: {compared:,} texts of stored reports")
        if options.reports:
            with opened() as office:
                rows = office.database.read(partial(_reports, keyring=office.keyring, one=one))
            write_table(("report", "label", "language", "by"), rows)
        else:
            write_table(("label", "language", "live only", "candidate only", "compared"), _counts(one))
    return DONE


def _counts(one: Disagreements) -> Iterator[tuple[str, ...]]:
    cells = sorted({(label, language) for label, language, _ in one.cells})
    for label, language in sorted(cells, key=lambda cell: cell[0] != PRIORITY):
        counts = (one.cells[label, language, who] for who in (LIVE, CANDIDATE))
        yield label, language, *map(str, counts), str(one.compared[language])


def _reports(connection: Connection, keyring: Keyring, one: Disagreements) -> list[tuple[str, str, str, str]]:
    """Return the case number of each report whose keyed id was kept, newest first, and why it was."""
    cells_of: dict[str, list[Cell]] = {}
    for cell, ids in one.ids.items():
        for keyed in ids:
            cells_of.setdefault(keyed, []).append(cell)
    newest = select(REPORT.c.public_id, REPORT.c.case_ref).order_by(REPORT.c.serial.desc())
    found: list[tuple[str, str, str, str]] = []
    for row in connection.execute(newest.execution_options(yield_per=_ROWS_AT_ONCE)):
        found += [(row.case_ref, *cell) for cell in cells_of.pop(keyed_id(keyring, row.public_id), ())]
        if not cells_of:
            break
    return found


def _shelf() -> Shelf:
    return shelf_in(home_of())


def _choosing() -> Shelf:
    if os.environ.get("SCAMSCREEN_ARTIFACT"):
        raise InputError("SCAMSCREEN_ARTIFACT says which model answers: change or unset it, and restart")
    return _shelf()


def _tell_live(shelf: Shelf, name: str) -> None:
    info = load_artifact(shelf.folder_of(name)).info
    say(
        f"{info.name} {info.version} ({name}) is live: a running service loads it in seconds, and says so "
        "in its log and on the console's page Model"
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
