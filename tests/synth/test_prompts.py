"""Prompts as the model reads them: `golden/prompts/*.md` are to be read. To write them anew, see `test_program.py`."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from synth import contract, prompts
from synth.complete import Message
from synth.program import read
from synth.tasks import Task, Topic
from synth.verdict import Finding, Verdict
from tests.synth.test_program import GOLDEN, RUN, compare

ROOT = Path(__file__).parents[2]
TASK = Task(
    "longest_plateau",
    "lists",
    "function",
    "(xs: list[int]) -> int",
    "How long is the longest stretch of equal neighbours that is higher than what stands on both sides?\n",
)
PARITY = '''"""Parity: is the number even?"""

STATEMENT = "Is {n} even?"


def generate(rng, difficulty):
    return {"n": rng.randint(0, 10**difficulty)}


def solve(n: int) -> bool:
    return n % 2 == 0


def verify(n: int, answer: bool) -> bool:
    return answer == solve(n)
'''
DIVISOR = '''"""Divisor: name a divisor."""

STATEMENT = "Name a divisor of {n} that is greater than 1."


def generate(rng, difficulty):
    return {"n": rng.randint(2, 10**difficulty)}


def example(n: int) -> int:
    return n


def verify(n: int, answer: int) -> bool:
    return answer > 1 and n > 0 and n % answer == 0
'''
EXAMPLES = [read(source) for source in (RUN, PARITY, DIVISOR)]
REJECTED = Verdict(
    "accepts",
    "verify accepts the right answer of every instance.",
    Finding('verify returned False for the answer 3 to the instance {"xs": [1, 2]}', seed=17, difficulty=2, line=15),
)


def as_read(messages: tuple[Message, ...]) -> str:
    return "".join(f"# --- {message.role} ---\n\n{message.content}\n\n" for message in messages)


def numerals(text: str) -> set[str]:
    return set(re.findall(r"\d+", text.replace(",", "")))


def test_the_prompt_that_asks_for_an_environment() -> None:
    compare(GOLDEN / "prompts" / "write.md", as_read(prompts.write(TASK, EXAMPLES)))


def test_the_prompt_that_asks_for_a_second_solution() -> None:
    compare(GOLDEN / "prompts" / "second.md", as_read(prompts.second(EXAMPLES[0])))


def test_the_prompt_that_asks_for_a_second_check_of_a_relation() -> None:
    compare(GOLDEN / "prompts" / "second_relation.md", as_read(prompts.second(EXAMPLES[2])))


def test_the_prompt_that_asks_a_reader() -> None:
    compare(GOLDEN / "prompts" / "reader.md", as_read(prompts.reader(EXAMPLES[0])))


def test_the_prompt_that_asks_for_a_repair() -> None:
    compare(GOLDEN / "prompts" / "repair.md", as_read((prompts.repair(REJECTED, RUN),)))


def test_the_prompts_of_the_arbiter() -> None:
    told = "for xs = [] the first author's solve gives 0, the second's 1"
    asked = prompts.arbiter(EXAMPLES[0], "def solve(xs: list[int]) -> int:\n    return max(1, len(xs))\n", told)
    again = (prompts.arbiter_again("the reply has no ruling"), prompts.arbiter_repair(REJECTED, RUN))
    compare(GOLDEN / "prompts" / "arbiter.md", as_read((*asked, *again)))


def test_the_arbiter_is_told_what_was_ruled_before_and_where_there_is_no_second_program() -> None:
    _, user = prompts.arbiter(EXAMPLES[2], "", "UNCLEAR: may it be n?", [("statement", "It left out 1.")])
    assert "There is no second program." in user.content
    assert "- statement: It left out 1." in user.content
    assert "one or more right answers" in user.content


def test_the_prompt_that_asks_for_tasks() -> None:
    topic = Topic("lists", "Lists of integers: neighbours, windows, order.")
    asked = prompts.propose(topic, [TASK], ["int -> int", "str -> int"], 6)
    compare(GOLDEN / "prompts" / "propose.md", as_read(asked))


def test_every_number_that_an_author_is_told_comes_from_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the contract's figures are changed; what the prompt still tells belongs to its sample module."""
    before = numerals(prompts.write(TASK, EXAMPLES)[0].content)
    changed = {
        "DIFFICULTIES": range(901, 903),
        "CALL_SECONDS": 904.0,
        "INSTANCE_BYTES": 905 << 10,
        "TEXT_CHARACTERS": 906,
        "INTEGER_DIGITS": 907,
        "DRAWS": 908,
        "DISTINCT_SHARE": 909 / 908,
        "CONSTANT_SHARE": 9.10,
        "COIN_SHARE": 9.11,
    }
    for name, figure in changed.items():
        monkeypatch.setattr(contract, name, figure)
    after = numerals(prompts.write(TASK, EXAMPLES)[0].content)
    assert {str(n) for n in range(901, 912)} - {"903"} <= after
    assert before & after == {"0", "1"}  # `len(xs) > 0`; a score from 0 to 1


