"""A second opinion: a solution by another author, who had the statement and the signature, against the first one's.

Of a function that is a ``solve``; of a relation an ``example``, a ``verify`` or both. The two are run on the same
instances, behind the wall: those that were drawn, and others that are admitted. They agree, they differ (with the
smallest instance that shows it), or the second cannot: it fails, or its author found the words unclear. Who of the
two is wrong is not decided here, nor who asks the second author.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sandbox.audit.asking import Line, task
from sandbox.audit.brute import UnlistedError, listed
from sandbox.audit.corners import SMALLER, admitted, corners, less, smaller
from sandbox.evidence import no_score, score
from sandbox.jail import Sandbox, Session
from sandbox.outcome import COSTLY, Call, Ending, Outcome
from sandbox.subject import Subject, drawing
from synth import prompts, values
from synth.author import UNCLEAR, solution
from synth.complete import Request, Unanswered
from synth.contract import TOLERANCE
from synth.environment import ANSWER, Answer, Instance
from synth.program import Program, Reference
from synth.types import as_json, canonical
from synth.verdict import Compared, Difference, Kind, Opinion, Second

DRAWS = 100  # instances at each difficulty; the first of them are the laws' own
COUNTED = 2  # calls at each difficulty whose lines are counted, and that decide how many more there are
LEAST = 6  # calls at a difficulty, however slow they are
LINES = 4_000_000  # lines of a program that further calls at a difficulty may run: less than a second
NEAR = 6  # near misses of a right answer, on instances that nobody drew and on the easiest drawn
EASIEST = 60  # drawn instances, the easiest, whose near misses are tried as well
SMALL = 12  # instances whose answers are listed, of all and of those that nobody drew
LISTED = 1_000  # answers to one of them, at most
NO_ANSWER = "ValueError: no answer"
ROUNDS = 40  # of making a disagreement smaller
HUNG = 2  # rounds in which the second hung, at most

Author = Callable[[str, Program], tuple[str, str]]
"""Gives the second solution of an environment, by its name and what can be read of it; or nothing, and the reason."""

Checker = Callable[[Sequence[tuple[Instance, Answer]]], list[bool | None]]
"""Whether each answer is right; None where that cannot be told."""


def opinion(subject: Subject, source: str, why: str, box: Sandbox) -> Second:
    """What a second author makes of the environment, of whom there is a ``source``, or the reason why there is none."""
    if not source:
        return Second(Opinion.UNCLEAR if why.startswith(UNCLEAR) else Opinion.CANNOT, why=why)
    return compare(subject, source, box)


def from_files(path: Path) -> Author:
    """The solution in a file, or in the file of that name in a folder."""

    def author(name: str, _: Program) -> tuple[str, str]:
        file = path / f"{name}.py" if path.is_dir() else path
        try:
            return file.read_text(encoding="utf-8"), ""
        except (OSError, UnicodeDecodeError) as error:
            return "", f"{file}: {getattr(error, 'strerror', None) or error}"

    return author


def of_model(line: Line) -> Author:
    """The solution that a model writes from the statement; each is asked for on its own, as ``NAME.second``.

    Raises ``CompleterError`` when it is asked and nothing more can be.
    """

    def author(name: str, program: Program) -> tuple[str, str]:
        (reply,) = line.ask([Request(task(name, "second"), 1, prompts.second(program))])
        return ("", str(reply)) if isinstance(reply, Unanswered) else solution(reply.text, program.is_function)

    return author


def compare(subject: Subject, source: str, box: Sandbox) -> Second:
    """Compare the second author's functions with the subject's, an environment that keeps the laws."""
    there, wanted = defined(source), ("solve",) if subject.program.is_function else ("example", "verify")
    with _opened(subject, source, box) as session:
        if session.loaded.ending is not Ending.RETURNED:
            return Second(Opinion.CANNOT, why=f"it does not load: {session.loaded.error}")
        if not there.intersection(wanted):
            return Second(Opinion.CANNOT, why=f"it defines no function {' or '.join(map(repr, wanted))}")
        return _Pair(subject, session, there).opinion()


@contextmanager
def checker(source: str, subject: Subject, box: Sandbox) -> Iterator[Checker | None]:
    """The second author's ``verify``, to be asked about any pairs; None when there is none, or it does not load."""
    with _opened(subject, source, box) as session:
        loaded = session.loaded.ending is Ending.RETURNED and "verify" in defined(source)
        yield (lambda pairs: _right(session.map(subject.verifying(pairs), give_up=True))) if loaded else None


