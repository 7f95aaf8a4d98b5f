"""The deeper audit of one environment that keeps the laws: how far it can be trusted, in figures.

Bounds on the rate at which wrong answers are accepted; how many instances there are; all answers to small instances
verified; the share of broken verifiers that the trials would show; what each field does; rules that no word mentions.
What each is, its own module says.
"""

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from sandbox.audit.bounds import birthday, upper
from sandbox.audit.brute import brute
from sandbox.audit.fields import fields
from sandbox.audit.mutants import strength
from sandbox.audit.statement import unmentioned
from sandbox.jail import Sandbox
from sandbox.subject import Subject, opened
from synth.program import Program
from synth.types import canonical
from synth.verdict import Trials


def deep(subject: Subject, box: Sandbox) -> dict[str, Any]:
    """The figures as JSON has them; ``findings`` says what is wrong, ``notes`` what a reader should look at."""
    counted, forced = brute(subject), fields(subject)
    tested = strength(subject, partial(opened, box))
    rules = unmentioned(subject.program) if isinstance(subject.program, Program) else []
    findings = [finding for finding in (counted.finding, *forced.findings) if finding]
    return {
        "false_accepts": dict(_false_accepts(subject)),
        "distinct": dict(_distinct(subject)),
        "brute": asdict(counted),
        "strength": {**asdict(tested), "share": tested.share},
        "fields": [asdict(field) for field in forced.fields],
        "unmentioned": [asdict(rule) for rule in rules],
        "findings": [asdict(finding) for finding in findings],
        "notes": [*forced.notes, *(f"line {rule.line}: {rule.why}" for rule in rules)],
    }


def _false_accepts(subject: Subject) -> Iterator[tuple[str, dict[str, float]]]:
    """By kind of wrong answer, and for all of them: how many were tried and accepted, and the rate that bounds it."""
    kinds = subject.false_accepts
    all_ = Trials(sum(of.tried for of in kinds.values()), sum(of.accepted for of in kinds.values()))
    for kind, trials in [*kinds.items(), ("all", all_)]:
        yield kind, {**asdict(trials), "upper": round(upper(trials), 5)}


def _distinct(subject: Subject) -> Iterator[tuple[int, dict[str, Any]]]:
    """At each difficulty, how many instances there are: at least, and by the birthday estimate."""
    for difficulty in subject.difficulties:
        drawn = birthday(canonical(t.instance) for t in subject.trials if t.difficulty == difficulty)
        yield difficulty, asdict(drawn)
