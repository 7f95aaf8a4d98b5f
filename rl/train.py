"""A training run: a folder in which a pool becomes a model that got better, to be stopped at any moment and resumed.

Here it is set up, checked before anything heavy is loaded, and taken through: tasks split and frozen, a tiny model made
where one is asked for, GRPO run from the last checkpoint. The trainer is ``grpo.py``'s, measuring ``measure.py``'s.
"""

import importlib.util
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rl import curriculum, tasks
from rl.config import Config, processes, told_of
from rl.errors import TrainError
from rl.reward import Scorer
from rl.rollouts import Rollouts
from rl.tasks import Frozen, Item, Problem, Split, Stream, Tasks
from sandbox import Sandbox
from synth.compose.store import Row
from synth.pool import Pool

TRACKERS = ("none", "tensorboard", "trackio", "wandb")
TINY = "tiny"
WARM_ASKED = 128  # problems by which it is seen how warm a tiny model is
PROMPTS = 4_000  # from which a tiny model's tokenizer is made
CHECKED = {"model", "seed", "tasks", "curriculum", "tiny"}
"""What a run that is resumed must be told as it was begun; the rest may change."""


@dataclass
class Progress:
    """How far a run has come."""

    steps: int
    stage: str = "setting up"
    step: int = 0
    warm_steps: int = 0
    warm_step: int = 0
    rewards: list[float] = field(default_factory=list)
    """Of each step."""
    signal: float = 0.0
    unscored: int = 0
    benched: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def asdict(self) -> dict[str, Any]:
        last = self.rewards[-20:]
        return {
            "steps": self.step,
            "reward": round(sum(last) / len(last), 4) if last else None,
            "unscored": self.unscored,
            "benched": self.benched,
            "notes": self.notes,
        }


class Run:
    """A run's folder.

    ``config.json``, ``splits.json``, ``warm/`` (a tiny model before), ``checkpoints/``, ``metrics.jsonl``,
    ``rollouts/``, ``model/`` (after), ``evaluations/``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.splits = folder / "splits.json"
        self.metrics = folder / "metrics.jsonl"
        self.warm = folder / "warm"
        self.model = folder / "model"

    @property
    def begun(self) -> bool:
        return self.splits.exists()

    @property
    def trained(self) -> bool:
        """Whether there is something that would be lost."""
        return self.metrics.exists() or self.warm.exists()

    @property
    def finished(self) -> bool:
        return self.model.exists()  # it is put there whole

    def config(self) -> Config:
        """As it was begun. Raises ``TrainError``."""
        file = self.folder / "config.json"
        try:
            return told_of(json.loads(file.read_text(encoding="utf-8")), Config(), str(file))
        except (OSError, ValueError) as error:
            raise TrainError(f"{self.folder} is no run: its config.json cannot be read ({error})") from None

    def start(self, model: str) -> str:
        """The model that the run began with."""
        return str(self.warm) if model == TINY else model

    def begin(self, config: Config, resume: bool) -> None:
        """Write the configuration down, or see that it is the one that the run began with. Raises ``TrainError``."""
        if self.trained and not resume:
            raise TrainError(
                f"{self.folder} holds a run already; go on with --resume, or name another folder with --run-dir"
            )
        if self.trained:
            then, now = self.config().asdict(), config.asdict()
            for key in sorted(CHECKED):
                if json.loads(json.dumps(now[key])) != json.loads(json.dumps(then[key])):
                    raise TrainError(
                        f"{self.folder} was begun with {key} = {then[key]}, not {now[key]}; resume it as it was"
                    )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not resume:
                self.splits.unlink(missing_ok=True)  # of a run that ended before it trained
            _write(self.folder / "config.json", json.dumps(config.asdict(), indent=1) + "\n")
        except OSError as error:
            raise TrainError(
                f"{self.folder}: cannot be written ({error.strerror}); name another with --run-dir"
            ) from None

    def checkpoint(self) -> Path | None:
        """The last that is whole."""
        found = [p for p in (self.folder / "checkpoints").glob("checkpoint-*") if (p / "stream.json").exists()]
        return max(found, key=_step_of, default=None)

    def cut(self, after: int) -> None:
        """Drop what was written of steps after that one, and checkpoints that were cut off."""
        Rollouts(self.folder).cut(after)
        rows = [row for row in self.rows() if row["step"] <= after]
        if self.metrics.exists():
            _write(self.metrics, "".join(json.dumps(row) + "\n" for row in rows))
        for path in (self.folder / "checkpoints").glob("checkpoint-*"):
            if _step_of(path) > after:
                shutil.rmtree(path)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The finished steps."""
        if self.metrics.exists():
            for line in self.metrics.read_text(encoding="utf-8").splitlines(keepends=True):
                if line.endswith("\n"):
                    yield json.loads(line)