def defined(source: str) -> set[str]:
    """The names that a module gives to functions and values; none of what cannot be read.

    >>> sorted(defined("def example(n: int) -> int: ...\\nverify = min"))
    ['example', 'verify']
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    assigned = {t.id for node in body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)}
    return assigned | {node.name for node in body if isinstance(node, ast.FunctionDef)}


def _opened(subject: Subject, source: str, box: Sandbox) -> Session:
    shapes = {name: str(t) for name, t in subject.signature.domain.items()}
    return box.open(source, shapes={**shapes, "answer": str(subject.signature.codomain)})


@dataclass(frozen=True, eq=False)
class _Case:
    """An instance to compare on; without a seed, one that nobody drew. ``answer`` is the first's, where it has one."""

    difficulty: int
    seed: int | None
    instance: Instance
    answer: Answer = None
    answered: bool = True

    @property
    def drawn(self) -> bool:
        return self.seed is not None


@dataclass(frozen=True, eq=False)
class _Claim:
    """An answer, and whether the first says that it is right; None where it could not tell."""

    case: _Case
    answer: Answer
    first: bool | None


@dataclass(frozen=True)
class _Told:
    """A comparison: how the two differ, or how the second failed; neither where they agree."""

    case: _Case
    kind: Kind
    difference: Difference | None = None
    failed: str = ""


