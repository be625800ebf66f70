"""Screen a scenario: very many draws, a few outcomes of each market, streamed to a folder of Parquet files."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.network.bases import scenario_base
from ytterby.execution import map_chunks, spans
from ytterby.facts import load
from ytterby.result_model import ResultModel
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork, Precision, Screening
from ytterby.store import Screen, encode
from ytterby.validation import posterior_digest, posterior_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.execution import Executor

CHUNK = 1024
"""Draws in a part: some 6 MB."""
SHOWN = ("shortfall", "worst_share", "peak_multiple", "recovery_week")


class ScreenedMarket(ResultModel):
    """Outcomes of a market over all draws."""

    commodity: str
    region: str
    shortfall_mean: float
    """Unserved final use, mean over all draws [t]."""
    worst_share_mean: float
    """Largest weekly share of final use that is unserved, mean over all draws [1]."""
    peak_multiple_mean: float
    """Highest price over base price, mean over all draws [1]."""
    recovery_week_mean: float
    """Week after the last one that was short or dear, 0 if none, mean over all draws [week]."""
    shortfall_q05: float
    """5 % quantile [t]."""
    shortfall_q50: float
    """50 % quantile [t]."""
    shortfall_q95: float
    """95 % quantile [t]."""
    worst_share_q05: float
    """5 % quantile [1]."""
    worst_share_q50: float
    """50 % quantile [1]."""
    worst_share_q95: float
    """95 % quantile [1]."""
    peak_multiple_q05: float
    """5 % quantile [1]."""
    peak_multiple_q50: float
    """50 % quantile [1]."""
    peak_multiple_q95: float
    """95 % quantile [1]."""
    recovery_week_q05: float
    """5 % quantile [week]."""
    recovery_week_q50: float
    """50 % quantile [week]."""
    recovery_week_q95: float
    """95 % quantile [week]."""


class ScreenResult(ResultModel):
    """A finished screen."""

    folder: Path
    """Folder of the Parquet files, one row a draw and market."""
    seconds: float
    """Time it took [s]."""
    markets: tuple[ScreenedMarket, ...]
    """By commodity and region."""


def screen(
    scenario: str | Path,
    draws: int,
    *,
    seed: int = 1,
    precision: Precision = "float32",
    project: Path = Path(".ytterby"),
    out: Path | None = None,
    executor: Executor = "serial",
    workers: int | None = None,
    address: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ScreenResult:
    """Simulate very many draws and keep the outcomes of the markets that restricted links lead to.

    A killed screen goes on from its finished parts.

    Parameters
    ----------
    scenario : str or Path
        Bundled name or YAML file.
    draws, seed : int
        Size and seed of the ensemble.
    precision : {"float32", "float64"}
        Single precision is twice as fast and within 1e-4 of final use.
    project, out : Path, optional
        Project folder with the user's figures; folder of the screen, by default inside the project.
    executor, workers, address
        Where chunks run; they change no digit.
    progress : callable, optional
        Called with draws done and draws in all.
    """
    began = time.perf_counter()
    chosen = load_scenario(scenario)
    system = scenario_base(chosen, load(project), project)
    fitted = partial(posterior_rows, draws, seed, prefix="behaviour.")
    work = PartWorker(Screening(Experiment(LabelledNetwork.of(system), chosen, draws, seed), precision, fitted))
    names = {
        "scenario": chosen.digest,
        "base": system.digest,
        "posterior": posterior_digest(),
        "draws": draws,
        "seed": seed,
        "precision": precision,
    }
    place = out or project / "screens" / f"{chosen.name}-{chosen.digest[:8]}-n{draws}-s{seed}-{precision}"
    parts = Screen(place, {**names, "chunk": CHUNK, "version": version("ytterby")})
    pieces, done = spans(draws, CHUNK), parts.done()
    missing = [i for i in range(len(pieces)) if i not in done]
    results = map_chunks(work.chunk, [pieces[i] for i in missing], executor, workers=workers, address=address)
    for i, found in zip(missing, results, strict=True):
        parts.put(i, found)
        if progress:
            progress(pieces[i][1], draws)
    table = parts.summary(("commodity", "region"), SHOWN)
    return ScreenResult(
        folder=place, seconds=round(time.perf_counter() - began, 3), markets=ScreenedMarket.from_records(table.to_dict("records"))
    )


@dataclass(frozen=True, eq=False)
class PartWorker:
    """What a worker does with the draws of a part: simulate them and make the part's file."""

    work: Screening

    def chunk(self, span: tuple[int, int]) -> bytes:
        """Parquet file of the draws ``span[0]`` to ``span[1]`` (not included), one row a draw and market."""
        import pandas as pd

        network, markets, count = self.work.experiment.network, self.work.markets, span[1] - span[0]
        labels = {"commodity": network.commodity[markets], "region": network.region[markets]}
        columns: dict[str, Any] = {"draw": np.repeat(np.arange(*span, dtype=np.int32), len(markets))}
        columns |= {name: pd.Categorical(np.tile(label, count)) for name, label in labels.items()}
        columns |= {name: values.reshape(-1) for name, values in self.work.chunk(span).items()}
        return encode(pd.DataFrame(columns))