@dataclass(frozen=True)
class Setting:
    """What a run trains and is measured on."""

    tasks: Tasks
    frozen: Frozen
    box: Sandbox

    @property
    def train(self) -> Sequence[Item]:
        return self.frozen.items[Split.TRAIN]

    def avoided(self) -> set[str]:
        """Digests of the held-out prompts."""
        return {told for names in self.frozen.names.values() for *_, told in names}

    def stream(self, config: Config) -> Stream:
        low, high = config.tasks.difficulties
        try:
            options = curriculum.Options(low=low, high=high, **config.curriculum.options)
        except TypeError as error:
            raise TrainError(f"curriculum.options: {error}; rl/curriculum.py says which there are") from None
        chosen = curriculum.make(config.curriculum.kind, [item.term for item in self.train], options)
        return Stream(self.tasks, self.train, chosen, config.seed, self.avoided())

    def close(self) -> None:
        self.tasks.close()


def setting(config: Config, pool: Pool, rows: Sequence[Row], run: Run, box: Sandbox) -> Setting:
    """The run's tasks: split and frozen now, or as they were frozen. Raises ``TrainError``, ``PoolError``."""
    if not run.begun:
        told = config.tasks
        among = tasks.items(pool, rows, told.environments)
        splits = tasks.split(among, told, config.seed)
        behind = Tasks(pool, [item for kept in splits.values() for item in kept], box)
        _freeze(run, splits, behind, config, composed=bool(rows))
        behind.close()
    frozen = tasks.thaw(run.splits)
    return Setting(Tasks(pool, [item for kept in frozen.items.values() for item in kept], box), frozen, box)


def _freeze(run: Run, splits: Mapping[Split, Sequence[Item]], behind: Tasks, config: Config, composed: bool) -> None:
    told = config.tasks
    low, high = told.difficulties
    problems: dict[Split, Sequence[Problem]] = {}
    for which, among in splits.items():
        if which is Split.TRAIN:
            continue
        problems[which] = tasks.held_out(behind, among, told.problems, range(low, high + 1), config.seed)
        wanted = composed or which in (Split.INSTANCES, Split.ENVIRONMENTS)
        if wanted and not problems[which]:
            raise TrainError(f"the split {which} is empty: {_EMPTY[which]}")
    tasks.freeze(run.splits, splits, problems)


_EMPTY = {
    Split.INSTANCES: "what is trained on could not be drawn; look at it with `brickyard pool show`",
    Split.ENVIRONMENTS: "raise tasks.held_out_environments, or train on a larger pool",
    Split.COMPOSITIONS: "raise tasks.held_out_compositions, or compose more (`brickyard compose --n`)",
    Split.DEPTHS: "lower tasks.largest, or compose larger ones (`brickyard compose --sizes`)",
}


def check(config: Config, track: str = "none") -> None:
    """Find what is wrong with a configuration before a model is loaded. Raises ``TrainError``."""
    told = config.trainer
    for package in ("torch", "trl", "datasets"):
        if importlib.util.find_spec(package) is None:
            raise TrainError(f"{package} is not installed; training needs it: pip install 'brickyard[rl]'")
    if track not in TRACKERS:
        raise TrainError(f"--track {track!r} is not known; it is one of {', '.join(TRACKERS)}")
    if track != "none" and importlib.util.find_spec(track) is None:
        raise TrainError(f"{track} is not installed: pip install {track}")
    if told.vllm == "colocate" and importlib.util.find_spec("vllm") is None:
        raise TrainError("trainer.vllm is 'colocate', but vLLM is not installed: pip install 'brickyard[vllm]'")
    if told.vllm and told.vllm != "colocate" and "://" not in told.vllm:
        raise TrainError(f"trainer.vllm is {told.vllm!r}; it is 'colocate' or an address such as http://localhost:8000")
    if told.lora and importlib.util.find_spec("peft") is None:
        raise TrainError(f"trainer.lora is {told.lora}, but peft is not installed: pip install peft")
    _check_sizes(config)


