"""Fan chart of a run's series for notebooks, as an altair chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import DataGapError

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

BANDS = (("0.05", "0.95", 0.2), ("0.25", "0.75", 0.35))
"""Lower and upper quantile of each band, and its opacity."""


def series_fan(series: pd.DataFrame, measure: str, commodity: str = "", region: str = "", sector: str = "") -> alt.LayerChart:
    """Median with 50 % and 90 % bands of a measure over time, or one line for a single run.

    Parameters
    ----------
    series : DataFrame
        Tidy series of a run.
    measure : str
        What is shown, such as ``price``.
    commodity, region, sector : str
        Selection of rows; an empty one selects all.

    Raises
    ------
    DataGapError
        If the run has no such series.
    """
    import altair as alt

    rows = series[series["measure"] == measure]
    for column, value in (("commodity", commodity), ("destination", region), ("sector", sector)):
        if value:
            rows = rows[rows[column] == value]
    if rows.empty:
        raise DataGapError(f"the run has no {measure} of '{commodity}' in '{region}' {sector}".rstrip())
    wide = rows.pivot_table(index="date", columns="quantile", values="value").reset_index()
    title = f"{measure} [{rows['unit'].iloc[0]}]"
    base = alt.Chart(wide).encode(x=alt.X("date:T", title=None))
    layers = [
        base.mark_area(opacity=opacity).encode(y=alt.Y(f"['{low}']:Q", title=title), y2=f"['{high}']")
        for low, high, opacity in BANDS
        if low in wide
    ]
    middle = wide.rename(columns={"0.5" if "0.5" in wide else "": "middle"})
    layers.append(alt.Chart(middle).mark_line().encode(x="date:T", y=alt.Y("middle:Q", title=title)))
    return alt.layer(*layers).properties(title=f"{commodity} {region} {sector}".strip())
