"""Rollouts of a run, a Parquet file a step, so that a step done again replaces what was there. Nothing is scored."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rl.errors import TrainError
from rl.reward import Score
from rl.tasks import Problem
from synth.pool import PART


@dataclass(frozen=True)
class Rollout:
    """A reply to a problem, and what it earned."""

    term: str
    seed: int
    difficulty: int
    prompt: str
    reply: str
    score: float | None
    """None: it could not be scored."""
    problem: str = ""
    """Why it is 0 or None, when the verifier was not the one to say so."""

    @classmethod
    def of(cls, problem: Problem, reply: str, score: Score) -> "Rollout":
        return cls(
            problem.item.term, problem.seed, problem.difficulty, problem.prompt, reply, score.value, score.problem
        )

    @property
    def name(self) -> str:
        return f"{self.term}@{self.seed}:{self.difficulty}"

    @property
    def unread(self) -> bool:
        """Whether no answer could be read in the reply."""
        return self.score is not None and bool(self.problem)


class Rollouts:
    """The rollouts of the run in a folder."""

    def __init__(self, run: Path) -> None:
        self.folder = run / "rollouts"

    def write(self, step: int, rollouts: Sequence[Rollout]) -> None:
        """A step's, in place of what it had; the file is there whole or not at all."""
        import pyarrow as pa
        from pyarrow import parquet

        self.folder.mkdir(exist_ok=True)
        kinds = {"step": pa.int64(), "seed": pa.int64(), "difficulty": pa.int64(), "score": pa.float64()}
        names = ["step", *asdict(rollouts[0])]
        schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
        rows = [{"step": step, **asdict(rollout)} for rollout in rollouts]
        part = self.folder / f"{self._file(step).name}{PART}"
        parquet.write_table(pa.Table.from_pylist(rows, schema=schema), part, compression="zstd")
        part.replace(self._file(step))

    def read(self) -> Iterator[tuple[int, list[Rollout]]]:
        """Each step's, in order. Raises ``TrainError`` for a file that holds none."""
        from pyarrow import ArrowException, parquet

        for file in sorted(self.folder.glob("*.parquet")):
            try:
                rows = parquet.read_table(file).to_pylist()
                yield int(file.stem), [Rollout(**{k: v for k, v in row.items() if k != "step"}) for row in rows]
            except (ArrowException, OSError, TypeError, ValueError) as error:
                raise TrainError(f"{file}: holds no rollouts ({' '.join(str(error).split())[:120]})") from None

    def cut(self, after: int) -> None:
        """Drop the steps after that one."""
        for file in self.folder.glob("*.parquet"):
            if int(file.stem) > after:
                file.unlink()

    def _file(self, step: int) -> Path:
        return self.folder / f"{step:06d}.parquet"