def _check_sizes(config: Config) -> None:
    told, world = config.trainer, processes()
    for name in ("steps", "prompts", "tokens"):
        if getattr(told, name) < 1:
            raise TrainError(f"trainer.{name} is {getattr(told, name)}; it is at least 1")
    if told.group < 2:
        raise TrainError(f"trainer.group is {told.group}; an advantage needs at least 2 replies to a prompt")
    micro, replies = told.micro or told.prompts * told.group // world, told.prompts * told.group
    if not micro or replies % (micro * world):
        of = f"trainer.micro {micro} x {world} processes"
        raise TrainError(f"{told.prompts} prompts x {told.group} replies are no multiple of {of}")
    if told.dynamic_sampling and replies // world % told.group:
        raise TrainError(f"dynamic sampling needs whole groups on each of {world} processes; change trainer.prompts")
    low, high = config.tasks.difficulties
    if not 1 <= low <= high:
        raise TrainError(f"tasks.difficulties is {[low, high]}; it is a lowest and a highest, from 1")


def estimate(model: str, config: Config) -> tuple[float, float]:
    """GiB that training would take on one device without sharding, and GiB that are there. Loads no weights.

    Weights, gradients and Adam's two moments in 4 bytes each, and the logits of a micro batch; with LoRA the weights
    in 2 bytes. Activations are extra: this is a lower bound.
    """
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    shape = AutoConfig.from_pretrained(model)
    with torch.device("meta"):
        count = sum(weight.numel() for weight in AutoModelForCausalLM.from_config(shape).parameters())
    told = config.trainer
    micro = told.micro or told.prompts * told.group
    logits = micro * told.tokens * shape.vocab_size * 4 * 2
    needed = (2 if told.lora else 16) * count + logits
    there = (
        torch.cuda.mem_get_info()[1]
        if torch.cuda.is_available()
        else os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    )
    return needed / 2**30, there / 2**30


def train(
    config: Config, pool: Pool, rows: Sequence[Row], folder: Path, box: Sandbox, progress: Progress,
    resume: bool = False, track: str = "none",
) -> Run:  # fmt: skip
    """Train, from the last whole checkpoint if there is one. Raises ``TrainError``, ``PoolError``, ``SandboxError``."""
    check(config, track)
    run = Run(folder)
    quiet()
    with _one_after_another() as is_main:
        run.begin(config, resume or not is_main)
        if run.finished:
            progress.stage = "finished before"
            return run
        set_ = setting(config, pool, rows, run, box)
        scorer = Scorer(set_.tasks.sources, box)
        if config.model == TINY and not (run.warm / "config.json").exists():
            warm(config, set_, scorer, run, progress)
        checkpoint = run.checkpoint()
        run.cut(_step_of(checkpoint))
    try:
        _reinforce(config, set_, scorer, run, checkpoint, progress, track)
        curriculum.write_learnability(pool.folder, _learned(run))
    finally:
        lost = dict.fromkeys(sorted(set_.tasks.lost), "its generator did not come back")
        progress.benched = {**lost, **scorer.benched}
        scorer.close()
        set_.close()
    progress.stage = "done"
    return run


@contextmanager
def _one_after_another() -> Iterator[bool]:
    """Of several processes the main one runs the body first, and the others then find what it did."""
    if processes() == 1:
        yield True
        return
    import torch
    from accelerate import PartialState

    state = PartialState(cpu=not torch.cuda.is_available())
    with state.main_process_first():
        yield bool(state.is_main_process)


def _step_of(checkpoint: Path | None) -> int:
    return int(checkpoint.name.partition("-")[2]) if checkpoint else 0


def quiet() -> None:
    """One thread on a processor, so that two runs are the same run; and no chatter of libraries on the terminal."""
    import logging

    import torch
    import transformers

    if not torch.cuda.is_available():
        torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    logging.getLogger("trl").setLevel(logging.ERROR)


