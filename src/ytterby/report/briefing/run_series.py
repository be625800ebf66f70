"""Any weekly variable of a run from the view of an importer: at its markets, of what arrives from where, of what sectors lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.briefing.briefing_input import BANDS
from ytterby.report.briefing.common import run_ref
from ytterby.report.briefing.outlook import fans_of
from ytterby.report.charts import ACCENT, ALARM, Fan

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr

    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Chart

SERIES = {
    "price": "axis.usd_kg",
    "production": "axis.t_week",
    "consumption": "axis.t_week",
    "shortfall": "axis.t_week",
    "stock": "axis.t",
    "cover_days": "axis.days",
    "flow": "axis.t_week",
    "value_added_lost": "axis.usd_million_week",
}
"""Weekly variables that may be asked for, each with its unit."""
BY_SECTOR = ("value_added_lost",)
"""Variables of sectors, for which no good is chosen."""
INKS = (ACCENT, ALARM, "#006d56", "#8c4a86")
"""Colours of the lines; so many are shown, the largest first."""
MILLION = 1e6


def series(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, measure: str, commodity: str) -> Chart | None:
    """Fans of a weekly variable in the importer's regions; None where the run has none."""
    words = writer.words
    find = {"flow": _arrivals, "value_added_lost": _sectors}.get(measure, _markets)
    fans = tuple(find(inputs, writer, run, measure, commodity))
    if not fans:
        return None
    what, good = words.plain(f"measures.{measure}"), "" if measure in BY_SECTOR else words.commodity(commodity)
    within = words.within(inputs.importer)
    told = words.plain("run.series", measure=what, commodity=good, within=within) if good else f"{what}, {words.region(inputs.importer)}"
    ref = run_ref(writer, run, f"series:{measure}:{good}:{inputs.importer}", told)
    only = fans[0].name if measure == "flow" and len(fans) == 1 else ""  # one line has no legend that names where it comes from
    title = words.plain("list.aside", name=what, aside=words.joined(part for part in (good, only) if part) or words.region(inputs.importer))
    return fans_of(inputs, writer, run, fans, title, words.plain(SERIES[measure]), f"series-{measure}-{commodity}", ref)


def _markets(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, measure: str, commodity: str) -> Iterable[Fan]:
    """Of the importer's own markets."""
    found = (
        run.fan(measure, commodity, code, writer.words.region(code), ink) for code, ink in zip(sorted(inputs.regions), INKS, strict=False)
    )
    return (fan for fan in found if fan)


def _arrivals(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, measure: str, commodity: str) -> Iterable[Fan]:
    """Of shipments of the good that reach the importer from elsewhere, by the place that they leave."""
    words, pairs = writer.words, {}
    for label in map(str, run.dataset["link"].to_numpy()) if measure in run.dataset else ():
        (good, origin), (reached, place) = (end.split("@") for end in label.split(">"))
        if good == reached == commodity and place in inputs.regions and origin not in inputs.regions:
            pairs[label] = words.region(origin) if len(inputs.regions) == 1 else f"{words.region(origin)} \u2192 {words.region(place)}"
    return _largest(run.dataset[measure].sel(link=list(pairs)), pairs, 1.0) if pairs else ()


def _sectors(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, measure: str, commodity: str) -> Iterable[Fan]:  # noqa: ARG001
    """Of what the importer's sectors lose [USD million a week]."""
    words, names = writer.words, {}
    for label in map(str, run.dataset["sector"].to_numpy()) if measure in run.dataset else ():
        sector, _, place = label.partition("@")
        if place in inputs.regions:
            aside = words.plain("list.aside", name=words.sector(sector), aside=words.region(place))
            names[label] = words.sector(sector) if len(inputs.regions) == 1 else aside
    return _largest(run.dataset[measure].sel(sector=list(names)), names, MILLION) if names else ()


def _largest(found: xr.DataArray, names: dict[str, str], unit: float) -> Iterable[Fan]:
    """Fans of the lines with the largest sums over time."""
    last = found.dims[-1]
    middle = found.sel(quantile="0.5") if "quantile" in found.dims else found
    sums = middle.fillna(0.0).sum("week")
    order = [str(label) for label in sums[last].to_numpy()[sums.to_numpy().argsort()[::-1]] if float(sums.sel({last: label})) > 0.0]
    for label, ink in zip(order, INKS, strict=False):
        path = found.sel({last: label}).dropna("week", how="all") / unit
        lines = (path.sel(quantile=f"{level:g}") if "quantile" in path.dims else path for level in BANDS)
        low90, low50, median, high50, high90 = (tuple(line.to_numpy().tolist()) for line in lines)
        yield Fan(names[label], ink, tuple(path["week"].dt.date.to_numpy()), low90, low50, median, high50, high90)
