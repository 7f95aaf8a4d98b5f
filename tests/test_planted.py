"""What an audit catches of planted defects, and that it leaves sound ones alone; ``make planted`` shows all."""

import asyncio
from pathlib import Path

import pytest

from sandbox.admit import Judge
from sandbox.audit.run import against
from synth.arbiter import Hearing, Means
from synth.author import Asking, Attempt
from synth.complete import Completion, Request, make_completer
from synth.ledger import Ledger
from synth.program import read_file
from synth.tasks import Task
from tests.planted.__main__ import HERE, NEEDS_SECOND, audited, class_of, table

CLASSES = sorted(path.name for path in (HERE / "held_out").iterdir() if path.is_dir())
DEEPER = {"missing_cake", "stamp_postage"}
"""Of the last two of each class: what only ``--deep`` catches."""


def test_defects_of_every_class_are_caught_by_the_laws_and_a_second_author(judge: Judge) -> None:
    files = [file for name in CLASSES for file in sorted((HERE / "held_out" / name).glob("*.py"))[-2:]]
    told = list(audited(judge, "held_out", files, deep=False))
    caught = {class_of(row) for row in told if against(row)}
    missed = [row["name"] for row in told if not against(row) and row["name"] not in DEEPER]
    assert len(files) >= 2 * 13
    assert (caught, missed) == ({*CLASSES}, [])


def test_sound_environments_hold_relations_among_them(judge: Judge) -> None:
    files = sorted((HERE / "sound").glob("*.py"))[::5]
    told = list(audited(judge, "sound", files, deep=False))
    assert [(row["name"], against(row)) for row in told if against(row)] == []
    assert any(row["certificate"]["false_accepts"] for row in told)


@pytest.mark.parametrize("shelf", ["first", "held_out"])
def test_every_planted_defect_is_told_in_a_sentence(shelf: str) -> None:
    files = sorted((HERE / shelf).glob("*/*.py"))
    assert len(files) >= 40
    assert all(len(file.with_suffix(".txt").read_text().split()) > 5 for file in files)


def test_the_table_counts_what_was_caught_by_class_and_by_law() -> None:
    caught = {"path": "x/impure/a.py", "name": "a", "admitted": False, "law": "pure", "evidence": "changed"}
    missed = {"path": "x/impure/b.py", "name": "b", "admitted": True}
    told = table("x", [caught, missed])
    assert "impure" in told
    assert "1 of 2   pure 1; missed: b" in told
    assert "mechanical: 1 of 2, 50%" in told
    assert "impure" not in NEEDS_SECOND


@pytest.mark.parametrize("path", ["solver_wrong/poker_table", "statement_contradicts/late_parcels"])
def test_a_recorded_arbiter_mends_what_two_authors_differ_on(judge: Judge, tmp_path: Path, path: str) -> None:
    program = read_file(HERE / "held_out" / f"{path}.py")
    task = Task(Path(path).name, "planted", "function", str(program.signature), "")
    bench = judge.bench()
    rulings: list[str] = []
    unasked = Completion("", "", "stop", 0, 0, 0.0, 0.0)
    request = Request(task.name, 1, ())

    async def heard() -> Attempt:
        with Ledger(tmp_path) as ledger:
            asking = Asking(make_completer("recorded", recorded=HERE / "second" / "held_out"), ledger, lambda *_: None)
            means = Means(asking, bench.judge, bench.second, lambda _: None, lambda _, wrong: rulings.append(wrong))
            verdict = await bench.judge(program.source)
            return await Hearing(Attempt(task, 1, program.source, verdict, request, unasked), {}, means).held(1)

    attempt = asyncio.run(heard())
    assert (attempt.verdict.admitted, rulings) == (True, ["first"])
    assert attempt.source != program.source
    assert attempt.second is not None
    assert attempt.second["opinion"] == "agrees"
