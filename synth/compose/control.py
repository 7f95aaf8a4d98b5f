"""Branch and Loop: functions whose course depends on a value. RACES names both as missing (its limits).

Either is a ``Function`` of ``x``, so that it can be a step of any chain, and a question by itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from random import Random
from typing import Any

from synth.compose.chain import TRIES, Link, NoInstanceError, fresh, functions, tagged, untagged
from synth.environment import Answer, Environment, Instance, Signature
from synth.types import Type, as_json, canonical, parse

LEAST_TIMES, MOST_TIMES = 2, 12


@dataclass(frozen=True)
class Condition:
    """A question about a value that is answered yes or no, in words and in deed."""

    name: str
    of: str
    """The type it speaks of: written out, or ``list`` for lists of anything."""
    words: str
    """With ``{x}`` for the value and, where there is one, ``{bound}`` for what it is compared with."""

    def __str__(self) -> str:
        return self.name

    @property
    def bounded(self) -> bool:
        return "{bound}" in self.words

    @property
    def field(self) -> dict[str, Type]:
        """The field for what a value is compared with, where there is one."""
        return {"bound": parse("int")} if self.bounded else {}

    def question(self, given: Mapping[str, str], x: str) -> str:
        return self.words.format(x=x, bound=given.get("bound", ""))

    def near(self, value: Answer) -> list[int]:
        """Bounds that a value suggests: itself, its length, its entries."""
        match self.name:
            case "over":
                return [value]
            case "long":
                return [len(value)]
            case "has":
                return list(value)
            case _:
                return []

    def holds(self, value: Answer, bound: Answer) -> bool:
        match self.name:
            case "even":
                return bool(value % 2 == 0)
            case "over":
                return bool(value > bound)
            case "long":
                return bool(len(value) > bound)
            case "even_length":
                return bool(len(value) % 2 == 0)
            case _:
                return bool(bound in value)


CONDITIONS: Mapping[str, Condition] = {
    condition.name: condition
    for condition in (
        Condition("even", "int", "{x} is even"),
        Condition("over", "int", "{x} is greater than {bound}"),
        Condition(
            "even_length", "list", "the list {x} has an even number of entries (an inner list is one entry; 0 is even)"
        ),
        Condition("long", "list", "the list {x} has more than {bound} entries (an inner list is one entry)"),
        Condition("has", "list[int]", "{bound} is one of the entries of {x}"),
    )
}
"""Parity, comparison with a threshold, membership."""


def fits(condition: Condition, t: Type) -> bool:
    return condition.of in (t.head, str(t))


def _asks(condition: Condition, link: Link) -> None:
    if not fits(condition, link.takes):
        raise TypeError(f"{condition} asks about {condition.of}, but {link} takes {link.takes}")


@dataclass(frozen=True)
class Branch:
    """Which of two steps comes next depends on the value."""

    condition: Condition
    yes: Link
    no: Link

    def __post_init__(self) -> None:
        _asks(self.condition, self.yes)
        if self.yes.takes != self.no.takes or self.yes.gives != self.no.gives:
            raise TypeError(
                f"{self.yes} makes {self.yes.gives} of {self.yes.takes}, "
                f"but {self.no} makes {self.no.gives} of {self.no.takes}"
            )
        functions("branch", self.yes, self.no)

    def __str__(self) -> str:
        return f"branch({self.condition}, {self.yes}, {self.no})"

    @property
    def inside(self) -> tuple[Environment, ...]:
        return self.yes.part, self.no.part

    @cached_property
    def signature(self) -> Signature:
        held = tagged([self.yes.held, self.no.held])
        return Signature({"x": self.yes.takes, **self.condition.field, **held}, self.yes.gives)

    def generate(self, rng: Random, difficulty: int) -> Instance:
        """Either way comes about in every second instance, unless half of the draws do not bring the one wanted.

        Both ways make sense of the value: one that could not be gone would tell that it is not to be gone.
        """
        wanted = rng.random() < 0.5
        for n in range(TRIES):
            instance = self._drawn(wanted, rng, difficulty)
            as_wanted = self.asks(instance) == wanted
            if (as_wanted or n >= TRIES // 2) and all(link.part.admits(met) for link, met in self._ways(instance)):
                return instance
        raise NoInstanceError(f"{self}: the two ways do not both admit what they were given, in {TRIES} draws")

    def _drawn(self, wanted: bool, rng: Random, difficulty: int) -> Instance:
        """A value from either part's draw, with the fields that this part drew beside it."""
        links = [self.yes, self.no]
        source = rng.randrange(2)
        drawn = links[source].part.generate(rng, difficulty)
        held = [link.hold(rng, difficulty) for link in links]
        held[source] = {name: drawn[name] for name in links[source].held}
        x = drawn[links[source].into]
        bound = {"bound": self._bound(x, wanted, rng, difficulty)} if self.condition.bounded else {}
        return {"x": x, **bound, **tagged(held)}

    def _bound(self, x: Answer, wanted: bool, rng: Random, difficulty: int) -> int:
        """What ``x`` is compared with: near its length, an entry of it, or what another value suggests."""
        if self.condition.name == "long":
            return max(0, len(x) + (-rng.randint(1, 2) if wanted else rng.randint(0, 2)))
        other = x if wanted and self.condition.name == "has" else self._start(rng, difficulty)
        return int(rng.choice(self.condition.near(other) or [0]))

    def _start(self, rng: Random, difficulty: int) -> Answer:
        link = rng.choice([self.yes, self.no])
        return link.part.generate(rng, difficulty)[link.into]

    def asks(self, instance: Instance) -> bool:
        """Whether the condition holds."""
        return self.condition.holds(instance["x"], instance.get("bound"))

    def is_idle(self, instance: Instance) -> bool:
        """Whether the way that is not taken would give the same."""
        yes, no = (
            canonical(link.part.reference(met)) if link.part.admits(met) else "" for link, met in self._ways(instance)
        )
        return yes == no

    def taken(self, instance: Instance) -> tuple[Link, Instance]:
        """The link that the condition chooses, and the instance it meets."""
        yes, no = self._ways(instance)
        return yes if self.asks(instance) else no

    def _ways(self, instance: Instance) -> list[tuple[Link, Instance]]:
        """Either link, with the instance it would meet."""
        links = enumerate((self.yes, self.no), 1)
        return [(link, link.instance(instance["x"], untagged(instance, n))) for n, link in links]

    def admits(self, instance: Instance) -> bool:
        link, met = self.taken(instance)
        return link.part.admits(met)

    def reference(self, instance: Instance) -> Answer:
        link, met = self.taken(instance)
        return link.part.reference(met)

    solve = reference

    def score(self, instance: Instance, answer: Answer) -> float:
        link, met = self.taken(instance)
        return link.part.score(met, answer)

    def pose(self, instance: Instance) -> str:
        return self.sentence({name: as_json(value) for name, value in instance.items()})

    def sentence(self, given: Mapping[str, str]) -> str:
        yes, no = (
            link.part.sentence({**untagged(given, n), link.into: given["x"]})
            for n, link in enumerate((self.yes, self.no), 1)
        )
        asked = self.condition.question(given, given["x"])
        return f"If {asked}, do this: «{yes}» Otherwise, do this: «{no}» The answer is that of the one that applies."


