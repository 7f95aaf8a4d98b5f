"""The search over planted parts: what is worth nothing is refused with its reason, and what is found holds.

Each planted part has one fault, which is plain from its source; the sound ones are those of the shelf.
"""

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from synth.compose import term, walk
from synth.compose.chain import Link, NoInstanceError
from synth.compose.control import Branch, Loop
from synth.compose.leaf import leaf
from synth.compose.operators import Parallel, Select, Sequential, Sort
from synth.compose.proof import CHANCE_MOST
from synth.compose.search import LEAST_RATE, SIZES, SUPPORT, Found, Search, idle, names_in, support, worth_asking
from synth.compose.walk import CONSTANT, IDENTITY, NOT_ADMITTED, Path, begin, extended, opens, screen, takes
from synth.compose.walk import walk as go
from synth.environment import ANSWER, Environment, Step, draw
from synth.program import read
from tests.synth.compose.conftest import FUNCTIONS, NUMBER, PARTS, made, source

TOO_OFTEN = "a random answer is right too often"
SHORTER = "fewer steps than claimed lead to the end"
BEFORE = "a value that the path had before"


def number(right: str, drawn: str = NUMBER, admits: str = "True", fields: str = "n: int") -> str:
    shown = " and ".join(f"{{{field.partition(':')[0].strip()}}}" for field in fields.split(";"))
    return source("Planted", f"Work on {shown}.", fields, "int", drawn, right, admits)


EVEN = '{"n": 2 * rng.randint(2, 20 * difficulty)}'
PLANTED = {
    "add2": number("n + 2"),
    "add3": number("n + 3"),
    "add5": number("n + 5"),
    "double": number("n * 2"),
    "same7": number("7 + n"),
    "add7": number("n + 7"),
    "constant": number("17"),
    "ignores": number("k * 3", '{"n": rng.randint(2, 90), "k": rng.randint(2, 90)}', fields="n: int; k: int"),
    "identity": number("n + 0"),
    "negative": number("-5 - n"),
    "positive": number("n + 4", admits="n > 0"),
    "own": number("n * 3", '{"n": (n := rng.randint(40, 10**6)), "k": n - 30}', "n == k + 30", "n: int; k: int"),
    "huge": number("n + 501"),
    "even2": number("n + 12", EVEN),
    "even4": number("n + 14", EVEN),
    "settle": source(
        "Settle", "Sort the list {xs}.", "xs: list[int]", "list[int]",
        '{"xs": [rng.randint(-9, 30) for _ in range(4 + difficulty)]}', "sorted(xs)",
    ),
    "pair": source("Pair", "Write {n} and its double.", "n: int", "tuple[int, str]", NUMBER, '(n, "a" * (n % 5 + 2))'),
}  # fmt: skip


def planted(name: str) -> Step:
    space: dict[str, object] = {"__name__": name}
    exec(PLANTED[name], space)
    part = leaf(name, read(PLANTED[name]), lambda function, arguments: space[function](**arguments))  # type: ignore[operator]
    assert isinstance(part, Step)
    return part


FAULTY: dict[str, Environment] = {name: planted(name) for name in PLANTED}
EVERY = {**PARTS, **FAULTY}


def link(name: str, into: str = "n") -> Link:
    return Link(FAULTY[name], into)  # type: ignore[arg-type]


def path(*names: str, seed: int = 0) -> Path:
    rng = Random(seed)
    found = begin(link(names[0]), rng)
    for name in names[1:]:
        found = extended(found, link(name), rng)
    return found


def search_of(*names: str) -> Search:
    """A search of planted parts, which does not screen them."""
    parts = [FAULTY[name] for name in names]
    links = [Link(part, next(iter(part.signature.domain))) for part in parts]  # type: ignore[arg-type]
    return Search(parts, links, links, {})


def fallen(search: Search, operator: str, size: int, tries: int = 40) -> tuple[list[str], set[str]]:
    """The terms that so many tries find, and why the others fell."""
    out = search.slice(Random(1), [(operator, size)] * tries)
    assert out.tried == {f"{operator} {size}": tries}
    assert len(out.found) + out.fell.total() == tries
    lead = f"{operator} {size}: "
    assert all(reason.startswith(lead) for reason in out.fell)
    return [found.term for found in out.found], {reason.removeprefix(lead) for reason in out.fell}


