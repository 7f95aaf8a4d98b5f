"""A reader's two answers: asked with all that there is to read, read off closing lines, and never guessed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sandbox.audit import reader
from sandbox.audit.asking import Line
from sandbox.audit.reader import Reading, parse
from synth import prompts
from synth.complete import Recorded
from synth.complete.recorded import Transcript
from synth.program import read
from tests.conftest import EXAMPLES, ROOT

RUN = read((ROOT / "seeds" / "examples" / "longest_run.py").read_text())
CLOSING = "CLEAR: yes - every rule is stated\nLOOPHOLE: no - all is recomputed"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Recordings of a reader who thought aloud, and of one who never came to an end."""
    for name, reply in {
        "longest_run": f"Is it?\nCLEAR: no - ties\n\nIt is.\n{CLOSING}\n",
        "other": "Let me see.",
    }.items():
        kept = Transcript(
            f"{name}.reader", 1, "a-model", date(2026, 1, 2).isoformat(), "0" * 64, 1, 1, "stop", "a test", reply
        )
        (tmp_path / f"{name}.reader.1.md").write_bytes(bytes(kept))
    return tmp_path


@pytest.fixture
def line(folder: Path) -> Iterator[Line]:
    with Line(Recorded(folder)) as line:
        yield line


def test_a_recorded_reader_is_believed_in_its_closing_lines(line: Line) -> None:
    told = reader.from_line(line)("longest_run", RUN)
    assert told == Reading(True, "every rule is stated", False, "all is recomputed", "", "a-model")
    assert told.notes == []


def test_a_reply_that_does_not_close_says_so_and_nothing_else(line: Line) -> None:
    told = reader.from_line(line)("other", RUN)
    assert (told.clear, told.loophole, told.notes) == (None, None, [])
    assert told.why == "the reply has no line CLEAR: yes or no and no line LOOPHOLE: yes or no"


def test_a_reply_that_was_not_recorded_is_no_reading(line: Line) -> None:
    told = reader.from_line(line)("nobody_read_this", RUN)
    assert (told.clear, told.loophole) == (None, None)
    assert "nobody_read_this.reader.1" in told.why


@pytest.mark.parametrize(
    ("written", "clear", "why"),
    [
        ("CLEAR: yes - a - b", True, "a - b"),
        ("CLEAR: no — the tie", False, "the tie"),
        ("**CLEAR:** No. The tie.", False, "The tie."),
        ("**CLEAR: no** - the tie", False, "the tie"),
        ("> - `CLEAR: yes - as said`", True, "as said"),
        ("clear : YES, it is\r", True, "it is"),
        ("CLEAR: yes", True, ""),
        ("CLEAR: no - first\nCLEAR: yes - then", True, "then"),
        ("CLEAR: yes|no - reason", None, ""),
        ("CLEAR: yes and no - both", None, ""),
        ("CLEAR: yesterday - it was", None, ""),
        ("CLEAR: mostly - but", None, ""),
        ("CLEAR:\nno - on the next line", None, ""),
        ("It is CLEAR: yes - in a sentence", None, ""),
        ("UNCLEAR: no - another word", None, ""),
    ],
)
def test_a_closing_line_is_read_in_any_dress_but_only_as_yes_or_no(written: str, clear: bool | None, why: str) -> None:
    told = parse(f"Thinking.\n{written}\nLOOPHOLE: no - none")
    assert (told.clear, told.clear_why, told.loophole) == (clear, why, False)
    assert bool(told.why) is (clear is None)


def test_what_a_reader_finds_is_a_note_with_its_reason() -> None:
    told = parse("CLEAR: no - two orders are meant\nLOOPHOLE: yes - [] passes")
    assert told.notes == ["a reader finds it unclear: two orders are meant", "a reader finds a loophole: [] passes"]


def test_a_reply_of_a_megabyte_is_read_at_once() -> None:
    told = parse("CLEAR: yes -" + " " * 1_000_000 + "*`" * 100_000 + "\n" + "LOOPHOLE " * 100_000)
    assert (told.clear, told.loophole) == (True, None)


def test_a_reader_sees_statement_signature_and_every_line_of_the_module() -> None:
    for path in EXAMPLES:
        program = read(path.read_text())
        system, user = prompts.reader(program)
        assert program.source.strip() in user.content
        assert f"`{program.signature}`" in user.content
        assert program.sentence({name: name for name in program.signature.domain}) in user.content
        assert "CLEAR" in system.content
        assert "LOOPHOLE" in system.content
