"""Rules that stand in the code only: what ``solve``, ``example`` or ``verify`` use and no word of the statement tells.

A short list for a person to read, never a verdict: a note may be a rule that was forgotten, or a detail of the method.
Pure text and syntax; nothing is run. Not whether the statement and the code agree: that takes a second author.

Left out by rule, since they are seldom rules of a task: the numbers 0, 1 and -1, 2 as a factor, divisor, exponent or
start of a count, plain indices, what ``ord`` is compared with, rounding guards below a millionth outside ``verify``,
slices that are zipped or read as a number, powers of ten from a thousand up that nothing is divided by (they stand for
infinity, or scale a number), format specifications, patterns of ``re``, messages of exceptions, white space and
separators, the alphabet and the digits in order, and names of internal states. A bound counts as mentioned by its
other form, ``< 5`` by "at most 4"; a number that only a sentence with "For example" names does not.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import Formatter, ascii_letters, ascii_lowercase, ascii_uppercase, digits

from synth.program import Program

Number = int | float

COUNTED = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty"""
ORDERED = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"""
UNITS, ORDINALS = COUNTED.split(), ORDERED.split()
DECADES = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {name: 10 * n for n, name in enumerate(DECADES.split(), start=2)}
TIMES = {"once": 1, "single": 1, "twice": 2, "thrice": 3, "dozen": 12, "hundred": 100, "thousand": 1000}
WORDS: Mapping[str, Number] = {
    **{name: n for names in (UNITS, ORDINALS) for n, name in enumerate(names)},
    **TENS,
    **{f"{name[:-1]}ieth": n for name, n in TENS.items()},
    **TIMES,
    "million": 10**6,
    "quarter": 0.25,
}

STANDS_FOR: Mapping[str, tuple[Number, ...]] = {
    r"hal(f|ve|ves|ved|ving)|middle|median|midpoint|average": (2, 0.5),
    r"even|odd|parity|double[sd]?|pairs?|both|squared?s?|binary|bits?|powers? of two|diagonals?": (2,),
    r"primes?|factors?": (2, 3),
    r"triples?|triangles?|cubed?s?|ternary|three-\w+": (3,),
    r"quarters?|corners?|squares?|rectangles?|compass|north": (4, 90),
    r"right angles?|degrees?": (90, 180, 270, 360),
    r"octal": (8,),
    r"hexadecimal": (16,),
    r"digits?|decimal|tens": (9, 10),
    r"hundredths?|percent|per cent|cents?|century": (100, 0.01),
    r"alphabet\w*|letters?|caesar": (26, 25),
    r"weeks?|weekdays?|mondays?|sundays?|saturdays?": (7, 5, 6),
    r"months?|years?": (12, 365, 366),
    r"leap|gregorian|calendar|dates?|years?": (4, 28, 29, 30, 31, 100, 400, 365, 366, 12, 7),
    r"hours?|minutes?|clocks?|o'clock|hh:mm": (12, 24, 60, 1440, 3600, 720, 86400),
    r"knights?": (2,),
    r"chess\w*": (8,),
    r"dic?e": (6,),
    r"cards?|suits?": (4, 13, 52),
    r"metres?|meters?|kilometres?|kilograms?|grams?|litres?|thousandths?": (1000,),
    r"nibbles?|bytes?|octets?": (4, 8, 255, 256),
    r"ipv4": (8, 32, 255, 256),
    r"hexagon\w*": (6,),
}
"""Words that tell a number without naming it."""

OPERATIONS: Mapping[str, str] = {
    "lower": r"case|capital|lower|upper|letters",
    "upper": r"case|capital|lower|upper|letters",
    "casefold": r"case|capital|lower|upper",
    "swapcase": r"case|capital|lower|upper",
    "strip": r"space|spaces|blank|white|trim\w*|zeros?|lines?|ends?",
    "round": r"round\w*|nearest|decimals?|places|digits?|within",
    "isdigit": r"digits?|numbers?|numerals?|integers?|0",
    "isupper": r"case|capital|upper",
    "islower": r"case|small|lower",
    "isalpha": r"letters?|words?|alphabet\w*|case|names?|[a-z]",
    "isspace": r"space|spaces|blank|white",
    "istitle": r"case|capital|title",
}
"""Operations that are rules of a task, with the words by which a statement tells them."""

NOTHING = r"no|not|none|never|empty|nothing|zero|zeros|0|without|impossible|cannot|otherwise|unreachable"
SPECIAL: Mapping[str, str] = {
    "-1": r"-1|−1|minus one|minus 1|less 1|negative one",
    "0": NOTHING + r"|how many|number|count|sum|total",
    "''": NOTHING,
    "[]": NOTHING,
    "{}": NOTHING,
}
"""Answers to special cases, with the words by which a statement tells them."""

NUMERAL = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?!\d)|\d*\.\d+(?:[eE]-?\d+)?|\d+(?:[eE]-?\d+)?")
POWER = re.compile(r"(\d+)\s*(?:\^|\*\*|to the power(?: of)?)\s*(-?\d+)(?:\s*([+-])\s*(\d+))?")
RUNS = (digits, ascii_letters, ascii_uppercase + ascii_lowercase)
EXAMPLE = re.compile(r"\b(?:For example|For instance|So, for example)\b.*?\.(?=\s|$)")
MOST_NOTES = 12
SHOWN = 80  # characters of a line
MANY_LETTERS = 15  # nobody lists as many one by one
TABLE = 4  # constants from which a display counts as one thing
GUARD = 1e-6
INFINITE = 1000
LARGEST_POWER = 400  # bits or so of a folded power


@dataclass(frozen=True)
class Note:
    """Something that the code does and the statement does not seem to say."""

    line: int
    code: str
    """The line, without its indentation."""
    why: str


def unmentioned(program: Program) -> list[Note]:
    """Rules of ``program`` that no word of its statement mentions, by line; at most ``MOST_NOTES``."""
    said = Statement(program.statement, program.signature.domain)
    lines = program.source.splitlines()
    notes: dict[str, Note] = {}
    for node, why in _found(Code(ast.parse(program.source)), said):
        code = lines[node.lineno - 1].strip()
        notes.setdefault(why, Note(node.lineno, code[:SHOWN], why))
    return sorted(notes.values(), key=lambda note: note.line)[:MOST_NOTES]


class Statement:
    """What a statement mentions: numbers, words and characters; the names of the fields count as its words.

    >>> said = Statement("Take every third entry of {xs}, at most 1,000, or 2**5 if twenty-one; halve it.", ["top_4"])
    >>> [number in said.numbers for number in (3, 1000, 32, 21, 0.5, 4, 17)]
    [True, True, True, True, True, True, False]
    """

    def __init__(self, template: str, fields: Iterable[str]) -> None:
        text = " ".join(part for part, *_ in Formatter().parse(template))
        names = " ".join(fields).replace("_", " ")
        self.text = f"{text} {re.sub(r'(?<=[a-z])(?=[0-9])', ' ', names)}"
        self.lower = self.text.lower()

    def has(self, words: str) -> bool:
        """Whether one of ``words``, a pattern of alternatives, stands in it as a whole word."""
        return re.search(rf"(?<!\w)(?:{words})(?!\w)", self.lower) is not None

    @cached_property
    def numbers(self) -> frozenset[Number]:
        """Every number that it names, in digits or words, or tells by a word that stands for it."""
        rules = EXAMPLE.sub(" ", self.text)
        found: set[Number] = {_number(numeral.replace(",", "")) for numeral in NUMERAL.findall(rules)}
        for base, exponent, sign, more in POWER.findall(self.lower):
            if len(base) <= 4 and abs(int(exponent)) <= LARGEST_POWER:
                power = int(base) ** int(exponent)
                found |= {power, power + int(f"{sign}{more}" if more else 0)}
        found |= {WORDS[word] for word in re.findall(r"[a-z]+", self.lower) if word in WORDS}
        for tens, unit in re.findall(rf"\b({'|'.join(TENS)})[- ]([a-z]+)", self.lower):
            found |= {TENS[tens] + WORDS[unit]} if unit in UNITS + ORDINALS else set()
        for words, numbers in STANDS_FOR.items():
            if self.has(words):
                found.update(numbers)
        return frozenset(found)

    def quotes(self, text: str) -> bool:
        """Whether a text of the code stands in it: whole, all its words, or each of its characters by itself."""
        needle = text.strip().lower()
        words = re.findall(r"\w+", needle)
        if needle in self.lower and (len(needle) > 1 or not needle.isalpha()):
            return True
        if re.search(r"%[YmdHMS]", text):
            return self.has(r"dates?|times?|yyyy\S*|hh\S*")
        if words and len(words[0]) > 1 and all(map(self.has, map(re.escape, words))):
            return True
        if needle.isalpha() and len(needle) >= MANY_LETTERS:
            return self.has(r"letters?|consonants?|alphabet\w*")
        return self._characters(c for c in needle if not c.isspace())

    def _characters(self, characters: Iterable[str]) -> bool:
        named = {**CHARACTERS, **{digit: rf"{digit}|digits?|numbers?|numerals?" for digit in "0123456789"}}
        return all(
            self.has(re.escape(c) if c.isalnum() else named.get(c, "(?!)"))
            or (not c.isalnum() and c in self.lower)
            or (c in named and self.has(named[c]))
            for c in characters
        )


CHARACTERS = {
    "-": r"minus|hyphens?|dash(es)?|negative",
    "+": r"plus|sums?|adds?|added|addition",
    "*": r"times|stars?|asterisks?|product|multipl\w+",
    "/": r"slash(es)?|divi\w+|over|fractions?",
    ".": r"dots?|points?|full stops?|periods?",
    ",": r"commas?",
    ":": r"colons?|hh:mm|clock",
    "(": r"brackets?|parenthes[ie]s",
    ")": r"brackets?|parenthes[ie]s",
    "#": r"hash(es)?|walls?",
    "_": r"underscores?",
    "=": r"equals?|equal to",
    "<": r"less|below|smaller",
    ">": r"more|greater|larger|above",
}
"""Names of signs."""


class Code:
    """The functions and constants that a right answer depends on, and how each node stands among its parents."""

    def __init__(self, tree: ast.Module) -> None:
        self.parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        self._top: dict[str, ast.stmt] = {}
        for statement in tree.body:
            self._top.update(dict.fromkeys(_defines(statement), statement))
        self.roots = [self._top[name] for name in ("solve", "example", "verify") if name in self._top]
        self.reached = self._reached()

    def _reached(self) -> list[ast.stmt]:
        found: dict[ast.stmt, None] = {}
        left = list(self.roots)
        while left:
            if (statement := left.pop(0)) in found:
                continue
            found[statement] = None
            names = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
            left += [self._top[name] for name in names if name in self._top and name != "STATEMENT"]
        return list(found)

    def nodes(self) -> Iterator[ast.AST]:
        """Every node of what is reached, without annotations and docstrings."""
        for statement in self.reached:
            yield from _walk(statement)

    def above(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """Each node from ``node`` up, with its parent, to the module."""
        while node in self.parents:
            yield node, self.parents[node]
            node = self.parents[node]

    def root(self, node: ast.AST) -> str:
        """The name of the module's function around ``node``, if it is in one."""
        tops = [up for _, up in self.above(node) if isinstance(up, ast.FunctionDef)]
        return tops[-1].name if tops else ""