@dataclass(frozen=True)
class Loop:
    """A step taken a stated number of times, each time on the answer of the time before.

    With ``until``, only until the value meets a condition: it is asked after each time, and ``times`` is the most.
    """

    link: Link
    until: Condition | None = None

    def __post_init__(self) -> None:
        if not self.link.gives <= self.link.takes:
            raise TypeError(f"{self.link} makes {self.link.gives} of {self.link.takes}; it cannot be repeated")
        if self.until:
            _asks(self.until, self.link)
        functions("loop", self.link)

    def __str__(self) -> str:
        return f"loop(until {self.until}, {self.link})" if self.until else f"loop({self.link})"

    @property
    def inside(self) -> tuple[Environment, ...]:
        return (self.link.part,)

    @cached_property
    def signature(self) -> Signature:
        bound = self.until.field if self.until else {}
        domain = {"x": self.link.takes, "times": parse("int"), **bound, **tagged([self.link.held])}
        return Signature(domain, self.link.gives)

    def generate(self, rng: Random, difficulty: int) -> Instance:
        """Three in four of the loops with a condition are ended by it, unless half of the draws do not bring that."""
        early = rng.random() < 0.75
        for n in range(TRIES):
            drawn = self.link.part.generate(rng, difficulty)
            times = rng.randint(LEAST_TIMES, min(MOST_TIMES, LEAST_TIMES + difficulty))
            instance = {"x": drawn[self.link.into], "times": times, **self._held(drawn)}
            course = list(islice(self._course(instance), times))
            bounds = [b for b in self._bounds(instance, course) if n >= TRIES // 2 or self._is_fair(course, b, early)]
            if len(course) == times and bounds:
                return {**instance, **rng.choice(bounds)}
        compared = ", or nothing could be compared with" if self.until and self.until.bounded else ""
        raise NoInstanceError(f"{self}: {self.link} does not admit its own answers{compared}, in {TRIES} draws")

    def _held(self, drawn: Instance) -> Instance:
        return tagged([{name: drawn[name] for name in self.link.held}])

    def _bounds(self, instance: Instance, course: list[Answer]) -> list[dict[str, int]]:
        """What the condition may compare with, as a field; no field where it compares with nothing."""
        if self.until is None or not self.until.bounded:
            return [{}]
        return [{"bound": bound} for value in (instance["x"], *course) for bound in self.until.near(value)]

    def _is_fair(self, course: list[Answer], bound: Mapping[str, int], early: bool) -> bool:
        """Whether the condition ends the loop after more than one step; where that is not wanted, whether never."""
        ends = [n for n, value in enumerate(course, 1) if self._ends(value, bound)]
        return self.until is None or (ends[:1] >= [LEAST_TIMES] if early else not ends)

    def _ends(self, value: Answer, instance: Mapping[str, Any]) -> bool:
        return self.until is not None and self.until.holds(value, instance.get("bound"))

    def _course(self, instance: Instance) -> Iterator[Answer]:
        """The value after each time, without end, up to one that is not admitted."""
        value, held = instance["x"], untagged(instance, 1)
        while self.link.part.admits(met := self.link.instance(value, held)):
            value = self.link.part.reference(met)
            yield value

    def _values(self, instance: Instance) -> list[Answer]:
        """The value after each time that counts, and nothing if one on the way is not admitted."""
        values = []
        for value in islice(self._course(instance), max(0, min(instance["times"], MOST_TIMES))):
            values.append(value)
            if self._ends(value, instance):
                return values
        return values if len(values) == instance["times"] else []

    def is_idle(self, instance: Instance) -> bool:
        """Whether nothing changes after the first time."""
        return len({*map(canonical, self._values(instance))}) == 1

    def admits(self, instance: Instance) -> bool:
        return 1 <= instance["times"] <= MOST_TIMES and bool(self._values(instance))

    def reference(self, instance: Instance) -> Answer:
        return self._values(instance)[-1]

    solve = reference

    def score(self, instance: Instance, answer: Answer) -> float:
        """As the part scores the last time, so that what it tolerates is tolerated."""
        before = [instance["x"], *self._values(instance)][-2]
        return self.link.part.score(self.link.instance(before, untagged(instance, 1)), answer)

    def pose(self, instance: Instance) -> str:
        return self.sentence({name: as_json(value) for name, value in instance.items()})

    def sentence(self, given: Mapping[str, str]) -> str:
        held = untagged(given, 1)
        others = [self.link.part.sentence({**held, self.link.into: ""}), given["x"]]
        y = fresh((f"y{n}" for n in count(1)), others)  # a loop in a loop has a name of its own
        step = self.link.part.sentence({**held, self.link.into: y})
        lead = f"Let {y} be {given['x']}. Take the following step"
        if self.until is None:
            often = f"{given['times']} times, and each time replace {y} by its answer: «{step}»"
            return f"{lead} {often} The answer is the value of {y} at the end."
        stop = f"After each replacement, stop if {self.until.question(given, y)}"
        return (
            f"{lead} again and again, and each time replace {y} by its answer: «{step}» {stop}; "
            f"in any case, stop after replacement number {given['times']}. The answer is the value of {y} at the end."
        )
