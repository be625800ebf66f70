"""Terminal output of ``trade``, 80 columns wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.app import counted_from, told_jobs
from ytterby.cli.show_controls import columns, console
from ytterby.cli.tables import signed
from ytterby.report import FEW_DRAWS

if TYPE_CHECKING:
    from rich.console import Console

    from ytterby.economy.trade import TradeCheck, TradeParty, TradeResult

BILLION, PERCENT = 1e9, 100.0
HUNDRED = 100
MILLION = 1e6
TOO_LITTLE = 1e-9
"""Change of imports that is rounding."""
LEAST = 5e6
"""Customs value before and after [USD] below which goods are left out of the table."""
MOST_DECIMALS = 6
MOST_GOODS = 24
"""Rows of goods that are shown."""
TONNE = 0.05
"""Smallest mass that is shown [t]."""


def show(found: TradeResult) -> None:
    """Print parties, goods, steps, replay and what it rests on."""
    out = console()
    span = f"{found.year[0]} to {found.year[1]}"
    out.print(found.answer)
    out.print(f"\n[bold]{found.title}[/bold]: {found.horizon} horizon, {span} against {_against(found)}, other things equal")
    _parties(out, found)
    _groups(out, found)
    _steps(out, found)
    _branches(out, found)
    _replay(out, found)
    _minerals(out, found)
    _linked(out, found)
    _grounds(out, found)


def _bn(value: float | None) -> str:
    return "-" if value is None else signed(value / BILLION)


def _jobs(jobs: float | None, band: tuple[float, float] | None = None) -> str:
    return "-" if jobs is None else signed(told_jobs(jobs, band), 0)


def _band(party: TradeParty, name: str) -> str:
    ends = party.band.get(name)
    return "" if ends is None else f"{signed(ends[0] / BILLION)} to {signed(ends[1] / BILLION)}"


def _parties(out: Console, found: TradeResult) -> None:
    home, *_ = found.parties
    own = columns(("", 34), ("bn USD a year", 14), ("5 to 95 %", None))
    own.title = f"\n{home.name}, duties on all partners together, change against {_against(found)}, other things equal"
    paid = sum(row.revenue - row.base * row.duty_before for row in found.groups)
    own.add_row("duty revenue", _bn(home.revenue), _band(home, "revenue"))
    own.add_row(f"  of it on goods from {_named(found)}", _bn(paid), "")
    own.add_row("  on goods from all others", _bn(home.revenue - paid), "")
    for label, name in (
        ("households", "consumers"),
        ("using industries and investors", "users"),
        ("value added of home producers", "value_added"),
    ):
        own.add_row(label, _bn(getattr(home, name)), _band(home, name))
    out.print(own)
    _partners(out, found)


def _partners(out: Console, found: TradeResult) -> None:
    home, *partners = found.parties
    table = columns(("partner", 14), ("exports", 7), ("5 to 95 %", 16), ("price", 5), ("value added", 6), ("jobs", 8), ("balance", 11))
    table.title = f"\nPartners: change of their sales, of it by price, in bn USD; jobs with suppliers; {found.horizon} horizon"
    for row in [p for p in partners if p.party in found.named] + [p for p in partners if p.party not in found.named]:
        jobs = _jobs(row.jobs_with_suppliers, row.band.get("jobs_with_suppliers"))
        balance = f"{row.balance_before / BILLION:.0f} > {row.balance / BILLION:.0f}"
        table.add_row(row.name, _bn(row.exports), _band(row, "exports"), _bn(-row.price_loss), _bn(row.value_added), jobs, balance)
    sums = [sum(getattr(row, name) for row in partners) for name in ("exports", "price_loss")]
    table.add_row(
        "all partners", _bn(sums[0]), "", _bn(-sums[1]), "-", "-", f"{-home.balance_before / BILLION:.0f} > {-home.balance / BILLION:.0f}"
    )
    out.print(table)
    out.print(
        "Balance: imports for consumption at customs value less all exports of the United States to the partner, which stay. 'All others' "
        "are all countries without a row of their own; to them as a sum the United States sell more than they buy.",
        style="dim",
    )


def _groups(out: Console, found: TradeResult) -> None:
    table = columns(
        ("goods", 24), ("before", 6), ("duty, %", 11), ("export price, %", 9), ("volume, %", 7), ("change", 6), ("duty paid", 5)
    )
    shown = [row for row in found.groups if max(row.base, row.base + row.change) >= LEAST][:MOST_GOODS]
    table.title = f"\nGoods from {_named(found)}, in bn USD, largest change first" + _left_out(found, len(shown))
    for row in shown:
        table.add_row(
            row.name if len(found.named) == 1 else f"{row.name}, {row.partner}",
            f"{row.base / BILLION:.1f}",
            f"{PERCENT * row.duty_before:.1f} > {PERCENT * row.duty:.1f}",
            signed(PERCENT * (row.export_price - 1)),
            signed(PERCENT * (row.volume - 1)),
            _bn(row.change),
            f"{row.revenue / BILLION:.1f}",
        )
    out.print(table)


def _steps(out: Console, found: TradeResult) -> None:
    table = columns(("from", 11), ("cars, %", 8), ("all, %", 7), ("value added", 12), ("duty paid", 10), ("buyers", 8), ("jobs", None))
    table.title = f"\nWhat each step costs a year: goods of {_named(found)} only, in bn USD; jobs with suppliers; {found.horizon} horizon"
    for row in found.steps:
        cars = f"{PERCENT * row.duty['cars']:.1f}" if "cars" in row.duty else "-"
        table.add_row(
            row.start, cars, f"{PERCENT * row.mean:.1f}", _bn(row.value_added), _bn(row.revenue), _bn(-row.buyers), _jobs(row.jobs)
        )
    out.print(table)


def _branches(out: Console, found: TradeResult) -> None:
    if len(found.branches) == 1:
        return
    table = columns(("at the end", 44), ("p", 5), ("duty, %", 8), ("value added", None))
    table.title = "\nAfter the fork"
    for row in found.branches:
        table.add_row(row.label, f"{row.p:.2f}", f"{PERCENT * row.duty:.1f}", _bn(row.value_added))
    out.print(table)


def _replay(out: Console, found: TradeResult) -> None:
    if not found.replay:
        return
    table = columns(("figure", 7), ("what", 24), ("published", 9), ("ours", 5), ("5 to 95 %", 14), ("rule", 4), ("in band", 4))
    table.title = "\nReplay of 2025; estimates for the whole economy are compared only (-)"
    for row in found.replay:
        what = row.what.partition("; ")[2] or row.what
        table.add_row(
            row.target,
            f"{what}, {row.unit}",
            short(row.published),
            short(row.model),
            f"{short(row.low)} to {short(row.high)}",
            "sign" if row.hit is False and not row.direction else mark(row.hit),
            mark(band_of(row.hit, row.in_band)),
        )
    out.print(table)
    if (score := found.replay_score) is not None:
        out.print(
            f"Within the rule of a hit ({score.rule}): {score.within_rule} of {score.of}. Published value inside our 5 to 95 %: "
            f"{score.in_band} of {score.of}. {counted(score.unseen)}"
        )
        wrong = [row.target for row in found.replay if row.hit is False and not row.direction]
        if wrong:
            out.print(f"'sign': ours has the wrong sign, which is counted as not met whatever the size: {', '.join(wrong)}.")


def mark(met: bool | None) -> str:
    """Yes or no; a dash for rows that are only compared."""
    return "-" if met is None else "yes" if met else "no"


def band_of(hit: bool | None, in_band: bool) -> bool | None:
    """Whether a row lies in the band; none for rows that are only compared."""
    return None if hit is None else in_band


def counted(unseen: int) -> str:
    """Sentence on how many rows count as a test."""
    return f"{unseen} rows count as a test." if unseen else "None counts as a test: all were known before the pass-through was chosen."


def short(value: float) -> str:
    """A number in few letters: whole from 100 on, else two or one decimals."""
    return f"{value:,.0f}" if abs(value) >= HUNDRED else f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"


def state_of(check: TradeCheck) -> str:
    """Whether our sum is in the published range; by how much it differs where none is published."""
    if check.low == check.high:
        return f"{PERCENT * (check.shipped / check.published - 1):+.1f} %"
    return "within" if check.inside else "outside"


def check_numbers(check: TradeCheck) -> str:
    """Our sum beside the published one and its range, with as many decimals as tell our sum from the ends of the range."""
    ends = (check.low, check.high)
    digits = next((n for n in range(1, MOST_DECIMALS) if all(_told(check.shipped, end, n) for end in ends)), MOST_DECIMALS)
    span = "no range" if check.low == check.high else f"{check.low:.{digits}f} to {check.high:.{digits}f}"
    return f"{check.shipped:.{digits}f} bn USD here, published {check.published:.{digits}f} ({span})"


def _told(one: float, other: float, digits: int) -> bool:
    """Whether two numbers differ as they are printed, or not at all."""
    return one == other or f"{one:.{digits}f}" != f"{other:.{digits}f}"


def _against(found: TradeResult) -> str:
    return counted_from(found.against)


def _named(found: TradeResult) -> str:
    return ", ".join(found.named)


def _left_out(found: TradeResult, shown: int) -> str:
    left = len(found.groups) - shown
    return f"; {left} smaller rows left out" if left else ""


def _minerals(out: Console, found: TradeResult) -> None:
    if not found.minerals:
        return
    table = columns(
        ("imports of", 10), ("stage", 7), ("duty, %", 12), ("M USD before", 8), ("after", 8), ("China's share", 16), ("duty known", 6)
    )
    table.title = "\nOxides, metals and magnets at the end; regions whose imports do not change are left out"
    for row in found.minerals:
        if abs(row.imports_after - row.imports_before) < TOO_LITTLE * row.imports_before:
            continue
        table.add_row(
            row.region,
            row.stage,
            f"{PERCENT * row.duty_before:.2f} > {PERCENT * row.duty_after:.2f}",
            f"{row.imports_before / MILLION:.1f}",
            f"{row.imports_after / MILLION:.1f}",
            f"{row.share_before:.3f} > {row.share_after:.3f}",
            "yes" if row.duty_known else "no",
        )
    out.print(table)
    known = ", ".join(sorted({f"{row.region} ({row.stage})" for row in found.minerals if row.duty_known}))
    more = sum(row.imports_after_high - row.imports_before for row in found.minerals if not row.duty_known) / MILLION
    out.print(
        f"Duties are known of {known}; the others are taken as nil. Had they been the highest known and fallen to nil, imports there would "
        f"change by {more:+.1f} M USD in all.",
        style="dim",
    )


def _linked(out: Console, found: TradeResult) -> None:
    table = columns(("linked", 26), ("party", 6), ("bn USD", 8), ("t a year", 16), ("share", None))
    table.title = "\nSectors that talks link to duties; what no fact fills is left out"
    for row in found.linked:
        money = row.investment if row.investment is not None else row.balance
        tonnes = " ".join(f"{element} {mass:.1f}" for element, mass in row.demand.items() if mass >= TONNE)
        share = "" if row.share_before is None else f"{row.share_of} {PERCENT * row.share_before:.0f} %"
        if money is None and not tonnes and not share:
            continue
        table.add_row(row.name, row.party, "" if money is None else f"{money / BILLION:.1f}", tonnes, share)
    out.print(table)


def _grounds(out: Console, found: TradeResult) -> None:
    shares = ", ".join(f"{name.replace('_', ' ')} {PERCENT * share:.0f} %" for name, share in found.recalled.items())
    out.print(f"\nFrom memory (assumed): {shares}.", style="dim")
    for check in found.checks:
        state = state_of(check)
        out.print(
            f"{check.fact}: {check.what}: {check_numbers(check)}: {state}",
            style="dim",
        )
    if 0 < found.draws < FEW_DRAWS:
        out.print(f"Only {found.draws} draws: the bands are rough.", style="dim")
    out.print(f"Not in it: {'; '.join(found.not_in_it)}.", style="dim")
    out.print(found.grounds + (f" {found.user}." if found.user else ""), style="dim")
