"""How good a model is: what is asked, what is counted, how sure the figures are, and what two of them compare to.

The environments, the jail and the scorer are the real ones; so are the models, small as they are.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from rl import statistics, tiny
from rl.config import TinyConfig
from rl.errors import TrainError
from rl.evaluate import Change, Endpoint, Evaluation, Local, Result, Row, compare, evaluate
from rl.reward import Scorer
from rl.tasks import Item, Problem, Tasks
from sandbox import Sandbox
from synth.complete import OpenAI
from synth.pool import Pool, record
from synth.program import read
from synth.types import as_text, parse
from tests import endpoint
from tests.endpoint import Conversation, Fault, Said
from tests.synth.compose.conftest import SOURCES

BASE = ("total", "halve", "mirror")
COMPOSITE = Item("sequential(halve, plus:n)", "composite", "sequential", 2, ("halve", "plus"))
ITEMS = [*(Item(name, "numbers", parts=(name,)) for name in BASE), COMPOSITE]


@pytest.fixture(scope="module")
def tasks(box: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tasks]:
    pool = Pool(tmp_path_factory.mktemp("pool"))
    for name in (*BASE, "plus"):
        pool.add(record(name, "numbers", read(SOURCES[name]), {}, {}))
    tasks = Tasks(pool, ITEMS, box)
    yield tasks
    tasks.close()


@pytest.fixture(scope="module")
def scorer(tasks: Tasks, box: Sandbox) -> Iterator[Scorer]:
    scorer = Scorer(tasks.sources, box, workers=1)
    yield scorer
    scorer.close()


@pytest.fixture(scope="module")
def problems(tasks: Tasks) -> list[Problem]:
    """Five of each item."""
    posed = [problem for problem in tasks.pose([(item, seed, 1) for item in ITEMS for seed in range(5)]) if problem]
    assert len(posed) == 20
    return posed


def right(problem: Problem) -> str:
    return f"<answer>{as_text(problem.reference)}</answer>"


class Scripted:
    """An answerer that replies as told, by problem, number of the reply and randomness."""

    def __init__(self, problems: Sequence[Problem], reply: Callable[[Problem, int, Random], str | None]) -> None:
        self.name = "scripted"
        self._problems = {problem.prompt: problem for problem in problems}
        self._reply = reply
        self.asked = 0

    def answer(self, prompts: Sequence[str], k: int, seed: int) -> Iterator[list[str | None]]:
        for prompt in prompts:
            self.asked += 1
            rng = Random(f"{seed}/{prompt}")
            yield [self._reply(self._problems[prompt], number, rng) for number in range(k)]


def now_and_then(problems: Sequence[Problem], share: float) -> Scripted:
    return Scripted(problems, lambda problem, _, rng: right(problem) if rng.random() < share else "I do not know.")


def row(*scores: float | None, term: str = "total", seed: int = 0) -> Row:
    return Row(term, seed, 1, scores)


def posed(term: str, seed: int) -> Problem:
    return Problem(Item(term, "numbers", parts=(term,)), seed, 1, f"{term} {seed}", parse("int"), {}, 0)


def evaluation(rows: Sequence[Row], ks: tuple[int, ...] = (1,), split: str = "unseen") -> Evaluation:
    result = Result.of([posed(it.term, it.seed) for it in rows], rows, ks)
    return Evaluation("M", 0, ks, {split: result})


# pass@k


def test_pass_at_k_is_what_counting_all_ways_to_draw_gives() -> None:
    assert statistics.pass_at(1, 10, 3) == pytest.approx(0.3)
    assert statistics.pass_at(5, 10, 3) == pytest.approx(1 - 21 / 252)  # C(7, 5) of C(10, 5) draws hold none
    assert statistics.pass_at(8, 10, 3) == 1
    assert statistics.pass_at(4, 4, 0) == 0


def test_pass_at_k_of_fewer_replies_cannot_be_told() -> None:
    with pytest.raises(ValueError, match="pass@8 of 7 replies"):
        statistics.pass_at(8, 7, 7)


def test_partial_credit_counts_in_the_mean_but_is_no_pass() -> None:
    result = evaluation([row(0.5, 1.0, 1.0 - 1e-12, 0.0), row(0.5, 0.5, 0.5, 0.5, seed=1)], (1, 2)).splits["unseen"]
    assert result.mean.value == pytest.approx((2.5 / 4 + 0.5) / 2)
    assert result.passes[1].value == pytest.approx((2 / 4 + 0) / 2)
    assert result.passes[2].value == pytest.approx((1 - 1 / 6) / 2)


# Intervals


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.7062), (2, 4.30265), (3, 3.18245), (10, 2.22814), (121, 1.97976)])
def test_student_is_as_in_the_tables(freedom: int, t: float) -> None:
    assert statistics.student(freedom) == pytest.approx(t, abs=1e-5)


def covered(true: float, draw: Callable[[Random], tuple[list[float], list[int]]], trials: int = 1_000) -> float:
    """The share of intervals that hold the true mean."""
    estimates = [statistics.estimate(*draw(Random(trial))) for trial in range(trials)]
    return sum(it.low <= true <= it.high for it in estimates) / trials


@pytest.mark.parametrize("p", [0.03, 0.5, 0.9])
def test_the_interval_of_independent_problems_holds_the_truth_19_times_of_20(p: float) -> None:
    def draw(rng: Random) -> tuple[list[float], list[int]]:
        return [sum(rng.random() < p for _ in range(4)) / 4 for _ in range(60)], [0] * 60

    assert 0.93 < covered(p, draw) < 0.98


@pytest.mark.parametrize("clusters", [4, 12])
def test_the_interval_of_clustered_problems_holds_the_truth_where_a_plain_one_does_not(clusters: int) -> None:
    def draw(rng: Random) -> tuple[list[float], list[int]]:
        skills = [rng.betavariate(2, 3) for _ in range(clusters)]
        drawn = [(float(rng.random() < skill), it) for it, skill in enumerate(skills) for _ in range(20)]
        return [value for value, _ in drawn], [cluster for _, cluster in drawn]

    def as_if_one(rng: Random) -> tuple[list[float], list[int]]:
        values, _ = draw(rng)
        return values, [0] * len(values)

    assert 0.93 < covered(0.4, draw) < 0.98
    assert covered(0.4, as_if_one) < 0.75


def test_the_interval_is_the_one_worked_out_by_hand() -> None:
    # The clusters' sums less the mean are -0.5 and 0.5: an error of sqrt(2 / 1 * 0.5) / 4 = 0.25, 0.1875 / 0.0625 = 3
    # problems, t = 12.706: (0.75 + 26.908 -+ 12.706 sqrt(0.0625 + 4.4847)) / 54.816
    worked = statistics.estimate([0.0, 1.0, 1.0, 1.0], "aabb")
    assert (worked.low, worked.high) == pytest.approx((0.0103, 0.9988), abs=1e-4)


def test_problems_that_share_all_widen_the_interval_to_that_of_their_clusters() -> None:
    few = [0.0, 1.0, 1.0, 0.0, 1.0]
    repeated = [value for value in few for _ in range(30)]
    clusters = [it for it in range(5) for _ in range(30)]
    of_few, of_repeated = statistics.estimate(few, range(5)), statistics.estimate(repeated, clusters)
    assert (of_few.low, of_few.high) == pytest.approx((of_repeated.low, of_repeated.high))


def test_none_right_is_not_certainly_never_right() -> None:
    none, all_ = statistics.estimate([0.0] * 30, [0] * 30), statistics.estimate([1.0] * 30, [0] * 30)
    assert none.low == none.value == 0
    assert 0.05 < none.high < 0.2
    assert all_.low == pytest.approx(1 - none.high)


def test_one_problem_says_nothing_of_others() -> None:
    assert statistics.estimate([1.0], ["total"]) == statistics.Estimate(1.0, 0.0, 1.0)


def test_the_mean_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="0 values of 0 clusters"):
        statistics.estimate([], [])


# Chance


def test_a_real_difference_is_hardly_chance() -> None:
    rng = Random(0)
    before = [float(rng.random() < 0.2) for _ in range(60)]
    after = [float(rng.random() < 0.6) for _ in range(60)]
    assert statistics.chance([b - a for a, b in zip(before, after, strict=True)], 0) < 0.001


def test_where_nothing_changed_chances_are_spread_evenly() -> None:
    def under_the_null(seed: int) -> float:
        rng = Random(seed)
        return statistics.chance([rng.random() - rng.random() for _ in range(30)], seed)

    chances = [under_the_null(seed) for seed in range(100)]
    for most in (0.1, 0.5, 0.9):
        assert sum(chance <= most for chance in chances) / 100 == pytest.approx(most, abs=0.13)


def test_the_chance_of_few_pairs_is_that_of_all_their_flips() -> None:
    assert statistics.chance([1.0, 1.0, 1.0, 1.0], 0) == pytest.approx(2 / 16, abs=0.01)
    assert statistics.chance([1.0, -0.5, 0.25], 0) == pytest.approx(6 / 8, abs=0.015)  # only 0.25 is nearer to 0
    assert statistics.chance([0.0, 0.0], 0) == 1


def test_a_chance_is_never_0_and_the_same_for_the_same_seed() -> None:
    assert statistics.chance([1.0] * 50, 7) == 1 / 10_001
    uneven = [0.3, -0.1, 0.7, 0.2, -0.4]
    assert statistics.chance(uneven, 7) == statistics.chance(uneven, 7) != statistics.chance(uneven, 8)


# Evaluating


def test_who_knows_all_answers_gets_all_and_who_knows_none_gets_none(problems: list[Problem], scorer: Scorer) -> None:
    knows = evaluate(now_and_then(problems, 1), problems, scorer, ks=(1, 2)).splits["problems"]
    assert (knows.mean.value, knows.passes[1].value, knows.passes[2].value) == (1, 1, 1)
    lost = evaluate(now_and_then(problems, 0), problems, scorer, ks=(1, 2)).splits["problems"]
    assert (lost.mean.value, lost.passes[2].value, lost.unscored) == (0, 0, 0)


def test_the_figures_are_those_of_the_rows(problems: list[Problem], scorer: Scorer) -> None:
    result = evaluate(now_and_then(problems, 0.3), problems, scorer, ks=(1, 4), seed=3).splits["problems"]
    assert [row.name for row in result.rows] == [(it.item.term, it.seed, it.difficulty) for it in problems]
    assert {len(row.scores) for row in result.rows} == {4}
    solved = sum(any(score == 1 for score in row.scored) for row in result.rows) / 20
    assert result.passes[4].value == pytest.approx(solved)
    assert result.mean.value == pytest.approx(result.passes[1].value)
    assert 0 < result.mean.value < result.passes[4].value < 1


def test_figures_come_by_environment_family_operator_and_size(problems: list[Problem], scorer: Scorer) -> None:
    knows_totals = Scripted(problems, lambda it, *_: right(it) if it.item.term == "total" else "?")
    by = evaluate(knows_totals, problems, scorer, ks=(1,)).splits["problems"].by
    found = {kind: {key: (part.problems, part.mean.value) for key, part in parts.items()} for kind, parts in by.items()}
    assert found == {
        "environment": {"halve": (5, 0), "mirror": (5, 0), COMPOSITE.term: (5, 0), "total": (5, 1)},
        "family": {"composite": (5, 0), "numbers": (15, pytest.approx(1 / 3))},
        "operator": {"sequential": (5, 0)},
        "size": {"1": (15, pytest.approx(1 / 3)), "2": (5, 0)},
    }


def test_partial_credit_of_a_composite_is_in_its_mean(problems: list[Problem], scorer: Scorer) -> None:
    of_composite = [problem for problem in problems if problem.item == COMPOSITE]
    halfway = Scripted(of_composite, lambda it, *_: f"<answer>[{it.reference[0]}, -99]</answer>")
    result = evaluate(halfway, of_composite, scorer, ks=(1,)).splits["problems"]
    assert (result.mean.value, result.passes[1].value) == (0.5, 0)


def test_a_reply_that_was_not_had_is_left_out_and_counted(problems: list[Problem], scorer: Scorer) -> None:
    def reply(problem: Problem, number: int, rng: Random) -> str | None:
        lost = problem == problems[0] or (problem == problems[1] and number == 1)
        return None if lost else right(problem)

    result = evaluate(Scripted(problems, reply), problems, scorer, ks=(1, 2)).splits["problems"]
    assert (result.problems, result.left_out, result.unscored) == (19, 1, 3)
    assert result.rows[0].scores == (None, None)
    assert result.rows[1].scores == (1.0, None)
    assert (result.mean.value, result.passes[2].value) == (1, 1)
    assert result.by["environment"]["total"].problems == 4


def test_where_no_problem_has_enough_replies_there_is_no_pass_at_that_k() -> None:
    assert set(evaluation([row(1.0, None), row(None, 0.0, seed=1)], (1, 2)).splits["unseen"].passes) == {1}


def test_an_evaluation_of_which_nothing_could_be_scored_is_refused(problems: list[Problem], scorer: Scorer) -> None:
    with pytest.raises(TrainError, match="no reply to any of the 20 problems could be scored"):
        evaluate(Scripted(problems, lambda *_: None), problems, scorer)


@pytest.mark.parametrize("ks", [(), (0, 4)])
def test_a_k_that_asks_for_nothing_is_refused(ks: tuple[int, ...], problems: list[Problem], scorer: Scorer) -> None:
    with pytest.raises(TrainError, match="k from 1 on"):
        evaluate(now_and_then(problems, 1), problems, scorer, ks=ks)


def test_progress_is_told_while_replies_are_still_to_come(problems: list[Problem], scorer: Scorer) -> None:
    answerer = now_and_then(problems, 1)
    told: list[tuple[int, int, int]] = []
    evaluate(answerer, problems, scorer, (1,), progress=lambda done, of: told.append((done, of, answerer.asked)))
    assert told == [(16, 20, 16), (20, 20, 20)]


def test_an_evaluation_is_the_same_after_its_way_through_json(problems: list[Problem], scorer: Scorer) -> None:
    made = evaluate(now_and_then(problems, 0.5), problems, scorer, ks=(1, 2), split="unseen")
    text = json.dumps(made.asdict())
    assert Evaluation.from_json(json.loads(text)) == made
    assert json.dumps(evaluate(now_and_then(problems, 0.5), problems, scorer, (1, 2), split="unseen").asdict()) == text
    told = json.loads(text)["splits"]["unseen"]
    assert set(told["pass"]) == {"1", "2"}
    assert set(told["mean"]) == {"value", "low", "high"}
    assert told["rows"][0]["term"] == "total"


@pytest.mark.parametrize("told", [{}, {"model": "M", "seed": 0, "ks": [1], "splits": {"unseen": {"by": 3}}}, [1]])
def test_what_is_no_evaluation_is_refused(told: object) -> None:
    with pytest.raises(TrainError, match="this is no evaluation"):
        Evaluation.from_json(told)  # type: ignore[arg-type]


def test_evaluations_of_two_splits_join_unless_they_were_made_otherwise() -> None:
    one, other = evaluation([row(1.0)], split="unseen"), evaluation([row(0.0)], split="deeper")
    assert list((one | other).splits) == ["unseen", "deeper"]
    with pytest.raises(ValueError, match="are not one"):
        one | replace(other, seed=1)


# Comparing


def compared(before: Sequence[Row], after: Sequence[Row]) -> Change:
    [change] = compare(evaluation(before), evaluation(after))
    return change


def test_an_evaluation_compared_with_itself_did_not_change() -> None:
    rows = [row(float(seed % 2), seed=seed) for seed in range(20)]
    change = compared(rows, rows)
    assert (change.difference.value, change.chance, change.problems) == (0, 1, 20)
    assert change.difference.low < 0 < change.difference.high


def test_a_gain_shows_with_its_interval_and_a_small_chance() -> None:
    rng, terms = Random(1), ("total", "halve", "mirror", "plus", "times", "below")
    names = [(term, seed) for term in terms for seed in range(20)]
    before = [row(float(rng.random() < 0.2), term=term, seed=seed) for term, seed in names]
    after = [row(float(rng.random() < 0.5), term=term, seed=seed) for term, seed in names]
    change = compared(before, after)
    assert change.difference.value == pytest.approx(change.after.value - change.before.value)
    assert 0.1 < change.difference.low < change.difference.value < change.difference.high < 0.5
    assert change.chance < 0.001
    assert compare(evaluation(before), evaluation(after)) == [change]


def test_the_order_of_the_problems_is_no_matter() -> None:
    before = [row(0.0, 1.0, seed=0), row(1.0, 1.0, seed=1), row(0.0, 0.0, seed=2)]
    after = [row(1.0, 1.0, seed=2), row(1.0, 1.0, seed=1), row(0.0, 1.0, seed=0)]
    assert compared(before, after).difference.value == pytest.approx(1 / 3)
    assert compared(before, after).difference == compared(before, after[::-1]).difference


def test_only_problems_that_were_scored_both_times_are_compared() -> None:
    change = compared([row(0.0), row(0.0, seed=1), row(None, seed=2)], [row(1.0), row(None, seed=1), row(1.0, seed=2)])
    assert (change.problems, change.before.value, change.after.value) == (1, 0, 1)
    with pytest.raises(TrainError, match="no problem of unseen was scored in both"):
        compared([row(0.0), row(None, seed=1)], [row(None), row(1.0, seed=1)])


def test_evaluations_of_different_problems_are_not_compared() -> None:
    with pytest.raises(TrainError, match=r"different problems \(unseen: total@5:1 is in one only\)"):
        compared([row(1.0)], [row(1.0), row(1.0, seed=5)])
    with pytest.raises(TrainError, match=r"different splits \(unseen; deeper\)"):
        compare(evaluation([row(1.0)]), evaluation([row(1.0)], split="deeper"))


# Answerers


def ready(address: str, **options: float) -> Endpoint:
    return Endpoint(OpenAI("tiny", base_url=address, retries=0, temperature=1.0, **options))  # type: ignore[arg-type]


def oracle(problems: Sequence[Problem]) -> Callable[[Conversation], str]:
    by_prompt = {problem.prompt: problem for problem in problems}
    return lambda messages: right(by_prompt[messages[0]["content"]])


def test_an_endpoint_is_asked_k_times_for_each_problem_with_the_prompt_alone(
    problems: list[Problem], scorer: Scorer
) -> None:
    with endpoint.Endpoint(oracle(problems)) as server, ready(server.url, max_tokens=50, concurrency=4) as model:
        made = evaluate(model, problems, scorer, ks=(1, 2))
        again = evaluate(model, problems[:3], scorer, ks=(1,))
    assert made.model == "openai:tiny"
    assert (made.splits["problems"].mean.value, again.splits["problems"].mean.value) == (1, 1)
    assert server.requests == 43
    asked = server.asked[0].body
    assert asked == {
        "model": "tiny",
        "temperature": 1.0,
        "max_tokens": 50,
        "messages": [{"role": "user", "content": problems[0].prompt}],
    }


def test_replies_of_an_endpoint_come_in_order_however_late(problems: list[Problem]) -> None:
    with endpoint.Endpoint(oracle(problems), latency_ms=5) as server, ready(server.url, concurrency=3) as model:
        replies = list(model.answer([problem.prompt for problem in problems], 2, 0))
    assert replies == [[right(problem)] * 2 for problem in problems]


def test_a_request_that_failed_is_not_scored_and_a_model_without_words_is_wrong(
    problems: list[Problem], scorer: Scorer
) -> None:
    faults = [Fault.INTERNAL, Fault.THOUGHT_TOO_LONG, Fault.REFUSED, None]
    with endpoint.Endpoint(oracle(problems), faults=faults) as server, ready(server.url, concurrency=1) as model:
        result = evaluate(model, problems[:1], scorer, ks=(1, 4)).splits["problems"]
    assert result.rows[0].scores == (None, 0.0, 0.0, 1.0)
    assert result.unscored == 1


def test_an_endpoint_that_cannot_be_asked_ends_the_evaluation_in_one_line(
    problems: list[Problem], scorer: Scorer
) -> None:
    with (
        endpoint.Endpoint(lambda messages: Said("pong"), always=Fault.UNKNOWN_MODEL) as server,
        ready(server.url) as model,
        pytest.raises(TrainError, match="is there a model 'tiny'") as caught,
    ):
        evaluate(model, problems, scorer)
    assert "\n" not in str(caught.value)


def test_an_evaluation_can_be_left_while_requests_are_in_flight(problems: list[Problem]) -> None:
    with endpoint.Endpoint(oracle(problems), latency_ms=20) as server, ready(server.url, concurrency=2) as model:
        replies = model.answer([problem.prompt for problem in problems], 1, 0)
        assert next(replies) == [right(problems[0])]
        replies.close()  # type: ignore[attr-defined]
    assert server.requests < 20


@pytest.fixture(scope="module")
def folder(problems: list[Problem], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of random weights."""
    folder = tmp_path_factory.mktemp("model")
    words = tiny.tokenizer([problem.prompt for problem in problems], 400)
    tiny.save(tiny.model(words, TinyConfig(layers=1, width=32, heads=2), 0), words, folder)
    return folder


def test_a_local_model_gives_k_replies_to_each_prompt_whatever_the_batch(folder: Path, problems: list[Problem]) -> None:
    prompts = [problem.prompt for problem in problems[:5]]
    for batch in (1, 4, 64):
        replies = list(Local.load(folder, 6, batch, device="cpu").answer(prompts, 3, 0))
        assert [len(it) for it in replies] == [3] * 5
        assert len({reply for it in replies for reply in it}) > 10


def test_a_local_model_samples_by_seed_and_leaves_the_randomness_of_others_alone(
    folder: Path, problems: list[Problem]
) -> None:
    import torch

    model, prompts = Local.load(folder, 6, 8, device="cpu"), [problem.prompt for problem in problems[:3]]
    before = torch.random.get_rng_state()
    first = list(model.answer(prompts, 4, seed=1))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert list(model.answer(prompts, 4, seed=1)) == first
    assert list(model.answer(prompts, 4, seed=2)) != first


def test_the_likeliest_reply_is_the_same_alone_and_padded_among_others(folder: Path, problems: list[Problem]) -> None:
    prompts = [problem.prompt for problem in problems[:6]]
    alone = list(Local.load(folder, 6, 1, temperature=0, device="cpu").answer(prompts, 1, 0))
    together = list(Local.load(folder, 6, 6, temperature=0, device="cpu").answer(prompts, 1, 1))
    assert alone == together
    assert len({len(prompt) for prompt in prompts}) > 1