def _found(code: Code, said: Statement) -> Iterator[tuple[ast.expr, str]]:
    """Nodes that no word mentions, with the reason; a table counts once."""
    skipped: set[ast.AST] = set()
    states = _states(code)
    for node in code.nodes():
        if node in skipped or not isinstance(node, ast.expr):
            continue
        held = _constants(node) if isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set) else []
        if len(held) >= TABLE:
            skipped.update(ast.walk(node))
            missing = [c for c in held if not _mentioned(c, code, said, states)]
            if missing:
                yield (
                    node,
                    f"{len(missing)} of the {len(held)} constants in a table are not mentioned: {_listed(missing)}",
                )
        elif (value := _folded(node)) is not None or _is_text(node):
            skipped.update(ast.walk(node))
            if not _mentioned(node, code, said, states):
                what = f"the number {value}" if value is not None else f"the text {ast.literal_eval(node)!r}"
                yield node, f"{what} is not mentioned"
        elif reason := _operation(node, code, said):
            yield node, reason
    yield from _special_answers(code, said)


def _mentioned(node: ast.expr, code: Code, said: Statement, states: frozenset[str]) -> bool:
    """Whether the statement mentions a constant, or the rules above leave it out."""
    if (value := _folded(node)) is None:
        text = ast.literal_eval(node)
        return text in states or _plain(text) or _technical(node, code) or said.quotes(text)
    if abs(value) in said.numbers or _left_out(value, node, code):
        return True
    parts = [c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, int | float)]
    if len(parts) > 1 and all(part in said.numbers or part in (0, 1) or 0 < part <= GUARD for part in parts):
        return True
    return isinstance(value, int) and value + _shift(node, code) in said.numbers


