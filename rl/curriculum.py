"""Curricula: which environment at which difficulty is drawn next, and what is learned from the rewards of the groups.

Here are draws and counts, not problems: ``tasks`` poses what was drawn, and the trainer computes its own advantages.
A draw is a function of the curriculum's state and of ``rng`` alone. Rewards may be partial: a group teaches when its
rewards differ, wherever their mean lies, and a reply is right when its reward is 1.
"""

import json
import math
import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Protocol

from rl.errors import TrainError
from synth.contract import DIFFICULTIES, TOLERANCE

FILE = "learnability.json"

Scores = Sequence[float | None]
"""The rewards of one prompt's replies, each from 0 to 1; none was not scored."""

Row = dict[str, Any]
"""What is known of how an environment teaches: the fields of ``Learned``."""


@dataclass(frozen=True)
class Group:
    """The rewards of one prompt's replies."""

    term: str
    difficulty: int
    scores: tuple[float | None, ...]


class Curriculum(Protocol):
    """What is drawn next. One made alike and restored from the state of another makes the very same draws."""

    def choose(self, rng: Random) -> tuple[str, int]:
        """A term that is not benched, and a difficulty; changes nothing but ``rng``."""
        ...

    def observe(self, groups: Sequence[Group]) -> None:
        """Learn from the groups of one step; to be called after each step, in order."""
        ...

    def state(self) -> dict[str, Any]:
        """All that later draws depend on, as JSON."""
        ...

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``. Raises ``TrainError`` when it is of another kind, other terms or other options."""
        ...

    def bench(self, term: str) -> None:
        """Never draw ``term`` again. Raises ``TrainError`` when it is the last one, ``ValueError`` when unknown."""
        ...


@dataclass(frozen=True)
class Options:
    """How a curriculum moves; checked when made. Raises ``TrainError``."""

    low: int = DIFFICULTIES[0]
    """The lowest difficulty, where the window and the gate begin."""
    high: int = DIFFICULTIES[-1]
    """The highest difficulty; none above it is drawn."""
    threshold: float | None = None
    """Share of right replies at which the difficulty goes up; none: 0.9 for the window, 0.5 for the gate."""
    prompts: int | None = None
    """Groups at the top difficulty before it is judged; none: 8 for the window (of one term), 32 for the gate."""
    width: int = 4
    """Difficulties in a term's window."""
    temperature: float = 0.1
    """Of the bandit's softmax, in units of its score; higher draws more evenly."""
    recent: int = 300
    """Latest replies of each term that the bandit remembers."""

    def __post_init__(self) -> None:
        least, most = DIFFICULTIES[0], DIFFICULTIES[-1]
        if not least <= self.low <= self.high <= most:
            raise TrainError(f"difficulties {self.low} to {self.high} must rise and lie within {least} to {most}")
        if self.threshold is not None and not 0 < self.threshold <= 1:
            raise TrainError(f"the curriculum's threshold {self.threshold} must be above 0 and at most 1")
        if not 0 < self.temperature < math.inf:
            raise TrainError(f"the curriculum's temperature {self.temperature} must be above 0")
        for name in ("prompts", "width", "recent"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise TrainError(f"the curriculum's {name} {value} must be at least 1")


class Roster:
    """What every kind of curriculum is about: its options, its terms in order, and those of them that are benched."""

    def __init__(self, kind: str, terms: Sequence[str], options: Options) -> None:
        self.options = options
        self.active = list(terms)
        self._terms = tuple(terms)
        self._benched: list[str] = []
        names = sha256("\n".join(terms).encode()).hexdigest()[:16]
        self._of = {"kind": kind, "terms": names, "options": asdict(options)}

    def draw(self, rng: Random) -> str:
        """One of those not benched, all alike."""
        return rng.choice(self.active)

    def bench(self, term: str) -> None:
        if term in self._benched:
            return
        if self.active == [term]:
            raise TrainError(f"{term} cannot be benched: it is the last term to train on; train on more environments")
        self.active.remove(term)
        self._benched.append(term)

    def state(self) -> dict[str, Any]:
        return {**self._of, "benched": list(self._benched)}

    def restore(self, state: Mapping[str, Any]) -> None:
        for key, wanted in self._of.items():
            if state.get(key) != wanted:
                found = state.get(key)
                raise TrainError(
                    f"the curriculum's {key} is {wanted}, but its state has {found}; train as it was begun"
                )
        self._benched = list(state["benched"])
        out = set(self._benched)
        self.active = [term for term in self._terms if term not in out]


@dataclass
class Stage:
    """A difficulty, and what was counted at it since it was last judged."""

    difficulty: int
    groups: int = 0
    """Of which any reply was scored."""
    replies: int = 0
    """That were scored."""
    right: int = 0

    def count(self, group: Group) -> None:
        """Add a group; one at another difficulty says nothing of this one."""
        scored = _scored(group.scores)
        if group.difficulty == self.difficulty and scored:
            self.groups += 1
            self.replies += len(scored)
            self.right += sum(score >= 1 - TOLERANCE for score in scored)

    def judge(self, threshold: float, prompts: int, high: int) -> None:
        """After ``prompts`` groups: up by one, but not past ``high``, if enough replies were right; then count anew."""
        if self.groups >= prompts:
            self.difficulty = min(high, self.difficulty + (self.right / self.replies >= threshold))
            self.groups = self.replies = self.right = 0


class Fixed:
    """Terms and difficulties all alike; learns nothing. What the other kinds are compared with."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def choose(self, rng: Random) -> tuple[str, int]:
        options = self._roster.options
        return self._roster.draw(rng), rng.randint(options.low, options.high)

    def observe(self, groups: Sequence[Group]) -> None:
        """Nothing is learned."""

    def state(self) -> dict[str, Any]:
        return self._roster.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        self._roster.restore(state)

    def bench(self, term: str) -> None:
        self._roster.bench(term)


class Window:
    """Terms all alike, each with a window of difficulties that slides up as its hardest is mastered.

    RLVE (arXiv 2511.07317; in its code ``RLVEManager`` of slime/ray/rollout_data_source.py): each environment has a
    highest difficulty h; a problem's is uniform over the last 4 up to h; only replies at h are counted; after enough
    of them h goes up by one if their accuracy is at least 0.9, and the count starts anew either way. h never falls.
    Ours: h begins at ``low`` and ends at ``high``; groups are counted, and a group nothing of which was scored is not.
    """

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._stages: dict[str, Stage] = {}
        self._threshold = roster.options.threshold or 0.9
        self._prompts = roster.options.prompts or 8

    def bounds(self, term: str) -> tuple[int, int]:
        """The lowest and the highest difficulty of the term's window."""
        options = self._roster.options
        top = self._stages[term].difficulty if term in self._stages else options.low
        return max(options.low, top - options.width + 1), top

    def choose(self, rng: Random) -> tuple[str, int]:
        term = self._roster.draw(rng)
        return term, rng.randint(*self.bounds(term))

    def observe(self, groups: Sequence[Group]) -> None:
        options = self._roster.options
        for group in groups:
            self._stages.setdefault(group.term, Stage(options.low)).count(group)
        for term in sorted({group.term for group in groups}):
            self._stages[term].judge(self._threshold, self._prompts, options.high)

    def state(self) -> dict[str, Any]:
        return self._roster.state() | {"stages": {term: asdict(stage) for term, stage in self._stages.items()}}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._roster.restore(state)
        self._stages = {term: Stage(**stage) for term, stage in state["stages"].items()}

    def bench(self, term: str) -> None:
        self._roster.bench(term)


class Gate:
    """Terms all alike, at one difficulty for all: the next one opens when enough replies at this one are right.

    SATURN (arXiv 2505.16368): training goes from easy to hard in stages; the next begins when pass@1 on problems of
    the present difficulty, held back from training, reaches a threshold; until then the stage is trained on.
    Ours: pass@1 is that of the training replies themselves over the latest ``prompts`` groups, and all terms share
    the stage. For a stage of its own for each term there is the window, of width 1.
    """

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._stage = Stage(roster.options.low)
        self._threshold = roster.options.threshold or 0.5
        self._prompts = roster.options.prompts or 32

    def choose(self, rng: Random) -> tuple[str, int]:
        return self._roster.draw(rng), self._stage.difficulty

    def observe(self, groups: Sequence[Group]) -> None:
        for group in groups:
            self._stage.count(group)
        self._stage.judge(self._threshold, self._prompts, self._roster.options.high)

    def state(self) -> dict[str, Any]:
        return self._roster.state() | {"stage": asdict(self._stage)}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._roster.restore(state)
        self._stage = Stage(**state["stage"])

    def bench(self, term: str) -> None:
        self._roster.bench(term)


class Bandit:
    """Terms by how much they teach: a softmax over upper confidence bounds (UCB) on the mean absolute advantage.

    DUMP (arXiv 2504.09710; in its code verl/utils/curriculum_learning.py): the score of a distribution d of prompts
    is the mean absolute advantage of its latest 300 replies + sqrt(2 ln(n + 1) / (n_d + 1)), where n_d of n replies
    were of d; d is drawn with the softmax of the scores at temperature 0.1.
    Ours: d is a term, and its difficulty is uniform from ``low`` to ``high``. A reply that was not scored counts, with
    no advantage: an environment that cannot be scored must not stay unexplored for ever.
    """

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._recent: dict[str, deque[float]] = {}
        self._means: dict[str, float] = {}
        self._replies: dict[str, int] = {}

    def probabilities(self) -> dict[str, float]:
        """Of each term that is not benched, to be drawn next."""
        twice = 2 * math.log(sum(self._replies.values()) + 1)
        scores = {
            term: self._means.get(term, 0.0) + math.sqrt(twice / (self._replies.get(term, 0) + 1))
            for term in self._roster.active
        }
        best = max(scores.values())
        weights = {t: math.exp((score - best) / self._roster.options.temperature) for t, score in scores.items()}
        total = math.fsum(weights.values())
        return {term: weight / total for term, weight in weights.items()}

    def choose(self, rng: Random) -> tuple[str, int]:
        chances = self.probabilities()
        [term] = rng.choices(list(chances), list(chances.values()))
        return term, rng.randint(self._roster.options.low, self._roster.options.high)

    def observe(self, groups: Sequence[Group]) -> None:
        for group in groups:
            recent = self._recent.setdefault(group.term, deque(maxlen=self._roster.options.recent))
            recent.extend(map(abs, advantages(group.scores)))
            self._replies[group.term] = self._replies.get(group.term, 0) + len(group.scores)
        self._average(sorted({group.term for group in groups}))

    def state(self) -> dict[str, Any]:
        recent = {term: list(values) for term, values in self._recent.items()}
        return self._roster.state() | {"recent": recent, "replies": dict(self._replies)}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._roster.restore(state)
        longest = self._roster.options.recent
        self._recent = {term: deque(values, maxlen=longest) for term, values in state["recent"].items()}
        self._replies = dict(state["replies"])
        self._means = {}
        self._average(list(self._recent))

    def bench(self, term: str) -> None:
        self._roster.bench(term)

    def _average(self, terms: Sequence[str]) -> None:
        for term in terms:
            values = self._recent[term]
            self._means[term] = math.fsum(values) / max(1, len(values))


KINDS: dict[str, Callable[[Roster], Curriculum]] = {"fixed": Fixed, "window": Window, "gate": Gate, "bandit": Bandit}


def make(kind: str, terms: Sequence[str], options: Options | None = None) -> Curriculum:
    """A curriculum that has seen nothing yet. Raises ``TrainError``: no such kind, no terms, or a term twice.

    >>> gate = make("gate", ["longest_run"], Options(low=2, prompts=1))
    >>> gate.observe([Group("longest_run", 2, (1.0, 0.0, 1.0, 0.2))])
    >>> gate.choose(Random(7))
    ('longest_run', 3)
    """
    if kind not in KINDS:
        raise TrainError(f"there is no curriculum {kind!r}; choose one of {', '.join(KINDS)}")
    if not terms:
        raise TrainError(f"the curriculum {kind} has no environments to draw from; train on at least one")
    if len(set(terms)) < len(terms):
        twice = next(term for at, term in enumerate(terms) if term in terms[:at])
        raise TrainError(f"{twice} is named twice among the environments to train on; name it once")
    return KINDS[kind](Roster(kind, terms, options or Options()))


def signal(scores: Scores) -> float:
    """The standard deviation of the rewards that were scored; 0 for fewer than two, and for equal ones.

    Divided by their number, not by one less, so that it does not grow in small groups.

    >>> signal([0.5, 0.5, None]), round(signal([0.5, 0.7]), 9)
    (0.0, 0.1)
    """
    scored = _scored(scores)
    if len(scored) < 2 or max(scored) - min(scored) <= TOLERANCE:
        return 0.0
    mean = math.fsum(scored) / len(scored)
    return math.sqrt(math.fsum((score - mean) ** 2 for score in scored) / len(scored))


def has_signal(scores: Scores) -> bool:
    """Whether a group teaches: its rewards differ. Their mean does not say it of rewards that may be partial.

    [OpenRLHF #1270: a filter by the mean keeps groups of equal partial rewards, which have no gradient]
    """
    return signal(scores) > 0


def advantages(scores: Scores) -> list[float]:
    """GRPO's: each reward less the group's mean, over its ``signal``; 0 for one not scored and where there is none.

    DeepSeekMath (arXiv 2402.03300, section 4.1.2). The mean of their absolute values is at most 1.

    >>> advantages([1.0, 0.0, None, 1.0, 0.0])
    [1.0, -1.0, 0.0, 1.0, -1.0]
    """
    deviation = signal(scores)
    if not deviation:
        return [0.0] * len(scores)
    scored = _scored(scores)
    mean = math.fsum(scored) / len(scored)
    return [0.0 if score is None else (score - mean) / deviation for score in scores]


@dataclass
class Learned:
    """A running summary of the groups of one term."""

    groups: int = 0
    replies: int = 0
    scored: int = 0
    """Replies that could be scored."""
    reward: float | None = None
    """Mean of the scored replies; none when there is none."""
    signal: float = 0.0
    """Share of the groups that have a signal."""
    advantage: float = 0.0
    """Mean absolute advantage of the replies, where one not scored has 0. [DUMP: learnability]"""

    def add(self, scores: Scores) -> None:
        self.groups += 1
        self.signal += (has_signal(scores) - self.signal) / self.groups
        for score, advantage in zip(scores, advantages(scores), strict=True):
            self.replies += 1
            self.advantage += (abs(advantage) - self.advantage) / self.replies
            if score is not None:
                self.scored += 1
                before = self.reward or 0.0
                self.reward = before + (score - before) / self.scored


class Learnability:
    """How each term has taught so far."""

    def __init__(self) -> None:
        self._learned: dict[str, Learned] = {}

    def observe(self, groups: Sequence[Group]) -> None:
        for group in groups:
            self._learned.setdefault(group.term, Learned()).add(group.scores)

    def asdict(self) -> dict[str, Row]:
        """A row for each term that was seen, as JSON; ``restore`` takes it back."""
        return {term: asdict(learned) for term, learned in sorted(self._learned.items())}

    def restore(self, rows: Mapping[str, Row]) -> None:
        self._learned = {term: Learned(**row) for term, row in rows.items()}


def write_learnability(folder: Path, rows: Mapping[str, Row]) -> None:
    """Keep ``rows`` in the folder's file, in place of those of the same terms; whole or not at all.

    Raises ``TrainError`` when the file cannot be read or written. Two writers at once: the later one's rows stay.
    """
    merged = read_learnability(folder) | dict(rows)
    path = folder / FILE
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(json.dumps(merged, indent=1, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise TrainError(f"{path}: cannot be written ({error.strerror})") from None


def read_learnability(folder: Path) -> dict[str, Row]:
    """The rows kept in the folder, by term; empty when there is no file. Raises ``TrainError``."""
    path = folder / FILE
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {term: asdict(Learned(**row)) for term, row in rows.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise TrainError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, TypeError, AttributeError):
        raise TrainError(f"{path}: is no record of what environments taught; move it away") from None


def _scored(scores: Scores) -> list[float]:
    return [score for score in scores if score is not None]
