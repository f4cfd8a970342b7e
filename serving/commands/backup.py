"""The commands `scamscreen backup` and `scamscreen restore`."""

import argparse
from pathlib import Path

from serving.commands.command import DONE, Commands
from serving.settings import Settings
from serving.store.custody import backup
from serving.store.sealing import read_keyring
from serving.terminal import say


def add_backup_commands(commands: Commands) -> None:
    """Add the commands to those of `scamscreen`; what they do is `options.command`."""
    save = commands.add_parser("backup", help="copy the store of reports to a file, while it is used")
    save.add_argument("file", type=Path, metavar="FILE", help="a new file")
    save.set_defaults(command=backup_command)
    bring_back = commands.add_parser("restore", help="put a copy in the place of the store of reports")
    bring_back.add_argument("file", type=Path, metavar="FILE", help="written by scamscreen backup")
    bring_back.set_defaults(command=restore_command)


def backup_command(options: argparse.Namespace) -> int:
    """Copy the store named by the environment."""
    settings = Settings.from_environment()
    backup.backup(settings.store, options.file)
    say(
        f"{options.file} holds the store, encrypted. The key file is NOT in it: copy {settings.key_file} "
        "to another safe place, for without it nothing in the copy can be read."
    )
    return DONE


def restore_command(options: argparse.Namespace) -> int:
    """Bring a copy back as the store named by the environment."""
    settings = Settings.from_environment()
    before = backup.restore(settings.store, options.file, read_keyring(settings.key_file))
    kept = f"; what was there before is {before}" if before else ""
    say(f"the store is that of {options.file}{kept}")
    say(
        "what came after that copy is not in it: verify, have senders send again, and do again what was "
        "revoked, held or purged since"
    )
    return DONE
