"""What a program may reach while it runs: the policy's rule on attributes, its builtins and read-only modules.

Not the boundary: what stops a hostile program is the kernel (``layers.py``). RestrictedPython's guards of *host
objects* are dropped, since a program is given none: JSON values, builtins and the modules built here. So loops, items
and calls run at native speed, and only attributes that need their object to decide go through a guard, which
``policy.py`` has written into the code.
"""

import _strptime  # type: ignore[import-not-found]  # noqa: F401 - looked for by C code in a program's call
import builtins
import functools
import importlib
import random
import sys
import typing
from _string import formatter_field_name_split, formatter_parser  # type: ignore[import-not-found]
from abc import ABCMeta
from collections.abc import Callable, Mapping
from datetime import date
from enum import EnumType
from string import Formatter
from types import FunctionType, GenericAlias, ModuleType, resolve_bases
from typing import Any

from RestrictedPython.transformer import INSPECT_ATTRIBUTES

from synth import contract

MODULE = "program"
"""The name under which a program is a module, so that dataclasses and typing find where a class was made."""

METHODS = frozenset(
    f"__{name}__"
    for name in (  # noqa: SIM905 - words
        "init post_init new repr str bytes format hash bool len length_hint iter next reversed contains getitem "
        "setitem delitem missing eq ne lt le gt ge add radd iadd sub rsub isub mul rmul imul truediv rtruediv itruediv "
        "floordiv rfloordiv ifloordiv mod rmod imod divmod rdivmod pow rpow ipow and rand iand or ror ior xor rxor "
        "ixor lshift rlshift ilshift rshift rrshift irshift matmul rmatmul imatmul neg pos abs invert int float "
        "complex index round trunc floor ceil call enter exit copy deepcopy"
    ).split()
)
_ATTRIBUTES = (METHODS - {"__hash__"}) | {"__name__", "__qualname__", "__doc__", "__members__"}
_CLOCK = frozenset({"now", "today", "utcnow"})
_FORMAT = frozenset({"format", "format_map"})
_GUARDED = _CLOCK | _FORMAT | {"__class__", "__setattr__", "register"}
REFUSED = INSPECT_ATTRIBUTES | {"mro", "_is_protocol", "_is_runtime_protocol"}

_UNSAFE = {  # beside what the contract names
    "collections": {"UserString"},  # its `format` reads attributes natively
    "enum": {"global_enum", "global_enum_repr", "global_flag_repr", "global_str"},  # write into any module by its name
    "typing": {"get_origin", "runtime_checkable"}  # hands out `type`; lets a pattern read what is not the program's
    | {name for name in dir(typing) if name.startswith("Supports")},  # are checkable already
}
INSTEAD = "use math, itertools, collections, heapq or another of the contract's modules"


class PolicyError(Exception):
    """A program asked for something the policy refuses; ``line`` is known when its text alone shows it."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.line = line


def namespace() -> dict[str, Any]:
    """The globals of a new program, which is registered as the module ``MODULE``."""
    module = sys.modules[MODULE] = ModuleType(MODULE)
    module.__dict__.update(__builtins__=_builtins(), _getattr_=_getattr, _write_=_writable)
    return module.__dict__


def verdict_on(name: str) -> str:
    """``free``, ``guarded`` or ``refused``: one rule for source text, ``getattr`` and fields of ``str.format``."""
    if name in REFUSED:
        return "refused"
    if name in _GUARDED or name in _foreign_privates():
        return "guarded"
    if name.startswith("__") and name.endswith("__") and name not in _ATTRIBUTES:
        return "refused"
    return "free"


# -------------------------------------------------------------------------------------------------- modules


@functools.cache
def modules() -> Mapping[str, ModuleType]:
    """The modules a program may import: new ones that hold public names of the real ones, and no modules.

    They are read-only without a ``__setattr__``: no store reaches an object that the program did not make.
    """
    made = {name: _facade(name) for name in contract.MODULES}
    made["collections"].__dict__["abc"] = made["collections.abc"]
    made["random"].__dict__["Random"] = Random
    EnumType._create_ = _create_enum  # type: ignore[attr-defined]
    return made


def _facade(name: str) -> ModuleType:
    real, facade = importlib.import_module(name), ModuleType(name)
    withheld = contract.MODULES[name] | _UNSAFE.get(name, set())
    public = getattr(real, "__all__", None) or [n for n in dir(real) if not n.startswith("_")]
    for attribute in public:
        value = getattr(real, attribute)
        if name != "random" and attribute not in withheld and not isinstance(value, ModuleType):
            facade.__dict__[attribute] = value

    def missing(attribute: str) -> Any:
        if attribute.startswith("__") or not hasattr(real, attribute):
            raise AttributeError(f"module {name!r} has no attribute {attribute!r}")
        raise PolicyError(unoffered(name, attribute))

    facade.__dict__["__getattr__"] = missing
    return facade


def unoffered(module: str, name: str) -> str:
    if module == "random":
        return f"{name!r} of 'random' is not allowed; draw from the rng that is given, or from Random(seed)"
    return f"{name!r} of {module!r} is not there to use; do without it"


@functools.cache
def _foreign_privates() -> frozenset[str]:
    """Private names that a class of the modules or builtins has; any other can only be the program's own."""
    real = [importlib.import_module(name) for name in contract.MODULES]  # also of what is withheld: a value may be one
    values = [value for module in [*real, builtins] for value in vars(module).values()]
    kinds = {type(value) for value in values} | {value for value in values if isinstance(value, type)}
    names = {name for kind in kinds for name in dir(kind) if name.startswith("_") and not name.endswith("__")}
    return frozenset(names - {"_replace", "_asdict", "_make", "_fields"})