# Links


def test_an_empty_step_is_refused_with_what_makes_it_empty() -> None:
    assert screen(link("constant"), Random(0)) == CONSTANT
    assert screen(link("ignores"), Random(0)) == CONSTANT
    assert screen(link("identity"), Random(0)) == IDENTITY
    assert screen(link("own"), Random(0)) == "admits no value but those that its other fields were drawn with"


@pytest.mark.parametrize("name", ["add2", "positive", "negative"])
def test_a_step_that_makes_something_of_what_it_is_given_is_not_empty(name: str) -> None:
    assert screen(link(name), Random(0)) == ""
    assert opens(link(name), Random(0))


def test_the_other_field_of_a_step_that_ignores_one_is_not_empty() -> None:
    assert screen(link("ignores", "k"), Random(0)) == ""


def test_no_path_begins_where_the_answers_are_degenerate() -> None:
    assert not opens(link("constant"), Random(0))
    assert not opens(link("identity"), Random(0))
    assert not opens(link("huge"), Random(0))


# Paths


@pytest.mark.parametrize(
    ("first", "then", "reason"),
    [
        ("negative", "positive", NOT_ADMITTED),
        ("add2", "constant", CONSTANT),
        ("add2", "identity", BEFORE),
        ("add2", "huge", "a value of 0 or 1, or beyond 500"),
        ("add2", "own", NOT_ADMITTED),
    ],
)
def test_a_step_that_is_worth_nothing_after_another_is_refused_with_its_reason(
    first: str, then: str, reason: str
) -> None:
    with pytest.raises(walk.DeadEndError, match=f"^{reason}$"):
        path(first, then)
    assert len(path("add2", "positive").links) == 2


def test_a_pair_that_fits_by_type_and_is_never_admitted_is_no_sequential() -> None:
    search = search_of("negative", "positive")
    search.weights = {"positive": 1e-9}
    terms, reasons = fallen(search, "sequential", 2)
    assert NOT_ADMITTED in reasons
    assert "sequential(negative, positive)" not in terms


def test_a_path_holds_for_most_of_its_starts_and_its_values_are_its_chains() -> None:
    found = path("add2", "double", "add3")
    assert len(found.runs) >= walk.LEAST_RUNS
    for run in found.runs:
        assert list(run.values[1:]) == found.chain.values(run.instance())
        assert len(set(run.values)) == len(run.values)


def test_a_walk_goes_back_a_step_from_a_dead_end() -> None:
    dead, alive, last = link("pair"), link("double"), link("add3")
    tried: list[str] = []

    def following(path: Path) -> Iterator[Link]:
        tried.append(str(path.chain))
        return iter({"add2": [dead, alive], "pair": [], "double": [last], "add3": []}[str(path.links[-1])])

    found = go(3, link("add2"), following, Random(0))
    assert str(found.chain) == "add2, double, add3"
    assert tried == ["add2", "add2, pair", "add2, double", "add2, double, add3"]


def test_a_walk_that_leads_nowhere_says_what_the_last_link_tried_was_refused_for() -> None:
    def following(path: Path) -> Iterator[Link]:
        return iter([link("add3"), link("identity")] if len(path.links) == 1 else [link("constant")])

    with pytest.raises(NoInstanceError, match=f"^{BEFORE}$"):
        go(3, link("add2"), following, Random(0))
    with pytest.raises(NoInstanceError, match="no link takes the value"):
        go(2, link("add2"), lambda path: iter([]), Random(0))


def test_a_walk_gives_up_after_so_many_links() -> None:
    asked = Counter[int]()

    def following(path: Path) -> Iterator[Link]:
        for _ in range(10**6):
            asked["tries"] += 1  # type: ignore[index]
            yield link("identity")

    with pytest.raises(NoInstanceError, match=BEFORE):
        go(4, link("add2"), following, Random(0))
    assert asked.total() == walk.ATTEMPTS * 4


