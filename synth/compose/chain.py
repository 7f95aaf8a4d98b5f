"""Environments applied one after another: what the operators ask about (RACES, section 3.1).

A link opens one field of its part and holds the others. Two chains join where the values fit, and joining is
associative. Instances are flat: the field ``k`` of part 2 is ``2.k``. Where every part is a function the chain is one,
from its start to its end; a relation may stand in it too, and then only a claimed sequence of values can be checked.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from synth.environment import Answer, Function, Instance, Step
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

    @cached_property
    def is_function(self) -> bool:
        return all(isinstance(link.part, Function) for link in self.links)

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


def fresh(names: Iterable[str], texts: Iterable[str]) -> str:
    """The first of ``names`` that no text uses as a word of its own, so that in a composite it means one thing.

    >>> fresh(["x", "z"], ["a point's x and y coordinates"])
    'z'
    """
    used = {word for text in texts for word in re.findall(r"\w+", text)}
    return next(name for name in names if name not in used)
