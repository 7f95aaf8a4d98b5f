"""How good a model is on problems, and with what certainty: replies are asked for, scored, and counted by split.

An *answerer* gives the replies: a model in this process, or any endpoint. Each problem is asked ``max(ks)`` times.
``mean`` is the mean score of a problem's replies, then of the problems; ``pass@k`` the probability that one of k
replies is right. What could not be scored is left out and counted, never 0. The intervals are ``statistics.py``'s, with
the problems of one environment as a cluster. Which problems are held out is not decided here, but in ``tasks.py``.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Protocol, TypeVar

from rl import statistics
from rl.errors import TrainError
from rl.reward import Scorer
from rl.statistics import Estimate
from rl.tasks import Problem
from synth.complete import Completer, CompleterError, Message, Request, Unanswered, Wordless, quoted
from synth.contract import TOLERANCE

PROBLEMS_AT_ONCE = 16  # that are scored together, and between two reports of progress

T = TypeVar("T")


class Answerer(Protocol):
    """Something that replies to prompts."""

    @property
    def name(self) -> str:
        """For the record of an evaluation."""

    def answer(self, prompts: Sequence[str], k: int, seed: int) -> Iterator[Sequence[str | None]]:
        """``k`` replies to each prompt, in order, as they come; None where no reply was had. Raises ``TrainError``."""


class Local:
    """A model that transformers can load, from a folder or by name, with its own chat template.

    Replies are sampled at ``temperature`` from the whole distribution, as in training (whatever the model's folder says
    of top-k or penalties), and end at ``max_new_tokens``; at 0 the likeliest token is taken. ``batch`` is the number of
    replies at a time. The same seed, batch and device give the same replies. Raises ``TrainError``.
    """

    def __init__(
        self, name: str, model: Any, tokenizer: Any, max_new_tokens: int, batch: int, temperature: float = 1.0
    ) -> None:
        if not tokenizer.chat_template:
            raise TrainError(f"{name}: its tokenizer has no chat template; take an instruction-tuned model")
        self.name = name
        self._model, self._tokenizer, self._batch = model.eval(), tokenizer, batch
        self._tokenizer.pad_token = self._tokenizer.pad_token or self._tokenizer.eos_token
        self._sampling = self._how(max_new_tokens, temperature)

    @classmethod
    def load(
        cls, model: str | Path, max_new_tokens: int, batch: int, temperature: float = 1.0, device: str = "auto"
    ) -> "Local":
        """The model in a folder, or of a name."""
        import torch
        from safetensors import SafetensorError
        from transformers import AutoModelForCausalLM, AutoTokenizer

        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        dtype = torch.float32 if device == "cpu" else torch.bfloat16
        try:
            tokenizer = AutoTokenizer.from_pretrained(model, padding_side="left")
            loaded: Any = AutoModelForCausalLM.from_pretrained(model, dtype=dtype)
        except (OSError, ValueError, SafetensorError) as error:
            raise TrainError(f"{model}: no model can be loaded from it ({quoted(error)})") from None
        return cls(str(model), loaded.to(device), tokenizer, max_new_tokens, batch, temperature)

    def _how(self, max_new_tokens: int, temperature: float) -> dict[str, Any]:
        ends = self._model.generation_config.eos_token_id
        of_model = ends if isinstance(ends, list) else [ends]
        sampled = {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
        return (sampled if temperature > 0 else {"do_sample": False}) | {
            "repetition_penalty": 1.0,
            "max_new_tokens": max_new_tokens,
            "pad_token_id": self._tokenizer.pad_token_id,
            "eos_token_id": sorted({*of_model, self._tokenizer.eos_token_id} - {None}),
        }

    def answer(self, prompts: Sequence[str], k: int, seed: int) -> Iterator[Sequence[str | None]]:
        replies: list[str | None] = []
        for number, batch in enumerate(_batches((prompt for prompt in prompts for _ in range(k)), self._batch)):
            replies += self._replies(batch, Random(f"{seed}/{number}").getrandbits(63))
            while len(replies) >= k:
                yield replies[:k]
                del replies[:k]

    def _replies(self, prompts: Sequence[str], seed: int) -> list[str]:
        import torch

        posed = [
            self._tokenizer.apply_chat_template(
                [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
            )
            for prompt in prompts
        ]
        inputs = self._tokenizer(posed, return_tensors="pt", padding=True, add_special_tokens=False)
        inputs = {name: inputs[name].to(self._model.device) for name in ("input_ids", "attention_mask")}
        gpus = [self._model.device] if self._model.device.type == "cuda" else []
        with torch.random.fork_rng(devices=gpus), torch.inference_mode():
            torch.manual_seed(seed)
            told = self._model.generate(**inputs, **self._sampling)
        new = told[:, inputs["input_ids"].shape[1] :]
        return list(self._tokenizer.batch_decode(new, skip_special_tokens=True))


class Endpoint:
    """Whatever a completer reaches, which also sets the temperature, the tokens, the concurrency and the budget.

        with Endpoint(make_completer("openai", model="M", base_url=URL, temperature=1.0)) as model:

    The seed is not sent: servers make of it what they like. A reply without text (all its tokens went into thinking) is
    an empty one, and wrong; a request that failed has no reply, and is not scored.
    """

    def __init__(self, completer: Completer) -> None:
        self.name = completer.identity
        self._completer = completer
        self._runner = asyncio.Runner()

    def __enter__(self) -> "Endpoint":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self._runner.run(self._completer.aclose())
        self._runner.close()

    def answer(self, prompts: Sequence[str], k: int, seed: int) -> Iterator[Sequence[str | None]]:
        start, turns = self._runner.get_loop().create_task, range(1, k + 1)
        tasks = [
            [start(self._reply(Request(f"problem{number}", turn, (Message("user", prompt),)))) for turn in turns]
            for number, prompt in enumerate(prompts, 1)
        ]
        try:
            for of_problem in tasks:
                yield self._runner.run(_all(of_problem))
        except CompleterError as error:
            raise TrainError(str(error)) from None
        finally:
            self._runner.run(_ended([task for of_problem in tasks for task in of_problem]))

    async def _reply(self, request: Request) -> str | None:
        try:
            return (await self._completer.complete(request)).text
        except Wordless:
            return ""
        except Unanswered:
            return None


async def _all(tasks: Sequence[asyncio.Task[T]]) -> list[T]:
    return await asyncio.gather(*tasks)


async def _ended(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True)
class Row:
    """A problem, by name, and the scores of its replies; None is one that was not scored."""

    term: str
    seed: int
    difficulty: int
    scores: tuple[float | None, ...]

    @property
    def name(self) -> tuple[str, int, int]:
        return self.term, self.seed, self.difficulty

    @property
    def scored(self) -> list[float]:
        return [score for score in self.scores if score is not None]

    @property
    def mean(self) -> float:
        """Raises ZeroDivisionError when no reply was scored."""
        return sum(self.scored) / len(self.scored)

    def passes(self, k: int) -> float:
        """Raises ValueError when fewer than ``k`` replies were scored."""
        right = sum(score >= 1 - TOLERANCE for score in self.scored)
        return statistics.pass_at(k, len(self.scored), right)


@dataclass(frozen=True)
class Part:
    """The problems of one environment, family, operator or size."""

    problems: int
    mean: Estimate


@dataclass(frozen=True)
class Result:
    """A model on the problems of one split."""

    problems: int
    """Of which at least one reply was scored: what the figures are of."""
    left_out: int
    """Problems of which no reply was scored."""
    unscored: int
    """Replies that were not scored, those of problems left out among them."""
    mean: Estimate
    passes: Mapping[int, Estimate]
    """pass@k by k, of the problems with at least k scored replies; no entry where there are none."""
    by: Mapping[str, Mapping[str, Part]]
    """The mean by ``environment`` (its term), ``family``, ``operator`` (of composites) and ``size``."""
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, problems: Sequence[Problem], rows: Sequence[Row], ks: Sequence[int]) -> "Result":
        """Raises ``TrainError`` when nothing was scored."""
        kept = [row for row in rows if row.scored]
        if not kept:
            raise TrainError(f"no reply to any of the {len(rows)} problems could be scored; audit their environments")
        long = {k: [row for row in kept if len(row.scored) >= k] for k in ks}
        return cls(
            problems=len(kept),
            left_out=len(rows) - len(kept),
            unscored=sum(score is None for row in rows for score in row.scores),
            mean=_mean(kept),
            passes={k: _estimate(of_k, [row.passes(k) for row in of_k]) for k, of_k in long.items() if of_k},
            by=_breakdown([(problem, row) for problem, row in zip(problems, rows, strict=True) if row.scored]),
            rows=tuple(rows),
        )

    def asdict(self) -> dict[str, Any]:
        told = asdict(self)
        told["pass"] = {str(k): it for k, it in told.pop("passes").items()}
        told["rows"] = [row | {"scores": list(row["scores"])} for row in told["rows"]]
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Result":
        """Raises KeyError, TypeError, ValueError or AttributeError."""
        by = {
            kind: {key: Part(part["problems"], Estimate(**part["mean"])) for key, part in parts.items()}
            for kind, parts in told["by"].items()
        }
        passes = {int(k): Estimate(**it) for k, it in told["pass"].items()}
        rows = tuple(Row(row["term"], row["seed"], row["difficulty"], tuple(row["scores"])) for row in told["rows"])
        counts = told["problems"], told["left_out"], told["unscored"]
        return cls(*counts, Estimate(**told["mean"]), passes, by, rows)


@dataclass(frozen=True)
class Evaluation:
    """A model on the problems of one or more splits. ``one | other`` has the splits of both."""

    model: str
    seed: int
    ks: tuple[int, ...]
    splits: Mapping[str, Result]

    def __or__(self, other: "Evaluation") -> "Evaluation":
        """Raises ValueError when the two were not made in the same way."""
        if (self.model, self.seed, self.ks) != (other.model, other.seed, other.ks):
            raise ValueError(f"an evaluation of {self.model} and one of {other.model}, by seed and k, are not one")
        return Evaluation(self.model, self.seed, self.ks, {**self.splits, **other.splits})

    def asdict(self) -> dict[str, Any]:
        """As JSON has it; ``from_json`` reads it back."""
        splits = {name: result.asdict() for name, result in self.splits.items()}
        return {"model": self.model, "seed": self.seed, "ks": list(self.ks), "splits": splits}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Evaluation":
        """Raises ``TrainError`` for anything else than what ``asdict`` gives."""
        try:
            splits = {name: Result.from_json(result) for name, result in told["splits"].items()}
            return cls(told["model"], told["seed"], tuple(told["ks"]), splits)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise TrainError(f"this is no evaluation ({type(error).__name__}: {error}); evaluate again") from None


def evaluate(
    answerer: Answerer,
    problems: Sequence[Problem],
    scorer: Scorer,
    ks: Sequence[int] = (1, 8),
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    split: str = "problems",
) -> Evaluation:
    """Ask ``max(ks)`` times for each problem; the evaluation has the one split. Raises ``TrainError``.

    ``progress`` is told how many problems are done, of how many.
    """
    if not problems or not ks or min(ks) < 1:
        raise TrainError(f"{len(problems)} problems of {split} with k of {list(ks)}: at least one, and k from 1 on")
    rows: list[Row] = []
    answers = answerer.answer([problem.prompt for problem in problems], max(ks), seed)
    for batch in _batches(zip(problems, answers, strict=True), PROBLEMS_AT_ONCE):
        rows += _scored(batch, scorer)
        if progress:
            progress(len(rows), len(problems))
    return Evaluation(answerer.name, seed, tuple(ks), {split: Result.of(problems, rows, ks)})


def _scored(batch: Sequence[tuple[Problem, Sequence[str | None]]], scorer: Scorer) -> Iterator[Row]:
    had = [(problem, reply) for problem, replies in batch for reply in replies if reply is not None]
    scores = iter(scorer.score([problem for problem, _ in had], [reply for _, reply in had]))
    for problem, replies in batch:
        values = tuple(None if reply is None else next(scores).value for reply in replies)
        yield Row(problem.item.term, problem.seed, problem.difficulty, values)


def _estimate(rows: Sequence[Row], values: Sequence[float]) -> Estimate:
    return statistics.estimate(values, [row.term for row in rows])


def _mean(rows: Sequence[Row]) -> Estimate:
    return _estimate(rows, [row.mean for row in rows])


def _breakdown(scored: Sequence[tuple[Problem, Row]]) -> dict[str, dict[str, Part]]:
    kinds: dict[str, Callable[[Problem], Any]] = {
        "environment": lambda problem: problem.item.term,
        "family": lambda problem: problem.item.family,
        "operator": lambda problem: problem.item.operator,
        "size": lambda problem: problem.item.size,
    }
    by: dict[str, dict[str, Part]] = {}
    for kind, key in kinds.items():
        groups: dict[Any, list[Row]] = {}
        for problem, row in scored:
            groups.setdefault(key(problem), []).append(row)
        named = sorted((value, rows) for value, rows in groups.items() if value != "")
        by[kind] = {str(value): Part(len(rows), _mean(rows)) for value, rows in named}
    return by


@dataclass(frozen=True)
class Change:
    """What became of the mean on one split, over the problems that were scored both times."""

    split: str
    problems: int
    before: Estimate
    after: Estimate
    difference: Estimate
    """After less before, paired by problem; of environments like these."""
    chance: float
    """The probability of a difference as large as this one if nothing but chance made it; on these very problems."""


def compare(before: Evaluation, after: Evaluation, seed: int = 0) -> list[Change]:
    """What changed, by split. Raises ``TrainError`` when the two are not of the same problems.

    The interval of the difference is clustered by environment, since it speaks of others like them. The permutation
    test is not: if both models answered alike, the two means of any one problem could be swapped whatever its
    environment, so that swapping them one by one is valid, with two environments as with two hundred.
    """
    if before.splits.keys() != after.splits.keys():
        one, other = (", ".join(it.splits) or "none" for it in (before, after))
        raise TrainError(f"these evaluations are of different splits ({one}; {other}): evaluate both on the same")
    return [_change(split, before.splits[split], after.splits[split], seed) for split in before.splits]


def _change(split: str, before: Result, after: Result, seed: int) -> Change:
    old, new = ({row.name: row for row in result.rows} for result in (before, after))
    if apart := old.keys() ^ new.keys():
        term, drawn, difficulty = min(apart)
        only = f"{split}: {term}@{drawn}:{difficulty} is in one only"
        raise TrainError(f"these evaluations are of different problems ({only}): evaluate both on the same")
    names = [name for name in old if old[name].scored and new[name].scored]
    if not names:
        raise TrainError(f"no problem of {split} was scored in both evaluations: evaluate anew")
    was, now = ([rows[name].mean for name in names] for rows in (old, new))
    terms = [term for term, _, _ in names]
    return Change(
        split=split,
        problems=len(names),
        before=statistics.estimate(was, terms),
        after=statistics.estimate(now, terms),
        difference=statistics.difference(was, now, terms),
        chance=statistics.chance([b - a for a, b in zip(was, now, strict=True)], seed),
    )


def _batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch
