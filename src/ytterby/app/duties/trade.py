"""Use case: what dated duties do to trade, revenue, value added, jobs, buyers and balances."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.duties import rows as trade_rows
from ytterby.app.duties.answers import answer
from ytterby.app.duties.work import Worked
from ytterby.app.network.bases import base_system
from ytterby.economy import trade as block
from ytterby.economy.trade import TradeResult
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import load
from ytterby.measures import Tariff
from ytterby.scenario import load_scenario
from ytterby.validation import duty_replay

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.economy.trade import TradeBase
    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.validation import ReplayTarget

    Array = NDArray[np.float64]

YEAR_OF_BASE = 2024
YEAR = 12
"""Months that are added up."""
WEEKS_A_MONTH = 365.25 / 84
MOST_MONTHS = 240
NOTICED = 0.1
"""Part of its greatest move by which the mean duty on the named partners must have moved for the months that are added up to begin."""
NEARLY = 1e-9
"""Rounding within which a move of the mean duty is the greatest."""
BAND = (0.05, 0.95)
NOT_IN_IT = (
    "exchange rates",
    "investment and uncertainty",
    "second-round demand",
    "answers of other countries",
    "other work for what home producers set free",
    "duties of their own on metal in machines, copper, timber, heavy lorries and chips",
    "more goods of Canada and Mexico that claim their agreement (revenue from both is too high)",
)
"""What the block leaves out, and why its sums differ from studies of the whole economy."""
GROUNDS = (
    "Imports of the United States in 2024 by customs line, duties as enacted for the partners that the scenario does not name. "
    "Of a change of the duty {cars:g} reaches the buyer of cars from Japan, {others:g} of all else, at this horizon. "
    "Elasticities, pass-through and most home shares are assumed: bands are ranges of assumptions, not forecast intervals."
)


def trade(  # noqa: PLR0913
    scenario: str,
    horizon: block.Horizon | None = None,
    draws: int = 200,
    seed: int = 1,
    project: Path = Path(".ytterby"),
) -> TradeResult:
    """What the tariffs of a scenario on groups of products do, month by month.

    Parameters
    ----------
    scenario : str
        Bundled name or file.
    horizon : {"short", "medium", "long"}
        How far prices and buyers have adapted: within a year, over two, later. Without it, by how long after the first change of the
        duties the year lies that is added up.
    draws, seed : int
        Draws of the bands and their seed; 0 draws give none.
    project : Path
        Project folder; its own trade figures take precedence.

    Raises
    ------
    InputError
        If the scenario has no tariff on products, or one that the trade table cannot serve.
    UnknownNameError
        For an unknown scenario or horizon.
    """
    begun = time.perf_counter()
    if horizon is not None and horizon not in block.HORIZONS:
        raise UnknownNameError("horizon", horizon, block.HORIZONS)
    facts, chosen = load(project), load_scenario(scenario)
    worked = work(facts, chosen, horizon, draws, seed)
    base, span, year = worked.base, worked.span, block.trade_base(facts)
    seconds = time.perf_counter() - begun
    system = base_system(YEAR_OF_BASE, facts, project)
    replayed = duty_replay.replay(facts, draws=max(draws, 2), seed=seed) if chosen.name == duty_replay.SCENARIO else ()
    months = (_text(worked.starts[span.start]), _text(worked.starts[span.stop - 1]))
    named = tuple(base.suppliers[at] for at in worked.named)
    groups, parties = trade_rows.group_rows(worked), trade_rows.party_rows(worked)
    return TradeResult(
        scenario=chosen.name,
        title=chosen.title(),
        titles=chosen.titles,
        horizon=worked.horizon,
        draws=draws,
        seed=seed,
        against=worked.against,
        answer=answer(parties, groups, named, months, counted_from(worked.against)),
        year=months,
        named=named,
        groups=groups,
        parties=parties,
        months=trade_rows.month_rows(worked),
        steps=trade_rows.step_rows(worked),
        branches=trade_rows.branch_rows(worked),
        replay=tuple(trade_rows.replay_row(target) for target in replayed),
        replay_score=trade_rows.replay_count(replayed),
        minerals=trade_rows.mineral_rows(chosen, system, worked.horizon),
        linked=trade_rows.linked_rows(facts, system.demands),
        checks=trade_rows.check_rows(facts, year),
        recalled=trade_rows.recalled_shares(year),
        facts=_facts(chosen, replayed),
        not_in_it=NOT_IN_IT,
        user=facts.user_statement,
        grounds=_grounds(worked),
        seconds=seconds,
    )


def _facts(scenario: Scenario, replayed: Sequence[ReplayTarget]) -> tuple[str, ...]:
    """Ids of the figures behind the duties of a scenario and behind the replay."""
    named = [name for measure in scenario.all_measures() for name in measure.facts]
    return tuple(dict.fromkeys((*named, *(target.id for target in replayed))))


def _grounds(worked: Worked) -> str:
    """What the result rests on, with the pass-through of its horizon."""
    base, passed = worked.base, worked.parameters.behaviour.pass_through
    cars, others = passed[base.group("cars"), base.supplier("JP")], passed[base.group("other_goods"), base.supplier("ROW")]
    return GROUNDS.format(cars=float(cars), others=float(others))


def counted_from(against: str) -> str:
    """What changes are counted from, in words."""
    return against if against == str(YEAR_OF_BASE) else f"the duties enacted on {against}"


def _text(day: dt.date) -> str:
    return day.isoformat()[:7]


def product_tariffs_of(scenario: str) -> tuple[str, ...]:
    """Names of a scenario's tariffs on groups of products, which do not act in the weekly run."""
    measures = load_scenario(scenario).all_measures()
    return tuple(dict.fromkeys(measure.name or measure.kind for measure in measures if isinstance(measure, Tariff) and measure.groups))


