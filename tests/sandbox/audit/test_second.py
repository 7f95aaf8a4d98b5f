"""A second author's solution against the first one's: agreement, difference and inability are three results."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from sandbox.admit import Judge
from sandbox.audit import second
from sandbox.audit.asking import Line
from sandbox.audit.run import Looks, named, rows
from sandbox.subject import Subject, opened
from synth import prompts
from synth.author import solution
from synth.complete import make_completer
from synth.pool import Pool
from synth.program import read
from synth.verdict import Kind, Opinion, Second
from tests.conftest import EXAMPLES, ROOT

RUN = (ROOT / "seeds" / "examples" / "longest_run.py").read_text()
JOBS = (ROOT / "seeds" / "examples" / "order_jobs.py").read_text()
PICK = (ROOT / "seeds" / "examples" / "pick_sum.py").read_text()
GROUPED = """from itertools import groupby


def solve(xs: list[int]) -> int:
    return max(len(list(group)) for _, group in groupby(xs))
"""


ORDERED = """
def example(n: int, edges: list[tuple[int, int]]) -> list[int]:
    done: list[int] = []
    while len(done) < n:
        waits = {second for first, second in edges if first not in done}
        done.append(max(job for job in range(n) if job not in done and job not in waits))
    return done


def verify(n: int, edges: list[tuple[int, int]], answer: list[int]) -> bool:
    if len(answer) != n or set(answer) != set(range(n)):
        return False
    return all(answer.index(first) < answer.index(second) for first, second in edges)
"""
PICKED = """
def verify(xs: list[int], target: int, answer: list[int]) -> bool:
    left = dict(enumerate(xs))
    return all(place in left for place in answer) and sum(left.pop(place, 10**9) for place in answer) == target
"""
MEAN = '''"""Mean gap: how far are neighbours apart on average?"""

STATEMENT = "The mean of the absolute differences of neighbours in {xs} (of one number, 0), up to an error of 0.001."


def generate(rng, difficulty):
    return {"xs": [rng.randint(0, 99) for _ in range(4 + 3 * difficulty)]}


def solve(xs: list[int]) -> float:
    gaps = [abs(a - b) for a, b in zip(xs, xs[1:])]
    return sum(gaps) / len(gaps) if gaps else 0.0


def verify(xs: list[int], answer: float) -> bool:
    return abs(answer - solve(xs)) <= 0.001


def admits(xs: list[int]) -> bool:
    return 0 < len(xs) and all(0 <= x < 100 for x in xs)
'''
ROUNDED = """
def solve(xs: list[int]) -> float:
    return round(sum(abs(a - b) for a, b in zip(xs, xs[1:])) / max(1, len(xs) - 1), 3)
