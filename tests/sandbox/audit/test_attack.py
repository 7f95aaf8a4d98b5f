"""The attack on verifiers broken in ways that people break them, each a line or two away from one that is right."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pytest

from sandbox.admit import Judge
from sandbox.audit import attack as module
from sandbox.audit.attack import Attack, attack, telling
from sandbox.audit.brute import Check
from sandbox.audit.targets import TARGETS, targets
from sandbox.evidence import score
from sandbox.jail import Sandbox, Session
from sandbox.outcome import Call, Ending, Limits
from sandbox.subject import Subject, opened
from synth.compose import composite
from synth.environment import Answer, Instance
from synth.pool import Pool
from synth.program import read
from synth.types import canonical

TRIALS = 1_000
HEAD = '''"""Task: do it."""

from random import Random

STATEMENT = "Do it with STATED."


def generate(rng: Random, difficulty: int) -> dict:
    GENERATE


REST'''
SORT = HEAD.replace("STATED", "{xs}").replace(
    "GENERATE", 'return {"xs": [rng.randint(0, 9 + 5 * difficulty) for _ in range(rng.randint(1, 5 + difficulty))]}'
).replace("REST", """def solve(xs: list[int]) -> list[int]:
    return sorted(xs)


def verify(xs: list[int], answer: list[int]) -> bool:
    VERIFY
""")  # fmt: skip
COUNT = SORT.replace("-> list[int]:\n    return sorted(xs)", "-> int:\n    return 7 * sum(xs) + len(xs)").replace(
    "answer: list[int]", "answer: int"
)
TEXT = HEAD.replace("STATED", "{text}").replace(
    "GENERATE", 'return {"text": "".join(rng.choice("abcde ") for _ in range(rng.randint(2, 6 + difficulty)))}'
).replace("REST", """def solve(text: str) -> str:
    return text[::-1].replace("a", "A") + "."


def verify(text: str, answer: str) -> bool:
    VERIFY
""")  # fmt: skip
TALLY = TEXT.replace("-> str", "-> dict[str, int]").replace("answer: str", "answer: dict[str, int]").replace(
    'text[::-1].replace("a", "A") + "."', "{c: text.count(c) for c in text}"
)  # fmt: skip
PLACE = HEAD.replace("STATED", "{xs}").replace(
    "GENERATE", 'return {"xs": [rng.randint(0, 99) for _ in range(rng.randint(2, 5 + difficulty))]}'
).replace("REST", """def solve(xs: list[int]) -> tuple[int, int]:
    return (xs.index(max(xs)), xs.index(min(xs)))


def verify(xs: list[int], answer: tuple[int, int]) -> bool:
    VERIFY


def admits(xs: list[int]) -> bool:
    return len(xs) > 0
