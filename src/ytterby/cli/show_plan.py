"""Terminal output of a plan, 80 columns wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.known_later import told_later
from ytterby.cli.plan_amounts import LEAST_SHOWN, billions
from ytterby.cli.plan_tables import tables, target_table
from ytterby.cli.tables import plain_console, prose
from ytterby.plan import CVAR_WEIGHT, PARTIES, enough_money, heavy_stocks_left_out, why_left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from ytterby.plan import FreshResult, LeftOutRow, PaysAloneRow, PlanResult, TargetResult

APART = {
    "agrees": "",
    "before": ": they differ in the loss without any plan, which the table of losses misses here",
    "habit": ": trade keeps to its partners and goods have to be qualified, so that less of the plan arrives",
    "price": ": what the plan releases also keeps prices down and buyers from hoarding, which the programme does not know",
}
FAMILIES = {
    "aimed": "aimed at one party",
    "heavy": "heavy elements only",
    "licence": "licences",
    "price_war": "price war",
    "relaxation": "controls relaxed",
}
"""What restricts a path most, in words; the others by their names."""
AIMED = {f"aimed at {party}": party for party in PARTIES}
LEFT_OUT = {
    "as_good": "neither gains nor loses here",
    "dearer": "would enter if it cost {dear:.0%} less",
    "never": "would not pay even for nothing",
    "limit": "a limit or the budget keeps it out",
}
MAX_ALONE = 6
MAX_MOVED = 8
"""Measures whose moved chances are told; all stand in the JSON."""
FEW_PATHS = 20
"""With fewer paths another draw of them can change amounts several times over."""
OPTIMISM = (0.8, 1.25)
"""Promised gain over that on fresh paths within which the promise is kept."""
WHOLE = 0.99
"""Share of a plant's capacity from which on it is a whole one."""
LEAST_CHANCE = 5e-4
"""Smaller probabilities are none to the decimals told [1]."""
CALM_USD = 1e6
"""Expected loss below which there is nothing to plan against, so that targets are the whole answer [USD]."""


def show(found: PlanResult) -> None:
    """Print the answer in a sentence, then the tables behind it."""
    out = plain_console()
    prose(out, reached(found) if found.targets else sentence(found), style="bold")
    calm = bool(found.targets) and found.risk_before < CALM_USD
    for line in () if calm else doubts(found):
        prose(out, line, style="dim")
    for table in (target_table(found),) if calm else tables(found):
        out.print()
        out.print(table)
    _close(out, found)


def sentence(found: PlanResult) -> str:
    """The answer: what the money buys, what risk stays."""
    who = " and ".join(found.parties) if len(found.parties) < 3 else ", ".join(found.parties)
    if found.risk_before < CALM_USD:
        return f"{who}: without a restriction nothing is lost, and no public money is worth spending."
    limit = "with no limit on public money" if found.budget is None else f"of {billions(found.budget)} bn USD of public money"
    verb = "spend" if len(found.parties) > 1 else "spends"
    return (
        f"{who} {verb} {billions(found.public_usd)} bn {limit}: the expected loss from Chinese restrictions in "
        f"{found.years[0]}-{found.years[1]} falls from {billions(found.risk_before)} to {billions(found.risk_after)} bn USD, "
        f"in the worst tenth of paths from {billions(found.cvar_before)} to {billions(found.cvar_after)} bn "
        f"(gross, without suppliers; present value at 5 % a year).{enough(found)}"
    )


def enough(found: PlanResult) -> str:
    """From which budget more money buys nothing; empty where it still does at the largest of the curve."""
    point = enough_money(found.curve)
    return f" From {billions(point.public_usd)} bn on, what more money buys is worth less than it costs." if point else ""


def reached(found: PlanResult) -> str:
    """What the targets cost, alone and together."""
    targets = found.targets
    assert targets is not None
    alone = ", ".join(f"{party} alone {billions(usd)} bn" for party, usd in targets.alone_usd.items())
    who = " and ".join(found.parties)
    if targets.together_usd < LEAST_SHOWN:
        return (
            f"{who}: {', '.join(targets.targets)} is met without public money: plants of today, those under construction and those that "
            f"pay alone reach {without_money(targets)}."
        )
    together = "" if len(found.parties) < 2 else f" together, {alone}"
    ratio = "" if targets.ratio is None or len(found.parties) < 2 else f", a ratio of {targets.ratio:.2f}"
    return (
        f"{who}: {', '.join(targets.targets)} takes at least {billions(targets.together_usd)} bn USD of public money{together}{ratio}; "
        f"paid by price floors, {billions(targets.floor_usd)} bn. Without public money: {without_money(targets)}."
    )


def without_money(targets: TargetResult) -> str:
    """Self-sufficiency without public money by magnet element, such as ``NdPr 66%, Dy 16%, Tb 19%``."""
    told = [", ".join(f"{element} {share:.0%}" for element, share in shares.items()) for shares in targets.reached.values()]
    return told[0] if len(told) == 1 else "; ".join(f"{name} {shares}" for name, shares in zip(targets.reached, told, strict=True))