class _Pair:
    """The two authors' programs, to be run on the same instances."""

    def __init__(self, subject: Subject, second: Session, there: set[str]) -> None:
        self.subject, self.second, self.there = subject, second, there
        self.codomain = subject.signature.codomain
        self._apart = values.differ(self.codomain)
        self._fractions = "float" in str(self.codomain)

    def opinion(self) -> Second:
        told = self._compared()
        apart = dict.fromkeys(one.case for one in told if one.difference)
        compared = dict.fromkeys(one.case for one in told if not one.failed)
        failures = [one for one in told if one.failed]
        silent = [one for one in failures if one.case.drawn and one.case not in compared]
        shown = sorted(self._smallest(told), key=lambda found: len(as_json(found.instance)))
        return Second(
            Opinion.DIFFERS if apart else Opinion.CANNOT if silent else Opinion.AGREES,
            instances=sum(case.drawn for case in compared),
            differed=sum(case.drawn for case in apart),
            corners=sum(not case.drawn for case in compared),
            corners_differed=sum(not case.drawn for case in apart),
            failed=len(failures),
            kinds={kind: _counted(told, kind) for kind in Kind if any(one.kind is kind for one in told)},
            difference=shown[0] if shown else None,
            further=tuple(shown[1:]),
            why=next((f"{one.failed}, {_where(one.case)}" for one in silent or failures), ""),
        )

    def _compared(self) -> list[_Told]:
        drawn = [_Case(t.difficulty, t.seed, t.instance, t.answer) for t in self.subject.trials]
        cases = [*drawn, *self._further(), *self._corners()]
        if self.subject.program.is_function:
            return self._answers(cases, paced(self.second, cases, _calls("solve", cases)))
        examples, told = self._examples(cases) if "example" in self.there else ([], [])
        if "verify" in self.there:
            references = [_Claim(case, case.answer, True) for case in cases if case.answered]
            told += self._judged(Kind.REFERENCE, references)
            told += self._judged(Kind.VERDICTS, [*self._wrongs(drawn), *self._more_claims(cases, examples)])
        return told

    def _further(self) -> list[_Case]:
        """Instances drawn with further seeds, as far as the first answers them: whether it does, the laws ask."""
        seeds = range(len(self.subject.trials) // len(self.subject.difficulties), DRAWS)
        named = [_Case(difficulty, seed, {}) for seed in seeds for difficulty in self.subject.difficulties]
        calls = [drawing(case.seed, case.difficulty) for case in named if case.seed is not None]
        drawn = zip(named, paced(self.subject.session, named, calls), strict=True)
        found = [(case, o.value) for case, o in drawn if o and o.ending is Ending.RETURNED and self._fits(o.value)]
        cases = [replace(case, instance=self.subject.fields(value)) for case, value in found]
        if self.subject.program.reference is not Reference.WITNESS:
            return self._answered(cases)
        return [replace(case, answer=value[ANSWER]) for case, (_, value) in zip(cases, found, strict=True)]

    def _fits(self, drawn: Any) -> bool:
        """Whether ``generate`` gave an instance of the types, with a right answer where it should."""
        witness = {ANSWER} if self.subject.program.reference is Reference.WITNESS else set()
        if not isinstance(drawn, dict) or drawn.keys() != self.subject.signature.domain.keys() | witness:
            return False
        fields = self.subject.signature.admits(self.subject.fields(drawn))
        return fields and (not witness or drawn[ANSWER] in self.codomain)

    def _corners(self) -> list[_Case]:
        """Admitted instances that nobody drew, with the first's answer where it computes any."""
        found = corners(self.subject)
        if self.subject.program.reference is Reference.WITNESS:
            return [_Case(difficulty, None, instance, answered=False) for difficulty, instance in found]
        return self._answered([_Case(difficulty, None, instance) for difficulty, instance in found])

    def _answered(self, cases: Sequence[_Case]) -> list[_Case]:
        """Those for which the first computes an answer, with it."""
        outcomes = paced(self.subject.session, cases, _calls(self.subject.program.reference, cases))
        return [
            replace(case, answer=outcome.value)
            for case, outcome in zip(cases, outcomes, strict=True)
            if outcome and outcome.ending is Ending.RETURNED and outcome.value in self.codomain
        ]

    def _answers(self, cases: Sequence[_Case], outcomes: Sequence[Outcome | None]) -> list[_Told]:
        """Of a function, the two answers to each case; one of another type is another answer.

        With fractions the first's ``verify`` says what is near enough.
        """
        asked = [(case, outcome) for case, outcome in zip(cases, outcomes, strict=True) if outcome]
        typed = [(case, o.value) for case, o in asked if o.ending is Ending.RETURNED and o.value in self.codomain]
        near = dict(zip((case for case, _ in typed), self._first_right(typed), strict=True)) if self._fractions else {}
        told = []
        for case, outcome in asked:
            if _finds_none(outcome):
                none = Difference(Kind.NONE, case.instance, None, case.answer, None)
                told.append(_Told(case, Kind.NONE, none))
                continue
            if failed := _failed(outcome):
                told.append(_Told(case, Kind.SOLVE, failed=failed))
                continue
            same = outcome.value in self.codomain and not self._apart(case.answer, outcome.value)
            same = near[case] is not False if case in near else same
            found = Difference(Kind.SOLVE, case.instance, None, case.answer, outcome.value)
            told.append(_Told(case, Kind.SOLVE, None if same else found))
        return told

    def _examples(self, cases: Sequence[_Case]) -> tuple[list[_Claim], list[_Told]]:
        """The second's answers that are of the type, with the first's verdict; and what is told of all of them."""
        outcomes = paced(self.second, cases, _calls("example", cases))
        asked = [(case, outcome) for case, outcome in zip(cases, outcomes, strict=True) if outcome]
        told = [_Told(case, Kind.EXAMPLE, failed=failed) for case, o in asked if (failed := _failed(o))]
        given = [(case, outcome.value) for case, outcome in asked if not _failed(outcome)]
        typed = [(case, answer) for case, answer in given if answer in self.codomain]
        told += [
            _Told(case, Kind.EXAMPLE, Difference(Kind.EXAMPLE, case.instance, answer, False, True))
            for case, answer in given
            if answer not in self.codomain
        ]
        claims = [_Claim(*pair, first) for pair, first in zip(typed, self._first_right(typed), strict=True)]
        return claims, told + self._examples_judged(claims)

    def _examples_judged(self, claims: Sequence[_Claim]) -> list[_Told]:
        """Of one that the second's own ``verify`` refuses, the second says nothing."""
        seconds = self._second_right(claims) if "verify" in self.there else [True] * len(claims)
        told = []
        for claim, second in zip(claims, seconds, strict=True):
            if second is False:
                told.append(_Told(claim.case, Kind.EXAMPLE, failed="its verify refuses its own example"))
            elif claim.first is not None:
                found = Difference(Kind.EXAMPLE, claim.case.instance, claim.answer, claim.first, True)
                told.append(_Told(claim.case, Kind.EXAMPLE, None if claim.first else found))
        return told

    def _wrongs(self, drawn: Sequence[_Case]) -> list[_Claim]:
        """The wrong answers of the laws, with the first's verdicts."""
        named = {(case.difficulty, case.seed): case for case in drawn}
        found = [(named.get((wrong.trial.difficulty, wrong.trial.seed)), wrong) for wrong in self.subject.wrongs]
        return [_Claim(case, wrong.answer, _right([wrong.outcome])[0]) for case, wrong in found if case]

    def _more_claims(self, cases: Sequence[_Case], examples: Sequence[_Claim]) -> list[_Claim]:
        """The second's examples; near misses of those and, on the corners, of the first's; odd ones; all, of a few."""
        rng = Random(f"{self.subject.program.title} second")
        easiest = sorted(examples, key=lambda claim: claim.case.difficulty)[:EASIEST]
        drawn, corner = ([case for case in cases if case.drawn is told] for told in (True, False))
        pairs = [(claim.case, answer) for claim in easiest for answer in self._near(claim.answer, rng)]
        pairs += [(case, answer) for case in corner if case.answered for answer in self._near(case.answer, rng)]
        pairs += [(case, odd) for case in corner for odd in values.odd(self.codomain)[:NEAR]]
        pairs += [pair for known in (drawn, corner) for case in _smallest_of(known) for pair in self._listed(case)]
        more = [_Claim(*pair, first) for pair, first in zip(pairs, self._first_right(pairs), strict=True)]
        return [*(claim for claim in examples if claim.first), *more]

    def _listed(self, case: _Case) -> list[tuple[_Case, Answer]]:
        """All answers to a small instance, where they can be listed."""
        try:
            return [(case, one) for one in listed(self.codomain, case.answer, [], case.instance, LISTED)[1]]
        except UnlistedError:
            return []

    def _near(self, answer: Answer, rng: Random) -> list[Answer]:
        misses = [miss for _, miss in values.near_misses(self.codomain, answer, rng)]
        return rng.sample(misses, min(NEAR, len(misses)))

    def _judged(self, kind: Kind, claims: Sequence[_Claim]) -> list[_Told]:
        """What the second's ``verify`` says of answers on which the first has a verdict."""
        calls = self.subject.verifying((claim.case.instance, claim.answer) for claim in claims)
        told = []
        for claim, outcome in zip(claims, paced(self.second, [claim.case for claim in claims], calls), strict=True):
            second = _right([outcome])[0] if outcome else None
            if outcome and second is None:
                told.append(_Told(claim.case, kind, failed=f"verify {no_score(outcome)}"))
            elif second is not None and claim.first is not None:
                found = Difference(kind, claim.case.instance, claim.answer, claim.first, second)
                told.append(_Told(claim.case, kind, None if claim.first is second else found))
        return told

    def _smallest(self, told: Sequence[_Told]) -> Iterator[Difference]:
        """Of each kind a difference on an instance that nothing that is tried makes smaller."""
        for kind in Kind:
            found = [one.difference for one in told if one.kind is kind and one.difference]
            if found:
                yield self._shrunk(min(found, key=_size))

    def _shrunk(self, found: Difference) -> Difference:
        hung = 0
        for _ in range(ROUNDS):
            told = self._nearer(found)
            same = [one.difference for one in told if one.difference and one.kind is found.kind]
            hung += any(one.failed.startswith(tuple(COSTLY)) for one in told)
            nearer = next((one for one in same if _size(one) < _size(found)), None)
            if nearer is None or hung > HUNG:
                break
            found = nearer
        return found

    def _nearer(self, found: Difference) -> list[_Told]:
        """The comparison on smaller instances that are admitted, and with smaller answers."""
        tried = list(islice(less(self.subject, found.instance), SMALLER))
        lets_in = admitted(self.subject, tried)
        cases = [_Case(0, None, instance) for instance, fits in zip(tried, lets_in, strict=True) if fits]
        answers = islice(smaller(found.answer, self.codomain), SMALLER) if found.kind is Kind.VERDICTS else ()
        same = _Case(0, None, found.instance)
        return [*self._again(found, cases), *self._apart_on([(same, answer) for answer in answers], found)]

    def _again(self, found: Difference, cases: Sequence[_Case]) -> list[_Told]:
        """The comparison that showed ``found``, on other cases."""
        if self.subject.program.is_function:
            answered = self._answered(cases)
            return self._answers(answered, self.second.map(_calls("solve", answered), give_up=True))
        if found.kind is Kind.EXAMPLE:
            return self._examples(cases)[1]
        if found.kind is Kind.REFERENCE and self.subject.program.reference is not Reference.WITNESS:
            return self._apart_on([(case, case.answer) for case in self._answered(cases)], found)
        return self._apart_on([(case, found.answer) for case in cases], found)

    def _apart_on(self, pairs: Sequence[tuple[_Case, Answer]], found: Difference) -> list[_Told]:
        """The pairs on which the two verdicts are those of ``found``."""
        claims = [_Claim(*pair, first) for pair, first in zip(pairs, self._first_right(pairs), strict=True)]
        return self._judged(found.kind, [claim for claim in claims if claim.first is found.first])

    def _first_right(self, pairs: Sequence[tuple[_Case, Answer]]) -> list[bool | None]:
        calls = self.subject.verifying((case.instance, answer) for case, answer in pairs)
        return _right(self.subject.session.map(calls, give_up=True))

    def _second_right(self, claims: Sequence[_Claim]) -> list[bool | None]:
        calls = self.subject.verifying((claim.case.instance, claim.answer) for claim in claims)
        return _right(self.second.map(calls, give_up=True))


def paced(session: Session, cases: Sequence[_Case], calls: Sequence[Call]) -> list[Outcome | None]:
    """The outcomes, the easiest cases first; None for calls left out as the program is slow, or as it hung before.

    How slow it is is counted in lines, so that any machine tries the same.
    """
    outcomes: list[Outcome | None] = [None] * len(calls)
    for difficulty in sorted({case.difficulty for case in cases}):
        here = [n for n, case in enumerate(cases) if case.difficulty == difficulty]
        counted = session.map([calls[n] for n in here[:COUNTED]], count=True, give_up=True)
        lines = max(LINES if outcome.ending in COSTLY else outcome.steps or 0 for outcome in counted)
        here = here[: max(LEAST, LINES // (1 + lines))]
        for n, outcome in zip(here, session.map([calls[n] for n in here], give_up=True), strict=True):
            outcomes[n] = outcome
        if any(outcome and outcome.ending in COSTLY for outcome in (outcomes[n] for n in here)):
            break
    return outcomes


def _smallest_of(cases: Sequence[_Case]) -> list[_Case]:
    """A few with an answer, on the smallest instances."""
    return sorted((case for case in cases if case.answered), key=lambda case: len(canonical(case.instance)))[:SMALL]


def _calls(function: str, cases: Sequence[_Case]) -> list[Call]:
    return [Call(function, case.instance) for case in cases]


def _right(outcomes: Sequence[Outcome]) -> list[bool | None]:
    """Whether each says that an answer is wholly right; None where it is no verdict."""
    return [None if no_score(outcome) else score(outcome) >= 1 - TOLERANCE for outcome in outcomes]


def _counted(told: Sequence[_Told], kind: Kind) -> Compared:
    of = [one for one in told if one.kind is kind and not one.failed]
    return Compared(len(of), sum(one.difference is not None for one in of))


def _finds_none(outcome: Outcome) -> bool:
    """Whether the second says, as it was told to say it, that an instance has no right answer."""
    return outcome.ending is Ending.RAISED and outcome.error == NO_ANSWER


def _failed(outcome: Outcome) -> str:
    """How the second failed to answer; empty if it gave something, of whatever type."""
    if outcome.ending is not Ending.RETURNED:
        return f"{outcome.ending}: {outcome.error}"
    return "gave nothing" if outcome.value is None else ""


def _where(case: _Case) -> str:
    return f"at difficulty {case.difficulty}, seed {case.seed}" if case.drawn else "on an instance that nobody drew"


def _size(found: Difference) -> tuple[int, int, str]:
    given, answer = canonical(found.instance), canonical(found.answer)
    return len(given) + len(answer), len(answer), given
