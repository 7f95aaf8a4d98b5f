"""The policy alone: what authors write works, and what is refused is refused in their terms. Not the attack corpus."""

import random

import pytest

from sandbox import guards
from sandbox.guards import PolicyError, namespace
from sandbox.policy import compile_program


def run(source: str, name: str = "f"):
    """What ``name`` returns, in a program under the policy and nothing else."""
    program = namespace()
    exec(compile_program(source), program)
    return program[name]()


def body(*lines: str) -> str:
    return "\n".join(["def f():", *(f"    {line}" for line in lines)])


WORKS = {
    "dataclass": (
        """
from dataclasses import dataclass, field, asdict, replace
@dataclass(order=True)
class P:
    x: int
    tags: list = field(default_factory=list)
    _hidden: int = 1
    def up(self):
        self.x += 1
        self._hidden -= 1
        return self
def f(): return [asdict(P(1).up()), P(1) < P(2), replace(P(3), x=4).x]
""",
        [{"x": 2, "tags": [], "_hidden": 0}, True, 4],
    ),
    "a frozen dataclass that fills itself in": (
        """
from __future__ import annotations
from dataclasses import dataclass
@dataclass(frozen=True, slots=True)
class P:
    x: int
    def __post_init__(self): object.__setattr__(self, "x", self.x + 1)
def f(): return P(1).x
""",
        2,
    ),
    "NamedTuple and namedtuple": (
        """
from collections import namedtuple
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 0
Q = namedtuple("Q", "a b")
def f(): return [P(1), Q(1, 2)._replace(b=3), Q(1, 2)._asdict(), P._fields]
""",
        [(1, 0), (1, 3), {"a": 1, "b": 2}, ("x", "y")],
    ),
    "Enum": (
        """
from enum import Enum, IntEnum, auto
class C(Enum):
    RED = auto()
    def low(self): return self.name.lower()
class I(IntEnum):
    ONE = 1
def f(): return [C.RED.low(), C.RED.value, I.ONE + 1, list(C.__members__)]
""",
        ["red", 1, 2, ["RED"]],
    ),
    "TypedDict, Generic, Protocol": (
        """
from typing import Generic, List, Protocol, TypedDict, TypeVar
T = TypeVar("T")
Grid = List[List[int]]
class D(TypedDict, total=False):
    a: int
class S(Generic[T]):
    def __init__(self): self.items: List[T] = []
    def push(self, x: T) -> "S[T]":
        self.items.append(x)
        return self
class Sized(Protocol):
    def size(self) -> int: ...
def f(): return [D(a=1), S[int]().push(3).items]
""",
        [{"a": 1}, [3]],
    ),
    "match": (
        body(
            "out = []",
            "for v in ([1, 2], {'a': 1, 'b': 2}, 'x', 5):",
            "    match v:",
            "        case [a, *rest]: out.append(rest)",
            "        case {'a': n, **more}: out.append(more)",
            "        case str() as s: out.append(s)",
            "        case int(n) if n > 4: out.append(n)",
            "return out",
        ),
        [[2], {"b": 2}, "x", 5],
    ),
    "functools.cache": (
        "import functools\n@functools.cache\ndef g(n): return n if n < 2 else g(n - 1) + g(n - 2)\n"
        + body("return g(90)"),
        2880067194370816120,
    ),
    "nonlocal, closures, defaults": (
        body("n = 0", "def up(k=1):", "    nonlocal n", "    n += k", "    return n", "up()", "return up(k=2)"),
        3,
    ),
    "format": (
        body("return ['{} {:>3} {a:.1f}'.format(1, 2, a=3.14), f'{7:03d}', '{x[0]}'.format_map({'x': [5]})]"),
        ["1   2 3.1", "007", "5"],
    ),
    "format that reads an attribute of the program's own": (
        "class A:\n    v = 3\n" + body("return '{0.v:>{w}}'.format(A(), w=3)"),
        "  3",
    ),
    "generators": (
        "def g(n):\n    got = yield 1\n    yield from range(got)\n"
        + body("i = g(3)", "next(i)", "return [i.send(2), *i]"),
        [0, 1],
    ),
    "operators, slots, properties, private names": (
        """
class A:
    __slots__ = ("_x", "__y")
    __hash__ = None
    def __init__(self): self._x, self.__y = 1, 2
    def __add__(self, other): return self._x + self.__y + other
    __radd__ = __add__
    def __len__(self): return 3
    def __getitem__(self, i): return i
    def __eq__(self, other): return self.__class__ is other.__class__
    @property
    def x(self): return self._x
    @x.setter
    def x(self, value): self._x = value
class B(A):
    def __init__(self):
        super().__init__()
        self.x = 5
def f(): return [A() + 1, 1 + B(), len(A()), A()[7], A() == A(), type(B()).__name__, getattr(A(), "_x")]
""",
        [4, 8, 3, 7, True, "B", 1],
    ),
    "a method named hash that is defined and used by set": (
        "class A:\n    def __hash__(self): return 1\n    def __eq__(self, o): return True\n"
        + body("return len({A(), A()})"),
        1,
    ),
    "attributes of functions and classes of its own": (
        "class A: pass\n" + body("f.n = 1", "setattr(A, 'm', 2)", "del f.n", "return [hasattr(f, 'n'), A.m]"),
        [False, 2],
    ),
    "names of forbidden builtins with a meaning of its own": (
        "def g(input, dir): return input + dir\n"
        + body("id, hash = 1, 2", "vars = [id, hash]", "return g(3, 4), vars"),
        (7, [1, 2]),
    ),
    "the standard library from C": (
        """
import re, json, collections.abc as cabc
from datetime import date, datetime, timedelta
from collections import Counter, defaultdict
def f():
    c, d = Counter("aab"), defaultdict(list)
    c["z"] += 1
    d["k"].append(1)
    swap = re.compile(r"(\\w)-(\\d)")
    return [c["z"], d["k"], swap.sub(r"\\2-\\1", "a-1"), datetime.strptime("2024-02-28", "%Y-%m-%d").day,
            (date(2024, 2, 28) + timedelta(days=2)).isoformat(), json.loads("[1]"), isinstance([], cabc.Sequence)]
""",
        [1, [1], "1-a", 28, "2024-03-01", [1], True],
    ),
    "type": (
        body("return [type(1) is int, type(1) == type(2), isinstance(int, type), {type(1): 1}[int]]"),
        [True] * 3 + [1],
    ),
    "a name guard": ("if __name__ == '__main__': raise SystemExit\n" + body("return 1"), 1),
    "print": (body("print('x', end='')", "return 1"), 1),
    "300 branches of elif": (
        "def f(x=299):\n" + "".join(f"    {'el' if i else ''}if x == {i}: return {i}\n" for i in range(300)),
        299,
    ),
}


