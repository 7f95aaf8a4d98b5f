"""Four questions to ask about environments (RACES, section 3.2). Each is again an environment, so they nest.

==========  ==============================  ============================  ==============================
operator    what is given                   what is asked                 score
==========  ==============================  ============================  ==============================
Sequential  a start, the steps in order     every value on the way        longest right prefix, as a share
Parallel    several problems                every answer                  mean
Sort        start, end, the steps shuffled  an order of all the steps     1 if it leads to the end
Select      the same, among decoys          which steps, in what order    1 if they lead to the end
==========  ==============================  ============================  ==============================

Sequential runs a program forwards; Sort and Select infer one from its input and output. A composite's text, right
answer and type are read off its parts, so that they cannot disagree. Branch and Loop are in ``control.py``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from random import Random
from string import ascii_uppercase
from textwrap import indent
from typing import ClassVar

from synth.compose.chain import START, Chain, Link, NoInstanceError, fresh, functions, tagged, untagged
from synth.compose.proof import MENU_MOST, Proof, prove
from synth.contract import TOLERANCE
from synth.environment import ANSWER, Answer, Environment, Function, Instance, Signature, draw
from synth.types import Type, as_json, canonical, parse

ORDER = parse("list[int]")
PROOFS = 8  # instances drawn before a sort or a select is given up: most that can be proven are at once


@dataclass(frozen=True)
class Sequential:
    """Follow a chain from its start, and write down every value on the way.

    Where a step has several right answers, whatever the model answers is what the next step is given.
    """

    chain: Chain

    def __str__(self) -> str:
        return f"sequential({self.chain})"

    @property
    def inside(self) -> tuple[Environment, ...]:
        return self.chain.parts

    @cached_property
    def signature(self) -> Signature:
        return Signature(self.chain.domain, Type("tuple", tuple(link.gives for link in self.chain.links)))

    def generate(self, rng: Random, difficulty: int) -> Instance:
        instance, values = self.chain.drawn(rng, difficulty)
        return {**instance, ANSWER: values}

    def admits(self, instance: Instance) -> bool:
        return len(self.chain.values(instance)) == len(self.chain)

    def score(self, instance: Instance, answer: Answer) -> float:
        """The share of steps up to the first that is wrong, each judged on the model's own value before it."""
        value = instance[START]
        for n, (link, claim) in enumerate(zip(self.chain.links, answer, strict=True), 1):
            met = link.instance(value, untagged(instance, n))
            if not link.part.admits(met) or link.part.score(met, claim) < 1 - TOLERANCE:
                return (n - 1) / len(self.chain)
            value = claim
        return 1.0

    def pose(self, instance: Instance) -> str:
        names = self._names(instance)
        given = [as_json(instance[START]), *names]
        steps = [link.sentence(given[n - 1], untagged(instance, n)) for n, link in enumerate(self.chain.links, 1)]
        lead = (
            "Take the following steps in order. Each answer has a name, written without quotes; "
            "in a later step the name stands for the answer that you gave."
        )
        lines = [item(f"Step {n} (its answer is {names[n - 1]}):", step) for n, step in enumerate(steps, 1)]
        return "\n".join([lead, *lines, f"Give the answers of all steps, in this order: {', '.join(names)}."])

    def _names(self, instance: Instance) -> list[str]:
        """A1, A2 and so on, or with another letter where a step's own words have names like these."""
        texts = [link.sentence("", untagged(instance, n)) for n, link in enumerate(self.chain.links, 1)]
        taken = re.findall(r"\b([A-Z])\d+\b", "\n".join([*texts, as_json(instance[START])]))
        letter = fresh((*ascii_uppercase, "Answer"), taken)
        return [f"{letter}{n}" for n in range(1, len(self.chain) + 1)]


