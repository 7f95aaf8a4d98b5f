"""A reader: a model that sees statement, signature and module, asked the two questions that running cannot answer.

Can an answer be checked without guessing what was meant, and is there a loophole, a way to be accepted without solving
the task? These are what ReSyn's judge asks of its environments (arXiv 2602.20117), in our words
(``synth/prompts/reader.system.j2``). What is found is a note on the certificate, never the verdict: a reader may be
wrong. Nothing is run here.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.audit.asking import Line, task
from synth import prompts
from synth.complete import Completion, Request
from synth.program import Program

ROLE = "reader"
LINE = r"^[ \t>*_`-]*{}[*_`]*[ \t]*:[ \t*_`]*(yes|no)[*_`]*(?:[ \t]*[.,:;–—-]+[ \t*_`]*(.*))?[ \t\r`]*$"
"""A closing line: Markdown around its words is let pass; anything but yes or no, and then a reason, is not."""
CLEAR, LOOPHOLE = (re.compile(LINE.format(word), re.IGNORECASE | re.MULTILINE) for word in ("CLEAR", "LOOPHOLE"))


@dataclass(frozen=True)
class Reading:
    """What a reader says of an environment; None is no answer, and ``why`` says why."""

    clear: bool | None = None
    """Whether an answer can be checked without guessing what was meant."""
    clear_why: str = ""
    loophole: bool | None = None
    """Whether an answer is accepted without the task being solved."""
    loophole_why: str = ""
    why: str = ""
    """What is missing: a line of the reply, or the reply."""
    model: str = ""
    """Who read, as the server names it."""

    @property
    def notes(self) -> list[str]:
        """For the certificate: what is worth a person's look."""
        unclear = [f"a reader finds it unclear: {self.clear_why}"] if self.clear is False else []
        holed = [f"a reader finds a loophole: {self.loophole_why}"] if self.loophole else []
        return unclear + holed

    def asdict(self) -> dict[str, Any]:
        return asdict(self)


Reader = Callable[[str, Program], Reading]
"""Reads an environment, by its name and its program."""


def from_line(line: Line) -> Reader:
    """The model behind ``line`` as a reader; each environment is one question, ``NAME.reader``, turn 1.

    Raises ``CompleterError`` when it is asked and nothing more can be.
    """

    def reader(name: str, program: Program) -> Reading:
        (reply,) = line.ask([Request(task(name, ROLE), 1, prompts.reader(program))])
        return parse(reply.text, reply.model) if isinstance(reply, Completion) else Reading(why=str(reply))

    return reader


def parse(reply: str, model: str = "") -> Reading:
    """What the closing lines of a reply say; of several the last ones count, since thinking comes before.

    >>> parse("Ties? Settled.\\n\\n**CLEAR:** yes - every rule is stated\\nLOOPHOLE: no.").clear_why
    'every rule is stated'
    >>> parse("CLEAR: yes|no - reason\\nLOOPHOLE: yes - verify takes [] for any xs").why
    'the reply has no line CLEAR: yes or no'
    """
    clear, loophole = _last(CLEAR, reply), _last(LOOPHOLE, reply)
    missing = [word for word, line in (("CLEAR", clear), ("LOOPHOLE", loophole)) if line is None]
    return Reading(
        clear and clear[0], clear[1] if clear else "",
        loophole and loophole[0], loophole[1] if loophole else "",
        f"the reply has no line {' and no line '.join(f'{word}: yes or no' for word in missing)}" if missing else "",
        model,
    )  # fmt: skip


def _last(line: re.Pattern[str], reply: str) -> tuple[bool, str] | None:
    """Whether the last such line says yes, and its reason."""
    found = line.findall(reply)
    return (found[-1][0].lower() == "yes", found[-1][1].strip(" \t\r`*")) if found else None
