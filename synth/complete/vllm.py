"""A model in this process, on a GPU: requests that arrive together go out as one batch.

Not a server. `vllm serve` behind `OpenAI` keeps the GPU busier and outlives a run; this is for a machine where
one process is simpler. Needs the `vllm` extra.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from synth.complete import MOST_TOKENS, CompleterError, Completion, Request, Unanswered, as_json, quoted

GATHERING_SECONDS = 0.05  # that the first request of a batch waits for others


class VLLM:
    def __init__(self, model: str, *, temperature: float | None = None, max_tokens: int = MOST_TOKENS) -> None:
        try:
            from vllm import LLM
        except ImportError as error:
            raise CompleterError(f"vLLM is not installed ({error}): pip install 'brickyard[vllm]'") from None
        try:
            self._llm = LLM(model=model)
        except (RuntimeError, ValueError, OSError) as error:
            raise CompleterError(f"vLLM cannot run {model}: {quoted(error)}; it needs a GPU") from None
        self.identity = f"vllm:{model}"
        self._model = model
        self._sampling = self._llm.get_default_sampling_params()
        self._sampling.max_tokens = max_tokens
        if temperature is not None:
            self._sampling.temperature = temperature
        self._thread = ThreadPoolExecutor(max_workers=1)  # the engine is not for many threads
        self._engine = asyncio.Lock()
        self._waiting: list[Request] = []

    async def complete(self, request: Request) -> Completion:
        if not self._waiting:
            self._batch = asyncio.create_task(self._answers())
        batch, place = self._batch, len(self._waiting)
        self._waiting.append(request)
        answer = (await asyncio.shield(batch))[place]  # who is cancelled does not take the others along
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def aclose(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _answers(self) -> list[Completion | Unanswered | CompleterError]:
        async with self._engine:  # while it is busy, the next batch gathers
            await asyncio.sleep(GATHERING_SECONDS)
            requests, self._waiting = self._waiting, []
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._generate, requests)

    def _generate(self, requests: list[Request]) -> list[Completion | Unanswered | CompleterError]:
        started = time.monotonic()
        try:
            outputs = self._llm.chat([as_json(it.messages) for it in requests], self._sampling, use_tqdm=False)
        except ValueError as error:  # a conversation longer than the model takes spoils its whole batch
            if len(requests) == 1:
                return [Unanswered(f"{requests[0].name}: {quoted(error)}")]
            return [answer for request in requests for answer in self._generate([request])]
        except Exception as error:  # noqa: BLE001  # whatever the engine died of, all are told
            return [CompleterError(f"vLLM stopped: {type(error).__name__}: {quoted(error)}") for _ in requests]
        seconds = time.monotonic() - started
        return [
            Completion(
                text=it.outputs[0].text, model=self._model, finish=it.outputs[0].finish_reason or "stop",
                prompt_tokens=len(it.prompt_token_ids), completion_tokens=len(it.outputs[0].token_ids),
                cost_usd=0.0, seconds=seconds,
            )
            for it in outputs
        ]  # fmt: skip