@dataclass(frozen=True)
class Parallel:
    """Solve every part; nothing flows between them. Of functions it is a function: see ``parallel``."""

    parts: tuple[Environment, ...]

    def __post_init__(self) -> None:
        if not self.parts:
            raise TypeError("a parallel of no parts asks nothing; it needs at least one")

    def __str__(self) -> str:
        return f"parallel({', '.join(map(str, self.parts))})"

    @property
    def inside(self) -> tuple[Environment, ...]:
        return self.parts

    @cached_property
    def signature(self) -> Signature:
        signatures = [part.signature for part in self.parts]
        domain = tagged(signature.domain for signature in signatures)
        return Signature(domain, Type("tuple", tuple(signature.codomain for signature in signatures)))

    def generate(self, rng: Random, difficulty: int) -> Instance:
        drawn = [draw(part, rng, difficulty) for part in self.parts]
        return {**tagged(instance for instance, _ in drawn), ANSWER: [answer for _, answer in drawn]}

    def admits(self, instance: Instance) -> bool:
        return all(part.admits(own) for part, own in self._split(instance))

    def score(self, instance: Instance, answer: Answer) -> float:
        scores = [part.score(own, a) for (part, own), a in zip(self._split(instance), answer, strict=True)]
        return sum(scores) / len(scores)

    def pose(self, instance: Instance) -> str:
        problems = [item(f"Problem {n}:", part.pose(own)) for n, (part, own) in enumerate(self._split(instance), 1)]
        lead = (
            "Solve the following problems. They have nothing to do with one another: "
            "a name such as A1 or x means nothing outside of its problem."
        )
        return "\n\n".join([lead, *problems, f"Give the answers of {_all(len(problems))}, in this order."])

    def _split(self, instance: Instance) -> list[tuple[Environment, Instance]]:
        return [(part, untagged(instance, n)) for n, part in enumerate(self.parts, 1)]


