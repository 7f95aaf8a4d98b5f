"""Datasets of reasoning-gym as environments, and what the audit finds in some whose defects are known."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.foreign import audit
from sandbox.foreign import reasoning_gym as gym
from sandbox.live import Live
from sandbox.outcome import SandboxError

pytest.importorskip("reasoning_gym")


@pytest.fixture(scope="module")
def boxes() -> Iterator[tuple[Sandbox, Sandbox]]:
    with gym.sandbox(0) as box, gym.sandbox(1) as other:
        yield box, other


@pytest.fixture(scope="module")
def rows(boxes: tuple[Sandbox, Sandbox]) -> dict[str, dict[str, Any]]:
    names = ("caesar_cipher", "game_of_life_halting", "gsm_symbolic", "count_bits")
    return {name: audit.row(*boxes, name) for name in names}


def kinds(row: dict[str, Any]) -> list[str]:
    return [flaw["kind"] for flaw in row["findings"]]


def test_a_question_is_posed_as_it_stands_and_its_key_is_not(boxes: tuple[Sandbox, Sandbox]) -> None:
    with Live(gym.foreign("leg_counting"), boxes[0]) as live:
        posed = live.pose(seed=3, difficulty=2)
        assert posed.prompt.startswith("Your task is to count how many legs")
        assert posed.instance["key"] not in posed.prompt
        assert live.score(posed, posed.reference).right
        assert not live.score(posed, "-1").right


def test_an_instance_is_named_for_ever_by_seed_and_difficulty(boxes: tuple[Sandbox, Sandbox]) -> None:
    drawn = []
    for box in boxes:
        with Live(gym.foreign("word_sorting"), box) as live:
            drawn.append(live.pose(seed=5, difficulty=3))
    assert drawn[0] == drawn[1]
    assert drawn[0].instance["key"].startswith("3/")


def test_datasets_are_parts_of_a_parallel(boxes: tuple[Sandbox, Sandbox]) -> None:
    composite = gym.composite("parallel(leg_counting, spell_backward)", gym.names(boxes[0]))
    with Live(composite, boxes[0]) as live:
        posed = live.pose(seed=1, difficulty=1)
        assert "count how many legs" in posed.prompt
        assert not any(key in posed.prompt for key in posed.instance.values() if key.count("/") == 2)
        legs, word = posed.reference
        assert live.score(posed, f'["{legs}", "{word}"]').score == 1
        assert live.score(posed, f'["{legs}", "-"]').score == 0.5


def test_what_the_audit_finds_can_be_shown_again(rows: dict[str, dict[str, Any]]) -> None:
    (flaw,) = [flaw for flaw in rows["game_of_life_halting"]["findings"] if flaw["kind"] == "accepts a wrong answer"]
    assert {flaw["own"], flaw["given"]} == {"True", "False"}
    assert flaw["score"] == 1
    scope: dict[str, Any] = {}
    exec(flaw["proof"].replace("; dataset.score", "; score = dataset.score"), scope)
    assert scope["entry"]["question"] == flaw["question"]
    assert scope["score"] == 1


def test_findings_name_what_is_wrong(rows: dict[str, dict[str, Any]]) -> None:
    assert "accepts junk" in kinds(rows["game_of_life_halting"])
    assert "draws nothing" in kinds(rows["caesar_cipher"])
    assert "accepts another number" in kinds(rows["gsm_symbolic"])


def test_a_sound_dataset_is_admitted_without_findings_and_certified(rows: dict[str, dict[str, Any]]) -> None:
    row = rows["count_bits"]
    assert (row["admitted"], row["findings"], row["undecided"]) == (True, [], [])
    assert row["certificate"]["sandbox"]["missing"]["policy"].startswith("cannot hold the foreign code")


def test_a_broken_law_comes_with_what_shows_it_again(rows: dict[str, dict[str, Any]]) -> None:
    row = rows["caesar_cipher"]
    assert (row["law"], row["difficulty"]) == ("generates", 3)
    assert "rotation must be in range" in row["evidence"]


def test_a_worker_lacks_nothing_that_the_gym_asks_for(rows: dict[str, dict[str, Any]]) -> None:
    assert [row["lacked"] for row in rows.values()] == [[]] * len(rows)


def test_a_dataset_that_is_not_there_is_one_line(boxes: tuple[Sandbox, Sandbox]) -> None:
    with pytest.raises(gym.GymError, match="has no dataset 'no_such_task'; there are ab, acre"):
        gym.chosen(["reasoning_gym:no_such_task"], gym.names(boxes[0]))


def test_all_are_chosen_by_one_word(boxes: tuple[Sandbox, Sandbox]) -> None:
    known = gym.names(boxes[0])
    assert gym.chosen(["reasoning_gym:all"], known) == known
    assert gym.chosen(["gcd", "reasoning_gym:ab"], known) == ["ab", "gcd"]


def test_without_the_gym_it_is_one_line_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gym, "PACKAGE", "no-such-gym")
    with pytest.raises(SandboxError, match=r"pip install 'brickyard\[gyms\]'"):
        gym.sandbox()
