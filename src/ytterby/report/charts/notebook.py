"""Fan chart of a run's results for notebooks, as an altair chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import DataGapError
from ytterby.simulation import select

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import xarray as xr

MIDDLE = "middle"
"""Column of the median, or of the single run."""
BANDS = (("0.05", "0.95", 0.2), ("0.25", "0.75", 0.35))


def series_fan(dataset: xr.Dataset, measure: str, commodity: str = "", region: str = "", sector: str = "") -> alt.LayerChart:
    """Median with 50 % and 90 % bands of a measure over time, or one line for a single run.

    Parameters
    ----------
    dataset : Dataset
        Results of a run.
    measure : str
        Variable, such as ``price``.
    commodity, region, sector : str
        Selection; the mean is taken over labels that are not given.

    Raises
    ------
    DataGapError
        If the run has no such series.
    """
    import altair as alt

    labels = {name: label for name, label in (("commodity", commodity), ("destination", region), ("sector", sector)) if label}
    chosen = select(dataset[measure], **labels) if measure in dataset else None
    if chosen is None or "week" not in chosen.dims or not chosen.size:
        raise DataGapError(f"the run has no {measure} of '{commodity}' in '{region}' {sector}".rstrip())
    wide = _wide(chosen)
    unit = chosen.attrs["units"]
    base = alt.Chart(wide).encode(x=alt.X("date:T", title=None))
    layers = [
        base.mark_area(opacity=strength).encode(y=alt.Y(f"['{low}']:Q", title=f"{measure} [{unit}]"), y2=f"['{high}']")
        for low, high, strength in BANDS
        if low in wide
    ]
    layers.append(base.mark_line().encode(y=alt.Y(f"{MIDDLE}:Q", title=f"{measure} [{unit}]")))
    return alt.layer(*layers).properties(title=f"{commodity} {region} {sector}".strip())


def _wide(chosen: xr.DataArray) -> pd.DataFrame:
    """Values by week, one column per quantile; weeks without values are left out."""
    import pandas as pd

    path = chosen.mean([name for name in chosen.dims if name not in ("week", "quantile")]).dropna("week", how="all")
    lines = path.expand_dims(quantile=["0.5"]) if "quantile" not in path.dims else path
    columns = {MIDDLE if label == "0.5" else label: lines.sel(quantile=label).to_numpy() for label in lines["quantile"].to_numpy()}
    return pd.DataFrame({"date": lines["week"].to_numpy()} | columns)
