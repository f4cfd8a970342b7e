"""Commands of `scamscreen-train` that documents show exist, with those options."""

import re
import shlex
from pathlib import Path

import pytest
from torch.distributed.run import get_args_parser

from training.cli import command_line

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"(?:scamscreen-train|-m (?:-- )?training\.cli) ([a-z][^`\n]*)")
COMMANDS = [
    (path.name, found)
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for line in path.read_text(encoding="utf-8").splitlines()
    if line.startswith("    ")
    for found in SHOWN.findall(line)
]


def test_the_documents_show_commands_of_every_stage() -> None:
    shown = {command.split()[0] for name, command in COMMANDS if name == "retraining.md"}

    assert shown >= {"data", "train", "grow", "compare", "promote", "suggest", "learning-curve", "drift"}


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_a_command_that_is_shown_can_be_typed(name: str, command: str) -> None:
    options = command_line().parse_args(shlex.split(command, comments=True))

    assert callable(options.command)


def test_torchrun_leaves_to_training_what_is_said_to_training() -> None:
    text = (ROOT / "docs" / "retraining.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"(?m)^    torchrun (.*)", text)
    options = get_args_parser().parse_args(shlex.split(shown))

    assert (options.module, options.training_script) == (True, "training.cli")
    assert command_line().parse_args(options.training_script_args).run == Path("runs/gambling")
