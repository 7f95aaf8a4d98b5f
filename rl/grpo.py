"""TRL's GRPOTrainer, fed by a stream of problems and scored in the jail. Imported only by a run that trains.

What is ours stands around it: which problems a step asks (drawn when replies to them are generated, so that a
curriculum has seen all steps before), what the replies earned, what is written down. The algorithm is TRL's. We reach
into it at one place, ``_generate_and_score_completions`` (trl 1.16; a test says when it moves).
"""

import json
import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any

import torch
from accelerate.utils import gather_object
from datasets import Dataset
from transformers import PrinterCallback, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from trl.rewards.other_rewards import get_soft_overlong_punishment
from trl.trainer.grpo_config import GRPOConfig
from trl.trainer.grpo_trainer import GRPOTrainer

from rl.config import Config, processes
from rl.curriculum import Group, Learnability, has_signal
from rl.errors import TrainError
from rl.reward import Scorer
from rl.rollouts import Rollout, Rollouts
from rl.tasks import Problem, Stream

STATE = "stream.json"
"""In a checkpoint, written last: a checkpoint without it was cut off."""


@dataclass
class Step:
    """What is known of the step under way, over all processes."""

    began: float = field(default_factory=time.perf_counter)
    generated: float = 0.0
    """Seconds in which replies were generated and scored."""
    scored: float = 0.0
    """Seconds of those in which they were scored."""
    rollouts: list[Rollout] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)


class Rewarding:
    """The reward function: scores a batch, and keeps what is known of the step."""

    def __init__(self, stream: Stream, scorer: Scorer, config: Config) -> None:
        self.stream, self.scorer, self.config = stream, scorer, config
        self.learned = Learnability()
        self.step = Step()
        self.problems: list[Problem] = []
        """Asked in the batch that is being generated for, one for each reply."""
        self.signal: list[bool] = []
        """Of each of those, whether its group had signal."""
        self.__name__ = "verified"

    def __call__(self, completions: Sequence[Any], log_metric: Callable[[str, float], None], **_: Any) -> list[float]:
        began = time.perf_counter()
        replies = [completion[0]["content"] for completion in completions]
        scores = self.scorer.score(self.problems, replies)
        mine = [
            Rollout.of(problem, reply, score)
            for problem, reply, score in zip(self.problems, replies, scores, strict=True)
        ]
        rollouts: list[Rollout] = gather_object(mine)
        self._bench(gather_object(sorted(self.scorer.benched)))
        groups = _groups(rollouts)
        self.signal = [has_signal(groups[rollout.name].scores) for rollout in mine]
        for group in groups.values():
            log_metric(f"environments/{group.term}", mean([s for s in group.scores if s is not None] or [math.nan]))
        self.step.rollouts += rollouts
        self.step.groups += groups.values()
        self.step.scored += time.perf_counter() - began
        return self._rewards(mine, rollouts, groups)

    def _rewards(self, mine: Sequence[Rollout], all_: Sequence[Rollout], groups: Mapping[str, Group]) -> list[float]:
        """What is not scored gets the mean of its group: it is neither better nor worse, so that nothing is learned."""
        if self.config.trainer.shuffled_rewards:
            values = [rollout.score or 0.0 for rollout in all_]
            Random(f"{self.config.seed}/{len(self.step.rollouts)}/{values}").shuffle(values)
            return values[: len(mine)]
        means = {name: mean([s for s in group.scores if s is not None] or [0.0]) for name, group in groups.items()}
        weight = self.config.trainer.format_reward
        return [
            (means[rollout.name] if rollout.score is None else rollout.score) + weight * (not rollout.unread)
            for rollout in mine
        ]

    def _bench(self, terms: Sequence[str]) -> None:
        for term in sorted(set(terms)):
            self.scorer.benched.setdefault(term, "its verifier was lost in another process")
            self.stream.curriculum.bench(term)


def _groups(rollouts: Sequence[Rollout]) -> dict[str, Group]:
    scores: dict[str, list[float | None]] = defaultdict(list)
    about = {rollout.name: rollout for rollout in rollouts}
    for rollout in rollouts:
        scores[rollout.name].append(rollout.score)
    return {name: Group(about[name].term, about[name].difficulty, tuple(kept)) for name, kept in scores.items()}


