"""What each field of an instance is to the answer: whether it matters, and whether the answer stands in it.

A field *matters* when changing it alone changes some answer of ``solve``, or what ``verify`` makes of an answer. One
that could be changed and never did is a distractor or a forgotten rule; one that ``admits`` let nobody change alone is
undecided, unless what it refused shows that the code looks at the field. A field *gives the answer away* when the
answer is the field, or always the part of it at one place, in more instances than other instances' answers are: that is
a finding, if the text shows the field. An answer that merely stands somewhere in a field is a note with what a guess
among its parts earns, since many tasks are to choose. Not whether a task is right, nor what its statement presents as a
distractor: that is for a reader.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from sandbox.evidence import at, score, shown
from sandbox.laws import UNRELATED
from sandbox.outcome import Call, Ending, Outcome
from sandbox.subject import LINES_EACH, Subject, Trial, Wrong
from synth import contract, values
from synth.environment import Instance
from synth.program import Reference
from synth.types import Type, canonical
from synth.verdict import Finding

ROUNDS = ((10, 3), (30, 6), (60, 12))
"""Instances and changes of each, for a field that has not been seen to matter: few at first, then more."""

PARTS = 400  # of one field's value that are looked at
LOOKED = 240  # instances in which the answer is looked for
WRONGS = 6  # other answers, for each change of a relation's field
OTHERS = 3  # other instances' answers that are looked for in each
NUMERAL = re.compile(r"-?\d{1,30}")
WORD = re.compile(r"\w+")


Pair = tuple[Trial, Instance]
"""A trial, and its instance with one field changed."""


@dataclass(frozen=True)
class Leak:
    """How often the answer stands in a field, and how often other instances' answers do, all as shares."""

    equal: float
    """The field is the answer."""
    placed: float
    """The answer is the part at the best one place, such as the last item."""
    place: str
    """That place, as ``[-1]``; a text's part is counted in words, or numerals for an integer."""
    within: float
    """The answer is some part of the field."""
    guessed: float
    """What a guess among the field's different parts earns."""
    chance: Mapping[str, float]
    """``equal``, ``placed`` and ``within`` of other answers at the same difficulty."""

    @property
    def excess(self) -> float:
        """The share of instances, beyond chance, in which the field gives the answer away."""
        return max(self.equal - self.chance["equal"], self.placed - self.chance["placed"])


@dataclass(frozen=True)
class Field:
    """What was seen of one field."""

    name: str
    changed: int
    """Changes of the field alone that ``admits`` accepted."""
    refused: int
    """Changes that it did not."""
    mattered: int
    """Accepted changes after which an answer or a verdict was another."""
    bounded: int
    """Where none did: answers and verdicts that changed with a refused change, such as a limit made too tight."""
    leak: Leak

    @property
    def note(self) -> str:
        """What its reader should know; nothing where there is nothing."""
        if not self.changed and not self.bounded:
            return f"{self.name} could not be changed alone: admits refused {self.refused} of {self.refused} changes"
        if not self.mattered and not self.bounded:
            told = f"{self.changed} changes of {self.name} alone changed no answer and no verdict that was tried"
            return f"{told}: a distractor, or a forgotten rule"
        if self.leak.within - self.leak.chance["within"] > contract.LEAK_SHARE:
            told = f"the answer is a part of {self.name} in {self.leak.within:.0%} of the instances"
            return f"{told}; a guess among its parts earns {self.leak.guessed:.0%}"
        return ""


@dataclass(frozen=True)
class Fields:
    """What was seen of all fields."""

    fields: tuple[Field, ...]
    findings: tuple[Finding, ...]
    """Answers that a field gives away."""
    calls: int
    """Jailed calls that it took, ``most_calls`` at most."""

    @property
    def notes(self) -> list[str]:
        return [field.note for field in self.fields if field.note]

    def asdict(self) -> dict[str, Any]:
        return {**asdict(self), "notes": self.notes}


def most_calls(fields: int) -> int:
    """The most jailed calls that looking at so many fields takes: to admit, to answer, and verdicts.

    >>> most_calls(2)
    18600
    """
    return fields * sum(instances * changes for instances, changes in ROUNDS) * (4 + WRONGS)


def fields(subject: Subject) -> Fields:
    """Look at each field of a subject that keeps the laws up to ``answerable``, so that its trials are well typed."""
    seen, findings, calls = [], [], 0
    for name in subject.signature.domain:
        probe = Probe(subject, name)
        probe.run()
        calls += probe.calls
        leak, finding = leaked(subject, name)
        seen.append(Field(name, probe.changed, probe.refused, probe.mattered, probe.bounded, leak))
        findings += [finding] if finding and name in subject.visible else []
    return Fields(tuple(seen), tuple(findings), calls)


