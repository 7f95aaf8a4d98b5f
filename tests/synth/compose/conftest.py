"""The shelf: small parts run in this process, and composites made of them, by hand and drawn by type.

The parts are trusted, so no jail is needed. ``SPACES`` are their functions as they are, for tests that run chains
without the algebra.
"""

import json
from random import Random
from typing import Any

from hypothesis import HealthCheck, assume, currently_in_test_context, settings
from hypothesis import strategies as st

from synth.compose import term
from synth.compose.chain import Chain, Chained, Link, NoInstanceError
from synth.compose.control import CONDITIONS, Branch, Condition, Loop, fits
from synth.compose.leaf import Planted, leaf
from synth.compose.operators import Select, Sequential, Sort, parallel
from synth.environment import Answer, Environment, Function, Instance, Step, draw
from synth.program import read
from tests.conftest import EXAMPLES

settings.register_profile("compose", deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
LAW = settings(settings.get_profile("compose"), max_examples=100)


def source(title: str, statement: str, fields: str, gives: str, drawn: str, right: str, admits: str = "True") -> str:
    names = ", ".join(field.partition(":")[0].strip() for field in fields.split(";"))
    taken = fields.replace(";", ",")
    return (
        f'"""{title}: a part."""\n\nSTATEMENT = {statement!r}\n\n'
        f"def generate(rng, difficulty):\n    return {drawn}\n\n"
        f"def solve({taken}) -> {gives}:\n    return {right}\n\n"
        f"def admits({taken}) -> bool:\n    return {admits}\n\n"
        f"def verify({taken}, answer: {gives}) -> bool:\n    return answer == solve({names})\n"
    )


INTS = "[rng.randint(-9, 30) for _ in range(3 + difficulty + rng.randint(0, 1))]"
NUMBER = '{"n": rng.randint(2, 40 * difficulty)}'
SOURCES = {
    "rotate": source(
        "Rotate", "Move the first {k} entries of the list {xs} to its end, one after the other.",
        "xs: list[int]; k: int", "list[int]", f'{{"xs": {INTS}, "k": rng.randint(1, 2)}}',
        "xs[k % len(xs):] + xs[:k % len(xs)]",
        "len(xs) > 0 and k >= 0",
    ),
    "mirror": source(
        "Mirror", "Reverse the list {xs}.", "xs: list[int]", "list[int]", f'{{"xs": {INTS}}}', "xs[::-1]",
    ),
    "shift": source(
        "Shift", "Add {k} to each entry of the list {xs}.", "xs: list[int]; k: int", "list[int]",
        f'{{"xs": {INTS}, "k": rng.randint(1, 9)}}', "[x + k for x in xs]",
    ),
    "total": source(
        "Total", "Add up the entries of the list {xs}.", "xs: list[int]", "int", f'{{"xs": {INTS}}}', "sum(xs)",
    ),
    "plus": source(
        "Plus", "Add {k} to {n}.", "n: int; k: int", "int",
        '{"n": rng.randint(2, 40 * difficulty), "k": rng.randint(2, 9)}', "n + k",
    ),
    "times": source(
        "Times", "Multiply {n} by {k}.", "n: int; k: int", "int",
        '{"n": rng.randint(2, 40 * difficulty), "k": rng.randint(2, 4)}', "n * k", "abs(n) < 10 ** 40",
    ),
    "halve": source(
        "Halve", "Divide {n} by 2 and round down.", "n: int", "int", NUMBER, "n // 2",
    ),
    "below": source(
        "Below", "Subtract the absolute value of {n} from -5.", "n: int", "int", NUMBER, "-5 - abs(n)",
    ),
    "digits": source(
        "Digits", "List the decimal digits of {n}, from the left.", "n: int", "list[int]", NUMBER,
        "[int(d) for d in str(n)]", "n >= 0",
    ),
    "weeks": source(
        "Weeks", "How many whole weeks are {n} days, and how many days are left over?", "n: int", "tuple[int, int]",
        NUMBER, "(n // 7, n % 7)",
    ),
    "third": source(
        "Third", "Divide {n} by 3; within 0.001.", "n: int", "float", NUMBER, "n / 3",
    ).replace("answer == solve(n)", "abs(answer - solve(n)) <= 0.001"),
    "grow": source(
        "Grow", "Multiply {v} by 1.1; within 0.001.", "v: float", "float", '{"v": rng.randint(1, 99) / 4}', "v * 1.1",
        "abs(v) < 1e9",
    ).replace("answer == solve(v)", "abs(answer - solve(v)) <= 0.001"),
    "whole": source(
        "Whole", "Round {v} down.", "v: float", "float", '{"v": rng.randint(1, 99) / 4}', "int(v // 1)",
        "abs(v) < 1e9",
    ),
    "lettered": source(
        "Lettered", "Let x be 3, z be 4, A1 be 5 and y1 be 6. Add all four to {n}, and call that A. Find A.", "n: int",
        "int", NUMBER, "n + 18",
    ),
    "lined": source(
        "Lined", "These are rules.\n\n1. Take {n}.\n2. Subtract 1.\n\nFind what is left.", "n: int", "int", NUMBER,
        "n - 1",
    ),
    "divisor": source(
        "Divisor", "Name a divisor of {n} that is greater than 1. Any such divisor counts.", "n: int", "int", NUMBER,
        "n", "1 < n < 10 ** 6",
    ).replace("solve", "example").replace("answer == example(n)", "answer > 1 and n % answer == 0"),
}  # fmt: skip
SOURCES |= {path.stem: path.read_text() for path in EXAMPLES}
SPACES: dict[str, dict[str, Any]] = {}


def loaded(name: str) -> Planted:
    space: dict[str, Any] = {"__name__": name}
    exec(SOURCES[name], space)
    SPACES[name] = space
    return leaf(name, read(SOURCES[name]), lambda function, arguments: space[function](**arguments))


PARTS: dict[str, Environment] = {name: loaded(name) for name in SOURCES}
LINKS = [Link(part, name) for part in PARTS.values() if isinstance(part, Step) for name in part.signature.domain]
FUNCTIONS = [link for link in LINKS if isinstance(link.part, Function)]

OPERATORS = {
    "sequential": "sequential(rotate:xs, total, plus:n)",
    "parallel": "parallel(total, pick_sum, weeks)",
    "sort": "sort(shift:xs, total, times:n, digits)",
    "select": "select(shift:xs, total; mirror, times:n)",
    "chain": "chain(shift:xs, total, times:n)",
    "branch": "branch(over, halve, times:n)",
    "loop": "loop(vowel_shift)",
    "until": "loop(until over, times:n)",
}
"""One term for each operator, and for a loop with a condition."""
NESTED = {
    "branch_in_loop_in_sequential": "sequential(loop(branch(even, halve, plus:n):x):x, digits, total)",
    "all_in_parallel": "parallel(sequential(total, divisor), parallel(sort(shift:xs, total, times:n), weeks))",
    "chain_in_loop_in_chain": "chain(plus:n, loop(chain(times:n, halve):x):x, digits)",
    "letters_in_sort": "sort(loop(lettered):x, loop(loop(times:n):x):x, digits, longest_run)",
}
SHELF = [
    *OPERATORS.values(),
    *NESTED.values(),
    "sequential(divisor, plus:n, divisor)",
    "sequential(order_jobs:n, total)",
    "sequential(third, grow, loop(grow):x)",
    "sequential(weeks, shift:xs)",
    "sequential(parallel(halve, total):1.n, mirror)",
    "parallel(parallel(pick_sum, order_jobs), branch(even, lined, halve))",
    "parallel(sequential(lettered, lined), select(total, times:n; plus:n))",
    "sort(plus:n, times:n, digits, total)",
    "chain(lettered, lined, lettered)",
    "chain(third, grow)",
    "chain(weeks, chain(shift:xs, total):x)",
    "chain(halve, chain(plus:n, times:n):1.k, branch(over, halve, chain(plus:n, halve):x):x)",
    "parallel(chain(halve, digits), divisor)",
    "select(total, chain(times:n, plus:n):x; plus:n)",
    "branch(has, rotate:xs, loop(mirror):x)",
    "branch(long, shift:xs, mirror)",
    "branch(even_length, book_shelf:titles, book_shelf:titles)",
    "loop(until even, halve)",
    "loop(until has, shift:xs)",
    "loop(until long, loop(mirror):x)",
    "loop(grow)",
]
BRANCHES = [
    "branch(even, halve, plus:n)",
    "branch(over, halve, times:n)",
    "branch(even_length, rotate:xs, mirror)",
    "branch(long, shift:xs, mirror)",
    "branch(has, rotate:xs, shift:xs)",
    "branch(has, longest_run, total)",
    "branch(over, last_survivor:n, last_digits:base)",
]
SEEDS = st.integers(0, 2**32)


def made(text: str) -> Environment:
    return term.parse(text, PARTS.__getitem__)


def as_sent(value: Any) -> Any:
    """A value after its way to another process and back."""
    return json.loads(json.dumps(value))


def drawn(environment: Environment, seed: int, difficulty: int = 2) -> tuple[Instance, Answer]:
    """An instance as whoever asks has it; where none can be had, hypothesis looks elsewhere."""
    try:
        instance, answer = draw(environment, Random(seed), difficulty)
    except NoInstanceError:
        assume(not currently_in_test_context())
        raise
    return as_sent(instance), as_sent(answer)


@st.composite
def links(draw: st.DrawFn, pool: list[Link], depth: int) -> Link:
    """A link of the pool, or a branch, a loop, a chain or a parallel of links, opened."""
    if depth == 0 or draw(st.integers(0, 2)) > 0:
        return draw(st.sampled_from(pool))
    match draw(st.sampled_from(["branch", "loop", "chain", "parallel"])):
        case "branch":
            part: Step = draw(branches(depth - 1))
        case "loop":
            part = draw(loops(depth - 1))
        case "chain":
            part = draw(chaineds(depth - 1))
        case _:
            parts = [draw(links(FUNCTIONS, depth - 1)).part for _ in range(draw(st.integers(1, 2)))]
            whole = parallel(parts)
            assert isinstance(whole, Step)
            part = whole
    return Link(part, draw(st.sampled_from(sorted(part.signature.domain))))


@st.composite
def branches(draw: st.DrawFn, depth: int) -> Branch:
    able = [link for link in FUNCTIONS if _conditions(link)]
    yes = draw(st.sampled_from(able))
    alike = [link for link in able if (link.takes, link.gives) == (yes.takes, yes.gives)]
    no = draw(st.sampled_from(alike))
    if depth and yes.gives <= yes.takes and draw(st.booleans()):
        no = Link(Loop(no), "x")
    return Branch(draw(st.sampled_from(_conditions(yes))), yes, no)


@st.composite
def loops(draw: st.DrawFn, depth: int) -> Loop:
    link = draw(st.sampled_from([link for link in FUNCTIONS if link.gives <= link.takes]))
    if depth and draw(st.booleans()):
        link = Link(Loop(link), "x")
    return Loop(link, draw(st.sampled_from([None, *_conditions(link)])))


def _conditions(link: Link) -> list[Condition]:
    return [condition for condition in CONDITIONS.values() if fits(condition, link.takes)]


@st.composite
def chains(draw: st.DrawFn, pool: list[Link], most: int, depth: int = 1) -> Chain:
    """Links drawn one after another among those that take what the one before gives."""
    chain = [draw(links(pool, depth))]
    for _ in range(draw(st.integers(1, most)) - 1):
        able = [link for link in pool if chain[-1].gives <= link.takes]
        if not able:
            break
        chain.append(draw(st.sampled_from(able)))
    return Chain(tuple(chain))


@st.composite
def chaineds(draw: st.DrawFn, depth: int) -> Chained:
    chain = draw(chains(FUNCTIONS, 4, depth))
    assume(len(chain) > 1)
    return Chained(chain)


@st.composite
def composites(draw: st.DrawFn, depth: int = 2) -> Environment:
    """A composite of any operator; every part fits by type, and nothing else is promised."""
    match draw(st.sampled_from(["sequential", "parallel", "sort", "select", "chain", "branch", "loop"])):
        case "sequential":
            return Sequential(draw(chains(LINKS, 4, depth)))
        case "sort":
            return Sort(draw(chains(FUNCTIONS, 4, depth)))
        case "select":
            chain = draw(chains(FUNCTIONS, 3, depth))
            return Select(chain, tuple(draw(st.lists(st.sampled_from(FUNCTIONS), max_size=2))))
        case "chain":
            return draw(chaineds(depth))
        case "branch":
            return draw(branches(depth))
        case "loop":
            return draw(loops(depth))
        case _:
            inner = st.sampled_from(list(PARTS.values()))
            part = st.one_of(inner, composites(depth - 1)) if depth else inner
            return parallel(draw(st.lists(part, min_size=1, max_size=3)))


SHELVED = st.one_of(st.sampled_from([made(text) for text in SHELF]), composites())
"""The shelf's composites, and drawn ones."""
