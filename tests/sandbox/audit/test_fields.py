"""Whether fields matter and answers stand in them: over the shelf, and in programs with one fault each."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from sandbox.admit import Judge
from sandbox.audit.fields import Field, Fields, fields, most_calls
from sandbox.subject import Subject, opened
from synth.program import Program, read, read_file
from tests.conftest import EXAMPLES

HEAD = '''"""Task: a task that a test is about."""

from random import Random

STATEMENT = "{statement}"

'''
LIST_AND_K = """
def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.randint(0, 99) for _ in range(4 + difficulty)], "k": rng.randint(2, 30)}
"""
CHECKED = """
def verify(xs: list[int], k: int, answer: int) -> bool:
    return answer == solve(xs, k)
"""

Looker = Callable[[Program], Fields]


@pytest.fixture
def look(judge: Judge) -> Iterator[Looker]:
    def looked(program: Program) -> Fields:
        with Subject(program, partial(opened, judge.box), partial(opened, judge.other)) as subject:
            return fields(subject)

    return looked


def of(body: str, statement: str = "Take {xs} and {k}.") -> Program:
    return read(HEAD.replace("{statement}", statement) + body)


def named(result: Fields, name: str) -> Field:
    return next(field for field in result.fields if field.name == name)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_field_of_the_shelf_matters_and_none_gives_the_answer_away(path, look) -> None:
    program = read_file(path)
    result = look(program)
    assert (result.notes, result.findings) == ([], ())
    assert all(field.mattered for field in result.fields)
    assert 0 < result.calls <= most_calls(len(result.fields))


def test_a_field_that_solve_never_reads_is_noted(look) -> None:
    result = look(of(LIST_AND_K + "\ndef solve(xs: list[int], k: int) -> int:\n    return sum(xs)\n" + CHECKED))
    assert [field.name for field in result.fields if not field.mattered] == ["k"]
    assert named(result, "k").changed > 100
    assert result.notes == [named(result, "k").note]
    assert "a distractor, or a forgotten rule" in result.notes[0]


def test_a_field_that_matters_in_a_few_instances_only_is_not_noted(look) -> None:
    solve = "\ndef solve(xs: list[int], k: int) -> int:\n    return sum(xs) + (k == 29)\n"
    result = look(of(LIST_AND_K + solve + CHECKED))
    assert named(result, "k").mattered
    assert result.notes == []


def test_a_relation_that_forgets_its_limit_is_told_from_one_that_keeps_it(look) -> None:
    example = """
def example(xs: list[int], k: int) -> list[int]:
    return [0]
"""
    keeps = """
def verify(xs: list[int], k: int, answer: list[int]) -> bool:
    return 0 < len(answer) <= k and all(0 <= i < len(xs) for i in answer)
"""
    forgets = keeps.replace("<= k", "< 99")
    bounded = "\ndef admits(xs: list[int], k: int) -> bool:\n    return len(xs) > 0 and k > 0\n"
    assert named(look(of(LIST_AND_K + example + keeps + bounded)), "k").mattered
    assert "forgotten rule" in named(look(of(LIST_AND_K + example + forgets + bounded)), "k").note


def test_a_witness_is_asked_about_by_its_verdicts(look) -> None:
    body = """
def generate(rng: Random, difficulty: int) -> dict:
    answer = [rng.randint(1, 99) for _ in range(3 + difficulty)]
    return {"xs": sorted(answer), "k": rng.randint(2, 30), "answer": answer}


def verify(xs: list[int], k: int, answer: list[int]) -> bool:
    return sorted(answer) == xs
"""
    result = look(of(body))
    assert [bool(field.mattered) for field in result.fields] == [True, False]


def test_another_right_answer_does_not_show_that_a_field_matters(look) -> None:
    body = """
def example(xs: list[int], k: int) -> int:
    return k % len(xs)


def verify(xs: list[int], k: int, answer: int) -> bool:
    return 0 <= answer < len(xs)


def admits(xs: list[int], k: int) -> bool:
    return len(xs) > 0
"""
    assert [bool(field.mattered) for field in look(of(LIST_AND_K + body)).fields] == [True, False]


def test_a_field_that_cannot_be_changed_alone_is_undecided_not_a_distractor(look) -> None:
    solve = "\ndef solve(xs: list[int], k: int) -> int:\n    return sum(xs)\n"
    fixed = "\ndef admits(xs: list[int], k: int) -> bool:\n    return k == len(xs)\n"
    drawn = LIST_AND_K.replace("rng.randint(2, 30)", "4 + difficulty")
    field = named(look(of(drawn + solve + CHECKED + fixed)), "k")
    assert (field.changed, field.mattered) == (0, 0)
    assert "could not be changed alone" in field.note


def test_a_limit_that_is_already_tight_is_seen_to_matter_by_what_is_refused(look) -> None:
    body = """
