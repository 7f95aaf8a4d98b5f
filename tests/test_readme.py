"""What the README claims and a machine can check."""

import re
import subprocess
import sys

from sandbox import laws
from sandbox.admit import readable
from synth.verdict import READABLE
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()


def test_the_table_of_laws_is_the_list_of_laws() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", README, re.MULTILINE)
    assert readable.__name__ == READABLE
    assert rows == [(law.__name__, laws.about(law)) for law in (readable, *laws.LAWS)]


def test_the_environment_shown_is_the_file_it_names() -> None:
    named = re.search(r"This is `(seeds/examples/\w+\.py)`:\n\n```python\n(.*?)```", README, re.DOTALL)
    assert named is not None
    assert (ROOT / named[1]).read_text() == named[2]


def test_every_command_shown_exists_with_its_options() -> None:
    shown = re.findall(r"^brickyard (\w+(?: (?:list|show|play|stats|graph))?)([^#\n]*)", README, re.MULTILINE)
    assert len(shown) > 8
    for command, rest in shown:
        words = [sys.executable, str(ROOT / "brickyard.py"), *command.split(), "--help"]
        told = subprocess.run(words, capture_output=True, text=True, check=True, env={"COLUMNS": "200"}).stdout
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in told, f"{command} has no {option}"
