"""When each part of a list is missing, which licence expires next, and where one week of stock or a second source buys most (E21, E22)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.exposure.deliveries import SHORT, Deliveries, run_down
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from ytterby.exposure.bill_of_materials import Alternative, Part
    from ytterby.exposure.deliveries import RunDown

    Source = Callable[[Part, str], Deliveries | None]
    """Deliveries of a part's commodity from a country; None if the model has no figure."""

EXPOSED = 0.5
"""An alternative is named as exposed if more than this share of its critical element passes the lost country."""
HALTS = 0.5
"""Share of the need that must be missing for a line to stand rather than run slow."""
STEPS = 5
"""Number of steps of the ladder."""


@dataclass(frozen=True)
class PartResult:
    """Consequences for a part."""

    part: Part
    outlook: str
    """``stops``, ``slows`` (less than half is missing), ``rescued`` (an alternative delivers in time), ``goes on``, or ``unknown``."""
    lasts: tuple[RunDown, RunDown, RunDown] | None
    """How its stock lasts, at the low end, in the middle and at the high end; None where the model has no figure."""
    days_without_renewal: float | None
    """Days until it is missing if its licence is not renewed or granted; None if no licence is needed or its end is unknown."""
    licence_state: str
    """``valid``, ``expired``, ``pending``, ``none``, ``open-ended`` (no date is given) or ``unknown``."""
    rescued_by: str
    """The alternative that takes over in time."""
    exposed_alternatives: tuple[tuple[str, float], ...] = ()
    """Alternatives that depend on the lost country upstream, with the share that passes it."""
    upstream: float | None = None
    """Share of the part's critical element that passed the lost country, wherever the part itself is bought."""

    @property
    def days_to_stop(self) -> float | None:
        """Days until it is missing, in part or as a whole; None where it is not, or nobody knows."""
        return self.lasts[1].day if self.lasts else None


class LadderStep(ResultModel):
    """One step of the ladder: parts that stop first, and the gain and cost of delaying that stop."""

    parts: tuple[str, ...]
    """Parts that stop first."""
    first_stop_days: float
    """Days until they stop [day]."""
    one_week_gains: float
    """Days gained by one more week of stock of these parts [day]."""
    one_week_cost_usd: float | None
    """Material value of that week of stock [USD]; None if units per week or prices are missing."""
    qualification_gains: float | None
    """Days gained by qualifying another country's source for these parts [day]; None if no other part stops after them."""


@dataclass(frozen=True)
class PartsOutlook:
    """A firm's parts after a shock."""

    parts: tuple[PartResult, ...]
    """The first to be missing first."""
    next_expiry: dt.date | None
    next_expiry_parts: tuple[str, ...] = ()
    ladder: tuple[LadderStep, ...] = field(default=())


def assess_parts(
    parts: Iterable[Part],
    on: dt.date,
    source: Source,
    price: Mapping[str, float],
    horizon: float,
) -> PartsOutlook:
    """When every part is missing.

    Parameters
    ----------
    parts : iterable of Part
    on : date
        First day of the shock, on which the stocks are as the list says.
    source : callable
        What is delivered of a part from a country.
    price : mapping of str to float
        Price by commodity [USD/kg].
    horizon : float
        Weeks for which deliveries are known.
    """
    results = tuple(sorted((_result(part, on, source, horizon) for part in parts), key=_urgency))
    dates = [row.part.licence_expiry for row in results if row.licence_state == "valid" and row.part.licence_expiry is not None]
    first = min(dates, default=None)
    due = tuple(row.part.part for row in results if row.licence_state == "valid" and row.part.licence_expiry == first) if first else ()
    return PartsOutlook(results, first, due, tuple(_ladder(results, source, price, horizon)))


def _urgency(result: PartResult) -> tuple[float, bool, str]:
    day = result.days_to_stop
    return (float("inf") if day is None else day, result.outlook != "unknown", result.part.part)


def _result(part: Part, on: dt.date, source: Source, horizon: float) -> PartResult:
    main, others = source(part, part.country), _others(part, source)
    shares = [(other.name, found.upstream or 0.0) for other, found in others if found]
    state = licence_state(part, on)
    lasts = _lasts(part, main, others, horizon)
    alone = _lasts(part, main, [], horizon)
    outlook, rescuer = "unknown" if lasts is None else outlook_of(lasts[1]), ""
    if lasts and alone and lasts[1].day is None and alone[1].day is not None:
        outlook, rescuer = "rescued", _rescuer(part, main, others, horizon)
    exposed = tuple((name, share) for name, share in shares if share > EXPOSED)
    return PartResult(
        part, outlook, lasts, _renewal(part, state, on), state, rescuer, exposed, main.upstream if main else part.upstream_share
    )


