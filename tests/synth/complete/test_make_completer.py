"""Completers by name, what each lacks told in a line; and requests, which name files."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from synth.complete import CompleterError, Recorded, Request, make_completer
from tests.endpoint import Endpoint
from tests.synth.complete.asking import HELLO, ask, pong

ROOT = Path(__file__).resolve().parents[3]


def test_a_digest_is_of_the_conversation_alone() -> None:
    assert HELLO.digest == Request("other", 2, HELLO.messages).digest
    assert HELLO.digest != replace(HELLO, messages=HELLO.messages[::-1]).digest
    assert HELLO.digest == "aef91b23a2fba86885d00f0be19fc6af5a2b2d5c7a05facb1551e2f9bbcbd631"


@pytest.mark.parametrize("task", ["", "../up", "a/b", ".hidden", "a b", "a\n", "x" * 201])
def test_a_task_that_cannot_name_a_file_is_refused(task: str) -> None:
    with pytest.raises(ValueError, match="names a file"):
        Request(task, 1, ())


def test_a_turn_before_the_first_is_refused() -> None:
    with pytest.raises(ValueError, match="turns count from 1"):
        Request("greet", 0, ())


def test_completers_are_made_by_name(tmp_path: Path) -> None:
    with Endpoint(pong) as endpoint:
        assert make_completer("openai", model="tiny", base_url=endpoint.url).identity == "openai:tiny"
    assert make_completer("recorded", recorded=tmp_path).identity == "recorded"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("openai", "say which model"),
        ("vllm", "say which model"),
        ("recorded", "say which directory"),
        ("gpt", "there are recorded, openai, vllm"),
    ],
)
def test_a_completer_that_lacks_something_says_what(name: str, said: str) -> None:
    with pytest.raises(CompleterError, match=said):
        make_completer(name)


def test_what_a_completer_says_is_recorded_on_demand(tmp_path: Path) -> None:
    with Endpoint(pong) as endpoint:
        ask(
            make_completer("openai", model="tiny", base_url=endpoint.url, record=tmp_path / "new", provenance="A test.")
        )
    assert "provenance: A test.\n" in (tmp_path / "new" / "greet.1.md").read_text()
    assert ask(Recorded(tmp_path / "new")).text == pong([])


def test_a_recording_without_provenance_is_refused_before_a_folder_is_made(tmp_path: Path) -> None:
    with pytest.raises(CompleterError, match=r"give a provenance as well \(--provenance\)"):
        make_completer(
            "openai", model="tiny", base_url="http://127.0.0.1:1/v1", record=tmp_path / "new", provenance=" "
        )
    assert not (tmp_path / "new").exists()


def test_prices_and_budget_are_checked_before_anything_is_asked() -> None:
    local: Any = {"model": "tiny", "base_url": "http://127.0.0.1:1/v1"}
    with pytest.raises(CompleterError, match="prices 'cheap' cannot be read"):
        make_completer("openai", **local, prices="cheap")
    with pytest.raises(CompleterError, match="without prices: add --prices"):
        make_completer("openai", **local, budget_usd=5)
    made = make_completer("openai", **local, prices="1.25,10", budget_usd=5)
    assert made.identity == "openai:tiny"


def test_the_module_is_light_until_an_endpoint_is_wanted() -> None:
    heavy = "{'openai', 'httpx2', 'pydantic', 'vllm', 'torch'}"
    code = f"import sys, synth.complete; print(*{heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.strip() == ""
