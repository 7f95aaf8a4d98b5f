"""Mutants: the verifier broken on purpose, to see whether what an audit tries would show it.

Each mutant is the program with one small change in what ``verify`` runs: its own body and the helpers that it alone
calls. Helpers that the reference reaches as well stay as they are, since both sides would change alike: of a verifier
that compares with ``solve`` only the comparison is changed. The share that is told from the original, by the right
and wrong answers of a ``Subject``, is the strength of an audit. A survivor is a gap in what was tried, or a change
that changes nothing. Not here: whether the verifier as it stands is right.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sandbox.outcome import Call, Ending, Outcome
from sandbox.subject import Opening, Subject
from synth.compose.composite import Composite
from synth.program import ContractError, Program, Reference, read

MUTANTS = 40
CALLS = 200  # of each mutant with the laws' trials
FURTHER = 800  # with those of the attack and of brute force
RIGHT = 60  # of them with right answers
FIRST = 24  # calls of the first round trip, which most mutants do not outlive
LINES = 6_000_000  # lines of the program that the calls of one mutant may run: a fraction of a second
SHOWN = 160  # characters of a changed expression

FLIPPED: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
SHIFTED = {ast.Lt: -1, ast.LtE: 1, ast.Gt: 1, ast.GtE: -1}  # what moving the operator alone does not reach
LOOSER = {
    "int": ["abs({0} - {1}) <= 1", "abs({0}) == abs({1})", "{0} % 10 == {1} % 10"],
    "str": ["{0}.lower() == {1}.lower()", "{0}.strip() == {1}.strip()", "sorted({0}) == sorted({1})"],
    "list": ["len({0}) == len({1})", "sorted(map(str, {0})) == sorted(map(str, {1}))", "{0}[:1] == {1}[:1]"],
    "tuple": ["{0}[0] == {1}[0]", "{0}[-1] == {1}[-1]", "sorted(map(str, {0})) == sorted(map(str, {1}))"],
    "dict": ["{0}.keys() == {1}.keys()", "sorted(map(str, {0}.values())) == sorted(map(str, {1}.values()))"],
}
"""What may stand for an equality with the answer, by its type: the mistakes of a verifier that only compares."""

SKIPPED = frozenset({"annotation", "returns", "decorator_list"})


Asked = tuple[int, Call, Outcome]
"""Lines that a call of ``verify`` runs, about; the call; and what came of it."""


@dataclass(frozen=True)
class Change:
    """What a mutant changes."""

    kind: str
    line: int
    """Of the original source."""
    words: str


@dataclass(frozen=True)
class Strength:
    """How many broken verifiers the trials of an audit tell from the one they are broken versions of."""

    mutants: int
    """That ran: one that never returns shows nothing and is not counted."""
    caught: int
    survivors: tuple[Change, ...]
    """Those that gave the same on everything tried."""
    calls: int
    """Of each mutant, at most."""
    changed: tuple[str, ...] = ()
    """The functions that mutants change."""
    spared: tuple[str, ...] = ()
    """Those that verify runs and the reference too."""
    reason: str = ""
    """Why there are no mutants."""

    @property
    def share(self) -> float | None:
        """Of mutants that were caught; None where there are none."""
        return self.caught / self.mutants if self.mutants else None


def strength(subject: Subject, opening: Opening, further: Sequence[Asked] = ()) -> Strength:
    """Open each mutant and ask it what the subject's verifier was asked. For use after the laws have held.

    ``further`` was asked of it beyond the subject's own trials, in the order of worth.
    """
    program = subject.program
    if isinstance(program, Composite):
        return Strength(0, 0, (), 0, reason="the verifiers of a composite are its parts'")
    asked = _affordable([*_asked(subject), *further[:FURTHER]])
    changed, spared = reached(ast.parse(program.source), program.reference)
    ran = [(change, told) for change, mutant in mutants(program) if (told := _told(mutant, asked, opening)) is not None]
    survivors = tuple(change for change, told in ran if not told)
    reason = "" if ran else "there is nothing in verify to change"
    return Strength(len(ran), len(ran) - len(survivors), survivors, len(asked), changed, spared, reason)


def mutants(program: Program, most: int = MUTANTS) -> list[tuple[Change, Program]]:
    """Broken versions of a program's verifier, of each kind of change in turn; no two with the same source."""
    seen = {ast.unparse(ast.parse(program.source))}
    kinds: dict[str, list[tuple[Change, str]]] = {}
    for change, source in _broken(program):
        if source not in seen:
            seen.add(source)
            kinds.setdefault(change.kind, []).append((change, source))
    rng = Random(program.title)
    groups = [rng.sample(group, len(group)) for _, group in sorted(kinds.items())]
    in_turn = [group[i] for i in range(max(map(len, groups), default=0)) for group in groups if i < len(group)]
    return [(change, mutant) for change, source in in_turn[:most] if (mutant := _read(source))]