class Probe:
    """Changes one field of a subject's instances until it is seen to matter, or the rounds are over."""

    def __init__(self, subject: Subject, name: str) -> None:
        self.subject, self.name = subject, name
        self.calls = self.changed = self.refused = self.mattered = self.bounded = 0
        self._rng = Random(f"{subject.program.title} {name}")

    def run(self) -> None:
        start = 0
        for instances, changes in ROUNDS:
            if not self.mattered:
                self._look(self.subject.trials[start : start + instances], changes)
            start += instances

    def _look(self, trials: Sequence[Trial], most: int) -> None:
        pairs = [(trial, made) for trial in trials for made in self._changes(trial, self._most(trial, trials, most))]
        admitted, refused = self._sorted(pairs)
        self.changed += len(admitted)
        self.refused += len(refused)
        moved = self._answers_that_moved(admitted)
        self.mattered += len(moved)
        if not self.mattered:
            self.mattered += sum(map(_refused, self._verdicts(admitted)))
        if not self.mattered and not self.subject.program.is_function:
            self.mattered += self._verdicts_that_moved(admitted)
        if not self.mattered:
            self.bounded += len(self._answers_that_moved(refused))
            self.bounded += sum(map(_refused, self._verdicts(refused)))

    def _most(self, trial: Trial, trials: Sequence[Trial], most: int) -> int:
        """Fewer changes where the program is slow, counted in lines, so that any machine tries the same."""
        if not self.subject.effort.traced:
            return most
        lines = 1 + self.subject.lines[trial.difficulty]
        return max(1, min(most, int(LINES_EACH * len(self.subject.difficulties) / len(trials) / lines)))

    def _verdicts(self, pairs: Sequence[Pair]) -> list[Outcome]:
        """What ``verify`` makes of the old answer on the changed instance."""
        return self._map(self.subject.verifying((made, trial.answer) for trial, made in pairs))

    def _verdicts_that_moved(self, pairs: Sequence[Pair]) -> int:
        """Pairs of which ``verify`` takes another view of some answer that is not the reference's."""
        asked = [(n, wrong, made) for n, (trial, made) in enumerate(pairs) for wrong in self._wrong(trial)]
        verdicts = self._map(self.subject.verifying((made, wrong.answer) for _, wrong, made in asked))
        return len(
            {
                n
                for (n, wrong, _), now in zip(asked, verdicts, strict=True)
                if now.ending is Ending.RETURNED and wrong.outcome.ending is Ending.RETURNED
                if _refused(now) != _refused(wrong.outcome)
            }
        )

    def _wrong(self, trial: Trial) -> list[Wrong]:
        """Some other answers tried on a trial, those first that were right as well: a tighter bound shows on them."""
        tried = [wrong for wrong in self.subject.wrongs if wrong.trial == trial]
        near = [wrong for wrong in tried if wrong.kind not in UNRELATED]
        return sorted(near, key=lambda wrong: _refused(wrong.outcome))[:WRONGS]

    def _changes(self, trial: Trial, most: int) -> Iterator[Instance]:
        """The instance with another value in the field: another instance's, one near, one drawn, in turn."""
        t, old = self.subject.signature.domain[self.name], trial.instance[self.name]
        same = [o for o in self.subject.trials if o.difficulty == trial.difficulty and o.seed != trial.seed]
        others = [o.instance[self.name] for o in self._rng.sample(same, min(most, len(same)))]
        near = [value for _, value in values.near_misses(t, old, self._rng)]
        self._rng.shuffle(near)
        drawn = [values.draw(t, self._rng, self._rng.randint(1, 6)) for _ in range(most)]
        seen = {canonical(old)}
        for value in _in_turn(others, near, _shuffled(t, old, self._rng), drawn):
            if len(seen) <= most and canonical(value) not in seen:
                seen.add(canonical(value))
                yield {**trial.instance, self.name: value}

    def _sorted(self, pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
        """Those that ``admits`` accepts, and the others."""
        if not self.subject.program.has_admits:
            return list(pairs), []
        outcomes = self._map([Call("admits", made) for _, made in pairs])
        split: tuple[list[Pair], list[Pair]] = ([], [])
        for pair, outcome in zip(pairs, outcomes, strict=True):
            split[outcome.value is not True].append(pair)
        return split

    def _answers_that_moved(self, pairs: Sequence[Pair]) -> set[int]:
        """Pairs whose answers differ: of a function by their values, else by what ``verify`` says to the new answer."""
        reference = self.subject.program.reference
        if reference is Reference.WITNESS:
            return set()
        answers = self._map([Call(reference, made) for _, made in pairs])
        differ = values.differ(self.subject.signature.codomain)
        moved = {
            n
            for n, ((trial, _), new) in enumerate(zip(pairs, answers, strict=True))
            if new.ending is Ending.RETURNED
            and new.value in self.subject.signature.codomain
            and differ(trial.answer, new.value)
        }
        if self.subject.program.is_function:
            return moved
        order = sorted(moved)  # the answer to the changed instance, given to the instance as it was
        verdicts = self._map(self.subject.verifying((pairs[n][0].instance, answers[n].value) for n in order))
        return {n for n, outcome in zip(order, verdicts, strict=True) if _refused(outcome)}

    def _map(self, calls: Sequence[Call]) -> list[Outcome]:
        """All outcomes; after a call that takes all its time the rest of the batch count as that one did."""
        self.calls += len(calls)
        return self.subject.session.map(calls, give_up=True)


def leaked(subject: Subject, name: str) -> tuple[Leak, Finding | None]:
    """How often the answer stands in the field, and the evidence where the field gives it away."""
    trials = subject.trials[:LOOKED]
    t = subject.signature.codomain
    looks = [_Look.of(trial.instance[name], trial.answer, t) for trial in trials]
    others = [_Look.of(trial.instance[name], answer, t) for trial in trials for answer in _other_answers(trial, trials)]
    places = Counter(place for look in looks for place in look.places).most_common(1)
    place = places[0][0] if places else ""
    shares = {"equal": _share(x.equal for x in looks), "placed": _share(place in x.places for x in looks)}
    leak = Leak(
        **shares,
        place=place,
        within=_share(bool(x.places) for x in looks),
        guessed=round(sum(x.guess for x in looks) / max(1, len(looks)), 4),
        chance={
            "equal": _share(x.equal for x in others),
            "placed": _share(place in x.places for x in others),
            "within": _share(bool(x.places) for x in others),
        },
    )
    if leak.excess <= contract.LEAK_SHARE:
        return leak, None
    whole = shares["equal"] >= shares["placed"]
    where, share = (name, shares["equal"]) if whole else (f"{name}{place}", shares["placed"])
    trial = next(o for o, x in zip(trials, looks, strict=True) if (x.equal if whole else place in x.places))
    told = f"{where} is the answer in {share:.0%} of {len(trials)} instances, here {shown(trial.answer)}"
    return leak, at(trial, told)


@dataclass(frozen=True)
class _Look:
    """Where in one field's value one answer stands."""

    equal: bool
    places: frozenset[str]
    guess: float

    @classmethod
    def of(cls, value: Any, answer: Any, t: Type) -> "_Look":
        wanted = canonical(answer)
        parts = [(place, canonical(part)) for place, part in _parts(value, t)][:PARTS]
        places = frozenset(place for place, part in parts if part == wanted)
        return cls(canonical(value) == wanted, places, 1 / len({part for _, part in parts}) if places else 0.0)


def _parts(value: Any, t: Type) -> Iterator[tuple[str, Any]]:
    """Members of ``t`` in a value with their places; an item of an array has two, from the front and from the back.

    >>> from synth.types import parse
    >>> list(_parts("12 eggs, 7 hens", parse("int")))[:2]
    [('[0]', 12), ('[-2]', 12)]
    """
    if isinstance(value, str):
        held = _of_text(value, t)
        for n, part in enumerate(held):
            yield f"[{n}]", part
            yield f"[{n - len(held)}]", part
    elif isinstance(value, list | dict):
        for place, item in _items(value):
            if item in t:
                yield place, item
            yield from ((f"{place}{deeper}", part) for deeper, part in _parts(item, t))


def _items(value: list[Any] | dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((f"[{key!r}]", item) for key, item in value.items())
        return
    for n, item in enumerate(value):
        yield f"[{n}]", item
        yield f"[{n - len(value)}]", item


def _of_text(text: str, t: Type) -> list[Any]:
    """The numerals of a text where the answer is an integer; its words where it is a text, if there are several."""
    if t.head == "int":
        return [int(numeral) for numeral in NUMERAL.findall(text)]
    words = WORD.findall(text) if t.head == "str" else []
    return words if len(words) > 1 else []


def _other_answers(trial: Trial, trials: Sequence[Trial]) -> list[Any]:
    same = [o for o in trials if o.difficulty == trial.difficulty]
    here = same.index(trial)
    return [same[(here + n) % len(same)].answer for n in range(1, min(OTHERS + 1, len(same)))]


def _refused(outcome: Outcome) -> bool:
    return outcome.ending is Ending.RETURNED and score(outcome) < 1 - contract.TOLERANCE


def _shuffled(t: Type, value: Any, rng: Random) -> list[Any]:
    """Other orders of a value's items or characters: what keeps sizes, sums and sets is often admitted."""
    if t.head not in ("list", "str") or len(value) < 2:
        return []
    orders = [rng.sample(list(value), len(value)) for _ in range(3)]
    return [order if t.head == "list" else "".join(order) for order in orders]


def _in_turn(*sources: Sequence[Any]) -> Iterator[Any]:
    for n in range(max(map(len, sources))):
        yield from (source[n] for source in sources if n < len(source))


def _share(held: Iterable[bool]) -> float:
    counted = list(held)
    return round(sum(counted) / max(1, len(counted)), 4)