class Trainer(GRPOTrainer):
    """GRPO whose prompts are drawn from a stream, with DAPO's dynamic sampling (arXiv 2503.14476, 3.2) on demand."""

    def __init__(self, rewarding: Rewarding, **given: Any) -> None:
        self.rewarding = rewarding
        super().__init__(**given)

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        began = time.perf_counter()
        told = self.rewarding.config.trainer
        step = inputs[0]["place"] // told.prompts
        slots = [row["place"] % told.prompts for row in inputs]
        batch, alive = self._asked(f"{step}", slots)
        for round_ in range(1, told.dynamic_sampling + 1):
            if all(gather_object([all(alive)])):
                break
            other, useful = self._asked(f"{step}/{round_}", slots)
            batch, alive = _refilled(batch, alive, other, useful, told.group, self._tokenizer.pad_token_id)
        if told.dynamic_sampling:
            batch["num_items_in_batch"] = self.accelerator.gather(batch["completion_mask"].sum()).sum()
        self.rewarding.step.generated += time.perf_counter() - began
        return batch

    def _asked(self, label: str, slots: Sequence[int]) -> tuple[dict[str, Any], list[bool]]:
        """Replies to the problems of that label, scored; and for each whether its group has signal."""
        rewarding = self.rewarding
        problems = rewarding.stream.draw(label, rewarding.config.trainer.prompts)
        rewarding.problems = [problems[slot] for slot in slots]
        rows: list[dict[str, Any]] = [
            {"prompt": [{"role": "user", "content": problem.prompt}]} for problem in rewarding.problems
        ]
        return super()._generate_and_score_completions(rows), rewarding.signal


def _refilled(
    batch: dict[str, Any], alive: list[bool], other: dict[str, Any], useful: list[bool], group: int, pad: int
) -> tuple[dict[str, Any], list[bool]]:
    """``batch`` with groups without signal replaced by groups of ``other`` that have it, and which rows have it now."""
    dead = [row for row in range(0, len(alive), group) if not alive[row]]
    fresh = [row for row in range(0, len(useful), group) if useful[row]]
    order = list(range(len(alive)))
    for row, new in zip(dead, fresh, strict=False):
        order[row : row + group] = range(len(alive) + new, len(alive) + new + group)
    joined = {
        key: _joined(value, other[key], pad if key.endswith("_ids") else 0, left=key.startswith("prompt"))[order]
        for key, value in batch.items()
        if isinstance(value, torch.Tensor) and value.ndim > 0
    }
    return batch | joined, [(alive + useful)[row] for row in order]


def _joined(one: torch.Tensor, two: torch.Tensor, pad: int, left: bool) -> torch.Tensor:
    """Rows of both, padded to the longer."""
    if one.ndim < 2:
        return torch.cat([one, two])
    width = max(one.size(1), two.size(1))
    padded = []
    for rows in (one, two):
        fill = rows.new_full((rows.size(0), width - rows.size(1)), pad)
        padded.append(torch.cat([fill, rows] if left else [rows, fill], dim=1))
    return torch.cat(padded)


class Writing(TrainerCallback):
    """Writes down each finished step, and with each checkpoint what the stream needs to go on."""

    def __init__(self, rewarding: Rewarding, run: Path, report: Callable[[Mapping[str, Any]], None]) -> None:
        self.rewarding, self.run, self.report = rewarding, run, report
        self.rollouts = Rollouts(run)
        self.began = time.perf_counter()

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: Any = None, **_: Any
    ) -> None:
        step = self.rewarding.step
        if "loss" not in (logs or {}) or not step.rollouts:
            return
        self.rewarding.learned.observe(step.groups)
        self.rewarding.stream.curriculum.observe(step.groups)
        self.rewarding.step = Step()
        if state.is_world_process_zero:
            row = _row(state.global_step, step, logs, time.perf_counter() - self.began)
            self.rollouts.write(state.global_step, step.rollouts)
            with (self.run / "metrics.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            self.report(row)

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        if state.is_world_process_zero:
            folder = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}"
            told = {"curriculum": self.rewarding.stream.curriculum.state(), "learned": self.rewarding.learned.asdict()}
            part = folder / f"{STATE}.part"
            part.write_text(json.dumps(told), encoding="utf-8")
            part.replace(folder / STATE)


