"""Seeds that are no good end in one line that names the file and says what to do."""

from pathlib import Path

import pytest

from synth.tasks import SeedError, load, tasks_in
from tests.synth.test_program import RUN

TASK = """
[[task]]
name = "longest_run"
kind = "function"
signature = "(xs: list[int]) -> int"
description = "How long?"
"""
TOPIC = '[[topic]]\nfamily = "lists"\nwords = "Lists of integers."\n'


def folder(root: Path, **files: str | bytes | None) -> Path:
    """A folder of good seeds, but for ``files``; a file that is None is not there. `__` stands for `/`, `_` for `.`."""
    good = {"tasks__lists_toml": TASK, "topics_toml": TOPIC, "examples__run_py": RUN}
    for name, content in {**good, **files}.items():
        if content is not None:
            path = root / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def refused(root: Path) -> str:
    with pytest.raises(SeedError) as caught:
        load(root)
    words = str(caught.value)
    assert "\n" not in words
    assert str(root) in words
    return words


def test_a_folder_of_seeds_is_read_in_the_order_of_its_files(tmp_path: Path) -> None:
    more = TASK.replace("longest_run", "a_task")
    seeds = load(folder(tmp_path, tasks__arrays_toml=more + TASK.replace("longest_run", "b"), recorded__x_md=""))
    assert [(task.family, task.name) for task in seeds.tasks] == [
        ("arrays", "a_task"), ("arrays", "b"), ("lists", "longest_run")
    ]  # fmt: skip
    assert seeds.tasks[0].codomain == "int"
    assert [topic.family for topic in seeds.topics] == ["lists"]
    assert [program.title for program in seeds.examples] == ["Longest run"]
    assert seeds.recorded == tmp_path / "recorded"


def test_topics_may_be_missing_and_a_file_may_come_from_windows(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbf" + TASK.replace("\n", "\r\n").encode()
    seeds = load(folder(tmp_path, topics_toml=None, tasks__lists_toml=windows))
    assert seeds.topics == []
    assert len(seeds.tasks) == 1


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"tasks__lists_toml": "[[task"}, "lists.toml: not TOML: "),
        ({"tasks__lists_toml": b"\xff"}, "lists.toml: not TOML: "),
        ({"tasks__lists_toml": "a = " + "[" * 5000}, "lists.toml: not TOML: "),
        ({"tasks__lists_toml": "a = " + "9" * 5000}, "lists.toml: not TOML: "),
        ({"tasks__lists_toml": "[task]\nname = 'x'\n"}, "lists.toml: holds [task]; write [[task]] tables"),
        ({"tasks__lists_toml": TASK.replace("[[task]]", "[[tasks]]")}, "holds 'tasks'; write [[task]] tables"),
        ({"tasks__lists_toml": ""}, "tasks holds no tasks; put a FAMILY.toml"),
        ({"tasks__lists_toml": "task = [1]\n"}, "needs the texts name, kind, signature, description, but has 1"),
        ({"tasks__lists_toml": TASK.replace("kind", "sort")}, "needs the texts name, kind, signature, description"),
        ({"tasks__lists_toml": TASK.replace('"How long?"', "7")}, "needs the texts name, kind, signature, description"),
        ({"tasks__lists_toml": TASK.replace("How long?", " ")}, "needs the texts name, kind, signature, description"),
        (
            {"tasks__lists_toml": TASK.replace("longest_run", "../run")},
            "the name '../run' should be words_in_snake_case",
        ),
        ({"tasks__lists_toml": TASK.replace("longest_run", "a" * 61)}, "at most 60 letters"),
        ({"tasks__lists_toml": TASK.replace('"function"', '"map"')}, "of kind 'map'; write one of function, relation"),
        ({"tasks__Lists_toml": TASK}, "the family 'Lists' should be words_in_snake_case"),
        ({"tasks__lists_toml": TASK + TASK}, "two tasks are named longest_run (lists.toml and lists.toml); rename one"),
        ({"tasks__arrays_toml": TASK}, "two tasks are named longest_run (arrays.toml and lists.toml); rename one"),
        ({"tasks__dir_toml__x": ""}, "dir.toml: cannot be read: Is a directory"),
        ({"topics_toml": "[[topics]]\n"}, "topics.toml: holds 'topics'; write [[topic]] tables"),
        ({"topics_toml": "[[topic]]\nfamily = 'lists'\n"}, "needs the texts family and words"),
        ({"topics_toml": TOPIC.replace("lists", "graph theory")}, "the family 'graph theory' should be words_in"),
        ({"topics_toml": TOPIC + TOPIC}, "topics.toml: 2 topics have the family lists; write one"),
        ({"examples__run_py": None}, "examples holds no exemplary environment"),
        ({"examples__run_py": "x = 1\n"}, "run.py: not an exemplary environment: line 1: "),
        ({"examples__run_py": b"\xff"}, "run.py: not an exemplary environment: line 1: the file is not UTF-8"),
    ],
)
def test_seeds_that_cannot_be_used(tmp_path: Path, files: dict[str, str | bytes | None], words: str) -> None:
    assert words in refused(folder(tmp_path, **files))


def test_no_folder_an_empty_folder_and_a_file_for_a_folder(tmp_path: Path) -> None:
    for root in (tmp_path / "missing", tmp_path, folder(tmp_path / "file") / "topics.toml"):
        assert "holds no seeds" in refused(root)
        assert "name one with --seeds" in refused(root)


def test_tasks_carry_the_name_of_their_file_as_family(tmp_path: Path) -> None:
    assert tasks_in(folder(tmp_path) / "tasks" / "lists.toml")[0].family == "lists"