def test_examples_of_the_kind_and_the_type_come_first_and_rotate_from_task_to_task() -> None:
    many = [read(RUN.replace("Longest run:", f"Run {i}:")) for i in range(12)]
    kinds = [read(PARITY), read(DIVISOR), *many]
    first = prompts.shown(TASK, kinds)[0]
    assert first.is_function
    assert str(first.signature.codomain) == "int"
    relation = Task("a_divisor", "numbers", "relation", "(n: int) -> int", "Name one.")
    assert prompts.shown(relation, kinds)[0].title == "Divisor"
    yes_or_no = Task("is_even", "numbers", "function", "(n: int) -> bool", "Is it?")
    assert prompts.shown(yes_or_no, kinds)[0].title == "Parity"
    tasks = [Task(f"task_{i}", "lists", "function", "(xs: list[int]) -> int", "...") for i in range(20)]
    assert len({prompts.shown(task, kinds)[0].title for task in tasks}) > 6


def test_the_examples_shown_answer_with_different_types() -> None:
    many = [read(RUN.replace("Longest run:", f"Run {i}:")) for i in range(12)]
    shown = prompts.shown(TASK, [*many, read(PARITY)])
    assert len({program.title for program in shown}) == len(shown) == prompts.EXAMPLES
    assert "Parity" in {program.title for program in shown}
    assert prompts.shown(TASK, many) == prompts.shown(TASK, many[::-1])
    assert len(prompts.shown(TASK, many[:1])) == 1


def test_the_same_task_is_asked_in_the_same_words_by_every_process() -> None:
    asked = "from tests.synth.test_prompts import *; sys.stdout.write(as_read(prompts.write(TASK, EXAMPLES[::-1])))"
    for hash_seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"}
        told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, check=True)
        assert told.stdout.decode() == (GOLDEN / "prompts" / "write.md").read_text(encoding="utf-8")


def test_a_repair_quotes_the_line_as_python_counts_lines() -> None:
    source = RUN.replace("equal neighbours", "equal\u2028neigh\x0cbours").replace("\n", "\r\n")
    said = prompts.repair(Verdict("raises", "Nothing raises.", Finding("it raised", line=11)), source)
    assert "The line: 11: `return len(xs)`" in said.content


@pytest.mark.parametrize("line", [None, 0, 99])
def test_a_repair_without_a_line_to_quote_quotes_none(line: int | None) -> None:
    said = prompts.repair(Verdict("reads", "A module.", Finding("it is {{ none }}", line=line)), RUN).content
    assert "The line:" not in said
    assert "What was seen: it is {{ none }}" in said


def test_a_repair_quotes_no_more_than_a_few_lines_worth() -> None:
    said = prompts.repair(Verdict("reads", "A module.", Finding("long", line=1)), "x = " + "1" * 50_000).content
    assert len(said) < 1500
