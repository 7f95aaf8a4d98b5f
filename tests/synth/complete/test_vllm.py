"""vLLM, of which only our side of the seam can be tested without a GPU."""

import sys
import types
from typing import Any

import pytest

from synth.complete import CompleterError, Completion, Message, Request, Unanswered, make_completer
from tests.endpoint import Conversation
from tests.synth.complete.asking import asked


def stand_in(batches: list[int], *, longest: int = 100) -> types.ModuleType:
    """A module with as much of vLLM's `LLM` as is used, which notes the size of every batch."""

    class LLM:
        def __init__(self, model: str) -> None:
            if model == "absent":
                raise RuntimeError("Failed to infer device type")

        def get_default_sampling_params(self) -> types.SimpleNamespace:
            return types.SimpleNamespace(temperature=0.7, max_tokens=16)

        def chat(self, conversations: list[Conversation], sampling: Any, use_tqdm: bool) -> list[Any]:
            batches.append(len(conversations))
            said = [conversation[-1]["content"] for conversation in conversations]
            if "crash" in said:
                raise AssertionError("engine died")
            if max(map(len, said)) > longest:
                raise ValueError("longer than the maximum model length")
            made = [
                types.SimpleNamespace(text=text.upper(), token_ids=[1] * len(text), finish_reason="stop")
                for text in said
            ]
            return [types.SimpleNamespace(prompt_token_ids=[1, 2], outputs=[it]) for it in made]

    module = types.ModuleType("vllm")
    module.LLM = LLM  # type: ignore[attr-defined]
    return module


def saying(*texts: str) -> list[Request]:
    return [Request(f"task{number}", 1, (Message("user", text),)) for number, text in enumerate(texts)]


def test_requests_that_arrive_together_go_to_the_gpu_as_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    monkeypatch.setitem(sys.modules, "vllm", stand_in(batches))
    first, *_ = asked(make_completer("vllm", model="tiny"), saying("one", "two", "three"))
    assert batches == [3]
    assert isinstance(first, Completion)
    assert (first.text, first.model, first.prompt_tokens, first.completion_tokens) == ("ONE", "tiny", 2, 3)


def test_a_conversation_too_long_for_the_model_spoils_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    monkeypatch.setitem(sys.modules, "vllm", stand_in(batches))
    one, long, three = asked(make_completer("vllm", model="tiny"), saying("one", "x" * 101, "three"))
    assert isinstance(one, Completion)
    assert isinstance(long, Unanswered)
    assert isinstance(three, Completion)


def test_an_engine_that_dies_stops_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vllm", stand_in([]))
    answers = asked(make_completer("vllm", model="tiny"), saying("one", "crash"))
    assert [str(answer) for answer in answers] == ["vLLM stopped: AssertionError: engine died"] * 2
    assert all(isinstance(answer, CompleterError) for answer in answers)


def test_no_vllm_and_no_gpu_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vllm", stand_in([]))
    with pytest.raises(CompleterError, match="cannot run absent: Failed to infer device type; it needs a GPU"):
        make_completer("vllm", model="absent")
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(CompleterError, match=r"pip install 'brickyard\[vllm\]'"):
        make_completer("vllm", model="tiny")
