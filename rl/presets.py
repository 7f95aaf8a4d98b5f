"""Configurations with a name: what two papers did, as far as they say, and what a laptop and one GPU can do."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from rl.config import ComposeConfig, Config, CurriculumConfig, EvalConfig, TasksConfig, TinyConfig, TrainerConfig
from rl.errors import TrainError

ROOM_FOR_LISTS = 48  # tokens: a reply to a composite of two basics takes 30

BASICS = (
    "first_to_last",
    "halves_exchanged",
    "nine_minus",
    "odd_places",
    "outside_in",
    "reverse_digits",
    "swap_in_pairs",
)
"""What a model from nothing learns in a minute: short lists of digits, rewritten."""

SMALL_GRPO = {"lr_scheduler_type": "constant_with_warmup", "warmup_steps": 5, "adam_beta2": 0.99}


def demo() -> Config:
    """A tiny model from nothing, on a processor, in under three minutes: six environments, four composites of them.

    At a learning rate of 1e-3 it collapses. Held out are one environment, a quarter of the composites of two, and all
    composites of three. With more composites it learns more slowly, which three minutes do not allow.
    """
    return Config(
        model="tiny",
        compose=ComposeConfig(n=60, operators="sequential", sizes="2-3", depth=1),
        tasks=TasksConfig(
            environments=BASICS,
            held_out_environments=0.14,
            held_out_compositions=0.25,
            largest=2,
            composites=4,
            difficulties=(1, 1),
            problems=100,
        ),
        trainer=TrainerConfig(
            steps=110,
            tokens=ROOM_FOR_LISTS,
            learning_rate=3e-4,
            clip_high=0.28,
            loss="dapo",
            save_every=25,
            grpo=SMALL_GRPO,
        ),
        tiny=TinyConfig(vocabulary=1500, warm_until=0.1),
        eval=EvalConfig(k=(1, 4)),
    )


def races() -> Config:
    """RACES (arXiv 2606.12373): GRPO on composites.

    The paper states GRPO with the upper clip at 0.28, no KL term, 8 rollouts a prompt, a learning rate of 2e-6, batches
    of 128 and replies of up to 32K tokens; composites of 2 to 12 parts. We read the batch as prompts. Not stated, and
    ours: the lower clip (0.2), the loss's normalisation (GRPO's own), warm-up, the number of steps, difficulties,
    precision, and which curriculum (none).
    """
    return Config(
        model="Qwen/Qwen3-14B",
        compose=ComposeConfig(n=10_000, operators="sequential,parallel,sort,select", sizes="2-12"),
        tasks=TasksConfig(train_on="composites", largest=8, difficulties=(1, 6)),
        trainer=TrainerConfig(
            steps=500, prompts=128, group=8, micro=1, tokens=32_768, learning_rate=2e-6, clip_high=0.28, loss="grpo",
            vllm="colocate",
        ),
    )  # fmt: skip


def resyn() -> Config:
    """ReSyn (arXiv 2602.20117): DAPO on environments that a model wrote, with a reward for the format.

    The paper states Qwen2.5-7B-Instruct and DAPO. What makes DAPO is DAPO's own (arXiv 2503.14476): the upper clip at
    0.28, a loss over tokens, dynamic sampling, overlong replies shaped over their last fifth, no KL term, a learning
    rate of 1e-6. We have no source for the paper's own learning rate, batch, reply length and format's weight: ours.
    """
    return Config(
        model="Qwen/Qwen2.5-7B-Instruct",
        tasks=TasksConfig(train_on="environments", difficulties=(1, 6)),
        curriculum=CurriculumConfig("window"),
        trainer=TrainerConfig(
            steps=500, prompts=64, group=8, micro=2, tokens=8_192, learning_rate=1e-6, clip_high=0.28, loss="dapo",
            format_reward=0.1, overlong=1_638, dynamic_sampling=3, vllm="colocate",
        ),
    )  # fmt: skip


def h200_tiny() -> Config:
    """A model of some 40 million parameters from nothing, on one GPU: the laboratory's size (ours; see ``lab.py``)."""
    return replace(
        demo(),
        tasks=replace(demo().tasks, environments=(), composites=0, largest=4, difficulties=(1, 3), problems=200),
        trainer=replace(demo().trainer, steps=400, prompts=64, group=16, tokens=128, save_every=50),
        tiny=TinyConfig(
            layers=8, width=640, heads=10, vocabulary=8_192, warm_steps=2_000, warm_batch=128, warm_rate=5e-4
        ),
    )


def multi_gpu() -> Config:
    """``races`` on several GPUs, replies from a ``vllm serve`` beside the trainers; see the README for the launch."""
    return replace(races(), trainer=replace(races().trainer, vllm="http://localhost:8000"))


_ALL: tuple[Callable[[], Config], ...] = (demo, races, resyn, h200_tiny, multi_gpu)
PRESETS: Mapping[str, Callable[[], Config]] = {made.__name__.replace("_", "-"): made for made in _ALL}


def preset(name: str) -> Config:
    """The configuration of that name. Raises ``TrainError``."""
    if name not in PRESETS:
        raise TrainError(f"there is no preset {name!r}; there are {', '.join(PRESETS)}")
    return PRESETS[name]()
