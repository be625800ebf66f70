"""Fit of the annual model to restrictions of other minerals, with each episode forecast from the others."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.errors import DataGapError
from ytterby.validation.minerals.cases import MineralEpisode, answers, case, model
from ytterby.validation.minerals.model import PARAMETERS
from ytterby.validation.minerals.restriction_inputs import LAST_FITTED_YEAR, episodes
from ytterby.validation.minerals.result import MineralsCalibration
from ytterby.validation.minerals.trade import LEVELS, drift, log_ratio
from ytterby.validation.tables import FOLDER, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from ytterby.facts import Facts

    Floats = NDArray[np.float64]

PRIOR_QUANTILE = 1.2816
"""Bound of the central 80 % of a normal distribution, in standard deviations."""
SHARES = ("leak", "licence", "kept", "search", "trend")
"""Parameters that are shares."""
MAX_SHARE = 0.95
"""Upper limit of a drawn share [1]."""
COPIES = 4
"""Draws of the episode-specific leak per parameter draw, over which the likelihood is averaged."""
FREEDOM = 3.0
"""Degrees of freedom of the Student-t error, since trade has heavy tails."""
INDEPENDENT = {"exports": 2.0, "recovery": 0.0, "direct": 1.0, "total": 1.0, "others": 1.0}
"""Effective number of independent observations per kind and episode (`assumed`); recovery follows from the exports."""
MAX_DRAWS_WRITTEN = 400
"""Number of draws written to file."""


@dataclass(frozen=True, eq=False)
class MineralSample:
    """Draws of the parameters with the logarithm of prior over proposal, and of the likelihood by episode (draws, episodes)."""

    values: Mapping[str, Floats]
    prior: Floats
    fits: Mapping[str, Floats]

    def weights(self, without: str = "") -> Floats:
        """Posterior weights (draws,) from all fitted episodes except one; the sum is one."""
        log = self.prior + sum(fit for name, fit in self.fits.items() if name != without)
        return np.asarray(_normal(log))


def _normal(log: Floats) -> Floats:
    raw = np.exp(log - log.max())
    return np.asarray(raw / raw.sum())


def centre_and_width() -> tuple[Floats, Floats]:
    """Mean and standard deviation of the log parameters' prior."""
    ends = np.log([[low, high] for _, low, high in PARAMETERS.values()])
    return ends.mean(axis=1), (ends[:, 1] - ends[:, 0]) / (2.0 * PRIOR_QUANTILE)


def values_of(unit: Floats) -> dict[str, Floats]:
    """Parameters by name from standard normal numbers (draws, parameters)."""
    centre, width = centre_and_width()
    raw = np.exp(centre + width * unit)
    return {name: np.minimum(raw[:, i], MAX_SHARE) if name in SHARES else raw[:, i] for i, name in enumerate(PARAMETERS)}


def noise(facts: Facts) -> dict[str, Floats]:
    """Natural variability of trade until 2022, from exporters and goods unaffected by any episode."""
    headings = sorted({str(name) for name in facts.minerals_trade()["hs"].unique()})
    affected = {(row["supplier"], heading) for row in table("minerals") for heading in row["headings"].split()}
    return drift(facts, [(heading,) for heading in headings], affected, LAST_FITTED_YEAR)


def fitted_cases(facts: Facts) -> list[MineralEpisode]:
    """Episodes whose outcome may be fitted.

    Raises
    ------
    DataGapError
        If an episode extends beyond the last year that may be fitted.
    """
    found = [case(facts, item) for item in episodes(facts) if item.fitted]
    late = [item.episode.id for item in found if item.episode.last > LAST_FITTED_YEAR]
    if late:
        raise DataGapError(f"history: marked 'fit' and later than {LAST_FITTED_YEAR}: {', '.join(late)}")
    return found


def likelihood(prepared: MineralEpisode, found: Floats, moves: Mapping[str, Floats]) -> Floats:
    """Log likelihood (draws,) of model answers (draws, questions) given the record."""
    seen = answers(prepared, prepared.observed)[0]
    kinds = [q.kind for q in prepared.questions]
    total = np.zeros(len(found))
    for i, q in enumerate(prepared.questions):
        if INDEPENDENT[q.kind]:
            scale = spread(moves, q.kind, q.year - prepared.episode.first)
            error = (log_ratio(found[:, i]) - log_ratio(seen[i])) / scale
            total -= INDEPENDENT[q.kind] / kinds.count(q.kind) * 0.5 * (FREEDOM + 1.0) * np.log1p(error**2 / FREEDOM)
    return total


def moves_of(moves: Mapping[str, Floats], kind: str, ahead: int) -> Floats:
    """Quantiles of the natural variability of the log ratio, for a kind of question."""
    if kind == "exports":
        path = np.asarray(moves["path"])
        return np.asarray(path[min(ahead, len(path) - 1)])
    return np.asarray(moves[{"direct": "flow", "total": "buyer", "others": "seller"}[kind]])