def test_a_local_model_is_evaluated(folder: Path, problems: list[Problem], scorer: Scorer) -> None:
    made = evaluate(Local.load(folder, 4, 64, device="cpu"), problems[:4], scorer, ks=(1, 2), seed=5)
    assert made.model == str(folder)
    assert made.splits["problems"].mean.value == 0


def test_replies_end_at_an_end_token_of_the_tokenizer_and_do_not_show_it(folder: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    words, made = AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder)
    with torch.no_grad():
        made.model.embed_tokens.weight[words.eos_token_id] *= 0
        made.model.norm.weight *= 0  # all tokens alike: one in some 400 is the end
    tiny.save(made, words, tmp_path)
    [replies] = Local.load(tmp_path, 300, 24, device="cpu").answer(["?"], 24, 0)
    lengths = [len(words(reply)["input_ids"]) for reply in replies]
    assert min(lengths) < 150 < max(lengths)
    assert not any(words.eos_token in (reply or "") for reply in replies)


def copied(folder: Path, to: Path) -> Path:
    for file in folder.iterdir():
        (to / file.name).write_bytes(file.read_bytes())
    return to


def test_replies_are_drawn_from_all_tokens_whatever_the_models_folder_says(
    folder: Path, problems: list[Problem], tmp_path: Path
) -> None:
    file = copied(folder, tmp_path) / "generation_config.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(told | {"do_sample": True, "top_k": 1, "repetition_penalty": 9.0}), encoding="utf-8")
    for temperature in (0.0, 1.0):
        models = [Local.load(it, 6, 8, temperature, device="cpu") for it in (folder, tmp_path)]
        one, other = (list(model.answer([problems[0].prompt], 8, 0)) for model in models)
        assert one == other


def test_what_is_no_model_is_refused_in_one_line(folder: Path, tmp_path: Path) -> None:
    weights = copied(folder, tmp_path) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1_000])
    for no_model in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(TrainError, match="no model can be loaded from it") as caught:
            Local.load(no_model, 6, 1, device="cpu")
        assert "\n" not in str(caught.value)


def test_a_tokenizer_without_a_chat_template_is_refused(folder: Path, tmp_path: Path) -> None:
    (copied(folder, tmp_path) / "chat_template.jinja").unlink()
    with pytest.raises(TrainError, match="no chat template"):
        Local.load(tmp_path, 6, 1, device="cpu")