@dataclass(frozen=True)
class Product(Parallel):
    """A ``Parallel`` of functions: itself a function, whose answer is the tuple of theirs."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for part in self.parts:
            if not isinstance(part, Function):
                raise TypeError(f"{part} has several right answers; a parallel with it is no function")

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        return tuple(part for part in self.parts if isinstance(part, Function))

    def reference(self, instance: Instance) -> Answer:
        return [part.reference(untagged(instance, n)) for n, part in enumerate(self.functions, 1)]

    solve = reference

    def sentence(self, given: Mapping[str, str]) -> str:
        asked = [f"({n}) «{part.sentence(untagged(given, n))}»" for n, part in enumerate(self.functions, 1)]
        return f"Solve each of these: {' '.join(asked)} The answer is the list of their answers, in this order."


def parallel(parts: Sequence[Environment]) -> Parallel:
    """The parts side by side; a function where each of them is one."""
    return (Product if all(isinstance(part, Function) for part in parts) else Parallel)(tuple(parts))


@dataclass(frozen=True)
class Select:
    """Choose and order the steps that lead from a chain's start to its end.

    An instance is drawn until it is proven: all choices are run, few enough of them land, and none that is shorter
    than the chain.
    """

    chain: Chain
    decoys: tuple[Link, ...]

    operator: ClassVar[str] = "select"
    task: ClassVar[str] = "Choose one or more of the steps, none of them twice, and take them in such an order that"

    def __post_init__(self) -> None:
        if len(self.links) > MENU_MOST:
            raise TypeError(f"{len(self.links)} steps are too many to run in every order; at most {MENU_MOST}")
        functions(self.operator, *self.links)

    def __str__(self) -> str:
        decoys = f"; {', '.join(map(str, self.decoys))}" if self.decoys else ""
        return f"{self.operator}({self.chain}{decoys})"

    @property
    def inside(self) -> tuple[Environment, ...]:
        return tuple(link.part for link in self.links)

    @property
    def links(self) -> tuple[Link, ...]:
        return self.chain.links + self.decoys

    @cached_property
    def signature(self) -> Signature:
        held = tagged(link.held for link in self.links)
        end = self.chain.links[-1].gives
        return Signature({START: self.chain.links[0].takes, "end": end, "shown": ORDER, **held}, ORDER)

    def generate(self, rng: Random, difficulty: int) -> Instance:
        """Raises ``NoInstanceError`` when nothing that was drawn could be proven."""
        refused = ""
        for _ in range(PROOFS):
            instance = self.about(*self.chain.drawn(rng, difficulty), rng, difficulty)
            refused = self.prove(instance).refusal
            if not refused:
                own = [instance["shown"].index(n) + 1 for n in range(1, len(self.chain) + 1)]
                return {**instance, ANSWER: own}
        raise NoInstanceError(f"{self.operator}: {refused}, in each of {PROOFS} draws")

    def about(self, run: Instance, values: Sequence[Answer], rng: Random, difficulty: int) -> Instance:
        """The question about one run of the chain, its steps shuffled among the decoys; not proven."""
        held = tagged([{}] * len(self.chain) + [link.hold(rng, difficulty) for link in self.decoys])
        shown = rng.sample(range(1, len(self.links) + 1), len(self.links))
        return {**run, **held, "end": values[-1], "shown": shown}

    def prove(self, instance: Instance) -> Proof:
        """Run every answer that is well formed: how many land, and how short the shortest is."""
        return prove(self.menu(instance), instance[START], instance["end"], self.lengths, len(self.chain))

    @property
    def lengths(self) -> range:
        """How many steps a well-formed answer has."""
        return range(1, len(self.links) + 1)

    def admits(self, instance: Instance) -> bool:
        places = range(1, len(self.links) + 1)
        if sorted(instance["shown"]) != list(places):
            return False
        values = self.chain.values(instance)  # that it is worth asking is proven when it is drawn, not here
        return len(values) == len(self.chain) and canonical(values[-1]) == canonical(instance["end"])

    def score(self, instance: Instance, answer: Answer) -> float:
        allowed = len(set(answer)) == len(answer) and {*answer} <= {*range(1, len(self.links) + 1)}
        if not allowed or len(answer) not in self.lengths:
            return 0.0
        return float(lands(self.menu(instance), instance[START], instance["end"], answer))

    def pose(self, instance: Instance) -> str:
        menu = self.menu(instance)
        start, end = as_json(instance[START]), as_json(instance["end"])
        x = fresh(names_of_values(), [*(link.sentence("", held) for link, held in menu), start, end])
        return "\n".join(
            [
                f"{x} is the name of a value, which at first is {start}. To take a step is to replace {x} by the "
                f"step's answer; in a step, {x} (without quotes) stands for its value just before. The steps:",
                *(item(f"({n})", link.sentence(x, held)) for n, (link, held) in enumerate(menu, 1)),
                f"{self.task} at the end {x} is {end}. "
                f"A step can be taken only while {x} is of the kind that the step speaks of (a number, a text, a list "
                "of numbers and so on) and such that the step can be carried out as it is worded; "
                "otherwise the whole order is wrong. "
                "Give the numbers of the steps taken, in the order in which they are taken. "
                "Whatever leads there counts.",
            ]
        )

    def menu(self, instance: Instance) -> list[tuple[Link, Instance]]:
        """The links in the order shown, each with the fields it holds."""
        return [(self.links[n - 1], untagged(instance, n)) for n in instance["shown"]]


@dataclass(frozen=True)
class Sort(Select):
    """Put a chain's shuffled steps in an order that leads from its start to its end."""

    decoys: tuple[Link, ...] = ()

    operator: ClassVar[str] = "sort"
    task: ClassVar[str] = "Take every step exactly once, in such an order that"

    @property
    def lengths(self) -> range:
        return range(len(self.chain), len(self.chain) + 1)


def lands(menu: Sequence[tuple[Link, Instance]], start: Answer, end: Answer, places: Iterable[int]) -> bool:
    """Whether taking the steps at ``places`` leads from ``start`` to ``end``."""
    value = start
    for place in places:
        link, held = menu[place - 1]
        met = link.instance(value, held)
        if value not in link.takes or not link.part.admits(met):
            return False
        value = link.part.reference(met)
    return canonical(value) == canonical(end)


def names_of_values() -> Iterable[str]:
    """What a value may be called: x, or z, or w1 and so on where a step's own words speak of an x and a z."""
    yield from ("x", "z")
    yield from (f"w{n}" for n in count(1))


def item(lead: str, text: str) -> str:
    """``text`` after ``lead``; several lines stand below it, set in, so that it is seen where they end."""
    return f"{lead}\n{indent(text, '  ')}" if "\n" in text else f"{lead} {text}"


def _all(count: int) -> str:
    return "problem 1" if count == 1 else f"problems 1 {'and' if count == 2 else 'to'} {count}"
