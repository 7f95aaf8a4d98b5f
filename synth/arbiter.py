"""Two authors and an arbiter: what becomes of an environment that keeps the laws when somebody else solves it.

The second author is asked for a solution from the statement, and both are compared (by a function that is given:
nothing in ``synth`` runs a program). Where they differ, or the words are unclear to the second, an arbiter says which
is wrong, the statement, the first program or the second, and mends it; then they are compared again. All that is
asked goes through ``Asking``, as ``NAME.second`` and ``NAME.arbiter``. Nothing is admitted here.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from synth import prompts
from synth.author import UNCLEAR, Asking, Attempt, Judging, module_in, solution
from synth.complete import Completion, Message, Request
from synth.program import Program, read
from synth.verdict import Finding, Opinion, Second, Verdict

SECOND = "second"
"""The law that an environment breaks whose two authors do not come to agree."""

ARBITER = "arbiter"
"""Who rules: ``NAME.arbiter`` is asked, and its rulings stand in the ledger as attempts of that name."""

ABOUT = "Somebody who has the statement alone comes to the same answers."
STATEMENT, FIRST = "statement", "first"
RULED = re.compile(rf"^\W*WRONG\W+({STATEMENT}|{FIRST}|{SECOND})\b\W*", re.MULTILINE | re.IGNORECASE)
WHY = 300  # characters of a reason that are kept

Comparing = Callable[[Program, str], Awaitable[Second]]


@dataclass(frozen=True)
class Ruling:
    """Which of the three is wrong, why, and what it should be: the whole module, or the whole second solution."""

    wrong: str
    why: str
    source: str


@dataclass(frozen=True)
class Charge:
    """What is held against an environment beside a second opinion: a law, and the evidence."""

    law: str
    evidence: str


@dataclass(frozen=True)
class Means:
    """What a hearing is held with: who is asked, who judges and compares, and who is told of what comes of it."""

    asking: Asking
    judge: Judging
    compare: Comparing
    compared: Callable[[Second], None]
    ruled: Callable[[Attempt, str], None]
    """Told of each ruling: the attempt with the module as it then is, and what was wrong; empty for no ruling."""


def ruling_in(completion: Completion, is_function: bool) -> tuple[Ruling | None, str]:
    """The ruling that a reply holds, the last with a block behind it; or the reason why there is none."""
    problem = f"the reply has no line WRONG: {STATEMENT}, WRONG: {FIRST} or WRONG: {SECOND}"
    for line in reversed(list(RULED.finditer(completion.text))):
        wrong, after = line[1].lower(), completion.text[line.end(1) :]
        source, lacking = (
            solution(after, is_function) if wrong == SECOND else module_in(replace(completion, text=after))
        )
        if source:
            why = re.split("```|~~~", completion.text[line.end() :])[0]
            return Ruling(wrong, " ".join(why.split())[:WHY], source), ""
        problem = lacking
    return None, problem


class Hearing:
    """One environment that keeps the laws, its second author, and the arbiter where the two do not agree."""

    def __init__(self, attempt: Attempt, charges: Mapping[str, Charge], means: Means) -> None:
        """``charges`` are by the digest of the source that they speak of."""
        self.attempt, self.means = attempt, means
        self.program = read(attempt.source)
        self.solution = ""
        self.asked = 0
        self.opinion = Second(Opinion.CANNOT)
        self.rulings: list[dict[str, Any]] = []
        self._charges = charges
        self._charge = charges.get(self.program.digest)
        self._disputed = False

    async def held(self, turns: int) -> Attempt:
        """The attempt as it is after at most ``turns`` rulings, rejected if something still speaks against it.

        Raises what ``Asking`` raises.
        """
        await self._ask_second()
        await self._compare()
        messages: tuple[Message, ...] = ()
        for turn in range(1, turns + 1):
            if not self._against():
                break
            messages = messages or self._question()
            request = Request(f"{self.attempt.task.name}.{ARBITER}", turn, messages)
            completion = await self.means.asking.complete(request)
            again = await self._follow(turn, completion)
            messages = (*messages, Message("assistant", completion.text), again) if again else ()
        return self._ended()

    async def _ask_second(self) -> None:
        self.asked += 1
        request = Request(f"{self.attempt.task.name}.second", self.asked, prompts.second(self.program))
        reply = await self.means.asking.complete(request)
        self.solution, why = solution(reply.text, self.program.is_function)
        if not self.solution:
            self.opinion = Second(Opinion.UNCLEAR if why.startswith(UNCLEAR) else Opinion.CANNOT, why=why)

    async def _compare(self) -> None:
        if self.solution:
            self.opinion = await self.means.compare(self.program, self.solution)
        self._disputed |= bool(self.opinion.evidence)
        self.means.compared(self.opinion)

    def _against(self) -> str:
        """What speaks against the environment as it is; once there was a dispute, only agreement ends it."""
        if self._disputed and self.opinion.opinion is Opinion.CANNOT:
            return f"the second program cannot be compared: {self.opinion.why}"
        return self.opinion.evidence or (self._charge.evidence if self._charge else "")

    def _question(self) -> tuple[Message, ...]:
        before = [(row["wrong"], row["why"]) for row in self.rulings if row["wrong"]]
        return prompts.arbiter(self.program, self.solution, self._against(), before)

    async def _follow(self, turn: int, completion: Completion) -> Message | None:
        """Put what the arbiter mended in its place and compare again; or what to tell it, where that cannot be done."""
        ruling, problem = ruling_in(completion, self.program.is_function)
        row = {"turn": turn, "wrong": ruling.wrong if ruling else "", "why": ruling.why if ruling else problem}
        self.rulings.append(row)
        if ruling is None:
            self.means.ruled(replace(self.attempt, turn=turn), "")
            return prompts.arbiter_again(problem)
        if ruling.wrong == SECOND:
            self.solution, self._charge = ruling.source, None
        else:
            verdict = await self.means.judge(ruling.source)
            if not verdict.admitted:
                row["law"] = verdict.law
                self.means.ruled(replace(self.attempt, turn=turn, source=ruling.source, verdict=verdict), ruling.wrong)
                return prompts.arbiter_repair(verdict, ruling.source)
            await self._take(ruling.source, verdict)
        self.means.ruled(replace(self.attempt, turn=turn), ruling.wrong)
        await self._compare()
        return None

    async def _take(self, source: str, verdict: Verdict) -> None:
        """The mended module in place of the old; who was to solve another statement is asked anew."""
        before, self.program = self.program, read(source)
        self.attempt = replace(self.attempt, source=source, verdict=verdict)
        self._charge = self._charges.get(self.program.digest)
        if _asked(before) != _asked(self.program):
            await self._ask_second()

    def _ended(self) -> Attempt:
        told = {
            **self.opinion.asdict(),
            "asked": self.asked,
            ARBITER: self.rulings,
            "solution": self.solution,
        }
        attempt, evidence = replace(self.attempt, second=told), self._against()
        if not evidence:
            return attempt
        law = self._charge.law if self._charge and evidence == self._charge.evidence else SECOND
        return replace(attempt, verdict=Verdict(law, ABOUT, Finding(evidence)))


def digest(source: str) -> str:
    """As ``Program.digest`` has it, of a text that may be no program."""
    return hashlib.sha256(source.encode()).hexdigest()


def _asked(program: Program) -> tuple[str, str, bool]:
    """What a second author is told of a program."""
    return program.statement, str(program.signature), program.is_function