def _others(part: Part, source: Source) -> list[tuple[Alternative, Deliveries | None]]:
    """Alternatives with what they deliver; one of which the model knows nothing delivers what is asked."""
    return [(other, source(part, other.country) or Deliveries.whole()) for other in part.alternatives]


def _lasts(
    part: Part, main: Deliveries | None, others: list[tuple[Alternative, Deliveries | None]], horizon: float, more: float = 0.0
) -> tuple[RunDown, RunDown, RunDown] | None:
    if main is None:
        return None
    joining = [(other.weeks, found) for other, found in others if found is not None]
    low, central, high = run_down(part.cover + more, main, joining, horizon)
    return low, central, high


def outlook_of(run: RunDown) -> str:
    """Whether a line stops, slows or goes on."""
    if run.day is None:
        return "goes on"
    return "stops" if run.missing_share >= HALTS else "slows"


def _rescuer(part: Part, main: Deliveries | None, others: list[tuple[Alternative, Deliveries | None]], horizon: float) -> str:
    """First alternative that suffices alone; all of them together where none does."""
    for other, found in sorted(others, key=lambda item: item[0].weeks):
        lasts = _lasts(part, main, [(other, found)], horizon)
        if lasts and lasts[1].day is None:
            return other.name
    return ", ".join(other.name for other, _ in others)


def licence_state(part: Part, on: dt.date) -> str:
    """State of a part's licence on a day, see :class:`PartResult`."""
    if part.licence in {"none", "pending", "unknown"}:
        return part.licence
    if part.licence_expiry is None:
        return "open-ended"
    return "valid" if part.licence_expiry >= on else "expired"


def _renewal(part: Part, state: str, on: dt.date) -> float | None:
    """Days until the part is missing if nothing ships without a licence: until it expires it ships, then the cover is used."""
    if state in {"none", "unknown", "open-ended"}:
        return None
    left = (part.licence_expiry - on).days if state == "valid" and part.licence_expiry else 0
    return left + 7.0 * part.cover


def _ladder(results: tuple[PartResult, ...], source: Source, price: Mapping[str, float], horizon: float) -> Iterable[LadderStep]:
    """Steps of the ladder: the parts that stop first, after one more week of stock for those of the step before (E22)."""
    days = {row.part: row.days_to_stop for row in results if row.days_to_stop is not None}
    extra = dict.fromkeys(days, 0.0)
    for _ in range(min(STEPS, len(days))):
        if not days:
            return
        first = min(days.values())
        stuck = tuple(part for part, day in days.items() if day <= first)
        others = [day for part, day in days.items() if part not in stuck]
        for part in stuck:
            extra[part] += 1.0
        later = {part: _day(part, source, horizon, extra[part]) for part in stuck}
        gains = [day - first for day in (*later.values(), *others) if day is not None]
        yield LadderStep(
            parts=tuple(part.part for part in stuck),
            first_stop_days=first,
            one_week_gains=min(gains, default=7.0 * horizon - first),
            one_week_cost_usd=_cost(stuck, price),
            qualification_gains=min(others) - first if others else None,
        )
        days = {part: day for part, before in days.items() if (day := later.get(part, before)) is not None}


def _day(part: Part, source: Source, horizon: float, more: float) -> float | None:
    """Day from which a part is missing with more weeks of stock."""
    lasts = _lasts(part, source(part, part.country), _others(part, source), horizon, more)
    return lasts[1].day if lasts else None


def _cost(parts: Iterable[Part], price: Mapping[str, float]) -> float | None:
    """Material value of one week of stock of some parts [USD], None if units or prices are missing."""
    total = 0.0
    for part in parts:
        if part.units_per_week is None or part.commodity not in price:
            return None
        total += part.units_per_week * part.grams / 1000.0 * price[part.commodity]
    return total


def own_words(part: Part, found: Deliveries | None, covers: tuple[float, float, float] | None) -> Deliveries | None:
    """Deliveries of the part's own supplier, where the list says more than the model: its stock, or its share upstream."""
    share = part.upstream_share if part.upstream_share is not None else found.upstream if found else None
    if share is None or (part.supplier_cover is None and part.upstream_share is None):
        return found
    if share < SHORT:
        return Deliveries.whole(share)
    if part.supplier_cover is not None:
        return Deliveries.until_stock_ends((part.supplier_cover,) * 3, share)
    return Deliveries.until_stock_ends(covers or (0.0, 0.0, 0.0), share)
