"""Terms: composites as text, ``sequential(longest_run, last_digit:base)``, printed and read back.

    term     = NAME | operator
    operator = "sequential(" links ")"  | "sort(" links ")"  | "select(" links [";" links] ")"
             | "parallel(" term {"," term} ")"
             | "chain(" links ")"
             | "branch(" CONDITION "," link "," link ")"
             | "loop(" ["until" CONDITION ","] link ")"
    links    = link {"," link}
    link     = term [":" FIELD]          the field may be left out where the part has only one

NAME is a base environment of a pool. With a seed and a difficulty a term names one instance for ever. White space
between the marks means nothing.
"""

import re
from collections.abc import Callable
from typing import NoReturn, TypeVar

from synth.compose.chain import Chain, Chained, Link, functions
from synth.compose.control import CONDITIONS, Branch, Condition, Loop
from synth.compose.operators import Select, Sequential, Sort, parallel
from synth.environment import Environment, Step

Part = Callable[[str], Environment]
"""The base environment of a name; raises ``KeyError`` when there is none."""

T = TypeVar("T")

SPACE = re.compile(r"\s*", re.ASCII)
TOKEN = re.compile(r"[a-z0-9][a-z0-9_.]*|[(),:;]", re.ASCII)
MOST_DEPTH = 12
SHOWN = 60  # characters of a long term that an error shows on either side
OPERATORS = ("sequential", "parallel", "sort", "select", "chain", "branch", "loop")


class TermError(ValueError):
    """A term that cannot be read; its message points at the character."""


def parse(text: str, part: Part) -> Environment:
    """Read a term; the inverse of ``str``. Raises ``TermError``."""
    reader = _Reader(text, part)
    term = reader.term(0)
    if reader.peek():
        reader.wrong(f"the term has ended before {reader.next()!r}")
    return term


class _Reader:
    def __init__(self, text: str, part: Part) -> None:
        self.text, self.part = text, part
        self.at = 0
        """Where reading goes on."""
        self.last = 0
        """Where the token that was read last begins."""

    def here(self) -> int:
        """Where the next token begins."""
        space = SPACE.match(self.text, self.at)
        return space.end() if space else self.at

    def peek(self) -> str:
        """The next token, which is not consumed; empty at the end."""
        found = TOKEN.match(self.text, self.here())
        if not found and self.here() < len(self.text):
            self.wrong(f"{self.text[self.here()]!r} cannot stand in a term", self.here())
        return found[0] if found else ""

    def next(self) -> str:
        token = self.peek()
        self.last = self.here()
        self.at = self.last + len(token)
        return token

    def expect(self, *wanted: str) -> str:
        token = self.next()
        if token not in wanted:
            self.wrong(f"{' or '.join(map(repr, wanted))} should stand here, not {_quoted(token)}")
        return token

    def wrong(self, words: str, at: int | None = None) -> NoReturn:
        """Complain about the token that begins ``at``; without it, about the last."""
        at = self.last if at is None else at
        first, end = max(0, at - SHOWN), at + SHOWN
        before, after = "..." if first else "", "..." if end < len(self.text) else ""
        raise TermError(f"{words}: at character {at + 1} of {before + self.text[first:end] + after!r}")

    def fitting(self, at: int, make: Callable[..., T], *parts: object) -> T:
        """``make(*parts)``; where the parts do not fit, the one that begins ``at`` is to blame."""
        try:
            return make(*parts)
        except TypeError as error:
            self.wrong(str(error), at)

    def term(self, depth: int) -> Environment:
        name = self.next()
        at = self.last
        if not name.isidentifier():
            self.wrong(f"a name should stand here, not {_quoted(name)}")
        if depth > MOST_DEPTH:
            self.wrong(f"operators nest at most {MOST_DEPTH} deep")
        if self.peek() == "(":
            if name not in OPERATORS:
                self.wrong(f"there is no operator {name}; there are {', '.join(OPERATORS)}", at)
            self.next()
            return self.operator(name, at, depth + 1)
        try:
            return self.part(name)
        except KeyError:
            self.wrong(f"there is no environment named {name}", at)

    def operator(self, name: str, at: int, depth: int) -> Environment:
        """What stands in the brackets of the operator whose name begins ``at``, and the closing one."""
        match name:
            case "parallel":
                parts = [self.term(depth)]
                while self.expect(",", ")") == ",":
                    parts.append(self.term(depth))
                return self.fitting(at, parallel, parts)
            case "chain":
                return self.fitting(at, Chained, self.chain(depth, ")", of="chain")[0])
            case "branch":
                return self.branch(depth)
            case "loop":
                return self.loop(depth)
            case "sequential":
                return Sequential(self.chain(depth, ")")[0])
            case "sort":
                chain, _ = self.chain(depth, ")", of="sort")
                return self.fitting(at, Sort, chain)
            case _:
                chain, mark = self.chain(depth, ";", ")", of="select")
                decoys = self.decoys(depth) if mark == ";" else ()
                return self.fitting(at, Select, chain, decoys)

    def branch(self, depth: int) -> Branch:
        condition = self.condition()
        self.expect(",")
        at, yes = self.here(), self.link(depth)
        self.fitting(at, Branch, condition, yes, yes)
        self.expect(",")
        at, no = self.here(), self.link(depth)
        self.expect(")")
        return self.fitting(at, Branch, condition, yes, no)

    def loop(self, depth: int) -> Loop:
        start, condition = self.at, None
        if self.next() == "until" and self.peek() not in ("(", ")", ":", ",", ";", ""):
            condition = self.condition()
            self.expect(",")
        else:
            self.at = start  # an environment, which may be named until
        at, link = self.here(), self.link(depth)
        self.expect(")")
        return self.fitting(at, Loop, link, condition)

    def chain(self, depth: int, *ends: str, of: str = "") -> tuple[Chain, str]:
        """Links that fit one another, and the mark that ends them; ``of`` an operator of functions."""
        links: list[Link] = []
        mark = ","
        while mark == ",":
            at = self.here()
            links.append(self.link(depth))
            self.fitting(at, Chain, tuple(links[-2:]))
            if of:
                self.fitting(at, functions, of, links[-1])
            mark = self.expect(",", *ends)
        return Chain(tuple(links)), mark

    def decoys(self, depth: int) -> tuple[Link, ...]:
        links = []
        mark = ","
        while mark == ",":
            at = self.here()
            links.append(self.link(depth))
            self.fitting(at, functions, "select", links[-1])
            mark = self.expect(",", ")")
        return tuple(links)

    def condition(self) -> Condition:
        name = self.next()
        if name not in CONDITIONS:
            self.wrong(f"there is no condition {_quoted(name)}; there are {', '.join(CONDITIONS)}")
        return CONDITIONS[name]

    def link(self, depth: int) -> Link:
        at = self.here()
        part = self.term(depth)
        if not isinstance(part, Step):
            self.wrong(f"{part} only checks answers; a link must compute its own", at)
        fields = list(part.signature.domain)
        if self.peek() == ":":
            self.next()
            return self.fitting(self.here(), Link, part, self.next())
        if len(fields) > 1:
            self.wrong(f"{part} has several fields; write which one is opened, as in {part}:{fields[0]}", at)
        return Link(part, fields[0])


def _quoted(token: str) -> str:
    return repr(token) if token else "the end"