def spread(moves: Mapping[str, Floats], kind: str, ahead: int) -> float:
    """Scale of the natural variability: interquartile range over 1.349."""
    low, high = np.interp((0.25, 0.75), LEVELS, moves_of(moves, kind, ahead))
    return float((high - low) / 1.349)


def calibrate(
    facts: Facts, draws: int, seed: int, progress: Callable[[int, int], None] | None = None
) -> tuple[MineralSample, dict[str, Floats]]:
    """Importance sampling in two steps: half of the draws from the prior, half from a proposal fitted to the tempered posterior."""
    rng = np.random.default_rng(seed)
    prepared, moves, count = fitted_cases(facts), noise(facts), len(PARAMETERS)
    first = rng.standard_normal((draws // 2, count))
    fits = _fits(prepared, moves, first, rng, progress, (0, 2))
    tempered = _normal(0.5 * np.sum(list(fits.values()), axis=0))
    mean, wide = tempered @ first, np.cov(first.T, aweights=tempered) + 0.05 * np.eye(count)
    second = rng.multivariate_normal(mean, wide, draws - draws // 2)
    more = _fits(prepared, moves, second, rng, progress, (1, 2))
    unit = np.concatenate([first, second])
    prior = _log_mixture(unit, mean, wide)
    return MineralSample(values_of(unit), prior, {name: np.concatenate([fits[name], more[name]]) for name in fits}), moves


def _log_mixture(unit: Floats, mean: Floats, wide: Floats) -> Floats:
    """Log ratio of the prior to the equal mixture of prior and second proposal, up to a constant."""
    plain = -0.5 * (unit**2).sum(axis=1)
    off = unit - mean
    around = -0.5 * (off * np.linalg.solve(wide, off.T).T).sum(axis=1) - 0.5 * np.linalg.slogdet(wide)[1]
    return np.asarray(plain - np.logaddexp(plain, around))


def _fits(  # noqa: PLR0913
    prepared: list[MineralEpisode],
    moves: Mapping[str, Floats],
    unit: Floats,
    rng: np.random.Generator,
    progress: Callable[[int, int], None] | None,
    part: tuple[int, int],
) -> dict[str, Floats]:
    values = {name: np.repeat(column, COPIES) for name, column in values_of(unit).items()}
    found = {}
    for i, one in enumerate(prepared):
        log = likelihood(one, model(one, values, rng), moves).reshape(-1, COPIES)
        found[one.episode.id] = np.logaddexp.reduce(log, axis=1) - np.log(COPIES)
        if progress:
            progress(part[0] * len(prepared) + i + 1, part[1] * len(prepared))
    return found


def write(sample: MineralSample, moves: Mapping[str, Floats], folder: Path, note: MineralsCalibration) -> None:
    """Write ``minerals_posterior.csv`` and ``minerals_fit.json``; with the draws of largest weight in any leave-one-out posterior."""
    folder.mkdir(parents=True, exist_ok=True)
    matter = np.max([sample.weights(name) for name in ("", *sample.fits)], axis=0)
    selected = np.sort(np.argsort(-matter, kind="stable")[:MAX_DRAWS_WRITTEN])
    header = [*PARAMETERS, "prior", *(f"fit.{name}" for name in sample.fits)]
    columns = [*(sample.values[name] for name in PARAMETERS), sample.prior, *sample.fits.values()]
    with (folder / "minerals_posterior.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([f"{column[i]:.6g}" for column in columns] for i in selected)
    tables = {name: np.round(values, 4).tolist() for name, values in moves.items()}
    document = note.to_dict() | {"quantiles": LEVELS.round(4).tolist(), "moves": tables}
    (folder / "minerals_fit.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


@cache
def shipped() -> MineralSample:
    """The posterior that ships with the package."""
    rows = table("minerals_posterior")
    columns = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    fits = {name.removeprefix("fit."): column for name, column in columns.items() if name.startswith("fit.")}
    return MineralSample({name: columns[name] for name in PARAMETERS}, columns["prior"], fits)


class MineralsFit(NamedTuple):
    """The fit that ships with the package: how it was made, and the natural variability of trade."""

    calibration: MineralsCalibration
    moves: Mapping[str, Floats]
    """Quantiles of the log ratio at :data:`ytterby.validation.minerals.trade.LEVELS`."""


@cache
def record() -> MineralsFit:
    """The fit that ships with the package."""
    document = json.loads((FOLDER / "minerals_fit.json").read_text("utf-8"))
    moves = {name: np.asarray(values) for name, values in document.pop("moves").items()}
    del document["quantiles"]
    return MineralsFit(MineralsCalibration.model_validate(document), moves)
