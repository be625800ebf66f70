"""Use case: the base system, its balance and the shares that come out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import names, region_of, symbols
from ytterby.result_model import ResultModel
from ytterby.scenario import standing_measures
from ytterby.system import RARE_EARTHS, coverage

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ytterby.facts import Facts
    from ytterby.scenario import StandingMeasure
    from ytterby.system import System

ISO = 2
"""Letters of a country's code."""
TABLES = ("markets", "processes", "links", "demands", "stockpiles", "sectors")
STAGES = ("mine", "oxide", "metal", "alloy", "magnet", "component", "scrap")


class ComparedShare(ResultModel):
    """A share that comes out of the balance beside a published figure that was held out."""

    share: str
    """Key in `shares`."""
    region: str
    fact: str
    """Id of the published figure."""
    published: float
    """Published share [1]."""
    low: float
    """Lowest share that counts as a hit [1]."""
    high: float
    """Highest share that counts as a hit [1]."""
    here: float
    """Share in this base [1]."""
    hit: bool
    reason: str
    """Why the two may differ."""


class ElementTotals(ResultModel):
    """Closed world balance of one element: mined = lost + used + residual."""

    element: str
    mined: float
    """Mine output [t REO/year]."""
    lost: float
    """Losses of processes [t REO/year]."""
    used: float
    """Final use [t REO/year]."""
    residual: float
    """Stock building and undocumented use [t REO/year]."""
    recycled: float
    """Output of recycling, part of what is used [t REO/year]."""
    gap: float
    """What does not close, rounding only [t REO/year]."""


class Adjustment(ResultModel):
    """A figure that the reconciliation moved."""

    fact: str
    """Id of the figure."""
    reported: float
    """Value of the figure, in its own unit."""
    used: float
    """Value in the balanced base."""
    sigmas: float
    """Move over the figure's standard deviation [1]."""
    quantity: str
    region: str
    element: str


class Residual(ResultModel):
    """Mass that stays unexplained at a stage of a region."""

    element: str
    stage: str
    region: str
    t: float
    """Leaves the chain if positive, enters it if negative [t REO/year]."""


class StageBalance(ResultModel):
    """Balance of one element at a stage of a region; a line that occurs nowhere is left out."""

    stage: str
    region: str
    production: float = 0.0
    """[t REO/year]"""
    imports: float = 0.0
    """[t REO/year]"""
    exports: float = 0.0
    """[t REO/year]"""
    use: float = 0.0
    """Intake of processes and final use [t REO/year]."""
    loss: float = 0.0
    """[t REO/year]"""
    residual: float = 0.0
    """[t REO/year]"""


class RolledChange(ResultModel):
    """What was rolled since the base year."""

    kind: str
    """Plant that opened, circuit added to a running plant, mine that follows use, or use on its path."""
    item: str
    """Process, or commodity of a use."""
    name: str
    """Project, or path of demand."""
    good: str
    """Commodity that is counted."""
    region: str
    opened: str
    """First day of output, YYYY-MM-DD; empty for mines and uses."""
    before: float
    """In the base year [t/year]."""
    added: float
    """Since the base year [t/year]."""
    low: float | None
    """Low end of what was added [t/year]; None where the balance decides."""
    high: float | None
    """High end of what was added [t/year]; None where the balance decides."""
    facts: tuple[str, ...]
    """Ids of the figures that it rests on."""
    basis: str
    """Reported, derived or assumed."""
    note: str


class MeasureInForce(ResultModel):
    """A measure that stands on the day."""

    name: str
    kind: str
    start: str
    """First day, YYYY-MM-DD."""
    state: str
    """``in force`` or ``suspended``."""
    until: str
    """Last day of the suspension, or of the measure; empty where none is known."""
    facts: tuple[str, ...]
    note: str


class CoveredStage(ResultModel):
    """Whose production figures a base has at a stage."""

    stage: str
    figured: float
    """Share of the output in plants with a reported or derived figure [1]."""
    without: tuple[str, ...]
    """Regions with output and no figure of their own, the largest first."""
    inside: dict[str, tuple[str, ...]]
    """Countries whose figures stand behind a region of several countries, in the order of the figures."""


class ChainResult(ResultModel):
    """The base system of a year, its balance and the shares that come out."""

    year: int
    chain: str
    """Which minerals."""
    balance_error: float
    """Largest gap of a market over its flow [1]."""
    data_share: float
    """Share of all flow that rests on reported figures [1]."""
    coverage: tuple[CoveredStage, ...]
    """By stage, the least known first."""
    world_mine_t: float
    """World mine output [t REO/year]."""
    shares: dict[str, dict[str, float]]
    """Share of each region in world output by stage [1], largest first."""
    compared: tuple[ComparedShare, ...]
    elements: tuple[ElementTotals, ...]
    """Largest mine output first."""
    adjustments: tuple[Adjustment, ...]
    """Largest move first."""
    residuals: tuple[Residual, ...]
    """Largest first."""
    sizes: dict[str, int]
    """Rows of each table of the base system."""
    digest: str
    """Names the base system: equal digests, equal systems."""
    as_of: str
    """Newest figure in it."""
    balance: tuple[StageBalance, ...] = ()
    """Balance of the element that was asked for, by stage and region."""
    at: str | None = None
    """Day to which the base was rolled forward, YYYY-MM-DD."""
    path: str | None = None
    """Path of demand on which it was rolled."""
    rolled: tuple[RolledChange, ...] = ()
    """What was rolled: plants, mines that follow, uses."""
    in_force: tuple[MeasureInForce, ...] = ()
    """Measures on record that stand on that day; they are no part of the base, but of scenarios."""


