"""The static layer: what a program may write and import, as a RestrictedPython policy over its syntax tree.

Not the boundary. It refuses early, in an author's terms, and keeps results a function of their arguments. What only
shows while a program runs is left to the guards that it writes into the code (``guards.py``).
"""

import ast
import sys
from collections.abc import Iterator
from types import CodeType
from typing import Any

from RestrictedPython.transformer import RestrictingNodeTransformer, copy_locations

from sandbox.guards import INSTEAD, METHODS, REFUSED, PolicyError, modules, unoffered, verdict_on
from synth import contract

FILENAME = "<program>"
"""What a program's own frames are called in tracebacks."""

ERRORS = 5
"""How many errors of one source are told."""

_NAMES = METHODS | {"__name__", "__doc__", "__slots__"}
_INTERNAL = frozenset({"_getattr_", "_write_"})
_INSTEAD_OF = {
    "eval": "read the value with json.loads or int",
    "hash": "it differs between processes; compare the values themselves",
    "id": "it differs between processes; keep an index",
    "input": "a function is given all it needs as arguments",
    "open": "a program has no files; write the data into the source",
}


def compile_program(source: str) -> CodeType:
    """The code of ``source``; raises ``PolicyError`` with up to ``ERRORS`` errors, or what ``compile`` raises."""
    if len(source) > contract.SOURCE_CHARACTERS:
        raise PolicyError(f"the source has {len(source)} characters; at most {contract.SOURCE_CHARACTERS} are read")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)  # a long chain of `elif` or `+` is a deep tree
    try:
        tree = ast.parse(source, FILENAME)
        policy = _Policy(tree)
        policy.visit(tree)
    finally:
        sys.setrecursionlimit(limit)
    if policy.refused:
        told = dict.fromkeys(f"line {line}: {words}" for line, words in policy.refused)
        raise PolicyError("; ".join([*told][:ERRORS]), policy.refused[0][0])
    return compile(tree, FILENAME, "exec", dont_inherit=True)


class _Policy(RestrictingNodeTransformer):
    """Decides about syntax and names; what the base class has no method for, in any new Python, is refused."""

    def __init__(self, tree: ast.AST) -> None:
        super().__init__()
        self.refused: list[tuple[int, str]] = []
        self.tree = tree

    def error(self, node: ast.AST, info: str) -> None:
        self.refused.append((getattr(node, "lineno", 1), info))

    def not_allowed(self, node: ast.AST) -> None:
        words = {"AsyncFunctionDef": "async def", "TryStar": "except*"}.get(type(node).__name__, type(node).__name__)
        self.error(node, f"{words} is not allowed; write it without")

    def _native(self, node: Any) -> Any:
        return self.node_contents_visit(node)

    visit_Subscript = guard_iter = visit_Assign = visit_AnnAssign = visit_With = visit_Call = _native  # noqa: N815
    visit_Match = visit_match_case = visit_MatchValue = visit_MatchSingleton = _native  # noqa: N815
    visit_MatchSequence = visit_MatchOr = _native  # noqa: N815
    visit_TypeAlias = visit_TypeVar = visit_TypeVarTuple = visit_ParamSpec = _native  # noqa: N815

    def inject_print_collector(self, node: Any, position: int = 0) -> None:
        """``print`` is an ordinary builtin here."""

    def check_name(self, node: Any, name: str | None, allow_magic_methods: bool = False) -> None:
        if name is None:
            return
        magic = name.startswith("__") and name.endswith("__") and name.strip("_")
        if name in _INTERNAL or name in REFUSED or (magic and name not in _NAMES):
            self.error(node, f"the name {name!r} is not allowed; take another")

    def visit_Name(self, node: ast.Name) -> ast.AST:  # noqa: N802
        if node.id in contract.FORBIDDEN_BUILTINS and node.id not in _bound(self.tree):
            instead = _INSTEAD_OF.get(node.id, "do without it")
            self.error(node, f"{node.id!r} is not allowed; {instead}")
        elif node.id == "__name__" and not isinstance(node.ctx, ast.Load):
            self.error(node, "'__name__' may not be assigned")
        else:
            self.check_name(node, node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # noqa: N802
        loads = isinstance(node.ctx, ast.Load)
        verdict = self._attribute(node, node.attr, stores=not loads)
        node = self.node_contents_visit(node)
        guard = "_getattr_" if loads else "_write_"
        if loads and verdict != "guarded":
            return node
        arguments = [node.value, ast.Constant(node.attr)] if loads else [node.value]
        call = ast.Call(func=ast.Name(guard, ast.Load()), args=arguments, keywords=[])
        copy_locations(call, node.value)
        if loads:
            return call
        node.value = call
        return node

    def _attribute(self, node: ast.AST, name: str, stores: bool) -> str:
        verdict = verdict_on(name)
        if verdict == "refused" or (stores and name.startswith("__") and name.endswith("__")):
            self.error(node, f"the attribute {name!r} is not allowed; use public names of your own objects")
        return verdict

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:  # noqa: N802
        if isinstance(node.target, ast.Attribute) and verdict_on(node.target.attr) != "free":
            self.error(node, f"'{node.target.attr}' may not be changed in place; take another name")
        return self._native(node)  # type: ignore[no-any-return]

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> ast.AST:  # noqa: N802
        for name in node.names:
            self.check_name(node, name)
        return node

    visit_Nonlocal = visit_Global  # noqa: N815

    def visit_MatchMapping(self, node: Any) -> Any:  # noqa: N802
        self.check_name(node, node.rest if isinstance(node, ast.MatchMapping) else node.name)
        return self._native(node)

    visit_MatchAs = visit_MatchStar = visit_MatchMapping  # noqa: N815

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:  # noqa: N802
        for name in node.kwd_attrs:  # read natively, so only a free name will do
            if verdict_on(name) != "free":
                self.error(node, f"the attribute {name!r} is not allowed in a pattern")
        return self._native(node)  # type: ignore[no-any-return]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:  # noqa: N802
        self.check_name(node, node.name)
        if any(keyword.arg in (None, "metaclass") for keyword in node.keywords):
            self.error(node, "a metaclass is not allowed; use an ordinary class")
        return self._native(node)  # type: ignore[no-any-return]

    def visit_Import(self, node: ast.Import) -> ast.AST:  # noqa: N802
        for alias in node.names:
            if alias.name not in contract.MODULES:
                self.error(node, f"import of {alias.name!r} is not allowed; {INSTEAD}")
            self.check_name(node, alias.asname)
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:  # noqa: N802
        module = "." * node.level + (node.module or "")
        if module not in contract.MODULES:
            self.error(node, f"import of {module!r} is not allowed; {INSTEAD}")
            return node
        for alias in node.names:
            if alias.name == "*":
                self.error(node, f"import * is not allowed; name what you need from {module!r}")
            elif alias.name not in vars(modules()[module]):
                self.error(node, unoffered(module, alias.name))
            self.check_name(node, alias.asname or alias.name)
        return node


def _bound(tree: ast.AST) -> Iterator[str]:
    """Every name that the program itself gives a meaning, anywhere: its ``hash`` or ``id`` is not the builtin."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.alias(asname=str(name)):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
