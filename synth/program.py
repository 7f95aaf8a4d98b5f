"""An environment as somebody wrote it: one Python module, read off its syntax tree and never run here.

A ``Program`` is a value; ``str(program)`` is the module again. What a reader can see without running a line is
checked here and every violation is named with its line and what to write instead. What only running can
show is for ``sandbox/laws.py``.
"""

import ast
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any

from synth.contract import SOURCE_CHARACTERS
from synth.environment import Instance, Signature
from synth.types import STR, Aliases, Type, as_json, from_ast

MOST_DEPTH = 100  # levels of syntax; what reads or prints a tree goes down by recursion


class Reference(StrEnum):
    """Where a right answer comes from."""

    SOLVE = "solve"
    """``solve`` computes the one right answer: the environment is a function."""
    EXAMPLE = "example"
    """``example`` computes one of several right answers."""
    WITNESS = "witness"
    """``generate`` returns a right answer that the instance was built around."""


@dataclass(frozen=True)
class Violation:
    """One breach of the contract that can be read off the source."""

    line: int
    words: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.words}"


class ContractError(ValueError):
    """The source is not an environment; ``violations`` says why, in the order of the lines."""

    def __init__(self, violations: list[Violation]) -> None:
        self.violations = sorted(violations, key=lambda v: v.line)
        super().__init__("; ".join(map(str, self.violations)))


@dataclass(frozen=True)
class Program:
    source: str = field(repr=False)
    title: str
    """The docstring's first line up to the colon."""
    statement: str
    """A template with one hole for each field of the domain."""
    signature: Signature
    reference: Reference
    has_admits: bool

    def __str__(self) -> str:
        return self.source

    @property
    def is_function(self) -> bool:
        return self.reference is Reference.SOLVE

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the source: which text exactly a verdict speaks of."""
        return hashlib.sha256(self.source.encode()).hexdigest()

    def sentence(self, given: Mapping[str, str]) -> str:
        """The statement with words in its holes: values as text, or the names of values."""
        return self.statement.format(**given)

    def pose(self, instance: Instance) -> str:
        """The statement with the instance's values, as JSON, in its holes."""
        return self.sentence({name: as_json(instance[name]) for name in self.signature.domain})


def read(source: str) -> Program:
    """Read a module's title, statement and signature off its syntax tree.

    Raises ``ContractError`` with every violation that the text alone shows.
    """
    reader = _Reader(_parsed(source))
    title = reader.title()
    statement = reader.statement()
    signature = reader.signature()
    if statement is not None and signature is not None:
        reader.holes(statement, signature)
    reference = reader.reference(signature)
    reader.generate()
    if reader.violations or statement is None or signature is None:
        raise ContractError(reader.violations)
    return Program(source, title, statement, signature, reference, "admits" in reader.functions)


