"""Modules as values, and every breach of the contract that the text alone shows.

The breaches are files: `golden/violations/NAME.py` is the module and `NAME.txt` what its author is told, one line
each. After a change of words, write them anew and read the difference as an author would:

    GOLDEN=write pytest tests/synth/test_program.py tests/synth/test_prompts.py
"""

import ast
import contextlib
import hashlib
import os
from pathlib import Path

import pytest

from synth.contract import SOURCE_CHARACTERS
from synth.program import ContractError, Program, Reference, read, read_file
from synth.types import parse

GOLDEN = Path(__file__).parent / "golden"
VIOLATIONS = sorted((GOLDEN / "violations").glob("*.py"))

RUN = '''"""Longest run: how long is the longest run?"""

STATEMENT = "How long is the longest run of equal neighbours in {xs}?"


def generate(rng, difficulty):
    return {"xs": [rng.randint(0, 2) for _ in range(4 + difficulty)]}


def solve(xs: list[int]) -> int:
    return len(xs)


def verify(xs: list[int], answer: int) -> bool:
    return answer == solve(xs)
'''


def compare(golden: Path, text: str) -> None:
    """Compare with what a file holds, or write it where the environment says GOLDEN=write."""
    if os.environ.get("GOLDEN") == "write":
        golden.write_bytes(text.encode())
    assert text == golden.read_bytes().decode()


def violations(source: str) -> list[str]:
    with pytest.raises(ContractError) as caught:
        read(source)
    return list(map(str, caught.value.violations))


@pytest.mark.parametrize("path", VIOLATIONS, ids=lambda path: path.stem)
def test_a_breach_of_the_contract_is_told_to_its_author(path: Path) -> None:
    with pytest.raises(ContractError) as caught:
        read_file(path)
    compare(path.with_suffix(".txt"), "".join(f"{violation}\n" for violation in caught.value.violations))


def test_every_told_breach_has_its_module() -> None:
    assert {p.stem for p in (GOLDEN / "violations").glob("*.txt")} == {p.stem for p in VIOLATIONS}


def test_a_program_is_read_off_its_text_and_printed_back() -> None:
    program = read(RUN)
    assert str(program) == RUN
    assert program.title == "Longest run"
    assert program.statement == "How long is the longest run of equal neighbours in {xs}?"
    assert str(program.signature) == "(xs: list[int]) -> int"
    assert program.reference is Reference.SOLVE
    assert program.is_function
    assert not program.has_admits
    assert program.digest == hashlib.sha256(RUN.encode()).hexdigest()
    assert program.pose({"xs": [1, 1, 2]}) == "How long is the longest run of equal neighbours in [1, 1, 2]?"
    assert program.sentence({"xs": "A2"}).endswith("in A2?")


@pytest.mark.parametrize(
    "same",
    [
        RUN.replace("\n", "\r\n"),
        RUN.replace('"""\n\n', '"""\n\nfrom __future__ import annotations\n\n', 1),
        RUN.replace("list[int]", "List[int]"),
        RUN.replace("list[int]", "typing.List[int]"),
        RUN.replace("list[int]", "Row").replace("STATEMENT", "Row = list[int]\nSTATEMENT"),
        RUN.replace("list[int]", "Row").replace("STATEMENT", "Row: TypeAlias = list[Item]\nItem = int\nSTATEMENT"),
        RUN.replace("-> bool", "-> Right").replace("STATEMENT", "Right = bool\nSTATEMENT"),
        RUN.replace("(xs: list[int], answer", "(*, xs: list[int], answer"),
        RUN.replace("(xs: list[int], answer: int)", "(answer: int, xs: list[int])"),
        RUN.replace("STATEMENT =", "STATEMENT: str ="),
        RUN.replace("How long is the", 'How long " "is the'),
        RUN.replace("def solve", "@cache\ndef solve"),
        RUN + "\n\nif True:\n    verify_later = 1\n",
        RUN.replace("-> bool", "-> float"),
    ],
)
def test_other_spellings_of_the_same_environment(same: str) -> None:
    program = read(same)
    assert str(program.signature) == "(xs: list[int]) -> int"
    assert program.statement == read(RUN).statement
    assert str(program) == same


def test_a_file_is_read_to_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "run.py"
    path.write_bytes(RUN.replace("\n", "\r\n").encode())
    assert read_file(path).digest == hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(OSError, match="missing"):
        read_file(tmp_path / "missing.py")


def test_an_alias_of_grids_is_followed_into_the_signature() -> None:
    source = RUN.replace("xs: list[int]", "xs: Grid").replace("STATEMENT", "Grid = list[list[int]]\nSTATEMENT")
    assert read(source).signature.domain == {"xs": parse("list[list[int]]")}


@pytest.mark.parametrize(
    ("change", "reference"),
    [
        (("def solve", "def example"), Reference.EXAMPLE),
        (('return {"xs"', 'return {"answer": 1, "xs"'), Reference.WITNESS),
        (('return {"xs"', 'made = {}\n    made["answer"] = 1\n    return {"xs"'), Reference.WITNESS),
        (('return {"xs"', 'return dict(answer=1) | {"xs"'), Reference.WITNESS),
    ],
)
def test_where_the_right_answer_comes_from(change: tuple[str, str], reference: Reference) -> None:
    source = RUN if reference is Reference.EXAMPLE else RUN.replace("def solve", "def helper")
    program = read(source.replace(*change))
    assert program.reference is reference
    assert not program.is_function


@pytest.mark.parametrize(
    "bomb",
    [
        "x = " + "-" * 50_000 + "1\n",
        "x = " + "1+" * 25_000 + "1\n",
        "x = " + "f" + "()" * 20_000 + "\n",
        "x = " + "[" * 20_000 + "\n",
        "def f(x: " + "int|" * 2500 + "int): pass\n",
        "".join(f"{' ' * i}if x:\n" for i in range(99)) + " " * 99 + "pass\n",
        "if x: pass\n" + "elif x: pass\n" * 3000,
        "x" + " = x" * 12_000 + "\n",
    ],
)
def test_a_tree_too_deep_for_whatever_reads_it_later_is_refused_or_shallow(bomb: str) -> None:
    with contextlib.suppress(ContractError):
        read(RUN + bomb)
        ast.dump(ast.parse(RUN + bomb))


def test_a_source_that_is_too_long_is_not_read() -> None:
    assert violations(RUN + "#" * SOURCE_CHARACTERS) == [
        f"line 1: the source has {len(RUN) + SOURCE_CHARACTERS} characters; at most {SOURCE_CHARACTERS} are read"
    ]


def test_a_lone_surrogate_in_the_source_is_told_with_its_line() -> None:
    assert violations(RUN + "# \ud800\n") == [
        f"line {RUN.count(chr(10)) + 1}: not Python: a null character or half of a surrogate pair"
    ]


def test_reading_runs_nothing(tmp_path: Path) -> None:
    program = read(RUN + f"\nopen({str(tmp_path / 'ran')!r}, 'w')\n1 / 0\n")
    assert isinstance(program, Program)
    assert list(tmp_path.iterdir()) == []
