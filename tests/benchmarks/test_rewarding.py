"""Figures of rewards: how many replies are scored in a second, and what one verifier that loops for ever costs a step.

As in ``test_jail.py`` rates are told and ratios asserted: the two sides take turns, and medians are compared.
"""

import statistics
import time
from collections.abc import Iterator
from itertools import combinations, islice
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from rl.reward import Scorer
from rl.tasks import Item, Problem, Tasks
from sandbox import Call, Ending, Limits, Sandbox
from synth.compose import composite, term
from synth.pool import Pool, record
from synth.program import read
from tests.benchmarks.test_jail import TRIES, in_turn
from tests.rl.conftest import BAD, HOSTILE, SHELF, reply
from tests.synth.compose.conftest import PARTS

PROMPTS, GROUP, ITEMS = 128, 8, 50
LEAST_RATE = 2_000  # scores a second on one core: what one of 128 x 8 replies must not wait for
LEAST_THROUGHPUT = 0.3  # of reading and scoring the same replies in this process, without a jail
MOST_SLOWDOWN = 1.5  # of a deadline, by an environment that never comes back
SEQUENTIALS = (
    "sequential(prefix_sums:xs, longest_run)",
    "sequential(longest_run, last_digits:base)",
    "sequential(richest_path, last_survivor:k)",
    "sequential(vowel_shift, vowel_shift)",
    "sequential(prefix_sums:xs, prefix_sums:xs, longest_run)",
    "sequential(book_shelf:titles, book_shelf:titles, longest_absence)",
    "sequential(last_survivor:n, last_digits:base, last_digits:base)",
    "sequential(prefix_sums:xs, longest_run, last_digits:base, last_digits:exponent)",
)
PAIRS = [f"parallel({one}, {other})" for one, other in combinations(sorted(SHELF), 2)]
TERMS = [*SHELF, *SEQUENTIALS, *PAIRS[:: len(PAIRS) // (ITEMS - len(SHELF) - len(SEQUENTIALS))]][:ITEMS]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits(call_seconds=1.0)) as box:
        yield box


@pytest.fixture(scope="module")
def tasks(box: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tasks]:
    """Fifty environments and composites, and one that loops for ever at an answer."""
    pool = pool_in(tmp_path_factory.mktemp("pool"))
    tasks = Tasks(pool, [item_of(text, pool) for text in [*TERMS, "endless"]], box)
    yield tasks
    tasks.close()


@pytest.fixture
def scorer(tasks: Tasks, box: Sandbox) -> Iterator[Scorer]:
    scorer = Scorer(tasks.sources, box, workers=1)
    yield scorer
    scorer.close()


def pool_in(folder: Path) -> Pool:
    pool = Pool(folder)
    for name, source in {**SHELF, "endless": HOSTILE["endless"]}.items():
        pool.add(record(name, "any", read(source), {}, {}))
    return pool


def item_of(text: str, pool: Pool) -> Item:
    parts = tuple(composite.read(text, pool).programs)
    return Item(text, "any" if text in parts else "composite", text.partition("(")[0], len(parts), parts)


@pytest.fixture(scope="module")
def step(tasks: Tasks) -> tuple[list[Problem], list[str]]:
    """128 prompts over all fifty, 8 replies to each: every second is right, the others are of another prompt."""
    names = [(item_of(TERMS[n % ITEMS], tasks.pool), n, 1 + n % 4) for n in range(2 * PROMPTS)]
    posed = list(islice((problem for problem in tasks.pose(names) if problem), PROMPTS + ITEMS))
    problems = [problem for problem in posed[:PROMPTS] for _ in range(GROUP)]
    others = [problem for problem in posed[ITEMS : PROMPTS + ITEMS] for _ in range(GROUP)]
    assert len(problems) == len(others) == PROMPTS * GROUP
    replies = [reply((problems if n % 2 else others)[n].reference) for n in range(PROMPTS * GROUP)]
    return problems, replies


def test_replies_are_scored_at_a_fair_share_of_the_rate_without_a_jail(
    benchmark: BenchmarkFixture, scorer: Scorer, step: tuple[list[Problem], list[str]]
) -> None:
    """A step of 128 prompts and 8 replies each, over fifty environments and composites, in one jailed worker."""
    environments = {text: term.parse(text, PARTS.__getitem__) for text in TERMS}

    def jailed() -> list[float | None]:
        return [score.value for score in scorer.score(*step)]

    def natively() -> list[float | None]:
        readings = [scorer.read(problem, text) for problem, text in zip(*step, strict=True)]
        return [
            0.0 if reading.problem else environments[problem.item.term].score(problem.instance, reading.value)
            for problem, reading in zip(step[0], readings, strict=True)
        ]

    assert jailed() == natively()
    assert set(jailed()[1::2]) == {1}
    ratios: list[float] = []
    while len(ratios) < TRIES and max(ratios, default=0) < LEAST_THROUGHPUT:
        here, there = (statistics.median(seconds) for seconds in in_turn(jailed, natively, 9))
        ratios.append(there / here)
    benchmark.pedantic(jailed, rounds=5)
    rate = PROMPTS * GROUP / here
    benchmark.extra_info["scores a second on one core"] = round(rate)
    benchmark.extra_info["times the rate that is wanted"] = round(rate / LEAST_RATE, 1)
    benchmark.extra_info["throughput, of scoring without a jail"] = round(max(ratios), 2)
    assert max(ratios) >= LEAST_THROUGHPUT


def test_an_environment_that_loops_for_ever_costs_a_step_its_deadline_once(
    benchmark: BenchmarkFixture, tasks: Tasks, box: Sandbox, scorer: Scorer, step: tuple[list[Problem], list[str]]
) -> None:
    """One of fifty, to 16 of whose prompts all 8 replies hang, against one call that hangs."""
    problems, replies = step
    posed = tasks.pose([(item_of("endless", tasks.pool), seed, 1) for seed in range(16)])
    hanging = [problem for problem in posed if problem for _ in range(GROUP)]
    whole = [*problems[: -len(hanging)], *hanging], [*replies[: -len(hanging)], *[reply(BAD)] * len(hanging)]

    def seconds(problems: list[Problem], replies: list[str]) -> float:
        begun = time.perf_counter()
        values = [score.value for score in scorer.score(problems, replies)]
        assert [value is None for value in values] == [problem.item.term == "endless" for problem in problems]
        return time.perf_counter() - begun

    with box.open(HOSTILE["endless"]) as alone:
        begun = time.perf_counter()
        assert alone.map([Call("verify", {"xs": [1], "answer": BAD})])[0].ending is Ending.TIMED_OUT
        deadline = time.perf_counter() - begun
    usual = min(seconds(*step) for _ in range(3))
    slowed = benchmark.pedantic(seconds, whole, rounds=1)
    after = min(seconds(*whole) for _ in range(3))
    benchmark.extra_info["deadlines that the first step lost"] = round((slowed - usual) / deadline, 2)
    benchmark.extra_info["deadlines that later steps lost"] = round((after - usual) / deadline, 2)
    assert (slowed - usual) / deadline <= MOST_SLOWDOWN
    assert (after - usual) / deadline < 0.5
