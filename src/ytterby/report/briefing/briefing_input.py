"""Input of a briefing: runs, exposure, the base system, evidence, dated states.

Nothing here reads files or a clock: ``app.brief`` collects the input, these objects only give access to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ytterby.report.charts import Fan
from ytterby.simulation import select

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    import xarray as xr

    from ytterby.ensembles import ExplorationResult, PairedBranch, Remedy, RunSummary
    from ytterby.evidence import Change, Promise
    from ytterby.exposure import ExposureResult
    from ytterby.report.charts import Outlines
    from ytterby.system import System
    from ytterby.validation import BacktestResult

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles shown in a fan chart."""


@dataclass(frozen=True)
class DatedState:
    """A policy state with an end date, such as the suspension of a control, and the fact on which it is based."""

    what: str
    end: date
    fact: str
    source: str = ""
    url: str = ""


@dataclass(frozen=True)
class DatedDecision:
    """A dated decision ahead, the fact on which it is based, and the bundled scenario that holds it as a fork, if any."""

    id: str
    what: str
    day: date
    fact: str
    source: str = ""
    url: str = ""
    scenario: str = ""


@dataclass(frozen=True)
class CitedFact:
    """A figure with the fields needed for the list of sources."""

    kind: str
    source: str
    url: str
    licence: str
    what: str = ""


@dataclass(frozen=True, eq=False)
class BriefedRun:
    """A finished run: its folder's name, ``run.json``, ``summary.json``, its dataset and, of ensembles, its draws."""

    folder: str
    record: Mapping[str, Any]
    summary: RunSummary
    results: xr.Dataset | Callable[[], xr.Dataset]
    """Weekly results, or what opens them: a first view needs none."""
    table: pd.DataFrame | None = None
    """Inputs and outcomes of each draw."""

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Weekly results; values are read from the file when needed."""
        return self.results() if callable(self.results) else self.results

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return self.summary.scenario

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.summary.draws

    @property
    def seed(self) -> int:
        """Seed of the draws."""
        return self.summary.seed

    @property
    def declared(self) -> Mapping[str, Any]:
        """Scenario as declared; empty if the record has only its name."""
        scenario = self.record.get("scenario")
        return scenario if isinstance(scenario, dict) else {}

    @property
    def measures(self) -> list[dict[str, Any]]:
        """Measures of the scenario as declared."""
        return list(self.declared.get("measures", []))

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of the facts on which the run is based."""
        return tuple(str(fact) for fact in self.record.get("facts", ()))

    def dates(self) -> tuple[date, date]:
        """First and last Monday."""
        first = date.fromisoformat(self.summary.start)
        return first, first + timedelta(weeks=self.summary.weeks - 1)

    def end(self) -> date:
        """Last day of the last week."""
        return self.dates()[1] + timedelta(days=6)

    def at(self, measure: str, commodity: str = "", region: str = "", sector: str = "") -> xr.DataArray | None:
        """Weekly values of a variable at a market or sector, without missing weeks; ``None`` if the run has no such market."""
        if measure not in self.dataset:
            return None
        found = select(self.dataset[measure], commodity=commodity, destination=region, sector=sector)
        if not found.size:
            return None
        path = found.isel({found.dims[-1]: 0}).dropna("week", how="all")
        return path if path.size else None

    def fan(self, measure: str, commodity: str, region: str, name: str, ink: str, sector: str = "") -> Fan | None:
        """Quantiles of a variable at a market over time; ``None`` if the run does not have it.

        In a run without draws all quantiles equal the central value.
        """
        found = self.at(measure, commodity, region, sector)
        if found is None:
            return None
        lines = (found.sel(quantile=f"{level:g}") if "quantile" in found.dims else found for level in BANDS)
        low90, low50, median, high50, high90 = (tuple(line.to_numpy().tolist()) for line in lines)
        dates = tuple(found["week"].dt.date.to_numpy())
        return Fan(name, ink, dates, low90, low50, median, high50, high90)


