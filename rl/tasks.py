"""What a model is asked: a pool and its composites as posed problems, in splits, and as an endless stream for training.

A problem is named for ever by (term, seed, difficulty). Splits are made from names alone, by seed: held-out instances
are drawn with seeds that training never uses, and a prompt that is held out is never trained on. Scoring a reply is
``reward.py``'s, choosing what is drawn next ``curriculum.py``'s.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

from rl.config import TasksConfig
from rl.curriculum import Curriculum
from rl.errors import TrainError
from sandbox import Call, Ending, Sandbox
from sandbox.outcome import COSTLY
from synth.compose import composite
from synth.compose.composite import Composite
from synth.compose.store import Row
from synth.environment import ANSWER, Answer, Instance, prompt
from synth.pool import Pool
from synth.types import Type

HELD_OUT_SEEDS = 1 << 48
"""Seeds from here on are held out; training draws below."""

TRIES = 60  # draws of one place of the stream before it is given up: the held-out prompts are all there is


class Split(StrEnum):
    """Where a problem stands; the held-out ones at growing distances from what is trained on."""

    TRAIN = "train"
    INSTANCES = "heldout-instances"
    """Unseen instances of trained environments and composites."""
    ENVIRONMENTS = "heldout-environments"
    """Base environments that are in nothing that is trained on."""
    COMPOSITIONS = "heldout-compositions"
    """Unseen composites of trained environments, no larger than those trained on."""
    DEPTHS = "heldout-depths"
    """Composites of trained environments, larger than any that is trained on."""


@dataclass(frozen=True)
class Item:
    """Something to draw problems from: a base environment, or a composite."""

    term: str
    family: str
    """Of a base environment; ``composite`` for any other."""
    operator: str = ""
    size: int = 1
    parts: tuple[str, ...] = ()
    """The base environments in it, by name."""


@dataclass(frozen=True)
class Problem:
    """One instance, posed."""

    item: Item
    seed: int
    difficulty: int
    prompt: str
    """All that the model reads."""
    codomain: Type
    instance: Instance
    reference: Answer

    @property
    def name(self) -> str:
        return f"{self.item.term}@{self.seed}:{self.difficulty}"


def items(pool: Pool, rows: Iterable[Row] = (), only: Sequence[str] = ()) -> list[Item]:
    """The environments of ``pool`` and the composites of ``rows``; with ``only``, of those environments alone.

    Raises ``PoolError`` for a name that the pool does not have.
    """
    names = {pool[name].name for name in only} or {entry.name for entry in pool}
    base = [Item(entry.name, entry.family, parts=(entry.name,)) for entry in pool if entry.name in names]
    fused = [
        Item(row["term"], "composite", row["operator"], row["size"], tuple(dict.fromkeys(row["parts"])))
        for row in rows
        if names.issuperset(row["parts"])
    ]
    return base + fused


def split(among: Iterable[Item], how: TasksConfig, seed: int) -> dict[Split, list[Item]]:
    """Which items are trained on, and which are held out; the same for the same names and seed.

    A composite in which a held-out environment stands is not used. With other items added the order in which items are
    held out stays, and only how many of it are may change. Raises ``TrainError`` when nothing is left to train on.
    """
    among = sorted(among, key=lambda item: item.term)
    base = [item for item in among if not item.operator]
    away = {item.term for item in _share(base, how.held_out_environments, seed, "environments")}
    fused = [item for item in among if item.operator and not away.intersection(item.parts)]
    small = [item for item in fused if item.size <= how.largest]
    unseen = {item.term for item in _share(small, how.held_out_compositions, seed, "compositions")}
    trained = {
        "environments": [item for item in base if item.term not in away],
        "composites": ranked([item for item in small if item.term not in unseen], seed, "trained"),
    }
    trained["composites"] = trained["composites"][: how.composites or None]
    if how.train_on not in (*trained, "all"):
        raise TrainError(f"train_on is {how.train_on!r}; it is one of environments, composites, all")
    train = [item for kind, kept in trained.items() if how.train_on in (kind, "all") for item in kept]
    if not train:
        raise TrainError(
            f"of {len(among)} environments and composites none is left to train on (train_on={how.train_on!r})"
        )
    return {
        Split.TRAIN: train,
        Split.INSTANCES: train,
        Split.ENVIRONMENTS: [item for item in base if item.term in away],
        Split.COMPOSITIONS: [item for item in small if item.term in unseen],
        Split.DEPTHS: [item for item in fused if item.size > how.largest],
    }


def ranked(among: Iterable[Item], seed: int, what: str) -> list[Item]:
    """In an order that depends on the seed, and for each item on its name alone."""
    return sorted(among, key=lambda item: hashlib.sha256(f"{seed}/{what}/{item.term}".encode()).digest())


def _share(among: Sequence[Item], share: float, seed: int, what: str) -> list[Item]:
    """That share of the items, at least one if it is any."""
    return ranked(among, seed, what)[: max(1, round(share * len(among)))] if share > 0 and len(among) > 1 else []


class Tasks:
    """Items behind the wall, to draw problems from, many at a time."""

    def __init__(self, pool: Pool, among: Iterable[Item], box: Sandbox) -> None:
        self.pool, self.box = pool, box
        self.sources = {name: pool[name].program.source for item in among for name in item.parts}
        self._read: dict[str, Composite] = {}
        self.lost: set[str] = set()
        """Terms whose generator did not come back, or took its worker with it."""

    @cached_property
    def _session(self) -> Any:
        session = self.box.compose("", dict(sorted(self.sources.items())))
        if session.loaded.ending is not Ending.RETURNED:
            raise TrainError(f"the environments do not load ({session.loaded.error}); audit the pool")
        return session

    def environment(self, item: Item) -> Composite:
        if item.term not in self._read:
            self._read[item.term] = composite.read(item.term, self.pool)
        return self._read[item.term]

    def pose(self, names: Sequence[tuple[Item, int, int]]) -> list[Problem | None]:
        """The problems of these items, seeds and difficulties; none where an item has no instance there."""
        calls = [
            Call("of", {"term": item.term, "function": "generate", "arguments": {"difficulty": difficulty}}, seed)
            for item, seed, difficulty in names
        ]
        drawn = self._session.map(calls)
        self.lost |= {item.term for (item, _, _), outcome in zip(names, drawn, strict=True) if outcome.ending in COSTLY}
        return [
            self._posed(item, seed, difficulty, dict(outcome.value)) if outcome.ending is Ending.RETURNED else None
            for (item, seed, difficulty), outcome in zip(names, drawn, strict=True)
        ]

    def _posed(self, item: Item, seed: int, difficulty: int, drawn: dict[str, Any]) -> Problem:
        environment = self.environment(item)
        reference = drawn.pop(ANSWER)
        codomain = environment.signature.codomain
        return Problem(item, seed, difficulty, prompt(environment.pose(drawn), codomain), codomain, drawn, reference)

    def close(self) -> None:
        if "_session" in self.__dict__:
            self._session.close()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def held_out(tasks: Tasks, among: Sequence[Item], n: int, difficulties: Sequence[int], seed: int) -> list[Problem]:
    """``n`` problems of held-out seeds, items and difficulties alike, no prompt twice; fewer if there are no more."""
    rng = Random(f"{seed}/held out")
    order = rng.sample(list(among), len(among))
    kept: dict[str, Problem] = {}
    turns = (
        (item, difficulties[(place + turn) % len(difficulties)]) for turn in count() for place, item in enumerate(order)
    )
    for _ in range(TRIES * (1 + n // max(1, len(order)))):
        if len(kept) >= n or not order:
            break
        chosen = islice(turns, min(n - len(kept), len(order)))
        names = [(item, HELD_OUT_SEEDS + rng.getrandbits(47), difficulty) for item, difficulty in chosen]
        for problem in tasks.pose(names):
            if problem:
                kept.setdefault(problem.prompt, problem)
    return list(kept.values())


class Stream:
    """An endless, seeded stream of problems for training, a step at a time.

    What a step holds depends on the seed, its number, and the state of the curriculum alone; so a run that was killed
    goes on with the stream of the undisturbed one. A prompt whose digest is in ``avoid`` is never given.
    """

    def __init__(
        self, tasks: Tasks, train: Sequence[Item], curriculum: Curriculum, seed: int, avoid: Iterable[str] = ()
    ) -> None:
        self.tasks, self.curriculum, self.seed = tasks, curriculum, seed
        self._items = {item.term: item for item in train}
        self._avoid = frozenset(avoid)

    def draw(self, label: str, n: int) -> list[Problem]:
        """``n`` problems; the same for the same label and state. Raises ``TrainError`` when there are none."""
        rngs = [Random(f"{self.seed}/{label}/{slot}") for slot in range(n)]
        drawn: dict[int, Problem] = {}
        for _ in range(TRIES):
            still = [slot for slot in range(n) if slot not in drawn]
            chosen = [self.curriculum.choose(rngs[slot]) for slot in still]
            names = [
                (self._items[term], rngs[slot].randrange(HELD_OUT_SEEDS), difficulty)
                for slot, (term, difficulty) in zip(still, chosen, strict=True)
            ]
            for slot, problem in zip(still, self.tasks.pose(names), strict=True):
                if problem and digest(problem.prompt) not in self._avoid:
                    drawn[slot] = problem
            for term in sorted(self.tasks.lost & self._items.keys()):
                self.curriculum.bench(term)
            if len(drawn) == n:
                return [drawn[slot] for slot in range(n)]
        term, difficulty = chosen[0]
        raise TrainError(
            f"no new problem in {TRIES} draws, of {term} at difficulty {difficulty} for one: too few of its instances "
            "are not held out; raise the difficulties, or leave it out"
        )


def freeze(path: Path, splits: Mapping[Split, Sequence[Item]], problems: Mapping[Split, Sequence[Problem]]) -> None:
    """Write which items each split has, and each held-out problem by name with a digest of its prompt."""
    row = {
        "items": {
            name: [[i.term, i.family, i.operator, i.size, list(i.parts)] for i in kept] for name, kept in splits.items()
        },
        "problems": {
            name: [[p.item.term, p.seed, p.difficulty, digest(p.prompt)] for p in kept]
            for name, kept in problems.items()
        },
    }
    path.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Frozen:
    """The splits of a run as they were frozen."""

    items: Mapping[Split, Sequence[Item]]
    names: Mapping[Split, Sequence[tuple[Item, int, int, str]]]

    def problems(self, which: Split, tasks: Tasks) -> list[Problem]:
        """Pose the problems of a split again. Raises ``TrainError`` when one reads otherwise than it did."""
        wanted = self.names[which]
        posed = tasks.pose([(item, seed, difficulty) for item, seed, difficulty, _ in wanted])
        for problem, (item, seed, difficulty, then) in zip(posed, wanted, strict=True):
            if problem is None or digest(problem.prompt) != then:
                raise TrainError(
                    f"{item.term}@{seed}:{difficulty} reads otherwise than when the run began: the pool was changed"
                )
        return [problem for problem in posed if problem]


def thaw(path: Path) -> Frozen:
    """Read what ``freeze`` wrote. Raises ``TrainError``."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        known = {
            Split(name): [
                Item(term, family, operator, size, tuple(parts)) for term, family, operator, size, parts in kept
            ]
            for name, kept in row["items"].items()
        }
        by_term = {item.term: item for kept in known.values() for item in kept}
        names = {
            Split(name): [(by_term[t], s, d, told) for t, s, d, told in kept] for name, kept in row["problems"].items()
        }
    except FileNotFoundError:
        raise TrainError(f"{path}: there is no such file; a run's folder has its splits.json") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainError(f"{path}: cannot be read as splits ({type(error).__name__}: {error})") from None
    return Frozen(known, names)


def named(path: Path, among: Sequence[Item], tasks: Tasks) -> list[Problem]:
    """The problems that a file names, a JSON object with term, seed and difficulty a line. Raises ``TrainError``."""
    by_term = {item.term: item for item in among}
    names = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            if row["term"] not in by_term:
                raise TrainError(f"{path}:{number}: the pool has no {row['term']!r}")
            names.append((by_term[row["term"]], int(row["seed"]), int(row["difficulty"])))
    except OSError as error:
        raise TrainError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise TrainError(
            f'{path}:{len(names) + 1}: a line is like {{"term": ..., "seed": 7, "difficulty": 2}} ({error!r})'
        ) from None
    posed = tasks.pose(names)
    if None in posed:
        number = posed.index(None)
        item, seed, difficulty = names[number]
        raise TrainError(f"{path}:{number + 1}: {item.term} has no instance at seed {seed}, difficulty {difficulty}")
    return [problem for problem in posed if problem]
