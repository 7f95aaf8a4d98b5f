"""A dataset behind the wall and what was tried on it: entries, its own answers, and wrong answers to them.

All is asked once and shared by the laws (``audit.py``) and the findings (``findings.py``). It judges nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from random import Random
from types import TracebackType
from typing import Any

from sandbox.evidence import score
from sandbox.foreign import wrong
from sandbox.foreign.reasoning_gym import REDRAWN
from sandbox.jail import Sandbox, Session
from sandbox.outcome import COSTLY, Ending, Outcome
from sandbox.subject import Effort, Subject, Trial, drawing, opened
from synth.contract import TOLERANCE
from synth.program import Program

DRAWS = 120  # entries in all, over the levels alike
FEWEST = 10  # at a level
ATTACKED = 24  # entries that are given wrong answers
NEIGHBOURS = 3  # other entries whose answers are tried on each of those
LEVELS_MOST = 10
HANGS_MOST = 6  # texts at which the scorer hung before no more are tried; each costs all of a call's time
GUESSED, CONSTANTS = 60, 6  # entries, and constant answers of each of two kinds that are tried on them
TOKEN = "brickyard_was_here"


@dataclass(frozen=True)
class Answered:
    """An answer, and what the gym's scorer made of it."""

    trial: Trial
    kind: str
    given: str
    others: Sequence[str]
    """Right answers to other entries, of which the answer may be made."""
    outcome: Outcome

    @property
    def accepted(self) -> bool:
        return score(self.outcome) >= 1 - TOLERANCE

    @property
    def disproof(self) -> str:
        return wrong.disproof(self.kind, self.trial.answer, self.given, self.others)


class Tried:
    """``program`` in ``box`` and, to be drawn again, in ``other``, which has another hash seed.

    Levels at which nothing is drawn are in ``broken``, with how that ended, and are left out of all else.
    """

    def __init__(self, program: Program, box: Sandbox, other: Sandbox) -> None:
        self.program, self.box = program, box
        self.name = program.title
        with box.open(program.source) as session:
            self.levels = int(session.call("levels", {}).value)
            self.all_levels = range(min(self.levels, LEVELS_MOST) + 1)
            drawn = {n: session.map([drawing(seed, n) for seed in range(3)]) for n in self.all_levels}
        failed = {n: [one for one in outcomes if one.ending is not Ending.RETURNED] for n, outcomes in drawn.items()}
        self.broken = {n: outcomes[0] for n, outcomes in failed.items() if outcomes}
        working = [n for n in self.all_levels if n not in self.broken]
        effort = Effort(difficulties=working, draws=max(FEWEST, DRAWS // max(1, len(working))))
        self.subject = Subject(program, self._probed, partial(opened, other), effort)

    def __enter__(self) -> "Tried":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.subject.__exit__(kind, error, trace)

    @property
    def session(self) -> Session:
        return self.subject.session

    @cached_property
    def trials(self) -> list[Trial]:
        """Everything that was drawn; none if what was drawn at first is not drawn again."""
        returned = all(one.ending is Ending.RETURNED for _, _, one in self.subject.draws)
        return self.subject.trials if returned else []

    @cached_property
    def own(self) -> list[Answered]:
        """What the scorer gives for each entry's own answer."""
        calls = self.subject.verifying((trial.instance, trial.answer) for trial in self.trials)
        outcomes = self.session.map(calls)
        return [Answered(t, "own", t.answer, (), o) for t, o in zip(self.trials, outcomes, strict=True)]

    @cached_property
    def steady(self) -> list[Trial]:
        """The entries that are the same when they are drawn again in this process: others cannot be asked about."""
        return [one.trial for one in self.own if REDRAWN not in one.outcome.error]

    @cached_property
    def answered(self) -> list[Answered]:
        """Wrong answers of every kind, on the first entries."""
        answered: list[Answered] = []
        slow: set[str] = set()
        for trial in self.steady[:ATTACKED]:
            rng = Random(trial.instance["key"])
            near = [t.answer for t in self.trials if t.difficulty == trial.difficulty and t.answer != trial.answer]
            others = rng.sample(near, min(NEIGHBOURS, len(near)))
            made = wrong.wrong_answers(trial.answer, others, trial.instance["question"], rng)
            tried = [(kind, given) for kind, given in made if given not in slow]
            outcomes = self.session.map(self.subject.verifying((trial.instance, given) for _, given in tried))
            some = [Answered(trial, *one, others, o) for one, o in zip(tried, outcomes, strict=True)]
            answered += [one for one in some if REDRAWN not in one.outcome.error]
            slow |= {one.given for one in some if one.outcome.ending in COSTLY}
            if len(slow) > HANGS_MOST:
                break
        return answered

    @property
    def guessed(self) -> int:
        """On how many entries constant answers are tried."""
        return len(self.steady[:GUESSED])

    @cached_property
    def best_constant(self) -> tuple[str, list[Answered]]:
        """The constant answer that is right most often, and where it is."""
        frequent = [text for text, _ in Counter(trial.answer for trial in self.steady).most_common(CONSTANTS)]
        sample, best = self.steady[:GUESSED], ("", list[Answered]())
        for text in [*frequent, *wrong.FREE[:CONSTANTS]]:
            outcomes = self.session.map(self.subject.verifying((trial.instance, text) for trial in sample))
            right = [Answered(t, "constant", text, (), o) for t, o in zip(sample, outcomes, strict=True)]
            best = max(best, (text, [one for one in right if one.accepted]), key=lambda one: len(one[1]))
        return best

    @cached_property
    def alike(self) -> list[tuple[Trial, Answered]]:
        """Entries with one question and two answers: the second, and what the first makes of its answer."""
        seen: dict[str, Trial] = {}
        pairs = [(seen.setdefault(trial.instance["question"], trial), trial) for trial in self.steady]
        pairs = [(first, second) for first, second in pairs if first.answer != second.answer]
        outcomes = self.session.map(self.subject.verifying((a.instance, b.answer) for a, b in pairs))
        return [(b, Answered(a, "alike", b.answer, (), o)) for (a, b), o in zip(pairs, outcomes, strict=True)]

    def lacked(self) -> list[str]:
        """Modules and files that the gym asked for in a worker, where there are none: our failing, not its."""
        return list(self.session.call("lacked", {}).value or [])

    def _probed(self, program: Any) -> Session:
        return self.box.open(program.source + PROBES)


PROBES = f"""

import sys

from sandbox.foreign.preload import LACKED

TOKEN = {TOKEN!r}
RUN = []


def _watch(event, given):
    if event == "exec" and given and hasattr(given[0], "co_names"):
        code = given[0]
        if TOKEN in code.co_names or TOKEN in repr(code.co_consts):
            RUN.append(code.co_filename)


sys.addaudithook(_watch)


def executed(question, key, answer):
    RUN.clear()
    sys.modules.pop(TOKEN, None)
    try:
        verify(question, key, answer)
    except Exception:
        pass
    return "executed" if TOKEN in sys.modules else "given to eval" if RUN else ""


def touched(question, key, answer):
    entries, entry = made(key)
    own = deepcopy(entry)
    entries.score_answer(answer, own)
    return repr(own) != repr(entry)


def stored(question, key, answer):
    entries, entry = made(key)
    try:
        text = json.dumps(entry)
    except TypeError:
        return None
    return float(entries.score_answer(answer, json.loads(text)))


def lacked():
    return sorted({{*LACKED}})
"""
