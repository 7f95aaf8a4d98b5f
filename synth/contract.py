"""The environment contract in figures and lists: what prompts tell, laws judge and the sandbox enforces.

Not the contract's words (those are in ``prompts/``) and not its shape (that is ``program.py``). Every number
that an author is told stands here once, so that the prompt and the judge cannot disagree.
"""

from collections.abc import Mapping

DIFFICULTIES = range(1, 11)
"""An environment must work at each of these; there is no upper bound."""

CALL_SECONDS = 2.0
"""Processor time that one call may take."""

MEMORY_BYTES = 512 << 20
"""Address space of a process that runs a program."""

RECURSION = 1_000
"""Python's recursion limit while a program runs."""

INSTANCE_BYTES = 64 << 10
"""An instance, as JSON."""

TEXT_CHARACTERS = 20_000
"""The text of an instance."""

INTEGER_DIGITS = 300
"""Decimal digits of one integer, in an instance or an answer."""

SOURCE_CHARACTERS = 60_000
"""A program; the longest that anyone has written by hand is a tenth of it."""

TOLERANCE = 1e-9
"""A score is 1 up to this."""

DRAWS = 24
"""Instances drawn at each difficulty when an environment is judged."""

DISTINCT_SHARE = 1 / 3
"""Of those, how many must differ: a pool of few instances is learned by heart (SCALER asks for 10 of its own)."""

CONSTANT_SHARE = 0.35
"""How often one and the same answer may be right: what a model earns without reading (SCALER: 30 %)."""

COIN_SHARE = 0.65
"""The same where an answer is a yes or a no: a fair coin is right half the time, and 240 throws scatter."""

LEAK_SHARE = 0.35
"""How often a field of the instance may be the answer as it stands."""

MODULES: Mapping[str, frozenset[str]] = {
    "__future__": frozenset(),
    "bisect": frozenset(),
    "calendar": frozenset(),
    "cmath": frozenset(),
    "collections": frozenset(),
    "collections.abc": frozenset(),
    "copy": frozenset(),
    "dataclasses": frozenset({"make_dataclass"}),
    "datetime": frozenset(),
    "decimal": frozenset({"getcontext", "setcontext", "localcontext"}),
    "enum": frozenset({"EnumMeta", "EnumType", "property", "member", "nonmember", "EnumDict"}),
    "fractions": frozenset(),
    "functools": frozenset({"update_wrapper", "wraps", "singledispatch", "singledispatchmethod", "cached_property"}),
    "heapq": frozenset(),
    "itertools": frozenset(),
    "json": frozenset({"load", "dump"}),
    "math": frozenset(),
    "operator": frozenset({"attrgetter", "methodcaller"}),
    "random": frozenset(),  # only `Random` is there at all
    "re": frozenset({"template", "Scanner"}),
    "statistics": frozenset(),
    "string": frozenset({"Formatter", "Template"}),
    "textwrap": frozenset(),
    "typing": frozenset({"get_type_hints", "ForwardRef", "reveal_type", "evaluate_forward_ref"}),
}
"""What a program may import, and the names of each module that it may not."""

FORBIDDEN_BUILTINS = frozenset(
    {
        "__import__",
        "breakpoint",
        "compile",
        "dir",
        "eval",
        "exec",
        "globals",
        "hash",
        "help",
        "id",
        "input",
        "locals",
        "open",
        "vars",
    }
)
