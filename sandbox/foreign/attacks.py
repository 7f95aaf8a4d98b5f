"""Attacks on single datasets of reasoning-gym, each found by reading its scorer, with the reason why it should fail.

A check looks at the question alone. An attack makes an answer out of the question and the gym's own answer, and says
whether that answer is right. Whether the gym agrees is found out by asking it (``findings.py``), so that an attack that
a later version stands up to finds nothing.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain, combinations, permutations, product

Make = Callable[[str, str], str | None]
"""From a question and the gym's own answer; nothing where it does not apply."""

TERMS_MOST = 3  # of a syllogism: 256 models
BLANKS_MOST = 6  # of a survo matrix: 720 ways to fill it


@dataclass(frozen=True)
class Attack:
    """An answer that the gym should refuse, or, where it is ``right``, accept."""

    make: Make
    why: str
    right: bool = False


def _foreign_numbers(question: str, own: str) -> str | None:
    given = sorted(map(int, re.findall(r"\d+", question.partition("Make 24 using")[2].partition(".")[0])))
    return next((text for text in ("1*1*4*6", "1*2*3*4") if sorted(map(int, re.findall(r"\d", text))) != given), None)


def _functions(question: str, own: str) -> str | None:
    """Zero times the numbers given, and one as often as it takes."""
    target, *numbers = map(int, re.findall(r"\d+", question.partition("\n")[0]))
    return f"({'+'.join(map(str, numbers))})*sin(pi) + {' + '.join(['cos(sin(pi))'] * target)}"


def _integral(question: str, own: str) -> str | None:
    found = re.search(r"∫ (.+) d([A-Za-z])\n", question)
    return f"Integral({found[1]}, {found[2]})" if found else None


def _expand(question: str, own: str) -> str | None:
    found = re.search(r": (.+)\n", question)
    return f"expand({found[1]})" if found and "(" in found[1] else None


def _shifted(question: str, own: str) -> str | None:
    return json.dumps([str(float(number) + 0.9) for number in json.loads(own.replace("'", '"'))])


def _neighbour(question: str, own: str) -> str | None:
    """The candidate next to the right one."""
    texts = question.rpartition(":")[2].split()
    others = {float(text.replace(",", "")) for text in texts} - {float(own)}
    near = min(others, key=lambda other: abs(other - float(own)), default=None)
    return None if near is None or abs(near - float(own)) < 1e-6 else repr(near)


def _premise(question: str, own: str) -> str | None:
    premises = re.findall(r"^\.?\d+\. (.+)$", question, re.MULTILINE)
    return max(premises, key=len, default=None)


def _coarse(question: str, own: str) -> str | None:
    """Off in the fourth place, where more places are asked for and given."""
    return str(Decimal(own) + Decimal("0.0009")) if len(own.partition(".")[2]) > 5 else None


def _prefix(question: str, own: str) -> str | None:
    return f"{own[:10]}ZZZ" if len(own) > 10 and not own[10:].startswith("ZZZ") else None


def _tail(question: str, own: str) -> str | None:
    return f"{own}zzz"


def _zero(question: str, own: str) -> str | None:
    return "0" if float(own) > 0.01 else None


def _more_rows(question: str, own: str) -> str | None:
    return own.strip()[:-1] + ",[1,1,1]]"


def _opposite(question: str, own: str) -> str | None:
    return {"True": "False", "False": "True"}.get(own)


def _filled(question: str, own: str) -> str | None:
    """Another filling of a survo matrix that keeps all of its sums and uses the numbers given, each once."""
    matrix = [list(map(int, line.split())) for line in re.findall(r"^[\d ]+$", question, re.MULTILINE)]
    numbers = re.search(r"\[([\d, ]+)\]", question)
    blanks = [(i, j) for i, row in enumerate(matrix) for j, cell in enumerate(row) if not cell]
    if not numbers or len(blanks) > BLANKS_MOST:
        return None
    solved = [list(map(int, line.split())) for line in own.strip().splitlines()]
    for filling in sorted(set(permutations(map(int, numbers[1].split(","))))):
        if len(filling) != len(blanks):
            return None
        for (i, j), number in zip(blanks, filling, strict=True):
            matrix[i][j] = number
        sums = [*matrix, *map(list, zip(*matrix, strict=True))]
        if matrix != solved and all(sum(line[:-1]) == line[-1] for line in sums):
            return "\n".join(" ".join(map(str, row)) for row in matrix)
    return None


Claim = tuple[str, str, str]
"""All, No, Some or Some-not, and two terms."""