def test_a_decoy_can_be_run_on_values_of_the_path() -> None:
    found = path("negative", "double")
    assert takes(found, 1, link("add2"), Random(0))
    assert not takes(found, 1, link("positive"), Random(0))
    assert not takes(found, 0, link("settle", "xs"), Random(0))


# Sorts and selects


@pytest.mark.parametrize("names", [("add2", "add3", "double"), ("add2", "add3", "add5")])
def test_a_sort_of_steps_that_commute_is_refused(names: tuple[str, ...]) -> None:
    found = path(*names)
    with pytest.raises(NoInstanceError, match=f"^{TOO_OFTEN}$"):
        worth_asking(Sort(found.chain), found, Random(0))


def test_a_sort_with_one_right_order_is_worth_asking() -> None:
    rng = Random(0)
    found = extended(begin(Link(PARTS["shift"], "xs"), rng), Link(PARTS["total"], "xs"), rng)  # type: ignore[arg-type]
    found = extended(found, link("double"), rng)
    sort = Sort(found.chain)
    assert worth_asking(sort, found, rng) is sort


def test_the_search_keeps_no_sort_in_which_all_steps_commute() -> None:
    terms, reasons = fallen(search_of("add2", "add3", "add5"), "sort", 3)
    assert terms == []
    assert TOO_OFTEN in reasons


def test_a_select_with_a_shortcut_of_one_step_is_refused() -> None:
    found = path("add2", "add3")
    with pytest.raises(NoInstanceError, match=f"^{SHORTER}$"):
        worth_asking(Select(found.chain, (link("add5"), link("double"))), found, Random(0))
    terms, reasons = fallen(search_of("add2", "add3", "add5", "double"), "select", 2)
    assert SHORTER in reasons
    assert not any({"add2", "add3"} == set(term[7:].partition(";")[0].split(", ")) for term in terms)


# Branches and loops


def why_idle(composite: Environment) -> str:
    return idle(composite, [value for _, _, value in support(composite)])


def test_a_branch_of_which_one_way_is_never_taken_is_refused() -> None:
    always = term.parse("branch(even, even2, even4)", EVERY.__getitem__)
    assert why_idle(always) == "one way is never taken"
    terms, reasons = fallen(search_of("even2", "even4"), "branch", 2)
    assert "one way is never taken" in reasons
    assert {found.partition(",")[0] for found in terms} == {"branch(over"}


def test_a_branch_whose_ways_agree_is_refused() -> None:
    assert fallen(search_of("add7", "same7"), "branch", 2) == ([], {"both ways give the same"})
    assert why_idle(made("branch(even, halve, plus:n)")) == ""


def test_a_branch_wants_two_environments_of_the_same_types() -> None:
    assert fallen(search_of("add7", "settle"), "branch", 2) == (
        [], {"no other link of the same types, or no condition on them"},
    )  # fmt: skip


def test_a_loop_that_settles_is_refused() -> None:
    terms, reasons = fallen(search_of("settle"), "loop", 1)
    assert terms == []
    assert "nothing changes after the first time" in reasons
    assert why_idle(made("loop(halve)")) == ""


def test_a_loop_wants_a_step_that_takes_its_own_answer() -> None:
    assert fallen(search_of("pair"), "loop", 1) == ([], {"no link takes its own answer"})


@pytest.mark.parametrize("operator", [operator for operator in SIZES if operator not in ("parallel", "loop")])
def test_where_there_is_no_link_to_begin_with_the_reason_is_said(operator: str) -> None:
    """As in a pool of relations alone, or where no path can begin."""
    with pytest.raises(NoInstanceError):
        Search([PARTS["divisor"]], [], [], {}).find(operator, SIZES[operator][0], Random(0))


# What is found

