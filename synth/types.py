"""The types that instances and answers are made of.

A type is written the way Python writes it, ``list[tuple[int, str]]``, and is a set of JSON values:
``value in t`` asks membership, ``s <= t`` inclusion, ``str(t)`` is the inverse of ``parse``.
Not Python's typing: no ``Any``, no unions, no optional, and ``True`` is not an ``int``.

>>> [3, 1, 2] in parse("list[int]")
True
>>> parse("tuple[int, int]") <= parse("list[int]")   # a fixed-length array is an array
True
>>> parse("list[int]") <= parse("tuple[int, int]")
False
"""

import ast
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Aliases = Mapping[str, ast.expr]

HEADS = {"list": 1, "dict": 2, "tuple": None}  # how many arguments each takes; a tuple, as many as it has items
TYPING = {"List": "list", "Dict": "dict", "Tuple": "tuple"}
MOST_DEPTH = 16  # of containers in one another; names for types are followed as deep
MOST_PARTS = 100  # of one type, each container and each item counted: names could double it line by line
ARRAY = (list, tuple)


@dataclass(frozen=True)
class Type:
    """A set of JSON values: an atom, or a container of ``args``."""

    head: str
    args: tuple["Type", ...] = ()

    def __str__(self) -> str:
        return f"{self.head}[{', '.join(map(str, self.args))}]" if self.args else self.head

    def __contains__(self, value: object) -> bool:
        match self.head:
            case "list":
                return isinstance(value, ARRAY) and self.args[0].has_all(value)
            case "tuple":
                return (
                    isinstance(value, ARRAY)
                    and len(value) == len(self.args)
                    and all(map(Type.__contains__, self.args, value))
                )
            case "dict":
                return isinstance(value, dict) and all(k in STR and v in self.args[1] for k, v in value.items())
            case atom:
                return ATOMS[atom](value)

    def has_all(self, values: Iterable[object]) -> bool:
        """Whether each of ``values`` is a member; at the speed of C where its Python type decides."""
        exact = EXACT.get(self.head)
        return {*map(type, values)} <= exact if exact else all(map(self.__contains__, values))

    @property
    def parts(self) -> int:
        """How many types it is written with, itself counted."""
        return 1 + sum(t.parts for t in self.args)

    def __le__(self, other: "Type") -> bool:
        """Every value of this type is also a value of ``other``."""
        match self.head, other.head:
            case ("list", "list") | ("dict", "dict") | ("tuple", "tuple") if len(self.args) == len(other.args):
                return all(s <= t for s, t in zip(self.args, other.args, strict=True))
            case "tuple", "list":
                return all(s <= other.args[0] for s in self.args)
            case _:
                return self == other

    def shaped(self, value: Any) -> Any:
        """``value``, a member as JSON has it, in the Python shape that a program was promised.

        >>> parse("list[tuple[int, float]]").shaped([[1, 2]])
        [(1, 2.0)]
        """
        if self.flat:  # most arrays are flat and long, and have this shape already
            return value
        match self.head:
            case "float":
                return float(value)
            case "list":
                inner = self.args[0]
                return [*map(tuple if inner.of_flat and inner.spans(value) else inner.shaped, value)]
            case "tuple" if self.of_flat and len(value) == len(self.args):
                return tuple(value)
            case "tuple":
                return tuple(t.shaped(v) for t, v in zip(self.args, value, strict=True))
            case _:
                return {k: self.args[1].shaped(v) for k, v in value.items()}

    def plain(self, value: Any) -> Any:
        """``value``, a member as Python has it, in JSON's shape: tuples as lists.

        >>> parse("list[tuple[int, str]]").plain([(1, "a")])
        [[1, 'a']]
        """
        match self.head:
            case "list":
                inner = self.args[0]
                if not inner.args:
                    return list(value)
                return [*map(list if inner.of_atoms and inner.spans(value) else inner.plain, value)]
            case "tuple" if self.of_atoms and len(value) == len(self.args):
                return list(value)
            case "tuple":
                return [t.plain(v) for t, v in zip(self.args, value, strict=True)]
            case "dict":
                return {k: self.args[1].plain(v) for k, v in value.items()}
            case _:
                return value

    @cached_property
    def flat(self) -> bool:
        """Whether JSON's shape for this type is Python's: no tuple and no float inside."""
        return self.head not in ("tuple", "float") and all(t.flat for t in self.args)

    @cached_property
    def of_flat(self) -> bool:
        """Whether all that it holds is flat."""
        return all(t.flat for t in self.args)

    @cached_property
    def of_atoms(self) -> bool:
        """Whether all that it holds is an atom."""
        return not any(t.args for t in self.args)

    def spans(self, values: Iterable[Sized]) -> bool:
        """Whether it is a tuple type, and each of ``values`` as long as it says."""
        return self.head == "tuple" and {*map(len, values)} <= {len(self.args)}

    def schema(self) -> dict[str, Any]:
        """The type as JSON Schema.

        >>> parse("list[int]").schema()
        {'type': 'array', 'items': {'type': 'integer'}}
        """
        match self.head:
            case "list":
                return {"type": "array", "items": self.args[0].schema()}
            case "tuple":
                items = [t.schema() for t in self.args]
                return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
            case "dict":
                return {"type": "object", "additionalProperties": self.args[1].schema()}
            case atom:
                names = {"bool": "boolean", "int": "integer", "float": "number", "str": "string"}
                return {"type": names[atom]}


