"""Terminal output of the summary of a run, and of the difference of two runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.cli.numbers import NOTHING, amount, money, significant
from ytterby.cli.words import country, declared_in, drawn_input, good, sector

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ytterby.app import CompareResult
    from ytterby.cli.tables import TextTable
    from ytterby.ensembles import PlaceLoss, RunSummary, SobolIndices

TOP = 10
NUMBERS = (
    "unserved", "priced out", "from stocks", "worst week", "median", "low", "high", "job-years", "rho", "in draws", "draws", "p",
    "lost (median)", "stops in", "first loss", "second loss", "difference", "days later", "price", "times base", "base", "inside then",
    "inside base",
)  # fmt: skip
"""Columns of numbers, which are set flush right."""
LEAST_PROBABILITY = 0.1
"""Sectors that stop in a smaller share of the draws are counted, not listed [1]."""
LEAST_LACK = 0.005
"""A worst week in which a smaller share of the base use is lacking is no shortage that anybody would notice [1]."""
LEAST_LOSS = 5e4
"""Losses below are not told apart from none [USD]."""
LEAST_TAIL = 1e6
"""A loss of nil is told where the high end of its range reaches this [USD]."""
LEAST_JOBS = 0.5
"""Fewer are told as less than one [person-years]."""
LAST_WEEKS = 4
"""Weeks before the end of a run in which a worst week means that the shortage may still be rising."""
APART = "each on the draws that take it, so they differ by more than the decision; the briefing compares them on the same draws"
"""What is said of branches as drawn."""
HALF = 0.5
"""Share of draws from which a sector counts among those that stop."""


def show(summary: RunSummary) -> None:
    """Print tables of first stops, shortfalls, losses and drivers."""
    from ytterby.cli.tables import plain_console

    console = plain_console()
    console.print(f"[bold]{summary.title['en']}[/bold] ({summary.scenario}, {summary.weeks} weeks from {summary.start})")
    central = summary.draws == 1
    console.print("central run" if central else f"{summary.draws} draws, seed {summary.seed}; band 5-95 %: {summary.band}")
    for table in _tables(summary, central=central):
        console.print(table)
    console.print(_totals(summary), highlight=False)
    console.print(f"as of {summary.as_of}; run folder {summary.run}; {summary.seconds:.1f} s", highlight=False)
    for warning in summary.warnings:
        console.print(f"warning: {warning}", style="yellow", highlight=False)


def _totals(summary: RunSummary) -> str:
    """Loss of the places that have a total, with the share that rests on scaled value added; by branch where it hangs on a decision."""
    by_branch = [
        f"{each.label} ({each.p:.0%}): {_told(each.headline) or 'no draw takes it'}" for each in summary.branches if each.fork == 0
    ]
    told = f"; by what is decided ({APART}):\n  " + "\n  ".join(by_branch) if by_branch else f": {_told(summary.headline)}"
    return f"value added lost{told}\nscaled: share of it in sectors whose value added is scaled from totals for want of a figure"


def _told(headline: Mapping[str, PlaceLoss]) -> str:
    """Losses of all and of the places in focus; of all only where enough rests on figures."""
    from ytterby.ensembles import FOCUS, MAX_SCALED

    found = {name: headline[name] for name in ("all", *FOCUS) if name in headline}
    places = [(name, row) for name, row in found.items() if row.scaled_share <= MAX_SCALED or name != "all"]
    return "; ".join(
        f"{country(name)} {money(row.value_added_usd)} USD (gross, without suppliers), "
        f"{money(row.net_usd)} net ({row.scaled_share:.0%} scaled)"
        for name, row in places
    )


def _tables(summary: RunSummary, *, central: bool) -> list[TextTable]:
    from ytterby.ensembles import FOCUS

    stops, short, prices, loss = _stops(summary, central=central), _short(summary), _prices(summary), _losses(summary)
    forks = table_of("By what is decided", ["branch", "p", "draws", "place", "lost (median)", "low", "high", "stops in"])
    for branch in summary.branches:
        for code in FOCUS:
            if lost_there := branch.headline.get(code):
                amounts = [money(value) for value in (lost_there.value_added_usd, lost_there.low, lost_there.high)]
                forks.add_row(branch.label, f"{branch.p:.0%}", str(branch.draws), country(code), *amounts, f"{branch.stops[code]:.0%}")
    tables = [table for table in (stops, short, prices, loss, forks) if table.row_count or table.caption]
    if summary.drivers:
        table = table_of("What matters most (rank correlation with the loss)", ["input", "rho", "kind"])
        named = drawn_input(declared_in(Path(summary.run)))
        for driver in summary.drivers:
            if driver.beyond_chance:
                table.add_row(named(driver.input), f"{driver.rho:+.2f}", driver.kind)
        if not table.row_count:
            table.add_row("none beyond chance in so few draws", "", "")
        tables.append(table)
    if summary.sobol:
        tables.append(_sobol_table(summary.sobol, drawn_input(declared_in(Path(summary.run)))))
    return tables


def _stops(summary: RunSummary, *, central: bool) -> TextTable:
    """Sectors that stop in a tenth of the draws or more; the others are counted below."""
    table = table_of("What stops first (5 % of a sector's output)", ["sector", "country", "date", "5-95 %", "in draws", "input"])
    likely = [stop for stop in summary.first_stops if stop.probability >= LEAST_PROBABILITY]
    for stop in likely[:TOP]:
        band = "" if central or not stop.date_low else f"{stop.date_low} to {stop.date_high or 'never'}"
        table.add_row(sector(stop.sector), country(stop.country), stop.date or "-", band, f"{stop.probability:.0%}", good(stop.input))
    often = sum(stop.probability >= HALF for stop in summary.first_stops)
    rare = f", {len(likely)} in a tenth or more" if len(likely) < len(summary.first_stops) else ""
    left_out = "; those of less than a tenth are not listed" if rare else ""
    if len(summary.first_stops) > table.row_count:
        table.caption = f"{often} sectors in half of the draws or more{rare}, {len(summary.first_stops)} in some draw{left_out}"
    return table


def _short(summary: RunSummary) -> TextTable:
    """What no longer reaches users: the inputs of the stops that are shown, then in the order of the summary."""
    columns = ["commodity", "region", "unserved", "priced out", "from stocks", "worst week", "5 % since", "recovered"]
    table = table_of("Supply missing to final users (t; worst week: all three, of base use)", columns)
    named = {(stop.input, stop.country) for stop in summary.first_stops[:TOP]}
    missing = [row for row in summary.shortfall if row.worst_lack >= LEAST_LACK]
    shown = sorted(missing, key=lambda row: (row.commodity, row.region) not in named)[:TOP]
    for row in shown:
        table.add_row(
            good(row.commodity),
            country(row.region) + (" (sum)" if row.sum_of_regions else ""),
            amount(row.total_t, row.total_t_low, row.total_t_high),
            amount(row.priced_out_t),
            amount(row.from_stock_t),
            f"{row.worst_lack:.0%}",
            row.lack_since or "-",
            row.recovered or "-",
        )
    rising = [row for row in shown if row.recovered is None and row.total_t > NOTHING and _at_the_end(row.worst_date, summary)]
    told = {f"{good(row.commodity)} ({country(row.region)})": None for row in rising}
    table.caption = f"worst in the last weeks, so that the shortage is still rising when the run ends: {', '.join(told)}" if told else ""
    if summary.shortfall and not missing:
        table.caption = f"no more than {LEAST_LACK:.1%} of the base use is lacking anywhere in any week (medians over the draws)"
    return table


def _at_the_end(monday: str | None, summary: RunSummary) -> bool:
    """Whether a week is one of the last of the run."""
    if monday is None or summary.weeks <= LAST_WEEKS:
        return False
    return dt.date.fromisoformat(monday) >= dt.date.fromisoformat(summary.start) + dt.timedelta(weeks=summary.weeks - LAST_WEEKS)


def _prices(summary: RunSummary) -> TextTable:
    """Highest prices outside, beside the price inside in the same week."""
    heads = ["commodity", "on", "outside", "base", "times base", "dearest", "there", "inside", "inside then", "inside base"]
    table = table_of("Highest prices outside, and inside in that week (USD/kg)", heads)
    for row in summary.peak_prices[:TOP]:
        table.add_row(
            good(row.commodity), row.week, significant(row.price), significant(row.base), f"{row.multiple:.1f}",
            country(row.place), "-" if row.price_place is None else significant(row.price_place), country(row.inside),
            significant(row.price_inside), significant(row.base_inside),
        )  # fmt: skip
    if table.row_count:
        medians = "; medians over the draws" if summary.draws > 1 else ""
        table.caption = (
            "outside: mean over all regions but the one inside, by their use; dearest: the one of Japan, the United States and the EU "
            "that pays most then. Buyers outside do not sell to each other in the model, so that regions part further than merchants would "
            f"allow{medians}"
        )
    return table


def _losses(summary: RunSummary) -> TextTable:
    """Losses of sectors, without those that are next to nil."""
    table = table_of("Value added lost (gross, without suppliers, USD)", ["country", "sector", "median", "low", "high", "job-years"])
    for row in [row for row in summary.losses if row.value_added_usd >= LEAST_LOSS or row.high >= LEAST_TAIL][:TOP]:
        jobs = "<1" if NOTHING < row.jobs < LEAST_JOBS else amount(row.jobs)
        table.add_row(country(row.country), sector(row.sector), money(row.value_added_usd), money(row.low), money(row.high), jobs)
    return table


def _sobol_table(found: SobolIndices, named: Callable[[str], str]) -> TextTable:
    """Table of Sobol indices with the half-width of their intervals."""
    title = f"Sobol indices of the loss ({found.runs} runs; +- {found.confidence:.0%} interval)"
    table = table_of(title, ["input", "alone", "with others"])
    for row in found.indices:
        alone = f"{row.first:.2f} +- {row.first_reach:.2f}"
        table.add_row(named(row.input), alone, f"{row.total:.2f} +- {row.total_reach:.2f}")
    return table


def table_of(title: str, columns: list[str]) -> TextTable:
    """Empty table with columns of these names."""
    from ytterby.cli.tables import TextTable

    return TextTable.of(title, columns, right=NUMBERS)


def show_difference(found: CompareResult) -> None:
    """Print the differences between the second run and the first."""
    from ytterby.cli.tables import plain_console
    from ytterby.ensembles import FOCUS

    console = plain_console()
    console.print(f"[bold]{found.scenarios[1]} against {found.scenarios[0]}[/bold]")
    if not found.same_base:
        console.print("the runs have different base systems: differences are due to both scenario and base", style="yellow")
    console.print(
        "value added lost (gross, without suppliers): "
        + ", ".join(f"{country(key)} {money(value)} USD" for key, value in found.headline.items() if key in ("all", *FOCUS)),
        highlight=False,
    )
    losses = table_of("Value added lost (gross, without suppliers, USD)", ["country", "sector", "first loss", "second loss", "difference"])
    for row in found.losses[:TOP]:
        losses.add_row(country(row.country), sector(row.sector), *map(money, (row.first, row.second, row.difference)))
    stops = table_of("Who stops first; days later after the start of its scenario", ["sector", "country", "first", "second", "days later"])
    for stop in [stop for stop in found.first_stops if stop.first or stop.second][:TOP]:
        later = "-" if stop.days_later is None else str(stop.days_later)
        stops.add_row(sector(stop.sector), country(stop.country), stop.first or "never", stop.second or "never", later)
    for table in (losses, stops):
        if table.row_count:
            console.print(table)
