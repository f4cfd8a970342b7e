"""The models kept on a machine, and which of them is live: the folder `SCAMSCREEN_HOME/artifacts`.

    <first 16 digits of a model's sha256>/   its artefact
    live                                     names, one a line: the live model, then those live before it

Whoever trains or operates writes it, a running service reads it: folders and the file come whole, by a
rename. The shipped model is part of the program; without a file `live` it is the live one.

A model that is chosen is the one of that sha256 or none: a folder that holds another one is refused, and so
is a shelf on which every account of the machine may write.
"""

import json
import os
import re
import shutil
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.artifact import (
    DEFAULT_ARTIFACT,
    DOCUMENT_FILES,
    Artifact,
    copy_artifact,
    file_sha256,
    load_artifact,
)
from models.errors import ArtifactCorruptError, ArtifactError, ArtifactNotFoundError
from models.screening import ModelInfo

DEFAULT_HOME: Final = "~/.scamscreen"
SHIPPED: Final = "shipped"
LIVE_FILE: Final = "live"
NAME_DIGITS: Final = 16
_NAME: Final = re.compile(f"[0-9a-f]{{{NAME_DIGITS}}}|{SHIPPED}")
_MOST_NAMES: Final = 20
_PRIVATE_FOLDER: Final = 0o700

Stamp = tuple[int, int] | None


def home_of(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder in which this machine keeps what is its own."""
    return Path(environment.get("SCAMSCREEN_HOME") or DEFAULT_HOME).expanduser()


def shelf_in(home: Path) -> "Shelf":
    """Return the shelf of a home."""
    return Shelf(home / "artifacts")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The models in a folder, which need not be there yet."""

    folder: Path

    def live(self) -> tuple[str, ...]:
        """Return the name of the live model, then of those that were live before it, the shipped one last.

        Raises:
            ArtifactCorruptError: the file that says so is damaged, or anybody may have written it.
        """
        self._check_owned()
        try:
            names = (self.folder / LIVE_FILE).read_bytes().decode("ascii", "replace").split()
        except FileNotFoundError:
            names = []
        except OSError as error:
            raise ArtifactCorruptError(
                f"the file {LIVE_FILE!r} that names the model cannot be read: {error.strerror}"
            ) from error
        if not all(_NAME.fullmatch(name) for name in names):
            raise ArtifactCorruptError(
                f"the file {LIVE_FILE!r} names no model: choose one with scamscreen model use"
            )
        return tuple(dict.fromkeys([*names, SHIPPED]))

    def stamp(self) -> Stamp:
        """Return what changes whenever another model was chosen."""
        try:
            state = (self.folder / LIVE_FILE).stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_ino

    def kept(self) -> list[str]:
        """Return the names of all models, the shipped one first."""
        folders = list(self.folder.iterdir()) if self.folder.is_dir() else []
        return [SHIPPED, *sorted(one.name for one in folders if one.is_dir() and _NAME.fullmatch(one.name))]

    def folder_of(self, name: str) -> Path:
        """Return the folder of a model by its name."""
        return DEFAULT_ARTIFACT if name == SHIPPED else self.folder / name

    def named(self, beginning: str) -> str:
        """Return the name of the one model whose name, or whose sha256, begins so.

        Raises:
            ArtifactNotFoundError: there is none, or more than one.
        """
        asked = beginning.strip().lower()[:NAME_DIGITS]
        found = [name for name in self.kept() if asked and name.startswith(asked)]
        if len(found) != 1:
            raise ArtifactNotFoundError(
                f"{len(found)} of the models kept here are called so: see scamscreen model list"
            )
        return found[0]

    def load(self, name: str) -> Artifact:
        """Return a kept model, verified.

        Raises:
            ArtifactError: it is absent, not whole or another one, or made for another version of the program.
        """
        artifact = load_artifact(self.folder_of(name))
        check_kept(name, artifact.info)
        return artifact

    def add(self, artifact: Path, documents: Mapping[str, str] | None = None) -> str:
        """Keep a copy of an artefact and return its name.

        Args:
            artifact: its folder.
            documents: of `DOCUMENT_FILES`, name -> content, in place of its own; the model stays the same.

        Raises:
            ArtifactError: it is absent or not whole, or its files are links.
        """
        name = load_artifact(artifact).info.sha256[:NAME_DIGITS]
        self._make_folder()
        partial = self.folder / f".{name}-{os.getpid()}"
        shutil.rmtree(partial, ignore_errors=True)
        try:
            _refuse_links(artifact)
            copy_artifact(artifact, partial)
            _put_documents(partial, documents or {})
            check_kept(name, load_artifact(partial).info)  # what was written, not what was read
            _flush([*partial.iterdir(), partial])
            self._put(partial, name)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return name

    def use(self, name: str) -> None:
        """Make a model the live one.

        Raises:
            ArtifactError: it is absent or not whole, or made for another version of this program.
        """
        self.load(name)
        self._check_owned()
        try:
            before = self.live()
        except ArtifactCorruptError:  # this is how it is mended
            before = ()
        self._write([name, *(one for one in before if one != name)])

    def roll_back(self) -> str:
        """Make the model live that was so before, or the last one before it that can be; return its name.

        Raises:
            ArtifactNotFoundError: there was none.
            ArtifactError: none of them can be loaded.
        """
        _, *before = self.live()
        refused: ArtifactError | None = None
        for number, name in enumerate(before):
            try:
                self.load(name)
            except ArtifactError as error:
                refused = refused or error
            else:
                self._write(before[number:])
                return name
        raise refused or ArtifactNotFoundError("no model was live before this one: choose one with model use")

    def _check_owned(self) -> None:
        """Check that not everybody on the machine can choose the model.

        Raises:
            ArtifactCorruptError: everybody can.
        """
        if os.name != "posix":
            return
        for path in (self.folder, self.folder / LIVE_FILE):
            try:
                mode = path.stat().st_mode
            except OSError:  # whoever reads it next says why
                continue
            if mode & stat.S_IWOTH:
                raise ArtifactCorruptError(
                    f"{path.name!r}, which decides on the model, can be written by every account of this "
                    "machine: take that right away (chmod o-w), look what lies there, and choose again"
                )

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)

    def _put(self, partial: Path, name: str) -> None:
        """Give a whole folder its name; one that had it before goes."""
        place, old = self.folder / name, self.folder / f".{name}-old-{os.getpid()}"
        if place.exists():
            place.rename(old)
        partial.rename(place)
        _flush([self.folder])
        shutil.rmtree(old, ignore_errors=True)

    def _write(self, names: Sequence[str]) -> None:
        self._make_folder()
        partial = self.folder / f".{LIVE_FILE}-{os.getpid()}"
        partial.write_text("".join(f"{name}\n" for name in names[:_MOST_NAMES]), encoding="ascii")
        _flush([partial])
        partial.replace(self.folder / LIVE_FILE)
        _flush([self.folder])


