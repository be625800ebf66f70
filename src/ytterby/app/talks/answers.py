"""The answers of ``negotiate`` in sentences, each true of the tables below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.app.talks.changes import DELIVERED, decides
from ytterby.app.talks.words import PERCENT, amount, banded, bn, changes_text, each, ends, step_text, two_digits
from ytterby.bargain import TONNE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.bargain import Band, BreakEven, ChargeRow, OutcomeRow, RateRow, Talks


FRAGILE = 1.05
"""Nash packages that change at weights up to this times the present ones are called fragile [1]."""
MORE = 2
"""Assumptions named beside the first, those whose flip lies nearest; all stand in ``break_even``."""


def answers(found: Mapping[str, Any], talks: Talks) -> tuple[str, ...]:
    """Whether the deal was inside the room, what a concession is worth, whether minerals pay for the duties, what waiting costs."""
    return tuple(
        filter(
            None,
            (
                _inside(found),
                _room(found),
                _concession(found, talks),
                _minerals(found),
                _standards(found),
                _waiting(found),
                _front(found),
                _together(found),
            ),
        )
    )


def _inside(found: Mapping[str, Any]) -> str:
    """Where what was agreed stands, how sure that is, and on which assumption it hangs, in one sentence."""
    actual: OutcomeRow | None = found["actual"]
    if actual is None:
        return ""
    losers = [party for party, gain in actual.gains.items() if gain <= 0.0]
    what = f"What was agreed by {actual.date} is, against no deal as known on {found['day']}, worth {each(actual.gains)} bn USD a year"
    where = f"outside the room, as {' and '.join(losers)} would do better without it on these terms alone" if losers else "inside the room"
    share, other = actual.inside_share, "inside" if losers else "outside"
    drawn = [] if share is None else [f"in {PERCENT * (share if losers else 1.0 - share):.0f} % of the draws"]
    first, *rest = sorted(found["break_even"], key=decides) or (None,)
    hangs = drawn + ([] if first is None else [_flip(first, inside=not losers)])
    then = f"; it is {other} {', and '.join(hangs)}" if hangs else ""
    more = "" if not rest else f" By itself it would also be {other} {'; or '.join(_flip(row, inside=not losers) for row in rest[:MORE])}."
    return f"{what}{banded(actual.gains_band)}: {where}{then}.{more}{_without_investment(found)}"


def _flip(row: BreakEven, *, inside: bool) -> str:
    """Value of an assumption beyond which the outcome is on the other side, beside the one that is taken."""
    above = row.inside_above != inside
    taken = f"(taken: {amount(row.usual, row.unit)}{', assumed' if row.assumed else ''})"
    looked = f"looked at {'up' if row.end > row.value else 'down'} to {amount(row.end, row.unit)}"
    if row.input.startswith(DELIVERED):
        return f"if {'more' if above else 'less'} than {amount(row.value, row.unit)} of the sum promised is invested {taken}, {looked}"
    return f"with {row.label} {'above' if above else 'below'} {amount(row.value, row.unit)} {taken}, {looked}"


def _without_investment(found: Mapping[str, Any]) -> str:
    """What was agreed without its investment, where it has one, and what its receiver may have wanted that has no number here."""
    terms = found["terms_by_part"]["actual"]
    invested = {party: own["investment"] for party, own in terms.items()}
    if not any(invested.values()):
        return ""
    rest = {party: gain - invested[party] for party, gain in found["actual"].gains.items()}
    hosts = [party for party, gain in rest.items() if gain <= 0.0 < invested[party]]
    left = (
        f" That does not mean that {' and '.join(hosts)} lowered duties for nothing: the say over which projects are built, what the "
        "example is worth in talks with others, services and security have no number here, and jobs and the balance of trade count only "
        "with a weight."
    )
    return f" Without the investment it would be {each(rest)}.{left if hosts else ''}"


def _room(found: Mapping[str, Any]) -> str:
    nash = found["nash"]
    if nash is None:
        return "No package is better than no deal for all: there is no room."
    share: Band | None = found["feasible_band"]
    ends = "" if share is None else f"; 5 to 95 % of the draws: {PERCENT * share.low:.0f} to {PERCENT * share.high:.0f} %"
    part = f"{PERCENT * found['feasible'] / found['count']:.0f} %{ends}"
    return (
        f"{found['feasible']:,} of {found['count']:,} packages ({part}) are better than no deal for all. The Nash point gives "
        f"{each(nash.gains)} bn a year{banded(found['nash_band'])}.{_fragile(found)}"
    )


def _fragile(found: Mapping[str, Any]) -> str:
    """That the Nash package is another one at weights next to the present ones, where it is."""
    close = sorted(
        (row for row in found["flip"] if row.usual > 0.0 and row.weight <= FRAGILE * row.usual), key=lambda row: row.weight / row.usual
    )
    if not close:
        return ""
    shown = ", ".join(f"{row.party}.{row.term} {row.weight:.3g} instead of {row.usual:.3g}" for row in close[:MORE])
    return f" This package is fragile: another one takes its place when a weight moves by a few per cent ({shown})."


def _concession(found: Mapping[str, Any], talks: Talks) -> str:
    """What a point of the first duty is worth to each, in money and in the units that it can be paid in."""
    at = "actual" if found["actual"] is not None else "nash"
    rows = [row for row in found["rates"] if row.at == at]
    duty = next((row.issue for row in rows if row.unit == "point"), None)
    if duty is None:
        return ""
    money = {row.party: row.value for row in rows if row.issue == duty and row.per == "USD a year"}
    worth = ", ".join(f"{party} {'+' if value > 0.0 else ''}{two_digits(value / 1e6)}" for party, value in money.items())
    told = f"One point less of the {talks.issue(duty).name()} is worth {worth} M USD in every year that it lasts."
    return f"{told}{_in_dysprosium([row for row in rows if row.issue == duty and row.per == TONNE])}"


def _in_dysprosium(rows: Sequence[RateRow]) -> str:
    """How much separated dysprosium weighs as much, for those who could use it; that no amount does, for the others."""
    can, cannot = ([row for row in rows if row.pays is side] for side in (True, False))
    text = ""
    if can:
        text += f" It weighs as much as separated dysprosium given in every year: {_tonnes(can, 'value')}."
    if cannot:
        who = " or ".join(row.party for row in cannot)
        text += (
            f" No amount of separated dysprosium pays {who} for it: at the worth of the first ten it would take "
            f"{_tonnes(cannot, 'value')} in every year, more than all that is used there in one ({_tonnes(cannot, 'most')})."
        )
    return text


def _tonnes(rows: Sequence[RateRow], field: str) -> str:
    """Tonnes by party."""
    return ", ".join(f"{row.party} {two_digits(getattr(row, field))} t" for row in rows)


def _minerals(found: Mapping[str, Any]) -> str:
    asked = found["minerals_for_duties"]
    if asked is None:
        return ""
    if not asked.covers:
        return f"Lower duties alone are worth {each(asked.asked)} bn a year: no party loses for sure, so minerals need not pay for them."
    parts = [
        f"what the best programme on minerals gives {party} ({bn(asked.given[party])} bn a year) makes good {PERCENT * band.value:.0f} % "
        f"of what lower duties take from it ({bn(asked.asked[party])}{_shares_ends(band)})"
        for party, band in asked.covers.items()
    ]
    sure = all(band.high < 1.0 for band in asked.covers.values())
    yes = all(band.value >= 1.0 for band in asked.covers.values())
    word = (
        "Minerals alone pay for the duties" if yes else "Minerals alone do not pay for the duties" + ("" if sure else ", though they may")
    )
    return f"{word}: {'; '.join(parts)}."


def _shares_ends(band: Band) -> str:
    """Ends of a band of shares; empty without draws."""
    return "" if band.low == band.high else f"; 5 to 95 %: {PERCENT * band.low:.0f} to {PERCENT * band.high:.0f} %"


def _standards(found: Mapping[str, Any]) -> str:
    """What each step of a standard is worth beside what was agreed, or the Nash package."""
    at = "actual" if found["actual"] is not None else "nash"
    rows = [row for row in found["concessions"] if row.at == at and found["issues"][row.issue].kind == "standard"]
    told = [
        f"{found['issues'][row.issue].name}, {step_text(row.to, 'standard')}: {_millions(row.gains)} M USD a year"
        f"{_at_other_charges(found['charges'], row.issue) if row.to == 'charge' else ''}"
        for row in rows
    ]
    text = f"{'; '.join(told)}. Emissions avoided have no price here."
    return text[0].upper() + text[1:] if told else ""


def _millions(gains: Mapping[str, float]) -> str:
    return ", ".join(f"{party} {'+' if gain > 0.0 else ''}{two_digits(gain / 1e6)}" for party, gain in gains.items())


def _at_other_charges(rows: Sequence[ChargeRow], issue: str) -> str:
    """Worth at the ends of the charge's range, in brackets; empty where it has none."""
    own = [row for row in rows if row.issue == issue]
    ends = "; ".join(f"at {row.charge_usd_per_t:,.0f} USD/t {_millions(row.worth)}" for row in (own[0], own[-1])) if len(own) > 1 else ""
    return f" ({ends}; assumed)" if ends else ""