def _logic(question: str, own: str) -> str | None:
    """What follows: No if some world in which every term has a member says so, Yes if none at all does not."""
    claims = [claim for line in question.splitlines() for claim in _claims(line)]
    terms = sorted({term for _, *pair in claims for term in pair})
    if len(claims) != 3 or len(terms) > TERMS_MOST:
        return None
    kinds = [dict(zip(terms, has, strict=True)) for has in product((False, True), repeat=len(terms))]
    against = [
        all(any(kind[term] for kind in world) for term in terms)
        for world in chain.from_iterable(combinations(kinds, n) for n in range(len(kinds) + 1))
        if [_holds(claim, world) for claim in claims] == [True, True, False]
    ]
    return "No" if any(against) else "Yes" if not against else None


def _claims(line: str) -> Iterator[Claim]:
    for form in ("(Some) (.+) are not ([^?]+)", "(All|No|Some) (.+) are ([^?]+)"):
        if found := re.fullmatch(rf"(?:\d\. )?{form}\??", line.strip()):
            yield ("Some-not" if "not" in form else found[1], found[2], found[3])
            return


def _holds(claim: Claim, world: Sequence[Mapping[str, bool]]) -> bool:
    quantifier, subject, predicate = claim
    members = [kind[predicate] for kind in world if kind[subject]]
    match quantifier:
        case "All":
            return all(members)
        case "No":
            return not any(members)
        case "Some":
            return any(members)
        case _:
            return not all(members)


def _dates(question: str) -> str:
    """A date with a weekday that it does not have."""
    for weekday, text in re.findall(r"(\w+day), (\w+ \d+, \d{4})", question):
        if (day := datetime.strptime(text, "%B %d, %Y").strftime("%A")) != weekday:
            return f"{text} is a {day}, not a {weekday}: the year that is told is another than the one counted with"
    return ""


def _leap(question: str) -> str:
    """A date after February counted from January 1 of a year that is not told."""
    late = re.search(r"(March|April|May|June|July|August|September|October|November|December) \d", question)
    untold = re.search(r"first day of the year|January 1|is January 1st", question) and not re.search(
        r"\d{4}", question
    )
    return "the answer is another in a leap year, and the year is not told" if late and untold else ""


def _abbreviated(question: str) -> str:
    """A matrix as numpy prints it when it is large: without its middle."""
    return "most of the board is not told, but left out as ..." if re.search(r"\d \.\.\. \d", question) else ""


def _always(text: str) -> Make:
    return lambda question, own: text


RESTATED = "it only repeats the question: the scorer differentiates what the answer leaves undone"
FOLLOWS = "all worlds of three terms were looked at: in some or in none the premises hold without the conclusion"
ATTACKS: Mapping[str, Sequence[Attack]] = {
    "coin_flip": [Attack(_zero, "the probability is not 0: one matching leading character is a full score")],
    "countdown": [Attack(_functions, "it uses sin, cos and pi: only the numbers given and + - * / may be used")],
    "decimal_arithmetic": [Attack(_coarse, "it is wrong from the fourth place on; up to 12 digits are asked for")],
    "figlet_font": [Attack(_prefix, "it ends otherwise: ten right letters are a full score, whatever follows")],
    "game_of_life": [Attack(_more_rows, "it has a row too many: only the cells of the right grid are looked at")],
    "game_of_life_halting": [Attack(_opposite, "it is the other truth value: the scorer compares bool of two texts")],
    "intermediate_integration": [Attack(_integral, RESTATED)],
    "number_format": [Attack(_neighbour, "it is another candidate: candidates lie closer together than the tolerance")],
    "number_sorting": [Attack(_shifted, "none of its numbers is in the question: each may be off by 1")],
    "polynomial_multiplication": [Attack(_expand, "it only repeats the question: the scorer multiplies out")],
    "propositional_logic": [
        Attack(_premise, "it is one of the premises, word for word"),
        Attack(_always("(P ∧ ¬P)"), "it is a contradiction: the premises contradict each other"),
    ],
    "puzzle24": [Attack(_foreign_numbers, "its numbers are not those of the question")],
    "rush_hour": [Attack(_always("A+999999999"), "a move with a large count is made that often")],
    "simple_integration": [Attack(_integral, RESTATED)],
    "spell_backward": [Attack(_tail, "it has letters too many: shares are added up, and the sum compared with 1")],
    "survo": [Attack(_filled, "all sums hold and each number is used once: there are several solutions", right=True)],
    "syllogism": [Attack(_logic, FOLLOWS, right=True)],
}

CHECKS: Mapping[str, Sequence[Callable[[str], str]]] = {
    "calendar_arithmetic": [_dates, _leap],
    "game_of_life_halting": [_abbreviated],
}
"""What a question says that cannot be, or leaves out; nothing where it is sound."""
