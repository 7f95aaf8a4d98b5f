"""One task, one conversation: ask for an environment, have it judged, quote the evidence, ask again.

It asks through ``Asking`` (which remembers) and has sources judged through a function that it is given, because
nothing in ``synth`` runs a program. A reply without a module is an attempt like any other, with its reason.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synth import prompts
from synth.complete import Completer, CompleterError, Completion, Message, Request
from synth.fences import blocks
from synth.ledger import Ledger
from synth.program import Program
from synth.tasks import Task
from synth.verdict import Finding, Verdict

REPLIED = "replied"
LANGUAGES = ("", "python", "py", "python3")

Judging = Callable[[str], Awaitable[Verdict]]


@dataclass(frozen=True)
class Attempt:
    """One reply to a task: the module it held (empty where it held none) and the verdict on it."""

    task: Task
    turn: int
    source: str
    verdict: Verdict
    request: Request
    completion: Completion
    second: Mapping[str, Any] | None = None
    """What came of a second author and an arbiter, where there were any."""

    def origin(self, completer: str) -> dict[str, Any]:
        """Where an admitted environment comes from, for its record."""
        return {
            "task": self.task.name,
            "turn": self.turn,
            "completer": completer,
            "model": self.completion.model,
            "prompt": self.request.digest,
            "prompt_tokens": self.completion.prompt_tokens,
            "completion_tokens": self.completion.completion_tokens,
            "cost_usd": self.completion.cost_usd,
            "seconds": self.completion.seconds,
            **({"second": dict(self.second)} if self.second else {}),
        }


class Asking:
    """A completer with a memory: nothing that was answered is asked again."""

    def __init__(self, completer: Completer, ledger: Ledger, asked: Callable[[Completion, bool], None]) -> None:
        self.identity = completer.identity
        self._completer, self._ledger, self._asked = completer, ledger, asked
        self.stopped: CompleterError | None = None
        """Why nothing more is asked; set it to let what is under way come to its end."""

    async def complete(self, request: Request, in_place: bool = False) -> Completion:
        """Answer, from memory where it can be: of this very question or, ``in_place``, of this task and turn.

        Raises what the completer raises, and once that was a ``CompleterError`` asks nothing more.
        """
        if in_place:
            known = self._ledger.answer_in_place(self.identity, request.task, request.turn)
        else:
            known = self._ledger.answer(self.identity, request)
        if known is None and self.stopped:
            raise self.stopped
        try:
            completion = known or await self._completer.complete(request)
        except CompleterError as error:
            self.stopped = error
            raise
        if known is None:
            self._ledger.keep_answer(self.identity, request, completion)
        self._asked(completion, known is not None)
        return completion


async def attempts(
    task: Task,
    examples: Sequence[Program],
    asking: Asking,
    judge: Judging,
    turns: int,
    done: Callable[[Attempt], None],
) -> Attempt:
    """Write an environment for ``task`` in at most ``turns`` replies; the last attempt, admitted or not."""
    messages = prompts.write(task, examples)
    for turn in range(1, turns + 1):
        request = Request(task.name, turn, messages)
        completion = await asking.complete(request)
        source, problem = module_in(completion)
        verdict = await judge(source) if source else Verdict(REPLIED, _ABOUT, Finding(problem))
        attempt = Attempt(task, turn, source, verdict, request, completion)
        done(attempt)
        if verdict.admitted:
            break
        messages = (*messages, Message("assistant", completion.text), prompts.repair(verdict, source))
    return attempt


_ABOUT = "The reply holds the whole module in one ```python block."


def module_in(completion: Completion) -> tuple[str, str]:
    """The module that a reply holds, or an empty text and the reason.

    Of several blocks the last that defines ``verify`` counts: what comes before it is thinking aloud.
    """
    written = [body for language, body in blocks(completion.text) if language in LANGUAGES]
    modules = [body for body in written if "def verify" in body]
    if modules:
        return modules[-1], ""
    if completion.finish == "length":
        return "", f"the reply was cut off after {completion.completion_tokens} tokens, before its block closed"
    if written:
        return "", "no ```python block of the reply defines verify; write the whole module in one block"
    return "", "the reply has no closed ```python block; write the whole module in one"


UNCLEAR = "UNCLEAR:"
_TOLD = re.compile(rf"{UNCLEAR}.*")


def solution(reply: str, is_function: bool) -> tuple[str, str]:
    """A second author's module, with a function's ``solve`` or a relation's ``verify``; or none, and the reason.

    >>> solution("UNCLEAR: is the list sorted?", True)
    ('', 'UNCLEAR: is the list sorted?')
    """
    wanted = "solve" if is_function else "verify"
    written = [body for language, body in blocks(reply) if language in LANGUAGES]
    if found := [body for body in written if f"def {wanted}" in body] or [b for b in written if "def example" in b]:
        return found[-1], ""
    told = _TOLD.search(reply)
    return "", told[0].strip() if told else f"the reply has no block that defines {wanted}"
