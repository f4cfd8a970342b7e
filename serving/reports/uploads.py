"""The thread that makes reports of the rows of uploaded files, one file after the other."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BufferedReader
from itertools import islice
from typing import BinaryIO, Final, TypeVar
from uuid import uuid4

from sqlalchemy import Connection

from serving.clock import now_ms
from serving.log import describe, logger
from serving.reports.upload_reading import OF_FILE, Choice, FileRow, Refused, opened_source, read_rows
from serving.reports.upload_results import Form, Names, results
from serving.store.errors import StoreUnavailableError
from serving.store.group_writer import GroupWriter
from serving.store.home import Store
from serving.store.intake import Incoming
from serving.store.organisations import Actor
from serving.store.uploads import storing
from serving.store.uploads.sealed_file import open_upload
from serving.store.uploads.storing import ReadRow
from serving.store.uploads.upload import Upload, upload_numbered

Result = TypeVar("Result")
GROUP_ROWS: Final = 100
GROUP_CHARS: Final = 400_000
UNREADABLE: Final = "unreadable"
_PAUSE_SECONDS: Final = 0.02  # after each group: others write too
_LOOK_SECONDS: Final = 2.0
_COUNT_TIMES: Final = 20  # counting takes at most one part in so many
_LOOK_FOR_OLD_SECONDS: Final = 3_600.0


class Uploads:
    """Stores the rows of files that somebody has had screened, and removes the files."""

    def __init__(
        self,
        store: Store,
        writer: GroupWriter,
        actor: Actor,
        seems_urgent: Callable[[Sequence[str]], list[bool]],
        *,
        wake: Callable[[], None],
    ) -> None:
        """Start the thread; it goes on where one before it ended.

        Args:
            store: an open one.
            writer: of the store.
            actor: who removes what nobody has had screened, in the audit.
            seems_urgent: of each text, whether somebody in it may be in danger.
            wake: tells those who screen that something was stored.
        """
        self._store = store
        self._writer, self._actor, self._seems_urgent, self._wake = writer, actor, seems_urgent, wake
        self._name = uuid4().hex
        self._closed, self._asked = threading.Event(), threading.Event()
        self._count_at = self._look_for_old_at = 0.0
        if store.database.is_sqlite:  # a file has one service: who held anything is gone
            self._write(lambda connection: storing.let_go(connection, None), goes_last=True)
        self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)
        self._thread.start()

    def opened(self, upload: Upload) -> BufferedReader:
        """Open the bytes of a file from their start; they are in memory only."""
        return open_upload(self._store, upload)

    def results(self, upload: Upload, form: Form, names: Names, *, with_words: bool) -> Iterator[bytes]:
        """Yield a file of all rows of an upload; see `results`."""
        return results(self._store, upload, form, names, with_words=with_words)

    def look(self) -> None:
        """Look for work now: somebody asked for something."""
        self._asked.set()

    def close(self) -> None:
        """End after the rows that are being stored; the next service goes on."""
        self._closed.set()
        self._asked.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._asked.clear()
            try:
                while not self._closed.is_set() and (upload := self._next()):
                    self._store_rows(upload)
                self._count()
                self._end_abandoned()
                self._remove_chunks()
            except Exception as error:  # whatever it is: a thread that ends here leaves rows unstored
                logger.warning("uploaded files wait: %s", describe(error))
                self._closed.wait(_LOOK_SECONDS)
            self._asked.wait(_LOOK_SECONDS)
        try:
            self._write(lambda connection: storing.let_go(connection, self._name), goes_last=True)
        except Exception as error:  # others wait a while longer for what this one held
            logger.warning("an uploaded file is gone on with later: %s", describe(error))

    def _next(self) -> Upload | None:
        keyring = self._store.keyring
        if not self._store.database.read(storing.is_any_to_store):
            return None
        return self._write(
            lambda connection: storing.take_next(connection, keyring, self._name, now_ms=now_ms()),
            goes_last=True,
        )

    def _store_rows(self, upload: Upload) -> None:
        """Store the rows of a file from where it was left."""
        keyring = self._store.keyring
        choice = Choice.from_dict(upload.choice or {})

        def open_bytes() -> BinaryIO:
            return open_upload(self._store, upload, self._check_open)

        try:
            source = opened_source(upload.kind, open_bytes, choice)
            whole = replace(choice, columns=source.columns).to_dict()
            self._write(
                lambda connection: storing.note_total(connection, keyring, upload, whole, source.total),
                goes_last=True,
            )
            rows = islice(read_rows(source, choice), upload.rows_read, None)
            for group in _groups(rows):
                if self._closed.is_set() or not self._keep(upload, group):
                    return
                self._wake()
                self._count()
                self._closed.wait(_PAUSE_SECONDS)
        except StoreUnavailableError:
            raise  # it is gone on with when there is a database
        except Exception as error:  # whatever it is: other files wait behind this one
            logger.warning("an uploaded file cannot be read to its end: %s", describe(error))
            self._end(upload, UNREADABLE)
        else:
            self._write(lambda connection: storing.end_storing(connection, keyring, upload, now_ms=now_ms()))

    def _check_open(self) -> None:
        """Do not read a whole file before the service ends."""
        if self._closed.is_set():
            raise StoreUnavailableError("the service ends: the next one goes on")

    def _keep(self, upload: Upload, group: Sequence[tuple[int, FileRow | Refused]]) -> bool:
        """Store rows; return whether that was still to be done."""
        texts = [row.report.words() for _, row in group if isinstance(row, FileRow)]
        urgent = iter(self._seems_urgent(texts) if texts else ())
        read = [
            ReadRow(number, _incoming(row, seems_urgent=next(urgent)))
            if isinstance(row, FileRow)
            else ReadRow(number, None, row.code, row.message)
            for number, row in group
        ]
        return self._write(
            lambda connection: storing.keep_rows(
                connection, self._store.keyring, upload, self._name, read, now_ms=now_ms()
            )
        )

    def _end(self, upload: Upload, code: str) -> None:
        self._write(
            lambda connection: storing.end_upload(
                connection, self._store.keyring, self._actor, upload, code=code, now_ms=now_ms()
            )
        )

    def _count(self) -> None:
        """Write down how many reports of each upload are screened, if that was not done just now."""
        began = time.monotonic()
        if began < self._count_at:
            return
        for serial in self._store.database.read(storing.under_way):
            count = self._store.database.read(
                lambda connection, serial=serial: storing.count_screened(connection, serial)  # type: ignore[misc]
            )
            self._write(
                lambda connection, serial=serial, count=count: storing.note_screened(  # type: ignore[misc]
                    connection, serial, count, now_ms=now_ms()
                ),
                goes_last=True,
            )
        ended = time.monotonic()
        self._count_at = ended + max(_LOOK_SECONDS / 2, _COUNT_TIMES * (ended - began))

    def _end_abandoned(self) -> None:
        if time.monotonic() < self._look_for_old_at:
            return
        database, keyring = self._store.database, self._store.keyring
        for serial in database.read(lambda connection: storing.abandoned(connection, now_ms=now_ms())):
            upload = database.read(
                lambda connection, serial=serial: upload_numbered(connection, keyring, serial)  # type: ignore[misc]
            )
            self._end(upload, storing.ABANDONED)
        self._look_for_old_at = time.monotonic() + _LOOK_FOR_OLD_SECONDS

    def _remove_chunks(self) -> None:
        """Remove what nobody needs any more, a chunk at a time."""
        while not self._closed.is_set():
            serial = self._store.database.read(storing.next_removed)
            if serial is None:
                return
            self._write(
                lambda connection, serial=serial: storing.remove_chunk(connection, serial),  # type: ignore[misc]
                goes_last=True,
            )
            self._closed.wait(_PAUSE_SECONDS)

    def _write(self, work: Callable[[Connection], Result], *, goes_last: bool = False) -> Result:
        return self._writer.submit(work, goes_last=goes_last).result()


def _incoming(row: FileRow, *, seems_urgent: bool) -> Incoming:
    incoming = row.report.incoming(seems_urgent=seems_urgent)
    return replace(incoming, details={**incoming.details, OF_FILE: dict(row.told)})


def _groups(
    rows: Iterator[tuple[int, FileRow | Refused]],
) -> Iterator[list[tuple[int, FileRow | Refused]]]:
    """Yield rows in lists of at most `GROUP_ROWS`, fewer where they are long."""
    group: list[tuple[int, FileRow | Refused]] = []
    chars = 0
    for number, row in rows:
        group.append((number, row))
        chars += len(row.report.words()) if isinstance(row, FileRow) else 0
        if len(group) == GROUP_ROWS or chars >= GROUP_CHARS:
            yield group
            group, chars = [], 0
    if group:
        yield group
