"""Two programs read the same when names, docstrings and the statement alone differ; never when a call does."""

import pytest

from synth.fingerprint import alike_in_words, code
from synth.program import read
from tests.synth.test_program import RUN

BASE = '''"""Widest gap: how wide is it?"""

from math import floor

LIMIT = 7
STATEMENT = "How wide is the widest gap between neighbours in {xs}, at most seven?"


def generate(rng, difficulty):
    """Draw."""
    return {"xs": [rng.randint(0, 9) for _ in range(4 + difficulty)]}


def gaps(xs):
    return [abs(a - b) for a, b in zip(xs, xs[1:])]


def solve(xs: list[int]) -> int:
    return min(LIMIT, max(gaps(xs), default=floor(0)))


def verify(xs: list[int], answer: int) -> bool:
    return answer == solve(xs)
'''


def changed(*pairs: tuple[str, str]) -> str:
    source = BASE
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    return source


@pytest.mark.parametrize(
    "same",
    [
        changed(("xs", "row")),
        changed(("gaps", "steps"), ("LIMIT", "CAP"), ("for a, b", "for x, y"), ("abs(a - b)", "abs(x - y)")),
        changed(("How wide is", "Give"), ("Widest gap", "Gap")),
        changed(('    """Draw."""\n', "")),
        BASE.replace("\n\n\n", "\n\n# a comment\n\n"),
    ],
)
def test_what_changes_names_and_words_alone_is_the_same_code(same: str) -> None:
    assert code(read(same)) == code(read(BASE))


@pytest.mark.parametrize(
    "other",
    [
        changed(("max(gaps", "min(gaps")),
        changed(("LIMIT = 7", "LIMIT = 8")),
        changed(("import floor", "import ceil"), ("floor(0)", "ceil(0)")),
        changed(("a - b", "a + b")),
        changed(("abs(", "int(")),
        changed(("default=floor", "key=floor")),
        changed(("return answer == solve(xs)", "return answer != solve(xs)")),
    ],
)
def test_what_computes_something_else_is_other_code(other: str) -> None:
    assert code(read(other)) != code(read(BASE))


def test_an_annotated_statement_may_differ_too() -> None:
    one = read(changed(("STATEMENT =", "STATEMENT: str =")))
    other = read(changed(("STATEMENT =", "STATEMENT: str ="), ("How wide is", "Give")))
    assert code(one) == code(other)


def test_names_that_swap_their_parts_are_other_code() -> None:
    assert code(read(changed(("abs(a - b)", "abs(a - 2 * b)")))) != code(
        read(changed(("abs(a - b)", "abs(b - 2 * a)")))
    )


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        (
            "How long is the longest run of equal neighbours in {xs}?",
            "how long is the longest run of equal neighbours in {row}?",
            True,
        ),
        (
            "How long is the longest run of equal neighbours in {xs}?",
            "Give the sum of the even entries of {xs}.",
            False,
        ),
        ("{xs}?", "{row}!", True),
        ("Сколько чисел в списке {xs} делятся на три?", "Найдите наибольшее число в списке {xs}.", False),
    ],
)
def test_statements_are_alike_when_most_runs_of_words_are(a: str, b: str, alike: bool) -> None:
    def posing(statement: str) -> str:
        field = "row" if "{row}" in statement else "xs"
        told = RUN.replace("How long is the longest run of equal neighbours in {xs}?", statement)
        return told.replace("xs: list", f"{field}: list")

    assert alike_in_words(read(posing(a)), read(posing(b))) is alike
    assert alike_in_words(read(posing(b)), read(posing(a))) is alike