@pytest.mark.parametrize("name", WORKS)
def test_what_authors_write_works(name, capsys):
    source, value = WORKS[name]
    assert run(source) == value


def test_a_seeded_random_draws_what_python_draws():
    source = "from random import Random\nimport copy\n" + body(
        "r = Random(7)",
        "s = copy.deepcopy(r)",
        "return [r.sample(range(99), 5), s.sample(range(99), 5), Random('a').random()]",
    )
    same = random.Random(7).sample(range(99), 5)
    assert run(source) == [same, same, random.Random("a").random()]


def test_annotations_are_evaluated_unless_the_future_is_imported():
    source = "class A:\n    x: int\n" + body("return 1")
    program = namespace()
    exec(compile_program(source), program)
    assert program["A"].__annotations__ == {"x": int}


REFUSED = {
    "import numpy": "import of 'numpy' is not allowed; use math",
    "import os.path": "import of 'os.path' is not allowed",
    "from time import time": "import of 'time' is not allowed",
    "from . import x": "import of '.' is not allowed",
    "from math import *": r"import \* is not allowed; name what you need",
    "from random import choice": "draw from the rng that is given",
    "from functools import wraps": "'wraps' of 'functools' is not there to use",
    "from operator import attrgetter": "'attrgetter' of 'operator' is not there",
    "x = eval('1')": "'eval' is not allowed; read the value",
    "x = hash('a')": "'hash' is not allowed; it differs between processes",
    "x = id": "'id' is not allowed",
    "x = open('f')": "'open' is not allowed; a program has no files",
    "x = globals()": "'globals' is not allowed",
    "x = 'a'.__hash__()": "the attribute '__hash__' is not allowed",
    "x = ().__class__.__bases__": "the attribute '__bases__' is not allowed",
    "x = (lambda: 0).__globals__": "the attribute '__globals__' is not allowed",
    "x = __builtins__": "the name '__builtins__' is not allowed",
    "_write_ = 1": "the name '_write_' is not allowed",
    "__name__ = 'os'": "may not be assigned",
    "class A(metaclass=type): pass": "a metaclass is not allowed",
    "async def f(): pass": "async def is not allowed",
    "try: pass\nexcept* ValueError: pass": r"except\* is not allowed",
    "class A:\n    def __getattribute__(self, n): pass": "the name '__getattribute__' is not allowed",
    "class A:\n    gi_frame: int": "the name 'gi_frame' is not allowed",
    "match 1:\n    case object(__class__=c): pass": "not allowed in a pattern",
    # seen only when it runs
    "import random\nrandom.random()": "draw from the rng that is given",
    "from random import Random\nRandom()": r"Random\(\) without a seed",
    "from random import Random\nRandom(None)": "a seed of None",
    "from random import Random\nRandom(1).seed()": "a seed of None",
    "from random import Random\nRandom.__new__(Random)": "without a seed",
    "from datetime import datetime\ndatetime.now()": "must not depend on the time",
    "from datetime import date\nclass D(date): pass\nD.today()": "must not depend on the time",
    "import datetime\ngetattr(datetime.datetime, 'utcnow')()": "must not depend on the time",
    "getattr(1, '__hash__')": "'__hash__' of a int is not allowed",
    "'{0.__class__.__mro__}'.format(1)": "'__mro__' of a type is not allowed",
    "'{a.__globals__}'.format_map({'a': lambda: 0})": "'__globals__' of a function is not allowed",
    "str.format('{0.__class__}', 1)": "'format' of a type is not allowed",
    "type('X', (), {})": r"type\(\) takes one argument",
    "class M(type): pass": "may not derive from type",
    "import math\nmath.pi = 3": "attributes of a module may not be set",
    "from collections import Counter\nsetattr(Counter, 'x', 1)": "attributes of a type may not be set",
    "import json\njson.codecs": "'codecs' of 'json' is not there",
    "import enum\nenum.global_enum": "'global_enum' of 'enum' is not there",
    "from collections.abc import Sized\nSized.register(int)": "'register' of a ABCMeta is not allowed",
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_is_refused_is_refused_in_the_authors_terms(source):
    with pytest.raises(PolicyError, match=REFUSED[source]):
        exec(compile_program(source), namespace())


def test_a_source_that_nobody_writes_by_hand_is_not_even_parsed():
    with pytest.raises(PolicyError, match="180000 characters; at most 60000 are read"):
        compile_program("x = 1\n" * 30_000)


def test_every_error_carries_its_line_and_the_first_five_are_told():
    source = "import os\n\nimport sys\nx = eval('1')\nimport a\nimport b\nimport c\n"
    with pytest.raises(PolicyError) as caught:
        compile_program(source)
    told = str(caught.value).split("; line ")
    assert [words.removeprefix("line ").split(":")[0] for words in told] == ["1", "3", "4", "5", "6"]
    assert caught.value.line == 1


def test_the_modules_are_exactly_those_of_the_contract():
    assert guards.modules().keys() == guards.contract.MODULES.keys()


def test_no_module_offers_another_module_or_a_withheld_name():
    for name, module in guards.modules().items():
        held = {key: value for key, value in vars(module).items() if not key.startswith("__")}
        assert not held.keys() & guards.contract.MODULES[name], name
        inside = {key for key, value in held.items() if type(value).__name__ == "module"}
        assert inside <= ({"abc"} if name == "collections" else set()), name


def test_two_programs_do_not_share_names():
    run("secret = 1\n" + body("return secret"))
    with pytest.raises(NameError):
        run(body("return secret"))