def _is_float(value: object) -> bool:
    """A finite number; an ``int`` given for a ``float`` becomes one, if a float can hold it."""
    try:
        return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
    except OverflowError:
        return False


def _is_str(value: object) -> bool:
    """Text that UTF-8 can write: a lone surrogate is no character."""
    return type(value) is str and (value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value))


ATOMS: dict[str, Callable[[object], bool]] = {
    "bool": lambda value: type(value) is bool,
    "int": lambda value: type(value) is int,
    "float": _is_float,
    "str": _is_str,
}
EXACT = {"bool": frozenset({bool}), "int": frozenset({int})}
"""The atoms whose members are all values of a Python type."""

STR = Type("str")


def parse(text: str) -> Type:
    """Read a type from its Python spelling; the inverse of ``str``.

    Raises ``TypeError`` that quotes what cannot be used and says what to write.
    """
    try:
        return from_ast(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError):
        raise TypeError(f"not a type: {text[:80]!r}; write one such as list[int]") from None


def from_ast(node: ast.expr, aliases: Aliases | None = None, depth: int = 0) -> Type:
    """Read a type from an annotation; a name in ``aliases`` stands for the expression assigned to it."""
    aliases = aliases or {}
    if depth > MOST_DEPTH:
        raise TypeError(f"{ast.unparse(node)[:80]} is nested too deeply; write a flatter type")
    match node:
        case ast.Name(id=name) if name in ATOMS:
            return Type(name)
        case ast.Name(id=name) if name in aliases:
            return from_ast(aliases[name], {k: v for k, v in aliases.items() if k != name}, depth + 1)
        case ast.Name(id=name) if TYPING.get(name, name) in HEADS:
            raise TypeError(f"{name} does not say what it holds; write for example {TYPING.get(name, name)}"
                            f"[{'str, int' if 'ict' in name else 'int'}]")  # fmt: skip
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=held):
            items = held.elts if isinstance(held, ast.Tuple) else [held]
            return _container(TYPING.get(name, name), items, node, aliases, depth)
        case ast.Constant(value=str(text)):
            raise TypeError(f"{text!r} is in quotes; write the type itself, without quotes")
        case _:
            raise TypeError(f"{ast.unparse(node)[:80]} is not a type an environment can use; {_USABLE}")


def _container(head: str, items: list[ast.expr], node: ast.expr, aliases: Aliases, depth: int) -> Type:
    if any(isinstance(item, ast.Constant) and item.value is ... for item in items):
        raise TypeError(f"{ast.unparse(node)[:80]} has no fixed length; write list[...] for any number of items")
    if head not in HEADS or not items or HEADS[head] not in (None, len(items)):
        raise TypeError(f"{ast.unparse(node)[:80]} is not a type an environment can use; {_USABLE}")
    if len(items) > MOST_PARTS:
        raise TypeError(f"{ast.unparse(node)[:80]}... has {len(items)} items; a type has at most {MOST_PARTS} parts")
    args = tuple(from_ast(item, aliases, depth + 1) for item in items)
    if Type(head, args).parts > MOST_PARTS:
        raise TypeError(f"{ast.unparse(node)[:80]} has more than {MOST_PARTS} parts; write a simpler type")
    if head == "dict" and args[0] != STR:
        raise TypeError(f"{ast.unparse(node)[:80]} has keys that are not str; JSON's keys are: write dict[str, ...]")
    return Type(head, args)


_USABLE = "use bool, int, float, str, list[T], tuple[T1, ..., Tn] or dict[str, T]"


_SHOWN = json.JSONEncoder(ensure_ascii=False)
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def as_json(value: object) -> str:
    """A value as a statement shows it: JSON on one line."""
    return _SHOWN.encode(value)


def canonical(value: object) -> str:
    """A value as JSON that is the same text for the same value, whatever the order of its keys.

    >>> canonical({"b": (1,), "a": True}) == canonical({"a": True, "b": [1]})
    True
    """
    return _CANONICAL.encode(value)


def as_text(value: object) -> str:
    """A value as somebody would write it for an answer: a text as it is, anything else as JSON.

    A text that would be read back as another one (in quotes, in white space, with a tag) is JSON as well.

    >>> print(as_text("abc"), as_text(" abc"), as_text(["a", True]))
    abc " abc" ["a", true]
    """
    text = value if isinstance(value, str) and not _misread(value) else as_json(value)
    return text.replace("<", "\\u003c") if "answer>" in text else text


def _misread(text: str) -> bool:
    quoted = text[:1] in ("'", '"') and text[:1] == text[-1:]
    return quoted or text != text.strip() or text.startswith("```") or "answer>" in text
