"""Figures of composites, and of environments beside reasoning-gym's, as ratios taken in one run.

As in ``test_jail.py`` the two sides take turns, medians are compared, and a ratio that falls short is taken again.
The rate at which composites are found is not here.
"""

import json
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from random import Random
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sandbox import Call, Ending, Sandbox
from sandbox.jail import Session
from sandbox.subject import drawing, opened
from synth.answers import read_value
from synth.complete import Transcript
from synth.compose import term
from synth.compose.chain import START, untagged
from synth.compose.leaf import leaf
from synth.compose.operators import Sequential, Sort
from synth.environment import ANSWER, draw, prompt
from synth.fences import blocks
from synth.program import Program, read
from synth.types import as_text
from tests.benchmarks.test_jail import TRIES, in_turn, interleaved
from tests.conftest import ROOT
from tests.synth.compose.conftest import made

MOST_COST = 1.15  # of the sum of the parts run alone
MOST_PROOF = 3.0  # of executing the longest chain as often as it goes into all orders
LEAST_THROUGHPUT = 1.0  # of reasoning-gym's composite dataset
DRAWS = [drawing(seed, 1 + seed % 10) for seed in range(50)]
_CHAINS = """
separating_line:red, arrangement_rank, wide_neighbours:least, lift_travel:calls, first_fit_memory:size,
merge_equal_tops, bubble_passes:xs, smaller_before, bubble_passes:xs, smaller_before, card_war_winner:left,
leaking_tank:inflow

stable_pairs:left, lift_travel:calls, arrangement_at_rank:rank, first_fit_memory:requests, best_alternating_stretch,
power_order:m, lucky_survivors, rooms_with_cleaning:pause, arrangement_at_rank:rank, toppling_sand, arrangement_rank,
lift_travel:start

coin_feeding:price, invented_calendar:day, first_fit_memory:requests, card_war_winner:right, card_war_winner:right,
continue_polynomial:xs, first_fit_memory:size, lift_travel:calls, thinned_bits, modular_inverse:m,
arrangement_at_rank:rank, signed_shuffle

lift_travel:calls, arrangement_at_rank:rank, prefix_flips, steep_inversions, counter_program:n, take_from_ends,
partitions_without_triples, arrangement_at_rank:rank, even_steps_subsequence, odd_dice_total:total,
chain_of_mirrors:point, lift_travel:calls

smallest_rotation, weave_and_drop:text, repeated_relabelling:text, peel_twins, palindrome_pieces, cell_row:rule,
smallest_rotation, cheapest_bits, round_robin_ends:slice, month_end_steps:months, short_supersequence:b,
short_supersequence:a

move_to_front_code, odd_stretch_minima, bezout_pair:a, best_alternating_stretch, power_order:m,
nearest_fraction_terms:b, card_war_winner:left, best_alternating_stretch, cell_row:steps, palindrome_pieces,
divisor_sum_trail, cheapest_merging
"""
CHAINS = [" ".join(chain.split()).split(", ") for chain in _CHAINS.strip().split("\n\n")]
"""The first six chains of 12 that a search found in the recorded pool and that hold at every difficulty."""

SORTS = [
    "sort(prefix_sums:xs, rotate:xs, prefix_sums:xs, mirror, prefix_sums:xs, shift:xs)",
    "sort(rotate:xs, mirror, shift:xs, prefix_sums:xs, shift:xs, rotate:xs)",
    "sort(plus:n, times:n, plus:n, last_digits:base, last_survivor:n, times:n)",
    "sort(shift:xs, total, times:n, digits, rotate:xs, prefix_sums:xs)",
    "sort(prefix_sums:xs, total, times:n, last_survivor:n, plus:n, last_digits:base)",
]
ALIKE = ROOT / "tests" / "benchmarks" / "alike"
TASKS: Mapping[str, Mapping[str, int]] = {
    "number_sorting": {},
    "tower_of_hanoi": {},
    "graph_color": {"min_num_vertices": 20, "max_num_vertices": 20},
    "jugs": {"difficulty": 5},
}
"""reasoning-gym's datasets, and where their sizes are not those that it sets by itself."""

Work = Sequence[tuple[Session, Sequence[Call]]]
"""Batches of calls, and who answers them."""


@cache
def recorded(name: str) -> Program:
    """The environment that the last recorded reply to a task holds."""
    last = max((ROOT / "seeds" / "recorded").glob(f"{name}.*.md"))
    return read([body for _, body in blocks(Transcript.read(last).reply) if "def verify" in body][-1])


def values(session: Session, calls: Sequence[Call]) -> list[Any]:
    outcomes = session.map(calls)
    assert {outcome.ending for outcome in outcomes} == {Ending.RETURNED}
    return [outcome.value for outcome in outcomes]


def do(work: Work) -> None:
    for session, calls in work:
        values(session, calls)


def drawn_and_scored(session: Session) -> Work:
    """What a composite is asked: instances with their answers, and the scores of those."""
    return [(session, DRAWS), (session, [Call("verify", drawn) for drawn in values(session, DRAWS)])]