class _Seeded(random.Random):
    """``random.Random`` that insists on a seed. A program cannot name it, so ``super`` does not lead past it."""

    def __new__(cls, *args: Any, **kwargs: Any) -> "_Seeded":
        if not (args or kwargs):
            raise PolicyError("Random() without a seed is not allowed; use the rng that is given, or Random(seed)")
        return super().__new__(cls, 0)  # type: ignore[call-arg]  # the C type takes a seed here

    def seed(self, a: Any = None, version: int = 2) -> None:
        if a is None:
            raise PolicyError("a seed of None is not allowed: it is drawn from the machine; use a number")
        super().seed(a, version)

    def __reduce__(self) -> tuple[Any, ...]:  # so that a copy is not made without a seed
        return type(self), (0,), self.getstate()


class Random(_Seeded):
    """What a program knows as ``random.Random``."""


# --------------------------------------------------------------------------------------------------- guards

_MADE: set[type] = set()


def _owned(kind: type) -> bool:
    """Whether the program made the class; ``dataclass`` and ``namedtuple`` make some without ``class``."""
    if kind not in _MADE and kind.__module__ == MODULE:
        _MADE.add(kind)
    return kind in _MADE


def _writable(thing: Any) -> Any:
    """``thing`` if the program may set its attributes: an object, class or function of its own."""
    kind = type(thing)
    if kind in _MADE or _owned(kind) or (isinstance(thing, type) and _owned(thing)):
        return thing
    if kind is FunctionType and thing.__module__ == MODULE:
        return thing
    raise PolicyError(f"attributes of a {kind.__name__} may not be set; set those of your own objects")


def _getattr(thing: Any, name: str, *default: Any) -> Any:
    if isinstance(name, str):  # getattr itself refuses what is no text
        name = str.__str__(name)  # a subclass may lie about itself
    verdict = verdict_on(name) if type(name) is str else "free"
    if verdict == "refused" or (verdict == "guarded" and _withheld(thing, name)):
        why = "; a result must not depend on the time" if name in _CLOCK else ""
        raise PolicyError(f"the attribute {name!r} of a {type(thing).__name__} is not allowed{why}")
    if verdict == "guarded":
        if name == "__class__":
            return _Type(thing)  # type: ignore[call-arg]
        if name == "__setattr__":  # of `object`: how a frozen dataclass fills itself in
            return lambda target, key, value: object.__setattr__(_writable(target), _storable(key), value)
        if name in _FORMAT and isinstance(thing, str):
            return functools.partial(_format if name == "format" else _format_map, thing)
    return getattr(thing, name, *default)


def _withheld(thing: Any, name: str) -> bool:
    while (origin := getattr(thing, "__origin__", None)) is not None:
        thing = origin  # `Annotated[datetime, 1]` passes on what it is asked for
    kind = thing if isinstance(thing, type) else type(thing)
    if name in _CLOCK:
        return kind is super or issubclass(kind, date)
    if name == "register":  # would let a pattern read attributes of foreign objects
        return isinstance(thing, ABCMeta)
    if name in _FORMAT:
        return kind is super or (kind is thing and issubclass(kind, str))
    if name == "__setattr__":
        return thing is not object
    if name == "__class__":
        return False
    providers = [c for c in (*kind.__mro__, *(type(kind).__mro__ if kind is thing else ())) if name in vars(c)]
    return not all(map(_owned, providers or [kind]))


