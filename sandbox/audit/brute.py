"""Brute force: where all answers to a small instance can be listed, every one of them is verified.

A function must have exactly one right answer; of a relation the right ones are counted; the reference answer must
be among them. What can be listed: flags, integers over the range of the answers seen, and lists, tuples and objects
of those or of the instance's own values. Not here: texts that stand nowhere in the instance, and numbers with a
fraction; nor a search where the list is too long.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, combinations, permutations, product
from math import factorial, perm, prod
from typing import Any

from sandbox.evidence import at, no_score, score, shown
from sandbox.outcome import Outcome
from sandbox.subject import Subject, Trial
from synth import contract, values
from synth.environment import Answer, Instance
from synth.types import Type, canonical
from synth.verdict import Finding

EASIEST = 3  # difficulties, the smallest, that instances are taken from
EACH = 4  # instances of each
LISTED = 6_000  # answers to one instance, at most
LONGEST = 100  # items of a list whose orders are listed
LINES = 40_000_000  # lines of the program that all of it may run: seconds
CHECKED = 60  # right answers to an instance of a relation that a second author is asked about
KEPT = 30  # right answers to an instance that are kept, and as many wrong ones
MARGIN = 3  # integers beyond those seen, on either side, and a tenth of their range


@dataclass(frozen=True)
class Brute:
    """What became of verifying every answer that could be listed."""

    instances: int
    """Whose answers were listed."""
    candidates: int
    """Answers verified, over all of them."""
    right: tuple[int, ...]
    """How many were right, for each instance."""
    ways: Mapping[str, int] = field(default_factory=dict)
    """How the answers were listed, and for how many instances."""
    finding: Finding | None = None
    reason: str = ""
    """Why not one instance's answers could be listed."""


Check = Callable[[Sequence[tuple[Instance, Answer]]], list[bool | None]]
"""Whether each answer is right, by somebody else's reading of the statement; None where that cannot tell."""

Verified = tuple[Trial, Answer, Outcome]
"""An answer to an instance, and what verify made of it."""


class UnlistedError(Exception):
    """The answers to an instance cannot be listed; the message says why."""


Listed = tuple[str, list[Answer]]
"""How answers were listed, and they."""


def verified(subject: Subject, check: Check | None = None) -> tuple[Brute, list[Verified]]:
    """Verify all answers to some easy instances, up to the first finding; what came of it, and some of the verdicts.

    A second author's ``check`` is asked of some right answers to a relation. For use after the laws have held.
    """
    done: list[int] = []
    kept: list[Verified] = []
    ways: Counter[str] = Counter()
    candidates, reason = 0, "there are no instances"
    for trial in _easy(subject):
        seen = [other.answer for other in subject.trials if other.difficulty == trial.difficulty]
        try:
            way, answers = listed(subject.signature.codomain, trial.answer, seen, trial.instance, _most(subject, trial))
        except UnlistedError as why:
            reason = str(why)
            continue
        outcomes = subject.session.map(subject.verifying((trial.instance, a) for a in answers), give_up=True)
        done.append(sum(map(_right, outcomes)))
        ways[way] += 1
        candidates += len(answers)
        kept += _some(trial, answers, outcomes)
        finding = _finding(subject, trial, answers, outcomes) or _refuted(subject, trial, answers, outcomes, check)
        if finding:
            return Brute(len(done), candidates, tuple(done), dict(ways), finding), kept
    return Brute(len(done), candidates, tuple(done), dict(ways), reason="" if done else reason), kept


def listed(t: Type, answer: Answer, seen: Sequence[Answer], instance: Instance, most: int) -> Listed:
    """Members of ``t`` that may answer the instance, ``answer`` among them, each once; at most ``most``.

    ``seen`` are the answers to instances like it. Raises ``UnlistedError``.

    >>> from synth.types import parse
    >>> listed(parse("int"), 2, [0, 2], {}, 100)
    ('integers', [-3, -2, -1, 0, 1, 2, 3, 4, 5])
    >>> way, answers = listed(parse("list[int]"), [5, 7], [], {"xs": [5, 7, 9]}, 100)
    >>> way, len(answers), answers[4:7]
    ('every list', 40, [[5, 5], [5, 7], [5, 9]])
    """
    own = {canonical(value): value for value in _values([*instance.values()])}
    lister = _Lister(list(own.values()), most)
    try:
        return lister.of(t, answer, seen)
    except UnlistedError:  # nearer about this answer there are fewer
        return lister.of(t, answer, [])


