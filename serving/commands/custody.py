"""The commands of who keeps the store: verify, purge, hold, export-case, store-key."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select

from models.errors import InputError
from models.screening import DISCLAIMER_EN
from serving.clock import now_ms
from serving.commands.command import DONE, FAULTY, Commands
from serving.commands.office import operator_of, words_given
from serving.moment import iso
from serving.reports import case_export
from serving.settings import MOST_RETENTION_DAYS, Settings
from serving.store.custody import purge, rotation
from serving.store.custody.holds import place_hold, read_holds, release_hold
from serving.store.custody.notes import lost_links, newest_links
from serving.store.custody.verify import faults
from serving.store.finding import find_report
from serving.store.home import Store, open_store, place_of
from serving.store.tables import REPORT
from serving.terminal import say, visible

BATCH: Final = 8
_CASE: Final = "case number or id of a report"


def add_custody_commands(commands: Commands) -> None:
    """Add the commands to those of `scamscreen`; what they do is `options.command`."""
    check = commands.add_parser("verify", help="check that nothing in the store of reports was changed")
    check.add_argument(
        "--note",
        type=Path,
        metavar="FILE",
        help="kept elsewhere: the newest link of each audit, which is to be there at the next check",
    )
    check.set_defaults(command=verify_command)

    remove = commands.add_parser("purge", help="remove the words of old reports, or of one")
    remove.add_argument("--older-than", type=_days, metavar="DAYS", help="default: SCAMSCREEN_RETENTION_DAYS")
    remove.add_argument("--report", metavar="CASE", help=f"{_CASE}: remove the words of this one")
    remove.add_argument("--reason", help="why, with --report; - reads it from the standard input")
    remove.add_argument("--dry-run", action="store_true", help="only count what would be purged")
    remove.set_defaults(command=purge_command)

    _add_hold(commands)

    export = commands.add_parser(
        "export-case", help="write a report, its records, history and hashes to a folder"
    )
    export.add_argument("case", metavar="CASE", help=_CASE)
    export.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty one")
    export.set_defaults(command=export_command)

    keys = commands.add_parser("store-key", help="change the key that encrypts the store of reports")
    actions = keys.add_subparsers(title="actions", required=True, metavar="ACTION")
    rotate = actions.add_parser("rotate", help="make a new key, and encrypt everything with it")
    rotate.set_defaults(command=rotate_command)


def verify_command(options: argparse.Namespace) -> int:
    """Print a line for each fault; return 1 if there is any. If there is none, note the newest links."""
    note: Path | None = options.note
    noted = note.read_text(encoding="ascii").splitlines() if note and note.exists() else []

    def checked(connection: Connection) -> tuple[int, int, list[str]]:
        found = chain(faults(connection, store.keyring), lost_links(connection, noted))
        reports = connection.execute(select(func.count()).select_from(REPORT)).scalar_one()
        return reports, sum(_print(fault) for fault in found), newest_links(connection)

    with _opened() as store:
        reports, count, newest = store.database.read(checked)
    place = place_of(Settings.from_environment().store)
    if count:
        say(f"{count} faults in {place}: keep the store as it is, and compare it with a copy")
        return FAULTY
    if note:
        note.write_text("".join(f"{line}\n" for line in newest), encoding="ascii")
    say(f"{place}: {reports:,} reports and all that belongs to them are as they were stored")
    return DONE


def purge_command(options: argparse.Namespace) -> int:
    """Remove the words of one report, or of all that are too old."""
    if options.report is None:
        return _purge_old(options)
    if not options.reason or options.older_than is not None:
        raise InputError("--report goes with --reason, and without --older-than")
    reason = words_given(options.reason)
    with _opened() as store:
        if options.dry_run:
            row = store.database.read(lambda c: find_report(c, options.report, organisation_id=None))
            say(f"would purge {row.case_ref}")
            return DONE
        actor = operator_of(store.database)
        store.database.write(
            lambda connection: purge.purge_report(
                connection,
                store.keyring,
                actor,
                options.report,
                reason=reason,
                now_ms=now_ms(),
                organisation_id=None,
            )
        )
        _empty_log(store)
    say("purged: hash, size, time and reason stay; copies of the store made before still hold the rest")
    return DONE


def _purge_old(options: argparse.Namespace) -> int:
    days = options.older_than or Settings.from_environment().retention_days
    if days is None:
        raise InputError("expected --older-than DAYS or --report CASE: SCAMSCREEN_RETENTION_DAYS is not set")
    if options.reason:
        raise InputError("--reason goes with --report")
    with _opened() as store:
        count = store.database.read(
            lambda connection: purge.count_old(connection, days=days, now_ms=now_ms())
        )
        if options.dry_run:
            say(f"would purge {count:,} reports stored over {days} days before {_today()}")
            return DONE
        actor, total = operator_of(store.database), 0
        while purged := store.database.write(
            lambda connection: purge.purge_old(
                connection, store.keyring, actor, days=days, limit=BATCH, now_ms=now_ms()
            )
        ):
            total += purged
        _empty_log(store)
    say(f"purged {total:,} reports stored over {days} days before {_today()}")
    return DONE


def hold_add_command(options: argparse.Namespace) -> int:
    """Place a legal hold and print its number."""
    why = words_given(options.why)
    with _opened() as store:
        actor = operator_of(store.database)
        number = store.database.write(
            lambda connection: place_hold(
                connection,
                store.keyring,
                actor,
                options.case,
                why=why,
                until_ms=options.until,
                now_ms=now_ms(),
                organisation_id=None,
            )
        )
    _print(str(number))
    return DONE


def hold_list_command(_: argparse.Namespace) -> int:
    """Print a line for each legal hold that lasts: number, case, since, until, why."""
    with _opened() as store:
        holds = store.database.read(lambda c: read_holds(c, store.keyring, now_ms=now_ms()))
    for hold in holds:
        until = "until released" if hold.until_ms is None else f"until {iso(hold.until_ms)}"
        why = visible(hold.why or "")
        _print(f"{hold.number}\t{hold.case_ref}\tsince {iso(hold.placed_ms)}\t{until}\t{why}")
    return DONE


def hold_release_command(options: argparse.Namespace) -> int:
    """End a legal hold."""
    with _opened() as store:
        actor = operator_of(store.database)
        store.database.write(
            lambda connection: release_hold(
                connection, store.keyring, actor, options.number, now_ms=now_ms(), organisation_id=None
            )
        )
    say(f"hold {options.number} is released")
    return DONE


def export_command(options: argparse.Namespace) -> int:
    """Write all of a case to a folder; that it was done is in the audit."""
    case_export.check_folder(options.folder)
    with _opened() as store:
        actor = operator_of(store.database)
        files = store.database.write(
            lambda connection: case_export.export_case(
                connection, store.keyring, actor, options.case, now_ms=now_ms()
            )
        )
    case_export.write_files(options.folder, files)
    say(
        f"{len(files)} files in {options.folder.resolve()}, NOT encrypted; check them there with: "
        f"sha256sum -c {case_export.MANIFEST}"
    )
    say(DISCLAIMER_EN)
    return DONE


def rotate_command(_: argparse.Namespace) -> int:
    """Change the key; return 1 if something could not be opened, so that the old keys had to stay."""
    settings = Settings.from_environment()
    with _opened() as store:
        say("encrypting everything with a new key; when stopped, run it again")
        done = rotation.rotate(store.database, settings.key_file, wait=time.sleep)
        for place in done.unopened:
            _print(f"{place}: no key opens it")
        actor = operator_of(store.database)
        store.database.write(
            lambda connection: rotation.write_down(connection, store.keyring, actor, done, now_ms=now_ms())
        )
    if done.unopened:
        say("the old keys stay in the key file: see `scamscreen verify`, then run it again")
        return FAULTY
    say(
        f"{done.resealed:,} values have a new key, the old ones are dropped. Copy {settings.key_file} to its "
        "safe place; copies of the store from before need the key file from before."
    )
    return DONE


def _add_hold(commands: Commands) -> None:
    hold = commands.add_parser("hold", help="keep reports from being purged")
    actions = hold.add_subparsers(title="actions", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="place a legal hold; prints its number")
    add.add_argument("case", metavar="CASE", help=_CASE)
    add.add_argument("--why", required=True, help="kept encrypted; - reads it from the standard input")
    add.add_argument("--until", type=_end_of_day, metavar="YYYY-MM-DD", help="last day (default: none)")
    add.set_defaults(command=hold_add_command)
    listed = actions.add_parser("list", help="print the holds that last")
    listed.set_defaults(command=hold_list_command)
    release = actions.add_parser("release", help="end a hold")
    release.add_argument("number", type=int, metavar="NUMBER")
    release.set_defaults(command=hold_release_command)


@contextmanager
def _opened() -> Iterator[Store]:
    """Open the store named by the environment; begins none."""
    settings = Settings.from_environment()
    if not settings.key_file.is_file():
        raise InputError(
            f"{settings.key_file} is not there: set SCAMSCREEN_HOME to the folder of the store, "
            "or bring its copy back if it is lost"
        )
    store = open_store(settings.store, settings.key_file)
    try:
        yield store
    finally:
        store.database.close()


def _empty_log(store: Store) -> None:
    if not store.database.empty_log():
        say("others read the store: what was purged leaves its log when they are done, or at the next purge")


def _today() -> str:
    """Return the day by the clock of the machine: whoever purges by age sees whether it is right."""
    return iso(now_ms()).partition("T")[0]


def _days(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given[:9]) <= MOST_RETENTION_DAYS:
        raise argparse.ArgumentTypeError(f"expected 1 to {MOST_RETENTION_DAYS:,} days")
    return int(given)


def _end_of_day(given: str) -> int:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError("expected a day, as 2027-12-31") from None
    after = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return int(after.timestamp() * 1000)


def _print(line: str) -> int:
    sys.stdout.write(f"{line}\n")
    return 1
