"""Rollouts come back as they were written, a step at a time, and a step done again replaces what was there."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.errors import TrainError
from rl.reward import Score
from rl.rollouts import Rollout, Rollouts
from rl.tasks import HELD_OUT_SEEDS, Item, Problem
from synth.types import parse

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ROLLOUT = st.builds(
    Rollout,
    st.sampled_from(("total", "sequential(halve, plus:n)")),
    st.integers(0, 2 * HELD_OUT_SEEDS),
    st.integers(1, 10),
    TEXT,
    TEXT,
    st.none() | st.floats(0, 1),
    TEXT,
)
STEP = st.lists(ROLLOUT, min_size=1, max_size=5)


def rollout(score: float | None = 1.0, reply: str = "<answer>3</answer>", problem: str = "") -> Rollout:
    return Rollout("total", 7, 2, "Add up.", reply, score, problem)


@settings(deadline=None, max_examples=40)
@given(steps=st.dictionaries(st.integers(0, 999_999), STEP, max_size=3))
def test_what_was_written_is_read_in_the_order_of_the_steps(
    tmp_path_factory: pytest.TempPathFactory, steps: dict[int, list[Rollout]]
) -> None:
    kept = Rollouts(tmp_path_factory.mktemp("run"))
    for step, rollouts in steps.items():
        kept.write(step, rollouts)
    assert list(kept.read()) == sorted(steps.items())


def test_a_rollout_says_what_was_asked_and_what_it_earned() -> None:
    problem = Problem(Item("total", "numbers"), 7, 2, "Add up.", parse("int"), {"xs": [1]}, 1)
    assert Rollout.of(problem, "1", Score(0.5, "why")) == Rollout("total", 7, 2, "Add up.", "1", 0.5, "why")
    assert Rollout.of(problem, "1", Score(0.5)).name == problem.name == "total@7:2"


def test_unread_is_a_reply_without_an_answer_and_not_one_that_could_not_be_scored() -> None:
    assert rollout(0.0, problem="no answer").unread
    assert not rollout(0.0).unread
    assert not rollout(None, problem="timed out").unread


def test_a_step_done_again_replaces_what_was_there(tmp_path: Path) -> None:
    kept = Rollouts(tmp_path)
    kept.write(3, [rollout(), rollout(None)])
    kept.write(3, [rollout(0.0)])
    assert list(kept.read()) == [(3, [rollout(0.0)])]
    assert [path.name for path in kept.folder.iterdir()] == ["000003.parquet"]


def test_a_write_that_is_cut_off_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet

    kept = Rollouts(tmp_path)
    kept.write(3, [rollout()])
    write = parquet.write_table

    def cut_off(table: object, where: Path, **options: object) -> None:
        write(table, where, **options)
        where.write_bytes(where.read_bytes()[:40])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "write_table", cut_off)
    for step in (3, 4):
        with pytest.raises(OSError, match="No space left"):
            kept.write(step, [rollout(0.0)])
    assert list(kept.read()) == [(3, [rollout()])]
    monkeypatch.undo()
    kept.write(4, [rollout(0.5)])
    assert list(kept.read()) == [(3, [rollout()]), (4, [rollout(0.5)])]


def test_steps_after_a_checkpoint_are_cut(tmp_path: Path) -> None:
    kept = Rollouts(tmp_path)
    for step in range(1, 5):
        kept.write(step, [rollout()])
    kept.cut(2)
    assert [step for step, _ in kept.read()] == [1, 2]
    kept.cut(0)
    assert list(kept.read()) == []


def test_a_run_without_rollouts_has_none(tmp_path: Path) -> None:
    assert list(Rollouts(tmp_path).read()) == []
    Rollouts(tmp_path).cut(0)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no rollouts"])
def test_a_file_that_holds_none_is_named(tmp_path: Path, content: bytes) -> None:
    kept = Rollouts(tmp_path)
    kept.write(1, [rollout()])
    (kept.folder / "000002.parquet").write_bytes(content)
    with pytest.raises(TrainError, match=r"000002\.parquet: holds no rollouts") as told:
        list(kept.read())
    assert "\n" not in str(told.value)


def test_a_table_of_something_else_is_named(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    kept = Rollouts(tmp_path)
    kept.folder.mkdir()
    parquet.write_table(pa.table({"step": [1], "colour": ["red"]}), kept.folder / "000001.parquet")
    with pytest.raises(TrainError, match=r"000001\.parquet: holds no rollouts \(.*colour"):
        list(kept.read())
