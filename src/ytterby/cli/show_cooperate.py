"""Terminal output of what an alliance is worth, 80 columns wide."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ytterby.cli.known_later import told_later
from ytterby.cli.plan_amounts import BILLION, billions
from ytterby.cli.tables import TextTable, plain_console, prose
from ytterby.plan import RESIMULATED_AT, RESIMULATED_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.cooperation import CooperationResult, PublicMoneyResult

MEANING = {
    "shapley": "what each adds, mean over all orders of joining",
    "nucleolus": "the worst-off coalition as well off as can be",
    "owen": "at the dual prices of the joint plan: nobody can leave",
    "by use": "in proportion to what each uses",
    "by gain alone": "in proportion to what each gains by its own plan",
    "by GDP": "in proportion to GDP",
}
MAX_PARTED = 4
"""Coalitions whose parts are shown, the largest."""
MAX_ROWS = 15
PAIR = 2
LEAST_AID = 0.01
"""Smaller shares of mutual aid in the worth are not told [1]."""
MAX_COMMITMENTS = 4
TEN = 10.0
"""Ratios from which on are told as whole numbers."""
MILLION = 1e6
BY_END = ("costs of measures", "what nobody holds")
"""Inputs whose ends have no number."""
FEW_JOBS = 10.0
"""Smaller numbers of jobs are not told."""
ALIKE = 0.01
"""Difference of side deals below which rules are alike."""
SEEN = 4.0
"""Gaps within which a difference of two objectives cannot be told from 0."""
BESIDE = "*"
"""Mark of a payment on top of sparing a party always."""
LEAST_MILLIONS = 0.05
"""Smaller amounts are shown as 0 [million USD]."""


def show(found: CooperationResult) -> None:
    """Print the answer in a sentence, then the tables behind it."""
    out = plain_console()
    prose(out, sentence(found), style="bold")
    for line in (stability(found), *doubts(found)) if len(found.parties) > 1 or found.invite else ():
        prose(out, line)
    for table in _tables(found):
        out.print()
        out.print(table)
    for line in _close(found):
        out.print()
        prose(out, line)


def sentence(found: CooperationResult) -> str:
    """What all together are worth beyond what each does alone."""
    if len(found.parties) == 1:
        return (
            f"{found.parties[0]} alone: an alliance of one is worth nothing beyond its own plan (ytterby plan --allies {found.parties[0]})."
        )
    whole = "+".join(found.parties)
    if found.values[whole] == 0.0:
        return (
            f"{', '.join(found.parties)} together: worth nothing that could be told from 0 (the solver's gap is "
            f"{billions(found.gap_usd)} bn USD); --gap asks for a smaller one."
        )
    who, worth = ", ".join(found.parties), billions(found.values[whole])
    when = f"beyond what each does alone, {found.years[0]}-{found.years[1]} (losses gross, without suppliers; present value at 5 % a year"
    if found.fresh is None:
        return f"{who} together save {worth} bn USD {when}, on {found.scenarios} paths of restrictions){_aid(found)}."
    fresh, low, high = (billions(value) for value in (found.fresh.value, found.fresh.low, found.fresh.high))
    return (
        f"{who} together save {fresh} bn USD ({low} to {high}, four cases in five) {when}, on {found.fresh.paths} paths of restrictions "
        f"that the plans were not made for). The plans' own {found.scenarios} paths promised {worth} bn{_aid(found)}."
    )


def _aid(found: CooperationResult) -> str:
    """Share of mutual aid in the worth of all together, and on what it rests; nothing where there is none."""
    whole = "+".join(found.parties)
    aid = found.parts[whole].aid if whole in found.parts else 0.0
    if aid < LEAST_AID * found.values[whole]:
        return ""
    share = min(1.0, aid / found.values[whole])
    return f"; {share:.0%} of it is mutual aid, which rests on a promise to share when one is short oneself"


def stability(found: CooperationResult) -> str:
    """Whether some coalition would rather leave, however the worth is shared."""
    if len(found.parties) == 1:
        return "Nobody can leave."
    room = billions(abs(found.least_core_eps))
    if not found.core_decided:
        return f"Whether a way of sharing satisfies every coalition is not decided: the room is {room} bn, within the error."
    if found.core_empty:
        names = ", ".join(found.blocking)
        return f"However the worth is shared, some coalition would do better by itself, by {room} bn or more: {names}."
    return f"There are ways of sharing under which every coalition gets at least {room} bn more than by itself."


def doubts(found: CooperationResult) -> Iterator[str]:
    """How far the answer can be trusted."""
    if len(found.parties) > 1:
        yield (
            f"The solver may be off by {billions(found.gap_usd)} bn; that is the error of the arithmetic on these {found.scenarios} paths, "
            "not of the answer."
        )
    if found.fresh and found.fresh.apart and found.fresh.ratio is not None:
        yield _warning(found, found.fresh.ratio)
    if found.fresh:
        yield "What partners can do for each other hangs on who is hit when. All tables below are those of the plans' own paths."
    else:
        yield "On other paths it may be worth much more or less: --fresh 40 judges the plans on some."
    if found.periods < found.years[1] - found.years[0] + 1:
        yield f"Years are taken in {found.periods} steps, which understates what stocks and aid can do within a step."
    if found.undecided:
        yield f"Undecided, being within that gap, and told as 0: {', '.join(found.undecided)}."
    if found.worst_pair < -found.gap_usd:
        yield f"Two coalitions are worth {billions(-found.worst_pair)} bn less together than apart: on these terms something gets lost."
    if found.terms:
        yield f"Terms: {', '.join(found.terms)}."
    yield from told_later(found.later_figures, found.later_plants)


def _warning(found: CooperationResult, ratio: float) -> str:
    """That the paths of the plans and others contradict each other."""
    much = f"{max(ratio, 0.0):.0%} of" if ratio < 1.0 else f"{ratio:.{0 if ratio >= TEN else 1}f} times"
    return (
        f"Warning: on other paths the alliance is worth {much} what the plans promise. {found.scenarios} paths are too few to tell what "
        "it is worth: rely neither on the promise nor on the shares below. More paths help (--scenarios 20)."
    )


def _tables(found: CooperationResult) -> Iterator[TextTable]:
    if len(found.parties) > 1:
        yield _values(found)
        yield _shares(found)
        if found.parts:
            yield _parts(found)
        yield _excess(found)
        if found.transfers:
            yield _transfers(found)
        if found.cost_shares:
            yield _cost_shares(found)
        yield _sent(found)
        yield _side_deals(found)
    if found.invite:
        yield _invite(found)
    if found.double_counted:
        yield _pool(found)
    if found.sensitivity:
        yield _sensitivity(found)


def _values(found: CooperationResult) -> TextTable:
    table = TextTable.of("What each coalition is worth [bn USD]", ["coalition", "value"], left=1)
    rows = [(name, value) for name, value in found.values.items() if "+" in name]
    for name, value in sorted(rows, key=lambda row: -row[1])[:MAX_ROWS]:
        table.add_row(name, billions(value))
    if len(rows) > MAX_ROWS:
        table.caption = f"{len(rows) - MAX_ROWS} more in --json."
    return table


def _shares(found: CooperationResult) -> TextTable:
    owen = {} if found.owen is None else {"owen": found.owen}
    proportional = {f"by {name}": each for name, each in found.proportional.items()}
    rules = {"shapley": found.shapley, "nucleolus": found.nucleolus} | owen | proportional
    table = TextTable.of("Shares by rule [bn USD]", ["rule", *found.parties, "what it means"], right=found.parties)
    for rule, shares in rules.items():
        table.add_row(rule, *(billions(shares[party]) for party in found.parties), MEANING[rule])
    table.add_row(
        "before payments", *(billions(found.own_saving[party]) for party in found.parties), "what each saves in the joint plan itself"
    )
    alike = "For two members the Shapley value and the nucleolus agree by definition. " if len(found.parties) == PAIR else ""
    table.caption = f"{alike}None of the rules is the fair one. A share less what is saved before payments is received."
    return table


def _parts(found: CooperationResult) -> TextTable:
    head = ["coalition", "counted", "mutual aid", "stocks", "projects", "technology"]
    table = TextTable.of("Where the worth comes from [bn USD]", head, left=2)
    shown = list(found.parts)[-MAX_PARTED:]
    for name in shown:
        for words, row in (("in this order", found.parts[name]), ("mean of all orders", found.parts_average[name])):
            table.add_row(name, words, *(billions(value) for value in (row.aid, row.stocks, row.projects, row.technology)))
    more = f" {len(found.parts) - len(shown)} more coalitions in --json." if len(found.parts) > len(shown) else ""
    table.caption = (
        "Each part is a right that members give each other; which comes first matters, so both counts stand here. Technology is joint "
        f"research and what partners teach each other about running plants.{more}"
    )
    return table


def _excess(found: CooperationResult) -> TextTable:
    table = TextTable.of("Who would leave with whom [bn USD]", ["rule", "coalition", "gain by leaving"], right=("gain by leaving",))
    for rule in dict.fromkeys(row.rule for row in found.excess):
        worst = next(row for row in found.excess if row.rule == rule)
        table.add_row(rule, worst.coalition, billions(worst.excess))
    table.caption = "Below 0: even the coalition that does worst under the rule does better in the alliance."
    return table


def _transfers(found: CooperationResult) -> TextTable:
    table = TextTable.of(
        "Who pays whom, beyond the price of goods [M USD]", ["rule", "from", "to", "now worth", "a year"], right=("now worth", "a year")
    )
    for row in [row for row in found.transfers if row.rule in ("shapley", "nucleolus", "owen")][:MAX_ROWS]:
        table.add_row(row.rule, row.payer, row.payee, millions(row.usd), millions(row.by_year))
    return table


def _cost_shares(found: CooperationResult) -> TextTable:
    """Who bears each measure by one rule; the others are in the JSON."""
    table = TextTable.of(
        "Who bears the public money of each measure, by shapley [M USD]", ["measure", "taken by", "in all", *found.parties], left=2
    )
    rows = [row for row in found.cost_shares if row.rule == "shapley"]
    for row in rows[:MAX_ROWS]:
        table.add_row(row.name, row.party, millions(row.public_usd), *(millions(row.paid[party]) for party in found.parties))
    beside = found.beside["shapley"]
    table.add_row("paid beside (received: -)", "", "", *(millions(beside[party]) for party in found.parties))
    left = f"{len(rows) - MAX_ROWS} more in --json. " if len(rows) > MAX_ROWS else ""
    table.caption = f"{left}With these the rule is kept; goods are paid for at base prices."
    return table


def millions(usd: float) -> str:
    """Amount in million USD, whole from 10 on."""
    value = usd / MILLION
    return "0" if abs(value) < LEAST_MILLIONS else f"{value:,.0f}" if abs(value) >= 10.0 else f"{value:.1f}"


def _commitments(found: CooperationResult) -> Iterator[str]:
    """Promises on record, most of whose parties are members first."""
    for row in found.commitments[:MAX_COMMITMENTS]:
        yield f"Promised already ({row.facts[0]}): {row.project}. {row.published}. Ours differs: {row.why}."
    if len(found.commitments) > MAX_COMMITMENTS:
        yield f"{len(found.commitments) - MAX_COMMITMENTS} more promises in --json."


def _sent(found: CooperationResult) -> TextTable:
    table = TextTable.of(
        "Goods between members at base prices, expected [bn USD]", ["from", "to", "calm years", "restricted years"], left=2
    )
    for row in sorted(found.sent, key=lambda row: -row.crisis_usd)[:MAX_ROWS]:
        table.add_row(row.giver, row.taker, billions(row.calm_usd), billions(row.crisis_usd))
    table.caption = "What goes in restricted years rests on a promise to share when one is short oneself."
    return table


def _side_deals(found: CooperationResult) -> TextTable:
    table = TextTable.of(
        "What the supplier would have to offer one party to leave", ["party", "rule", "spare it in", "or pay [M USD]"],
        right=("spare it in", "or pay [M USD]"),
    )  # fmt: skip
    for row in found.side_deal:
        never = row.exempt_share is None
        share = "not enough" if never else f"{row.exempt_share:.0%} of paths"
        table.add_row(row.party, row.rule, share, f"{millions(row.usd)}{BESIDE if never else ''}")
    short = any(row.exempt_share is None for row in found.side_deal)
    beside = f"not enough: sparing it on every path would not do; the payment marked {BESIDE} would have to come on top. "
    table.caption = (beside if short else "") + _sturdiest(found)
    return table


def _sturdiest(found: CooperationResult) -> str:
    """The rule under which the cheapest side deal is dearest; nothing where rules are alike."""
    cheapest: dict[str, float] = {}
    for row in found.side_deal:
        needed = 1.0 + row.usd / BILLION if row.exempt_share is None else row.exempt_share
        cheapest[row.rule] = min(cheapest.get(row.rule, needed), needed)
    best = max(cheapest, key=lambda rule: cheapest[rule])
    alike = max(cheapest.values()) - min(cheapest.values()) < ALIKE
    return "" if alike else f"Hardest to break: sharing by {best}."


def _invite(found: CooperationResult) -> TextTable:
    table = TextTable.of("Whom to ask next [bn USD]", ["party", "adds", "saves itself", "order of growth", "adds then"], left=1)
    for row in found.invite:
        table.add_row(row.party, billions(row.gain), billions(row.gain_of_party), str(row.order), billions(row.gain_in_order))
    table.caption = "saves itself: before anybody pays."
    return table


def _pool(found: CooperationResult) -> TextTable:
    table = TextTable.of("Counted twice when each plans alone", ["measure", "times", "t/year too much"], left=1)
    for row in found.double_counted[:MAX_ROWS]:
        table.add_row(row.measure, f"{row.times:.2f}", f"{row.tonnes:,.0f}")
    return table


def _sensitivity(found: CooperationResult) -> TextTable:
    table = TextTable.of("What would change it: Shapley shares [bn USD]", ["input", "at", "all", *found.parties], left=1)
    for row in found.sensitivity:
        at = row.end if row.input in BY_END else f"{row.at:.3g}"
        table.add_row(row.input, at, billions(row.value), *(billions(row.shapley[party]) for party in found.parties))
    return table


def _close(found: CooperationResult) -> Iterator[str]:
    if found.partition:
        blocs = ", ".join(f"{row.bloc} {billions(row.value)}" for row in found.partition.blocs)
        yield f"Split into blocs: {blocs} bn; {billions(found.partition.lost)} bn is lost against all together."
    if found.hub:
        lost = "nothing that could be told from 0" if found.hub.lost <= found.gap_usd else f"{billions(found.hub.lost)} bn"
        yield (
            f"A star around {found.hub.hub}, through which goods of the others may pass on: {billions(found.hub.value)} bn; {lost} is lost "
            "against the full club."
        )
    yield from _around(found)
    if found.spillover:
        others = ", ".join(f"{place} {billions(value)}" for place, value in found.spillover.items())
        yield (
            f"If the supplier holds back {RESIMULATED_DEPTH:.0%} for a year from {RESIMULATED_AT.year} on, outsiders avoid by the joint "
            f"plan in the weekly simulator, without paying: {others} bn USD."
        )


def _around(found: CooperationResult) -> Iterator[str]:
    """Public money beside the published ratio, deterrence, followers, jobs."""
    yield from _commitments(found)
    if found.public_money and found.public_money.ratio is not None:
        yield _public_money(found.public_money, sum(row.public_usd for row in found.portfolio))
    if found.deterrence:
        yield _deterrence(found)
    if found.imitation:
        yield from _followers(found)
    working = [row for row in found.jobs_created if row.run >= FEW_JOBS]
    if working:
        jobs = ", ".join(f"{row.party} {row.run:,.0f}" for row in working)
        yield f"Jobs in the plants of the joint plan, as far as they are known: {jobs}."


def _public_money(money: PublicMoneyResult, spent: float) -> str:
    """Least public money for what the own plans reach, alone and together, beside what the joint plan spends to reach more."""
    return (
        f"What the members' own plans reach takes at least {billions(money.alone_usd)} bn of public money in sum if each acts alone, and "
        f"{billions(money.together_usd)} bn if they act together: {money.ratio:.2f} of it, where IMF WP 2026/072 finds "
        f"{money.published_ratio:.2f}. The joint plan spends {billions(spent)} bn because it does not stop there: it goes on to what "
        f"saves most. Why the ratios differ: {money.why}."
    )


def _deterrence(found: CooperationResult) -> str:
    deterred = found.deterrence
    assert deterred is not None
    now = f"With a deterrence of {deterred.delta:g} all together are worth {billions(deterred.value)} bn. " if deterred.delta > 0.0 else ""
    if deterred.flips_at is None:
        return (
            f"{now}Even if a plan that removes all losses made restrictions {math.exp(deterred.tried_to):.0f} times rarer, the same party "
            f"would gain most, and it would {'still not' if found.core_empty else 'still'} be possible to share so that nobody leaves."
        )
    return (
        f"{now}If a plan that removes all losses made restrictions {math.exp(deterred.flips_at):.2g} times rarer or more, another answer "
        f"would come out ({deterred.flips})."
    )


def _followers(found: CooperationResult) -> Iterator[str]:
    copied = found.imitation
    assert copied is not None
    who = ", ".join(copied.followers)
    unseen = abs(copied.cost) <= SEEN * max(found.gap_usd, MILLION)
    cost = "nothing that could be told from 0" if unseen else f"{billions(copied.cost)} bn"
    yield (
        f"Followers ({who}) with plans of their own for the same open projects spend {billions(copied.followers_public_usd)} bn of public "
        f"money and cost the allies {cost}; together these then save {billions(copied.value)} bn and not {billions(copied.value_alone)}. "
        f"Should it drive costs to the upper end of their ranges, that costs them {billions(copied.cost_dear)} bn more."
    )
    for stage, share in copied.supplier_share.items():
        yield (
            f"The supplier's share of {stage}s made and imported by all of them in the last year: {share['nobody']:.0%} if nobody plans, "
            f"{share['members']:.0%} if the allies do, {share['all']:.0%} if {who} follow."
        )