def chain(  # noqa: PLR0913
    year: int | None = None,
    project: Path | None = None,
    element: str | None = None,
    minerals: str = RARE_EARTHS,
    at: dt.date | None = None,
    path: str | None = None,
) -> ChainResult:
    """Summary of the base system of a year.

    Parameters
    ----------
    year : int, optional
        Base year; the newest of the chain without it.
    project : Path, optional
        Project folder whose imported figures win.
    element : str, optional
        Symbol: adds the closed balance of that element by stage and region.
    minerals : str
        Which chain: ``rare-earths``, ``gallium-germanium`` or ``antimony``.
    at : date, optional
        Day to which the base is rolled forward.
    path : str, optional
        Path of demand of the roll.

    Raises
    ------
    UnknownNameError
        For an unknown year, element or path.
    InputError
        If the day lies before the base year, or a path is given without a day.
    """
    from ytterby.app.network.bases import base_system
    from ytterby.facts import load
    from ytterby.system import DEFAULT_PATH, FigureExpressions, account, newest_base_year, rolled

    element = names.element(element).code if element else None
    facts = load(project)
    system = base_system(newest_base_year(minerals) if year is None else year, facts, project, minerals)
    if path and at is None:
        raise InputError("--path: has no effect without --at")
    if at is not None:
        system = rolled(system, facts, at, path or DEFAULT_PATH)
    if element and element not in set(system.contents["element"]):
        held = sorted(set(system.contents["element"]))
        raise UnknownNameError(f"element of {minerals}", element, {name: symbols()[name].name() for name in held})
    moved = system.adjustments[[*Adjustment.model_fields]]
    asked: dict[str, Any] = {"balance": _balance(system, element)} if element else {}
    return ChainResult(
        year=system.year,
        chain=system.chain,
        balance_error=account.balance_error(system),
        data_share=account.data_share(system),
        coverage=_coverage(system, facts),
        world_mine_t=account.world_mine(system),
        shares=account.shares(system),
        compared=()
        if system.at
        else tuple(ComparedShare(**row) for row in account.compared(system, FigureExpressions(facts, system.year, chain=minerals))),
        elements=ElementTotals.from_records(account.by_element(system)),
        adjustments=Adjustment.from_records(moved.to_dict("records")),
        residuals=Residual.from_records(account.residuals(system)),
        sizes={name: len(getattr(system, name)) for name in TABLES},
        digest=system.digest,
        as_of=system.as_of,
        **asked,
        **(_rolled(system) if system.at else {}),
    )


def _coverage(system: System, facts: Facts) -> tuple[CoveredStage, ...]:
    """Stages of a base with whose figures they have."""
    plants = system.processes.assign(stage=system.processes["stage"].str.partition(".")[0])
    found = []
    for row in coverage(system):
        inside: dict[str, dict[str, None]] = {}
        for region, ids in plants.loc[plants["stage"] == row.stage, ["region", "facts"]].itertuples(index=False):
            countries = [str(facts.row(name)["region"]) for name in str(ids).split() if name in facts.table.index]
            held = [code for code in countries if code != region and len(code) == ISO and region_of(code) == region]
            if held:
                inside.setdefault(str(region), {}).update(dict.fromkeys(held))
        found.append(CoveredStage(**row._asdict(), inside={region: tuple(codes) for region, codes in inside.items()}))
    return tuple(found)


def _rolled(system: System) -> dict[str, Any]:
    """Fields of a base that was rolled forward."""
    import datetime as dt

    rows = system.rolled.assign(facts=system.rolled["facts"].str.split().map(tuple)).to_dict("records")
    for row in rows:
        row |= {end: None for end in ("low", "high") if math.isnan(row[end])}
    standing = standing_measures(dt.date.fromisoformat(system.at))
    return {
        "at": system.at,
        "path": system.path,
        "rolled": RolledChange.from_records(rows),
        "in_force": tuple(_in_force(each) for each in standing),
    }


def _in_force(each: StandingMeasure) -> MeasureInForce:
    measure, until = each.measure, each.suspended_until or each.measure.end
    return MeasureInForce(
        name=measure.name or measure.kind,
        kind=measure.kind,
        start=str(measure.start),
        state="suspended" if each.suspended_until else "in force",
        until=str(until) if until else "",
        facts=measure.facts,
        note=measure.note,
    )


def _balance(system: System, element: str) -> tuple[StageBalance, ...]:
    """Closed balance of an element by stage and region, largest first."""
    rows = system.balance[system.balance["element"] == element]
    table = rows.pivot_table(index=["stage", "region"], columns="line", values="t", fill_value=0.0, observed=True).reset_index()
    found = StageBalance.from_records(table.to_dict("records"))
    return tuple(sorted(found, key=lambda row: (STAGES.index(row.stage), -row.production - row.imports, row.region)))