def check_kept(name: str, info: ModelInfo) -> None:
    """Check that a model that was loaded is the one it is kept as.

    Raises:
        ArtifactCorruptError: it is another one.
    """
    if name != SHIPPED and info.sha256[:NAME_DIGITS] != name:
        raise ArtifactCorruptError(
            f"the folder {name} holds another model, {info.sha256[:NAME_DIGITS]}: bring the right one again"
        )


def _refuse_links(artifact: Path) -> None:
    """Check that an artefact's files are its own: a link may lead to what its card is not to show.

    Raises:
        ArtifactCorruptError: one is a link.
    """
    if linked := sorted(path.name for path in artifact.iterdir() if path.is_symlink()):
        raise ArtifactCorruptError(f"{', '.join(linked)}: links, not files: copy the files themselves")


def _put_documents(folder: Path, documents: Mapping[str, str]) -> None:
    for name, content in documents.items():
        (folder / name).write_text(content, encoding="utf-8")
    manifest = {
        **load_artifact(folder).manifest,
        "documents": {
            name: file_sha256(folder / name) for name in DOCUMENT_FILES if (folder / name).is_file()
        },
    }
    written = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (folder / "manifest.json").write_text(written, encoding="utf-8")


def _flush(paths: Sequence[Path]) -> None:
    """Have files and the names in folders on the disk, as before and after a rename."""
    if os.name != "posix":
        return
    for path in paths:
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