def _left_out(value: Number, node: ast.expr, code: Code) -> bool:
    """The numbers that are seldom rules, as the head of this module lists them."""
    parent = code.parents[node]
    if value in (0, 1, -1) or (isinstance(value, float) and abs(value) < GUARD and code.root(node) != "verify"):
        return True
    match parent:
        case (
            ast.BinOp(op=ast.Mod() | ast.FloorDiv() | ast.Mult() | ast.Div() | ast.Pow() | ast.LShift())
            | ast.AugAssign()
        ):
            if value == 2:
                return True
        case ast.Call(func=ast.Name(id="range" | "count" | "pow" | "int" | "divmod" | "combinations")) if value == 2:
            return True
        case ast.Subscript(slice=index) if index is node:
            return True
        case ast.Call(func=ast.Name(id="round" | "chr") | ast.Attribute(attr="group")):
            return True
        case ast.Call(func=ast.Name(id="range"), args=[_, _, _]) if value == 3:  # odd numbers from 3 on
            return True
        case ast.Slice() if any(_is_call(up, "zip") or _is_call(up, "int") for _, up in code.above(node)):
            return True
    if abs(value) >= INFINITE and str(abs(value)).strip("0") == "1":
        return not (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod | ast.FloorDiv))
    return any(_is_call(n, "ord") for n in ast.iter_child_nodes(parent))