class _Lister:
    """Lists members of types, from the values that an instance holds; ``most`` is as in ``listed``."""

    def __init__(self, own: Sequence[Any], most: int) -> None:
        self.own, self.most = own, most

    def of(self, t: Type, answer: Answer, seen: Sequence[Answer]) -> Listed:
        """As ``listed``."""
        match t.head:
            case "bool":
                return "flags", [False, True]
            case "int":
                return "integers", list(self.integers(answer, seen))
            case "list":
                return self.lists(self.pools(t.args[0], answer, seen), answer)
            case "tuple":
                columns = [self.of(item, answer[i], [other[i] for other in seen])[1] for i, item in enumerate(t.args)]
                return "tuples", [list(items) for items in self.product(columns)]
            case "dict":
                held = [value for other in seen for value in other.values()]
                columns = [self.of(t.args[1], value, held)[1] for value in answer.values()]
                return "objects", [dict(zip(answer, items, strict=True)) for items in self.product(columns)]
            case _:
                return f"own {NAMES[t.head]}", self.own_values(t, answer)

    def integers(self, answer: int, seen: Sequence[int]) -> range:
        """Those from 0 to the answers seen, a margin around them."""
        low, high = min(0, answer, *seen), max(0, answer, *seen)
        margin = MARGIN + (high - low) // 10
        if high - low + 2 * margin >= self.most:
            raise UnlistedError(f"the integers from {low} to {high} are more than {self.most}")
        return range(low - margin, high + margin + 1)

    def own_values(self, t: Type, answer: Answer) -> list[Answer]:
        """The values of type ``t`` that stand in the instance, when the answer is one of them."""
        kept = [value for value in self.own if value in t]
        if answer not in kept:
            raise UnlistedError(f"{NAMES[t.head]} that stand nowhere in the instance cannot be listed")
        return kept

    def product(self, columns: Sequence[Sequence[Answer]]) -> Iterator[tuple[Answer, ...]]:
        """One of each, in every way."""
        if (size := prod(map(len, columns))) > self.most:
            raise UnlistedError(f"there are {size} ways to put the parts of an answer together, more than {self.most}")
        return product(*columns)

    def pools(self, item: Type, answer: list[Answer], seen: Sequence[list[Answer]]) -> list[list[Answer]]:
        """What the items of a list may be: the instance's own values, places in it, what was seen, the answer's own."""
        own = [value for value in self.own if value in item]
        pools = [[False, True]] if item.head == "bool" else [own]
        if item.head == "int":
            sizes = [len(v) for v in self.own if isinstance(v, list | tuple | str)] + own
            least, most = min(answer, default=0), max(answer, default=0)
            pools += [list(range(size + 1)) for size in sorted({*sizes}) if least >= 0 and most <= size < self.most][:3]
            known = [*chain(answer, *seen)]
            pools += [list(range(min(known), max(known) + 1))] if known and max(known) - min(known) < self.most else []
        pools.append(list({canonical(value): value for value in answer}.values()))
        return [pool for pool in pools if {*map(canonical, answer)} <= {*map(canonical, pool)}]

    def lists(self, pools: Sequence[Sequence[Answer]], answer: list[Answer]) -> Listed:
        """Lists of items of the first pool with which they are not too many, in the widest way that has the answer."""
        for pool in pools:
            if found := self.lists_of(pool, answer):
                return found
        k, again = len(answer), Counter(map(canonical, answer))
        if k <= LONGEST and factorial(k) // prod(map(factorial, again.values())) <= self.most:
            return "orders of the right answer", list(_orders(answer))
        raise UnlistedError(f"the orders of {k} items are more than {self.most}")

    def lists_of(self, pool: Sequence[Answer], answer: list[Answer]) -> Listed | None:
        """Lists of items of the pool, unless they are too many."""
        n, k = len(pool), len(answer)
        known = {canonical(value): place for place, value in enumerate(pool)}
        places = [known[canonical(value)] for value in answer]
        once = len({*places}) == k
        if self.few(n**length for length in range(k + 2)):
            return "every list", _each(lambda length: product(pool, repeat=length), k + 1)
        if once and self.few(perm(n, length) for length in range(min(n, k + 1) + 1)):
            return "arrangements", _each(lambda length: permutations(pool, length), min(n, k + 1))
        if once and k < n and 2**n <= self.most and places == sorted(places):
            return "selections", _each(lambda length: combinations(pool, length), n)
        return None

    def few(self, counts: Iterable[int]) -> bool:
        """Whether they come to no more than may be listed; goes no further than it must."""
        return all(total <= self.most for total in accumulate(counts))


