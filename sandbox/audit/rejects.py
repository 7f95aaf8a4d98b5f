"""False rejects and rare failures: what the laws see on 240 draws, looked for on thousands more.

The reference's own answer on each must be accepted, and so must the same value written otherwise: keys in another
order, a float with the noise that summing in another order leaves in its last bits, -0.0 for 0.0. Every call must
return a value of its type within the sizes and the time. Beyond difficulty 10 nothing is promised: what fails there is
a note. How long calls took is told, and the worst of them named. Not here: right answers of another author.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sandbox.evidence import no_score, says, score, shown, too_many_digits
from sandbox.outcome import Call, Ending, Outcome
from sandbox.subject import Subject, Trial, drawing
from synth import contract, values
from synth.compose.composite import Composite
from synth.environment import ANSWER, Answer, Instance
from synth.program import Reference
from synth.types import Type, as_json, canonical
from synth.verdict import Finding, Trials

DRAWS = 2_000
"""Instances, over all difficulties, unless somebody says how many."""
SEEDS = 100_000  # from here on, and as many further for each difficulty: the same seed often draws alike at another
LINES_EACH = 15_000  # lines of the program for each draw: a slow one is drawn less
MANY = 10**9  # that a call counts as that takes too long for its lines to be counted
LEAST = 8  # draws at each difficulty, however slow
BEYOND = (12, 15)
FAR = 4  # draws at each of these
OTHERWISE = 60  # instances whose answers are written otherwise
NOISE = 1e-15  # of a float: a few units in its last place
DIGITS = 9  # significant ones that a rounded float may have
SLOW = contract.CALL_SECONDS / 2  # of a call that is worth a note
REFERENCE = "reference answer"


@dataclass(frozen=True)
class Worst:
    """The longest call of a function, over all draws."""

    seconds: float
    """Of processor time, on this machine."""
    lines: int
    """Of the program, on the draws where they were counted."""
    seed: int
    difficulty: int
    """Of the longest call in seconds."""


@dataclass(frozen=True)
class Rejects:
    """What became of the further draws."""

    drawn: int
    kinds: Mapping[str, Trials]
    """Right answers tried, and how many of them were refused, by how they were written."""
    worst: Mapping[str, Worst]
    """By function."""
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    trials: tuple[Trial, ...] = field(repr=False, default=())
    """The instances, with their right answers."""


class _FailedError(Exception):
    """A draw failed, and how."""

    def __init__(self, evidence: str, seed: int, difficulty: int, line: int | None = None) -> None:
        super().__init__(evidence)
        self.finding = Finding(evidence, seed, difficulty, line)


def rejects(subject: Subject, draws: int = DRAWS) -> Rejects:
    """Draw, answer and verify so many instances of a subject that keeps the laws; a failure ends its difficulty."""
    looks = _Looks(subject)
    findings, notes = [], []
    for difficulty in subject.difficulties:
        try:
            looks.at(difficulty, looks.share(difficulty, draws))
        except _FailedError as failed:
            findings.append(failed.finding)
    findings += looks.otherwise()
    kinds, within = dict(looks.kinds), len(looks.trials)
    if looks.missing:
        notes.append(f"no instance was found for {looks.missing} of {looks.missing + within} seeds")
    for difficulty in BEYOND if not isinstance(subject.program, Composite) else ():
        try:
            looks.at(difficulty, min(FAR, draws))
        except _FailedError as failed:
            notes.append(f"at difficulty {difficulty}, beyond what is promised, {failed}")
    del looks.trials[within:]
    slow = [f"{name} took {worst.seconds:.1f} s of at most {contract.CALL_SECONDS:g} (seed {worst.seed}, difficulty "
            f"{worst.difficulty})" for name, worst in looks.worst.items() if worst.seconds > SLOW]  # fmt: skip
    return Rejects(within, kinds, looks.worst, tuple(findings), (*notes, *slow), tuple(looks.trials))


class _Looks:
    """Draws instances and looks at all that becomes of them."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.trials: list[Trial] = []
        self.kinds: dict[str, Trials] = {}
        self.worst: dict[str, Worst] = {}
        self.missing = 0
        self._program, self._reference = subject.program, subject.program.reference

    def share(self, difficulty: int, draws: int) -> int:
        """How many to draw at a difficulty: an even share, or less where the program runs many lines."""
        even = max(1, draws // len(self.subject.difficulties))
        lines = self._counted(difficulty)
        return even if lines <= LINES_EACH else min(even, max(LEAST, LINES_EACH * even // lines))

    def _counted(self, difficulty: int) -> int:
        """The lines that one draw and all that becomes of it run."""
        trial = next(t for t in self.subject.trials if t.difficulty == difficulty)
        calls = [drawing(trial.seed, difficulty), *self.subject.verifying([(trial.instance, trial.answer)])]
        calls += [Call(self._reference, trial.instance)] if self._reference is not Reference.WITNESS else []
        calls += [Call("admits", trial.instance)] if self._program.has_admits else []
        steps = [outcome.steps or MANY for outcome in self.subject.session.map(calls, count=True, give_up=True)]
        for call, lines in zip(calls, steps, strict=True):
            worst = self.worst.setdefault(call.function, Worst(0.0, 0, trial.seed, difficulty))
            self.worst[call.function] = replace(worst, lines=max(worst.lines, lines))
        return sum(steps)

    def at(self, difficulty: int, draws: int) -> None:
        """Draw so many at a difficulty. Raises ``_FailedError`` for the first that fails."""
        seeds = range(SEEDS * difficulty, SEEDS * difficulty + draws)
        drawn = self._map([drawing(seed, difficulty) for seed in seeds], seeds, difficulty)
        found = [(seed, o) for seed, o in zip(seeds, drawn, strict=False) if not self._is_missing(o)]
        for seed, outcome in found:
            self._drawn_well(seed, difficulty, outcome)
        instances = [self.subject.fields(outcome.value) for _, outcome in found]
        seeds_found = [seed for seed, _ in found]
        answers = [outcome.value.get(ANSWER) for _, outcome in found]
        if self._reference is not Reference.WITNESS:
            outcomes = self._map([Call(self._reference, i) for i in instances], seeds_found, difficulty)
            for seed, outcome in zip(seeds_found, outcomes, strict=False):
                self._answered_well(seed, difficulty, outcome)
            answers = [outcome.value for outcome in outcomes]
        self._accepted(seeds_found, difficulty, [*zip(instances, answers, strict=True)])
        if self._program.has_admits:
            outcomes = self._map([Call("admits", i) for i in instances], seeds_found, difficulty)
            for seed, instance, outcome in zip(seeds_found, instances, outcomes, strict=False):
                if outcome.value is not True:
                    raise _FailedError(f"admits {says(outcome)} for generate's own {shown(instance)}", seed, difficulty)
        self.trials += [
            Trial(seed, difficulty, i, a) for seed, i, a in zip(seeds_found, instances, answers, strict=True)
        ]

    def _map(self, calls: Sequence[Call], seeds: Sequence[int], difficulty: int) -> list[Outcome]:
        """The outcomes, up to and with the first chunk with a call that did not return; their times are noted."""
        outcomes = self.subject.run(calls)
        for call, seed, outcome in zip(calls, seeds, outcomes, strict=False):
            worst = self.worst.get(call.function)
            if worst and outcome.seconds > worst.seconds:
                self.worst[call.function] = Worst(round(outcome.seconds, 3), worst.lines, seed, difficulty)
        return outcomes

    def _is_missing(self, outcome: Outcome) -> bool:
        """Whether a composite found no instance for a seed, which it may, rarely."""
        missing = isinstance(self._program, Composite) and outcome.error.startswith("NoInstanceError")
        self.missing += missing
        return missing

    def _drawn_well(self, seed: int, difficulty: int, outcome: Outcome) -> None:
        if outcome.ending is not Ending.RETURNED:
            raise _FailedError(f"generate {says(outcome)}", seed, difficulty, outcome.line)
        types: dict[str, Type] = dict(self.subject.signature.domain)
        if self._reference is Reference.WITNESS:
            types[ANSWER] = self.subject.signature.codomain
        if not isinstance(outcome.value, dict) or outcome.value.keys() != types.keys():
            raise _FailedError(f"generate {says(outcome)}, but the fields are {sorted(types)}", seed, difficulty)
        for name, value in outcome.value.items():
            if value not in types[name]:
                raise _FailedError(
                    f"generate gave {name} = {shown(value)}, which is not a {types[name]}", seed, difficulty
                )
        if over := self._too_large(outcome.value):
            raise _FailedError(over, seed, difficulty)

    def _too_large(self, drawn: Mapping[str, Any]) -> str:
        """What of an instance is larger than it may be."""
        if (size := len(as_json(drawn).encode())) > contract.INSTANCE_BYTES:
            return f"the instance has {size} bytes, at most {contract.INSTANCE_BYTES}"
        if digits := too_many_digits(drawn):
            return f"the instance holds an integer of {digits} digits"
        if (size := len(self._program.pose(self.subject.fields(drawn)))) > contract.TEXT_CHARACTERS:
            return f"the text has {size} characters, at most {contract.TEXT_CHARACTERS}"
        return ""

    def _answered_well(self, seed: int, difficulty: int, outcome: Outcome) -> None:
        if outcome.ending is not Ending.RETURNED:
            raise _FailedError(f"{self._reference} {says(outcome)}", seed, difficulty, outcome.line)
        if outcome.value not in self.subject.signature.codomain:
            told = f"{self._reference} gave {shown(outcome.value)}, which is not a {self.subject.signature.codomain}"
            raise _FailedError(told, seed, difficulty)
        if digits := too_many_digits(outcome.value):
            raise _FailedError(f"{self._reference} gave an integer of {digits} digits", seed, difficulty)

    def _accepted(self, seeds: Sequence[int], difficulty: int, pairs: Sequence[tuple[Instance, Answer]]) -> None:
        outcomes = self._map(self.subject.verifying(pairs), seeds, difficulty)
        refused = [n for n, outcome in enumerate(outcomes) if score(outcome) < 1 - contract.TOLERANCE]
        self._count(REFERENCE, len(outcomes), len(refused))
        if refused:
            (instance, answer), outcome = pairs[refused[0]], outcomes[refused[0]]
            told = f"verify {no_score(outcome) or says(outcome)} for the right answer {shown(answer)}"
            raise _FailedError(f"{told} to {shown(instance)}", seeds[refused[0]], difficulty, outcome.line)

    def _count(self, kind: str, tried: int, refused: int) -> None:
        before = self.kinds.get(kind, Trials(0, 0))
        self.kinds[kind] = Trials(before.tried + tried, before.accepted + refused)

    def otherwise(self) -> Iterator[Finding]:
        """The first refusal, of each kind, of a right answer written otherwise."""
        every = max(1, len(self.trials) // OTHERWISE)
        written = [(t, *one) for t in self.trials[::every] for one in _otherwise(self.subject.signature.codomain, t)]
        outcomes = self.subject.run(self.subject.verifying((instance, answer) for _, _, instance, answer in written))
        told: set[str] = set()
        for (trial, kind, instance, answer), outcome in zip(written, outcomes, strict=False):
            refused = score(outcome) < 1 - contract.TOLERANCE
            self._count(kind, 1, refused)
            if refused and kind not in told:
                told.add(kind)
                words = f"verify {says(outcome)} for {shown(answer)}, the right answer with {kind}"
                evidence = (
                    f"{words}; {self._reference} gives {shown(trial.answer)} and the instance is {shown(instance)}"
                )
                yield Finding(evidence, trial.seed, trial.difficulty, outcome.line)


def _otherwise(t: Type, trial: Trial) -> Iterator[tuple[str, Instance, Answer]]:
    """The same instance and right answer in other words, and how they differ."""
    instance, answer = trial.instance, trial.answer
    turned = {name: _turned(value) for name, value in instance.items()}
    if as_json(turned) != as_json({**instance}):
        yield "the instance's keys in another order", turned, answer
    if as_json(turned := _turned(answer)) != as_json(answer):
        yield "its keys in another order", instance, turned
    for factor in (1 + NOISE, 1 - NOISE):
        noisy = values.floats(t, answer, partial(_noisy, factor))
        if canonical(noisy) != canonical(answer):
            yield "noise in the last bits", instance, noisy
    if as_json(below := values.floats(t, answer, lambda x: -0.0 if x == 0 else x)) != as_json(answer):
        yield "-0.0 for 0.0", instance, below


def _turned(value: Any) -> Any:
    """A value with the keys of its objects in the opposite order."""
    match value:
        case dict():
            return {key: _turned(held) for key, held in reversed(value.items())}
        case list():
            return [*map(_turned, value)]
        case _:
            return value


def _noisy(factor: float, x: float) -> float:
    """A float that has more digits than somebody who rounds it leaves, times the factor."""
    return x * factor if float(f"{x:.{DIGITS}g}") != x else x
