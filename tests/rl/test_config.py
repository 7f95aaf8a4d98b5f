"""What a run is told: a file changes what it names and nothing else, and a wrong value is named with its place."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.config import Config, CurriculumConfig, TrainerConfig, processes, read, told_of
from rl.errors import TrainError
from rl.presets import PRESETS, preset

SAID = st.fixed_dictionaries(
    {},
    optional={
        "model": st.text(max_size=9),
        "seed": st.integers(),
        "tasks": st.fixed_dictionaries(
            {},
            optional={
                "environments": st.lists(st.text(max_size=5), max_size=3),
                "difficulties": st.lists(st.integers(1, 10), min_size=2, max_size=2),
                "held_out_environments": st.floats(0, 1) | st.integers(0, 1),
            },
        ),
        "trainer": st.fixed_dictionaries({}, optional={"shuffled_rewards": st.booleans(), "steps": st.integers()}),
    },
)


def told(folder: Path, text: str, over: Config) -> Config:
    file = folder / "run.toml"
    file.write_text(text)
    return read(file, over)


def leaves(values: object, where: str = "") -> dict[str, object]:
    """Every value of nested tables, by its place."""
    if not isinstance(values, dict):
        return {where: values}
    return {place: leaf for key, inner in values.items() for place, leaf in leaves(inner, f"{where}.{key}").items()}


@settings(deadline=None)
@given(SAID, st.sampled_from(sorted(PRESETS)))
def test_what_is_said_is_changed_and_all_else_is_the_presets(said: dict[str, object], name: str) -> None:
    before = leaves(preset(name).asdict())
    after = leaves(told_of(said, preset(name), "here").asdict())
    changes = {place: tuple(value) if isinstance(value, list) else value for place, value in leaves(said).items()}
    assert after == before | {place: value for place, value in changes.items() if value != {}}


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_run_reads_back_the_configuration_that_it_wrote(name: str) -> None:
    config = preset(name)
    assert told_of(json.loads(json.dumps(config.asdict())), Config(), "config.json") == config


def test_a_file_is_read_over_a_preset(tmp_path: Path) -> None:
    text = 'model = "some/model"\n[tasks]\ndifficulties = [2, 6]\n[trainer]\nlearning_rate = 1\n'
    before, now = preset("races"), told(tmp_path, text, preset("races"))
    assert (now.model, now.tasks.difficulties, now.trainer.learning_rate) == ("some/model", (2, 6), 1.0)
    assert type(now.trainer.learning_rate) is float
    assert (now.trainer.tokens, now.tasks.train_on) == (before.trainer.tokens, before.tasks.train_on)
    assert before == preset("races")


def test_free_options_are_added_to_those_that_are_there(tmp_path: Path) -> None:
    over = Config(curriculum=CurriculumConfig("window", {"width": 2}), trainer=TrainerConfig(grpo={"bf16": True}))
    now = told(tmp_path, "[curriculum.options]\nthreshold = 0.8\n[trainer.grpo]\nbf16 = false\n", over)
    assert now.curriculum.options == {"width": 2, "threshold": 0.8}
    assert now.trainer.grpo == {"bf16": False}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = 1", "colour is not known; there are .*model"),
        ("[trainer]\nstep = 1", r"trainer\.step is not known; there are .*steps"),
        ("[run]\nmodel = 'x'", "run is not known"),
        ("tasks = 3", "tasks is a table, not 3"),
        ("seed = '7'", "seed is '7'; it should be of type int, as 0 is"),
        ("seed = true", "seed is True; it should be of type int"),
        ("[trainer]\nsteps = 1.5", r"trainer\.steps is 1\.5; it should be of type int, as 200 is"),
        ("[trainer]\nlearning_rate = true", r"trainer\.learning_rate is True; it should be of type float"),
        ("[trainer]\nshuffled_rewards = 1", r"trainer\.shuffled_rewards is 1; it should be of type bool"),
        ("[trainer]\ngrpo = []", r"trainer\.grpo is \[\]"),
        ("[tasks]\nenvironments = 'total'", r"tasks\.environments is 'total'; .*tuple\[str, \.\.\.\]"),
        ("[tasks]\nenvironments = ['total', 1]", r"tasks\.environments is \['total', 1\]"),
        ("[tasks]\ndifficulties = [2]", r"tasks\.difficulties is \[2\]; .*tuple\[int, int\], as \(1, 4\) is"),
        ("[tasks]\ndifficulties = [1, 2, 3]", r"tasks\.difficulties is \[1, 2, 3\]"),
        ("[eval]\nk = [1, '8']", r"eval\.k is \[1, '8'\]"),
        ("seed = ", "is not TOML"),
    ],
)
def test_a_wrong_word_or_value_is_named_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(TrainError, match=rf"run\.toml: {words}") as wrong:
        told(tmp_path, text, Config())
    assert "\n" not in str(wrong.value)


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match=r"none\.toml: cannot be read \(No such file"):
        read(tmp_path / "none.toml", Config())
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(TrainError, match=r"odd\.toml: is not TOML"):
        read(tmp_path / "odd.toml", Config())


def test_there_is_no_preset_of_another_name() -> None:
    with pytest.raises(TrainError, match="there is no preset 'race'; there are demo, races"):
        preset("race")


def test_the_number_of_processes_is_what_the_launcher_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert processes() == 1
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert processes() == 4
