"""Proposed tasks: the usable ones of a reply, a reason for each other, and never a crash."""

import pytest

from synth.complete import Completion
from synth.propose import ARROWS, EACH, lacking, request, tasks_in
from synth.tasks import Task, Topic
from tests.synth.test_tasks import TASK as ROW

TOPIC = Topic("lists", "Lists of integers.")
KNOWN = Task("known_task", "lists", "function", "(n: int) -> int", "...")


def found(text: str) -> tuple[list[str], list[str]]:
    tasks, problems = tasks_in(Completion(text, "m", "stop", 1, 1, 0.0, 0.0), TOPIC, ["known_task"])
    assert all("\n" not in problem and len(problem) < 300 for problem in problems)
    return [task.name for task in tasks], problems


def toml(body: str) -> str:
    return f"Here they are.\n```toml\n{body}```\n"


def named(name: str) -> str:
    return ROW.replace("longest_run", name)


def test_what_is_proposed_becomes_tasks_of_the_topics_family() -> None:
    tasks, problems = tasks_in(Completion(toml(named("a") + named("b")), "m", "stop", 1, 1, 0.0, 0.0), TOPIC, [])
    assert tasks == [Task(name, "lists", "function", "(xs: list[int]) -> int", "How long?") for name in ("a", "b")]
    assert problems == []


def test_of_several_blocks_the_last_counts_and_line_ends_do_not_matter() -> None:
    assert found(toml(named("a")) + toml(named("b")).replace("\n", "\r\n")) == (["b"], [])


def test_a_bad_proposal_is_named_and_the_good_ones_stay() -> None:
    bad = named("No Snake") + named("known_task") + named("a") + named("a") + named("b").replace("function", "maybe")
    tasks, problems = found(toml(named("first") + bad + named("last")))
    assert tasks == ["first", "a", "last"]
    assert problems == [
        "a proposal for lists: the name 'No Snake' should be words_in_snake_case, at most 60 letters",
        "a proposal for lists: there is a task named known_task already",
        "a proposal for lists: there is a task named a already",
        "a proposal for lists: b is of kind 'maybe'; write one of function, relation",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the reply has no closed ```toml block"),
        ("```toml\n" + ROW, "the reply has no closed ```toml block"),
        ("```python\n" + ROW + "```", "the reply has no closed ```toml block"),
        ("```toml\n" * 100_000, "the reply has no closed ```toml block"),
        (toml("[[task\n"), "not TOML: "),
        (toml("a = " + "[" * 50_000 + "\n"), "not TOML: "),
        (toml("a = " + "9" * 5000 + "\n"), "not TOML: "),
        (toml(""), "the block holds no [[task]] tables"),
        (toml("[task]\nname = 'a'\n"), "the block holds no [[task]] tables"),
        (toml("task = 7\n"), "the block holds no [[task]] tables"),
        (toml("task = [7]\n"), "a [[task]] needs the texts"),
    ],
)
def test_a_reply_that_proposes_nothing_says_why(text: str, problem: str) -> None:
    tasks, problems = found(text)
    assert tasks == []
    assert len(problems) == 1
    assert problems[0].startswith(f"a proposal for lists: {problem}")


def test_the_types_that_fewest_tasks_have_are_asked_for_first() -> None:
    assert lacking([]) == list(ARROWS[:4])
    assert "int -> int" not in lacking([KNOWN])
    spelt = [Task("a", "x", "function", f"(it: {arrow.replace(' ->', ') ->')}", "...") for arrow in ARROWS]
    assert lacking(spelt) == list(ARROWS[:4])
    assert lacking(spelt[:6]) == list(ARROWS[6:])


def test_a_round_of_a_topic_has_a_place_of_its_own() -> None:
    first, second = request(TOPIC, 1, [KNOWN]), request(TOPIC, 2, [KNOWN])
    assert (first.name, second.name) == ("propose.lists.1.1", "propose.lists.2.1")
    assert first.messages == second.messages
    assert f"Propose {EACH} tasks" in first.messages[1].content
    assert "- known_task: `(n: int) -> int`" in first.messages[1].content
