"""Environments applied one after another: what the operators ask about (RACES, section 3.1).

A link opens one field of its part and holds the others. Two chains join where the values fit, and joining is
associative. Instances are flat: the field ``k`` of part 2 is ``2.k``. Where every part is a function the chain is one,
from its start to its end; a relation may stand in it too, and then only a claimed sequence of values can be checked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from random import Random
from typing import Any

from synth.environment import Answer, Environment, Function, Instance, Signature, Step
from synth.types import Type, as_json

START = "start"
TRIES = 40  # draws before a composite is given up: one that needs more is not worth its time


class NoInstanceError(ValueError):
    """Of what was drawn nothing will do; the message names the part, or the property, that it failed."""


@dataclass(frozen=True)
class Link:
    """A step of one value: ``part`` with every field but ``into`` held fixed."""

    part: Step
    into: str

    def __post_init__(self) -> None:
        if not isinstance(self.part, Step):
            raise TypeError(f"{self.part} only checks answers; a link must compute its own")
        if self.into not in self.part.signature.domain:
            raise TypeError(f"{self.part} has no field {self.into}; it takes {self.part.signature}")

    def __str__(self) -> str:
        return f"{self.part}:{self.into}" if self.held else str(self.part)

    @property
    def takes(self) -> Type:
        return self.part.signature.domain[self.into]

    @property
    def gives(self) -> Type:
        return self.part.signature.codomain

    @cached_property
    def held(self) -> dict[str, Type]:
        return {name: t for name, t in self.part.signature.domain.items() if name != self.into}

    def hold(self, rng: Random, difficulty: int) -> Instance:
        """Draw the fields that stay fixed; nothing is drawn where there are none."""
        drawn = self.part.generate(rng, difficulty) if self.held else {}
        return {name: drawn[name] for name in self.held}

    def instance(self, value: Answer, held: Instance) -> Instance:
        """The part's own instance when it is given ``value``."""
        return {**held, self.into: value}

    def sentence(self, value: str, held: Instance) -> str:
        """What the part asks of ``value``, itself or its name."""
        return self.part.sentence({**{name: as_json(v) for name, v in held.items()}, self.into: value})


@dataclass(frozen=True)
class Chain:
    """``links`` applied in order to a start value."""

    links: tuple[Link, ...]

    def __post_init__(self) -> None:
        if not self.links:
            raise TypeError("a chain of no links takes nothing and gives nothing; it needs at least one")
        for before, after in zip(self.links, self.links[1:], strict=False):
            if not before.gives <= after.takes:
                raise TypeError(f"{after} takes {after.takes}, but is given {before.gives} by {before}")

    def __str__(self) -> str:
        return ", ".join(map(str, self.links))

    def __len__(self) -> int:
        return len(self.links)

    def __add__(self, other: "Chain") -> "Chain":
        return Chain(self.links + other.links)

    @cached_property
    def domain(self) -> dict[str, Type]:
        return {START: self.links[0].takes, **tagged(link.held for link in self.links)}

    @property
    def parts(self) -> tuple[Step, ...]:
        return tuple(link.part for link in self.links)

    @cached_property
    def is_function(self) -> bool:
        return all(isinstance(part, Function) for part in self.parts)

    def generate(self, rng: Random, difficulty: int) -> Instance:
        """A start, as the first part draws it, and the fields that are held; whether it is admitted is not said."""
        first, *rest = self.links
        drawn = first.part.generate(rng, difficulty)
        held = [{name: drawn[name] for name in first.held}, *(link.hold(rng, difficulty) for link in rest)]
        return {START: drawn[first.into], **tagged(held)}

    def values(self, instance: Instance) -> list[Answer]:
        """Every value on the way; fewer than there are links if one does not admit what it is given."""
        found: list[Answer] = []
        value = instance[START]
        for n, link in enumerate(self.links, 1):
            met = link.instance(value, untagged(instance, n))
            if not link.part.admits(met):
                break
            value = link.part.reference(met)
            found.append(value)
        return found

    def drawn(self, rng: Random, difficulty: int) -> tuple[Instance, list[Answer]]:
        """An instance that every part admits, and the values on the way. Raises ``NoInstanceError``."""
        refused = ""
        for _ in range(TRIES):
            instance = self.generate(rng, difficulty)
            values = self.values(instance)
            if len(values) == len(self):
                return instance, values
            refused = str(self.links[len(values)])
        raise NoInstanceError(f"{refused} admits nothing of what it was given in {TRIES} draws")


