"""Every law over one shelf: our own seeds keep them all, and each law has an environment that breaks it alone."""

from pathlib import Path

import pytest

from sandbox import laws
from sandbox.admit import Judge, readable
from sandbox.audit import run
from tests.conftest import EXAMPLES

FUNCTION = '''"""Weighted sum: add up the entries of a list, each times its place."""

from random import Random

STATEMENT = "Multiply each entry of {xs} by its place, counted from 1, and add up the products, modulo {m}."


def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.randint(0, 99) for _ in range(3 + difficulty)], "m": rng.randint(50, 99)}


def solve(xs: list[int], m: int) -> int:
    return sum(i * x for i, x in enumerate(xs, 1)) % m


def verify(xs: list[int], m: int, answer: int) -> bool:
    return answer == solve(xs, m)


def admits(xs: list[int], m: int) -> bool:
    return m > 0
'''

RELATION = '''"""Factor pair: split a number into two factors."""

from random import Random

STATEMENT = "Find two integers greater than 1 whose product is {n}, in any order."


def generate(rng: Random, difficulty: int) -> dict:
    a, b = rng.randint(2, 10 + 10**difficulty), rng.randint(2, 10 + 10**difficulty)
    return {"n": a * b, "answer": [a, b]}


def verify(n: int, answer: list[int]) -> bool:
    return len(answer) == 2 and min(answer) > 1 and answer[0] * answer[1] == n
'''

FLAG = '''"""Odd sum: is the sum of a list odd?"""

from random import Random

STATEMENT = "Is the sum of {xs} odd?"


def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.randint(0, 99) for _ in range(3 + difficulty)]}


def solve(xs: list[int]) -> bool:
    return sum(xs) % 2 == 1


def verify(xs: list[int], answer: bool) -> bool:
    return answer == solve(xs)
'''

BODY = "    return sum(i * x for i, x in enumerate(xs, 1)) % m\n"
CHECK = "    return answer == solve(xs, m)\n"
DRAWN = '    return {"xs": [rng.randint(0, 99) for _ in range(3 + difficulty)], "m": rng.randint(50, 99)}\n'

BROKEN = {
    "readable: the codomain is not a type": (FUNCTION, "answer: int) -> bool", "answer: object) -> bool"),
    "within_policy: it imports os": (FUNCTION, "from random import Random", "import os\nfrom random import Random"),
    "loads: the module divides by zero": (FUNCTION, "STATEMENT", "SCALE = 1 // 0\nSTATEMENT"),
    "generates: it raises at difficulty 7": (FUNCTION, DRAWN, f"    difficulty < 7 or [][0]\n{DRAWN}"),
    "generates: it never ends at difficulty 9": (FUNCTION, DRAWN, f"    while difficulty == 9: pass\n{DRAWN}"),
    "generates: a field too many": (FUNCTION, '"m": rng', '"k": 1, "m": rng'),
    "generates: no dict": (FUNCTION, DRAWN, "    return [rng.randint(0, 9)]\n"),
    "well_typed: a float among the integers": (FUNCTION, "rng.randint(0, 99) for", "rng.random() for"),
    "bounded: an integer of a thousand digits": (FUNCTION, "randint(0, 99) for", "randint(0, 10**999) for"),
    "bounded: a text too long to read": (FUNCTION, "range(3 + difficulty)", "range(900 * difficulty)"),
    "varied: three instances only": (FUNCTION, DRAWN, '    return {"xs": [rng.randint(1, 3)], "m": 50 + difficulty}\n'),
    "answerable: solve raises": (FUNCTION, BODY, f"    xs.index(7)\n{BODY}"),
    "answerable: solve returns a text": (FUNCTION, BODY, "    return str(xs)\n"),
    "answerable: verify disagrees with solve": (FUNCTION, CHECK, "    return answer == solve(xs, m) + 1\n"),
    "answerable: verify returns 1 for True": (FUNCTION, CHECK, "    return int(answer == solve(xs, m))\n"),
    "answerable: the witness is wrong": (RELATION, "[a, b]}", "[a, b + 1]}"),
    "admits_its_own: it refuses its own": (FUNCTION, "return m > 0", "return m > 60"),
    "reproducible: the order of a set of texts": (
        FUNCTION, DRAWN,
        '    words = list({str(rng.random()) for _ in range(20)})\n'
        '    return {"xs": [int(w[-3:], 36) for w in words[: 3 + difficulty]], "m": 97}\n',
    ),
    "reproducible: a counter in the module": (
        FUNCTION, "def generate", "CALLS = []\n\n\ndef generate",
        DRAWN, f"    CALLS.append(1)\n{DRAWN.replace('(50, 99)', '(50, 99) + len(CALLS)')}",
    ),
    "hidden: the answer is a field": (
        FUNCTION, '"m": rng.randint(50, 99)', '"m": 1000000', "randint(0, 99)", "randint(0, 9)",
        BODY, "    return m\n", CHECK, "    return answer == m\n",
    ),
    "scales: the size never changes": (FUNCTION, "range(3 + difficulty)", "range(6)"),
    "not_guessable: nearly always 0": (FUNCTION, BODY, "    return sum(xs) // 10000 + (max(xs) == 7)\n"),
    "not_guessable: yes nine times in ten": (FLAG, "sum(xs) % 2 == 1", "sum(xs) % 10 != 1"),
    "pure: verify sorts its argument": (
        FUNCTION, CHECK, "    right = answer == solve(xs, m)\n    xs.sort()\n    return right\n"
    ),
    "pure: verify sorts what it is given as an answer": (
        RELATION, "answer[0] * answer[1] == n", "(answer.sort() or answer[0]) * answer[1] == n"
    ),
    "pure: verify knows what generate drew": (
        FUNCTION,
        "def generate",
        "DRAWN = {}\n\n\ndef generate",
        DRAWN,
        f"{DRAWN.replace('return', 'drawn =')}    DRAWN[str(drawn['xs'])] = drawn\n    return drawn\n",
        CHECK,
        "    return answer == solve(xs, m) and (str(xs) in DRAWN or len(xs) != 5)\n",
    ),
    "total: verify indexes with the answer": (
        FUNCTION, CHECK, "    return answer == solve(xs, m) or 1 // answer > 5\n"
    ),
    "total: verify counts up to the answer": (
        FUNCTION, CHECK, "    return sum(1 for _ in range(answer)) == solve(xs, m)\n"
    ),
    "single: the next integer is accepted too": (FUNCTION, CHECK, "    return answer - solve(xs, m) in (0, 1)\n"),
    "discerning: a product of about the right size will do": (
        RELATION, "answer[0] * answer[1] == n", "abs(len(str(answer[0] * answer[1])) - len(str(n))) < 2"
    ),
    "closed: an empty list is admitted": (FUNCTION, BODY, f"    xs[0]\n{BODY}"),
    "closed: a modulus of 0 is admitted": (FUNCTION, "return m > 0", "return True"),
    "closed: admits raises": (FUNCTION, "return m > 0", "return xs[0] >= 0"),
}  # fmt: skip


