"""Tables of a plan at the terminal, 80 columns wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.plan_amounts import LEAST_SHOWN, billions
from ytterby.cli.tables import TextTable
from ytterby.cli.words import good, sector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.plan import FundedRow, PlanResult, PortfolioRow

WHY = {
    "before anything opens": "comes before anything opens",
    "no measure": "no measure reaches the input",
    "components": "comes built into components",
    "used up": "all that can be had is bought",
    "budget": "the budget is spent",
    "cost": "would cost more than it saves",
}
STANDING = {
    "taken": "taken: {share:.0%} of its share",
    "running": "runs or is being built",
    "alone": "pays by itself{fall}",
    "as_good": "neither gains nor loses here",
    "dearer": "costs {dear:.0%} too much",
    "never": "not even for nothing",
    "limit": "a limit keeps it out",
    "no_feed": "nobody sells its feed",
    "no_share": "bound to others",
    "too_late": "opens too late",
    "way_to_pay": "a way to pay, no plant",
}
"""What keeps a funded project in a plan or out of it."""
MAX_ROWS, MAX_PAID = 12, 6


def tables(found: PlanResult) -> Iterator[TextTable]:
    """All tables of a plan that have something to show."""
    if found.targets:
        yield target_table(found)
    if found.portfolio:
        yield _portfolio(found)
    if found.curve:
        yield _curve(found)
    if found.near:
        yield _near(found)
    if found.funded:
        yield _funded(found)
    if found.residual:
        yield _residual(found)
    if found.flip:
        yield _flip(found)
    if found.compared_with:
        yield _compared(found)


def _portfolio(found: PlanResult) -> TextTable:
    table = TextTable.of("What to pay for, largest first", ["measure", "who", "from", "size", "public bn", "worth bn"], left=3)
    for row in found.portfolio[:MAX_ROWS]:
        start = str(row.usable_from) if row.usable_from else "-"
        table.add_row(row.name, row.party, start, size(row), billions(row.public_usd), billions(row.avoids_usd))
    more = len(found.portfolio) - MAX_ROWS
    table.caption = (
        "from: first year of use; public: grant, running support or purchase; "
        "worth: what leaving this one out would cost, net of its own cost."
    ) + (f" {more} more in --json." if more > 0 else "")
    return table


def size(row: PortfolioRow) -> str:
    """How much of a measure is taken: tonnes of a stock, share of a whole plant's capacity, share of a programme."""
    if row.kind == "stockpile":
        return f"{row.size:,.0f} t" if row.size >= 1.0 else f"{row.size:.1g} t"
    return f"{row.share:.0%}" if row.of_plant is None else f"{row.of_plant:.0%} of plant"


def _curve(found: PlanResult) -> TextTable:
    table = TextTable.of("What each budget buys [bn USD]", ["budget", "spent", "gain", "added", "loss left", "worst tenth"], left=0)
    before = 0.0
    for row in found.curve:
        amounts = (row.budget, row.public_usd, row.gain, row.gain - before, row.expected_loss, row.cvar)
        table.add_row(*(billions(value) for value in amounts))
        before = row.gain
    table.caption = "added: gain beyond that of the budget before."
    return table


def _near(found: PlanResult) -> TextTable:
    near = found.near
    assert near is not None
    title = f"Plans within {near.slack:.0%} of the gain: least and most public money by group [bn USD]"
    table = TextTable.of(title, ["group", "least", "most", "this plan"], left=1)
    for row in (*near.groups, near.total):
        table.add_row(row.group, *(billions(value) for value in (row.low, row.high, row.chosen)))
    must = ", ".join(near.must_have) or "none"
    table.caption = f"In every such plan: {must}. What more money buys beyond this plan are dearer ways to about the same gain."
    return table


def _residual(found: PlanResult) -> TextTable:
    table = TextTable.of(
        "What stays, and why [bn USD]", ["sector", "who", "scarcest input", "left", "before", "why"], right=("left", "before")
    )
    shown = [row for row in found.residual if row.loss_usd >= LEAST_SHOWN] or list(found.residual[:1])
    for row in shown[:MAX_ROWS]:
        table.add_row(sector(row.sector), row.party, good(row.input), billions(row.loss_usd), billions(row.before_usd), WHY[row.why])
    return table


def _flip(found: PlanResult) -> TextTable:
    table = TextTable.of("What would change it [bn USD]", ["input", "at", "gain", "regret", "first choice"], right=("gain", "regret"))
    for row in found.flip:
        mark = " (another)" if row.changes else ""
        table.add_row(
            row.input, f"{row.value:.3g} {row.unit}".strip(), billions(row.gain_usd), billions(row.regret_usd), row.first_choice + mark
        )
    table.caption = "regret: gain lost there by keeping this plan; first choice: the group without which most would be lost."
    return table


def _compared(found: PlanResult) -> TextTable:
    """What governments put up for the same purpose."""
    table = TextTable.of("What was committed before, beside this plan", ["who", "what", "when", "recorded", "this plan"], left=3)
    for row in found.compared_with:
        what = f"{row.what} ({row.covers})" if row.covers else row.what
        amounts = (f"{value:,.0f} t" if row.unit == "t" else f"{billions(value)} bn" for value in (row.recorded, row.plan))
        table.add_row(row.party, what + (", recalled" if row.recalled else ""), row.period, *amounts)
    table.caption = "bn USD at the rate of the year; nothing is fitted to these."
    return table


def _funded(found: PlanResult) -> TextTable:
    """What governments have really funded, and why the plan does so or not."""
    title = "What governments have really funded, and why the plan takes it or not"
    table = TextTable.of(title, ["who", "project", "from", "amount", "in this plan"], right=("amount",))
    for row in found.funded:
        amount = "-" if row.amount is None else f"{row.amount:g} {row.unit}"
        table.add_row(row.party, row.what + (", recalled" if row.recalled else ""), row.period[:4], amount, standing(row))
    table.caption = (
        "from: year of the money, or in which the project is to start. What runs, is being built or pays by itself "
        "(down to that fall of prices) needs no money of the plan: "
        "it stands on both sides of the comparison. Nothing is fitted to these; the plants that stand for them are in --json."
    )
    return table


def standing(row: FundedRow) -> str:
    """What a plan does with a project that has been funded, in words."""
    return STANDING[row.why].format(
        share=row.share, dear=row.too_dear_by or 0.0, fall="" if row.price_fall is None else f" to -{row.price_fall:.0%}"
    )


def target_table(found: PlanResult) -> TextTable:
    """What the targets take, by grants and by price floors."""
    targets = found.targets
    assert targets is not None
    table = TextTable.of(f"Least public money for {', '.join(targets.targets)} [bn USD]", ["who", "by grants", "by price floors"], left=1)
    for party, amount in targets.alone_usd.items():
        table.add_row(f"{party} alone", billions(amount), billions(targets.floor_alone_usd[party]))
    table.add_row("together", billions(targets.together_usd), billions(targets.floor_usd))
    paid = [f"{row.name} ({row.party}, {billions(row.public_usd)})" for row in targets.measures[:MAX_PAID]]
    table.caption = f"Paid for together: {'; '.join(paid) or 'nothing'}."
    return table