"""


@contextmanager
def subject_of(judge: Judge, source: str) -> Iterator[Subject]:
    with Subject(read(source), partial(opened, judge.box), partial(opened, judge.other)) as subject:
        yield subject


def compared(judge: Judge, first: str, other: str) -> Second:
    with subject_of(judge, first) as subject:
        return second.compare(subject, other, judge.box)


def test_two_authors_who_mean_the_same_agree_on_hundreds_of_instances(judge: Judge) -> None:
    told = compared(judge, RUN, GROUPED)
    assert (told.opinion, told.instances, told.differed) == (Opinion.AGREES, 1000, 0)
    assert told.corners > 50


def test_a_difference_is_shown_on_the_smallest_instance_that_is_admitted(judge: Judge) -> None:
    told = compared(judge, RUN, GROUPED.replace("return max(", "return 3 if 2 in xs else max("))
    assert told.opinion is Opinion.DIFFERS
    assert told.differed > 100
    assert told.difference is not None
    assert (told.difference.instance, told.difference.first, told.difference.second) == ({"xs": [2]}, 1, 3)


def test_a_difference_on_what_is_admitted_but_never_drawn_counts_as_well(judge: Judge) -> None:
    told = compared(judge, RUN, GROUPED.replace("return max(", "return 0 if len(xs) == 1 else max("))
    assert (told.opinion, told.differed) == (Opinion.DIFFERS, 0)
    assert told.corners_differed > 0
    assert told.difference is not None
    assert (len(told.difference.instance["xs"]), told.difference.second) == (1, 0)


def test_what_is_not_admitted_is_not_compared(judge: Judge) -> None:
    told = compared(judge, RUN, GROUPED.replace("return max(", "return 7 if not xs else max("))
    assert told.opinion is Opinion.AGREES


def test_fractions_are_compared_by_the_tolerance_that_the_first_grants(judge: Judge) -> None:
    assert compared(judge, MEAN, ROUNDED).opinion is Opinion.AGREES
    told = compared(judge, MEAN, ROUNDED.replace("3)\n", "1)\n"))
    assert told.opinion is Opinion.DIFFERS
    assert told.difference is not None
    assert abs(told.difference.first - told.difference.second) < 0.06


def test_two_authors_of_a_relation_agree_on_examples_references_and_wrong_answers(judge: Judge) -> None:
    told = compared(judge, JOBS, ORDERED)
    assert (told.opinion, told.instances, told.failed) == (Opinion.AGREES, 1000, 0)
    assert all(told.kinds[kind].tried > 1000 for kind in (Kind.EXAMPLE, Kind.REFERENCE, Kind.VERDICTS))


def test_a_relation_without_an_example_of_its_own_is_compared_by_its_witness(judge: Judge) -> None:
    told = compared(judge, PICK, PICKED)
    assert (told.opinion, told.instances) == (Opinion.AGREES, 1000)
    assert told.kinds.keys() == {Kind.REFERENCE, Kind.VERDICTS}


def test_an_example_alone_is_enough_for_a_relation(judge: Judge) -> None:
    alone = ORDERED.partition("def verify")[0]
    told = compared(judge, JOBS, alone)
    assert (told.opinion, told.kinds.keys()) == (Opinion.AGREES, {Kind.EXAMPLE})
    told = compared(judge, JOBS, alone.replace("return done", "return done[::-1] if len(done) > 9 else done"))
    assert (told.opinion, told.differed) == (Opinion.DIFFERS, 500)


@pytest.mark.parametrize(
    ("first", "other", "kind", "verdicts"),
    [
        (JOBS.replace("return all(", "return n < 6 or all("), ORDERED, Kind.VERDICTS, (True, False)),
        (JOBS.replace("sorted(answer) != list(range(n))", "len(answer) < n"), ORDERED, Kind.VERDICTS, (True, False)),
        (JOBS, ORDERED.replace("len(answer) != n or ", ""), Kind.VERDICTS, (False, True)),
        (JOBS, ORDERED.replace("return all(", "return n > 5 and all("), Kind.REFERENCE, (True, False)),
        (
            JOBS,
            ORDERED.replace("if first not in done}", "if n > 6 and first not in done}"),
            Kind.EXAMPLE,
            (False, True),
        ),
        (PICK.replace("== target", ">= target"), PICKED, Kind.VERDICTS, (True, False)),
        (PICK, PICKED.replace("== target", "== target and 0 not in answer"), Kind.REFERENCE, (True, False)),
    ],
)
def test_a_difference_of_a_relation_says_who_says_what_of_which_answer(
    judge: Judge, first: str, other: str, kind: Kind, verdicts: tuple[bool, bool]
) -> None:
    if kind is Kind.EXAMPLE:
        other = other.partition("def verify")[0]
    told = compared(judge, first, other)
    assert told.opinion is Opinion.DIFFERS
    found = {one.kind: one for one in (told.difference, *told.further) if one}[kind]
    assert (found.first, found.second) == verdicts
    with subject_of(judge, first) as subject, second.checker(other, subject, judge.box) as check:
        right = subject.session.call("verify", {**found.instance, "answer": found.answer}).value
        assert right is found.first
        assert check is None or check([(found.instance, found.answer)]) == [found.second]


def test_an_example_that_its_own_author_refuses_claims_nothing(judge: Judge) -> None:
    told = compared(judge, JOBS, ORDERED.replace("return done", "return done[::-1] if n == 9 else done"))
    assert told.opinion is Opinion.AGREES
    assert told.failed > 0
    assert "refuses its own example" in told.why


def test_one_who_checks_answers_but_fails_on_wrong_ones_is_compared_on_the_rest(judge: Judge) -> None:
    brittle = ORDERED.replace("    if len(answer) != n or set(answer) != set(range(n)):\n        return False\n", "")
    told = compared(judge, JOBS, brittle)
    assert told.failed > 100
    assert told.kinds[Kind.REFERENCE].tried == told.instances + told.corners


def test_one_who_is_slow_is_compared_on_fewer_instances_whatever_the_machine(judge: Judge) -> None:
    slow = GROUPED.replace(
        "    return", "    for _ in range(400_000 if len(xs) > 66 else 0):\n        pass\n    return"
    )
    told = [compared(judge, RUN, slow) for _ in range(2)]
    assert told[0] == told[1]
    assert told[0].opinion is Opinion.AGREES
    assert 900 < told[0].instances < 1000


def test_the_check_of_the_second_author_can_be_asked_about_any_answer(judge: Judge) -> None:
    pairs = [({"xs": [3, 4], "target": 7}, answer) for answer in ([0, 1], [1, 0], [0], [9], [0, 0])]
    with subject_of(judge, PICK) as subject:
        with second.checker(PICKED, subject, judge.box) as check:
            assert check is not None
            assert check(pairs) == [True, True, False, False, False]
        with second.checker(PICKED.replace("in left for", "in left or 1 // 0 for"), subject, judge.box) as check:
            assert check is not None
            assert check(pairs) == [True, True, False, None, False]
        with second.checker("def example(xs: list[int], target: int) -> list[int]: ...", subject, judge.box) as check:
            assert check is None


def test_an_answer_of_another_type_is_another_answer(judge: Judge) -> None:
    told = compared(judge, RUN, "def solve(xs: list[int]) -> int:\n    return str(len(xs))\n")
    assert told.opinion is Opinion.DIFFERS


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def solve(xs: list[int]) -> int:\n    return 1 // (len(xs) - len(xs))\n", "raised: ZeroDivisionError"),
        ("def solve(xs: list[int]) -> int:\n    while True:\n        pass\n", "timed out"),
        ("def solve(xs: list[int]) -> int:\n    return None\n", "gave nothing"),
        ("import os\n\n\ndef solve(xs: list[int]) -> int:\n    return 1\n", "it does not load"),
        ("def answer(xs: list[int]) -> int:\n    return 1\n", "no function 'solve'"),
    ],
)
def test_a_second_author_who_fails_has_no_opinion(judge: Judge, source: str, why: str) -> None:
    told = compared(judge, RUN, source)
    assert told.opinion is Opinion.CANNOT
    assert why in told.why


def test_a_reply_may_say_that_the_words_are_unclear_and_only_that_is_unclear() -> None:
    assert solution("Well.\nUNCLEAR: from 0 or from 1?", True) == ("", "UNCLEAR: from 0 or from 1?")
    assert solution("```python\nprint(1)\n```", True)[0] == ""
    assert solution(f"First this.\n```python\n{GROUPED}```\nDone.", True) == (GROUPED, "")
    assert solution(f"```python\n{ORDERED}```\nDone.", False) == (ORDERED, "")
    assert solution(f"```python\n{GROUPED}```", False) == ("", "the reply has no block that defines verify")


def test_the_second_author_is_shown_the_statement_and_the_signature_and_no_code() -> None:
    for path in EXAMPLES:
        program = read(path.read_text())
        system, user = prompts.second(program)
        assert f"{'solve' if program.is_function else 'example'}{program.signature}" in user.content
        code = [line.strip() for line in program.source.splitlines() if line.startswith("    ")]
        shown = [line for line in code if len(line) > 20 and line in system.content + user.content]
        assert shown == []


def test_the_audit_asks_the_second_author_of_what_it_admits(judge: Judge, tmp_path: Path) -> None:
    paths = [ROOT / "seeds" / "examples" / name for name in ("longest_run.py", "pick_sum.py", "book_shelf.py")]
    (tmp_path / "longest_run.py").write_text(GROUPED)
    (tmp_path / "pick_sum.py").write_text(PICKED.replace("== target", ">= target"))
    told = {row["name"]: row for row in rows(judge, named(paths), Looks(author=second.from_files(tmp_path)), 1)}
    assert told["longest_run"]["second"]["opinion"] == "agrees"
    assert told["pick_sum"]["second"]["opinion"] == "differs"
    assert told["pick_sum"]["second"]["difference"]["kind"] == "verdicts"
    assert told["book_shelf"]["second"]["opinion"] == "cannot"
    assert "No such file" in told["book_shelf"]["second"]["why"]


def test_without_a_second_author_nothing_is_compared(judge: Judge) -> None:
    (row,) = rows(judge, named([ROOT / "seeds" / "examples" / "longest_run.py"]), Looks(), 1)
    assert "second" not in row


def test_a_reply_that_was_not_recorded_is_no_opinion(tmp_path: Path) -> None:
    with Line(make_completer("recorded", recorded=tmp_path)) as line:
        source, why = second.of_model(line)("longest_run", read(RUN))
    assert source == ""
    assert "longest_run.second.1" in why


def test_the_recorded_second_authors_agree_with_the_recorded_first_ones(judge: Judge, basics: Pool) -> None:
    with Line(make_completer("recorded", recorded=ROOT / "seeds" / "recorded")) as line:
        told = list(rows(judge, named([basics.folder]), Looks(author=second.of_model(line)), 1))
    assert {row["second"]["opinion"] for row in told} == {"agrees"}
    assert len(told) == len(basics)


def test_an_instance_that_the_second_author_finds_unsolvable_is_a_difference(judge: Judge) -> None:
    scrupulous = GROUPED.replace(
        "    return max", '    if max(xs) == 3:\n        raise ValueError("no answer")\n    return max'
    )
    told = compared(judge, RUN, scrupulous)
    assert told.opinion is Opinion.DIFFERS
    assert told.difference is not None
    assert (told.difference.kind, told.difference.instance, told.difference.first) == (Kind.NONE, {"xs": [3]}, 1)
    assert "no answer is right" in told.evidence


def test_another_error_of_the_second_author_is_no_difference(judge: Judge) -> None:
    fails = '    if max(xs) == 3:\n        raise ValueError("three")\n    return max'
    clumsy = GROUPED.replace("    return max", fails)
    assert compared(judge, RUN, clumsy).opinion is Opinion.CANNOT
