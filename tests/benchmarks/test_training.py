"""What a long training run costs beside the model: memory that stays, and the share of a step that rewards take."""

import os
import threading
import time
from dataclasses import replace

from rl.config import Config, TasksConfig, TinyConfig, TrainerConfig
from rl.presets import BASICS
from rl.train import Progress, train

STEPS = 500
LONG = Config(
    tasks=TasksConfig(environments=BASICS, difficulties=(1, 4), problems=20),
    tiny=TinyConfig(width=32, layers=1, heads=2, vocabulary=600, warm_steps=2, warm_batch=4),
    trainer=TrainerConfig(steps=STEPS, prompts=2, group=2, tokens=6, save_every=100),
)


def resident() -> int:
    """Bytes of this process in memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_memory_of_the_trainer_does_not_grow_over_500_steps(benchmark, basics, tmp_path, box):
    progress, seen = Progress(STEPS), {}

    def watch() -> None:
        while progress.step < STEPS and progress.stage != "done":
            seen.setdefault(progress.step // 100, resident())
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    benchmark.pedantic(train, (LONG, basics, [], tmp_path, box, progress), rounds=1)
    watcher.join()
    benchmark.extra_info["megabytes by hundred steps"] = {step * 100: size >> 20 for step, size in sorted(seen.items())}
    assert resident() < 1.03 * seen[1]


def test_rewards_take_a_small_share_of_a_step(benchmark, basics, tmp_path, box):
    config = replace(LONG, trainer=replace(LONG.trainer, steps=12, prompts=16, group=8, tokens=24))
    run = benchmark.pedantic(train, (config, basics, [], tmp_path, box, Progress(12)), rounds=1)
    phases = [row["phases"] for row in run.rows()][2:]
    share = sum(p["reward"] for p in phases) / sum(sum(p.values()) for p in phases)
    benchmark.extra_info["share"] = round(share, 4)
    assert share < 0.2, "of a step of the smallest model; a larger one takes longer, and rewards do not"