NAMES = {"str": "texts", "float": "numbers with a fraction"}


def _each(lists: Callable[[int], Iterator[tuple[Answer, ...]]], longest: int) -> list[Answer]:
    """The lists of every length up to the longest."""
    return [[*items] for length in range(longest + 1) for items in lists(length)]


def _orders(items: list[Answer]) -> Iterator[list[Answer]]:
    """Every order of the items, each once."""
    firsts = {canonical(item): place for place, item in reversed([*enumerate(items)])}
    for place in sorted(firsts.values()):
        for rest in _orders(items[:place] + items[place + 1 :]):
            yield [items[place], *rest]
    if not items:
        yield []


def _values(value: Any) -> Iterator[Any]:
    """All that a value holds, at any depth, keys included."""
    held = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    for part in held:
        yield part
        yield from _values(part)


def _easy(subject: Subject) -> Iterator[Trial]:
    for difficulty in subject.difficulties[:EASIEST]:
        yield from [trial for trial in subject.trials if trial.difficulty == difficulty][:EACH]


def _most(subject: Subject, trial: Trial) -> int:
    """Fewer where the verifier is slow; counted in lines, so that any machine tries the same."""
    return max(2, min(LISTED, int(LINES / (EASIEST * EACH) / (1 + subject.lines[trial.difficulty]))))


def _right(outcome: Outcome) -> bool:
    return score(outcome) >= 1 - contract.TOLERANCE


def _finding(subject: Subject, trial: Trial, answers: Sequence[Answer], outcomes: Sequence[Outcome]) -> Finding | None:
    """What the verdicts on all answers to one instance show against it."""
    differ = values.differ(subject.signature.codomain)
    name, instance = subject.program.reference, shown(trial.instance)
    for answer, outcome in zip(answers, outcomes, strict=True):
        if wrong := no_score(outcome):
            return at(trial, f"verify {wrong} for the answer {shown(answer)} to {instance}", outcome.line)
        if canonical(answer) == canonical(trial.answer) and not _right(outcome):
            told = f"verify gave {outcome.value} for the answer of {name}, {shown(answer)}"
            return at(trial, f"{told}; the instance is {instance}")
    other = [a for a, o in zip(answers, outcomes, strict=True) if _right(o) and differ(trial.answer, a)]
    if subject.program.is_function and other:
        told = f"of all {len(answers)} answers listed, verify accepts {shown(other[0])}"
        more = f" and {len(other) - 1} more" if len(other) > 1 else ""
        return at(trial, f"{told}{more}, but solve gives {shown(trial.answer)}; the instance is {instance}")
    return None


def _some(trial: Trial, answers: Sequence[Answer], outcomes: Sequence[Outcome]) -> list[Verified]:
    """Some right answers and some wrong ones, evenly from all that were listed."""
    all_ = [(trial, answer, outcome) for answer, outcome in zip(answers, outcomes, strict=True)]
    right = [one for one in all_ if _right(one[2])]
    wrong = [one for one in all_ if not _right(one[2])]
    return [one for half in (right, wrong) for one in half[:: 1 + len(half) // KEPT]]


def _refuted(
    subject: Subject, trial: Trial, answers: Sequence[Answer], outcomes: Sequence[Outcome], check: Check | None
) -> Finding | None:
    """A right answer to a relation that a second author refuses."""
    if check is None or subject.program.is_function:
        return None
    right = [a for a, o in zip(answers, outcomes, strict=True) if _right(o)]
    some = right[:: 1 + len(right) // CHECKED]
    for answer, fine in zip(some, check([(trial.instance, answer) for answer in some]), strict=True):
        if fine is False:
            told = (
                f"of all {len(answers)} answers listed, verify accepts {shown(answer)}, which a second author refuses"
            )
            more = f"a right one is {shown(trial.answer)}; the instance is {shown(trial.instance)}"
            return at(trial, f"{told}; {more}")
    return None