def warm(config: Config, set_: Setting, scorer: Scorer, run: Run, progress: Progress) -> None:
    """Make the tiny model, warm it, and keep it as the one that the run begins with."""
    import torch

    from rl import tiny
    from rl.evaluate import Local, evaluate

    quiet()
    progress.stage, progress.warm_steps = "warming up a tiny model", config.tiny.warm_steps
    fixed = replace(config, curriculum=replace(config.curriculum, kind="fixed", options={}))
    stream = set_.stream(fixed)

    def batches() -> Iterator[list[Problem]]:
        step = 0
        while True:
            yield stream.draw(f"warm/{step}", config.tiny.warm_batch)
            step += 1

    shown = [problem.prompt for problem in stream.draw("tokenizer", PROMPTS)]
    words = tiny.tokenizer(shown, config.tiny.vocabulary)
    made = tiny.model(words, config.tiny, config.seed).to("cuda" if torch.cuda.is_available() else "cpu")
    asked = stream.draw("rate", WARM_ASKED)
    answering = Local(TINY, made, words, config.trainer.tokens, WARM_ASKED)

    def rate(step: int) -> float:
        progress.warm_step = step
        result = evaluate(answering, asked, scorer, (1,), config.seed)
        return result.splits["problems"].passes[1].value

    tiny.warm_start(made, words, batches(), config.tiny, rate)
    part = run.folder / "warm.part"
    shutil.rmtree(part, ignore_errors=True)
    tiny.save(made, words, part)
    part.replace(run.warm)


def _reinforce(
    config: Config, set_: Setting, scorer: Scorer, run: Run, checkpoint: Path | None, progress: Progress, track: str
) -> None:
    from rl import grpo

    model = run.start(config.model)
    words = _words(model)
    if config.model != TINY:
        needed, there = estimate(model, config)
        progress.notes.append(
            f"training needs at least {needed:.1f} GiB on a device without sharding; {there:.1f} GiB are there"
        )
        if needed > there and processes() == 1:
            raise TrainError(
                f"{progress.notes[-1]}: take a smaller model, a smaller trainer.micro, trainer.lora, or more devices"
            )
    stream = set_.stream(config)
    rewarding = grpo.Rewarding(stream, scorer, config)
    if checkpoint:
        told = json.loads((checkpoint / "stream.json").read_text(encoding="utf-8"))
        stream.curriculum.restore(told["curriculum"])
        rewarding.learned.restore(told["learned"])
    progress.stage, progress.step = "training", _step_of(checkpoint)
    progress.rewards = [row["reward"] or 0.0 for row in run.rows()]

    def report(row: Mapping[str, Any]) -> None:
        progress.step, progress.signal = row["step"], row["signal"]
        progress.rewards.append(row["reward"] or 0.0)
        progress.unscored += row["unscored"]
        progress.benched = dict(scorer.benched)

    trainer = grpo.trainer(config, model, words, rewarding, run.folder, track, report)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    trainer.save_model(str(run.folder / "model.part"))
    if trainer.is_world_process_zero():
        words.save_pretrained(run.folder / "model.part")
        (run.folder / "model.part").replace(run.model)


def _words(model: str) -> Any:
    """The tokenizer of a model, which can write an answer. Raises ``TrainError``."""
    from transformers import AutoTokenizer

    try:
        words = AutoTokenizer.from_pretrained(model)
    except (OSError, ValueError) as error:
        raise TrainError(
            f"{model}: has no tokenizer that can be loaded ({' '.join(str(error).split())[:160]})"
        ) from None
    if not words.chat_template:
        raise TrainError(f"{model}: its tokenizer has no chat template; take an instruction-tuned model")
    written = "<answer>7</answer>"
    read = str(words.decode(words(written, add_special_tokens=False)["input_ids"], skip_special_tokens=True))
    if read.replace(" ", "") != written:
        raise TrainError(
            f"{model}: its tokenizer writes {written!r} as {read!r}, so that every reward would be 0; "
            "its answer tags must not be special tokens"
        )
    return words


def _learned(run: Run) -> dict[str, Any]:
    checkpoint = run.checkpoint()
    return dict(json.loads((checkpoint / "stream.json").read_text(encoding="utf-8"))["learned"]) if checkpoint else {}


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
