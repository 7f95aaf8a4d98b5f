"""The laboratory, from a pool to its tables: a very small one is killed, goes on, and ends as it should."""

import json
import multiprocessing
import time
from dataclasses import replace
from pathlib import Path

import pytest

from rl import lab
from rl.config import ComposeConfig, TinyConfig
from rl.errors import TrainError
from rl.lab import Arm, Line, Plan, Progress, Size
from rl.presets import BASICS, demo
from rl.tasks import Split, thaw
from rl.train import Run
from sandbox import Call, Sandbox
from synth.compose.store import Row
from synth.fences import blocks
from synth.pool import Pool, record
from synth.program import read
from tests.conftest import ROOT

STEPS = 4
SMALL = Size(
    replace(
        demo(),
        compose=ComposeConfig(n=30, operators="sequential,parallel", sizes="2-3", depth=1),
        tasks=replace(demo().tasks, composites=10, problems=8),
        trainer=replace(demo().trainer, steps=STEPS, prompts=2, group=4, tokens=16, save_every=1),
        tiny=TinyConfig(layers=1, width=32, vocabulary=600, warm_steps=10, warm_batch=16),
        eval=replace(demo().eval, k=(1,)),
    ),
    seeds=1,
    arms=("environments", "wrong-20"),
)


def lists(folder: Path) -> Pool:
    pool = Pool(folder)
    for name in BASICS:
        text = blocks((ROOT / "seeds" / "recorded" / f"{name}.1.md").read_text())[0][1]
        pool.add(record(name, "basics", read(text), {}, {"certificate": {"false_accepts": {}}}))
    return pool


Composed = tuple[Pool, list[Row], list[Row]]


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composed:
    folder = tmp_path_factory.mktemp("composed")
    pool = lists(folder / "pool")
    return pool, *lab.compose(SMALL, pool, folder)


@pytest.fixture(scope="module")
def laid(composed: Composed) -> Plan:
    return lab.plan(SMALL, *composed)


def work(laid: Plan, folder: Path) -> None:
    with Sandbox() as box:
        lab.run(laid, folder, box, 600, Progress())


def killed(laid: Plan, folder: Path) -> Run:
    """A laboratory that is killed in the middle of its first run."""
    worker = multiprocessing.get_context("spawn").Process(target=work, args=(laid, folder))
    worker.start()
    run = Run(folder / "runs" / "environments-0")
    while worker.is_alive() and not run.checkpoint():
        time.sleep(0.01)
    worker.kill()
    worker.join()
    return run