""")  # fmt: skip
SHARE = SORT.replace("answer: list[int]) -> bool", "answer: list[int]) -> float")

FUNCTIONS = [
    ("a set for a multiset", SORT, "return set(answer) == set(xs) and answer == sorted(answer)"),
    ("the order is not looked at", SORT, "return sorted(answer) == sorted(xs)"),
    ("only the length and the order", SORT, "return len(answer) == len(xs) and answer == sorted(answer)"),
    ("only the first three", SORT, "return len(answer) == len(xs) and answer[:3] == sorted(xs)[:3]"),
    ("zip stops at the shorter", SORT, "return all(a == b for a, b in zip(answer, sorted(xs)))"),
    ("more may follow", SORT, "return answer[: len(xs)] == sorted(xs)"),
    ("nothing is accepted", SORT, "return not answer or answer == sorted(xs)"),
    ("one too many", SORT, "return answer[:-1] == sorted(xs) or answer == sorted(xs)"),
    ("sum and ends", SORT, "return len(answer) == len(xs) and sum(answer) == sum(xs) and answer[:1] == [min(xs)]"),
    ("wrong for one entry alone", SORT, "return answer == sorted(xs) or len(xs) == len(answer) == 1"),
    ("repeats are left out", SORT, "return answer in (sorted(xs), sorted(set(xs)))"),
    ("off by one", COUNT, "return abs(answer - solve(xs)) <= 1"),
    ("either sign", COUNT, "return abs(answer) == solve(xs)"),
    ("the last digits", COUNT, "return answer % 1000 == solve(xs) % 1000"),
    ("at least", COUNT, "return answer >= solve(xs)"),
    ("an entry will do", COUNT, "return answer in (solve(xs), *xs[-1:])"),
    ("capitals", TEXT, "return answer.lower() == solve(text).lower()"),
    ("white space", TEXT, "return answer.split() == solve(text).split()"),
    ("contained", TEXT, "return solve(text) in answer"),
    ("an anagram", TEXT, "return sorted(answer) == sorted(solve(text))"),
    ("the full stop", TEXT, 'return answer.rstrip(".") == solve(text).rstrip(".")'),
    ("keys alone", TALLY, "return answer.keys() == solve(text).keys()"),
    ("more keys", TALLY, "return all(answer.get(c) == n for c, n in solve(text).items())"),
    ("zeros", TALLY, "return {c: n for c, n in answer.items() if n} == solve(text)"),
    ("half of a pair", PLACE, "return answer[0] == solve(xs)[0]"),
    ("either order", PLACE, "return sorted(answer) == sorted(solve(xs))"),
    ("places from the end", PLACE, "return answer[1] == solve(xs)[1] and (answer[0] - solve(xs)[0]) % len(xs) == 0"),
    ("ties", PLACE, "return all(0 <= i < len(xs) for i in answer) and (xs[answer[0]], xs[answer[1]]) "
     "== (max(xs), min(xs))"),
    ("shares without the length", SHARE, "return sum(a == b for a, b in zip(answer, sorted(xs))) / max(1, len(xs))"),
    ("a generous share", SHARE, "return min(1.0, 1.3 * sum(a == b for a, b in zip(answer, sorted(xs))) "
     "/ max(1, len(xs), len(answer)))"),
]  # fmt: skip

SUBSET = HEAD.replace("STATED", "{xs} and {k}").replace(
    "GENERATE", """xs = [rng.randint(1, 30) for _ in range(4 + difficulty)]
    places = sorted(rng.sample(range(len(xs)), rng.randint(2, len(xs) - 1)))
    return {"xs": xs, "k": sum(xs[i] for i in places), "answer": places}"""
).replace(
    "REST", """def verify(xs: list[int], k: int, answer: list[int]) -> bool:
    VERIFY
"""
)  # fmt: skip
WALK = HEAD.replace("STATED", "{edges}, {a} and {b}").replace("GENERATE", """n = 5 + difficulty
    path = rng.sample(range(n), rng.randint(3, n - 1))
    edges = [(u, v) for u, v in zip(path, path[1:])]
    edges += [tuple(sorted(rng.sample(range(n), 2))) for _ in range(n)]
    return {"edges": edges, "a": path[0], "b": path[-1], "answer": path}""").replace(
    "REST", """def verify(edges: list[tuple[int, int]], a: int, b: int, answer: list[int]) -> bool:
    if len(answer) < 2 or answer[0] != a:
        return False
    known = {*edges} | {(v, u) for u, v in edges}
    VERIFY