SOUND = [one for one in FUNCTIONS if not screen(one, Random(0))]
NESTED = [made("branch(even, halve, plus:n)"), made("loop(times:n)"), made("chain(times:n, plus:n, halve)")]
CELLS = [(operator, n) for operator, (low, high) in SIZES.items() for n in sorted({low, (low + high) // 2, high})]


def shelf_search() -> Search:
    """Of the shelf's parts; a fresh one, since a search remembers what could follow what."""
    walked = [one for one in SOUND if opens(one, Random(0))]
    return Search(list(PARTS.values()), SOUND, walked, {}, NESTED)


def tried(search: Search, operator: str, size: int, seed: int) -> Found | str:
    """What a seed finds, or why it finds nothing."""
    try:
        return search.find(operator, size, Random(seed))
    except NoInstanceError as reason:
        return str(reason)


SEARCH = shelf_search()
RESULTS = {(cell, seed): tried(SEARCH, *cell, seed) for cell in CELLS for seed in range(8)}
FOUND = [found for found in RESULTS.values() if isinstance(found, Found)]


def test_every_operator_and_most_sizes_are_found() -> None:
    cells = {(found.operator, found.size) for found in FOUND}
    assert {operator for operator, _ in cells} == SIZES.keys()
    assert len(cells) >= 0.7 * len(CELLS)
    assert any(hasattr(part, "inside") for found in FOUND for part in made(found.term).inside), "none is nested"  # type: ignore[attr-defined]


def test_what_a_seed_finds_it_finds_again() -> None:
    again = shelf_search()
    for (operator, size), seed in reversed(RESULTS):
        if seed < 3:
            assert tried(again, operator, size, seed) == RESULTS[(operator, size), seed]


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.term[:60])
def test_what_is_found_is_read_back_from_its_term_and_holds_over_the_support(found: Found) -> None:
    environment = made(found.term)
    assert str(environment) == found.term
    assert list(found.parts) == sorted(names_in(environment))
    assert found.rate == round(len(found.draws) / len(SUPPORT), 2) >= LEAST_RATE
    assert {draw[:2] for draw in found.draws} <= set(SUPPORT)
    for seed, difficulty, value in found.draws:
        instance, answer = draw(environment, Random(seed), difficulty)
        assert {**instance, ANSWER: answer} == value
        assert environment.admits(instance)
        assert environment.score(instance, answer) == 1


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.term[:60])
def test_the_size_asked_for_is_the_size_given(found: Found) -> None:
    environment = made(found.term)
    match environment:
        case Sequential() | Select():
            assert len(environment.chain) == found.size
        case Parallel():
            assert len(environment.parts) == found.size
        case Branch():
            assert found.size == 2
        case _:
            assert isinstance(environment, Loop)
            assert found.size == 1


def test_a_sort_or_select_that_is_found_comes_with_its_proof() -> None:
    for found in FOUND:
        environment = made(found.term)
        assert bool(found.proof) == isinstance(environment, Select)
        if isinstance(environment, Select):
            assert found.proof["right"] >= 1
            assert found.proof["chance"] <= CHANCE_MOST
            assert found.proof["shortest"] == found.size
            assert len({*map(str, environment.links)}) == len(environment.links), "a step stands on the menu once"


# Weights


def test_a_part_that_was_never_used_is_drawn_more_often() -> None:
    names = ["add2", "add3", "double"]
    search = search_of(*names)
    search.weights = {"add2": 1 / 10, "add3": 1.0, "double": 1 / 10}
    rng = Random(0)
    first = Counter(str(search.weighted(search.steps, rng)[0]) for _ in range(600))
    parts = Counter(str(search.part(rng)) for _ in range(600))
    for drawn in (first, parts):
        assert drawn.keys() == set(names)
        assert 430 < drawn["add3"] < 570, "ten in twelve are expected"


def test_with_equal_weights_no_part_is_preferred() -> None:
    search = search_of("add2", "add3", "double")
    first = Counter(str(search.weighted(search.steps, Random(seed))[0]) for seed in range(600))
    assert all(150 < count < 250 for count in first.values())


def test_a_composite_is_as_welcome_as_its_least_welcome_part() -> None:
    search = Search([], [], [], {"halve": 0.5, "plus": 0.25})
    assert search.welcome(made("branch(even, halve, plus:n)")) == 0.25
    assert search.welcome(made("loop(loop(halve):x)")) == 0.5
    assert search.welcome(PARTS["total"]) == 1
