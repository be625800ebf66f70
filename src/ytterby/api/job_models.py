"""Jobs as the API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from ytterby.store import JobProgress, JobRow


class Job(ResultModel):
    """A piece of long work."""

    id: str
    kind: str
    """run, plan, cooperate, negotiate, trade, brief, read, parts, compare_measures or backtest."""
    state: str
    """queued, running, done, failed, cancelled, or interrupted: its process was killed, and it can be resumed."""
    arguments: dict[str, Any]
    """What it was asked with; what is left out has its default."""
    created: str
    """When it was asked for, in UTC, as the other times."""
    started: str | None
    """When it was last begun."""
    ended: str | None
    attempts: int
    """How often it was begun."""
    done: int | None
    """Steps that are done; None before the first."""
    total: int | None
    """Steps in all."""
    rate: float | None
    """Steps a second since it was last begun [1/s]."""
    seconds_left: float | None
    """Time that the remaining steps take at this rate [s]."""
    error: str
    """Why it failed; empty else."""
    result: dict[str, Any]
    """Ids under which its results are found beside its own, such as ``run``."""

    @classmethod
    def of(cls, row: JobRow, progress: JobProgress | None) -> Job:
        """A row of the index with how far its job is."""
        left = (progress.total - progress.done) / progress.rate if progress and progress.rate > 0 else None
        return cls(
            id=row.id,
            kind=row.kind,
            state=row.state,
            arguments=row.arguments,
            created=row.created,
            started=row.started,
            ended=row.ended,
            attempts=row.attempts,
            done=progress.done if progress else None,
            total=progress.total if progress else None,
            rate=progress.rate if progress else None,
            seconds_left=round(left, 1) if left is not None else None,
            error=row.error,
            result=row.result,
        )


class JobList(ResultModel):
    """Jobs of the project, newest first."""

    jobs: tuple[Job, ...]
