"""Rules that no word of the statement tells: none on the shelf, one in each of some programs, and what is left out."""

import pytest

from sandbox.audit.statement import MOST_NOTES, Statement, unmentioned
from synth.program import read, read_file
from tests.conftest import EXAMPLES

PROGRAM = '''"""Task: a task that a test is about."""

from random import Random
{before}
STATEMENT = "{statement}"


def generate(rng: Random, difficulty: int) -> dict:
    return {{"xs": [rng.randint(0, 77) for _ in range(66)], "text": "generate"}}


def solve(xs: list[int], text: str) -> {gives}:
    {body}


def verify(xs: list[int], text: str, answer: {gives}) -> bool:
    {verify}


def admits(xs: list[int], text: str) -> bool:
    return len(xs) < 55 and text != "admitted"
'''

CALLED = "return answer == solve(xs, text)"


def notes(
    body: str,
    said: str = "Add up.",
    gives: str = "int",
    before: str = "",
    verify: str = CALLED,
) -> list[str]:
    statement = f"{said} Given are {{xs}} and {{text}}."
    source = PROGRAM.format(body=body, statement=statement, gives=gives, before=before, verify=verify)
    return [note.why for note in unmentioned(read(source))]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_statements_of_the_shelf_tell_all_that_their_code_does(path) -> None:
    assert unmentioned(read_file(path)) == []


def test_a_note_shows_the_line_the_code_and_why() -> None:
    source = PROGRAM.format(
        body="return sum(x for x in xs if x < 17)",
        statement="Add {xs}, not {text}.",
        gives="int",
        before="",
        verify=CALLED,
    )
    [note] = unmentioned(read(source))
    assert note.why == "the number 17 is not mentioned"
    assert note.code == source.splitlines()[note.line - 1].strip()


@pytest.mark.parametrize(
    ("body", "untold", "told"),
    [
        ("return sum(x for x in xs if x % 7)", "Add up.", "Add those that 7 does not divide."),
        ("return sum(x for x in xs if x % 7)", "Add up the 17 entries.", "Leave out each multiple of seven."),
        ("return sum(xs[::3])", "Add some.", "Add every third entry."),
        ("return 12 * len(xs)", "Count them.", "Each entry is a dozen; count them."),
        ("return 47 * len(xs)", "Each counts forty.", "Each counts forty-seven."),
        ("return sum(xs) % 1_000_000_007", "Add up.", "Add up modulo 1,000,000,007."),
        ("return sum(xs) % (10**9 + 7)", "Add up.", "Add up modulo 10^9 + 7."),
        ("return sum(xs) * 5 if len(xs) > 5 else 0", "Add up.", "With more than 5 entries, take the sum times 5."),
        ("return text.count('q')", "Count letters.", "Count the letter q."),
        ("return len(text) if text == 'stop' else 1", "Count.", "Count the letters of stop, else one."),
        ("return sum(c in 'aeiou' for c in text)", "Count vowels.", "Count the vowels a, e, i, o and u."),
        ("return len(text.strip())", "Count its signs.", "Count its signs without the space around it."),
        ("return len(set(text.lower()))", "Count its signs.", "Count its signs, upper and lower case alike."),
        ("return round(sum(xs) / len(xs))", "Take the average.", "Take the average, rounded."),
        (
            "if sum(xs) > len(text):\n        return -1\n    return sum(xs)",
            "Add up.",
            "Add up, or minus one if too large.",
        ),
        (
            "return min(xs, key=lambda x: (x % len(xs), -x))",
            "Which one leaves no rest?",
            "Which one leaves no rest? Of several take the largest.",
        ),
    ],
)
def test_a_rule_is_noted_once_when_untold_and_not_when_told(body, untold, told) -> None:
    assert len(notes(body, untold)) == 1
    assert notes(body, told) == []


def test_a_number_that_only_an_example_names_is_no_rule() -> None:
    body = "return sum(x for x in xs if x < 17)"
    assert len(notes(body, "Add up. For example, 8 and 17 give 8.")) == 1
    assert notes(body, "Add up those below 17. For example, 8 and 17 give 8.") == []


def test_a_bound_may_be_told_in_its_other_form() -> None:
    body = "return sum(x for x in xs if x < 18)"
    assert notes(body, "Add up those that are at most 17.") == []
    assert notes(body, "Add up those that are at least 19.") == ["the number 18 is not mentioned"]
    assert notes("return sum(xs) % 100", "Give the rest, from 0 to 99.") == []


def test_helpers_and_constants_that_are_reached_are_read_and_others_are_not() -> None:
    used = "\nMOST = 23\n\n\ndef few(x: int) -> bool:\n    return x < MOST\n"
    unused = "\nUNUSED = 34\n\n\ndef none() -> int:\n    return UNUSED\n"
    assert notes("return sum(map(few, xs))", before=used + unused) == ["the number 23 is not mentioned"]


def test_what_only_generate_and_admits_use_is_not_noted() -> None:
    assert notes("return sum(xs)") == []


def test_what_verify_alone_demands_is_noted() -> None:
    verify = "return abs(answer - solve(xs, text)) <= 0.05"
    assert notes("return sum(xs) / len(xs)", gives="float", verify=verify) == ["the number 0.05 is not mentioned"]
    said = "Add up; within 0.05 is right."
    assert notes("return sum(xs) / len(xs)", said, gives="float", verify=verify) == []


def test_a_table_is_one_note() -> None:
    before = "\nWORTH = {'a': 3, 'b': 8, 'c': 21}\n"
    told = "Each a is worth 3, each b 8 and each c 21."
    body = "return sum(WORTH.get(c, 0) for c in text)"
    assert notes(body, told, before=before) == []
    assert notes(body, "Each a is worth 3, each b 8 and each c more.", before=before) == [
        "1 of the 6 constants in a table are not mentioned: 21"
    ]


@pytest.mark.parametrize(
    "body",
    [
        "return sum(x // 2 for x in xs) - 1 + 0",
        "best = 10**9\n    return min([best, *xs])",
        "return sum(abs(x) > 1e-9 for x in xs)",
        "return sum(ord(c) - 97 for c in text)",
        "return sum(n for a, b in [(1, 0), (0, 1), (-1, 0), (0, -1)] for n in (a, b))",
        "state = {'seen': 0}\n    state['seen'] += len(xs)\n    return state['seen']",
        "mode = 'start'\n    if mode == 'start':\n        mode = 'rest'\n    return int(mode == 'rest')",
        "return int(', '.join(text.split()) == '')",
        "if not xs:\n        return 0\n    return xs[3]",
        "assert xs, 'nothing is there'\n    return bin(sum(xs)).count('1')",
    ],
)
def test_details_of_a_method_are_left_out(body) -> None:
    assert notes(body) == []


def test_the_list_stays_short() -> None:
    body = "return sum([" + ", ".join(f"len(xs) * {n}" for n in range(31, 99)) + "])"
    assert len(notes(body)) == MOST_NOTES


def test_names_of_fields_and_doubled_braces_are_read_as_the_reader_sees_them() -> None:
    said = Statement("Take {top_40} and the brackets {{ }}, {{17}}.", ["top_40"])
    assert {40, 17} <= said.numbers
    assert said.quotes("{}")
    assert not said.quotes("[]")


def test_every_number_word_is_a_number() -> None:
    said = Statement("The fortieth, the twelfth, ninety-nine, nineteen, two hundred, a half, 3.5, 1e-3 and 5%.", [])
    assert {40, 12, 99, 19, 100, 0.5, 3.5, 0.001, 5} <= said.numbers
    assert said.numbers & {4, 90.5, 7, 11} == set()