def _waiting(found: Mapping[str, Any]) -> str:
    rows = [row for row in found["delay"] if row.package == "nash"]
    if not rows:
        return ""
    row = rows[0]
    parts = " and ".join(f"{party} {bn(cost).lstrip('+')}" for party, cost in row.cost.items())
    week = f"{bn(row.per_week).lstrip('+')} bn USD{ends(row.week_band)} in the mean week until then, together"
    return f"Agreeing on the Nash package only on {row.date} ({row.label}) costs {parts} bn in all: {week}."


def _front(found: Mapping[str, Any]) -> str:
    actual: OutcomeRow | None = found["actual"]
    if actual is None or actual.better is None:
        return "" if actual is None else "No package is better than what was agreed for all."
    changes = changes_text(actual.better.terms, found["issues"])
    return f"Near what was agreed and better for all: {changes} ({each(actual.better.gains)} bn a year)."


def _together(found: Mapping[str, Any]) -> str:
    """How far weights would have to move, all together, for what was agreed to be the Nash point."""
    actual: OutcomeRow | None = found["actual"]
    if actual is None:
        return ""
    if actual.weights_together is None:
        return "No weights up to a hundred times the present ones make what was agreed the Nash point."
    factor = actual.weights_together.factor
    return (
        f"What was agreed would be the Nash point if weights, moved together, differed from the present ones by a factor of up to "
        f"{factor:.2g}: what parties must have valued, or been forced to; it proves nothing."
    )
