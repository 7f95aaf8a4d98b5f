"""What right answers have in common, in words, so that an accepted answer that lacks it can be shown first.

A trait is a fact about one answer to one instance: "no item stands in it twice". Traits that every reference answer
has are what an environment seems to ask for; an answer that verify accepts without one is another right answer or a
hole, and which of the two is not known here.

>>> from synth.types import parse
>>> t = parse("list[int]")
>>> shared = common(t, [({"xs": [7, 8]}, [1, 0]), ({"xs": [7, 8, 9]}, [2, 0])])
>>> sorted(shared - traits(t, {"xs": [5, 5]}, [1, 1]))
['no item equals the one before', 'no item stands in it twice']
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from synth.environment import Answer, Instance
from synth.types import Type, canonical

SHORT = 60  # items of a list whose every item is looked at
ORDERED = ("int", "float", "str")


def common(t: Type, trials: Iterable[tuple[Instance, Answer]]) -> frozenset[str]:
    """The traits that all of these answers have."""
    shared: frozenset[str] | None = None
    for instance, answer in trials:
        found = traits(t, instance, answer)
        shared = found if shared is None else shared & found
    return shared or frozenset()


def traits(t: Type, instance: Instance, answer: Answer) -> frozenset[str]:
    """What can be said of an answer, a member of ``t``, to an instance."""
    text = canonical(answer)
    facts = [f"it is not {name}" for name, value in instance.items() if canonical(value) != text]
    return frozenset([*facts, *_Facts(instance).of(t, answer)])


class _Facts:
    """What can be said of values beside one instance, field by field."""

    def __init__(self, instance: Instance) -> None:
        self.numbers = {name: value for name, value in instance.items() if type(value) in (int, float)}
        self.texts = {name: value for name, value in instance.items() if isinstance(value, str)}
        self.held = {name: value for name, value in instance.items() if isinstance(value, list | dict)}
        self.parts = {name: {*map(canonical, _parts(value))} for name, value in self.held.items()}
        sized = {**self.texts, **self.held}
        self.sizes = {name: len(value) for name, value in sized.items()}

    def of(self, t: Type, value: Any) -> Iterator[str]:
        match t.head:
            case "int" | "float":
                yield from self._of_number(value)
            case "str":
                yield from self._of_text(value)
            case "list":
                yield from self._of_list(t, value)
            case "tuple":
                yield from self._of_tuple(t, value)
            case "dict":
                yield from ("it is not empty",) if value else ()
                yield from self._of_size(len(value))
                yield from self._of_each(t.args[1], [*value.values()], "value")

    def _of_number(self, value: float) -> Iterator[str]:
        yield from ("it is not negative",) if value >= 0 else ()
        yield from ("it is not 0",) if value != 0 else ()
        yield from ("it has no more than 15 digits",) if abs(value) < 10**15 else ()
        bounds = {**self.numbers, **{f"the length of {name}": size for name, size in self.sizes.items()}}
        for name, bound in bounds.items():
            yield from (f"it is at most {name}",) if value <= bound else ()
            yield from (f"it is less than {name}",) if value < bound else ()
            yield from (f"it is at least {name}",) if value >= bound and name in self.numbers else ()
        yield from self._within(value)

    def _of_text(self, value: str) -> Iterator[str]:
        yield from ("it is not empty",) if value else ()
        yield from ("no white space stands at its ends",) if value == value.strip() else ()
        yield from ("it has no capitals",) if value == value.lower() else ()
        yield from ("it has no small letters",) if value == value.upper() else ()
        yield from ("it is ASCII",) if value.isascii() else ()
        yield from ("it begins with no 0 that stands for nothing",) if value[:1] != "0" or value == "0" else ()
        yield from self._of_size(len(value))
        yield from self._within(value)
        for name, text in self.texts.items():
            yield from (f"its characters are {name}'s",) if {*value} <= {*text} else ()
            yield from (f"it is an order of {name}",) if sorted(value) == sorted(text) else ()

    def _of_list(self, t: Type, value: list[Any]) -> Iterator[str]:
        yield from ("it is not empty",) if value else ()
        yield from self._of_size(len(value))
        texts = [*map(canonical, value[:SHORT])]
        yield from ("no item stands in it twice",) if len({*texts}) == len(texts) else ()
        yield from ("no item equals the one before",) if all(a != b for a, b in pairwise(texts)) else ()
        if t.args[0].head in ORDERED:
            yield from ("it rises",) if all(a <= b for a, b in pairwise(value)) else ()
            yield from ("it falls",) if all(a >= b for a, b in pairwise(value)) else ()
        yield from self._of_each(t.args[0], value[:SHORT], "item")

    def _of_tuple(self, t: Type, value: list[Any]) -> Iterator[str]:
        for n, (item, part) in enumerate(zip(t.args, value, strict=True)):
            yield from (f"[{n}]: {trait}" for trait in self.of(item, part))
        for n, (a, b) in enumerate(pairwise(value)):
            if t.args[n] == t.args[n + 1]:
                yield from (f"[{n}] and [{n + 1}] differ",) if a != b else ()
                yield from (f"[{n}] is at most [{n + 1}]",) if t.args[n].head in ORDERED and a <= b else ()

    def _of_each(self, t: Type, items: list[Any], what: str) -> Iterator[str]:
        """The facts that all items share; of no items nothing is said."""
        shared = frozenset.intersection(*(frozenset(self.of(t, item)) for item in items)) if items else ()
        yield from (f"each {what}: {fact}" for fact in sorted(shared))

    def _of_size(self, size: int) -> Iterator[str]:
        yield from ("it has no more than 1000 parts",) if size <= 1000 else ()
        for name, most in {**self.sizes, **self.numbers}.items():
            yield from (f"it is as long as {name}",) if size == most else ()
            yield from (f"it is no longer than {name}",) if size <= most else ()

    def _within(self, value: Any) -> Iterator[str]:
        text = canonical(value)
        yield from (f"it stands in {name}" for name, parts in self.parts.items() if text in parts)


def _parts(value: Any) -> Iterator[Any]:
    """What a field holds: items, keys and values, and theirs."""
    held = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    for part in held:
        yield part
        yield from _parts(part)