def source_of(broken: str) -> str:
    source, *changes = BROKEN[broken]
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in source
        source = source.replace(old, new)
    return source


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_our_own_seeds_keep_every_law(judge: Judge, path: Path) -> None:
    verdict = judge.judge(path.read_text())
    assert verdict.admitted, verdict


@pytest.mark.parametrize("source", [FUNCTION, RELATION, FLAG], ids=["function", "relation", "flag"])
def test_the_shelf_is_sound_before_it_is_broken(judge: Judge, source: str) -> None:
    verdict = judge.judge(source)
    assert verdict.admitted, verdict


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_environment_is_rejected_by_the_law_it_breaks(judge: Judge, broken: str) -> None:
    verdict = judge.judge(source_of(broken))
    assert verdict.law == broken.partition(":")[0], verdict
    assert verdict.finding is not None
    assert verdict.finding.evidence


def test_every_law_is_broken_by_something_on_the_shelf() -> None:
    tested = {broken.partition(":")[0] for broken in BROKEN}
    assert {law.__name__ for law in (readable, *laws.LAWS)} - tested == {"complete"}, "complete has a test of its own"


def test_two_instances_with_the_same_text_are_found(judge: Judge) -> None:
    source = FUNCTION.replace("of {xs} by its place", "of {xs}{m} by its place").replace(", modulo {m}", "")
    source = source.replace(
        '"xs": [rng.randint(0, 99) for _ in range(3 + difficulty)]', '"xs": rng.randint(1, 11 + difficulty)'
    )
    source = source.replace("xs: list[int]", "xs: int").replace("for i, x in enumerate(xs, 1)", "for i, x in [(xs, 3)]")
    verdict = judge.judge(source.replace('"m": rng.randint(50, 99)', '"m": int("1" * rng.randint(1, 9))'))
    assert verdict.law == "complete", verdict


def test_a_verdict_is_the_same_when_it_is_reached_again(judge: Judge) -> None:
    for source in (FUNCTION, RELATION, source_of("single: the next integer is accepted too")):
        assert judge.judge(source) == judge.judge(source)


def test_the_evidence_names_what_shows_it_again(judge: Judge) -> None:
    verdict = judge.judge(source_of("generates: it raises at difficulty 7"))
    assert verdict.finding is not None
    assert verdict.finding.difficulty == 10
    assert (
        verdict.finding.line
        == source_of("generates: it raises at difficulty 7").splitlines().index("    difficulty < 7 or [][0]") + 1
    )


def test_the_certificate_counts_what_was_tried(judge: Judge) -> None:
    certificate = judge.judge(RELATION).certificate
    assert certificate is not None
    assert certificate.instances == 240
    assert certificate.false_accepts["reversed"].accepted > 0, "the other order is another right answer"
    assert sum(trials.tried for trials in certificate.false_accepts.values()) > 500
    assert "seccomp" in certificate.sandbox["active"]


def test_a_folder_is_judged_file_by_file_in_order(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(FUNCTION)
    (tmp_path / "b.py").write_bytes(b"\xff\xfe")
    (tmp_path / "c.py").write_text(source_of("loads: the module divides by zero"))
    rows = list(run.rows(judge, run.named([tmp_path]), run.Looks(), 2))
    assert [(row["name"], row["admitted"], row["law"]) for row in rows] == [
        ("a", True, None),
        ("b", False, "readable"),
        ("c", False, "loads"),
    ]