def _row(number: int, step: Step, logs: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """A step as ``metrics.jsonl`` has it."""
    by: dict[str, list[Group]] = defaultdict(list)
    for group in step.groups:
        by[group.term].append(group)
    took = time.perf_counter() - step.began
    scored = [rollout.score for rollout in step.rollouts if rollout.score is not None]
    return {
        "step": number,
        "seconds": round(seconds, 3),
        "step_seconds": round(took, 3),
        "reward": round(mean(scored), 4) if scored else None,
        "loss": logs.get("loss"),
        "entropy": logs.get("entropy"),
        "length": logs.get("completions/mean_length"),
        "clipped": logs.get("completions/clipped_ratio"),
        "signal": round(mean(has_signal(group.scores) for group in step.groups), 4),
        "unscored": sum(rollout.score is None for rollout in step.rollouts),
        "unread": sum(rollout.unread for rollout in step.rollouts),
        "phases": {
            "generate": round(step.generated - step.scored, 3),
            "reward": round(step.scored, 3),
            "update": round(took - step.generated, 3),
        },
        "environments": {term: _environment(groups) for term, groups in sorted(by.items())},
    }


def _environment(groups: Sequence[Group]) -> dict[str, Any]:
    scores = [score for group in groups for score in group.scores if score is not None]
    return {
        "difficulty": max(group.difficulty for group in groups),
        "mean": round(mean(scores), 4) if scores else None,
        "n": len(scores),
    }


def arguments(config: Config, run: Path, track: str, world: int) -> GRPOConfig:
    """TRL's configuration of a run on ``world`` processes. Raises ``TrainError`` for what TRL refuses."""
    told = config.trainer
    micro = told.micro or told.prompts * told.group // world
    cpu = not torch.cuda.is_available()
    ours: dict[str, Any] = {
        "output_dir": str(run / "checkpoints"),
        "seed": config.seed,
        "max_steps": told.steps,
        "num_generations": told.group,
        "per_device_train_batch_size": micro,
        "gradient_accumulation_steps": told.prompts * told.group // (micro * world),
        "max_completion_length": told.tokens,
        "learning_rate": told.learning_rate,
        "epsilon": told.clip_low,
        "epsilon_high": told.clip_high,
        "beta": told.beta,
        "loss_type": told.loss,
        "temperature": told.temperature,
        "save_steps": told.save_every,
        "save_total_limit": 2,
        "logging_steps": 1,
        "report_to": track,
        "shuffle_dataset": False,
        "disable_tqdm": True,
        "use_cpu": cpu,
        "bf16": not cpu,
        "gradient_checkpointing": not cpu,
        "ddp_backend": "gloo" if cpu and world > 1 else None,
        "ddp_find_unused_parameters": False,
        **_vllm(told.vllm),
    }
    if told.overlong:
        ours["reward_weights"] = [1.0, 1.0]
    try:
        return GRPOConfig(**(ours | dict(told.grpo)))
    except (TypeError, ValueError) as error:
        raise TrainError(
            f"trainer.grpo: TRL refuses this configuration ({' '.join(str(error).split())[:300]})"
        ) from None


def _vllm(where: str) -> dict[str, Any]:
    """How replies are generated: ``colocate`` in this process, at an address by ``vllm serve``, or by transformers."""
    if not where:
        return {}
    if where == "colocate":
        return {"use_vllm": True, "vllm_mode": "colocate"}
    return {"use_vllm": True, "vllm_mode": "server", "vllm_server_base_url": where}


def trainer(
    config: Config,
    model: str,
    words: Any,
    rewarding: Rewarding,
    run: Path,
    track: str,
    report: Callable[[Mapping[str, Any]], None],
) -> Trainer:
    """A trainer of the model in the folder, or of the name, ``model``."""
    told = config.trainer
    args = arguments(config, run, track, processes())
    rewards: list[Any] = [rewarding]
    if told.overlong:
        rewards.append(get_soft_overlong_punishment(told.tokens, told.overlong))
    places = Dataset.from_dict({"place": range(told.steps * told.prompts)})
    places = places.add_column("prompt", [[{"role": "user", "content": ""}]] * len(places))
    made = Trainer(
        rewarding,
        model=model,
        reward_funcs=rewards,
        args=args,
        train_dataset=places,
        processing_class=words,
        peft_config=_lora(told.lora),
        callbacks=[Writing(rewarding, run, report)],
    )
    made.remove_callback(PrinterCallback)
    return made


def _lora(rank: int) -> Any:
    if not rank:
        return None
    from peft import LoraConfig

    return LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear", task_type="CAUSAL_LM")
