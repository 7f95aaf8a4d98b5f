"""An environment behind the wall, and what was seen of it: the trials that the laws share.

Instances are drawn once, answered once and posed once; each law looks at what is there. Every method sends a
batch and gets ``Outcome``s. It judges nothing (``laws.py``) and trusts nothing: a value is only used as one of
its type after ``well_typed`` has held.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log10
from random import Random
from types import TracebackType
from typing import Any

from sandbox.jail import Sandbox, Session
from sandbox.outcome import Call, Ending, Outcome
from synth import values
from synth.compose.chain import NoInstanceError
from synth.compose.composite import Composite
from synth.compose.search import SUPPORT
from synth.contract import DIFFICULTIES, DRAWS, TOLERANCE
from synth.environment import Answer, Instance
from synth.program import Program, Reference
from synth.types import Type, as_json, canonical
from synth.verdict import Trials

CHUNK = 64  # calls a round trip, at most
MEASURES = ("instance", "text", "answer", "magnitude", "lines")
"""What may grow with difficulty: bytes, characters, characters, the powers of ten of the numbers in instance and
answer, lines run. The last is costly to count."""
LINES_EACH = 20_000_000  # lines of the program that the wrong answers at one difficulty may run: seconds, not minutes

OTHERS, ODD, RANDOM = "another instance's answer", "odd", "random"
"""Kinds of wrong answers that have nothing to do with the instance; all other kinds are near misses."""


@dataclass(frozen=True)
class Effort:
    """How much is tried. Counts of instances are in all: the first that were drawn, of each difficulty alike."""

    difficulties: Sequence[int] = DIFFICULTIES
    draws: int = DRAWS
    """At each difficulty."""
    again: int = 80
    """Drawn a second time, elsewhere."""
    watched: int = 30
    """Whose arguments are compared before and after, and that are asked about again elsewhere."""
    guessed: int = 30
    """On which constant answers are tried."""
    constants: int = 6
    """Most frequent answers that are tried on each of those."""
    attacked: int = 30
    """On which wrong answers are tried."""
    wrongs: int = 36
    """Wrong answers for each of those."""
    fed: int = 60
    """Put together from other values than ``generate``'s."""
    first: int = 1
    """Calls of the first round trip: where every call hangs, it costs its time and the rest are never made."""
    traced: bool = True
    """Whether the work of a verifier is counted, which decides how many wrong answers it is given."""


FULL = Effort()
LIGHT = Effort(
    difficulties=tuple(sorted(difficulty for _, difficulty in SUPPORT)),
    draws=1,
    again=2,
    watched=2,
    guessed=6,
    constants=1,
    attacked=3,
    wrongs=5,
    fed=4,
    first=CHUNK,
    traced=False,
)
"""For a composite of parts that were judged in full, on what its search drew: what can go wrong is the wiring."""


@dataclass(frozen=True)
class Trial:
    """One instance with its right answer, as drawn with ``seed`` at ``difficulty``."""

    seed: int
    difficulty: int
    instance: Instance
    answer: Answer = None


@dataclass(frozen=True)
class Wrong:
    """An answer that is not the reference's, and what the verifier made of it."""

    trial: Trial
    kind: str
    answer: Answer
    outcome: Outcome


Draw = tuple[int, int, Outcome]
"""Seed, difficulty and what ``generate`` gave."""

Opening = Callable[[Program | Composite], Session]
"""How a subject is opened for its calls."""


