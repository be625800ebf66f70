"""Terminal output of the summary of a run, and of the difference of two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.numbers import NOTHING, amount, money

if TYPE_CHECKING:
    from ytterby.app import CompareResult
    from ytterby.cli.tables import TextTable
    from ytterby.ensembles import RunSummary, SobolIndices

TOP = 10
NUMBERS = (
    "unserved", "priced out", "from stocks", "worst week", "median", "low", "high", "job-years", "rho",
    "in draws", "draws", "p", "lost (median)", "stops in", "first loss", "second loss", "difference", "days later",
)  # fmt: skip
"""Columns of numbers, which are set flush right."""
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
    """Loss of the places that have a total, with the share that rests on scaled value added."""
    from ytterby.ensembles import FOCUS, MAX_SCALED

    found = {name: summary.headline[name] for name in ("all", *FOCUS) if name in summary.headline}
    places = [(name, row) for name, row in found.items() if row.scaled_share <= MAX_SCALED or name != "all"]
    told = [
        f"{name} {money(row.value_added_usd)} USD gross, {money(row.net_usd)} net ({row.scaled_share:.0%} scaled)" for name, row in places
    ]
    return "value added lost: " + "; ".join(told)


def _tables(summary: RunSummary, *, central: bool) -> list[TextTable]:
    from ytterby.ensembles import FOCUS

    stops = table_of("What stops first (5 % of a sector's output)", ["sector", "country", "date", "5-95 %", "in draws", "input"])
    for stop in summary.first_stops[:TOP]:
        band = "" if central or not stop.date_low else f"{stop.date_low} to {stop.date_high or 'never'}"
        stops.add_row(stop.sector, stop.country, stop.date or "-", band, f"{stop.probability:.0%}", stop.input or "")
    short = _short_table(summary)
    loss = table_of("Value added lost (gross, USD)", ["country", "sector", "median", "low", "high", "job-years"])
    for lost in summary.losses[:TOP]:
        loss.add_row(lost.country, lost.sector, money(lost.value_added_usd), money(lost.low), money(lost.high), amount(lost.jobs))
    often = sum(stop.probability >= HALF for stop in summary.first_stops)
    if len(summary.first_stops) > TOP:
        stops.caption = f"{often} sectors in half of the draws or more, {len(summary.first_stops)} in some draw"
    forks = table_of("By what is decided", ["branch", "p", "draws", "place", "lost (median)", "low", "high", "stops in"])
    for branch in summary.branches:
        for place in FOCUS:
            if lost_there := branch.headline.get(place):
                amounts = [money(value) for value in (lost_there.value_added_usd, lost_there.low, lost_there.high)]
                forks.add_row(branch.label, f"{branch.p:.0%}", str(branch.draws), place, *amounts, f"{branch.stops[place]:.0%}")
    tables = [table for table in (stops, short, loss, forks) if table.row_count]
    if summary.drivers:
        table = table_of("What matters most (rank correlation with the loss)", ["input", "rho", "kind"])
        for driver in summary.drivers:
            if driver.beyond_chance:
                table.add_row(driver.input, f"{driver.rho:+.2f}", driver.kind)
        if not table.row_count:
            table.add_row("none beyond chance in so few draws", "", "")
        tables.append(table)
    if summary.sobol:
        tables.append(_sobol_table(summary.sobol))
    return tables


def _short_table(summary: RunSummary) -> TextTable:
    """What no longer reaches users: the inputs of the stops that are shown, then in the order of the summary."""
    columns = ["commodity", "region", "unserved", "priced out", "from stocks", "worst week", "5 % since", "recovered"]
    short = table_of("Supply missing to final users (t; worst week: all three, of base use)", columns)
    named = {(stop.input, stop.country) for stop in summary.first_stops[:TOP]}
    missing = [row for row in summary.shortfall if row.total_t + row.priced_out_t + row.from_stock_t > NOTHING]
    for row in sorted(missing, key=lambda row: (row.commodity, row.region) not in named)[:TOP]:
        short.add_row(
            row.commodity,
            row.region + (" (sum)" if row.sum_of_regions else ""),
            amount(row.total_t, row.total_t_low, row.total_t_high),
            amount(row.priced_out_t),
            amount(row.from_stock_t),
            f"{row.worst_lack:.0%}",
            row.lack_since or "-",
            row.recovered or "-",
        )
    return short


def _sobol_table(found: SobolIndices) -> TextTable:
    """Table of Sobol indices with the half-width of their intervals."""
    title = f"Sobol indices of the loss ({found.runs} runs; +- {found.confidence:.0%} interval)"
    table = table_of(title, ["input", "alone", "with others"])
    for row in found.indices:
        alone = f"{row.first:.2f} +- {row.first_reach:.2f}"
        table.add_row(row.input, alone, f"{row.total:.2f} +- {row.total_reach:.2f}")
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
        "value added lost: " + ", ".join(f"{key} {money(value)} USD" for key, value in found.headline.items() if key in ("all", *FOCUS)),
        highlight=False,
    )
    losses = table_of("Value added lost (gross, USD)", ["country", "sector", "first loss", "second loss", "difference"])
    for row in found.losses[:TOP]:
        losses.add_row(row.country, row.sector, *map(money, (row.first, row.second, row.difference)))
    stops = table_of("Who stops first; days later after the start of its scenario", ["sector", "country", "first", "second", "days later"])
    for stop in [stop for stop in found.first_stops if stop.first or stop.second][:TOP]:
        later = "-" if stop.days_later is None else str(stop.days_later)
        stops.add_row(stop.sector, stop.country, stop.first or "never", stop.second or "never", later)
    for table in (losses, stops):
        if table.row_count:
            console.print(table)
