"""A second author's solution against the first one's: agreement, difference and inability are three results."""

from functools import partial

import pytest

from sandbox import Sandbox
from sandbox.admit import Judge, judge_all
from sandbox.audit import second
from sandbox.audit.second import Opinion, Second
from sandbox.subject import Subject, opened
from synth import prompts
from synth.complete import make_completer
from synth.pool import Pool
from synth.program import read
from tests.conftest import EXAMPLES, ROOT

RUN = (ROOT / "seeds" / "examples" / "longest_run.py").read_text()
GROUPED = """from itertools import groupby


def solve(xs: list[int]) -> int:
    return max(len(list(group)) for _, group in groupby(xs))
"""


def compared(judge: Judge, first: str, other: str) -> Second:
    with Subject(read(first), partial(opened, judge.box), partial(opened, judge.other)) as subject:
        return second.compare(subject, other, judge.box)


def test_two_authors_who_mean_the_same_agree_on_hundreds_of_instances(judge: Judge) -> None:
    told = compared(judge, RUN, GROUPED)
    assert (told.opinion, told.instances, told.differed) == (Opinion.AGREES, 240, 0)


def test_a_difference_is_shown_on_the_smallest_instance_that_is_admitted(judge: Judge) -> None:
    told = compared(judge, RUN, GROUPED.replace("return max(", "return 3 if 2 in xs else max("))
    assert told.opinion is Opinion.DIFFERS
    assert told.differed > 100
    assert told.difference is not None
    assert (told.difference.instance, told.difference.first, told.difference.second) == ({"xs": [2]}, 1, 3)


def test_an_answer_of_another_type_is_another_answer(judge: Judge) -> None:
    told = compared(judge, RUN, "def solve(xs: list[int]) -> int:\n    return str(len(xs))\n")
    assert told.opinion is Opinion.DIFFERS


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def solve(xs: list[int]) -> int:\n    return 1 // (len(xs) - len(xs))\n", "raised at difficulty"),
        ("def solve(xs: list[int]) -> int:\n    while True:\n        pass\n", "timed out at difficulty"),
        ("import os\n\n\ndef solve(xs: list[int]) -> int:\n    return 1\n", "it does not load"),
        ("def answer(xs: list[int]) -> int:\n    return 1\n", "no function 'solve'"),
    ],
)
def test_a_second_author_who_fails_has_no_opinion(judge: Judge, source: str, why: str) -> None:
    told = compared(judge, RUN, source)
    assert told.opinion is Opinion.CANNOT
    assert why in told.why


def test_a_reply_may_say_that_the_words_are_unclear_and_only_that_is_unclear() -> None:
    assert second.solution("Well.\nUNCLEAR: from 0 or from 1?") == ("", "UNCLEAR: from 0 or from 1?")
    assert second.solution("```python\nprint(1)\n```")[0] == ""
    assert second.solution(f"First this.\n```python\n{GROUPED}```\nDone.") == (GROUPED, "")


def test_the_second_author_is_shown_the_statement_and_the_signature_and_no_code() -> None:
    for path in EXAMPLES:
        program = read(path.read_text())
        system, user = prompts.second(program)
        assert f"solve{program.signature}" in user.content
        code = [line.strip() for line in program.source.splitlines() if line.startswith("    ")]
        shown = [line for line in code if len(line) > 20 and line in system.content + user.content]
        assert shown == []


def test_the_audit_asks_the_second_author_of_what_it_admits(judge: Judge, tmp_path) -> None:
    paths = [ROOT / "seeds" / "examples" / name for name in ("longest_run.py", "pick_sum.py")]
    (tmp_path / "longest_run.py").write_text(GROUPED)
    rows = {row["name"]: row for row in judge_all(judge, paths, 1, second.from_files(tmp_path))}
    assert rows["longest_run"]["second"]["opinion"] == "agrees"
    assert rows["pick_sum"]["second"]["why"].startswith("it is a relation")


def test_without_a_second_author_nothing_is_compared(judge: Judge) -> None:
    (row,) = judge_all(judge, [ROOT / "seeds" / "examples" / "longest_run.py"], 1)
    assert "second" not in row


def test_a_reply_that_was_not_recorded_is_no_opinion(judge: Judge, tmp_path, box: Sandbox) -> None:
    author = second.from_completer(make_completer("recorded", recorded=tmp_path))
    source, why = author("longest_run", read(RUN))
    assert source == ""
    assert "longest_run.second.1" in why


def test_the_recorded_second_authors_agree_with_the_recorded_first_ones(judge: Judge, basics: Pool) -> None:
    author = second.from_completer(make_completer("recorded", recorded=ROOT / "seeds" / "recorded"))
    rows = list(judge_all(judge, [basics.folder], 1, author))
    assert {row["second"]["opinion"] for row in rows} == {"agrees"}
    assert len(rows) == len(basics)