def _read(source: str) -> Program | None:
    try:
        return read(source)
    except ContractError:  # too deep, or too long
        return None


def reached(tree: ast.Module, reference: Reference) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The module's functions and classes that ``verify`` runs, itself first: those it alone does, and the shared.

    >>> source = "def f(): pass\\ndef g(): pass\\ndef solve(): f()\\ndef verify(): return solve() and g()"
    >>> reached(ast.parse(source), Reference.SOLVE)
    (('verify', 'g'), ('f', 'solve'))
    """
    named = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    mine = _reach("verify", named)
    theirs = _reach("generate" if reference is Reference.WITNESS else reference.value, named)
    return ("verify", *sorted(mine - theirs - {"verify"})), tuple(sorted((mine & theirs) - {"verify"}))


def _reach(start: str, named: dict[str, Any]) -> set[str]:
    """What is run from ``start``, which goes no further than to ``verify``."""
    found, left = set(), [start]
    while left:
        name = left.pop()
        if name in named and name not in found:
            found.add(name)
            if name != "verify" or start == "verify":
                left += [node.id for node in ast.walk(named[name]) if isinstance(node, ast.Name)]
    return found


@dataclass(frozen=True)
class _Spot:
    """Where a node hangs in its tree."""

    function: str
    parent: Any
    name: str
    place: int | None
    node: ast.AST

    def put(self, node: ast.AST) -> None:
        if self.place is None:
            setattr(self.parent, self.name, node)
        else:
            getattr(self.parent, self.name)[self.place] = node


def _broken(program: Program) -> Iterator[tuple[Change, str]]:
    """Each change with the source that it makes."""
    tree = ast.parse(program.source)
    codomain = program.signature.codomain.head
    changed, _ = reached(tree, program.reference)
    for definition in tree.body:
        if isinstance(definition, ast.FunctionDef | ast.ClassDef) and definition.name in changed:
            for spot in list(_spots(definition, definition.name)):
                for kind, new in [*_variants(spot), *_loosened(spot, codomain)]:
                    line = getattr(spot.node, "lineno", getattr(spot.parent, "lineno", definition.lineno))
                    words = f"{_cut(spot.node)} became {_cut(new)}"
                    spot.put(new)
                    yield Change(kind, line, words), ast.unparse(tree)
                    spot.put(spot.node)


def _cut(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _spots(parent: ast.AST, function: str) -> Iterator[_Spot]:
    """Every node under ``parent`` that is run: no annotation, docstring or piece of an f-string."""
    for name, held in ast.iter_fields(parent):
        if name in SKIPPED:
            continue
        for place, child in enumerate(held if isinstance(held, list) else [held]):
            match child:
                case ast.JoinedStr() | ast.Expr(value=ast.Constant()):
                    continue
                case ast.AST():
                    yield _Spot(function, parent, name, place if isinstance(held, list) else None, child)
                    yield from _spots(child, function)


def _variants(spot: _Spot) -> Iterator[tuple[str, ast.AST]]:
    """What may stand in the place of a node, by the kind of change."""
    match spot.parent, spot.name:
        case ((ast.If() | ast.IfExp()), "test"):
            yield "condition negated", ast.UnaryOp(ast.Not(), spot.node)  # type: ignore[arg-type]
            yield "condition dropped", ast.Constant(False)
        case ast.Return(), "value" if spot.function == "verify":
            yield "early return", ast.Constant(True)
    match spot.node:
        case ast.Compare():
            yield from _compared(spot.node)
        case ast.BoolOp(op=op, values=held):
            yield "and, or swapped", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), held)
            for i in range(len(held)):
                rest = held[:i] + held[i + 1 :]
                yield "condition dropped", ast.BoolOp(op, rest) if len(rest) > 1 else rest[0]
        case ast.Name(id="all" | "any" as name):
            yield "and, or swapped", ast.Name("any" if name == "all" else "all")
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "condition negated", operand
        case ast.comprehension(target=target, iter=several, ifs=ifs):
            for i in range(len(ifs)):
                yield "condition dropped", ast.comprehension(target, several, ifs[:i] + ifs[i + 1 :], 0)
        case ast.Constant(value=value):
            yield from (("constant changed", ast.Constant(other)) for other in _others(value))


def _compared(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    """A comparison with one of its operators changed, or one of its bounds moved by one."""
    for i, op in enumerate(node.ops):
        for other in FLIPPED[type(op)]:
            yield "comparison flipped", ast.Compare(node.left, [*node.ops[:i], other(), *node.ops[i + 1 :]],
                                                    node.comparators)  # fmt: skip
        step, bound = SHIFTED.get(type(op)), node.comparators[i]
        if step and not isinstance(bound, ast.Constant):
            moved = ast.BinOp(bound, ast.Add() if step > 0 else ast.Sub(), ast.Constant(1))
            yield (
                "bound shifted",
                ast.Compare(node.left, node.ops, [*node.comparators[:i], moved, *node.comparators[i + 1 :]]),
            )


def _loosened(spot: _Spot, codomain: str) -> Iterator[tuple[str, ast.AST]]:
    """What may stand for an equality of the whole answer in ``verify``."""
    match spot.node:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]) if spot.function == "verify":
            sides = [ast.unparse(side) for side in (left, right) if not isinstance(side, ast.Constant)]
            if "answer" in sides and len(sides) == 2:
                for looser in LOOSER.get(codomain, []):
                    yield "equality loosened", ast.parse(looser.format(*sides), mode="eval").body


def _others(value: object) -> Sequence[bool | int | float | str]:
    """Constants near this one."""
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1, value - 1]
        case float():
            return [10 * value, value / 10]
        case str() if value:
            return [""]
        case _:
            return []


def _asked(subject: Subject) -> list[Asked]:
    """Calls of ``verify`` with right and with wrong answers, mixed, and what came of each."""
    rng = Random(subject.program.title)
    right = subject.trials[:RIGHT]
    calls = subject.verifying((trial.instance, trial.answer) for trial in right)
    asked = list(zip(right, calls, subject.session.map(calls), strict=True))
    wrongs = rng.sample(subject.wrongs, min(CALLS - len(asked), len(subject.wrongs)))
    again = subject.verifying((wrong.trial.instance, wrong.answer) for wrong in wrongs)
    asked += [(wrong.trial, call, wrong.outcome) for wrong, call in zip(wrongs, again, strict=True)]
    mixed = rng.sample(asked, len(asked))
    return [(1 + int(subject.lines[trial.difficulty]), call, outcome) for trial, call, outcome in mixed]


def _affordable(asked: Sequence[Asked]) -> list[tuple[Call, Outcome]]:
    """Those that come to no more lines than a mutant may run; a costly one makes way for cheap ones after it."""
    kept: list[tuple[Call, Outcome]] = []
    spent = 0
    for lines, call, outcome in asked:
        if spent + lines <= LINES or len(kept) < FIRST:
            spent += lines
            kept.append((call, outcome))
    return kept


def _told(mutant: Program, asked: Sequence[tuple[Call, Outcome]], opening: Opening) -> bool | None:
    """Whether a mutant gives otherwise than the original; None for one that never returns."""
    with opening(mutant) as session:
        for part in (asked[:FIRST], asked[FIRST:CALLS], asked[CALLS:]):
            outcomes = session.map([call for call, _ in part], give_up=True)
            if part and all(outcome.ending is not Ending.RETURNED for outcome in outcomes):
                return None
            if any((o.ending, o.value) != (was.ending, was.value) for o, (_, was) in zip(outcomes, part, strict=True)):
                return True
    return False