def doubts(found: PlanResult) -> Iterator[str]:
    """What the gain is made of, and how far the answer can be trusted."""
    if found.gain_usd > 0.0:
        yield (
            f"Gain {billions(found.gain_usd)} bn: {billions(found.risk_before - found.risk_after)} less expected loss, "
            f"{billions(CVAR_WEIGHT * (found.cvar_before - found.cvar_after))} for half of the fall of the worst tenth, "
            f"and {billions(abs(found.cost_usd))} {'more' if found.cost_usd > 0.0 else 'less'} resource cost. The expected part alone, "
            f"less expected loss minus resource cost, is {billions(found.risk_before - found.risk_after - found.cost_usd)} bn."
        )
    if found.risk_before > 0.0:
        paths = ", ".join(f"{FAMILIES.get(name, name)} {weight:.0%}" for name, weight in found.families.items())
        yield f"Paths of fifteen years by what restricts them most: {paths}.{yearly(found)}"
    yield from scale(found)
    if len(found.parties) > 1 and found.risk_before > 0.0:
        yield "Before as after, the allies send in a restriction what the other misses most; each alone would lose more or less."
    if found.fresh is not None and found.fresh.optimism is not None:
        yield (
            f"On {found.fresh.paths} fresh paths it leaves an expected loss of {billions(found.fresh.expected_loss)} bn of "
            f"{billions(found.fresh.expected_loss_before)}, and {billions(found.fresh.cvar)} bn in the worst tenth; the gain there is "
            f"{billions(found.fresh.gain_usd)} bn, {beside_promise(found.fresh)}."
        )
    if found.fresh is not None and found.scenarios < FEW_PATHS:
        yield (
            f"Warning: made for {found.scenarios} paths only; another draw of them can change amounts several times over. "
            "--scenarios takes more."
        )
    if found.ended == "time":
        yield f"Time ran out: a plan better by up to {billions(found.upper_bound - found.lower_bound)} bn may exist."
    if found.as_of:
        later = "" if found.share_later is None else f" {found.share_later:.0%} of the public money rests on figures of a later date."
        yield (
            f"Known on {found.as_of}: the record of restrictions, orders in force and named projects; its first year counts from then on. "
            f"The base year, the path of demand and costs stay those of today.{later}"
        )
        yield from told_later(found.later_figures, found.later_plants)
    yield from record(found)
    parts = [row for row in found.portfolio if row.of_plant is not None and row.of_plant < WHOLE]
    if parts:
        plants = "plants" if len(parts) > 1 else "plant"
        whole = (
            "It is all that the parties may take."
            if all(row.share > WHOLE for row in parts)
            else "--units takes all they may take or none."
        )
        yield f"Of {len(parts)} {plants} a part is bought: that is a share in somebody's project, not a project. {whole}"
    if found.public_usd > 0.0:
        yield (
            f"{found.share_assumed:.0%} of the public money rests on at least one assumed figure (cost of building, running or "
            f"holding, or effect); seed {found.seed}, {found.scenarios} weighted paths."
        )


def yearly(found: PlanResult) -> str:
    """How often a new restriction begins, by family; empty for paths of a file."""
    if not found.new_a_year:
        return ""
    told = (f"{FAMILIES.get(name, name)} {rate:.1%}" for name, rate in found.new_a_year.items() if name not in AIMED)
    own = ", ".join(f"{found.new_a_year[name]:.1%} at {party}" for name, party in AIMED.items() if party in found.parties)
    aside = f" (of those aimed at one party {own})" if own else ""
    return f" In a year a new one begins with a probability of: {', '.join(told)}{aside}."


def record(found: PlanResult) -> Iterator[str]:
    """What became of earlier promises, and which measures it moved how far."""
    prior = found.watch_prior
    if prior is None:
        return
    if not prior.moved:
        yield f"Record of promises on {prior.on}: nothing is known of promises to build, so that all chances stay as assumed."
        return
    of = {row.kind: row for row in prior.counts}
    told = "; ".join(
        f"{kind}: {of[kind].kept} kept, {of[kind].late} late, {of[kind].ended} ended" for kind in sorted({row.kind for row in prior.moved})
    )
    chosen = {row.measure for row in found.portfolio}
    yield f"Record of promises on {prior.on} ({told}) moves {len(prior.moved)} candidates; those in the plan, else the farthest:"
    rows = [row for row in prior.moved if row.measure in chosen] or list(prior.moved)
    for row in rows[:MAX_MOVED]:
        yield (f"  {row.name}: late {row.slip_before:.0%} -> {row.slip:.0%}, cancelled {row.cancel_before:.0%} -> {row.cancel:.0%}")