def work(facts: Facts, scenario: Scenario, horizon: block.Horizon | None, draws: int, seed: int) -> Worked:
    """Duties and outcomes of a scenario."""
    tariffs: dict[str, list[Tariff]] = {}
    for _, path in scenario.paths():
        for name, levied in block.product_tariffs(path).items():
            tariffs.setdefault(name, []).extend(levied)
    if not tariffs:
        raise InputError(f"{scenario.name}: has no tariff on 'products' or 'sectors'; tariffs on goods of the chains act in 'ytterby run'")
    base = block.trade_base(facts)
    first, count = scenario.start.replace(day=1), min(round(scenario.weeks / WEEKS_A_MONTH), MOST_MONTHS)
    paths = block.paths(base, scenario, first, count)
    named = tuple(at for at, code in enumerate(base.suppliers) if code in tariffs and any(_bites(each) for each in tariffs[code]))
    duty = np.einsum("p,pmgs->mgs", [path.p for path in paths], np.array([path.duty for path in paths]))
    start = block.enacted(base, scenario.start) if block.starts_from_enacted(scenario) else None
    changed, span = _span(base, duty, base.duty if start is None else start, named)
    horizon = horizon or block.HORIZONS[min((span.start - changed) // YEAR, 2)]
    parameters = block.central(base.groups, base.suppliers, horizon)
    bands = _bands(base, duty[span], block.drawn(base.groups, base.suppliers, horizon, draws, seed), start) if draws else {}
    if start is not None:
        base = block.moved(base, start, parameters)
    found, sums = block.central_outcome(base, duty, parameters)
    against = str(YEAR_OF_BASE) if start is None else str(scenario.start)
    return Worked(horizon, against, base, paths, block.months(first, count), span, named, found, sums, bands, parameters)


def _bites(tariff: Tariff) -> bool:
    """Whether a tariff ever differs from the base duty."""
    return bool(tariff.rate) or any(step.rate or step.replaces or step.of_enacted for step in tariff.steps)


def _span(base: TradeBase, duty: Array, before: Array, named: tuple[int, ...]) -> tuple[int, slice]:
    """Month in which the duty on the named partners has noticeably moved from ``before``, and the twelve months that are added up.

    They begin with that month, unless the duty goes on moving away for longer than they last: then with that of its greatest move.
    """
    at = list(named)
    weight = base.value[:, at] / base.value[:, at].sum()
    change = np.abs(((duty[:, :, at] - before[:, at]) * weight).sum(axis=(-2, -1)))
    first, greatest = (int(np.argmax(change >= part * change.max())) for part in (NOTICED, 1.0 - NEARLY))
    start = first if greatest < first + YEAR else greatest
    return first, slice(start, min(start + YEAR, len(duty)))


def _bands(base: TradeBase, duty: Array, parameters: block.TradeParameters, start: Array | None) -> dict[str, Array]:
    """Low and high of the sums over the months, by name."""
    kept: dict[str, list[Array]] = {}
    for _, _, sums in block.drawn_outcomes(base, duty, parameters, start):
        for name, value in trade_rows.over_months(sums).items():
            kept.setdefault(name, []).append(value)
    return {name: np.quantile(np.concatenate(values), BAND, axis=0) for name, values in kept.items()}