class Costs:
    """A composite of the first links of a chain, and its parts alone; ``sides`` are what each has to do."""

    def __init__(self, stack: ExitStack, box: Sandbox, operator: str, links: Sequence[str]) -> None:
        self.stack, self.box = stack, box
        names = [link.partition(":")[0] for link in links]
        text = f"{operator}({', '.join(links if operator == 'sequential' else names)})"
        whole = drawn_and_scored(self.composed(text, names))
        if operator == "sequential":
            self.sides = whole, self.steps(text, values(*whole[0]))
        else:
            self.sides = whole, [batch for name in names for batch in drawn_and_scored(self.composed(name, [name]))]

    def composed(self, text: str, names: Sequence[str]) -> Session:
        return self.stack.enter_context(self.box.compose(text, {name: recorded(name).source for name in names}))

    def steps(self, text: str, drawn: Sequence[Mapping[str, Any]]) -> Work:
        """Each part of a sequential alone: what it is asked for in the chain, on what it is given there."""
        environment = term.parse(text, lambda name: leaf(name, recorded(name)))
        assert isinstance(environment, Sequential)
        work: list[tuple[Session, Sequence[Call]]] = []
        for n, link in enumerate(environment.chain.links, 1):
            program = recorded(str(link.part))
            session = self.stack.enter_context(opened(self.box, program))
            met = [link.instance([one[START], *one[ANSWER]][n - 1], untagged(one, n)) for one in drawn]
            answers = [one[ANSWER][n - 1] for one in drawn]
            work += [(session, DRAWS)] if n == 1 or link.held else []
            work.append((session, [Call(program.reference, instance) for instance in met]))
            scored = [Call("verify", {**instance, ANSWER: a}) for instance, a in zip(met, answers, strict=True)]
            work.append((session, scored))
        return work

    def ratio(self) -> float:
        whole, alone = self.sides
        return 1 / interleaved(lambda: do(whole), lambda: do(alone), 5)


@pytest.mark.parametrize("size", [2, 4, 8, 12])
@pytest.mark.parametrize("operator", ["sequential", "parallel"])
def test_a_composite_costs_little_more_than_its_parts(
    benchmark: BenchmarkFixture, box: Sandbox, operator: str, size: int
) -> None:
    """Drawing an instance with its answer and scoring that, against the same calls to each part in its own session.

    Both sides are jailed and sent batches of the same size. The parts of a parallel stand alone as composites of one
    part, and do just what they do inside. The parts of a sequential are given the very values that they meet in it:
    each is asked for an instance if the chain asks it for one, for the answer, and for the score. What only composing
    needs is not in the sum: whether a value is admitted, and instances drawn in vain. So a sequential with a part whose
    ``admits`` searches as long as its ``solve`` costs more than this bound, up to 2.3 times the sum; no chain here has
    one, and of those that a search finds in the recorded pool about one in eight.
    """
    with ExitStack() as stack:
        costs = [Costs(stack, box, operator, chain[:size]) for chain in CHAINS]
        tries: list[list[float]] = []
        while len(tries) < TRIES and min(map(max, tries), default=MOST_COST + 1) > MOST_COST:
            tries.append([each.ratio() for each in costs])
        ratios = min(tries, key=max)
        benchmark.pedantic(do, (costs[0].sides[0],), rounds=3)
    benchmark.extra_info["of the sum of the parts"] = round(statistics.median(ratios), 2)
    benchmark.extra_info["of single composites"] = f"{min(ratios):.2f} to {max(ratios):.2f}"
    assert max(ratios) <= MOST_COST


@pytest.mark.parametrize("text", SORTS)
def test_a_sort_of_six_is_proven_in_the_time_of_a_few_chains(benchmark: BenchmarkFixture, text: str) -> None:
    """All orders of six steps are 1,956 runs of a step where prefixes are shared, which is 326 chains of six.

    In this process, and of light parts, so that what proving adds to running is seen and not hidden behind the parts.
    The first three can be run in many orders, most of them to a value of their own; the last two are like most sorts:
    few orders fit by type. What a step costs on other values than the chain's is the step's: a menu of recorded
    environments that any order can run, toppling piles of sand among them, came to 4.
    """
    sort = made(text)
    assert isinstance(sort, Sort)
    instance, _ = draw(sort, Random(1), 5)

    def prove() -> None:
        sort.prove(instance)

    def run_chains() -> None:
        for _ in range(326):
            sort.chain.values(instance)

    ratios = [1 / interleaved(prove, run_chains, 7) for _ in range(TRIES)]
    benchmark.pedantic(prove, rounds=5)
    benchmark.extra_info["of 326 chains"] = round(min(ratios), 2)
    assert min(ratios) <= MOST_PROOF


