"""A run in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ytterby.ensembles import Driver, FirstStop, SectorLoss

if TYPE_CHECKING:
    from pathlib import Path

    import altair as alt
    import pandas as pd
    import xarray as xr

    from ytterby.app.runs.compare import CompareResult
    from ytterby.ensembles import ExplorationResult, RunSummary
    from ytterby.result_model import ResultModel
    from ytterby.store import Run


@dataclass(frozen=True, eq=False)
class Result:
    """A run in the shapes of the ecosystem: pandas for tables, xarray for series, altair for pictures.

    Every measure is an attribute over quantile, date and its labels: ``result.shortfall.sel(region="JP", quantile=0.5)``.
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

        Options as in :func:`ytterby.app.runs.explore.explore`.
        """
        from ytterby.app.runs.explore import explore

        return explore(self.run, **options)

    def _table(self, key: str, row: type[ResultModel]) -> pd.DataFrame:
        """Rows of the summary, with the columns of their model also where there are none."""
        import pandas as pd

        return pd.DataFrame(self.run.summary.to_dict()[key], columns=list(row.model_fields))

    def array(self, measure: str) -> xr.DataArray:
        """Values of a measure over quantile (levels as numbers), date and its labels.

        Dimensions as in :func:`ytterby.simulation.labelled_results.labelled_array`; the mean over draws is given by :meth:`mean`.

        Raises
        ------
        UnknownNameError
            If the run has no such measure.
        """
        from ytterby.simulation import labelled_array

        return labelled_array(self.dataset, measure).assign_attrs(run=str(self.run.folder))

    def mean(self, measure: str) -> xr.DataArray:
        """Mean over draws of a measure, over date and its labels; of a central run its values.

        Raises
        ------
        UnknownNameError
            If the run has no such measure.
        """
        from ytterby.simulation import labelled_mean

        return labelled_mean(self.dataset, measure).assign_attrs(run=str(self.run.folder))

    def to_xarray(self) -> xr.Dataset:
        """All measures over commodity, region, sector and date, with quantiles as numbers and each mean as ``NAME_mean``.

        ``to_netcdf`` and, with the package zarr, ``to_zarr`` of it write files that xarray opens; flows stay along ``link``.
        """
        from ytterby.simulation import labelled_dataset

        return labelled_dataset(self.dataset)

    def save(self, path: Path | str) -> Path:
        """Write the results as ``.nc`` (:meth:`to_xarray`), or as the tidy table in ``.parquet``, ``.csv`` or ``.xlsx``.

        Raises
        ------
        InputError
            For another ending, or if there are too many rows for a sheet.
        StoreError
            If the file cannot be written.
        """
        from pathlib import Path as FilePath

        from ytterby.store import export_results

        return export_results(self.dataset, FilePath(path))

    def compare(self, other: Result) -> CompareResult:
        """What is different in another run, as in ``ytterby compare``."""
        from ytterby.app.runs.compare import compare

        return compare(self.run.folder, other.run.folder, self.run.folder.parent)

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
