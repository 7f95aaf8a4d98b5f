"""A model without downloads: a small Qwen-architecture transformer, its tokenizer, and a warm start by right answers.

It is how the training stage is tested everywhere, and a laboratory: what composition brings can be asked in minutes on
a processor. It is no language model: it knows the prompts of one pool and nothing else. Reinforcement needs replies
that are right now and then; so it is first trained on right answers to *training* problems, and not to the end.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rl.config import TinyConfig
from rl.tasks import Problem
from synth.types import as_text

USER, ASSISTANT, END, PAD = "<|user|>", "<|assistant|>", "<|end|>", "<|pad|>"
OPEN, CLOSE = "<answer>", "</answer>"
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
CONTEXT = 4096  # positions
RISING = 20  # steps in which the learning rate of a warm start rises


def tokenizer(prompts: Sequence[str], vocabulary: int) -> Any:
    """A tokenizer of these prompts: bytes, and as tokens of their own the phrases that the prompts share.

    Digits are never part of a phrase, so that arithmetic can be learned. It is of the class that transformers loads for
    this architecture, whose words end at each space: the phrases are added to it, or a prompt would be four times as
    long. The answer tags are added too, and not as special tokens: decoding leaves those out, and every reward is 0.
    """
    from tokenizers import AddedToken, pre_tokenizers
    from transformers import Qwen2Tokenizer

    alphabet = {byte: n for n, byte in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    words = Qwen2Tokenizer(vocab=alphabet, merges=[], unk_token=END, eos_token=END, pad_token=PAD, padding_side="left")
    words.add_tokens([AddedToken(mark, normalized=False, special=True) for mark in (USER, ASSISTANT)])
    added = [OPEN, CLOSE, *_phrases(prompts, vocabulary)]
    words.add_tokens([AddedToken(text, normalized=False, special=False) for text in added])
    words.chat_template = TEMPLATE
    return words


def _phrases(prompts: Sequence[str], vocabulary: int) -> list[str]:
    """What byte-pair encoding merges when it may merge across words, but not across digits, lines and answer tags."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    bare = Tokenizer(models.BPE())
    apart = pre_tokenizers.Split(Regex(rf"[0-9\-]|\n+|{OPEN}|{CLOSE}"), "isolated")
    bare.pre_tokenizer = pre_tokenizers.Sequence([apart, pre_tokenizers.ByteLevel(False, use_regex=False)])
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=max(2, len(prompts) // 100),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bare.train_from_iterator(sorted(set(prompts)), trainer)
    decoder = decoders.ByteLevel()
    merged = {decoder.decode([token]) for token in bare.get_vocab()}
    return sorted(phrase for phrase in merged if phrase.isascii() and len(phrase) > 1 and not phrase.isspace())


def model(words: Any, config: TinyConfig, seed: int) -> Any:
    """A transformer with random weights for the tokenizer ``words``."""
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        made = Qwen2ForCausalLM(
            Qwen2Config(
                vocab_size=len(words),
                hidden_size=config.width,
                intermediate_size=3 * config.width,
                num_hidden_layers=config.layers,
                num_attention_heads=config.heads,
                num_key_value_heads=config.heads,
                max_position_embeddings=CONTEXT,
                tie_word_embeddings=True,
                initializer_range=config.width
                ** -0.5,  # the usual 0.02 is for wide models: here it would learn nothing for long
                bos_token_id=None,
                eos_token_id=words.eos_token_id,
                pad_token_id=words.pad_token_id,
            )
        )
    made.generation_config.eos_token_id = words.eos_token_id
    made.generation_config.pad_token_id = words.pad_token_id
    return made


def warm_start(
    made: Any, words: Any, batches: Iterator[Sequence[Problem]], config: TinyConfig, rate: Callable[[int], float]
) -> None:
    """Train ``made`` on right answers to batches of problems, until ``rate``, told the step, is high enough.

    Reinforcement learns where some replies are right and some are not: the warm start ends when ``rate`` reaches
    ``config.warm_until``, or after ``config.warm_steps``.
    """
    import torch

    device = next(made.parameters()).device
    optimizer = torch.optim.AdamW(made.parameters(), lr=config.warm_rate, betas=(0.9, 0.99), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / RISING))
    for step in range(1, config.warm_steps + 1):
        made.train()
        made(**_batch(words, next(batches), device)).loss.backward()
        torch.nn.utils.clip_grad_norm_(made.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        if step % config.warm_look == 0:
            made.eval()
            if rate(step) >= config.warm_until:
                break
    made.eval()


def _batch(words: Any, problems: Sequence[Problem], device: Any) -> dict[str, Any]:
    """Problems and right answers as tensors of one batch; the loss is on the answers alone."""
    import torch

    rows = []
    for problem in problems:
        asked = words(chat(words, problem.prompt), add_special_tokens=False)["input_ids"]
        told = words(f"{OPEN}{as_text(problem.reference)}{CLOSE}{END}", add_special_tokens=False)["input_ids"]
        rows.append((asked, told))
    longest = max(len(asked) + len(told) for asked, told in rows)
    ids = torch.full((len(rows), longest), words.pad_token_id)
    labels = torch.full((len(rows), longest), -100)
    for row, (asked, told) in enumerate(rows):
        end = len(asked) + len(told)
        ids[row, :end] = torch.tensor(asked + told)
        labels[row, len(asked) : end] = torch.tensor(told)
    mask = ids != words.pad_token_id
    return {"input_ids": ids.to(device), "attention_mask": mask.to(device), "labels": labels.to(device)}


def chat(words: Any, prompt: str) -> str:
    """The prompt as the model reads it."""
    text = words.apply_chat_template([{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True)
    return str(text)


def save(made: Any, words: Any, folder: Path) -> None:
    made.save_pretrained(folder)
    words.save_pretrained(folder)