def scale(found: PlanResult) -> Iterator[str]:
    """How the expected loss hangs together with what a stop would cost: how deep, how often, how long."""
    for party in found.parties if found.risk_before > 0.0 else ():
        rows = sorted((row for row in found.stops if row.party == party), key=lambda row: -row.depth)
        if rows:
            told = "; ".join(f"{row.depth:.0%} held back costs {billions(row.loss_usd)} bn, {often(row.chance)}" for row in rows)
            year = f"a year ({rows[0].year}) without a plan (gross, without suppliers)"
            yield f"From the worst case to the expected loss, {party}, {year}: {told}."


def often(chance: float) -> str:
    """How often a year of the paths costs at least as much."""
    return f"as much or more in {chance:.1%} of the years of the paths" if chance >= LEAST_CHANCE else "more than any year of the paths"


def beside_promise(fresh: FreshResult) -> str:
    """The gain on fresh paths beside the promise, in words; with a warning where they are far apart."""
    assert fresh.optimism is not None
    low, high = OPTIMISM
    if fresh.optimism < low:
        more = f"{1.0 / fresh.optimism - 1.0:.0%} more than promised"
        return f"{more}. Warning: the few kept paths miss part of the tail, or the fresh ones happen to have more of it"
    if fresh.optimism > high:
        return f"{1.0 - 1.0 / fresh.optimism:.0%} less than promised. Warning: the plan fits the few kept paths too closely"
    return "about what was promised"


def changes(found: PlanResult) -> Iterator[str]:
    """At which probability the choice flips, what is worth knowing, and what other paths would have chosen."""
    if found.flip:
        yield (
            "What comes first stays the same from a tenth to three times today's rate of restrictions."
            if found.flip_probability is None
            else f"Another group comes first where a new restriction has a yearly probability of {found.flip_probability:.0%}."
        )
        worth = [f"{name} {billions(usd)} bn" for name, usd in found.worth_knowing.items() if usd >= LEAST_SHOWN]
        yield f"Worth knowing before money is spent: {', '.join(worth) or 'nothing, for the plan is nearly the best at every end'}."
    if found.stability is not None:
        yield (
            f"A plan made from other paths (seed {found.stability.seed}) gains {billions(found.stability.gain_usd)} bn on the same fresh "
            f"paths, {found.stability.difference:.0%} apart; {found.stability.overlap:.0%} of the money goes to the same measures."
        )


def price_war_of(found: PlanResult) -> Iterator[str]:
    """What a price war would do to the plants of the plan."""
    war = found.price_war
    if war is not None and war.share_running is not None:
        yield (
            f"If China sold at {war.price_factor:.0%} of today's prices, {war.share_running:.0%} of the new capacity would still cover its "
            f"running cost; a floor at that cost would take {billions(war.floor_cost)} bn a year."
        )


def alone(row: PaysAloneRow) -> str:
    """A measure that pays by itself, with the fall of prices at which it no longer would."""
    return row.name if row.price_fall is None else f"{row.name} (would not if prices fell by {row.price_fall:.0%})"


def left_out(row: LeftOutRow) -> str:
    """A measure that is not taken, and why."""
    held = f"; {row.held_weeks:.0f} weeks of use are held already" if row.held_weeks else ""
    return f"{row.name} ({LEFT_OUT[why_left_out(row)].format(dear=row.too_dear_by)}{held})"


def _close(out: Console, found: PlanResult) -> None:
    out.print()
    for line in (*changes(found), *price_war_of(found)):
        prose(out, line, style="dim")
    for row in found.binding:
        if row.limit.startswith("budget"):
            prose(out, f"One more USD of {row.limit} is worth {row.dual:.2f} USD.", style="dim")
    if found.pays_alone:
        more = len(found.pays_alone) - MAX_ALONE
        names = "; ".join(alone(row) for row in found.pays_alone[:MAX_ALONE]) + (f"; {more} more" if more > 0 else "")
        prose(out, f"Pay by themselves at the private rate, and stand on both sides of the comparison: {names}.", style="dim")
    heavy = heavy_stocks_left_out(found.left_out, [row.measure for row in found.portfolio])
    if heavy:
        prose(out, f"Heavy elements not held, nearest to entering: {'; '.join(left_out(row) for row in heavy)}.", style="dim")
    again = found.risk_resimulated
    if again is not None:
        prose(
            out,
            f"In the weekly simulator ({again.shock}, {again.draws} paired draws) the plan avoids {billions(again.mean)} bn USD "
            f"({billions(again.low)} to {billions(again.high)}); the programme promised {billions(again.promised)}.",
        )
        for one in again.parties:
            prose(
                out,
                f"{one.party}: avoids {billions(one.avoided)} of {billions(one.before)} bn; in the programme {billions(one.promised)} of "
                f"{billions(one.promised_before)} bn{APART[one.why]}.",
                style="dim",
            )
        others = [f"{place} {billions(usd)} bn" for place, usd in again.spillover.items() if abs(usd) >= LEAST_SHOWN]
        if others:
            prose(out, f"It also avoids losses of others: {', '.join(others)}.", style="dim")
    if found.draft:
        prose(out, f"written: {found.draft}")
