"""When two environments read the same: fingerprints of the code and of the words.

Not of behaviour: whether two programs *do* the same, only running them shows (``sandbox/twins.py``).
"""

import ast
import hashlib
import re
from collections.abc import Iterator, Set
from functools import cache

from synth.program import Program

WORDS_SHARE = 0.8  # of the three-word runs of two statements: above it, one is the other with a word changed
RUN = 3


def code(program: Program) -> str:
    """A digest of the module that docstrings, the statement and the choice of names do not change.

    >>> from synth.program import read
    >>> a = '''"T: t."
    ... STATEMENT = "Double {n}."
    ... def generate(rng, difficulty): return {"n": rng.randint(0, 9 ** difficulty)}
    ... def solve(n: int) -> int: return 2 * n
    ... def verify(n: int, answer: int) -> bool: return answer == 2 * n
    ... '''
    >>> code(read(a)) == code(read(a.replace("Double", "Twice")))
    True
    >>> code(read(a)) == code(read(a.replace("2 * n", "3 * n")))
    False
    """
    return _code(program.source)


@cache  # each new environment is compared with the whole pool
def _code(source: str) -> str:
    tree = ast.parse(source)
    bound = set(_bound(tree))
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and _target(node) == "STATEMENT":
            node.value = ast.Constant("")
        elif isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    for node in ast.walk(tree):
        _rename(node, bound, names)
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def _target(node: ast.Assign | ast.AnnAssign) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return target.id if isinstance(target, ast.Name) else ""


def _bound(tree: ast.AST) -> Iterator[str]:
    """The names that the module itself gives; what it imports and the builtins are no matter of choice."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name


def _rename(node: ast.AST, bound: Set[str], names: dict[str, str]) -> None:
    """Give every name a number, in the order of its first appearance; a constant key may be a field's name too."""
    for attribute in ("id", "arg", "asname") if isinstance(node, ast.alias) else ("id", "arg", "name"):
        name = getattr(node, attribute, None)
        if isinstance(name, str) and name in bound:
            setattr(node, attribute, names.setdefault(name, f"n{len(names)}"))
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names:
        node.value = names[node.value]


def alike_in_words(a: Program, b: Program) -> bool:
    """Whether two statements share most of their three-word runs, whatever stands in the holes."""
    runs_a, runs_b = _runs(a.statement), _runs(b.statement)
    return len(runs_a & runs_b) >= WORDS_SHARE * len(runs_a | runs_b)


@cache
def _runs(statement: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\{|[\w']+", re.sub(r"\{\w+\}", "{", statement.lower()))
    return frozenset(tuple(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1)))
