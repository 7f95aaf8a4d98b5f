"""What a reply holds: the module in it, found whatever else the model says; and a task's conversation."""

import asyncio
from pathlib import Path

import pytest

from synth.author import REPLIED, Asking, Attempt, attempts, module_in
from synth.complete import Completion, Request, Unanswered
from synth.fences import blocks
from synth.ledger import Ledger
from synth.program import ContractError, read
from synth.verdict import Finding, Verdict
from tests.synth.test_program import RUN
from tests.synth.test_prompts import EXAMPLES, TASK


def reply(text: str, finish: str = "stop") -> Completion:
    return Completion(text, "m", finish, 1, 77, 0.0, 0.0)


def fenced(body: str, language: str = "python", fence: str = "```") -> str:
    return f"{fence}{language}\n{body}{fence}\n"


@pytest.mark.parametrize(
    "text",
    [
        fenced(RUN),
        "Let me think about `verify` and ``` in prose.\n\n" + fenced(RUN) + "\nThat is all.",
        fenced(RUN).rstrip("\n"),
        fenced(RUN, ""),
        fenced(RUN, "py"),
        fenced(RUN, "Python"),
        fenced(RUN, "python3"),
        fenced(RUN, ' python title="run.py"'),
        fenced(RUN, fence="````"),
        fenced(RUN, fence="~~~"),
        fenced("def verify_draft(): ...\n") + fenced(RUN),
        fenced(RUN.replace("len(xs)", "0")) + "No, better:\n" + fenced(RUN),
        fenced(RUN)
        + "For example:\n"
        + fenced('{"xs": [1]}\n', "json")
        + fenced("pip install it\n", "sh")
        + fenced("x = 1\n"),
        "```python\n# an attempt left open\n\n" + fenced(RUN),
        "- The module:\n\n" + "".join(f"    {line}\n" if line else "\n" for line in fenced(RUN).splitlines()),
    ],
)
def test_the_module_is_found_whatever_stands_around_it(text: str) -> None:
    assert module_in(reply(text)) == (RUN, "")


def test_a_module_with_windows_line_ends_is_found_as_it_is() -> None:
    assert module_in(reply(fenced(RUN).replace("\n", "\r\n"))) == (RUN.replace("\n", "\r\n"), "")


def test_a_module_that_shows_a_fence_inside_keeps_it_when_its_own_is_longer() -> None:
    source = RUN.replace('run?"""', 'run?\n\n```\n1 1 2\n```\n"""')
    assert module_in(reply(fenced(source, fence="````"))) == (source, "")


@pytest.mark.parametrize(
    ("text", "finish", "reason"),
    [
        ("", "stop", "the reply has no closed ```python block; write the whole module in one"),
        ("I cannot do that.", "stop", "the reply has no closed ```python block; write the whole module in one"),
        (RUN, "stop", "the reply has no closed ```python block; write the whole module in one"),
        ("```python\n" + RUN, "stop", "the reply has no closed ```python block; write the whole module in one"),
        ("```python\n" + RUN, "length", "the reply was cut off after 77 tokens, before its block closed"),
        (fenced(RUN, "toml"), "stop", "the reply has no closed ```python block; write the whole module in one"),
        (
            fenced("x = 1\n"),
            "stop",
            "no ```python block of the reply defines verify; write the whole module in one block",
        ),
        (
            fenced(RUN, fence="```").replace("```\n", "~~~\n"),
            "stop",
            "the reply has no closed ```python block; write the whole module in one",
        ),
    ],
)
def test_a_reply_without_a_module_says_why(text: str, finish: str, reason: str) -> None:
    assert module_in(reply(text, finish)) == ("", reason)


def test_a_reply_that_was_cut_off_after_a_whole_module_still_holds_it() -> None:
    assert module_in(reply(fenced(RUN) + "```python\nx", "length")) == (RUN, "")