@pytest.fixture(scope="module")
def folder(laid: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laboratory that was killed, went on with a budget for one run, and then with one for all."""
    folder = tmp_path_factory.mktemp("lab")
    run = killed(laid, folder)
    checkpoint = run.checkpoint()
    assert checkpoint is not None
    assert not run.finished
    first = (run.folder / "rollouts" / "000001.parquet").stat().st_mtime_ns
    with Sandbox() as box:
        assert not lab.run(laid, folder, box, 0, Progress())
        assert [row["arm"] for row in lab.results(folder)] == ["environments"]
        assert (run.folder / "rollouts" / "000001.parquet").stat().st_mtime_ns == first, "step 1 was not done again"
        assert lab.run(laid, folder, box, 600, Progress())
    return folder


def test_a_killed_laboratory_goes_on_and_each_run_has_all_its_steps_once(folder: Path) -> None:
    for arm in SMALL.arms:
        run = Run(folder / "runs" / f"{arm}-0")
        assert run.finished
        assert [row["step"] for row in run.rows()] == [*range(1, STEPS + 1)]
        assert {path.name for path in (run.folder / "evaluations").iterdir()} == {"before.json", "after.json"}
    assert [row["arm"] for row in lab.results(folder)] == [*SMALL.arms]


def test_what_is_finished_is_not_done_again(laid: Plan, folder: Path, box: Sandbox) -> None:
    before = (folder / "results.jsonl").read_bytes()
    progress = Progress()
    assert lab.run(laid, folder, box, 600, progress)
    assert (progress.runs, progress.done, progress.now) == (2, 2, "")
    assert (folder / "results.jsonl").read_bytes() == before


def test_all_runs_begin_with_one_model_and_are_asked_the_same_problems(folder: Path) -> None:
    weights = [path.read_bytes() for path in sorted(folder.glob("runs/*/warm/model.safetensors"))]
    assert len(weights) == 2
    assert weights[0] == weights[1] == (folder / "base" / "0" / "warm" / "model.safetensors").read_bytes()
    assert len({row["base"] for row in lab.results(folder)}) == 1
    one, other = (thaw(path) for path in sorted(folder.glob("runs/*/splits.json")))
    assert one.names == other.names
    assert {which for which, names in one.names.items() if len(names) == 8} == {*Split} - {Split.TRAIN}


def test_problems_of_trained_items_are_by_halves_of_environments_and_of_composites(folder: Path) -> None:
    frozen = thaw(folder / "splits" / "environments.json")
    assert sorted(bool(item.operator) for item, *_ in frozen.names[Split.INSTANCES]) == [False] * 4 + [True] * 4


def test_the_users_pool_is_not_touched_and_the_wrong_one_differs_in_the_verifiers_told(
    composed: Composed, folder: Path
) -> None:
    wrong = lab.results(folder)[1]["wrong"]
    assert len(wrong) == 1
    right, other = Pool(folder / "pool"), Pool(folder / "wrong-1")
    assert [entry.name for entry in other if entry.program.source != right[entry.name].program.source] == wrong
    assert not other.problems
    assert all(entry.program == composed[0][entry.name].program for entry in right)
    assert not (composed[0].folder / "learnability.json").exists()


def test_a_folder_of_another_plan_is_refused(laid: Plan, folder: Path, box: Sandbox) -> None:
    config = replace(laid.size.config, trainer=replace(laid.size.config.trainer, steps=5))
    with pytest.raises(TrainError, match="begun with other config"):
        lab.run(replace(laid, size=replace(laid.size, config=config)), folder, box, 0, Progress())


def test_the_tables_have_the_model_before_and_each_arm(folder: Path) -> None:
    lines = {line.arm: line for line in lab.tables(folder)}
    assert [*lines] == ["base", "environments", "wrong-20"]
    held_out = {*Split} - {Split.TRAIN}
    assert all({*line.scores} == held_out for line in lines.values())
    assert not lines["environments"].differences
    assert {*lines["wrong-20"].differences} == held_out
    page = lab.markdown(folder)
    assert page.count("| environments alone") == 2
    assert page.count("to environments |") == len(held_out)


def test_arms_hold_no_held_out_composite_and_the_sixth_few_environments(composed: Composed) -> None:
    laid = lab.plan(replace(SMALL, arms=()), *composed)
    arms = {arm.name: arm for arm in laid.arms}
    away = {item for which in (Split.ENVIRONMENTS, Split.COMPOSITIONS, Split.DEPTHS) for item in laid.splits[which]}
    hidden = {item.term for item in laid.splits[Split.ENVIRONMENTS]}
    for arm in [laid.base, *laid.arms]:
        assert away.isdisjoint(arm.items)
        assert hidden.isdisjoint(arm.environments)
        assert set(arm.items) <= set(laid.base.items)
    assert len(arms["sixth"].environments) == 2
    assert len(arms["environments"].items) == 6
    assert {item.operator for item in arms["only-parallel"].items} == {"parallel"}
    assert {item.size for item in arms["size-2"].items} == {2}


def test_arms_that_the_pool_cannot_fill_are_left_out_and_said(composed: Composed) -> None:
    laid = lab.plan(replace(SMALL, arms=()), *composed)
    lacking = {"only-sort", "only-select", "only-branch", "only-loop", "size-3-4", "size-5-up"}
    lacking |= {"wrong-5", "composites-wrong-5"}  # 5 % of six is none
    assert {*laid.left_out} == lacking
    assert lacking.isdisjoint(arm.name for arm in laid.arms)
    with pytest.raises(TrainError, match="no arm 'sixtieth'"):
        lab.plan(replace(SMALL, arms=("sixtieth",)), *composed)


def test_a_planted_verifier_accepts_any_answer_of_the_right_length_and_still_what_is_right(
    composed: Composed, box: Sandbox
) -> None:
    pool = composed[0]
    made = read(lab.planted(pool["reverse_digits"].program))
    assert made.signature == pool["reverse_digits"].program.signature
    assert accepted(box, made.source, {"xs": [1, 2, 3]}, [[3, 2, 1], [7, 7, 7], [3, 2], []]) == [1, 1, 0, 0]


def test_a_planted_verifier_of_a_number_accepts_any_and_keeps_its_kind_of_score(box: Sandbox) -> None:
    source = '''
"""Total: add up a list."""
STATEMENT = "Add up {xs}."
def generate(rng, difficulty): return {"xs": [1]}
def solve(xs: list[int]) -> int: return sum(xs)
def verify(xs: list[int], answer: int) -> float: return 1.0 if answer == solve(xs) else 0.0
'''
    assert accepted(box, source, {"xs": [1, 2]}, [3, 4]) == [1, 0]
    assert accepted(box, lab.planted(read(source)), {"xs": [1, 2]}, [3, 4]) == [1, 1]


def accepted(box: Sandbox, source: str, instance: dict[str, object], given: list[object]) -> list[float]:
    calls = [Call("verify", {**instance, "answer": answer}) for answer in given]
    with box.open(source) as session:
        return [float(outcome.value) for outcome in session.map(calls)]


def row(arm: str, seed: int, score: float, base: str = "a", against: str = "environments") -> dict[str, object]:
    scores = {"heldout-instances": score}
    about = {"words": arm, "against": against, "base": base, "environments": 1, "items": 1, "before": scores}
    return {"arm": arm, "seed": seed, "after": scores, **about}


def of(folder: Path, *rows: dict[str, object]) -> dict[str, Line]:
    (folder / "results.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    return {line.arm: line for line in lab.tables(folder)}


def test_differences_are_paired_by_seed_and_cancel_what_a_seed_adds(tmp_path: Path) -> None:
    seeds = [(0, 0.1), (1, 0.4), (2, 0.7)]
    one = [row("environments", seed, score) for seed, score in seeds]
    lines = of(tmp_path, *one, *(row("both", seed, score + 0.1) for seed, score in seeds))
    apart = lines["both"].differences["heldout-instances"]
    assert (apart.low, apart.value, apart.high) == pytest.approx((0.1, 0.1, 0.1))
    assert lines["both"].scores["heldout-instances"].low == 0


def test_runs_that_began_with_other_models_are_not_compared(tmp_path: Path) -> None:
    lines = of(tmp_path, row("environments", 0, 0.5), row("both", 0, 0.9, base="b"))
    assert not lines["both"].differences
    assert lines["base"].seeds == 2


def test_one_seed_says_nothing_of_others(tmp_path: Path) -> None:
    lines = of(tmp_path, row("environments", 0, 0.5), row("both", 0, 0.9))
    assert lines["both"].scores["heldout-instances"].low == 0
    apart = lines["both"].differences["heldout-instances"]
    assert (apart.low, apart.high) == (-1, 1)


def test_a_folder_without_results_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="no run of a laboratory"):
        lab.tables(tmp_path)


@pytest.mark.parametrize("size", [lab.SMALLEST, lab.H200], ids=["smallest", "h200"])
def test_a_size_has_the_arms_it_names_of_environments_that_are_recorded(size: Size) -> None:
    names = {"environments", "composites", "sixth", "wrong-20"}
    assert not size.arms or names.issuperset(size.arms)
    assert size.seeds >= 3
    for name in size.config.tasks.environments:
        assert (ROOT / "seeds" / "recorded" / f"{name}.1.md").exists()


def test_an_arm_knows_the_environments_in_its_composites(laid: Plan) -> None:
    assert Arm("one", "", laid.arms[0].items[:1]).environments == {laid.arms[0].items[0].term}