class Subject:
    """``program``, or a composite, opened here, and in another process with another hash seed.

    ``drawn`` are draws that somebody made here already, to be looked at in place of the effort's own.
    """

    def __init__(
        self,
        program: Program | Composite,
        here: Opening,
        there: Opening,
        effort: Effort = FULL,
        drawn: Sequence[Draw] = (),
    ) -> None:
        self.program = program
        self.signature = program.signature
        self.effort = effort
        self._here, self._there, self._drawn = here, there, drawn

    def __enter__(self) -> "Subject":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "session" in self.__dict__:
            self.session.close()

    @cached_property
    def session(self) -> Session:
        return self._here(self.program)

    def elsewhere(self) -> Session:
        """The same program in another process with another hash seed."""
        return self._there(self.program)

    def run(self, calls: Sequence[Call], session: Session | None = None, **how: bool) -> list[Outcome]:
        """The outcomes in order, up to and with the first chunk in which a call did not return."""
        outcomes: list[Outcome] = []
        size = self.effort.first
        while len(outcomes) < len(calls):
            chunk = calls[len(outcomes) : len(outcomes) + size]
            outcomes += (session or self.session).map(chunk, **how)
            if any(outcome.ending is not Ending.RETURNED for outcome in outcomes[-len(chunk) :]):
                break
            size = min(2 * size, CHUNK)
        return outcomes

    @cached_property
    def draws(self) -> list[Draw]:
        """Each difficulty once, the largest first, and over again; of a composite, where there is an instance."""
        return [draw for draw in self._drawn_all if not self._is_undrawn(draw)]

    @cached_property
    def undrawn(self) -> list[Draw]:
        """Where a composite has no instance: whoever trains on it takes the next seed."""
        return [draw for draw in self._drawn_all if self._is_undrawn(draw)]

    @cached_property
    def _drawn_all(self) -> list[Draw]:
        if self._drawn:
            return list(self._drawn)
        named = [
            (seed, difficulty) for seed in range(self.effort.draws) for difficulty in reversed(self.effort.difficulties)
        ]
        calls = [drawing(seed, difficulty) for seed, difficulty in named]
        composed = isinstance(self.program, Composite)
        outcomes = self.session.map(calls, give_up=True) if composed else self.run(calls)
        return [(*name, outcome) for name, outcome in zip(named, outcomes, strict=False)]

    def _is_undrawn(self, draw: Draw) -> bool:
        raised = draw[2].ending is Ending.RAISED and draw[2].error.startswith(NoInstanceError.__name__)
        return raised and isinstance(self.program, Composite)

    @cached_property
    def difficulties(self) -> list[int]:
        """Those of the effort at which something was drawn."""
        return sorted({difficulty for _, difficulty, _ in self.draws})

    @cached_property
    def answers(self) -> list[Outcome]:
        """What ``solve`` or ``example`` gave for each draw, or the witness as if it had been returned."""
        drawn = [outcome.value for _, _, outcome in self.draws]
        if self.program.reference is Reference.WITNESS:
            return [Outcome(Ending.RETURNED, value["answer"]) for value in drawn]
        return self.run([Call(self.program.reference, instance) for instance in drawn])

    @cached_property
    def trials(self) -> list[Trial]:
        """Every draw with its right answer; for use once both are known to be well typed."""
        return [
            Trial(seed, difficulty, self.fields(draw.value), answer.value)
            for (seed, difficulty, draw), answer in zip(self.draws, self.answers, strict=True)
        ]

    def fields(self, drawn: Mapping[str, Any]) -> dict[str, Any]:
        """The instance without the witness."""
        return {name: drawn[name] for name in self.signature.domain}

    def verifying(self, trials: Iterable[tuple[Instance, Answer]]) -> list[Call]:
        return [Call("verify", {**instance, "answer": answer}) for instance, answer in trials]

    @cached_property
    def lines(self) -> dict[int, float]:
        """Lines of the program that its verifier runs at each difficulty, or of the reference if those are more."""
        counted: dict[int, list[int]] = {difficulty: [] for difficulty in self.difficulties}
        sample = [t for d in self.difficulties for t in [t for t in self.trials if t.difficulty == d][:2]]
        calls = self.verifying((t.instance, t.answer) for t in sample)
        if self.program.reference is not Reference.WITNESS:
            calls += [Call(self.program.reference, t.instance) for t in sample]
        for trial, outcome in zip([*sample, *sample], self.session.map(calls, count=True), strict=False):
            counted[trial.difficulty].append(outcome.steps or 0)
        return {difficulty: max(steps) for difficulty, steps in counted.items()}

    @cached_property
    def guesses(self) -> list[tuple[Answer, list[Outcome]]]:
        """Constant answers, the most frequent ones and odd ones, and what ``verify`` made of each on some instances."""
        by_text = {canonical(trial.answer): trial.answer for trial in self.trials}
        frequent = Counter(canonical(trial.answer) for trial in self.trials).most_common(self.effort.constants)
        tried = [by_text[text] for text, _ in frequent]
        tried += values.odd(self.signature.codomain)[: 2 * self.effort.constants]
        sample = self.trials[: self.effort.guessed]
        outcomes = self.session.map(self.verifying((t.instance, answer) for answer in tried for t in sample))
        size = len(sample)
        return [(answer, outcomes[n * size : (n + 1) * size]) for n, answer in enumerate(tried)]

    @cached_property
    def wrongs(self) -> list[Wrong]:
        """Wrong answers of every kind, on some instances at each difficulty, and what ``verify`` made of them.

        Fewer where the verifier is slow; how slow is counted in lines, so that any machine tries the same.
        """
        tried = []
        for trial in self.trials[: self.effort.attacked]:
            most = self.effort.wrongs
            if self.effort.traced:
                lines = 1 + self.lines[trial.difficulty]
                most = max(4, min(most, int(LINES_EACH * len(self.difficulties) / self.effort.attacked / lines)))
            tried += [(trial, *wrong) for wrong in self._wrong_answers(trial)[:most]]
        outcomes = self.run(self.verifying((trial.instance, answer) for trial, _, answer in tried))
        return [Wrong(*what, outcome) for what, outcome in zip(tried, outcomes, strict=False)]

    @cached_property
    def false_accepts(self) -> dict[str, Trials]:
        """By kind of wrong answer, how many were tried and how many ``verify`` took for wholly right."""
        tried = Counter(wrong.kind for wrong in self.wrongs)
        accepted = Counter(wrong.kind for wrong in self.wrongs if float(wrong.outcome.value) >= 1 - TOLERANCE)
        return {kind: Trials(tried[kind], accepted[kind]) for kind in sorted(tried)}

    def _wrong_answers(self, trial: Trial) -> list[tuple[str, Answer]]:
        """Answers that are not the reference's, of each kind in turn, so that any number of them is a mixture."""
        t = self.signature.codomain
        rng = Random(f"{trial.seed} {trial.difficulty}")
        others = [o.answer for o in self.trials if o.difficulty == trial.difficulty and o.seed != trial.seed]
        kinds = [
            values.near_misses(t, trial.answer, rng),
            [(OTHERS, answer) for answer in rng.sample(others, min(6, len(others)))],
            [(ODD, value) for value in values.odd(t)],
            [(RANDOM, values.draw(t, rng)) for _ in range(6)],
        ]
        differ = values.differ(t)
        seen = set()
        kept = []
        for kind, answer in _in_turn(kinds):
            if differ(trial.answer, answer) and canonical(answer) not in seen:
                seen.add(canonical(answer))
                kept.append((kind, answer))
        return kept

    @cached_property
    def posed(self) -> list[str]:
        """The text of each draw."""
        return [self.program.pose(self.fields(draw.value)) for _, _, draw in self.draws]

    @cached_property
    def visible(self) -> dict[str, Type]:
        """The fields whose values stand as they are in the text: all of a program, few of a composite."""
        texts = list(zip(self.trials, self.posed, strict=True))
        return {
            name: t
            for name, t in self.signature.domain.items()
            if all(as_json(trial.instance[name]) in text for trial, text in texts)
        }

    @cached_property
    def curve(self) -> dict[int, dict[str, float]]:
        """The means of what may grow with difficulty."""
        return {d: {measure: self.mean(measure, d) for measure in MEASURES} for d in self.difficulties}

    def _whole(self, n: int) -> list[Any]:
        return [dict(self.trials[n].instance), self.trials[n].answer]

    def mean(self, measure: str, difficulty: int) -> float:
        """Of one of the measures at a difficulty."""
        if measure == "lines":
            return float(self.lines[difficulty])
        here = [n for n, trial in enumerate(self.trials) if trial.difficulty == difficulty]
        if measure == "text":
            return _mean(len(self.posed[n]) for n in here)
        if measure == "answer":
            return _mean(len(as_json(self.trials[n].answer)) for n in here)
        if measure == "magnitude":
            return _mean(log10(1 + abs(x)) for n in here for x in _numbers(self._whole(n)))
        return _mean(len(as_json(self.trials[n].instance).encode()) for n in here)