@dataclass(frozen=True)
class Chained:
    """A chain of functions as one function of ``x``, asked for its last value: it can be a step of another chain."""

    chain: Chain

    def __post_init__(self) -> None:
        if len(self.chain) < 2:
            raise TypeError(f"a chain of one step is that step; write {self.chain}")
        functions("chain", *self.chain.links)

    def __str__(self) -> str:
        return f"chain({self.chain})"

    @property
    def inside(self) -> tuple[Environment, ...]:
        return self.chain.parts

    @cached_property
    def signature(self) -> Signature:
        start, *held = self.chain.domain.items()
        return Signature({"x": start[1], **dict(held)}, self.chain.links[-1].gives)

    def generate(self, rng: Random, difficulty: int) -> Instance:
        """Raises ``NoInstanceError``."""
        drawn, _ = self.chain.drawn(rng, difficulty)
        return {"x" if name == START else name: value for name, value in drawn.items()}

    def admits(self, instance: Instance) -> bool:
        return len(self._values(instance)) == len(self.chain)

    def reference(self, instance: Instance) -> Answer:
        return self._values(instance)[-1]

    solve = reference

    def score(self, instance: Instance, answer: Answer) -> float:
        """As the last part scores, so that what it tolerates is tolerated."""
        last, held = self.chain.links[-1], untagged(instance, len(self.chain))
        return last.part.score(last.instance(self._values(instance)[-2], held), answer)

    def pose(self, instance: Instance) -> str:
        return self.sentence({name: as_json(value) for name, value in instance.items()})

    def sentence(self, given: Mapping[str, str]) -> str:
        plain = self._steps(given, [""] * len(self.chain))
        names = list(islice(unused((f"y{n}" for n in count(1)), [*plain, given["x"]]), len(self.chain) - 1))
        *steps, last = self._steps(given, [given["x"], *names])
        named = [f"«{step}» Call its answer {name}." for step, name in zip(steps, names, strict=True)]
        return f"Take these steps in order: {' '.join(named)} «{last}» The answer is that of the last step."

    def _steps(self, given: Mapping[str, str], names: Iterable[str]) -> list[str]:
        links = zip(self.chain.links, names, strict=False)
        return [link.part.sentence({**untagged(given, n), link.into: name}) for n, (link, name) in enumerate(links, 1)]

    def _values(self, instance: Instance) -> list[Answer]:
        return self.chain.values({**instance, START: instance["x"]})


def functions(operator: str, *links: Link) -> None:
    """Raises ``TypeError`` for a link that is no function, and so can be no step of ``operator``."""
    for link in links:
        if not isinstance(link.part, Function):
            raise TypeError(f"{link} has several right answers; a step of {operator} must have one")


def tagged(groups: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The parts' fields in one flat mapping.

    >>> tagged([{"xs": [1]}, {"k": 2}])
    {'1.xs': [1], '2.k': 2}
    """
    return {f"{n}.{name}": v for n, group in enumerate(groups, 1) for name, v in group.items()}


def untagged(fields: Mapping[str, Any], n: int) -> dict[str, Any]:
    """The fields of part ``n``, under the names that the part knows them by."""
    tag = f"{n}."
    return {name.removeprefix(tag): v for name, v in fields.items() if name.startswith(tag)}


def unused(names: Iterable[str], texts: Iterable[str]) -> Iterator[str]:
    """Those of ``names`` that no text uses as a word of its own, so that in a composite they mean one thing."""
    used = {word for text in texts for word in re.findall(r"\w+", text)}
    return (name for name in names if name not in used)


def fresh(names: Iterable[str], texts: Iterable[str]) -> str:
    """The first that is unused.

    >>> fresh(["x", "z"], ["a point's x and y coordinates"])
    'z'
    """
    return next(unused(names, texts))
