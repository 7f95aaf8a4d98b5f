"""Documentation is tested: the examples in docstrings run, and nothing on the command line is without its help."""

import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import brickyard
from tests.test_architecture import MODULES, ROOT

NAMES = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in MODULES]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_module_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def commands(command: Any, path: str = "brickyard") -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{path} {name}")


COMMANDS = dict(commands(typer.main.get_command(brickyard.app)))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_option_and_argument_says_what_it_is_for(path: str) -> None:
    command = COMMANDS[path]
    assert command.help
    assert [p.name for p in command.params if p.name != "help" and not getattr(p, "help", None)] == []


def test_the_page_of_the_command_line_names_every_command() -> None:
    told = brickyard.__doc__ or ""
    assert [path for path in COMMANDS if path.count(" ") == 1 and f"    {path} " not in told] == []


def test_there_are_commands_and_examples_to_look_at() -> None:
    assert "brickyard pool play" in COMMANDS
    assert Path(brickyard.__file__).parent == ROOT
