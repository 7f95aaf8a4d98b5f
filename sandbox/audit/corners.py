"""Instances that nobody drew: smaller ones, and others at the edge of what ``admits`` lets in.

Training sees what ``generate`` draws, composition whatever is admitted; and the small and the level ones are where
two programs that mean to do the same come apart. Every instance made here is of the domain's types.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any

from sandbox.outcome import Call
from sandbox.subject import Subject
from synth import values
from synth.environment import Instance
from synth.program import Reference
from synth.types import Type, as_json, canonical

DESCENTS = 4  # from the easiest instances drawn, each to an instance that nothing makes smaller
DEPTH = 24  # steps of a descent at most
SMALLER = 60  # smaller instances tried in a step of a descent
PASSED = 6  # of those admitted are kept, the smallest
WALKS = 12  # half of them start at easy instances drawn, half where descents have been
STEPS = 12  # of each walk
TRIED = 4  # changes tried in a step; those that are admitted are kept, and the walk goes on from the first
MOST = 320  # kept in all
NEAREST = 12  # smaller values that a step chooses from
SHORT = 200  # characters of JSON of an odd value: an instance that a reader could be asked about

Corner = tuple[int, Instance]
"""The difficulty of the drawn instance that one began at, and the instance that it came to."""


def corners(subject: Subject) -> list[Corner]:
    """Admitted instances, none of them drawn; the same every time."""
    rng = Random(f"{subject.program.title} corners")
    easiest = [(t.difficulty, t.instance) for t in sorted(subject.trials, key=lambda t: (t.difficulty, t.seed))]
    low = [one for start in easiest[:DESCENTS] for one in _descent(subject, start)]
    starts = [*easiest[: WALKS // 2], *rng.sample(low, min(len(low), WALKS // 2))]
    found = {
        canonical(instance): (difficulty, instance) for difficulty, instance in [*low, *_walks(subject, starts, rng)]
    }
    drawn = {canonical(trial.instance) for trial in subject.trials}
    return [one for text, one in found.items() if text not in drawn][:MOST]


def _descent(subject: Subject, start: Corner) -> list[Corner]:
    """What is admitted on the way from an instance to one that cannot be made smaller."""
    (difficulty, instance), passed = start, []
    for _ in range(DEPTH):
        tried = list(islice(less(subject, instance), SMALLER))
        fit = [one for one, fits in zip(tried, admitted(subject, tried), strict=True) if fits]
        fit = sorted((one for one in fit if _size(one) < _size(instance)), key=_size)[:PASSED]
        if not fit:
            break
        passed += [(difficulty, one) for one in fit]
        instance = fit[0]
    return passed


def _walks(subject: Subject, starts: Sequence[Corner], rng: Random) -> list[Corner]:
    """What is admitted on random ways from several instances, side by side."""
    walks, found = list(starts), []
    for _ in range(STEPS):
        tried = [[_changed(subject, instance, rng) for _ in range(TRIED)] for _, instance in walks]
        lets_in = iter(admitted(subject, [instance for some in tried for instance in some]))
        for n, some in enumerate(tried):
            fit = [(walks[n][0], instance) for instance in some if next(lets_in)]
            walks[n] = fit[0] if fit else walks[n]
            found += fit
    return found


def _size(instance: Instance) -> tuple[int, str]:
    text = canonical(instance)
    return len(text), text


def admitted(subject: Subject, instances: Sequence[Instance]) -> list[bool]:
    """Of each, whether it is admitted. Without ``admits`` all are, if the subject computes answers to all of them."""
    if not subject.program.has_admits:
        return [subject.program.reference is not Reference.WITNESS] * len(instances)
    outcomes = subject.session.map([Call("admits", instance) for instance in instances])
    return [outcome.value is True for outcome in outcomes]


def less(subject: Subject, instance: Instance) -> Iterator[Instance]:
    """Smaller instances of the domain's types, one field made smaller in each."""
    for name, t in subject.signature.domain.items():
        for value in smaller(instance[name], t):
            yield {**instance, name: value}


def smaller(value: Any, t: Type) -> Iterator[Any]:
    """Simpler values of the type, the simplest first.

    >>> from synth.types import parse
    >>> list(smaller([5, 1], parse("list[int]")))[:4]
    [[], [1], [1], [5]]
    """
    match t.head:
        case "bool":
            yield from (False,) if value else ()
        case "int":
            yield from dict.fromkeys(v for v in (0, value // 2, value - 1) if 0 <= v < value)
            yield from dict.fromkeys(v for v in (0, -value, -(-value // 2), value + 1) if value < 0)
        case "float":
            yield from (v for v in (0.0, float(int(value)), round(value, 3)) if len(repr(v)) < len(repr(float(value))))
        case "list" | "str":
            yield from (value[:0], value[len(value) // 2 :]) if len(value) > 1 else ()
            yield from (value[:i] + value[i + 1 :] for i in range(len(value)))
            if t.head == "list":
                yield from _items(value, t.args * len(value))
        case "tuple":
            yield from _items(value, t.args)
        case _:
            yield from ({k: v for k, v in value.items() if k != key} for key in value)
            yield from ({**value, key: v} for key, old in value.items() for v in smaller(old, t.args[1]))


def _items(value: Any, types: Sequence[Type]) -> Iterator[Any]:
    for i, old in enumerate(value):
        yield from ([*value[:i], less, *value[i + 1 :]] for less in smaller(old, types[i]))


def _changed(subject: Subject, instance: Instance, rng: Random) -> Instance:
    """One field of the instance made smaller, level or odd, or taken from another one."""
    name = rng.choice(list(subject.signature.domain))
    t, old = subject.signature.domain[name], instance[name]
    nearer = [value for _, value in zip(range(NEAREST), smaller(old, t), strict=False)]
    ways: list[list[Any]] = [nearer, nearer, _level(old, t, rng), [rng.choice(subject.trials).instance[name]]]
    ways.append([value for value in values.odd(t) if len(as_json(value)) <= SHORT])
    return {**instance, name: rng.choice(rng.choice([way for way in ways if way]))}


def _level(value: Any, t: Type, rng: Random) -> list[Any]:
    """A list with one item in the place of another, or of all others: ties."""
    if t.head != "list" or len(value) < 2:
        return []
    item, place = rng.choice(value), rng.randrange(len(value))
    return [[item] * len(value), [*value[:place], item, *value[place + 1 :]]]
