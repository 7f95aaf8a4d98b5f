"""A sandbox for foreign code: what was imported and read before the layers went on is there, and nothing else is."""

import platform
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Ending, Sandbox, SandboxError

RELEASE = Path("/etc/os-release")
PROGRAM = """
import wsgiref.util
import socket, os

def known():
    return wsgiref.util.guess_scheme({"HTTPS": "on"})

def reads(path):
    with open(path) as file:
        return file.read()

def reads_bytes(path):
    with open(path, "rb") as file:
        return len(file.read())

def writes(path):
    with open(path, "w") as file:
        return file.write("x")

def connects():
    return str(socket.socket())

def forks():
    return os.fork()

def imports(name):
    return str(__import__(name))
"""


@pytest.fixture(scope="module")
def foreign() -> Iterator[Sandbox]:
    with Sandbox(preload=("wsgiref.util", "socket", "platform:freedesktop_os_release")) as box:
        yield box


def test_every_layer_is_on_but_the_policy_and_the_manifest_says_so(foreign: Sandbox, box: Sandbox) -> None:
    assert {*foreign.manifest.active} == {*box.manifest.active} - {"policy"}
    assert "wsgiref.util" in foreign.manifest.missing["policy"]
    assert "policy" not in box.manifest.missing


def test_a_program_uses_what_was_preloaded(foreign: Sandbox) -> None:
    with foreign.open(PROGRAM) as program:
        assert program.call("known", {}).value == "https"


@pytest.mark.skipif(not RELEASE.exists(), reason="this system has no /etc/os-release")
def test_a_file_that_was_read_while_preloading_is_read_again_from_memory(foreign: Sandbox) -> None:
    platform.freedesktop_os_release()
    with foreign.open(PROGRAM) as program:
        assert program.call("reads", {"path": str(RELEASE)}).value == RELEASE.read_text()
        assert program.call("reads_bytes", {"path": str(RELEASE)}).value == RELEASE.stat().st_size


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("reads", {"path": "/etc/passwd"}),
        ("reads", {"path": __file__}),
        ("writes", {"path": "/tmp/brickyard-was-here"}),
        ("connects", {}),
        ("forks", {}),
        ("imports", {"name": "sqlite3"}),
    ],
)
def test_foreign_code_has_no_other_file_no_network_no_process_and_no_other_module(
    foreign: Sandbox, function: str, arguments: dict[str, str]
) -> None:
    with foreign.open(PROGRAM) as program:
        outcome = program.call(function, arguments)
    assert outcome.ending is Ending.RAISED
    assert any(word in outcome.error for word in ("not permitted", "Permission denied", "unavailable", "No module"))


def test_a_module_that_cannot_be_imported_is_one_line_that_names_it() -> None:
    with pytest.raises(SandboxError, match=r"no_such_module cannot be imported .*No module named 'no_such_module'"):
        Sandbox(preload=("no_such_module",))
