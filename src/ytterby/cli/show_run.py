"""How a run's summary looks on a terminal."""

from __future__ import annotations

from typing import Any

TOP = 10


def money(usd: float) -> str:
    """Money with the digits that a reader needs: 1.2 bn, 340 m, 12 m."""
    for scale, word in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if abs(usd) >= scale:
            value = usd / scale
            return f"{value:.0f} {word}" if abs(value) >= 10 else f"{value:.1f} {word}"
    return f"{usd:,.0f}"


def show(summary: dict[str, Any]) -> None:
    """Print tables of first stops, shortfalls, losses and drivers."""
    from rich.console import Console

    console = Console()
    console.print(f"[bold]{summary['title']['en']}[/bold] ({summary['scenario']}, {summary['weeks']} weeks from {summary['start']})")
    central = summary["draws"] == 1
    console.print("central run" if central else f"{summary['draws']} draws, seed {summary['seed']}; band 5-95 %: {summary['band']}")
    for table in _tables(summary, central=central):
        console.print(table)
    console.print(f"as of {summary['as_of']}; run folder {summary['run']}; {summary['seconds']:.1f} s", highlight=False)
    for warning in summary["warnings"]:
        console.print(f"warning: {warning}", style="yellow", highlight=False)


def _tables(summary: dict[str, Any], *, central: bool) -> list[Any]:
    stops = table_of("Who stops first (5 % of firms)", ["sector", "country", "date", "5-95 %", "in draws", "input"])
    for row in summary["first_stops"][:TOP]:
        band = "" if central else f"{row['date_low'] or '-'} to {row['date_high'] or 'never'}"
        stops.add_row(row["sector"], row["country"], row["date"] or "-", band, f"{row['probability']:.0%}", row["input"] or "")
    short = table_of("Shortfall of final use", ["commodity", "region", "tonnes", "worst week", "on", "recovered"])
    for row in summary["shortfall"][:TOP]:
        short.add_row(
            row["commodity"],
            row["region"] + (" (sum)" if row.get("sum_of_regions") else ""),
            f"{row['total_t']:,.3g}",
            f"{row['worst_share']:.0%}",
            row["worst_date"] or "-",
            row["recovered"] or "-",
        )
    loss = table_of("Value added lost (gross, USD)", ["country", "sector", "median", "low", "high", "job-years"])
    for row in summary["losses"][:TOP]:
        loss.add_row(
            row["country"], row["sector"], money(row["value_added_usd"]), money(row["low"]), money(row["high"]), f"{row['jobs']:,.0f}"
        )
    tables = [table for table in (stops, short, loss) if table.row_count]
    if summary["drivers"]:
        table = table_of("What matters most (rank correlation with the loss)", ["input", "rho", "kind"])
        for row in summary["drivers"]:
            if row.get("beyond_chance", True):  # runs of older versions do not tell
                table.add_row(row["input"], f"{row['rho']:+.2f}", row["kind"])
        if not table.row_count:
            table.add_row("none beyond chance in so few draws", "", "")
        tables.append(table)
    if "sobol" in summary:
        tables.append(_sobol_table(summary["sobol"]))
    return tables


def _sobol_table(found: dict[str, Any]) -> Any:
    """Sobol indices with half the width of their intervals."""
    title = f"Sobol indices of the loss ({found['runs']} runs; +- {found['confidence']:.0%} interval)"
    table = table_of(title, ["input", "alone", "with others"])
    for row in found["indices"]:
        alone = f"{row['first']:.2f} +- {row['first_reach']:.2f}"
        table.add_row(row["input"], alone, f"{row['total']:.2f} +- {row['total_reach']:.2f}")
    return table


def table_of(title: str, columns: list[str]) -> Any:
    """Give an empty table with columns of these names."""
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in columns:
        table.add_column(
            name,
            no_wrap=True,
            justify="right" if name in {"tonnes", "worst week", "median", "low", "high", "job-years", "rho", "in draws"} else "left",
        )
    return table


def show_difference(found: dict[str, Any]) -> None:
    """Print what the second run has more or less."""
    from rich.console import Console

    console = Console()
    console.print(f"[bold]{found['scenarios'][1]} against {found['scenarios'][0]}[/bold]")
    if not found["same_base"]:
        console.print("the runs stand on different base systems: differences mix scenario and base", style="yellow")
    console.print(
        "value added lost: " + ", ".join(f"{key} {money(value)} USD" for key, value in found["headline"].items()), highlight=False
    )
    losses = table_of("Value added lost (gross, USD)", ["country", "sector", "low", "high", "median"])
    losses.columns[2].header, losses.columns[3].header, losses.columns[4].header = "first", "second", "difference"
    for row in found["losses"][:TOP]:
        losses.add_row(row["country"], row["sector"], *(money(row[key]) for key in ("first", "second", "difference")))
    stops = table_of("Who stops first", ["sector", "country", "first", "second", "days after start, difference"])
    for row in found["first_stops"][:TOP]:
        stops.add_row(
            row["sector"],
            row["country"],
            row["first"] or "never",
            row["second"] or "never",
            str(row["days_later"] if row["days_later"] is not None else "-"),
        )
    for table in (losses, stops):
        if table.row_count:
            console.print(table)
