"""Effort: processor time and memory that a call of each function takes, at each difficulty.

Figures of this machine on this day, for whoever plans a run: no verdict and no record of a pool depends on them. What
is the same everywhere is lines run (``Subject.lines``). Each function has a process of its own, so that none gains by
what another has cached; time and memory are measured apart, on the same calls, since tracing memory slows them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from sandbox.outcome import Call, Ending, Outcome
from sandbox.subject import Subject, Trial, drawing
from synth.program import Reference

EACH = 5
"""Instances at each difficulty."""
LINES = 400_000  # lines of the program that the calls of a function at one difficulty may run, or one call


@dataclass(frozen=True)
class Cost:
    """What calls of one function at one difficulty took."""

    calls: int
    seconds: float
    """Processor time of a call: the median."""
    seconds_most: float
    bytes: int | None
    """The most that a call held at once, beside its arguments: the median. None where tracing itself broke a limit."""
    bytes_most: int | None


Efforts = Mapping[str, Mapping[int, Cost]]
"""By function and difficulty."""


def measured(subject: Subject) -> Efforts:
    """What ``generate``, ``solve`` or ``example``, ``verify`` and ``admits`` take, those of them that there are.

    For use after the laws have held.
    """
    sample = list(_sample(subject))
    return {function: dict(_costs(subject, sample, call)) for function, call in _functions(subject).items()}


def as_json(efforts: Efforts) -> dict[str, Any]:
    """By function and difficulty, as JSON has it."""
    return {function: {d: asdict(cost) for d, cost in costs.items()} for function, costs in efforts.items()}


def _sample(subject: Subject) -> Iterator[Trial]:
    """The first instances at each difficulty: fewer where the verifier or the reference runs many lines."""
    for difficulty in subject.difficulties:
        most = max(1, min(EACH, int(LINES / (1 + subject.lines[difficulty]))))
        yield from [trial for trial in subject.trials if trial.difficulty == difficulty][:most]


def _functions(subject: Subject) -> dict[str, Callable[[Trial], Call]]:
    """How each function is called on a trial."""
    calls: dict[str, Callable[[Trial], Call]] = {"generate": lambda trial: drawing(trial.seed, trial.difficulty)}
    if (reference := subject.program.reference) is not Reference.WITNESS:
        calls[str(reference)] = lambda trial: Call(reference, trial.instance)
    calls["verify"] = lambda trial: subject.verifying([(trial.instance, trial.answer)])[0]
    if subject.program.has_admits:
        calls["admits"] = lambda trial: Call("admits", trial.instance)
    return calls


def _costs(subject: Subject, sample: Sequence[Trial], call: Callable[[Trial], Call]) -> Iterator[tuple[int, Cost]]:
    """At each difficulty, what the calls took that returned."""
    calls = [call(trial) for trial in sample]
    with subject.elsewhere() as session:
        timed = session.map(calls)
    with subject.elsewhere() as session:
        traced = session.map(calls, memory=True, give_up=True)
    for difficulty in subject.difficulties:
        here = [n for n, trial in enumerate(sample) if trial.difficulty == difficulty and returned(timed[n])]
        seconds = [timed[n].seconds for n in here]
        held = [peak for n in here if returned(traced[n]) and (peak := traced[n].bytes) is not None]
        if here:
            yield (
                difficulty,
                Cost(
                    len(here),
                    median(seconds),
                    max(seconds),
                    int(median(held)) if held else None,
                    max(held, default=None),
                ),
            )


def returned(outcome: Outcome) -> bool:
    return outcome.ending is Ending.RETURNED
