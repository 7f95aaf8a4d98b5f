"""Splits keep apart what they say, problems are named for ever, and what is trained on is never what is held out."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rl import curriculum
from rl.config import TasksConfig
from rl.curriculum import Curriculum
from rl.errors import TrainError
from rl.tasks import (
    HELD_OUT_SEEDS,
    Item,
    Problem,
    Split,
    Stream,
    Tasks,
    digest,
    freeze,
    held_out,
    items,
    named,
    split,
    thaw,
)
from sandbox import Sandbox
from synth.compose.store import Row
from synth.pool import Pool, PoolError
from tests.conftest import ROOT
from tests.rl.conftest import COMPOSITES, HOSTILE, PLAIN, SCARCE, SHELF, pool_of, posed, sums

LAW = settings(deadline=None, max_examples=80)
NAMES = st.lists(st.from_regex(r"[a-z]{1,6}", fullmatch=True), min_size=2, max_size=14, unique=True)
SHARES = st.sampled_from((0.0, 0.1, 0.25, 0.5))
HOW = st.builds(
    TasksConfig, held_out_environments=SHARES, held_out_compositions=SHARES, largest=st.integers(2, 4),
    composites=st.sampled_from((0, 1, 3)), train_on=st.sampled_from(("all", "environments", "composites")),
)  # fmt: skip
SEED = 2

Items = dict[str, Item]
Shelf = tuple[Pool, list[Row]]


def base(name: str) -> Item:
    return Item(name, "numbers", parts=(name,))


@st.composite
def fused(draw: st.DrawFn, names: Sequence[str]) -> Item:
    size = draw(st.integers(2, 7))
    parts = draw(st.lists(st.sampled_from(names), min_size=size, max_size=size))
    return Item(f"parallel({', '.join(parts)})", "composite", "parallel", size, tuple(dict.fromkeys(parts)))


@st.composite
def worlds(draw: st.DrawFn) -> list[Item]:
    names = draw(NAMES)
    return [base(name) for name in names] + draw(st.lists(fused(names), max_size=25, unique_by=lambda item: item.term))


def made(among: Sequence[Item], how: TasksConfig) -> dict[Split, list[Item]]:
    """The split, of a world that leaves something to train on."""
    try:
        return split(among, how, SEED)
    except TrainError:
        assume(False)
        raise


def terms(kept: Sequence[Item]) -> set[str]:
    return {item.term for item in kept}


# splits


@LAW
@given(worlds(), HOW, st.randoms(use_true_random=False))
def test_a_split_is_a_function_of_the_names_and_the_seed(world: list[Item], how: TasksConfig, rng: Random) -> None:
    assert made(rng.sample(world, len(world)), how) == made(world, how)


@LAW
@given(worlds(), HOW)
def test_splits_keep_apart_what_they_say(world: list[Item], how: TasksConfig) -> None:
    kept = made(world, how)
    train, away = kept[Split.TRAIN], terms(kept[Split.ENVIRONMENTS])
    assert kept[Split.INSTANCES] == train
    for which in (Split.TRAIN, Split.COMPOSITIONS, Split.DEPTHS):
        assert not any(away.intersection(item.parts) for item in kept[which])
    apart = [terms(kept[which]) for which in Split if which != Split.INSTANCES]
    assert sum(map(len, apart)) == len(set().union(*apart))
    assert all(not item.operator for item in kept[Split.ENVIRONMENTS])
    assert all(item.operator and item.size <= how.largest for item in kept[Split.COMPOSITIONS])
    assert all(item.operator and item.size > how.largest for item in kept[Split.DEPTHS])
    assert all(item.size <= how.largest for item in train)


@LAW
@given(worlds(), HOW)
def test_shares_and_limits_are_kept(world: list[Item], how: TasksConfig) -> None:
    kept = made(world, how)
    environments = [item for item in world if not item.operator]
    assert len(kept[Split.ENVIRONMENTS]) == (
        max(1, round(how.held_out_environments * len(environments))) if how.held_out_environments else 0
    )
    trained = [item for item in kept[Split.TRAIN] if item.operator]
    assert len(trained) <= (how.composites or len(world))
    if how.train_on == "environments":
        assert trained == []
    else:
        open_to_it = [item for item in world if item.operator and item.size <= how.largest]
        usable = [item for item in open_to_it if not terms(kept[Split.ENVIRONMENTS]).intersection(item.parts)]
        left = len(usable) - len(kept[Split.COMPOSITIONS])
        assert len(trained) == min(left, how.composites or left)
    if how.train_on == "composites":
        assert len(trained) == len(kept[Split.TRAIN])


@LAW
@given(worlds(), HOW, NAMES)
def test_more_environments_move_old_ones_over_the_edge_in_one_direction_only(
    world: list[Item], how: TasksConfig, more: list[str]
) -> None:
    """Of the old ones the first of one order are held out, and how many they are is all that may change."""
    environments = [item for item in world if not item.operator]
    old = terms(environments)
    how = replace(how, train_on="environments")
    before = terms(made(environments, how)[Split.ENVIRONMENTS])
    grown = environments + [base(name) for name in more if name not in old]
    after = terms(made(grown, how)[Split.ENVIRONMENTS]) & old
    assert before <= after or after <= before


@LAW
@given(worlds(), HOW, st.data())
def test_more_composites_move_no_environment_and_old_composites_in_one_direction_only(
    world: list[Item], how: TasksConfig, data: st.DataObject
) -> None:
    names = [item.term for item in world if not item.operator]
    more = [item for item in data.draw(st.lists(fused(names), max_size=25)) if item.term not in terms(world)]
    before, after = made(world, how), made([*world, *dict.fromkeys(more)], how)
    assert before[Split.ENVIRONMENTS] == after[Split.ENVIRONMENTS]
    unseen = terms(before[Split.COMPOSITIONS])
    still = terms(after[Split.COMPOSITIONS]) & terms(world)
    assert unseen <= still or still <= unseen


def test_another_seed_holds_out_others() -> None:
    world = [base(f"e{n}") for n in range(20)]
    chosen = {frozenset(terms(split(world, TasksConfig(), seed)[Split.ENVIRONMENTS])) for seed in range(5)}
    assert len(chosen) > 1


def test_nothing_left_to_train_on_is_said() -> None:
    with pytest.raises(TrainError, match="of 2 environments and composites none is left"):
        split([base("a"), base("b")], TasksConfig(held_out_environments=1.0), SEED)
    with pytest.raises(TrainError, match="'both'; it is one of environments, composites, all"):
        split([base("a"), base("b")], TasksConfig(train_on="both"), SEED)


def test_items_are_those_of_the_named_environments_alone(shelf: Shelf) -> None:
    everything = items(*shelf)
    assert terms(everything) == {*SHELF, *PLAIN, *HOSTILE, *SCARCE, *COMPOSITES}
    few = items(*shelf, only=["total", "halve", "mirror", "plus"])
    assert terms(few) == {
        "total", "halve", "mirror", "plus",
        "sequential(halve, plus:n)", "parallel(total, halve, mirror)", "branch(even, halve, plus:n)",
        "loop(until even, plus:n)",
    }  # fmt: skip
    assert all(item.parts == (item.term,) and item.family in ("examples", "numbers") for item in few[:4])
    with pytest.raises(PoolError, match="did you mean total"):
        items(*shelf, only=["totall"])


# problems


def test_a_problem_is_named_for_ever(tasks: Tasks, on_shelf: Items, shelf: Shelf, box: Sandbox) -> None:
    names = [(on_shelf[term], seed, 3) for term in (*SHELF, *COMPOSITES) for seed in (5, HELD_OUT_SEEDS + 5)]
    elsewhere = Tasks(shelf[0], on_shelf.values(), box)
    assert tasks.pose(names) == elsewhere.pose(names[::-1])[::-1]
    elsewhere.close()
    [problem] = tasks.pose([(on_shelf["sequential(halve, plus:n)"], 7, 2)])
    assert problem is not None
    assert problem.name == "sequential(halve, plus:n)@7:2"


def test_an_item_without_an_instance_at_some_seeds_leaves_gaps(tasks: Tasks, on_shelf: Items) -> None:
    names = [(on_shelf[term], seed, 1) for seed in range(20) for term in ("moody", "total")]
    drawn = tasks.pose(names)
    assert None not in drawn[1::2]
    gaps = [problem is None for problem in drawn[::2]]
    assert True in gaps
    assert False in gaps
    assert all(p is None or (p.item, p.seed, p.difficulty) == name for p, name in zip(drawn, names, strict=True))


def test_held_out_problems_are_of_each_item_and_difficulty_alike(tasks: Tasks, on_shelf: Items) -> None:
    among = [on_shelf[name] for name in ("total", "halve", "mirror", "moody", "parallel(total, halve, mirror)")]
    kept = held_out(tasks, among, 60, range(2, 6), seed=3)
    assert len({problem.prompt for problem in kept}) == 60
    assert min(problem.seed for problem in kept) >= HELD_OUT_SEEDS
    by_item = Counter(problem.item.term for problem in kept)
    assert by_item.keys() == terms(among)
    assert all(count >= 11 for term, count in by_item.items() if term != "moody")
    by_difficulty = Counter(problem.difficulty for problem in kept)
    assert set(by_difficulty) == {2, 3, 4, 5}
    assert max(by_difficulty.values()) - min(by_difficulty.values()) <= 5
    assert kept == held_out(tasks, among, 60, range(2, 6), seed=3)
    assert kept != held_out(tasks, among, 60, range(2, 6), seed=4)


def test_held_out_problems_of_many_items_are_of_all_difficulties(tasks: Tasks, on_shelf: Items) -> None:
    among = [on_shelf[name] for name in (*SHELF, *PLAIN)]
    kept = held_out(tasks, among, 12, range(1, 5), seed=0)
    assert Counter(problem.difficulty for problem in kept) == {1: 3, 2: 3, 3: 3, 4: 3}
    assert len(terms([problem.item for problem in kept])) == 12


def test_held_out_problems_end_where_there_are_no_more(tasks: Tasks, on_shelf: Items) -> None:
    kept = held_out(tasks, [on_shelf["scarce"]], 10, [4], seed=0)
    assert sorted(problem.instance["xs"] for problem in kept) == [[1, 4], [2, 4], [3, 4]]
    assert held_out(tasks, [], 10, [4], seed=0) == []


def test_environments_that_do_not_load_are_said(tmp_path: Path, hasty: Sandbox) -> None:
    pool, _ = pool_of(tmp_path, {"broken": sums("broken").replace("KEPT = []", "KEPT = [][0]")})
    with pytest.raises(TrainError, match=r"do not load \(IndexError.*audit the pool"):
        Tasks(pool, [base("broken")], hasty).pose([(base("broken"), 1, 1)])


# the stream

SPLITTING = TasksConfig(held_out_environments=0.2, held_out_compositions=0.25)


class World:
    """What a training run has: splits of the honest part of a pool, held-out problems, and its stream."""

    def __init__(self, pool: Pool, rows: Sequence[Row], box: Sandbox, scarce: Sequence[str] = ()) -> None:
        among = items(pool, rows, [*SHELF, *PLAIN, *scarce])
        self.splits = split(among, SPLITTING, SEED)
        self.tasks = Tasks(pool, among, box)
        self.problems: dict[Split, list[Problem]] = {
            which: held_out(self.tasks, kept, 40, range(1, 4), SEED)
            for which, kept in self.splits.items()
            if which != Split.TRAIN
        }

    def curriculum(self, kind: str = "bandit") -> Curriculum:
        return curriculum.make(
            kind, [item.term for item in self.splits[Split.TRAIN]], curriculum.Options(low=1, high=3)
        )

    def stream(self, seed: int = SEED) -> Stream:
        avoid = {digest(problem.prompt) for kept in self.problems.values() for problem in kept}
        return Stream(self.tasks, self.splits[Split.TRAIN], self.curriculum(), seed, avoid)


def told(world: World) -> Any:
    """All that a run is asked, as JSON: the held-out problems, and two steps with what was learned between them."""
    stream, seen = world.stream(), []
    for label in ("0", "1/again"):
        drawn = stream.draw(label, 12)
        seen += [[problem.name, digest(problem.prompt), problem.reference] for problem in drawn]
        stream.curriculum.observe([curriculum.Group(p.item.term, p.difficulty, (1.0, 0.0)) for p in drawn[::2]])
    return [seen, {which: [problem.name for problem in kept] for which, kept in world.problems.items()}]


@pytest.fixture(scope="module")
def world(shelf: Shelf, hasty: Sandbox) -> World:
    return World(*shelf, hasty)


ELSEWHERE = """
import json, sys
from pathlib import Path
from sandbox import Sandbox
from synth.compose.store import Composites
from synth.pool import Pool
from tests.rl.test_tasks import World, told