def generate(rng: Random, difficulty: int) -> dict:
    xs = [rng.randint(0, 99) for _ in range(4 + difficulty)]
    return {"xs": xs, "k": sum(xs)}


def solve(xs: list[int], k: int) -> int:
    return min(k, sum(xs))


def admits(xs: list[int], k: int) -> bool:
    return k >= sum(xs)
"""
    field = named(look(of(body + CHECKED)), "k")
    assert not field.mattered
    assert field.bounded
    assert field.note == ""


def test_a_witness_that_just_fits_shows_its_limit_by_what_is_refused(look) -> None:
    body = """
def generate(rng: Random, difficulty: int) -> dict:
    xs = [rng.randint(1, 99) for _ in range(4 + difficulty)]
    return {"xs": xs, "k": sum(xs), "answer": sorted(xs)}


def verify(xs: list[int], k: int, answer: list[int]) -> bool:
    return sorted(xs) == sorted(answer) and sum(answer) <= k


def admits(xs: list[int], k: int) -> bool:
    return k >= sum(xs) and min(xs, default=1) > 0
"""
    field = named(look(of(body)), "k")
    assert not field.mattered
    assert field.bounded
    assert field.note == ""


@pytest.mark.parametrize(
    ("solved", "where"),
    [
        ("xs[0]", "xs[0] is the answer in 100% of 240 instances"),
        ("xs[-1]", "xs[-1] is the answer in 100% of 240 instances"),
        ("k if sum(xs) % 4 else len(xs)", "k is the answer in"),
    ],
)
def test_an_answer_that_is_always_at_one_place_is_a_leak(solved, where, look) -> None:
    result = look(of(LIST_AND_K + f"\ndef solve(xs: list[int], k: int) -> int:\n    return {solved}\n" + CHECKED))
    assert [finding.evidence[: len(where)] for finding in result.findings] == [where]
    assert result.findings[0].seed is not None


def test_an_answer_among_the_items_is_a_note_with_what_a_guess_earns(look) -> None:
    result = look(of(LIST_AND_K + "\ndef solve(xs: list[int], k: int) -> int:\n    return max(xs)\n" + CHECKED))
    leak = named(result, "xs").leak
    assert leak.within == 1
    assert leak.chance["within"] < 0.5
    assert 0.05 < leak.guessed < 0.3
    assert result.findings == ()
    assert "the answer is a part of xs in 100% of the instances" in named(result, "xs").note


def test_an_answer_that_stands_in_a_list_by_chance_is_not_noted(look) -> None:
    body = """
def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.randint(0, 3) for _ in range(20 + difficulty)], "k": rng.randint(2, 30)}


def solve(xs: list[int], k: int) -> int:
    return (sum(xs) + k) % 4
"""
    result = look(of(body + CHECKED))
    assert named(result, "xs").leak.within == 1
    assert (result.notes, result.findings) == ([], ())


def test_a_word_or_a_number_that_stands_in_a_text_is_found(look) -> None:
    body = """
def generate(rng: Random, difficulty: int) -> dict:
    words = ["".join(rng.choice("abcdefgh") for _ in range(5)) for _ in range(3 + difficulty)]
    return {"text": " ".join(words)}


def solve(text: str) -> str:
    return text.split()[-2]


def verify(text: str, answer: str) -> bool:
    return answer == solve(text)


def admits(text: str) -> bool:
    return len(text.split()) > 1
"""
    result = look(of(body, "Take {text}."))
    assert [finding.evidence.partition(" is")[0] for finding in result.findings] == ["text[-2]"]
    numerals = body.replace("str:\n", "int:\n").replace("answer: str", "answer: int")
    numerals = numerals.replace('"abcdefgh"', '"123456"').replace("text.split()[-2]", "int(text.split()[-2])")
    numerals = numerals.replace("len(text.split()) > 1", 'len(text.split()) > 1 and not text.strip("123456 ")')
    result = look(of(numerals, "Take {text}."))
    assert [finding.evidence.partition(" is")[0] for finding in result.findings] == ["text[-2]"]


def test_half_of_all_flags_are_no_leak(look) -> None:
    body = """
def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.randint(0, 99) for _ in range(4 + difficulty)], "k": rng.random() < 0.5}


def solve(xs: list[int], k: bool) -> bool:
    return (sum(xs) % 2 == 0) != k


def verify(xs: list[int], k: bool, answer: bool) -> bool:
    return answer == solve(xs, k)
"""
    result = look(of(body))
    assert 0.3 < named(result, "k").leak.equal < 0.7
    assert result.findings == ()


def test_the_same_program_is_looked_at_the_same_way_twice(look) -> None:
    program = read_file(EXAMPLES[0])
    assert look(program).asdict() == look(program).asdict()
