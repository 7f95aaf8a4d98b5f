"""Universal answers: rules that do without the task, and on how many instances a verifier takes what they give.

A *blind* rule does no work: always the same value, a field as it stands, nothing, everything there is. Where one is
right often, a model is paid for learning it instead of the task: a finding. A *simple* rule does a little (the largest
item, the field in order); where one is right often it may well be the task, and is a note. Not here: the constants that
are right answers to other instances, which the laws try on every environment.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product
from operator import itemgetter
from typing import Any

from sandbox.evidence import at, score, shown
from sandbox.laws import SCATTER
from sandbox.subject import Subject, Trial
from synth import contract, values
from synth.environment import Answer, Instance
from synth.types import STR, Type, canonical
from synth.verdict import Finding

LOOKED = 12  # instances on which every rule is tried; those that are right on some, on more
MORE = 120
RULES = 160  # at most
COUNTED = 3  # items of an answer that counts up; with two, chance alone does it often
TOLD = 0.5  # of the instances for which a simple rule is right: worth a note


@dataclass(frozen=True)
class Rule:
    """A way to an answer that knows nothing of the task."""

    words: str
    blind: bool
    answer: Callable[[Instance], Any]
    """None, or a value of another type, where the rule does not apply."""
    everything: bool = False
    """It gives all that there is: no work where right answers hold less."""


@dataclass(frozen=True)
class Universal:
    """A rule, and what it earns."""

    words: str
    blind: bool
    share: float
    """Mean score on the instances that it was tried on."""
    instances: int

    @property
    def told(self) -> str:
        return f"{self.words} is right for {self.share:.0%} of {self.instances} instances"


@dataclass(frozen=True)
class Rules:
    """What rules earn."""

    tried: int
    best: tuple[Universal, ...]
    """The best blind one and the best simple one, if they were ever right."""
    finding: Finding | None
    notes: tuple[str, ...]


def universal(subject: Subject, constants: Sequence[Answer] = ()) -> Rules:
    """What rules earn of a subject that keeps the laws; ``constants`` are further answers to try everywhere."""
    known = [Rule(f"always {shown(value)}", True, _always(value)) for value in constants]
    tried = list(islice(chain(known, rules(subject.signature.codomain, subject.visible)), RULES))
    few, more = subject.trials[:LOOKED], subject.trials[:: max(1, len(subject.trials) // MORE)][:MORE]
    some = [rule for rule, earned in zip(tried, _earned(subject, tried, few), strict=True) if any(earned)]
    best: dict[bool, tuple[Universal, Rule, list[float]]] = {}
    for rule, earned in zip(some, _earned(subject, some, more), strict=True):
        blind = rule.blind or _holds_more(subject, rule, more)
        one = Universal(rule.words, blind, round(sum(earned) / len(earned), 4), len(more))
        if blind not in best or one.share > best[blind][0].share:
            best[blind] = one, rule, earned
    finding = (_against(subject, more, *best[True]) if True in best else None) or _counting(subject)
    notes = [one.told for blind, (one, _, _) in best.items() if not blind and one.share > TOLD]
    return Rules(len(tried), tuple(best[blind][0] for blind in sorted(best, reverse=True)), finding, tuple(notes))


def _against(
    subject: Subject, trials: Sequence[Trial], one: Universal, rule: Rule, earned: Sequence[float]
) -> Finding | None:
    """The evidence where a blind rule earns more than it may: where there are only two answers, as much as a coin."""
    two = len({canonical(trial.answer) for trial in subject.trials}) == 2
    most = contract.COIN_SHARE if two else contract.CONSTANT_SHARE
    if one.share <= most + SCATTER / len(trials):
        return None
    trial = trials[max(range(len(trials)), key=earned.__getitem__)]
    told = f"{one.told}, without any work"
    return at(trial, f"{told}, here {shown(rule.answer(trial.instance))} for {shown(trial.instance)}")


def _counting(subject: Subject) -> Finding | None:
    """The evidence where right answers are mostly the first so many places in order: only how many is left to find."""
    longer = [t for t in subject.trials if isinstance(t.answer, list) and len(t.answer) >= COUNTED]
    up = [t for t in longer if t.answer in (list(range(len(t.answer))), list(range(1, len(t.answer) + 1)))]
    if 2 * len(longer) < len(subject.trials) or 2 * len(up) < len(longer):
        return None
    told = f"the right answer counts up in {len(up)} of {len(longer)} instances where it has {COUNTED} items or more"
    return at(up[0], f"{told}, here {shown(up[0].answer)} for {shown(up[0].instance)}")


def _holds_more(subject: Subject, rule: Rule, trials: Sequence[Trial]) -> bool:
    """Whether a rule that gives everything gives more than the right answers to a relation mostly hold."""
    if subject.program.is_function or not rule.everything:
        return False
    return 2 * sum(len(rule.answer(trial.instance) or ()) > len(trial.answer) for trial in trials) > len(trials)


def _earned(subject: Subject, tried: Sequence[Rule], trials: Sequence[Trial]) -> list[list[float]]:
    """What each rule earns on each trial; a function is asked only whether the answer is its own."""
    t = subject.signature.codomain
    answers = [[rule.answer(trial.instance) for trial in trials] for rule in tried]
    if subject.program.is_function:
        differ = values.differ(t)
        scores = [
            [float(a in t and not differ(trial.answer, a)) for a, trial in zip(given, trials, strict=True)]
            for given in answers
        ]
    else:
        pairs = [(r, n) for r, given in enumerate(answers) for n, answer in enumerate(given) if answer in t]
        calls = subject.verifying((trials[n].instance, answers[r][n]) for r, n in pairs)
        scores = [[0.0] * len(trials) for _ in tried]
        for (r, n), outcome in zip(pairs, subject.session.map(calls, give_up=True), strict=True):
            scores[r][n] = score(outcome)
    return scores


def rules(t: Type, domain: Mapping[str, Type]) -> Iterator[Rule]:
    """Rules whose answers are of type ``t``, blind ones first.

    >>> from synth.types import parse
    >>> found = rules(parse("list[int]"), {"xs": parse("list[int]")})
    >>> [rule.words for rule in found if rule.answer({"xs": [7, 5]}) == [5, 7]]
    ['xs backwards', 'xs in order', 'xs in order, each once']
    """
    found = [*_echoes(t, domain), *_constants(t), *_of(t, domain)]
    yield from sorted(found, key=lambda rule: not rule.blind)


def _echoes(t: Type, domain: Mapping[str, Type]) -> Iterator[Rule]:
    for name, given in domain.items():
        if given <= t:
            yield Rule(name, True, _field(name))


def _constants(t: Type) -> Iterator[Rule]:
    for value in values.odd(t):
        if len(canonical(value)) < 100:
            yield Rule(f"always {shown(value)}", True, _always(value))


def _of(t: Type, domain: Mapping[str, Type]) -> Iterator[Rule]:
    match t.head:
        case "int" | "float":
            yield from _numbers(domain)
        case "str":
            yield from _texts(domain)
        case "list":
            yield from _lists(t, domain)
        case "tuple":
            each = max(1, int(RULES ** (1 / len(t.args))))
            columns = [[*_echoes(part, domain), *_constants(part), *_of(part, domain)][:each] for part in t.args]
            for parts in islice(product(*columns), RULES):
                words = ", ".join(part.words for part in parts)
                yield Rule(f"({words})", all(part.blind for part in parts), _together(parts))
        case "dict":
            for name in domain:
                for value in values.odd(t.args[1])[:4]:
                    yield Rule(f"{shown(value)} for each of {name}", True, _each(name, value, True))


def _numbers(domain: Mapping[str, Type]) -> Iterator[Rule]:
    for name, t in domain.items():
        if t.head in ("list", "str", "dict"):
            yield Rule(f"the length of {name}", False, _with(name, len))
        if t.head == "list" and t.args[0].head in ("int", "float"):
            ways: dict[str, Callable[[Any], Any]] = {"the sum of": sum, "the largest of": max, "the smallest of": min}
            yield from (Rule(f"{words} {name}", False, _with(name, way)) for words, way in ways.items())
            yield Rule(f"the first of {name}", False, _with(name, lambda xs: xs[0]))
            yield Rule(f"the last of {name}", False, _with(name, lambda xs: xs[-1]))
            yield Rule(f"how many different there are in {name}", False, _with(name, lambda xs: len({*xs})))


def _texts(domain: Mapping[str, Type]) -> Iterator[Rule]:
    for name, t in domain.items():
        if t == STR:
            yield Rule(f"{name} backwards", False, _with(name, lambda text: text[::-1]))
            yield Rule(f"{name} in order", False, _with(name, lambda text: "".join(sorted(text))))
        if str(t) == "list[str]":
            yield Rule(f"the first of {name}", False, _with(name, lambda texts: texts[0]))
            yield Rule(f"the last of {name}", False, _with(name, lambda texts: texts[-1]))
            for by in ("", " ", ", ", ","):
                yield Rule(f"all of {name}, joined by {by!r}", True, _with(name, by.join))


def _lists(t: Type, domain: Mapping[str, Type]) -> Iterator[Rule]:
    for name, given in domain.items():
        if given.head == "list" and given <= t:
            yield Rule(f"{name} backwards", False, _with(name, lambda xs: xs[::-1]), everything=True)
            yield Rule(f"{name} in order", False, _with(name, sorted), everything=True)
            yield Rule(f"{name} in order, each once", False, _with(name, lambda xs: sorted({*xs})), everything=True)
            for k in (1, 2, 3):
                yield Rule(f"the first {k} of {name}", False, _with(name, itemgetter(slice(k))))
        if given.head == "dict" and t.args[0] == STR:
            yield Rule(f"the keys of {name}", True, _with(name, list))
        if t.args[0].head == "int" and (given.head in ("list", "dict", "str", "int")):
            size = f"the length of {name}" if given.head != "int" else name
            yield Rule(f"every number from 0 to before {size}", True, _with(name, lambda v: [*range(_size(v))]))
            yield Rule(f"every number from 1 to {size}", True, _with(name, lambda v: [*range(1, _size(v) + 1)]))
        for value in values.odd(t.args[0])[:3]:
            yield Rule(f"{shown(value)} for each of {name}", True, _each(name, value, False))


def _size(value: Any) -> int:
    """How many there are of what a field counts or holds, as far as anybody would write down."""
    return min(1_000, value if isinstance(value, int) else len(value))


def _always(value: Any) -> Callable[[Instance], Any]:
    return lambda instance: value


def _field(name: str) -> Callable[[Instance], Any]:
    return lambda instance: instance[name]


def _with(name: str, way: Callable[[Any], Any]) -> Callable[[Instance], Any]:
    """What ``way`` makes of a field; nothing where it makes nothing of it."""

    def answer(instance: Instance) -> Any:
        try:
            return way(instance[name])
        except (LookupError, TypeError, ValueError):
            return None

    return answer


def _together(parts: Sequence[Rule]) -> Callable[[Instance], Any]:
    return lambda instance: [part.answer(instance) for part in parts]


def _each(name: str, value: Any, keyed: bool) -> Callable[[Instance], Any]:
    """The same for each item or key of a field."""

    def answer(instance: Instance) -> Any:
        held = instance[name]
        if keyed:
            return {key: value for key in held if isinstance(key, str)} if isinstance(held, list | dict) else None
        return [value] * _size(held) if isinstance(held, int | list | dict | str) else None

    return answer
