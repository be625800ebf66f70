"""Rows of the result of ``trade``, from the arrays of the trade block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.economy import trade as block
from ytterby.economy.trade import (
    DutyPeriodRow,
    LinkedSectorRow,
    MineralRow,
    ReplayCount,
    ReplayRow,
    TradeBranch,
    TradeCheck,
    TradeGroup,
    TradeMonth,
    TradeParty,
)
from ytterby.facts import expand_regions, trade_goods, trade_groups
from ytterby.validation import duty_replay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.app.duties.work import Worked
    from ytterby.economy.trade import PartyTotals, TradeBase
    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.system import System
    from ytterby.validation import ReplayTarget

    Array = NDArray[np.float64]

BILLION = 1e9
SUMS = ("exports", "price_loss", "value_added", "jobs", "jobs_with_suppliers", "revenue", "consumers", "users", "balance")
"""Fields of a party that have a band."""
OF_A_YEAR = 1 / 12
CHECKS = (("TRD002", "exports of Japan to the United States, its own statistics"), ("SEC0088", "the same in US statistics"), ("TRD013", ""))


def over_months(sums: PartyTotals) -> dict[str, Array]:
    """Sums over the months by field: arrays (..., supplier); what only the importing country has stands in the first column."""
    own = np.zeros(sums.exports.shape)
    own[..., 0] = 1.0
    consumers = sums.buyers - sums.users
    balance = np.where(own > 0, sums.balance.sum(axis=-1, keepdims=True), -sums.balance)
    by_month = {
        "exports": sums.exports, "price_loss": sums.price_loss, "value_added": sums.added, "jobs": sums.jobs,
        "jobs_with_suppliers": sums.all_jobs, "revenue": own * sums.revenue[..., None], "consumers": own * consumers[..., None],
        "users": own * sums.users[..., None], "balance": balance,
    }  # fmt: skip
    return {name: value.mean(axis=-2) for name, value in by_month.items()}


def party_rows(worked: Worked) -> tuple[TradeParty, ...]:
    """The importing country first, then partners by change of their exports."""
    base, sums = worked.base, worked.sums
    part = type(sums)(*(value[worked.span] for value in sums))
    found = over_months(part)
    before = base.exports - base.value.sum(axis=0)
    before[0] = -before[1:].sum()
    rows = [_party(worked, at, found, -float(before[at])) for at in range(len(base.suppliers))]
    return (rows[0], *sorted(rows[1:], key=lambda row: -abs(row.exports)))


def _party(worked: Worked, at: int, found: dict[str, Array], before: float) -> TradeParty:
    known = bool(worked.base.added.known[at])
    values: dict[str, Any] = {name: float(value[at]) for name, value in found.items()}
    unknown = () if known else ("value_added", "jobs", "jobs_with_suppliers")
    ends = {name: (float(low[at]), float(high[at])) for name, (low, high) in worked.bands.items() if name not in unknown}
    band = {name: (min(low, values[name]), max(high, values[name])) for name, (low, high) in ends.items()}
    code = worked.base.suppliers[at]
    return TradeParty(party=code, name=trade_goods.partner_name(code), balance_before=before, band=band, **values | dict.fromkeys(unknown))


def group_rows(worked: Worked) -> tuple[TradeGroup, ...]:
    """Goods of the named partners, largest change of value first."""
    base, span = worked.base, worked.span
    mean = type(worked.found)(*(_mean(part, span) for part in worked.found))
    rows = []
    for at in worked.named:
        for group, code in enumerate(base.groups):
            if base.value[group, at] > 0:
                rows.append(_group(base, mean, group, at, trade_groups()[code].name()))
    return tuple(sorted(rows, key=lambda row: (-abs(row.change), row.group)))


def _mean(part: Any, span: slice) -> Any:
    return type(part)(*(value[span].mean(axis=0) for value in part)) if isinstance(part, tuple) else part[span].mean(axis=0)


def _group(base: TradeBase, mean: Any, group: int, at: int, name: str) -> TradeGroup:
    value, change = mean.value[group], mean.value[group] - base.value[group]
    others = [i for i in range(1, len(base.suppliers)) if i != at]
    return TradeGroup(
        group=base.groups[group], name=name, partner=base.suppliers[at], base=float(base.value[group, at]),
        duty_before=float(base.duty[group, at]), duty=float(mean.revenue[group, at] / value[at]),
        buyer_price=float(mean.solution.buyer[group, at]), export_price=float(mean.solution.exporter[group, at]),
        volume=float(mean.solution.volume[group, at]), change=float(change[at]), revenue=float(mean.revenue[group, at]),
        price_loss=float(mean.price_loss[group, at]), home=float(change[0]), diverted=float(change[others].sum()),
    )  # fmt: skip


def month_rows(worked: Worked) -> tuple[TradeMonth, ...]:
    """One row a month."""
    base, found, sums, at = worked.base, worked.found, worked.sums, list(worked.named)
    rows = []
    for month, day in enumerate(worked.starts):
        value, paid = found.value[month][:, at].sum(axis=1), found.revenue[month][:, at].sum(axis=1)
        traded = base.value[:, at].sum(axis=1) > 0
        rows.append(
            TradeMonth(
                month=day.isoformat()[:7],
                duty=float(paid.sum() / value.sum()),
                group_duty={code: float(paid[g] / value[g]) for g, code in enumerate(base.groups) if traded[g]},
                exports=float(value.sum() * OF_A_YEAR),
                volume={code: float(found.solution.volume[month, g, at[0]]) for g, code in enumerate(base.groups) if traded[g]},
                value_added=_known(base, at, float(sums.added[month][at].sum() * OF_A_YEAR)),
                revenue=float(sums.revenue[month] * OF_A_YEAR),
                revenue_named=float(paid.sum() * OF_A_YEAR),
                buyers=float(sums.buyers[month] * OF_A_YEAR),
                balance=float(sums.balance[month][at].sum() * OF_A_YEAR),
            )
        )
    return tuple(rows)


def _known(base: TradeBase, at: list[int], value: float) -> float | None:
    return value if bool(base.added.known[at].all()) else None


def step_rows(worked: Worked) -> tuple[DutyPeriodRow, ...]:
    """What each step costs whom, as if it lasted a year; steps that leave the duties on the named partners as they are, are left out."""
    base, path, at = worked.base, worked.paths[0], list(worked.named)
    found, sums = block.central_outcome(base, path.steps, worked.parameters)
    rows: list[DutyPeriodRow] = []
    before = (base.value * base.duty)[:, at].sum()
    traded = base.value[:, at].sum(axis=1) > 0
    for turn, day in enumerate(path.turning):
        if turn and np.array_equal(path.steps[turn][:, at], path.steps[turn - 1][:, at]):
            continue
        value, paid = found.value[turn][:, at], found.revenue[turn][:, at]
        dearer = (base.outlay[:, at] * (found.solution.buyer[turn][:, at] - 1.0) * found.solution.volume[turn][:, at]).sum()
        rows.append(
            DutyPeriodRow(
                start=str(day),
                duty={code: float(paid[g].sum() / value[g].sum()) for g, code in enumerate(base.groups) if traded[g]},
                mean=float(paid.sum() / value.sum()),
                value_added=_known(base, at, float(sums.added[turn][at].sum())),
                price_loss=float(found.price_loss[turn][:, at].sum()),
                revenue=float(paid.sum() - before),
                buyers=float(dearer),
                jobs=_known(base, at, float(sums.all_jobs[turn][at].sum())),
                balance=float(sums.balance[turn][at].sum()),
            )
        )
    return tuple(rows)


def branch_rows(worked: Worked) -> tuple[TradeBranch, ...]:
    """State of the last month on each path, as if it lasted a year."""
    base, at, rows = worked.base, list(worked.named), []
    for path in worked.paths:
        found, sums = block.central_outcome(base, path.duty[-1], worked.parameters)
        rows.append(
            TradeBranch(
                label=path.label,
                p=path.p,
                duty=float(found.revenue[:, at].sum() / found.value[:, at].sum()),
                value_added=_known(base, at, float(sums.added[at].sum())),
                revenue=float(sums.revenue),
                balance=float(sums.balance[at].sum()),
            )
        )
    return tuple(rows)


def replay_row(target: ReplayTarget) -> ReplayRow:
    """Row of the replay."""
    return ReplayRow(
        target=target.id, what=target.what, unit=target.unit, published=target.published, model=target.model, low=target.low,
        high=target.high, hit=target.hit, in_band=target.in_band, seen=target.seen, direction=target.direction, missing=target.missing,
    )  # fmt: skip


def replay_count(targets: Sequence[ReplayTarget]) -> ReplayCount | None:
    """How many rows of the replay are met; none without rows."""
    if not targets:
        return None
    score = duty_replay.score(targets)
    return ReplayCount(of=score.of, rule=duty_replay.RULE, within_rule=score.hits, in_band=score.in_band, unseen=score.unseen)


def check_rows(facts: Facts, base: TradeBase) -> tuple[TradeCheck, ...]:
    """The trade table beside published sums; yen at the rate of the year."""
    japan = base.supplier("JP")
    shipped = {"TRD002": base.value[:, japan].sum(), "SEC0088": base.value[:, japan].sum(), "TRD013": base.exports[japan]}
    rows = []
    for id_, words in CHECKS:
        row = facts.row(id_)
        ends = [block.dollars(facts, id_, end) for end in ("value", "low", "high")]
        value, low, high = (ends[0], *(ends[0] if np.isnan(end) else end for end in ends[1:]))
        inside = low <= shipped[id_] <= high
        rows.append(
            TradeCheck(
                fact=id_, what=words or str(row["scope"]), published=value / BILLION, low=low / BILLION, high=high / BILLION,
                shipped=float(shipped[id_]) / BILLION, inside=bool(inside),
            )
        )  # fmt: skip
    return tuple(rows)


def recalled_shares(base: TradeBase) -> dict[str, float]:
    """Share that rests on figures from memory: none of the imports and exports, part of the home sales, all elasticities."""
    home = base.value[:, 0]
    return {"imports": 0.0, "exports": 0.0, "home_sales": float((home * base.recalled).sum() / home.sum()), "elasticities": 1.0}


def linked_rows(facts: Facts, demands: Any) -> tuple[LinkedSectorRow, ...]:
    """Linked sectors; Japan's path of defence spending with what it adds in its first year."""
    first = block.defence_path(facts, demands)[0]
    rows = []
    for row in block.linked_rows():
        japan = row.item == "defence-path-japan"
        rows.append(
            LinkedSectorRow(
                item=row.item, name=row.name, share_of=row.share_of,
                sector=row.sector, party=row.party, date=row.date, investment=block.number(row.investment),
                capacity=row.capacity, balance=first.orders[1] if japan else block.number(row.balance),
                demand=first.demand if japan else {}, share_before=block.number(row.share_before),
                share_after=block.number(row.share_after), jobs=block.number(row.jobs), facts=row.facts, kind=row.kind, note=row.note,
            )
        )  # fmt: skip
    return tuple(rows)


def mineral_rows(scenario: Scenario, system: System, horizon: block.Horizon) -> tuple[MineralRow, ...]:
    """Imports of oxides, metals and magnets by region at the end of the horizon; empty without tariffs on goods."""
    tariffs = [measure for measure in scenario.measures if measure.kind == "tariff" and measure.on]
    if not tariffs:
        return ()
    trade = block.mineral_trade(system)
    members = sorted({code for tariff in tariffs for name in tariff.from_ if name != "all" for code in expand_regions(name)})
    duty = block.duties_on(trade, scenario, scenario.last_day)
    dearer = block.highest(trade, members)
    central = block.mineral_imports(trade, duty, horizon)
    high = block.mineral_imports(dearer, duty, horizon)
    return tuple(
        MineralRow(
            region=row.region, stage=row.stage, duty_known=block.duty_known(row.region, row.stage), duty_before=row.duty_before,
            duty_after=row.duty_after, imports_before=row.before, imports_after=row.after, imports_after_high=other.after,
            share_before=row.share_before, share_after=row.share_after, home=row.home, output_change=row.after - row.before,
        )
        for row, other in zip(central, high, strict=True)
        if row.region in members
    )  # fmt: skip
