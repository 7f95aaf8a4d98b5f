"""Tolerance: how far off a float may be before verify refuses it, against what the statement grants.

The right answer is moved by powers of ten, of itself and as such, from 1e-12 to 1e-1, up and down. What is accepted
on every instance and what on none are measured; a statement that names a tolerance is held to it, with a factor of
two to spare: as such, unless it speaks of shares. Not here: answers that are further off (``attack.py``).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sandbox.audit.brute import Verified
from sandbox.evidence import at, score, shown
from sandbox.subject import Subject, Trial
from synth import values
from synth.contract import TOLERANCE
from synth.environment import Answer
from synth.program import Program
from synth.types import canonical
from synth.verdict import Finding

LADDER = range(-12, 0)  # powers of ten
LOOKED = 30  # instances
SPARE = 2  # times what is told, that may be accepted, and of which a part must be
PER_CENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|per ?cent)")
SMALL = re.compile(r"(?<![\w.])(0?\.\d+|\d(?:\.\d+)?e-\d+|10\^\{?-\d+\}?)(?![\w.]*\d)")
PLACES = re.compile(r"(\d+|one|two|three|four|five|six|seven|eight|nine|ten) (?:decimal|digits? after|places|decimals)")
GRANTS = re.compile(r"toleran|within|error|accura|off by|off at most|differ|precis|at most .{0,20} away", re.IGNORECASE)
ANSWER = re.compile(r"answer|exact|correct|right|true|accept|result|value|error|toleran|precis|accura", re.IGNORECASE)
RELATES = re.compile(r"relative|per ?cent|%|fraction|share|proportion", re.IGNORECASE)
WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


@dataclass(frozen=True)
class Tolerance:
    """How far off an answer may be, as powers of ten."""

    instances: int
    relative: float
    """The most, as a share of the answer, that was accepted on every instance; 0 for none."""
    absolute: float
    """The same of the answer moved by so much."""
    told: float | None
    """The largest tolerance that the statement names; None where it names none."""
    rounded: float | None
    """The last decimal place to which it says that the answer is rounded."""
    finding: Finding | None
    note: str = ""


def tolerance(subject: Subject) -> tuple[Tolerance | None, list[Verified]]:
    """What is accepted around right answers that hold floats, and the verdicts; None for a codomain without any."""
    program = subject.program
    if "float" not in str(subject.signature.codomain) or not isinstance(program, Program):
        return None, []
    told, rounded = granted(program.statement)
    every = max(1, len(subject.trials) // LOOKED)
    trials = [t for t in subject.trials[::every][:LOOKED] if _has_float(subject, t)]
    tried = [(trial, *moved) for trial in trials for moved in _moved(subject, trial)]
    outcomes = subject.session.map(subject.verifying((t.instance, a) for t, _, _, a in tried), give_up=True)
    taken = [score(outcome) >= 1 - TOLERANCE for outcome in outcomes]
    relative, absolute = (_most(tried, taken, of) for of in (True, False))
    finding = None
    if program.is_function:  # of a relation the tolerance may be one for what comes of the answer
        finding = _against(tried, taken, told, rounded, bool(RELATES.search(program.statement)))
    note = ""
    if told is None and rounded is None:
        loose = max(relative, absolute)
        accepts = f"answers that are off by {loose:.0e}" if loose >= 1e-9 else "none to speak of"
        note = f"the statement names no tolerance, and verify accepts {accepts}"
    verdicts = [(trial, answer, outcome) for (trial, _, _, answer), outcome in zip(tried, outcomes, strict=True)]
    return Tolerance(len(trials), relative, absolute, told, rounded, finding, note), verdicts


Moved = tuple[Trial, bool, int, Answer]
"""A trial; whether its answer was moved by a share of itself; the power of ten; and where to."""


def _most(tried: Sequence[Moved], taken: Sequence[bool], relative: bool) -> float:
    """The largest step of the ladder up to which every moved answer was accepted."""
    most = 0.0
    for power in LADDER:
        if not all(ok for (_, r, p, _), ok in zip(tried, taken, strict=True) if r is relative and p == power):
            break
        most = 10.0**power
    return most


def granted(statement: str) -> tuple[float | None, float | None]:
    """The largest tolerance that a statement names, and the last decimal place that it asks for.

    >>> granted("Give the mean; an error of up to 0.001 is accepted.")
    (0.001, None)
    >>> granted("Give the mean, rounded to two decimal places.")
    (None, 0.01)
    """
    tolerances = []
    for sentence in re.split(r"(?<=[.;:!?])\s", statement):
        for clause in re.split(r"[,;(]", sentence) if ANSWER.search(sentence) else ():
            if GRANTS.search(clause):
                tolerances += [_number(text) for text in SMALL.findall(clause)]
                tolerances += [float(text) / 100 for text in PER_CENT.findall(clause)]
    places = [WORDS.index(text) + 1 if text in WORDS else int(text) for text in PLACES.findall(statement)]
    return max(filter(None, tolerances), default=None), 10.0 ** -min(places) if places else None


def _number(text: str) -> float:
    return 10.0 ** int(text.strip("10^{}")) if "^" in text else float(text)


def _has_float(subject: Subject, trial: Trial) -> bool:
    t = subject.signature.codomain
    return canonical(values.floats(t, trial.answer, lambda x: x + 1)) != canonical(trial.answer)


def _moved(subject: Subject, trial: Trial) -> Iterator[tuple[bool, int, Answer]]:
    t = subject.signature.codomain
    for power in LADDER:
        for by in (10.0**power, -(10.0**power)):
            yield True, power, values.floats(t, trial.answer, partial(_scaled, 1 + by))
            yield False, power, values.floats(t, trial.answer, by.__add__)


def _scaled(factor: float, x: float) -> float:
    return x * factor


def _against(
    tried: Sequence[Moved], taken: Sequence[bool], told: float | None, rounded: float | None, relates: bool
) -> Finding | None:
    """An answer that verify accepts though it is off by more than is granted, or refuses though it is off by less."""
    most = max(told or 0.0, rounded or 0.0)
    if not most:
        return None
    for (trial, relative, power, answer), ok in zip(tried, taken, strict=True):
        magnitude = _largest(trial.answer)
        off = 10.0**power * (magnitude if relative else 1.0)
        share = off / magnitude if magnitude else 1.0
        if ok and (min(off, share) if relates else off) > SPARE * most:
            words = f"verify accepts {shown(answer)}, which is off by {off:.2g}, but the statement grants {most:g}"
            return at(trial, f"{words}; the right answer is {shown(trial.answer)}")
        if not ok and told and SPARE * max(off, share) < told:
            words = f"verify refuses {shown(answer)}, which is off by {off:.2g}, but the statement grants {told:g}"
            return at(trial, f"{words}; the right answer is {shown(trial.answer)}")
    return None


def _largest(value: Answer) -> float:
    """The largest size of a number in an answer."""
    if isinstance(value, list):
        return max(map(_largest, value), default=0.0)
    if isinstance(value, dict):
        return max(map(_largest, value.values()), default=0.0)
    return float(abs(value)) if type(value) in (int, float) else 0.0