def _hasattr(thing: Any, name: str) -> bool:
    try:
        _getattr(thing, name)
    except (AttributeError, PolicyError):
        return False
    return True


def _storable(name: str) -> str:
    if type(name) is not str or verdict_on(name) == "refused" or name.endswith("__"):
        raise PolicyError(f"the attribute {str(name)[:40]!r} may not be set or deleted")
    return name


def _setattr(thing: Any, name: str, value: Any) -> None:
    setattr(_writable(thing), _storable(name), value)


def _delattr(thing: Any, name: str) -> None:
    delattr(_writable(thing), _storable(name))


def _format(text: str, *args: Any, **kwargs: Any) -> str:
    """``text.format(...)``, natively unless a field reads an attribute."""
    for _, field, spec, _ in formatter_parser(text):
        if field and ("." in field or "{" in spec):
            return _Formatter().vformat(text, args, kwargs)
    return str.format(text, *args, **kwargs)


def _format_map(text: str, mapping: Mapping[str, Any]) -> str:
    return _Formatter().vformat(text, (), mapping)


class _Formatter(Formatter):
    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        first, rest = formatter_field_name_split(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = _getattr(value, key) if is_attribute else value[key]
        return value, first


class _Meta(type):
    def __instancecheck__(cls, thing: Any) -> bool:
        return isinstance(thing, type)

    def __call__(cls, *args: Any) -> Any:
        if len(args) != 1:
            raise PolicyError("type() takes one argument here; write a class statement")
        return _Type if isinstance(args[0], type) else type(args[0])


class _Type(metaclass=_Meta):
    """``type`` with one argument, which never hands out a metaclass."""

    def __class_getitem__(cls, item: Any) -> Any:
        return GenericAlias(cls, item)


def _build_class(body: Callable[[], Any], name: str, *bases: Any, **keywords: Any) -> Any:
    for base in resolve_bases(bases):  # `typing.Type` stands for `type`
        if isinstance(base, type) and issubclass(base, ModuleType | type | _Type):
            raise PolicyError(f"a class may not derive from {base.__name__.strip('_').lower()}")
    made = builtins.__build_class__(body, name, *bases, **keywords)
    if isinstance(made, type):
        _MADE.add(made)
        if issubclass(made, date | str):
            _check_fields(made)
    return made


def _check_fields(made: type) -> None:
    """Refuse a field by the name of a guarded method: ``asdict`` and patterns would read the method natively."""
    for name in _CLOCK | _FORMAT:
        if any(name in vars(c).get("__annotations__", ()) for c in made.__mro__):
            raise PolicyError(f"a class derived from {made.__mro__[-2].__name__} may not have a field {name!r}")


_native_create = EnumType._create_  # type: ignore[attr-defined]


def _create_enum(cls: Any, class_name: str, names: Any, *, module: Any = None, **keywords: Any) -> Any:
    """``Enum("Name", names)``: what a class statement may not define, this may not either."""
    if isinstance(names, str):
        names = str.__str__(names).replace(",", " ").split()
    named = [name if isinstance(name, str) else tuple(name) for name in getattr(names, "items", lambda: names)()]
    for item in named:
        name = item if isinstance(item, str) else item[0]
        if type(name) is not str or (name.startswith("_") and name.endswith("_")):
            raise PolicyError(f"the member {str(name)[:40]!r} of an enum is not allowed; take another name")
    module = module or sys._getframe(2).f_globals.get("__name__")
    return _native_create(cls, class_name, named, module=module, **keywords)


def _import(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
    if type(fromlist) is list:  # C code's own import: it ignores what comes back and looks into sys.modules
        return None
    if level or name not in contract.MODULES:
        raise PolicyError(f"import of {name!r} is not allowed; {INSTEAD}")
    return modules()[name if fromlist else name.partition(".")[0]]


@functools.cache
def _builtins() -> dict[str, Any]:
    withheld = contract.FORBIDDEN_BUILTINS | {"copyright", "credits", "exit", "license", "quit"}
    kept = {name: value for name, value in vars(builtins).items() if name[0] != "_" and name not in withheld}
    guards = {"getattr": _getattr, "hasattr": _hasattr, "setattr": _setattr, "delattr": _delattr, "type": _Type}
    return kept | guards | {"__build_class__": _build_class, "__import__": _import}