pool = Pool(Path(sys.argv[1]))
with Sandbox(hash_seed=3) as box:
    print(json.dumps(told(World(pool, list(Composites(pool).rows()), box))))
"""


def test_the_stream_is_the_same_in_another_process_with_another_hash_seed(world: World, shelf: Shelf) -> None:
    seed = "1" if os.environ.get("PYTHONHASHSEED") == "2" else "2"
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(shelf[0].folder)],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == json.loads(json.dumps(told(world)))


def test_a_step_is_the_same_for_its_label_whatever_was_drawn_before(world: World) -> None:
    fresh, used = world.stream(), world.stream()
    for label in ("0", "1", "2"):
        used.draw(label, 5)
    assert used.draw("3", 16) == fresh.draw("3", 16)
    assert fresh.draw("3", 16)[:4] == fresh.draw("3", 4)
    assert fresh.draw("3", 16) != fresh.draw("4", 16)
    assert fresh.draw("3", 16) != world.stream(SEED + 1).draw("3", 16)
    assert fresh.draw("3", 0) == []


def test_training_never_meets_what_is_held_out(world: World) -> None:
    drawn = [problem for step in range(30) for problem in world.stream().draw(str(step), 16)]
    away = terms(world.splits[Split.ENVIRONMENTS])
    assert away
    assert max(problem.seed for problem in drawn) < HELD_OUT_SEEDS
    prompts = {problem.prompt for problem in drawn}
    assert not any(problem.prompt in prompts for kept in world.problems.values() for problem in kept)
    assert not any(away.intersection(problem.item.parts) for problem in drawn)
    assert terms([problem.item for problem in drawn]) <= terms(world.splits[Split.TRAIN])
    unseen = world.splits[Split.COMPOSITIONS] + world.splits[Split.DEPTHS]
    assert {item.size > SPLITTING.largest for item in unseen} == {True, False}
    assert not terms(unseen) & terms([problem.item for problem in drawn])


def test_a_prompt_that_is_held_out_is_drawn_around(shelf: Shelf, tasks: Tasks, on_shelf: Items) -> None:
    """Of three instances one is held out: without the list of those to avoid, it would come up."""
    scarce = on_shelf["scarce"]
    [kept, *_] = held_out(tasks, [scarce], 1, [4], seed=0)

    def prompts(avoid: Sequence[str]) -> set[str]:
        chosen = curriculum.make("fixed", ["scarce"], curriculum.Options(low=4, high=4))
        return {problem.prompt for problem in Stream(tasks, [scarce], chosen, 0, avoid).draw("0", 24)}

    assert kept.prompt in prompts([])
    assert len(prompts([])) == 3
    assert prompts([digest(kept.prompt)]) == prompts([]) - {kept.prompt}


def test_a_stream_with_nothing_left_to_draw_says_so(tasks: Tasks, on_shelf: Items) -> None:
    scarce = on_shelf["scarce"]
    avoid = [digest(problem.prompt) for problem in held_out(tasks, [scarce], 10, [4], seed=0)]
    stream = Stream(tasks, [scarce], curriculum.make("fixed", ["scarce"], curriculum.Options(low=4, high=4)), 0, avoid)
    with pytest.raises(TrainError, match=r"no new problem in 60 draws, of scarce at difficulty 4 .*too few") as told:
        stream.draw("0", 4)
    assert "\n" not in str(told.value)


def test_the_last_draw_counts(tasks: Tasks, on_shelf: Items, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rl.tasks.TRIES", 1)
    stream = Stream(tasks, [on_shelf["total"]], curriculum.make("fixed", ["total"]), 0)
    assert len(stream.draw("0", 8)) == 8


def test_gaps_in_an_item_are_drawn_again(tasks: Tasks, on_shelf: Items) -> None:
    stream = Stream(tasks, [on_shelf["moody"]], curriculum.make("fixed", ["moody"]), 0)
    assert len(stream.draw("0", 30)) == 30


# frozen


def test_what_was_frozen_thaws_to_the_same_items_and_problems(world: World, tmp_path: Path) -> None:
    file = tmp_path / "splits.json"
    freeze(file, world.splits, world.problems)
    thawed = thaw(file)
    assert thawed.items == world.splits
    for which, kept in world.problems.items():
        assert kept
        assert thawed.problems(which, world.tasks) == kept
        assert [told for *_, told in thawed.names[which]] == [digest(problem.prompt) for problem in kept]
    freeze(tmp_path / "again.json", thawed.items, world.problems)
    assert (tmp_path / "again.json").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Add up", "Sum up"),
        ("rng.randint(0, 9) for", "rng.randint(0, 8) for"),
        ('return {"xs"', 'return {"xs": [][0]} if difficulty == 2 else {"xs"'),
    ],
    ids=["other words", "other instances", "no instance"],
)
def test_an_edited_environment_is_found_when_its_problems_are_thawed(
    tmp_path: Path, hasty: Sandbox, old: str, new: str
) -> None:
    source, item = sums("counted"), base("counted")
    before = Tasks(pool_of(tmp_path / "before", {"counted": source})[0], [item], hasty)
    freeze(tmp_path / "splits.json", {Split.INSTANCES: [item]}, {Split.INSTANCES: posed(before, [item], 5)})
    assert len(thaw(tmp_path / "splits.json").problems(Split.INSTANCES, before)) == 5
    assert old in source
    after = Tasks(pool_of(tmp_path / "after", {"counted": source.replace(old, new)})[0], [item], hasty)
    with pytest.raises(TrainError, match=r"counted@\d+:2 reads otherwise .*the pool was changed"):
        thaw(tmp_path / "splits.json").problems(Split.INSTANCES, after)
    before.close()
    after.close()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"items": [], "problems": {}}', '{"items": {"train": [["a"]]}, "problems": {}}',
     '{"items": {"others": []}, "problems": {}}', '{"items": {}, "problems": {"train": [["a", 1, 1, "x"]]}}', "\xff"],
)  # fmt: skip
def test_a_file_that_holds_no_splits_is_said(tmp_path: Path, text: str) -> None:
    file = tmp_path / "splits.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(TrainError, match=r"splits\.json: cannot be read as splits"):
        thaw(file)


def test_a_folder_without_splits_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="there is no such file"):
        thaw(tmp_path / "splits.json")


# named


def name(term: str = "total", seed: Any = 7, difficulty: Any = 2, **more: Any) -> Mapping[str, Any]:
    return {"term": term, "seed": seed, "difficulty": difficulty, **more}


def written(folder: Path, *rows: Any) -> Path:
    file = folder / "names.jsonl"
    file.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return file


def test_problems_can_be_named_in_a_file(tmp_path: Path, tasks: Tasks, on_shelf: Items) -> None:
    file = written(tmp_path, name(), name("sequential(halve, plus:n)", 3, 1, note="any"))
    problems = named(file, list(on_shelf.values()), tasks)
    assert [problem.name for problem in problems] == ["total@7:2", "sequential(halve, plus:n)@3:1"]
    assert problems == tasks.pose([(on_shelf["total"], 7, 2), (on_shelf["sequential(halve, plus:n)"], 3, 1)])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (name("totals"), "the pool has no 'totals'"),
        ({"term": "total", "seed": 7}, r"a line is like .*KeyError\('difficulty'\)"),
        (name(seed="seven"), "a line is like"),
        (name(seed=None), "a line is like"),
        (name(seed=float("inf")), "a line is like"),
        ("{", "a line is like"),
        ("", "a line is like"),
        ("[1, 2]", "a line is like"),
        (name("moody", 0, 1), "moody has no instance at seed 0, difficulty 1"),
    ],
)
def test_a_wrong_line_in_a_file_of_names_is_named(
    tmp_path: Path, tasks: Tasks, on_shelf: Items, row: Any, words: str
) -> None:
    file = written(tmp_path, name(), name(seed=8), row, name())
    with pytest.raises(TrainError, match=rf"names\.jsonl:3: {words}") as told:
        named(file, list(on_shelf.values()), tasks)
    assert "\n" not in str(told.value)


def test_a_file_of_names_that_is_not_there_is_said(tmp_path: Path, tasks: Tasks, on_shelf: Items) -> None:
    with pytest.raises(TrainError, match=r"none\.jsonl: cannot be read \(No such file"):
        named(tmp_path / "none.jsonl", list(on_shelf.values()), tasks)


def test_an_environment_whose_generator_does_not_come_back_is_not_drawn_again(tmp_path: Path, hasty: Sandbox) -> None:
    stuck = sums("stuck", drawn="[0 for _ in iter(int, 1)] if difficulty > 2 else [rng.randint(0, 999)]")
    pool, _ = pool_of(tmp_path, {"stuck": stuck, "total": PLAIN["total"]})
    among = items(pool)
    behind = Tasks(pool, among, hasty)
    chosen = curriculum.make("fixed", [item.term for item in among], curriculum.Options(low=3, high=3))
    stream = Stream(behind, among, chosen, 0)
    assert {problem.item.term for problem in stream.draw("0", 6)} == {"total"}
    assert behind.lost == {"stuck"}
    behind.lost.clear()
    assert {problem.item.term for problem in stream.draw("1", 6)} == {"total"}
    assert behind.lost == set(), "it was drawn again"
    behind.close()
