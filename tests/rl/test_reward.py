"""From replies to rewards: what is right scores, what cannot be scored is never 0, and one bad verifier costs little.

Programs run in the real jail; the time that a call may take is short.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.reward import STRICT, Score, Scorer
from rl.tasks import Item, Problem, Tasks
from sandbox import Sandbox
from sandbox.live import Live
from synth.answers import BLOCK
from synth.pool import Pool
from synth.types import as_text
from tests.rl.conftest import BAD, COMPOSITES, DEADLINE, SHELF, posed, reply

LAW = settings(deadline=None, max_examples=100)
PIECES = st.lists(st.sampled_from(["<answer>", "</answer>", "7", " ", "\n", "<answer", "Ä", "</b>"]), max_size=7)

Items = dict[str, Item]


@dataclass(frozen=True)
class Step:
    """Problems, a reply to each, and their scores."""

    problems: list[Problem]
    replies: list[str]
    scores: list[Score]


def one(tasks: Tasks, item: Item) -> Problem:
    return posed(tasks, [item])[0]


def values(scores: Sequence[Score]) -> list[float | None]:
    return [score.value for score in scores]


@pytest.fixture(scope="module")
def steady(tasks: Tasks, hasty: Sandbox) -> Iterator[Scorer]:
    """A scorer that is shown nothing bad."""
    scorer = Scorer(tasks.sources, hasty, workers=1)
    yield scorer
    scorer.close()


@pytest.fixture(scope="module")
def step(tasks: Tasks, on_shelf: Items, steady: Scorer) -> Step:
    """Two problems of each example and composite; of four replies to each every second is right."""
    problems = [it for it in posed(tasks, [on_shelf[term] for term in (*SHELF, *COMPOSITES)], 2) for _ in range(4)]
    others = problems[4:] + problems[:4]
    replies = [
        reply(problem.reference if n % 2 else other.reference)
        for n, (problem, other) in enumerate(zip(problems, others, strict=True))
    ]
    return Step(problems, replies, steady.score(problems, replies))


# reading


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<answer>107</answer>", True),
        ("I add:\n1 < 2 > 0.\n<answer>107</answer> \n", True),
        ("<answer>\n 107\n</answer>", True),
        ("<answer>107</answer>.", False),
        ("<answer>107</answer></answer>", False),
        ("<answer>107</answer> <answer>107</answer>", False),
        ("<answer><answer>107</answer>", False),
        ("</answer><answer>107</answer>", False),
        ("\\boxed{107}", False),
        ("107", False),
        ("<answer>107", False),
        ("", False),
        ("<answer>a hundred</answer>", False),
    ],
)
def test_a_strict_reply_holds_one_block_and_ends_with_it(
    tasks: Tasks, on_shelf: Items, scorer: Scorer, text: str, read: bool
) -> None:
    problem = one(tasks, on_shelf["failing"])
    assert (scorer.read(problem, text).value == 107) is read
    [score] = scorer.score([problem], [text])
    assert score.value is not None
    assert bool(score.problem) is not read
    assert read or score.value == 0


def test_a_lenient_reader_takes_the_last_block_or_box(tasks: Tasks, on_shelf: Items, hasty: Sandbox) -> None:
    problem, scorer = one(tasks, on_shelf["total"]), Scorer(tasks.sources, hasty, strict=False, workers=1)
    right, wrong = as_text(problem.reference), as_text(problem.reference + 1)
    texts = [f"<answer>{wrong}</answer> no: <answer>{right}</answer>. Done", f"\\boxed{{{right}}}", right]
    assert values(scorer.score([problem] * 3, texts)) == [1, 1, 0]
    scorer.close()


@LAW
@given(PIECES.map("".join))
def test_what_is_strict_has_one_block_which_is_what_a_lenient_reader_reads(text: str) -> None:
    tags = [text.count("<answer>"), text.count("</answer>")]
    ends = text.rstrip().endswith("</answer>") and text.find("<answer>") < text.find("</answer>")
    assert bool(STRICT.fullmatch(text)) is (tags == [1, 1] and "<answer>" in text and ends)
    if STRICT.fullmatch(text):
        assert BLOCK.findall(text) == [text.rpartition("<answer>")[2].partition("</answer>")[0]]


def test_a_long_reply_without_an_end_is_read_in_no_time(tasks: Tasks, on_shelf: Items, scorer: Scorer) -> None:
    problem, begun = one(tasks, on_shelf["total"]), time.monotonic()
    for text in ("x" * 400_000, "<answer>" * 50_000, "<answer>" + "7" * 400_000, "</answer> " * 40_000):
        assert scorer.read(problem, text).problem
    assert time.monotonic() - begun < 5


# scores


def test_a_reference_scores_what_it_scores_when_it_is_played(
    tasks: Tasks, on_shelf: Items, scorer: Scorer, shelf: tuple[Pool, Any], hasty: Sandbox
) -> None:
    for problem in posed(tasks, [on_shelf[term] for term in (*SHELF, "total", "sequential(halve, plus:n)")]):
        with Live(tasks.environment(problem.item), hasty) as live:
            there = live.pose(problem.seed, problem.difficulty)
            assert (there.prompt, there.reference) == (problem.prompt, problem.reference)
            played = live.score(there, reply(problem.reference)).score
        assert values(scorer.score([problem], [reply(problem.reference)])) == [played] == [1]


def test_a_sequential_earns_the_steps_before_the_first_wrong_one(tasks: Tasks, on_shelf: Items, scorer: Scorer) -> None:
    problem = one(tasks, on_shelf["sequential(rotate:xs, mirror, total, halve)"])
    rotated, mirrored, total, half = problem.reference
    claims = [
        [rotated, mirrored, total, half],
        [rotated, mirrored, total, half + 1],
        [rotated, mirrored, total + 2, half + 1],
        [[*rotated, 0], mirrored, total, half],
    ]
    assert values(scorer.score([problem] * 4, list(map(reply, claims)))) == [1, 0.75, 0.5, 0]


def test_a_parallel_earns_the_mean(tasks: Tasks, on_shelf: Items, scorer: Scorer) -> None:
    problem = one(tasks, on_shelf["parallel(total, halve, mirror)"])
    total, half, mirrored = problem.reference
    claims = [[total, half, mirrored], [total + 1, half, mirrored], [total + 1, half, [*mirrored, 1]]]
    assert values(scorer.score([problem] * 3, list(map(reply, claims)))) == [
        1,
        pytest.approx(2 / 3),
        pytest.approx(1 / 3),
    ]


def test_any_number_of_workers_gives_the_same_scores(tasks: Tasks, hasty: Sandbox, step: Step) -> None:
    for workers in (2, 3):
        scorer = Scorer(tasks.sources, hasty, workers=workers)
        assert scorer.score(step.problems, step.replies) == step.scores
        scorer.close()
    assert set(values(step.scores[1::2])) == {1}
    assert 0 in values(step.scores)
    assert None not in values(step.scores)


@settings(LAW, max_examples=15)
@given(rng=st.randoms(use_true_random=False), n=st.integers(0, 40))
def test_a_score_belongs_to_its_reply_whatever_else_is_scored_with_it(
    step: Step, steady: Scorer, rng: Random, n: int
) -> None:
    chosen = rng.choices(range(len(step.problems)), k=n)
    scores = steady.score([step.problems[i] for i in chosen], [step.replies[i] for i in chosen])
    assert scores == [step.scores[i] for i in chosen]


# threads


def test_scoring_needs_no_main_thread(scorer: Scorer, step: Step) -> None:
    scored: list[Score] = []
    thread = threading.Thread(target=lambda: scored.extend(scorer.score(step.problems, step.replies)))
    thread.start()
    thread.join()
    assert scored == step.scores


def test_four_threads_that_score_at_once_get_what_each_would_get_alone(scorer: Scorer, step: Step) -> None:
    starts = threading.Barrier(4)

    def part(n: int) -> list[Score]:
        starts.wait()
        return [score for _ in range(3) for score in scorer.score(step.problems[n::4], step.replies[n::4])]

    with ThreadPoolExecutor(4) as threads:
        for n, scored in enumerate(threads.map(part, range(4))):
            assert scored == step.scores[n::4] * 3


# what cannot be scored


def test_what_cannot_be_scored_is_none_and_the_rest_of_the_step_is_scored(
    tasks: Tasks, on_shelf: Items, scorer: Scorer, step: Step
) -> None:
    told = {"endless": "timed out", "failing": "IndexError", "greedy": "out of memory", "generous": "7.0"}
    bad = [one(tasks, on_shelf[name]) for name in told]
    scores = scorer.score([*bad, *step.problems], [reply(BAD)] * len(bad) + step.replies)
    assert values(scores[: len(bad)]) == [None] * len(bad)
    for score, words in zip(scores, told.values(), strict=False):
        assert words in score.problem
    assert scores[len(bad) :] == step.scores
    assert sorted(scorer.benched) == ["endless", "greedy"]


def test_what_raises_at_one_answer_is_still_asked_about_others(tasks: Tasks, on_shelf: Items, scorer: Scorer) -> None:
    problem = one(tasks, on_shelf["failing"])
    replies = [reply(problem.reference), reply(BAD), reply(problem.reference), reply(BAD + 1)]
    assert values(scorer.score([problem] * 4, replies)) == [1, None, 1, 0]
    assert scorer.benched == {}


def test_a_verifier_that_hangs_costs_one_deadline_and_is_not_asked_again(
    tasks: Tasks, on_shelf: Items, scorer: Scorer, step: Step
) -> None:
    problems = [one(tasks, on_shelf["endless"])] * 40
    replies = [reply(BAD)] * 40
    scorer.score(step.problems, step.replies)  # so that its workers are there
    begun = time.monotonic()
    first = scorer.score(problems, replies)
    took = time.monotonic() - begun
    assert values(first) == [None] * 40
    assert took < 10 * DEADLINE  # of the 40 that one after the other would take; the slack is a new worker's
    assert list(scorer.benched) == ["endless"]
    again = scorer.score(problems[:2], [reply(problems[0].reference), "no answer"])
    assert values(again) == [None, 0]
    assert "endless is benched: timed out" in again[0].problem
    assert scorer.score(step.problems, step.replies) == step.scores


def test_a_part_that_hangs_leaves_its_composite_without_a_score(tasks: Tasks, on_shelf: Items, scorer: Scorer) -> None:
    problem = one(tasks, on_shelf["parallel(total, endless)"])
    total, _ = problem.reference
    [right, hung] = scorer.score([problem] * 2, [reply(problem.reference), reply([total, BAD])])
    assert right.value == 1
    assert hung.value is None
    assert "in endless" in hung.problem


def test_what_one_environment_hoards_is_not_held_against_the_next(tasks: Tasks, on_shelf: Items, box: Sandbox) -> None:
    scorer = Scorer(tasks.sources, box, workers=1)
    hoarding, roomy = one(tasks, on_shelf["hoarding"]), one(tasks, on_shelf["roomy"])
    assert values(scorer.score([hoarding], [reply(BAD)])) == [0]
    assert values(scorer.score([roomy] * 2, [reply(BAD), reply(roomy.reference)])) == [0, 1]
    assert scorer.benched == {}
    scorer.close()


def test_replies_and_problems_come_in_pairs(scorer: Scorer, step: Step) -> None:
    with pytest.raises(ValueError, match="shorter"):
        scorer.score(step.problems[:2], step.replies[:1])
