"""What stands between TRL and the jail: rewards of a group, and batches put together of groups that teach."""

import pytest
import torch

from rl import curriculum, grpo
from rl.config import Config, TrainerConfig
from rl.reward import Scorer
from rl.tasks import Stream, Tasks
from tests.rl.conftest import BAD, posed, reply


def rewarding(tasks: Tasks, scorer: Scorer, names: list[str], on_shelf, **told) -> grpo.Rewarding:
    among = [on_shelf[name] for name in names]
    stream = Stream(tasks, among, curriculum.make("fixed", names, curriculum.Options(low=2, high=2)), 0)
    return grpo.Rewarding(stream, scorer, Config(trainer=TrainerConfig(**told)))


def rewards(of: grpo.Rewarding, problem, replies: list[str]) -> list[float]:
    of.problems = [problem] * len(replies)
    return of([[{"role": "assistant", "content": text}] for text in replies], log_metric=lambda *_: None)


def test_a_reply_that_cannot_be_scored_is_neither_better_nor_worse_than_its_group(tasks, scorer, on_shelf):
    of = rewarding(tasks, scorer, ["failing", "total"], on_shelf)
    (problem,) = posed(tasks, [on_shelf["failing"]])
    right, wrong, failing = reply(problem.reference), reply(-1), reply(BAD)
    assert rewards(of, problem, [right, wrong, wrong, failing]) == [1, 0, 0, pytest.approx(1 / 3)]
    assert [rollout.score for rollout in of.step.rollouts] == [1, 0, 0, None]


def test_an_environment_whose_verifier_hung_is_never_drawn_again(tasks, scorer, on_shelf):
    of = rewarding(tasks, scorer, ["endless", "total"], on_shelf)
    (problem,) = posed(tasks, [on_shelf["endless"]])
    assert {p.item.term for p in of.stream.draw("before", 12)} == {"endless", "total"}
    assert rewards(of, problem, [reply(BAD)] * 3) == [0, 0, 0]
    assert {p.item.term for p in of.stream.draw("after", 12)} == {"total"}
    assert grpo.has_signal(of.step.groups[0].scores) is False


def test_the_format_is_rewarded_where_an_answer_could_be_read(tasks, scorer, on_shelf):
    of = rewarding(tasks, scorer, ["total"], on_shelf, format_reward=0.25)
    (problem,) = posed(tasks, [on_shelf["total"]])
    assert rewards(of, problem, [reply(problem.reference), reply(-1), "no idea"]) == [1.25, 0.25, 0]


def batch(rows: list[tuple[list[int], list[int]]], advantage: float) -> dict[str, torch.Tensor]:
    """Prompts padded on the left and replies on the right with 9, as TRL has them."""
    wide, long = (max(len(row[part]) for row in rows) for part in (0, 1))
    return {
        "prompt_ids": torch.tensor([[9] * (wide - len(p)) + p for p, _ in rows]),
        "prompt_mask": torch.tensor([[0] * (wide - len(p)) + [1] * len(p) for p, _ in rows]),
        "completion_ids": torch.tensor([c + [9] * (long - len(c)) for _, c in rows]),
        "completion_mask": torch.tensor([[1] * len(c) + [0] * (long - len(c)) for _, c in rows]),
        "advantages": torch.full((len(rows),), advantage),
        "num_items_in_batch": torch.tensor(7),
    }


def read(of: dict[str, torch.Tensor]) -> list[tuple[list[int], list[int], float]]:
    """The rows without their padding."""
    rows = zip(of["prompt_ids"], of["prompt_mask"], of["completion_ids"], of["completion_mask"], strict=True)
    texts = [(p[pm.bool()].tolist(), c[cm.bool()].tolist()) for p, pm, c, cm in rows]
    return [(*text, float(a)) for text, a in zip(texts, of["advantages"], strict=True)]


def test_groups_without_signal_are_replaced_by_groups_that_have_it():
    one = batch([([1], [1, 1]), ([1], [1]), ([2, 2], [2]), ([2, 2], [2]), ([3], [3]), ([3], [3])], 0.0)
    two = batch([([4, 4, 4], [4]), ([4, 4, 4], [4]), ([5], [5, 5, 5]), ([5], [5]), ([6], [6]), ([6], [6])], 1.0)
    dead, useful = [False, False, True, True, False, False], [False, False, True, True, False, False]
    made, alive = grpo._refilled(one, dead, two, useful, 2, 9)
    assert read(made) == [
        ([5], [5, 5, 5], 1), ([5], [5], 1), ([2, 2], [2], 0), ([2, 2], [2], 0), ([3], [3], 0), ([3], [3], 0),
    ]  # fmt: skip
    assert alive == [True, True, True, True, False, False]
