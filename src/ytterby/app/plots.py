"""Fan charts of a run's series in altair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import DataGapError

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

BANDS = (("0.05", "0.95", 0.2), ("0.25", "0.75", 0.35))


def fan(series: pd.DataFrame, measure: str, commodity: str = "", region: str = "", sector: str = "") -> alt.LayerChart:
    """Median with 50 % and 90 % bands, or one line for a single run.

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
    unit = rows["unit"].iloc[0]
    base = alt.Chart(wide).encode(x=alt.X("date:T", title=None))
    layers = [
        base.mark_area(opacity=strength).encode(y=alt.Y(f"['{low}']:Q", title=f"{measure} [{unit}]"), y2=f"['{high}']")
        for low, high, strength in BANDS
        if low in wide
    ]
    middle = "0.5" if "0.5" in wide else ""
    renamed = wide.rename(columns={middle: "middle"})
    layers.append(alt.Chart(renamed).mark_line().encode(x="date:T", y=alt.Y("middle:Q", title=f"{measure} [{unit}]")))
    return alt.layer(*[layer.encode() for layer in layers]).properties(title=f"{commodity} {region} {sector}".strip())