@pytest.mark.parametrize(
    "text",
    [
        "```python\n" * 100_000,
        "```\n" * 250_000,
        "~~~\n```\n" * 120_000,
        "`" * 1_000_000,
        " " * 1_000_000 + "```",
        "\n" * 1_000_000,
        "```" + " " * 1_000_000 + "`",
        ("```python" + "x" * 990 + "\n") * 1000,
    ],
)
def test_a_reply_of_a_megabyte_is_searched_in_one_pass(text: str) -> None:
    assert module_in(reply(text))[0] == ""


def test_a_module_of_a_megabyte_is_found_and_refused_by_its_size() -> None:
    source, _ = module_in(reply(fenced(RUN + "# x\n" * 250_000)))
    with pytest.raises(ContractError, match="at most"):
        read(source)


def test_blocks_have_their_language_in_lower_case() -> None:
    assert blocks("```TOML\na = 1\n```\n```\nb\n```\n") == [("toml", "a = 1\n"), ("", "b\n")]


class Scripted:
    """A completer that says what it is told to say, in order; what it was asked is in ``asked``."""

    identity = "scripted"

    def __init__(self, *texts: str) -> None:
        self.texts, self.asked = list(texts), list[Request]()

    async def complete(self, request: Request) -> Completion:
        self.asked.append(request)
        if not self.texts:
            raise Unanswered(f"{request.name}: nothing is left to say")
        return reply(self.texts.pop(0))

    async def aclose(self) -> None:
        """Nothing is open."""


async def reading(source: str) -> Verdict:
    """Judge by reading alone."""
    try:
        read(source)
    except ContractError as error:
        return Verdict("reads", "It keeps the contract.", Finding(str(error), line=error.violations[0].line))
    return Verdict()


def conversation(folder: Path, completer: Scripted, turns: int = 3) -> tuple[list[Attempt], list[bool]]:
    made: list[Attempt] = []
    remembered: list[bool] = []
    with Ledger(folder) as ledger:
        asking = Asking(completer, ledger, lambda _, known: remembered.append(known))
        last = asyncio.run(attempts(TASK, EXAMPLES, asking, reading, turns, made.append))
    assert last is made[-1]
    return made, remembered


def test_a_conversation_quotes_the_evidence_and_ends_with_the_first_admitted(tmp_path: Path) -> None:
    completer = Scripted(
        "I would rather not.", fenced(RUN.replace("-> bool", "-> str")), fenced(RUN), "never asked for"
    )
    made, _ = conversation(tmp_path, completer, turns=5)
    assert [attempt.verdict.law for attempt in made] == [REPLIED, "reads", ""]
    assert [attempt.source != "" for attempt in made] == [False, True, True]
    assert [len(request.messages) for request in completer.asked] == [2, 4, 6]
    assert [request.name for request in completer.asked] == [f"longest_plateau.{turn}" for turn in (1, 2, 3)]
    assert completer.asked[1].messages[2].content == "I would rather not."
    assert "no closed ```python block" in completer.asked[1].messages[3].content
    assert "annotate it -> bool" in completer.asked[2].messages[5].content
    assert "`def verify(xs: list[int], answer: int) -> str:`" in completer.asked[2].messages[5].content


def test_a_conversation_ends_when_its_turns_are_spent(tmp_path: Path) -> None:
    made, _ = conversation(tmp_path, Scripted("no", "no", "no"), turns=2)
    assert [attempt.turn for attempt in made] == [1, 2]
    assert not made[-1].verdict.admitted


def test_a_conversation_that_was_broken_off_goes_on_without_asking_again(tmp_path: Path) -> None:
    with pytest.raises(Unanswered):
        conversation(tmp_path, Scripted("no", "no"))
    completer = Scripted(fenced(RUN))
    made, remembered = conversation(tmp_path, completer)
    assert remembered == [True, True, False]
    assert [request.turn for request in completer.asked] == [3]
    assert made[-1].verdict.admitted
    assert made[-1].origin("scripted")["turn"] == 3