@dataclass(frozen=True)
class RecordedStatement:
    """A frozen statement on a past episode with its record; amounts are multiples of the base, or months."""

    kind: str
    goods: tuple[str, ...]
    origin: str
    destination: str
    first: str
    last: str
    model: float
    low: float
    high: float
    record: float
    hit: bool
    fact: str


@dataclass(frozen=True)
class EpisodeRecord:
    """The statements on a past episode, misses first, and how many a forecast of no change would hit."""

    statements: tuple[RecordedStatement, ...]
    hits_of_no_change: int

    @property
    def hits(self) -> int:
        """Statements that hit."""
        return sum(row.hit for row in self.statements)


@dataclass(frozen=True, eq=False)
class BriefingInput:
    """Everything from which a briefing is written.

    Attributes
    ----------
    importer : str
        Region or group that the briefing is written for.
    regions : tuple of str
        Regions of the importer.
    today : date
        Date of writing: marked in charts, and compared with the end of dated states.
    runs : tuple of BriefedRun
        The first is the main run, the others are compared with it.
    exposure : ExposureResult, optional
        Exposure of the importer.
    system : System, optional
        Base system, for the map and the Sankey diagram.
    evidence : mapping, optional
        Result of ``read``.
    texts : mapping
        Raw text of the articles by document name, to show quotations in context.
    states : tuple of DatedState
        Policy states with an end date, from the facts.
    calendar : tuple of DatedDecision
        Dated decisions and commitments ahead.
    promises : tuple of Promise
        What became of the commitments that the articles tell, by ``ytterby watch``, with their ids in the ledger.
    since : date, optional
        Day of the last briefing on articles that the project keeps.
    changes : tuple of Change
        What the articles tell otherwise than on that day.
    facts : mapping
        Figures on which runs and base system are based, by id.
    user_figures : int
        Number of the user's own figures.
    outlines : Outlines, optional
        Shapes of the regions, for the map.
    exploration : ExplorationResult, optional
        What the first run says beyond its bands.
    backtest : BacktestResult, optional
        For the hit rate.
    record : EpisodeRecord, optional
        What the model said of a past episode, beside what is recorded.
    calibrated : bool
        Whether the bands come from a calibration; otherwise they are ranges of assumptions.
    as_of : str
        Period of the newest fact used.
    version : str
        Version of the program.
    remedies : tuple of Remedy
        Measures that were tried on the first run, the most helpful first.
    branches : tuple of PairedBranch
        Each branch of the first run's first fork on the same draws; empty without a fork, and where they were not simulated so.
    beside : tuple of BriefingInput
        The same for further importers, set beside the first.
    remarks : tuple of str
        Reasons why a scenario drafted from the articles could not be run.
    """

    importer: str
    regions: tuple[str, ...]
    today: date
    runs: tuple[BriefedRun, ...] = ()
    exposure: ExposureResult | None = None
    system: System | None = None
    evidence: Mapping[str, Any] | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    states: tuple[DatedState, ...] = ()
    calendar: tuple[DatedDecision, ...] = ()
    promises: tuple[Promise, ...] = ()
    since: date | None = None
    changes: tuple[Change, ...] = ()
    facts: Mapping[str, CitedFact] = field(default_factory=dict)
    user_figures: int = 0
    outlines: Outlines | None = None
    exploration: ExplorationResult | None = None
    backtest: BacktestResult | None = None
    record: EpisodeRecord | None = None
    calibrated: bool = False
    as_of: str = ""
    version: str = ""
    remedies: tuple[Remedy, ...] = ()
    branches: tuple[PairedBranch, ...] = ()
    beside: tuple[BriefingInput, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def base_year(self) -> str:
        """Year for which exposure, map and chain stand: the base year, or that to which the base was rolled forward."""
        if self.system is not None and self.system.at:
            return self.system.at[:4]
        return str(self.exposure.year if self.exposure else self.system.year if self.system else "")

    @property
    def run(self) -> BriefedRun | None:
        """Main run of the briefing."""
        return self.runs[0] if self.runs else None
