"""The answers of ``negotiate`` in sentences, each true of the tables below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.bargain import TONNE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.bargain import OutcomeRow, Talks

BILLION = 1e9
PERCENT = 100.0


def answers(found: Mapping[str, Any], talks: Talks) -> tuple[str, ...]:
    """Whether the deal was inside the room, what a concession is worth, whether minerals pay for the duties, what waiting costs."""
    return tuple(filter(None, (_inside(found), _room(found), _concession(found, talks), _minerals(found), _waiting(found), _front(found))))


def bn(value: float) -> str:
    """An amount in bn USD with its sign, to two digits."""
    size = abs(value) / BILLION
    digits = 0 if size >= 9.95 else 1 if size >= 0.995 else 2  # noqa: PLR2004 (two digits)
    return f"{value / BILLION:+.{digits}f}"


def each(gains: Mapping[str, float]) -> str:
    """Amounts by party."""
    return ", ".join(f"{party} {bn(value)}" for party, value in gains.items())


def _inside(found: Mapping[str, Any]) -> str:
    actual: OutcomeRow | None = found["actual"]
    if actual is None:
        return ""
    losers = [party for party, gain in actual.gains.items() if gain <= 0.0]
    share = "" if actual.inside_share is None else f" In {PERCENT * actual.inside_share:.0f} % of the draws it is better for all."
    what = f"What was agreed by {actual.date} is, against no deal as known on {found['day']}, worth {each(actual.gains)} bn USD a year"
    where = f"outside the room, {' and '.join(losers)} would do better without it on these terms alone" if losers else "inside the room"
    return f"{what}: {where}.{_without_investment(found)}{share}{_breaks(found)}"


def _without_investment(found: Mapping[str, Any]) -> str:
    """What was agreed without its investment, where it has one."""
    invested = {party: terms["investment"] for party, terms in found["terms_by_part"]["actual"].items()}
    if not any(invested.values()):
        return ""
    return f" Without the investment it would be {each({p: gain - invested[p] for p, gain in found['actual'].gains.items()})}."


def _breaks(found: Mapping[str, Any]) -> str:
    """The assumption whose change brings the outcome into the room or out of it, of shares of what is invested first."""
    rows = found["break_even"]
    named = [row for row in rows if row.input.startswith("delivered")]
    if not named:
        return ""
    row = named[-1]
    side = "above" if row.inside_above else "below"
    return f" It is inside where {side} {PERCENT * row.value:.0f} % of the sum promised is invested (taken: {PERCENT * row.usual:.0f} %)."


def _room(found: Mapping[str, Any]) -> str:
    nash = found["nash"]
    if nash is None:
        return "No package is better than no deal for all: there is no room."
    band = found["nash_band"]
    ends = "; ".join(f"{party} {bn(row.low)} to {bn(row.high)}" for party, row in band.items())
    return (
        f"{found['feasible']:,} of {found['count']:,} packages are better than no deal for all. The Nash point gives {each(nash.gains)} "
        f"bn a year{f' (5 to 95 %: {ends})' if ends else ''}."
    )


def _concession(found: Mapping[str, Any], talks: Talks) -> str:
    """What a point of the first duty is worth to each, in money and in the units that it can be paid in."""
    at = "actual" if found["actual"] is not None else "nash"
    rows = [row for row in found["rates"] if row.at == at]
    duty = next((row.issue for row in rows if row.unit == "point"), None)
    if duty is None:
        return ""
    money = {row.party: row.value for row in rows if row.issue == duty and row.per == "USD a year"}
    tonnes = {row.party: row.value for row in rows if row.issue == duty and row.per == TONNE}
    weighs = ", ".join(f"{value:,.0f} t to {party}" for party, value in tonnes.items())
    paid = f"; it weighs as much as separated dysprosium of {weighs} a year" if tonnes else ""
    name = talks.issue(duty).name()
    return (
        f"One point less of the {name} is worth {', '.join(f'{p} {value / 1e6:+,.0f}' for p, value in money.items())} M USD a year{paid}."
    )


def _minerals(found: Mapping[str, Any]) -> str:
    asked = found["minerals_for_duties"]
    if asked is None:
        return ""
    if not asked.covers:
        return f"Lower duties alone are worth {each(asked.asked)} bn a year: no party loses by them, so minerals need not pay for them."
    parts = [
        f"what the best programme on minerals gives {party} ({bn(asked.given[party])} bn a year) makes good {PERCENT * band.value:.0f} % "
        f"of what lower duties take from it ({bn(asked.asked[party])}; 5 to 95 %: {PERCENT * band.low:.0f} to {PERCENT * band.high:.0f} %)"
        for party, band in asked.covers.items()
    ]
    sure = all(band.high < 1.0 for band in asked.covers.values())
    yes = all(band.value >= 1.0 for band in asked.covers.values())
    word = (
        "Minerals alone pay for the duties" if yes else "Minerals alone do not pay for the duties" + ("" if sure else ", though they may")
    )
    return f"{word}: {'; '.join(parts)}."


def _waiting(found: Mapping[str, Any]) -> str:
    rows = [row for row in found["delay"] if row.package == "nash"]
    if not rows:
        return ""
    row = rows[0]
    parts = " and ".join(f"{party} {bn(cost).lstrip('+')}" for party, cost in row.cost.items())
    return (
        f"Agreeing on the Nash package only on {row.date} ({row.label}) costs {parts} bn in all: {row.per_week / 1e6:,.0f} M USD a week "
        "together."
    )


def _front(found: Mapping[str, Any]) -> str:
    actual: OutcomeRow | None = found["actual"]
    if actual is None or actual.better is None:
        return "" if actual is None else "No package is better than what was agreed for all."
    changes = ", ".join(f"{name} {value}" for name, value in actual.better.terms.items())
    return f"Near what was agreed and better for all: {changes} ({each(actual.better.gains)} bn a year)."


def step_text(value: Any) -> str:
    """A step in words: shares as per cent, sums in bn."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{party} {PERCENT * share:.0f} %" for party, share in value.items())
    if isinstance(value, float) and value <= 10.0:  # noqa: PLR2004 (a duty or a share)
        return f"{PERCENT * value:g} %"
    if isinstance(value, float):
        return f"{value / BILLION:g} bn"
    return str(value)
