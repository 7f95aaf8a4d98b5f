"""From replies to rewards: a reply is read by type in trusted code, and verified in the jail, a step's replies at once.

What cannot be scored is None, never 0: a verifier that raised, hung or took its worker with it. One that hung or took a
worker is benched: not asked again in this run, so that it costs one deadline, once. No signals, so that it works from
any thread. Which replies are asked for is the trainer's.
"""

import os
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from queue import Empty, SimpleQueue

from rl.tasks import Problem
from sandbox import Call, Ending, Sandbox, Session
from sandbox.outcome import COSTLY, Outcome
from synth import answers
from synth.environment import ANSWER

STRICT = re.compile(r"(?:(?!</?answer>).)*<answer>(?:(?!</?answer>).)*</answer>\s*", re.DOTALL)

INHERITED = frozenset({Ending.OUT_OF_MEMORY, Ending.DIED})
"""Endings that may be the doing of an environment that the worker ran before; a new worker tells."""


@dataclass(frozen=True)
class Score:
    """What a reply earned."""

    value: float | None
    """From 0 to 1, with the operators' partial credit; None when it could not be scored."""
    problem: str = ""
    """Why it is 0 or None, when the verifier was not the one to say so."""


class Scorer:
    """Scores replies to problems of environments whose ``sources`` are given, in ``workers`` jailed processes.

    ``strict``: a reply must hold one answer block and end with it, as in training; a lenient reader lets a policy drift
    into repeating its closing tag. Usable from many threads.
    """

    def __init__(
        self, sources: Mapping[str, str], box: Sandbox, strict: bool = True, workers: int | None = None
    ) -> None:
        self.strict = strict
        self.benched: dict[str, str] = {}
        """Environments that are not asked any more, and what happened."""
        self._sources, self._box = dict(sorted(sources.items())), box
        self._workers = workers or os.cpu_count() or 1
        self._idle: SimpleQueue[Session] = SimpleQueue()
        self._threads = ThreadPoolExecutor(self._workers)

    def score(self, problems: Sequence[Problem], replies: Sequence[str]) -> list[Score]:
        """A score for each reply, in order."""
        readings = [self.read(problem, reply) for problem, reply in zip(problems, replies, strict=True)]
        scores = [Score(0.0, reading.problem) for reading in readings]
        readable = [n for n, reading in enumerate(readings) if not reading.problem]
        readable.sort(key=lambda n: problems[n].item.term)
        groups = [list(group) for _, group in groupby(readable, key=lambda n: problems[n].item.term)]
        values = [[readings[n].value for n in group] for group in groups]
        asked = [[problems[n] for n in group] for group in groups]
        for group, verified in zip(groups, self._threads.map(self._verified, asked, values), strict=True):
            for n, score in zip(group, verified, strict=True):
                scores[n] = score
        return scores

    def read(self, problem: Problem, reply: str) -> answers.Reading:
        """The value that a reply answers with."""
        if self.strict and not STRICT.fullmatch(reply):
            return answers.Reading(problem="a reply holds one <answer>...</answer> block and ends with it")
        return answers.read_reply(reply, problem.codomain)

    def close(self) -> None:
        self._threads.shutdown()
        while not self._idle.empty():
            self._idle.get().close()

    def _verified(self, problems: Sequence[Problem], values: Sequence[object]) -> list[Score]:
        """The scores of answers to problems of one environment."""
        term = problems[0].item.term
        if term in self.benched:
            return [Score(None, f"{term} is benched: {self.benched[term]}")] * len(problems)
        calls = [
            Call("of", {"term": term, "function": "verify", "arguments": {**problem.instance, ANSWER: value}})
            for problem, value in zip(problems, values, strict=True)
        ]
        try:
            session = self._idle.get_nowait()
        except Empty:
            session = self._box.compose("", self._sources)
        try:
            outcomes = session.map(calls, give_up=True)
            if any(outcome.ending in INHERITED for outcome in outcomes):
                outcomes = session.map(calls, give_up=True)
        finally:
            self._idle.put(session)
        lost = next((outcome for outcome in outcomes if outcome.ending in COSTLY), None)
        if lost:
            self.benched[term] = f"{lost.ending}: {lost.error}"
        return [_told(outcome) for outcome in outcomes]


def _told(outcome: Outcome) -> Score:
    """What a verifier said, if it is a score."""
    if outcome.ending is not Ending.RETURNED:
        return Score(None, f"{outcome.ending}: {outcome.error}")
    if type(outcome.value) is not float or not 0 <= outcome.value <= 1:
        return Score(None, f"its verifier returned {outcome.value!r:.60}, which is no score from 0 to 1")
    return Score(outcome.value)
