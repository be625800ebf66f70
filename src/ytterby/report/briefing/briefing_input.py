"""What a briefing is written from: runs, exposure, the base system, evidence, dated states.

Nothing here reads files or a clock: ``app.brief`` gathers, these objects only answer questions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ytterby.report.charts import Fan
from ytterby.simulation.results import select

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import xarray as xr

    from ytterby.ensembles.exploration import ExplorationResult
    from ytterby.ensembles.run_summary import RunSummary
    from ytterby.exposure.results import ExposureResult
    from ytterby.report.charts import Outlines
    from ytterby.system.system import System

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that a fan is drawn from."""


@dataclass(frozen=True)
class DatedState:
    """A dated state of the world, such as a suspension, with its end and the fact that says so."""

    what: str
    end: date
    fact: str
    source: str = ""
    url: str = ""


@dataclass(frozen=True)
class CitedFact:
    """A figure as the list of sources needs it."""

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
    dataset: xr.Dataset
    """Results by week, read from the file as far as they are asked for."""
    table: pd.DataFrame | None = None
    """Inputs and outcomes of each draw."""

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
        """Scenario as declared; empty where the record holds its name only."""
        scenario = self.record.get("scenario")
        return scenario if isinstance(scenario, dict) else {}

    @property
    def measures(self) -> list[dict[str, Any]]:
        """Measures of the scenario as declared."""
        return list(self.declared.get("measures", []))

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of the facts that the run rests on."""
        return tuple(str(fact) for fact in self.record.get("facts", ()))

    def dates(self) -> tuple[date, date]:
        """First and last Monday."""
        first = date.fromisoformat(self.summary.start)
        return first, first + timedelta(weeks=self.summary.weeks - 1)

    def end(self) -> date:
        """Last day of the last week."""
        return self.dates()[1] + timedelta(days=6)

    def at(self, measure: str, commodity: str = "", region: str = "", sector: str = "") -> xr.DataArray | None:
        """Weekly values of a measure at a market or sector, without weeks that have none; ``None`` where the run has no such market."""
        if measure not in self.dataset:
            return None
        found = select(self.dataset[measure], commodity=commodity, destination=region, sector=sector)
        if not found.size:
            return None
        path = found.isel({found.dims[-1]: 0}).dropna("week", how="all")
        return path if path.size else None

    def fan(self, measure: str, commodity: str, region: str, name: str, ink: str, sector: str = "") -> Fan | None:
        """Quantiles of a measure at a market over time; ``None`` where the run has none.

        A run without draws has no band: all quantiles are its one line.
        """
        found = self.at(measure, commodity, region, sector)
        if found is None:
            return None
        lines = (found.sel(quantile=f"{level:g}") if "quantile" in found.dims else found for level in BANDS)
        low90, low50, median, high50, high90 = (tuple(line.to_numpy().tolist()) for line in lines)
        dates = tuple(found["week"].dt.date.to_numpy())
        return Fan(name, ink, dates, low90, low50, median, high50, high90)


@dataclass(frozen=True, eq=False)
class BriefingInput:
    """All that a briefing is written from.

    Attributes
    ----------
    importer : str
        Region or group that the briefing is written for.
    regions : tuple of str
        Regions of the importer.
    today : date
        Date of writing: marked in charts, and what has expired is measured against it.
    runs : tuple of BriefedRun
        The first is the question, further ones are compared with it.
    exposure : ExposureResult, optional
        Where the importer is exposed.
    system : System, optional
        Base system, for map and Sankey.
    evidence : mapping, optional
        Answer of ``read``.
    texts : mapping
        Raw text of the articles by the documents' names, for the surroundings of quotations.
    states : tuple of State
        Dated states of the facts.
    facts : mapping
        Figures that runs and base system rest on, by id.
    user_figures : int
        How many figures are the user's own.
    outlines : Outlines, optional
        Shapes of the regions, for the map.
    exploration : ExplorationResult, optional
        What the first run says beyond its bands.
    backtest : mapping, optional
        Answer of ``backtest``: hit rate of such statements.
    calibrated : bool
        Whether the bands come from a calibration; until then they are ranges of assumptions.
    as_of : str
        Period of the newest fact used.
    version : str
        Version of the program.
    remarks : tuple of str
        Why a scenario that the articles draft could not be run.
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
    facts: Mapping[str, CitedFact] = field(default_factory=dict)
    user_figures: int = 0
    outlines: Outlines | None = None
    exploration: ExplorationResult | None = None
    backtest: Mapping[str, Any] | None = None
    calibrated: bool = False
    as_of: str = ""
    version: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def run(self) -> BriefedRun | None:
        """The run that the briefing answers from."""
        return self.runs[0] if self.runs else None
