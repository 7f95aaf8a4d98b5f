"""The jailed side of composition: the parts of a term beside the algebra that runs them.

What comes out are functions as a program has them, so that a composite is called like any other program, one round
trip a batch; or, without a term, the functions of the search and of the graph. The algebra is trusted, the parts are
not: all they can reach is one another's answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import lru_cache
from random import Random
from typing import Any

from synth.compose import feed, search, term, walk
from synth.compose.chain import Link
from synth.compose.leaf import Run, leaf
from synth.environment import ANSWER, Environment, draw
from synth.program import read

Functions = dict[str, Callable[..., Any]]


def functions(text: str, sources: Mapping[str, str], load: Callable[[str, str], Run]) -> Functions:
    """The functions of the composite ``text``; or, when it is empty, of any composite, of the search and of the graph.

    ``load`` executes a source under a name and gives what calls its functions.
    """
    parts = {name: leaf(name, read(source), load(name, source)) for name, source in sources.items()}
    if text:
        return _composite(term.parse(text, parts.__getitem__))
    return {"of": _of_any(parts), **_search(parts), **_feeding(parts)}


def _of_any(parts: Mapping[str, Environment]) -> Callable[..., Any]:
    @lru_cache(maxsize=64)
    def read_term(text: str) -> Functions:
        return _composite(term.parse(text, parts.__getitem__))

    def of(term: str, function: str, arguments: dict[str, Any], rng: Random | None = None) -> Any:
        """Call a function of the composite ``term``."""
        return read_term(term)[function](**arguments, **({} if rng is None else {"rng": rng}))

    return of


def _composite(environment: Environment) -> Functions:
    def generate(rng: Random, difficulty: int) -> Any:
        instance, answer = draw(environment, rng, difficulty)
        return {**instance, ANSWER: answer}

    def verify(**given: Any) -> float:
        answer = given.pop(ANSWER)
        return environment.score(given, answer)

    def admits(**instance: Any) -> bool:
        return bool(environment.admits(instance))

    return {"generate": generate, "verify": verify, "admits": admits}


def _search(parts: Mapping[str, Environment]) -> Functions:
    def screened(part: str, field: str, rng: Random) -> str:
        """Why a link is an empty step; nothing when it is not one."""
        return walk.screen(Link(parts[part], field), rng)  # type: ignore[arg-type]

    def opens(part: str, field: str, rng: Random) -> bool:
        """Whether a path can begin with a link."""
        return walk.opens(Link(parts[part], field), rng)  # type: ignore[arg-type]

    def slice(
        rng: Random,
        links: list[tuple[str, str]],
        opening: list[tuple[str, str]],
        nested: list[str],
        weights: dict[str, float],
        plan: list[tuple[str, int]],
    ) -> dict[str, Any]:
        able = {(part, field): Link(parts[part], field) for part, field in links}  # type: ignore[arg-type]
        walked = [able[part, field] for part, field in opening]
        welcome = [part for name, part in parts.items() if name in weights]
        inner = [term.parse(text, parts.__getitem__) for text in nested]
        found = search.Search(welcome, list(able.values()), walked, weights, inner).slice(rng, plan)
        return {"found": [asdict(one) for one in found.found], "tried": dict(found.tried), "fell": dict(found.fell)}

    return {"screened": screened, "opens": opens, "slice": slice}


def _feeding(parts: Mapping[str, Environment]) -> Functions:
    def answered(part: str, difficulty: int, rng: Random) -> Any:
        """A right answer to an instance of a part."""
        return draw(parts[part], rng, difficulty)[1]

    def fed(part: str, field: str, given: list[list[Any]], rng: Random) -> list[bool]:
        """Of each group of values, whether a link takes one of them."""
        return feed.fed(Link(parts[part], field), given, rng)  # type: ignore[arg-type]

    return {"answered": answered, "fed": fed}
