"""What a training run is told, as plain values: presets, and a TOML file over them. Nothing is trained here.

    model = "Qwen/Qwen2.5-1.5B-Instruct"

    [tasks]
    difficulties = [2, 6]

Whatever a file does not say is the preset's (``presets.py``).
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

from rl.errors import TrainError


@dataclass(frozen=True)
class GrowConfig:
    """How ``brickyard run`` fills its pool; as the options of ``brickyard grow``."""

    completer: str = "recorded"
    model: str = ""
    base_url: str = ""
    tasks: int = 0
    """0 for those of the seeds."""
    turns: int = 3


@dataclass(frozen=True)
class ComposeConfig:
    """What ``brickyard run`` composes; as the options of ``brickyard compose``."""

    n: int = 1_000
    operators: str = "sequential,parallel,sort,select,branch,loop"
    sizes: str = "2-6"
    depth: int = 2


@dataclass(frozen=True)
class TasksConfig:
    """What is asked."""

    environments: tuple[str, ...] = ()
    """Only these of the pool; all when empty."""
    train_on: str = "all"
    """``environments``, ``composites`` or ``all``."""
    held_out_environments: float = 0.1
    held_out_compositions: float = 0.1
    composites: int = 0
    """Trained on at most; 0 for all."""
    largest: int = 4
    """Size of the largest composite trained on; larger ones are the split of unseen depths."""
    difficulties: tuple[int, int] = (1, 4)
    problems: int = 200
    """In each held-out split."""


@dataclass(frozen=True)
class CurriculumConfig:
    """What is drawn next."""

    kind: str = "fixed"
    """``fixed``, ``window`` (RLVE), ``gate`` (SATURN) or ``bandit`` (DUMP)."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of that kind; see ``curriculum.py``."""


@dataclass(frozen=True)
class TrainerConfig:
    """How it is learned. ``grpo`` is given to TRL's GRPOConfig as it is, for what has no word here."""

    steps: int = 200
    prompts: int = 16
    """A step, over all processes."""
    group: int = 8
    """Replies to each prompt."""
    micro: int = 0
    """Replies in one forward pass on one device; 0 is all of them."""
    tokens: int = 1024
    """Of a reply, at most."""
    learning_rate: float = 1e-6
    clip_low: float = 0.2
    clip_high: float = 0.2
    beta: float = 0.0
    """Weight of the KL term."""
    loss: str = "grpo"
    temperature: float = 1.0
    format_reward: float = 0.0
    """Added to the reward of a reply whose answer block is as it should be."""
    overlong: int = 0
    """Tokens before the end over which a reply's reward falls by up to 1 (DAPO); 0 for none."""
    dynamic_sampling: int = 0
    """Rounds in which groups without signal are replaced (DAPO); 0 for none."""
    lora: int = 0
    """Rank; 0 trains all weights."""
    vllm: str = ""
    """``colocate``, or the address of a ``vllm serve``; empty generates with transformers."""
    save_every: int = 50
    shuffled_rewards: bool = False
    """A control: rewards are shuffled over the step, so that nothing true can be learned."""
    grpo: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TinyConfig:
    """The model that is made from nothing; see ``tiny.py``."""

    layers: int = 2
    width: int = 128
    heads: int = 4
    vocabulary: int = 1024
    warm_steps: int = 400
    """At most."""
    warm_until: float = 0.15
    """The share of right replies to training problems at which the warm start ends."""
    warm_look: int = 10
    """Steps between two looks at it."""
    warm_batch: int = 64
    warm_rate: float = 2e-3


@dataclass(frozen=True)
class EvalConfig:
    """How it is measured, before and after."""

    k: tuple[int, ...] = (1, 8)
    temperature: float = 1.0
    batch: int = 256


@dataclass(frozen=True)
class Config:
    """A training run."""

    model: str = "tiny"
    """A folder, a name, or ``tiny``."""
    seed: int = 0
    grow: GrowConfig = GrowConfig()
    compose: ComposeConfig = ComposeConfig()
    tasks: TasksConfig = TasksConfig()
    curriculum: CurriculumConfig = CurriculumConfig()
    trainer: TrainerConfig = TrainerConfig()
    tiny: TinyConfig = TinyConfig()
    eval: EvalConfig = EvalConfig()

    def asdict(self) -> dict[str, Any]:
        return asdict(self)


def processes() -> int:
    """How many processes train together, as ``torchrun`` and ``accelerate launch`` say."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def read(file: Path, over: Config) -> Config:
    """``over`` with what ``file`` says. Raises ``TrainError`` that names the key."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainError(f"{file}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise TrainError(f"{file}: is not TOML ({error})") from None
    return told_of(told, over, str(file))


def told_of(told: Mapping[str, Any], over: Config, where: str) -> Config:
    """``over`` with the values of a mapping in its place. Raises ``TrainError``."""
    filled: Config = _filled(told, over, where, "")
    return filled


def _filled(told: Mapping[str, Any], over: Any, where: str, section: str) -> Any:
    known, types = {f.name for f in fields(over)}, get_type_hints(type(over))
    changed = {}
    for key, value in told.items():
        if key not in known:
            raise TrainError(f"{where}: {section}{key} is not known; there are {', '.join(sorted(known))}")
        now = getattr(over, key)
        if hasattr(now, "__dataclass_fields__"):
            if not isinstance(value, Mapping):
                raise TrainError(f"{where}: {section}{key} is a table, not {value!r}")
            changed[key] = _filled(value, now, where, f"{section}{key}.")
        else:
            changed[key] = _value(value, now, f"{where}: {section}{key}", types[key])
    return replace(over, **changed)


def _value(value: Any, now: Any, where: str, wanted: Any) -> Any:
    if isinstance(now, tuple) and isinstance(value, list | tuple) and _fits(value, get_args(wanted)):
        return tuple(value)
    if isinstance(now, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(now, Mapping) and isinstance(value, Mapping):
        return {**now, **value}
    if isinstance(now, tuple) or type(value) is not type(now):
        name = wanted.__name__ if isinstance(wanted, type) else str(wanted)
        raise TrainError(f"{where} is {value!r}; it should be of type {name}, as {now!r} is")
    return value


def _fits(value: Sequence[Any], kinds: Sequence[Any]) -> bool:
    """Whether a sequence has the entries of a tuple type: as many, unless it is open, and each of its type."""
    return all(type(entry) is kinds[0] for entry in value) and (kinds[-1] is Ellipsis or len(value) == len(kinds))
