"""Ask a language model: one small protocol, `Completer`, and what stands behind it.

    openai.py    any endpoint that speaks Chat Completions, and how each of its faults ends
    budget.py    what such an endpoint may cost
    recorded.py  replies kept as files, and `Recording`, which keeps what another completer says
    vllm.py      a model in this process, on a GPU

Not here: what a reply means. No completer raises for what a model *wrote*: bad code, no code and a megabyte of
text are replies like any other.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

QUOTE_CHARACTERS = 200  # of somebody else's words in an error
MOST_TOKENS = 16_384  # of a reply: a module with the thinking before it
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


class CompleterError(Exception):
    """Nothing more can be asked. One line that says what to do; the job stops and can be resumed."""


class BudgetSpent(CompleterError):  # noqa: N818  # it says what is so
    """The next call could pass the hard budget."""


class Unanswered(Exception):  # noqa: N818  # not an error of the job
    """This one request has no answer: its task stays open, the job goes on."""


class Wordless(Unanswered):
    """The model answered without any text: a refusal, or thinking that took all its tokens."""


@dataclass(frozen=True)
class Message:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Request:
    """A conversation to be continued, and the place of the reply: turn 1, 2, ... of a task.

    >>> hello = Request("greet", 1, (Message("user", "Hello"),))
    >>> hello.name, hello.digest[:8]
    ('greet.1', '013cf0c0')
    """

    task: str
    turn: int
    messages: tuple[Message, ...]

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.task):
            raise ValueError(f"task {self.task!r} names a file: letters, digits, `.`, `_`, `-`, at most 200")
        if self.turn < 1:
            raise ValueError(f"turn {self.turn} of {self.task}: turns count from 1")

    @property
    def name(self) -> str:
        return f"{self.task}.{self.turn}"

    @property
    def digest(self) -> str:
        """SHA-256 of the conversation in canonical JSON, whatever task and turn it is for."""
        canonical = json.dumps(as_json(self.messages), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Completion:
    text: str
    model: str
    """As the server names it, which is often more exact than the name it was asked for."""
    finish: str
    """`stop`, `length`, ..."""
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float
    seconds: float
    """From sending to the whole reply, repeats included, waiting for a free slot not."""


class Completer(Protocol):
    @property
    def identity(self) -> str:
        """For the ledger: `openai:MODEL`; never a key, never a URL."""

    async def complete(self, request: Request) -> Completion:
        """The model's reply. Raises Unanswered (this request) or CompleterError (any request)."""

    async def aclose(self) -> None:
        """Give back connections, threads, devices."""


def as_json(messages: Iterable[Message]) -> list[dict[str, str]]:
    """A conversation as Chat Completions has it."""
    return [{"role": message.role, "content": encodable(message.content)} for message in messages]


def encodable(text: str) -> str:
    """A half of a surrogate pair, which JSON can carry and UTF-8 cannot, becomes U+FFFD."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def quoted(words: object) -> str:
    """Somebody else's words as part of one error line: short, and without keys, whole or masked."""
    text, key = str(words), os.environ.get("OPENAI_API_KEY", "").strip()
    if key:
        text = text.replace(key, "(key)")
    text = re.sub(r"\S*\*{3,}\S*|\bsk-[\w-]+", "(key)", " ".join(text.split()))
    return text if len(text) <= QUOTE_CHARACTERS else text[:QUOTE_CHARACTERS] + " ..."


# Below what they build on; none of them loads its library before it is made.
from synth.complete.budget import Prices as Prices  # noqa: E402
from synth.complete.openai import OpenAI as OpenAI  # noqa: E402
from synth.complete.recorded import Recorded as Recorded  # noqa: E402
from synth.complete.recorded import Recording as Recording  # noqa: E402
from synth.complete.recorded import Transcript as Transcript  # noqa: E402
from synth.complete.vllm import VLLM as VLLM  # noqa: E402


def make_completer(
    name: str,
    *,
    recorded: Path | None = None,
    model: str | None = None,
    base_url: str | None = None,
    concurrency: int = 16,
    temperature: float | None = None,
    max_tokens: int = MOST_TOKENS,
    prices: str | None = None,
    budget_usd: float | None = None,
    record: Path | None = None,
    provenance: str = "",
) -> Completer:
    """The completer of that name: `recorded` (from that folder), `openai` or `vllm`; with `record`, kept there too.

    `prices` is PROMPT,COMPLETION in USD per million tokens. Raises CompleterError where it cannot work.
    """
    if record is not None and not provenance.strip():
        raise CompleterError("to record, give a provenance as well (--provenance): a sentence on who answers")
    priced = None if prices is None else Prices.parse(prices)
    completer: Completer
    if name == "recorded" and recorded is not None:
        completer = Recorded(recorded)
    elif name == "openai" and model:
        completer = OpenAI(
            model, base_url=base_url, concurrency=concurrency, temperature=temperature, max_tokens=max_tokens,
            prices=priced, budget_usd=budget_usd,
        )  # fmt: skip
    elif name == "vllm" and model:
        completer = VLLM(model, temperature=temperature, max_tokens=max_tokens)
    elif name in ("recorded", "openai", "vllm"):
        lacking = "directory the recordings are in" if name == "recorded" else "model to ask, with --model"
        raise CompleterError(f"completer {name}: say which {lacking}")
    else:
        raise CompleterError(f"no completer {name}: there are recorded, openai, vllm")
    return completer if record is None else Recording(completer, record, provenance=provenance)
