"""The ledger remembers what was asked and judged, whoever opens it next; one holds it at a time."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from synth.complete import Completion, Message, Request
from synth.ledger import NAME, Ledger, LedgerError, Noted, Settled, history
from synth.verdict import Certificate, Finding, Trials, Verdict

ASKED = Request("longest_run", 1, (Message("user", "Write it. \ud800 é"),))
ANSWER = Completion("a reply \ud800 é\r\n\0", "some-model", "stop", 10, 20, 0.003, 1.5)
REJECTED = Verdict("accepts", "It accepts.", Finding("it did not é", seed=2**40, difficulty=3, line=None))
ADMITTED = Verdict(
    certificate=Certificate(
        instances=240,
        false_accepts={"off by one": Trials(24, 0), "other": Trials(0, 0)},
        chance=1 / 3,
        distinct={1: 20, 10: 24},
        curve={1: {"instance": 12.5}, 10: {"instance": 1e30}},
        sandbox={"layers": ["seccomp"], "python": "3.11"},
    )
)


def remembered(ledger: Ledger) -> list[object]:
    return [
        ledger.answer("recorded", ASKED),
        ledger.answer_in_place("recorded", "longest_run", 1),
        ledger.verdict("judge", "d1"),
        ledger.verdict("judge", "d2"),
        ledger.verdict("judge", "d3"),
        dict(ledger.counts()),
    ]


def test_what_is_kept_is_remembered_as_it_was_after_reopening(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a" / "pool") as ledger:
        ledger.keep_answer("recorded", ASKED, ANSWER)
        ledger.keep_verdict("judge", "d1", REJECTED)
        ledger.keep_verdict("judge", "d2", ADMITTED)
        ledger.keep_verdict("judge", "d3", Verdict())
        ledger.note_attempt("recorded", "longest_run", 1, "d1", REJECTED)
        ledger.settle("recorded", "longest_run", "rejected", 1, "accepts", "it did not")
        before = remembered(ledger)
    with Ledger(tmp_path / "a" / "pool") as ledger:
        assert remembered(ledger) == before
    counts = {"calls": 1, "verdicts": 3, "attempts": 1, "outcomes": 1}
    assert before == [ANSWER, ANSWER, REJECTED, ADMITTED, Verdict(), counts]


def test_another_question_judge_or_source_is_not_remembered(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.keep_answer("recorded", ASKED, ANSWER)
        ledger.keep_verdict("judge", "d1", REJECTED)
        assert ledger.answer("openai:m", ASKED) is None
        assert ledger.answer("recorded", Request("longest_run", 2, ASKED.messages)) is None
        assert ledger.answer("recorded", Request("other", 1, ASKED.messages)) is None
        reworded = Request("longest_run", 1, (Message("user", "Write it!"),))
        assert ledger.answer("recorded", reworded) is None
        assert ledger.answer_in_place("recorded", "longest_run", 1) == ANSWER
        assert ledger.answer_in_place("recorded", "longest_run", 2) is None
        assert ledger.verdict("judge", "d2") is None
        assert ledger.verdict("another judge", "d1") is None


def test_what_is_kept_twice_is_there_once(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        for verdict in (REJECTED, ADMITTED):
            ledger.keep_answer("recorded", ASKED, ANSWER)
            ledger.keep_verdict("judge", "d", verdict)
            ledger.note_attempt("recorded", "t", 1, "d", verdict)
            ledger.settle("recorded", "t", "rejected", 1)
        assert ledger.verdict("judge", "d") == ADMITTED
        assert set(ledger.counts().values()) == {1}


def test_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    with Ledger(tmp_path), pytest.raises(LedgerError, match="another run is growing this pool"):
        Ledger(tmp_path)
    with Ledger(tmp_path) as ledger:
        assert ledger.counts()["calls"] == 0


def test_a_holder_that_was_killed_leaves_the_ledger_free_and_whole(tmp_path: Path) -> None:
    code = (
        "import os; from tests.synth.test_ledger import *\n"
        "Ledger(Path(sys.argv[1])).keep_answer('recorded', ASKED, ANSWER); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2])
    assert ended.returncode == -signal.SIGKILL
    with Ledger(tmp_path) as ledger:
        assert ledger.answer("recorded", ASKED) == ANSWER


def test_a_file_that_is_no_ledger_is_said_to_be_moved_away(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(LedgerError, match=r"is no ledger .*move it away"):
        Ledger(tmp_path)


def test_a_ledger_of_another_make_is_said_to_be_moved_away(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.keep_answer("recorded", ASKED, ANSWER)
        ledger.keep_verdict("judge", "d", ADMITTED)
    database = sqlite3.connect(tmp_path / NAME)
    database.execute('update calls set answer = \'{"text": "an older make"}\'')
    database.execute("update verdicts set verdict = 'torn'")
    database.commit()
    database.close()
    with Ledger(tmp_path) as ledger:
        for ask in (lambda: ledger.answer("recorded", ASKED), lambda: ledger.verdict("judge", "d")):
            with pytest.raises(LedgerError, match=r"this version did not write .*move it away"):
                ask()


def test_pages_that_were_overwritten_are_said_and_not_a_traceback(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        for number in range(200):
            ledger.keep_verdict("judge", str(number), ADMITTED)
    content = bytearray((tmp_path / NAME).read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    (tmp_path / NAME).write_bytes(content)

    def read_all() -> None:
        with Ledger(tmp_path) as ledger:
            for number in range(200):
                ledger.verdict("judge", str(number))

    with pytest.raises(LedgerError, match="move it away"):
        read_all()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "pool", Path("/proc/pool")):
        with pytest.raises(LedgerError, match=r"cannot be opened as the ledger .*writable"):
            Ledger(folder)


def test_the_history_of_a_pool_is_read_while_another_run_grows_it_and_after(tmp_path: Path) -> None:
    assert history(tmp_path) is None
    with Ledger(tmp_path) as ledger:
        ledger.keep_answer("recorded", ASKED, ANSWER)
        ledger.keep_answer("recorded", Request("longest_run", 2, (Message("user", "Again."),)), ANSWER)
        ledger.note_attempt("recorded", "longest_run", 1, "d1", REJECTED)
        ledger.note_attempt("recorded", "longest_run", 2, "d2", ADMITTED)
        ledger.settle("recorded", "longest_run", "admitted", 2)
        during = history(tmp_path)
    after = history(tmp_path)
    assert after == during is not None
    assert (after.completions, after.prompt_tokens, after.completion_tokens, after.cost_usd) == (2, 20, 40, 0.006)
    assert after.attempts == [
        Noted("recorded", "longest_run", 1, "accepts", "it did not é"),
        Noted("recorded", "longest_run", 2, "", ""),
    ]
    assert after.outcomes == [Settled("recorded", "longest_run", "admitted", 2, "", "")]


def test_reading_the_history_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.keep_answer("recorded", ASKED, ANSWER)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    history(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_history_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"no database at all" * 100)
    with pytest.raises(LedgerError, match=r"cannot be read .*move it away to do without it$"):
        history(tmp_path)