class Ours:
    """Environments of ``alike/``, each in a session; as many instances of each as the other side draws."""

    def __init__(self, stack: ExitStack, box: Sandbox, counts: Mapping[str, int]) -> None:
        sources = {name: (ALIKE / f"{name}.py").read_text() for name in counts}
        self.parts = [
            (read(source), stack.enter_context(box.compose(name, {name: source})), counts[name])
            for name, source in sources.items()
        ]
        self.drawn: list[list[Any]] = []
        self.draw()
        self.written = [[as_text(answer) for _, _, answer in instances] for instances in self.drawn]

    def draw(self) -> None:
        """Instances, each with its text and a right answer."""
        self.drawn = []
        for program, session, count in self.parts:
            instances = []
            for drawn in values(session, [drawing(seed, 1) for seed in range(count)]):
                answer = drawn.pop(ANSWER)
                instances.append((drawn, prompt(program.pose(drawn), program.signature.codomain), answer))
            self.drawn.append(instances)

    def score(self) -> None:
        """The answers read as they are written, and verified."""
        for (program, session, _), instances, written in zip(self.parts, self.drawn, self.written, strict=True):
            calls = [
                Call("verify", {**instance, ANSWER: read_value(text, program.signature.codomain).value})
                for (instance, *_), text in zip(instances, written, strict=True)
            ]
            assert set(values(session, calls)) == {True}


class Theirs:
    """The composite dataset of the same tasks, equally likely."""

    def __init__(self, reasoning_gym: Any, tasks: Mapping[str, Mapping[str, int]]) -> None:
        specs = [reasoning_gym.composite.DatasetSpec(name, 1, dict(config)) for name, config in tasks.items()]
        self.dataset = reasoning_gym.create_dataset("composite", seed=1, size=100 * len(specs), datasets=specs)
        self.items: list[Any] = []
        self.draw()
        self.counts = Counter(item["metadata"]["source_dataset"] for item in self.items)
        self.written = [
            item["answer"] or json.dumps(item["metadata"]["possible_answer"]) for item in self.items
        ]  # a colouring is not among the answers

    def draw(self) -> None:
        self.items = [self.dataset[i] for i in range(len(self.dataset))]

    def score(self) -> None:
        scores = [self.dataset.score_answer(a, item) for a, item in zip(self.written, self.items, strict=True)]
        assert set(scores) == {1.0}


def throughputs(box: Sandbox, reasoning_gym: Any, tasks: Mapping[str, Mapping[str, int]]) -> tuple[float, ...]:
    """Of instances, of scores, and of instances drawn and scored: ours, in theirs."""
    with ExitStack() as stack:
        theirs = Theirs(reasoning_gym, tasks)
        ours = Ours(stack, box, theirs.counts)
        sides: list[tuple[Callable[[], None], Callable[[], None]]] = [
            (ours.draw, theirs.draw),
            (ours.score, theirs.score),
        ]
        drawn, scored = ([statistics.median(seconds) for seconds in in_turn(*side, 7)] for side in sides)
    together = [sum(pair) for pair in zip(drawn, scored, strict=True)]
    return tuple(there / here for here, there in (drawn, scored, together))


@pytest.mark.xfail(reason="falls short: see the docstring for what is reached", strict=True)
def test_jailed_environments_are_as_fast_as_reasoning_gym_in_process(benchmark: BenchmarkFixture, box: Sandbox) -> None:
    """Instances drawn and scored in a second, against reasoning-gym's composite dataset, native and in one process.

    The tasks are four of its own whose answers both sides check, rather than compare with one that was kept: sorting
    numbers, the tower of Hanoi, colouring a graph, measuring with jugs. The environments in ``alike/`` set them in the
    same sizes and solve them in the same way. Both sides make the text, and read an answer as it is written.

    Not reached: on two cores the composite has 0.8 of the throughput there (instances 0.85, scores 0.55), and jugs,
    whose searches are most of either side's time, decides that. Each alone, instances and scores together: sorting
    0.8, Hanoi 0.6, colouring 0.65, jugs 0.85. A call through the jail costs 6 µs before it does anything, and the
    values travel; a task of 10 µs has 0.4, and a score that only compares two texts costs nearly nothing there.
    """
    reasoning_gym = pytest.importorskip("reasoning_gym", reason="reasoning-gym is absent: pip install -e '.[gyms]'")
    tries: list[tuple[float, ...]] = []
    while len(tries) < TRIES and max((together for *_, together in tries), default=0) < LEAST_THROUGHPUT:
        tries.append(throughputs(box, reasoning_gym, TASKS))
    best = max(tries, key=lambda ratios: ratios[-1])
    for name, ratios in [
        ("all", best),
        *((name, throughputs(box, reasoning_gym, {name: TASKS[name]})) for name in TASKS),
    ]:
        told = zip(("instances", "scores", "together"), ratios, strict=True)
        benchmark.extra_info[name] = ", ".join(f"{what} {ratio:.2f}" for what, ratio in told)
    with ExitStack() as stack:
        ours = Ours(stack, box, dict.fromkeys(TASKS, 25))
        benchmark.pedantic(ours.draw, rounds=3)
    assert best[-1] >= LEAST_THROUGHPUT
