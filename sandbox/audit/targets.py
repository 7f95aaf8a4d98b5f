"""The instances that are worth attacking: those at the edges of many, and admitted ones that nobody drew.

Holes sit where an instance is small, level or extreme; of a thousand draws only few are. Not what they are attacked
with (``attack.py``).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.audit.corners import corners
from sandbox.outcome import Call, Ending
from sandbox.subject import Subject, Trial
from synth.environment import Answer, Instance
from synth.program import Reference
from synth.types import Type, as_json, canonical

TARGETS = 40  # at most
EACH = 40  # trials that a target is worth
EDGES = 20  # of them at the edges of all that were drawn
NOT_DRAWN = 12  # of them admitted, but drawn by nobody
LARGE = 1e300  # what a larger number counts as
WORDS = 400  # of a text that may be borrowed
NUMERAL = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Target:
    """An instance that is attacked, and a right answer to it."""

    instance: Instance
    answer: Answer
    difficulty: int
    seed: int | None
    """None for one that nobody drew."""
    lines: int
    """Of the program that its verifier runs for the right answer."""


def targets(subject: Subject, drawn: Sequence[Trial], trials: int) -> list[Target]:
    """The instances to attack with so many wrong answers; ``drawn`` are more than the subject's own draws."""
    most = max(1, min(TARGETS, trials // EACH))
    easy = sorted(subject.trials[: 2 * len(subject.difficulties)], key=lambda t: len(as_json(t.instance)))
    picked = {canonical(t.instance): t for t in [*_edges([*subject.trials, *drawn]), *easy]}
    here: list[tuple[Instance, Answer, int, int | None]] = [
        (t.instance, t.answer, t.difficulty, t.seed) for t in picked.values()
    ]
    far = _not_drawn(subject)[: most // 3]
    here = [*here[: most - len(far)], *far]
    counted = subject.session.map(subject.verifying((i, a) for i, a, _, _ in here), count=True, give_up=True)
    return [Target(*one, 1 + (o.steps or 0)) for one, o in zip(here, counted, strict=True)]


def _not_drawn(subject: Subject) -> list[tuple[Instance, Answer, int, int | None]]:
    """Some of the corners of what is admitted, where their answers can be computed."""
    name, t = subject.program.reference, subject.signature.codomain
    if name is Reference.WITNESS:
        return []
    made = sorted(corners(subject), key=lambda one: len(as_json(one[1])))
    some = made[:: max(1, len(made) // NOT_DRAWN)][:NOT_DRAWN]
    answers = subject.session.map([Call(name, instance) for _, instance in some], give_up=True)
    return [
        (instance, answer.value, difficulty, None)
        for (difficulty, instance), answer in zip(some, answers, strict=True)
        if answer.ending is Ending.RETURNED and answer.value in t
    ]


def _edges(trials: Sequence[Trial]) -> list[Trial]:
    """The trials with the least and the most of each feature, the smallest of them first."""
    told = [dict(_features("", {**t.instance, "answer": t.answer})) for t in trials]
    found: dict[int, Trial] = {}
    for name in sorted({name for features in told for name in features}):
        having = [(features[name], n) for n, features in enumerate(told) if name in features]
        least, most = min(having)[1], min((-size, n) for size, n in having)[1]
        found.update({least: trials[least], most: trials[most]})
    return sorted(found.values(), key=lambda t: (len(as_json(t.instance)), t.difficulty, t.seed))[:EDGES]


def _features(name: str, value: Any) -> Iterator[tuple[str, float]]:
    """Sizes of a value and of what it holds, by name."""
    match value:
        case int() | float():
            number = float(max(-LARGE, min(LARGE, value)))
            yield from ((name, number), (f"size of {name}", abs(number)))
        case str() | list():
            yield f"length of {name}", len(value)
            yield f"different in {name}", len({canonical(item) for item in value})
            if value and {*map(type, value)} <= {int, float}:
                yield from _features(f"least of {name}", min(value))
                yield from _features(f"most of {name}", max(value))
        case dict():
            yield f"length of {name}", len(value)
            for key, held in value.items() if not name else ():
                yield from _features(key, held)


class Own:
    """What may be borrowed for an answer to a target: values that its instance and its text hold, and the answers'."""

    def __init__(self, subject: Subject, target: Target, others: Sequence[Answer]) -> None:
        text = subject.program.pose(target.instance)
        numerals = [float(n) if "." in n else int(n) for n in NUMERAL.findall(text)[:WORDS]]
        held = [*_values([*target.instance.values()]), *numerals, *WORD.findall(text)[:WORDS]]
        sizes = [len(v) + more for v in held if isinstance(v, list | dict) for more in (0, -1)]
        self._held = [*held, *sizes, *_values([target.answer]), *others]
        self._of: dict[Type, list[Any]] = {}

    def __call__(self, t: Type) -> Sequence[Any]:
        """Those of a type, each once."""
        if t not in self._of:
            self._of[t] = [*{canonical(value): value for value in self._held if value in t}.values()]
        return self._of[t]


def _values(value: Any) -> Iterator[Any]:
    """All that a value holds, at any depth, keys included."""
    held = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    for part in held:
        yield part
        yield from _values(part)
