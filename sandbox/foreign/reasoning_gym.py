"""The datasets of reasoning-gym as environments: each a module in the contract's form that calls the gym.

``generate`` draws one of the 2,000 entries of a level, ``verify`` asks the gym's own scorer. The key of an entry, as
``3/1500/42``, is its level, the seed of its dataset and its number in it; the seeds are 500 apart, since an entry is
drawn with the sum of the two.
Levels are those of the dataset's own curriculum, from 1; 0, or a dataset without one, is its default configuration.
Not an audit (``audit.py``): whether a dataset can be trusted is not asked here, and the gym is never imported on this
side of the wall.
"""

import importlib.metadata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sandbox.jail import Sandbox
from sandbox.outcome import Limits, SandboxError
from synth.compose import term
from synth.compose.composite import Composite
from synth.compose.leaf import leaf
from synth.environment import Environment, Instance
from synth.pool import Pool
from synth.program import Program, read

PREFIX = "reasoning_gym:"
PACKAGE = "reasoning-gym"
PRELOAD = ("reasoning_gym", "sandbox.foreign.warm:warm")
REDRAWN = "another question is drawn now for"
"""What ``verify`` raises where the gym does not draw the same entry twice."""
LIMITS = Limits(call_seconds=5.0, memory_bytes=3 << 30, printed_bytes=1 << 20)
"""What a gym was not told to keep to: more time than ours, and room for numpy and sympy."""


class GymError(SandboxError):
    """The gym is not there, or has no such dataset; the message says what to do."""


@dataclass(frozen=True)
class Foreign(Program):
    """A dataset in the place of a program: its question is posed as it stands, and the key to its entry is hidden."""

    def sentence(self, given: Any) -> str:
        return str(given["question"])

    def pose(self, instance: Instance) -> str:
        return str(instance["question"])


def foreign(name: str) -> Foreign:
    """The dataset ``name`` as an environment. Raises ``GymError`` when the gym is not installed."""
    program = read(MODULE.replace("@NAME", name).replace("@VERSION", version()).replace("@REDRAWN", REDRAWN))
    return Foreign(**{field.name: getattr(program, field.name) for field in fields(program)})


def composite(text: str, datasets: Collection[str], pool: Pool | None = None) -> Composite:
    """The composite that ``text`` names, of ``datasets`` and of the environments of ``pool``; for ``sandbox()`` alone.

    The names of a pool come first. Raises ``TermError``, ``GymError``.
    """
    programs: dict[str, Program] = {}

    def part(name: str) -> Environment:
        if pool is not None and name in pool:
            programs[name] = pool[name].program
        elif name in datasets:
            programs[name] = foreign(name)
        else:
            raise KeyError(name)
        return leaf(name, programs[name])

    return Composite(term.parse(text, part), programs)


def version() -> str:
    """Of the package as it was installed. Raises ``GymError``."""
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        raise GymError(f"{PACKAGE} is not installed: pip install 'brickyard[gyms]'") from None


def sandbox(hash_seed: int = 0, allow_missing: frozenset[str] = frozenset()) -> Sandbox:
    """A sandbox that has the gym in it. Raises ``GymError``, ``SandboxError``."""
    version()
    return Sandbox(LIMITS, hash_seed, allow_missing=allow_missing, preload=PRELOAD)


def names(box: Sandbox) -> list[str]:
    """Every dataset of the gym."""
    with box.open(NAMES) as session:
        outcome = session.call("names", {})
    if outcome.error:
        raise SandboxError(f"{PACKAGE} does not work in the sandbox: {outcome.error}")
    return list(outcome.value)


def chosen(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """The datasets that ``reasoning_gym:NAME`` or ``reasoning_gym:all`` name. Raises ``GymError``."""
    plain = [name.removeprefix(PREFIX) for name in names]
    if unknown := sorted({*plain} - {*known, "all"}):
        raise GymError(f"{PACKAGE} {version()} has no dataset {unknown[0]!r}; there are {', '.join(known)}")
    return [name for name in known if name in plain or "all" in plain]


NAMES = """
from reasoning_gym.factory import DATASETS


def names():
    return sorted({*DATASETS} - {"composite"})
"""

MODULE = '''"""@NAME: a dataset of reasoning-gym @VERSION, with its own generator and scorer."""

import json
from copy import deepcopy
from functools import lru_cache
from random import Random

from reasoning_gym.factory import CURRICULA, DATASETS

STATEMENT = "{question} {key}"


def levels():
    attributes = CURRICULA["@NAME"]().attributes.values() if "@NAME" in CURRICULA else ()
    return max((len(attribute.levels) for attribute in attributes), default=0)


@lru_cache(maxsize=64)
def dataset(level, seed):
    if not level:
        return DATASETS["@NAME"][0](DATASETS["@NAME"][1](seed=seed))
    curriculum = CURRICULA["@NAME"]()
    curriculum.set_global_level(level - 1)
    return DATASETS["@NAME"][0](curriculum.generate_configuration({"seed": seed}))


@lru_cache(maxsize=64)
def made(key):
    level, seed, number = map(int, key.split("/"))
    entries = dataset(level, seed)
    return entries, entries[number]


def right(entry):
    given = [entry["answer"], *(value for name, value in entry["metadata"].items() if "answer" in name)]
    answer = next((value for value in given if value is not None), "")
    return answer if isinstance(answer, str) else json.dumps(answer)


def generate(rng: Random, difficulty: int) -> dict:
    key = f"{min(difficulty, levels())}/{500 * rng.randrange(4)}/{rng.randrange(500)}"
    entry = made(key)[1]
    return {"question": entry["question"], "key": key, "answer": right(entry)}


def verify(question: str, key: str, answer: str) -> float:
    entries, entry = made(key)
    if entry["question"] != question:
        raise ValueError(f"@REDRAWN {key}")
    return round(float(entries.score_answer(answer, deepcopy(entry))), 12)
'''
