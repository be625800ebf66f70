"""The Python face: a base system with everything that the commands do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.app.bases import base_system
from ytterby.ensembles import Driver, FirstStop, SectorLoss
from ytterby.errors import InputError
from ytterby.facts import load as load_facts
from ytterby.system import RARE_EARTHS

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import xarray as xr

    from ytterby.app.calendar import CalendarResult
    from ytterby.app.controls import ControlsResult
    from ytterby.cooperation import CooperationResult
    from ytterby.ensembles import ExplorationResult, RunSummary
    from ytterby.exposure import ExposureResult
    from ytterby.facts import Facts
    from ytterby.result_model import ResultModel
    from ytterby.scenario import Scenario
    from ytterby.store import Run
    from ytterby.system import System


@dataclass(frozen=True, eq=False)
class Result:
    """A run in the shapes of the ecosystem: pandas for tables, xarray for series, altair for pictures.

    Every measure is an attribute with the tidy table's columns as dimensions: ``result.shortfall.sel(destination="JP")``.
    """

    run: Run

    @property
    def summary(self) -> RunSummary:
        """What came of the run."""
        return self.run.summary

    @property
    def dataset(self) -> xr.Dataset:
        """Results as written, see :func:`ytterby.simulation.results.results_dataset`; values are read when they are asked for."""
        return self.run.dataset

    @property
    def series(self) -> pd.DataFrame:
        """Results as a tidy table, columns :data:`ytterby.simulation.results.COLUMNS`."""
        return self.run.series

    @property
    def first_stops(self) -> pd.DataFrame:
        """Who stops first, by sector and country."""
        return self._table("first_stops", FirstStop)

    @property
    def losses(self) -> pd.DataFrame:
        """Value added lost and jobs by country and sector."""
        return self._table("losses", SectorLoss)

    @property
    def drivers(self) -> pd.DataFrame:
        """Inputs that matter most."""
        return self._table("drivers", Driver)

    def explore(self, **options: Any) -> ExplorationResult:
        """Where the draws get bad and which facts to ask for.

        Options as in :func:`ytterby.app.explore.explore`.
        """
        from ytterby.app.explore import explore

        return explore(self.run, **options)

    def _table(self, key: str, row: type[ResultModel]) -> pd.DataFrame:
        """Rows of the summary, with the columns of their model also where there are none."""
        import pandas as pd

        return pd.DataFrame(self.run.summary.to_dict()[key], columns=list(row.model_fields))

    def array(self, measure: str) -> xr.DataArray:
        """Values of a measure over those of quantile, date, commodity, origin, destination and sector that vary in it.

        Raises
        ------
        UnknownNameError
            If the run has no such measure.
        """
        from ytterby.simulation import tidy_array

        return tidy_array(self.dataset, measure).assign_attrs(run=str(self.run.folder))

    def __getattr__(self, name: str) -> xr.DataArray:
        """Give the series of a measure."""
        from ytterby.errors import UnknownNameError

        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self.array(name)
        except UnknownNameError as error:
            raise AttributeError(str(error)) from None

    def plot(self, measure: str, commodity: str = "", region: str = "", sector: str = "") -> alt.LayerChart:
        """Fan chart of a measure (one line for a single run)."""
        from ytterby.report.charts import series_fan

        return series_fan(self.dataset, measure, commodity, region, sector)

    def __repr__(self) -> str:
        """One line: scenario, draws, seed and folder."""
        found = self.summary
        return f"Result({found.scenario}, {found.draws} draws, seed {found.seed}, {found.weeks} weeks from {found.start}, {found.run})"

    def _repr_html_(self) -> str:
        head = self.summary.title["en"]
        return f"<h4>{head}</h4>{self.first_stops.head(10).to_html(index=False)}{self.losses.head(10).to_html(index=False)}"


@dataclass(frozen=True, eq=False)
class World:
    """A base system with its facts."""

    system: System
    facts: Facts
    project: Path = field(default=Path(".ytterby"))

    def simulate(self, scenario: str | Path | Scenario, draws: int = 1, seed: int = 1, **options: Any) -> Result:
        """Simulate a scenario (bundled name, file or Scenario); options as in :func:`ytterby.app.run.run`."""
        from ytterby.app.run import run

        return Result(run(scenario, draws=draws, seed=seed, project=self.project, **options))

    def exposure(self, importer: str, element: str | None = None) -> ExposureResult:
        """Exposure of an importer, as in ``ytterby exposure``."""
        from ytterby.app.exposure import exposure

        return exposure(importer, year=self.system.year, element=element, project=self.project, chain=self.system.chain)

    def controls(
        self,
        on: dt.date | str | None = None,
        material: str | None = None,
        hs: str | None = None,
        by: str | None = None,
        since: dt.date | str | None = None,
    ) -> ControlsResult:
        """Goods under export controls and duties on a day, as in ``ytterby controls``; days as dates or YYYY-MM-DD."""
        from ytterby.app.controls import controls

        return controls(_day(on), material, hs, by, _day(since), self.project)

    def calendar(self, until: dt.date | str | None = None, on: dt.date | str | None = None) -> CalendarResult:
        """Dated decisions ahead with their branches, as in ``ytterby calendar``; days as dates or YYYY-MM-DD."""
        from ytterby.app.calendar import calendar

        return calendar(_day(until), _day(on), project=self.project)

    def cooperate(self, allies: str = "JP,US", **options: Any) -> CooperationResult:
        """What an alliance is worth and how it can be shared, as in ``ytterby cooperate``.

        Options as in :class:`ytterby.app.cooperate_inputs.CooperateRequest`; parties as codes joined by commas.
        """
        from ytterby.app.cooperate import cooperate
        from ytterby.app.cooperate_inputs import CooperateRequest

        invite = tuple(options.pop("invite", "").split(",")) if options.get("invite") else ()
        return cooperate(CooperateRequest(allies=tuple(allies.split(",")), invite=invite, project=self.project, **options))

    def __repr__(self) -> str:
        """One line: base year, size and the user's figures."""
        own = f", {len(self.facts.user_ids)} figures of the user" if self.facts.user_ids else ""
        return f"World({self.system.year}, {self.system.chain}, {len(self.system.markets)} markets, {len(self.facts.table)} figures{own})"

    def _repr_html_(self) -> str:
        rows = [(name, len(getattr(self.system, name))) for name in ("markets", "processes", "links", "demands")]
        return f"<b>World {self.system.year}</b>: " + ", ".join(f"{count} {name}" for name, count in rows)


def _day(value: dt.date | str | None) -> dt.date | None:
    """Date of an ISO text.

    Raises
    ------
    InputError
        If there is no such day.
    """
    if not isinstance(value, str):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise InputError(f"'{value}' is no date such as 2026-11-10: {error}") from None


def load(year: int = 2024, project: Path | str = ".ytterby", chain: str = RARE_EARTHS) -> World:
    """World of a base year; the user's figures in the project win over the packaged ones."""
    folder = Path(project)
    facts = load_facts(folder)
    return World(base_system(year, facts, folder, chain), facts, folder)