def read_file(path: Path) -> Program:
    """Read a module from a file, to the byte as it stands there.

    Raises ``ContractError``, also for a file that is no text, and ``OSError``.
    """
    content = path.read_bytes()
    try:
        return read(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ContractError([Violation(line, f"the file is not UTF-8 text (byte {error.start})")]) from None


def _parsed(source: str) -> ast.Module:
    if len(source) > SOURCE_CHARACTERS:
        raise ContractError(
            [Violation(1, f"the source has {len(source)} characters; at most {SOURCE_CHARACTERS} are read")]
        )
    for number, line in enumerate(source.split("\n"), start=1):
        if "\0" in line or line not in STR:
            raise ContractError([Violation(number, "not Python: a null character or half of a surrogate pair")])
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ContractError([Violation(error.lineno or 1, f"not Python: {error.msg}")]) from None
    except (ValueError, RecursionError, MemoryError):
        raise ContractError([Violation(1, f"not Python: {_TOO_DEEP}")]) from None
    if deep := _deeper(tree, MOST_DEPTH):
        raise ContractError([Violation(deep, f"an expression or block is {_TOO_DEEP}")])
    return tree


_TOO_DEEP = "nested too deeply to read; split it into several statements"


def _deeper(tree: ast.Module, most: int) -> int:
    """The first line of a statement with more than ``most`` levels of syntax; 0 when there is none."""
    for statement in tree.body:
        level: list[ast.AST] = [statement]
        for _ in range(most):
            level = [child for node in level for child in ast.iter_child_nodes(node)]
        if level:
            return statement.lineno
    return 0


OURS = frozenset({"generate", "solve", "example", "verify", "admits"})


class _Reader:
    """One pass over a module; what it finds wrong is gathered in ``violations``."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.violations: list[Violation] = []
        self.functions: dict[str, ast.FunctionDef] = {}
        self.constants: dict[str, ast.expr] = {}
        for node in tree.body:
            self._note(node)

    def _note(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef(name=name):
                if name in self.functions:
                    self.wrong(node, f"{name} is defined twice; keep one")
                self.functions[name] = node
            case ast.AsyncFunctionDef(name=name):
                self.wrong(node, f"{name} is async; write a plain def")
                self.functions[name] = ast.FunctionDef(**vars(node))
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                | ast.AugAssign(target=ast.Name(id=name), value=value)
            ):
                if name == "STATEMENT" and name in self.constants:
                    self.wrong(node, "STATEMENT is assigned twice; keep one")
                if name in OURS:
                    self.wrong(
                        node, f"{name} is assigned; write it with def alone (a decorator such as @cache is fine)"
                    )
                self.constants[name] = value

    def wrong(self, node: ast.AST | None, words: str) -> None:
        self.violations.append(Violation(getattr(node, "lineno", 1), words))

    def title(self) -> str:
        first, *_ = (ast.get_docstring(self.tree) or "").splitlines() or [""]
        title, colon, sentence = first.partition(":")
        if not (title.strip() and colon and sentence.strip() and first in STR):
            found = f"docstring opens with {first[:60]!r}" if first else "first statement is no docstring"
            self.wrong(None, f"the module's {found}; write a first line `Title: one sentence on the task.`")
        return title.strip()

    def statement(self) -> str | None:
        node = self.constants.get("STATEMENT")
        if node is None:
            self.wrong(None, 'there is no STATEMENT; write STATEMENT = "..." at the top of the module')
            return None
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            self.wrong(node, "STATEMENT is computed; write it as one string literal (adjacent literals join)")
            return None
        text = node.value.strip()
        if text not in STR:
            self.wrong(node, "STATEMENT has half of a surrogate pair (\\ud800 to \\udfff); write the character itself")
        for told in ("<answer", "\\boxed", "JSON"):
            if told in text:
                self.wrong(node, f"STATEMENT says how to lay out the answer ({told}); the type says that: leave it out")
        return text

    def holes(self, statement: str, signature: Signature) -> None:
        """The template's holes are exactly the fields, written as plain names."""
        node = self.constants["STATEMENT"]
        try:
            parts = list(Formatter().parse(statement))
        except ValueError as error:
            self.wrong(node, f"STATEMENT is no template ({error}); a brace of the text itself is doubled: {{{{ or }}}}")
            return
        named = {name for _, name, _, _ in parts if name is not None}
        for _, name, spec, conversion in parts:
            if name is not None and (spec or conversion or not name.isidentifier()):
                written = f"{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}"
                self.wrong(
                    node,
                    f"STATEMENT has the hole {{{written}}}; a hole is a field's plain name, "
                    "and a brace of the text itself is doubled: {{ or }}",
                )
        for name in sorted(named - signature.domain.keys()):
            if name == "answer":
                self.wrong(node, "STATEMENT shows {answer}, which is what is asked for; leave it out")
            elif name.isidentifier():
                self.wrong(node, f"STATEMENT has the hole {{{name}}}, but verify takes no {name}: {signature}")
        for name in sorted(signature.domain.keys() - named):
            self.wrong(node, f"STATEMENT never shows the field {name}; add the hole {{{name}}}")

    def signature(self) -> Signature | None:
        """The annotations of ``verify``: its fields are the domain, ``answer`` is the codomain."""
        verify = self.functions.get("verify")
        if verify is None:
            self.wrong(
                None, "there is no verify at the module's top level; write def verify(<fields>, answer: <type>) -> bool"
            )
            return None
        self._scores(verify)
        fields = self._fields(verify)
        if fields is None:
            return None
        if "answer" not in fields:
            self.wrong(verify, f"verify takes {', '.join(fields) or 'nothing'}, but no answer; add answer: <its type>")
            return None
        if len(fields) == 1:
            self.wrong(verify, "verify takes no field beside answer; an instance needs at least one")
            return None
        codomain = fields.pop("answer")
        return Signature(fields, codomain)

    def _scores(self, verify: ast.FunctionDef) -> None:
        wanted = "annotate it -> bool, or -> float for a score"
        if verify.returns is None:
            self.wrong(verify, f"verify does not say what it gives; {wanted}")
        elif (t := self._type(verify.returns, "verify's result")) and str(t) not in ("bool", "float"):
            self.wrong(verify, f"verify gives {t}; {wanted}")

    def reference(self, signature: Signature | None) -> Reference:
        """Which of the three answers there is, after checking the functions that take the fields."""
        if signature is not None:
            for name, gives in (("solve", signature.codomain), ("example", signature.codomain), ("admits", None)):
                if name in self.functions:
                    self._agrees(self.functions[name], signature, gives)
        both = [name for name in ("solve", "example") if name in self.functions]
        if len(both) == 2:
            self.wrong(
                self.functions["example"],
                "there are both solve and example; keep solve if exactly one answer is right, else example",
            )
        if not both and not any(_answer_keys(self.tree)):
            self.wrong(
                None,
                "there is no right answer to check against; write solve (the one right answer), example (one of "
                'several), or put a right one under "answer" in what generate returns',
            )
        return Reference(both[0]) if both else Reference.WITNESS

    def generate(self) -> None:
        node = self.functions.get("generate")
        if node is None:
            self.wrong(
                None,
                "there is no generate at the module's top level; "
                "write def generate(rng: Random, difficulty: int) -> dict",
            )
        elif [a.arg for a in _all_arguments(node)] != ["rng", "difficulty"] or _loose(node):
            self.wrong(node, "generate takes other arguments; write def generate(rng: Random, difficulty: int) -> dict")

    def _fields(self, node: ast.FunctionDef) -> dict[str, Type] | None:
        """The arguments of ``node`` with their types, or nothing when one cannot be used."""
        before = len(self.violations)
        if _loose(node):
            self.wrong(node, f"{node.name} has defaults, /, *args or **kwargs; name each field, without a default")
        fields = {}
        for argument in _all_arguments(node):
            if argument.annotation is None:
                self.wrong(
                    argument, f"{node.name}'s argument {argument.arg} has no type; annotate it, as xs: list[int]"
                )
            elif t := self._type(argument.annotation, f"{node.name}'s argument {argument.arg}"):
                fields[argument.arg] = t
        return fields if len(self.violations) == before else None

    def _agrees(self, node: ast.FunctionDef, signature: Signature, gives: Type | None) -> None:
        """``node`` takes what ``verify`` takes, and gives the codomain (or, without one, a bool)."""
        fields = self._fields(node)
        if fields is not None and fields != signature.domain:
            written, wanted = (_listed(names) for names in (fields, signature.domain))
            self.wrong(node, f"{node.name} takes ({written}), but verify takes ({wanted}); make them the same")
        wanted = str(gives or "bool")
        if node.returns is None:
            self.wrong(node, f"{node.name} does not say what it gives; annotate it -> {wanted}")
        elif (t := self._type(node.returns, f"{node.name}'s result")) and str(t) != wanted:
            self.wrong(node, f"{node.name} gives {t}, but should give {wanted}")

    def _type(self, node: ast.expr, whose: str) -> Type | None:
        try:
            return from_ast(node, self.aliases)
        except TypeError as error:
            self.wrong(node, f"{whose}: {error}")
            return None

    @cached_property
    def aliases(self) -> Aliases:
        """Module-level names for types, such as ``Grid = list[list[int]]``."""
        return {name: value for name, value in self.constants.items() if name != "STATEMENT"}


def _answer_keys(tree: ast.Module) -> Iterator[ast.expr]:
    """Where a dictionary with the key "answer" is written; that ``generate`` returns it, only running shows."""
    for node in ast.walk(tree):
        match node:
            case ast.Dict(keys=keys):
                yield from (k for k in keys if isinstance(k, ast.Constant) and k.value == "answer")
            case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value="answer"))]):
                yield node.targets[0]
            case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
                yield from (k.value for k in keywords if k.arg == "answer")


def _all_arguments(node: ast.FunctionDef) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def _loose(node: ast.FunctionDef) -> bool:
    """Whether the call's arguments are not simply its names."""
    a = node.args
    return bool(a.posonlyargs or a.vararg or a.kwarg or a.defaults or any(a.kw_defaults))


def _listed(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {t}" for name, t in fields.items())