def opened(box: Sandbox, program: Program | Composite) -> Session:
    """A session of ``program``, its arguments in the shapes that its types promise."""
    if isinstance(program, Composite):  # whose parts see to their own shapes
        return box.compose(program.title, program.sources)
    shapes = {name: str(t) for name, t in program.signature.domain.items()}
    return box.open(program.source, shapes={**shapes, "answer": str(program.signature.codomain)})


class Among(Session):
    """A composite in a session that has all of a pool's parts loaded: opened at no cost, and never closed."""

    def __init__(self, session: Session, term: str) -> None:
        self._session, self._term = session, term
        self.loaded = session.loaded

    def map(
        self,
        calls: Iterable[Call],
        watch: bool = False,
        count: bool = False,
        give_up: bool = False,
        memory: bool = False,
    ) -> list[Outcome]:
        named = [
            Call("of", {"term": self._term, "function": call.function, "arguments": dict(call.arguments)}, call.seed)
            for call in calls
        ]
        return self._session.map(named, watch, count, give_up, memory)

    def close(self) -> None:
        """The session that it is among stays open."""


def drawing(seed: int, difficulty: int) -> Call:
    """The call that draws the instance named by ``seed`` and ``difficulty``."""
    return Call("generate", {"difficulty": difficulty}, seed=seed)


def _mean(numbers: Iterable[float]) -> float:
    kept = list(numbers)
    return round(sum(kept) / max(1, len(kept)), 2)


def _numbers(value: Any) -> Iterator[int | float]:
    """The numbers that a value holds, at any depth."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _numbers(part)


def _in_turn(kinds: Sequence[Sequence[tuple[str, Answer]]]) -> list[tuple[str, Answer]]:
    longest = max(map(len, kinds))
    return [kind[i] for i in range(longest) for kind in kinds if i < len(kind)]