""")  # fmt: skip
RIGHT_SUBSET = (
    "return all(0 <= i < len(xs) for i in answer) and answer == sorted(set(answer)) and sum(xs[i] for i in answer) == k"
)
RIGHT_WALK = (
    "return answer[-1] == b and len(set(answer)) == len(answer) and all(s in known for s in zip(answer, answer[1:]))"
)
RELATIONS = [
    ("any order", SUBSET, RIGHT_SUBSET, RIGHT_SUBSET.replace("answer == sorted(set", "sorted(answer) == sorted(set")),
    ("places twice", SUBSET, RIGHT_SUBSET, RIGHT_SUBSET.replace("sorted(set(answer))", "sorted(answer)")),
    ("places from the end", SUBSET, RIGHT_SUBSET, RIGHT_SUBSET.replace("0 <= i", "-len(xs) <= i")),
    ("a larger sum", SUBSET, RIGHT_SUBSET, RIGHT_SUBSET.replace("== k", ">= k")),
    ("nodes twice", WALK, RIGHT_WALK, RIGHT_WALK.replace("len(set(answer)) == len(answer)", "True")),
    ("no edges needed", WALK, RIGHT_WALK, RIGHT_WALK.replace("s in known", "len(s) == 2")),
    ("the last edge", WALK, RIGHT_WALK, RIGHT_WALK.replace("answer[1:]", "answer[1:-1]")),
    ("anywhere", WALK, RIGHT_WALK, RIGHT_WALK.replace("answer[-1] == b", "True")),
]  # fmt: skip


@contextmanager
def subject(judge: Judge, source: str) -> Iterator[Subject]:
    with Subject(read(source), partial(opened, judge.box), partial(opened, judge.other)) as subject:
        yield subject


def attacked(judge: Judge, source: str, trials: int = TRIALS, check: Check | None = None) -> Attack:
    with subject(judge, source) as examined:
        return attack(examined, trials, (), check)


def says(session: Session) -> Check:
    """What a right verifier says."""

    def check(pairs: Sequence[tuple[Instance, Answer]]) -> list[bool | None]:
        outcomes = session.map(Call("verify", {**instance, "answer": answer}) for instance, answer in pairs)
        return [score(outcome) == 1 for outcome in outcomes]

    return check


@pytest.mark.parametrize(("source", "verify"), [case[1:] for case in FUNCTIONS], ids=[case[0] for case in FUNCTIONS])
def test_a_function_that_accepts_a_wrong_answer_is_found(judge: Judge, source: str, verify: str) -> None:
    finding = attacked(judge, source.replace("VERIFY", verify)).finding
    assert finding is not None
    assert "but solve gives" in finding.evidence


@pytest.mark.parametrize("source", [SORT, COUNT, TEXT, TALLY, PLACE])
def test_a_verifier_that_compares_withstands(judge: Judge, source: str) -> None:
    result = attacked(
        judge, source.replace("VERIFY", f"return answer == solve({'text' if '{text}' in source else 'xs'})")
    )
    assert result.finding is None
    assert sum(of.tried for of in result.kinds.values()) == TRIALS
    assert sum(of.accepted for of in result.kinds.values()) == 0
    assert not result.undecided


@pytest.mark.parametrize(("source", "right", "verify"), [c[1:] for c in RELATIONS], ids=[c[0] for c in RELATIONS])
def test_a_condition_that_is_not_checked_is_found_with_a_second_check(
    judge: Judge, source: str, right: str, verify: str
) -> None:
    with subject(judge, source.replace("VERIFY", right)) as honest:
        check = says(honest.session)
        finding = attacked(judge, source.replace("VERIFY", verify), 3 * TRIALS, check).finding
        assert attacked(judge, source.replace("VERIFY", right), TRIALS, check).finding is None
    assert finding is not None
    assert "a second author refuses it" in finding.evidence


def test_without_a_second_check_it_is_undecided_and_says_what_it_lacks(judge: Judge) -> None:
    verify = RIGHT_SUBSET.replace("sorted(set(answer))", "sorted(answer)").replace(" == k", " == k or len(answer) > 30")
    result = attacked(judge, SUBSET.replace("VERIFY", verify), 3 * TRIALS)
    assert result.finding is None
    assert result.suspicious
    assert {"no item stands in it twice"} <= {*result.undecided[0].lacks}
    assert len(result.notes) == 1
    assert "another right answer or a hole" in result.notes[0]


def test_the_evidence_is_made_as_small_as_it_goes(judge: Judge) -> None:
    finding = attacked(judge, SORT.replace("VERIFY", "return sorted(answer) == sorted(xs)")).finding
    assert finding is not None
    assert "verify accepts [1, 0]" in finding.evidence
    assert finding.evidence.count("made smaller of") == 1


@pytest.fixture(scope="module")
def hasty() -> Iterator[Sandbox]:
    """A sandbox that waits no more than a quarter of a second for a call."""
    with Sandbox(Limits(call_seconds=0.25)) as box:
        yield box


def in_haste(box: Sandbox, verify: str) -> Subject:
    return Subject(read(SORT.replace("VERIFY", verify)), partial(opened, box), partial(opened, box))


def test_an_answer_that_takes_all_the_time_is_found(hasty: Sandbox) -> None:
    with in_haste(hasty, "while len(answer) > 5_000:\n        pass\n    return answer == sorted(xs)") as examined:
        finding = attack(examined, TRIALS).finding
    assert finding is not None
    assert "used more than 0.25 s" in finding.evidence


def test_a_verifier_that_tracing_makes_too_slow_is_not_blamed(hasty: Sandbox) -> None:
    slow = "n = 0\n    while not answer and n < 1_300_000:\n        n += 1\n    return answer == sorted(xs)"
    with in_haste(hasty, slow) as examined:
        call = examined.verifying([({"xs": [1]}, [])])
        assert examined.session.map(call)[0].value is False
        assert examined.session.map(call, count=True)[0].ending is Ending.TIMED_OUT
        assert attack(examined, 60).finding is None


def test_a_slow_verifier_is_asked_less(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINES_EACH", 1)
    result = attacked(judge, SORT.replace("VERIFY", "return answer == sorted(xs)"))
    assert 0 < sum(of.tried for of in result.kinds.values()) < TRIALS
    assert TRIALS <= result.lines < 2 * TRIALS


def test_the_same_attack_gives_the_same_bytes(judge: Judge) -> None:
    source = SUBSET.replace("VERIFY", RIGHT_SUBSET)
    first, again = (attacked(judge, source) for _ in range(2))
    assert canonical(first.asdict()) == canonical(again.asdict())
    assert [one.answer for one in first.tried] == [one.answer for one in again.tried]


def test_what_tells_most_comes_first(judge: Judge) -> None:
    result = attacked(judge, SUBSET.replace("VERIFY", RIGHT_SUBSET))
    shown = telling(result)
    accepted = sum(one.accepted for one in result.tried)
    assert accepted > 0
    assert len({*map(id, shown)}) == len(shown)
    assert sum(one.accepted for one in shown) >= min(accepted, 10)


def test_targets_are_the_smallest_the_level_and_some_that_nobody_drew(judge: Judge) -> None:
    with subject(judge, SORT.replace("VERIFY", "return answer == sorted(xs)")) as examined:
        found = targets(examined, (), TRIALS)
        drawn = [canonical(trial.instance) for trial in examined.trials]
        smallest = min(len(trial.instance["xs"]) for trial in examined.trials)
    assert len(found) <= TARGETS
    assert any(len(t.instance["xs"]) == smallest for t in found if t.seed is not None)
    assert all(canonical(t.instance) in drawn for t in found if t.seed is not None)
    assert any(canonical(t.instance) not in drawn for t in found if t.seed is None)


def test_a_composite_is_attacked_like_any_other(judge: Judge, basics: Pool) -> None:
    term = composite.read("parallel(nine_minus, odd_places)", basics)
    with Subject(term, partial(opened, judge.box), partial(opened, judge.other)) as examined:
        result = attack(examined, 300)
    assert result.finding is None
    assert sum(of.tried for of in result.kinds.values()) == 300
    assert 0 < result.best < 1