def _shift(node: ast.expr, code: Code) -> int:
    """What the same bound is, inclusive for exclusive: ``x < 5`` is at most 4, ``range(5)`` and ``% 5`` end at 4."""
    match code.parents[node]:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            exclusive_above = isinstance(op, ast.Lt | ast.GtE) if right is node else isinstance(op, ast.Gt | ast.LtE)
            ordered = isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) and node in (left, right)
            return (-1 if exclusive_above else 1) if ordered else 0
        case ast.Call(func=ast.Name(id="range"), args=[*_, last]) if last is node:
            return -1
        case ast.BinOp(op=ast.Mod(), right=right) if right is node:
            return -1
        case _:
            return 0


def _operation(node: ast.expr, code: Code, said: Statement) -> str:
    """Why an operation that is a rule of the task is worth a note; empty if it is none, or mentioned."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in OPERATIONS:
            return "" if said.has(OPERATIONS[name]) else f"{name}() is applied, but nothing like it is mentioned"
        case ast.Call(func=ast.Name(id="sorted" | "max" | "min"), keywords=keywords):
            ties = [k.value.body for k in keywords if k.arg == "key" and isinstance(k.value, ast.Lambda)]
            if any(isinstance(tie, ast.Tuple) and len(tie.elts) > 1 for tie in ties) and not said.has(TIES):
                return "ties are broken by a second key, but nothing like it is mentioned"
    return ""


TIES = (
    r"ties?|tied|equal\w*|same|alphabetical\w*|lexicographic\w*|smallest|smaller|least|lowest|lower|earliest|earlier|"
    r"first|then|order\w*|largest|larger|highest|latest|last|sorted|ascending|descending|several|preferred|prefers?"
)


def _special_answers(code: Code, said: Statement) -> Iterator[tuple[ast.expr, str]]:
    """Constants that a branch of ``solve`` or ``example`` returns at once, for a case that no word tells."""
    for root in code.roots:
        if not isinstance(root, ast.FunctionDef) or root.name == "verify":
            continue
        for node in ast.walk(root):
            match node:
                case ast.If(body=[ast.Return(value=ast.expr() as value)]) if not _guards_a_field(node.test, root):
                    words = SPECIAL.get(ast.unparse(value))
                    if words and not said.has(words):
                        yield value, f"{ast.unparse(value)} is the answer where {ast.unparse(node.test)}, unmentioned"


def _guards_a_field(test: ast.expr, root: ast.FunctionDef) -> bool:
    """``not xs``: an empty instance, which is for ``admits`` to keep out."""
    fields = {argument.arg for argument in root.args.args}
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
            return name in fields
        case ast.Compare(left=ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)])):
            return name in fields
        case _:
            return False


def _states(code: Code) -> frozenset[str]:
    """Texts that only the code itself sees: keys that are looked up, and marks both set and compared."""
    keys: set[str] = set()
    compared: set[str] = set()
    made: set[str] = set()
    for node in code.nodes():
        if not _is_text(node):
            continue
        text, parent = str(ast.literal_eval(node)), code.parents[node]
        if isinstance(parent, ast.Subscript | ast.keyword) or (isinstance(parent, ast.Dict) and node in parent.keys):
            keys.add(text)
        inside = code.parents[parent] if isinstance(parent, ast.Tuple | ast.Set | ast.List) else parent
        (compared if isinstance(inside, ast.Compare) else made).add(text)
    looked_up = {
        str(ast.literal_eval(n.slice)) for n in code.nodes() if isinstance(n, ast.Subscript) and _is_text(n.slice)
    }
    marks = {text for text in compared & made if len(text) > 1}
    return frozenset((keys & looked_up) | marks)


def _plain(text: str) -> bool:
    """White space, separators, all digits in order, an alphabet."""
    return not text.strip(" \t\n,;|:-") or any(text.strip("_- .") in run for run in RUNS if len(text) > 4)


def _technical(node: ast.expr, code: Code) -> bool:
    """Whether a text is a pattern of ``re``, the message of an exception, or about how Python writes a number."""
    for at, up in code.above(node):
        match up:
            case ast.Raise() | ast.Assert():
                return True
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
                return True
            case ast.Call(func=ast.Name(id="format"), args=[_, spec]) if at is spec:
                return True
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="bin" | "hex" | "format" | "str")))):
                return True
    return False


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_call(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _constants(display: ast.AST) -> list[ast.expr]:
    """The constants that a display is made of; none when it holds anything that is computed."""
    match display:
        case ast.Dict(keys=keys, values=values):
            parts = [*[key for key in keys if key], *values]
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            pass
        case ast.expr() if _folded(display) is not None or _is_text(display):
            return [display]
        case _:
            return []
    held = [_constants(part) for part in parts]
    return [c for part in held for c in part] if all(held) else []


def _folded(node: ast.AST) -> Number | None:
    """The number that a constant expression comes to, such as ``10**9 + 7``; nothing for anything else."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            positive = _folded(operand)
            return None if positive is None else -positive
        case ast.BinOp(left=left, op=op, right=right) if (a := _folded(left)) is not None:
            b = _folded(right)
            return None if b is None else _operated(a, op, b)
        case _:
            return None


def _operated(a: Number, op: ast.operator, b: Number) -> Number | None:
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Pow() if isinstance(b, int) and 0 <= b <= LARGEST_POWER and abs(a) <= LARGEST_POWER:
            return int(a) ** b if isinstance(a, int) else None
        case ast.LShift() if isinstance(a, int) and isinstance(b, int) and 0 <= b <= LARGEST_POWER:
            return a << b
        case _:
            return None


def _defines(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """``node`` and all below it, parents first and as written, but no annotation, docstring or format."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "format_spec"):
            continue
        for child in value if isinstance(value, list) else [value]:
            docstring = isinstance(child, ast.Expr) and _is_text(child.value)
            if isinstance(child, ast.AST) and not docstring:
                yield from _walk(child)


def _number(numeral: str) -> Number:
    return int(numeral) if numeral.isdigit() else float(numeral)


def _listed(nodes: Iterable[ast.expr]) -> str:
    shown = list(dict.fromkeys(map(ast.unparse, nodes)))
    return ", ".join(shown[:8]) + (", ..." if len(shown) > 8 else "")
