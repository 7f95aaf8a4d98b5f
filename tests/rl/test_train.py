"""Training for real: TRL, a tiny model from nothing, the jail; small, but the very parts that a user runs."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from rl import measure, presets
from rl.config import Config, TasksConfig, TinyConfig, TrainerConfig
from rl.errors import TrainError
from rl.rollouts import Rollouts
from rl.train import Progress, Run, check, estimate, setting, train
from sandbox import Sandbox
from synth.pool import Pool
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("one_thread")

NAMES = ("first_to_last", "halves_exchanged", "outside_in", "swap_in_pairs")
TINY = Config(
    tasks=TasksConfig(environments=NAMES, difficulties=(1, 1), held_out_environments=0.25, problems=40),
    tiny=TinyConfig(width=64, vocabulary=600, warm_steps=3, warm_batch=8),
    trainer=TrainerConfig(steps=4, prompts=4, group=4, tokens=16, learning_rate=3e-4, loss="dapo", save_every=2),
)


@pytest.fixture
def one_thread(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def trained(config: Config, pool: Pool, folder: Path, box: Sandbox, rows=(), resume=False) -> tuple[Run, Progress]:
    progress = Progress(config.trainer.steps)
    return train(config, pool, list(rows), folder, box, progress, resume), progress


def stream(run: Run) -> list[tuple[int, str, int, int]]:
    """What was asked, step by step."""
    return [(step, r.term, r.seed, r.difficulty) for step, rollouts in Rollouts(run.folder).read() for r in rollouts]


# ------------------------------------------------------------------------------------------------------ learning


def learned(pool: Pool, folder: Path, box: Sandbox, shuffled: bool) -> tuple[float, float, float]:
    """Score before and after a short run on what was held out, and the probability that the change is chance."""
    config = replace(
        TINY,
        tasks=replace(TINY.tasks, problems=150),
        tiny=TinyConfig(vocabulary=600, warm_until=0.08),
        trainer=replace(
            TINY.trainer, steps=60, prompts=12, group=8, tokens=24, clip_high=0.28, save_every=60,
            shuffled_rewards=shuffled, grpo=presets.SMALL_GRPO,
        ),
    )  # fmt: skip
    run, _ = trained(config, pool, folder, box)
    of = setting(config, pool, [], run, box)
    asked = measure.problems(["heldout-instances"], of, pool, [])
    for name, model in ((measure.BEFORE, run.warm), (measure.AFTER, run.model)):
        with measure.answering(str(model), None, measure.with_k(config, "1"), None) as answerer:
            judge = measure.scorer(asked, pool, box)
            result = measure.measured(answerer, asked, judge, measure.with_k(config, "2"), lambda *_: None)
            judge.close()
        measure.keep(run, name, result)
    of.close()
    (change,) = measure.changes(run)
    return change.before.value, change.after.value, change.chance


def test_verified_rewards_raise_the_score_on_what_was_held_out(basics, tmp_path, box):
    before, after, chance = learned(basics, tmp_path, box, shuffled=False)
    assert after - before >= 0.10
    assert chance < 0.001


def test_shuffled_rewards_teach_nothing(basics, tmp_path, box):
    before, after, _ = learned(basics, tmp_path, box, shuffled=True)
    assert after - before < 0.10


# ------------------------------------------------------------------------------------------------------ resuming


def test_a_run_that_was_killed_goes_on_with_the_stream_of_the_undisturbed_one(basics, tmp_path, box):
    config = replace(TINY, trainer=replace(TINY.trainer, steps=6))
    whole, _ = trained(config, basics, tmp_path / "whole", box)
    killed = Run(tmp_path / "killed")
    told = tmp_path / "told.json"
    told.write_text(json.dumps(config.asdict()))
    code = (
        "import json, sys; from pathlib import Path; from sandbox import Sandbox; from synth.pool import Pool\n"
        "from rl.config import Config, told_of; from rl.train import Progress, train\n"
        "config = told_of(json.loads(Path(sys.argv[1]).read_text()), Config(), 'told')\n"
        "with Sandbox() as box: train(config, Pool(Path(sys.argv[2])), [], Path(sys.argv[3]), box, Progress(6))\n"
    )
    words = [sys.executable, "-c", code, str(told), str(basics.folder), str(killed.folder)]
    process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "7"}, start_new_session=True)
    end = time.monotonic() + 120
    while len(list(killed.rows())) < 3 and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert 3 <= len(list(killed.rows())) < 6, "it was not killed in the middle"
    resumed, _ = trained(config, basics, killed.folder, box, resume=True)
    assert stream(resumed) == stream(whole)
    assert [row["step"] for row in resumed.rows()] == [1, 2, 3, 4, 5, 6]
    rewards = [[row["reward"] for row in run.rows()] for run in (whole, resumed)]
    assert rewards[0] == rewards[1]


def test_a_finished_run_is_not_trained_again(basics, tmp_path, box):
    run, _ = trained(TINY, basics, tmp_path, box)
    before = run.metrics.read_bytes()
    _, progress = trained(TINY, basics, tmp_path, box, resume=True)
    assert (progress.stage, run.metrics.read_bytes()) == ("finished before", before)


def test_a_run_is_not_begun_over_another_nor_resumed_as_something_else(basics, tmp_path, box):
    trained(TINY, basics, tmp_path, box)
    with pytest.raises(TrainError, match="holds a run already"):
        trained(TINY, basics, tmp_path, box)
    with pytest.raises(TrainError, match="begun with seed = 0, not 1"):
        trained(replace(TINY, seed=1), basics, tmp_path, box, resume=True)


# ------------------------------------------------------------------------------------- what is written, and how


def test_the_rollouts_of_a_run_are_scored_again_alike(basics, tmp_path, box):
    run, _ = trained(TINY, basics, tmp_path, box)
    result = measure.rescore(run, basics, box, lambda _: None)
    assert (result.replies, result.changed, result.gone) == (4 * 16, 0, 0)


def test_learnability_is_written_where_growing_can_read_it(basics, tmp_path, box):
    trained(TINY, basics, tmp_path, box)
    from rl.curriculum import read_learnability

    rows = read_learnability(basics.folder)
    assert set(rows) <= set(NAMES)
    assert sum(row["groups"] for row in rows.values()) == 16


def test_dynamic_sampling_fills_the_batch_with_groups_that_have_signal(basics, tmp_path, box):
    warm = replace(TINY, tiny=TinyConfig(vocabulary=600, warm_until=0.08))
    told = replace(warm.trainer, steps=2, prompts=6, group=4, tokens=24)
    plain, _ = trained(replace(warm, trainer=told), basics, tmp_path / "plain", box)
    filled, _ = trained(replace(warm, trainer=replace(told, dynamic_sampling=4)), basics, tmp_path / "filled", box)
    replies = [sum(len(rollouts) for _, rollouts in Rollouts(run.folder).read()) for run in (plain, filled)]
    assert replies[0] == 2 * 6 * 4 < replies[1] <= 2 * 6 * 4 * 5


def test_two_processes_train_one_model_and_see_one_stream(basics, tmp_path, box):
    config = replace(TINY, trainer=replace(TINY.trainer, steps=2, prompts=4, group=4))
    alone, _ = trained(config, basics, tmp_path / "alone", box)
    told = tmp_path / "two.toml"
    names = ", ".join(f'"{name}"' for name in NAMES)
    told.write_text(
        f"[tasks]\nenvironments = [{names}]\nheld_out_environments = 0.25\nheld_out_compositions = 0.1\nlargest = 4\n"
        "composites = 0\nproblems = 40\n[tiny]\nwidth = 64\nvocabulary = 600\nwarm_steps = 3\nwarm_batch = 8\n"
        "warm_until = 0.15\n[trainer]\nsteps = 2\nprompts = 4\ngroup = 4\ntokens = 16\nsave_every = 2\n"
    )
    words = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", "-m", "brickyard"]
    words += ["train", "--pool", str(basics.folder), "--config", str(told), "--run-dir", str(tmp_path / "two")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-2000:]
    two = Run(tmp_path / "two")
    assert sorted(stream(two)) == sorted(stream(alone))
    assert done.stdout.count("2 of 2 (done)") == 1, "one process speaks for both"


# ------------------------------------------------------------------- what is found before a model is loaded


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"vllm": "colocate"}, "vLLM is not installed"),
        ({"vllm": "localhost"}, "an address such as"),
        ({"lora": 8}, "peft is not installed"),
        ({"group": 1}, "at least 2 replies"),
        ({"steps": 0}, "trainer.steps is 0"),
        ({"micro": 7}, "no multiple of trainer.micro 7"),
    ],
)
def test_a_configuration_that_cannot_work_is_found_before_a_model_is_loaded(changed, words):
    with pytest.raises(TrainError, match=words):
        check(replace(TINY, trainer=replace(TINY.trainer, **changed)))


def test_an_option_that_trl_does_not_know_is_named(basics, tmp_path, box):
    config = replace(TINY, trainer=replace(TINY.trainer, grpo={"learning_rat": 1}))
    with pytest.raises(TrainError, match="learning_rat"):
        trained(config, basics, tmp_path, box)


def test_an_empty_split_is_named_with_what_to_do(basics, tmp_path, box):
    config = replace(TINY, tasks=replace(TINY.tasks, held_out_environments=0.0))
    with pytest.raises(TrainError, match="heldout-environments is empty: raise tasks"):
        trained(config, basics, tmp_path, box)


def test_a_tokenizer_whose_answer_tags_are_special_tokens_is_refused(basics, tmp_path, box):
    from transformers import AutoTokenizer

    run, _ = trained(TINY, basics, tmp_path / "run", box)
    words = AutoTokenizer.from_pretrained(run.warm)
    words.add_special_tokens({"additional_special_tokens": ["<answer>", "</answer>"]})
    words.save_pretrained(run.warm)
    with pytest.raises(TrainError, match="every reward would be 0"):
        trained(replace(TINY, model=str(run.warm)), basics, tmp_path / "other", box)


def test_a_model_that_does_not_fit_is_refused_with_the_estimate(basics, tmp_path, box, monkeypatch):
    run, _ = trained(TINY, basics, tmp_path / "run", box)
    needed, there = estimate(str(run.model), TINY)
    assert 0 < needed < 1 < there
    monkeypatch.setattr("os.sysconf", lambda name: 1_000)
    with pytest.raises(TrainError, match="take a smaller model"):
        trained(replace(TINY, model=str(run.model)), basics, tmp_path / "other", box)


def test_a_name_that_is_no_model_is_one_line(basics, tmp_path, box, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(TrainError, match="nowhere: has no tokenizer"):
        trained(replace(TINY, model=str(tmp_path / "nowhere")), basics, tmp_path / "run", box)


def test_a_folder_in_which_nothing_was_trained_is_free_for_another_run(basics, tmp_path, box, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(TrainError, match="has no tokenizer"):
        trained(replace(TINY, model=str(tmp_path / "nowhere"), seed=3), basics, tmp_path / "run", box)
    run, _ = trained(TINY, basics, tmp_path / "run", box)
    assert run.config().seed == 0
    assert len(stream(run)) == 4 * 16


@pytest.mark.parametrize("name", presets.PRESETS)
def test_every_preset_says_where_it_comes_from_and_gives_trl_what_it_takes(name, tmp_path):
    from rl import grpo

    assert (presets.PRESETS[name].__doc__ or "").strip()
    config = presets.preset(name)
    replies = config.trainer.prompts * config.trainer.group
    args = grpo.arguments(config, tmp_path, "none", 1)
    assert args.per_device_train_batch_size * args.gradient_accumulation_steps == replies
    assert args.epsilon_high == 0.28
    assert args.use_vllm is bool(config.trainer.vllm)


def test_vllm_at_an_address_becomes_trls_server_mode(tmp_path):
    from rl import grpo

    args = grpo.arguments(presets.preset("multi-gpu"), tmp_path, "none", 1)
    assert (args.vllm_mode, args.vllm_server_base_url) == ("server", "http://localhost:8000")
