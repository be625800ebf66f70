"""Limits and targets of a plan: words of the command line, and the rows that they become.

``share:CN:max=0.65@2030`` (share of one supplier in the supply of each stage, by value at base prices), ``oxide:US:min=0.25@2035``
(own output over own use of each magnet element, see :mod:`ytterby.plan.self_sufficiency`), ``oxide.Dy:US:min=0.25@2035`` (of one of
them), ``co2e:max=1e6``, ``water:max=...``, ``radioactive:max=...`` (burden of the plan's plants at full use, a year). Shares and targets
hold on the path without a restriction, which then is part of the first stage (equation P15).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import scipy.sparse as sp

from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import STAGES, names, split_market
from ytterby.plan.availability import unrestricted
from ytterby.plan.parties import DOMINANT
from ytterby.plan.self_sufficiency import MAGNET_ELEMENTS, held_by_uses, made_by_plants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ytterby.plan.members import PartyBlock
    from ytterby.plan.programme import AllianceProgramme

    Floats = NDArray[np.float64]

BURDENS = ("co2e", "water", "radioactive")
"""Burdens of plants that can be limited [t CO2e, m3, t a year]."""
FORM = re.compile(
    r"(?P<what>[a-z0-9_]+)(?:\.(?P<element>[A-Za-z]+))?(?::(?P<who>[^:=]+))?:(?P<side>min|max)=(?P<value>[^@]+)(?:@(?P<year>\d+))?"
)


class LinearLimit(NamedTuple):
    """A limit on the decisions: ``low <= coefficients @ x <= high``, with its name."""

    name: str
    coefficients: Floats
    low: float
    high: float


@dataclass(frozen=True)
class Limit:
    """A limit or target in words."""

    text: str
    what: str
    """``share``, a burden, or a stage."""
    who: str
    """Supplier of a share, or party of a target; empty for all members."""
    side: Literal["min", "max"]
    value: float
    year: int | None
    """Year from which a share must hold; of a target, by which."""
    element: str = ""
    """Magnet element of a target; empty for each of them."""

    @property
    def elements(self) -> tuple[str, ...]:
        """Magnet elements that a target is about."""
        return (self.element,) if self.element else tuple(MAGNET_ELEMENTS)


def parse_limit(text: str, years: tuple[int, ...], option: str = "--limit") -> Limit:
    """Limit from its words.

    Parameters
    ----------
    text : str
        Such as ``share:CN:max=0.65@2030``.
    years : tuple of int
        Years of the plan.
    option : str
        For the message.

    Raises
    ------
    InputError
        If the form is wrong, a share lies outside 0 to 1, or the year outside the plan.
    UnknownNameError
        If what is limited, or a party, is not known.
    """
    text = " ".join(text.split())
    found = FORM.fullmatch(text)
    if not found:
        raise InputError(f"{option}: '{text}' is not of the form share:CN:max=0.65@2030, oxide:US:min=0.25@2035 or co2e:max=1e6")
    what, who, side = found["what"], found["who"] or "", found["side"]
    known = ("share", *BURDENS, *STAGES)
    if what not in known:
        raise UnknownNameError("limit", what, known, option)
    element = found["element"] or ""
    if element and (what not in STAGES or element not in MAGNET_ELEMENTS):
        raise UnknownNameError("magnet element", f"{what}.{element}", [f"oxide.{name}" for name in MAGNET_ELEMENTS], option)
    value = _number(found["value"], text, option)
    relative = what not in BURDENS
    if relative and not 0.0 <= value <= 1.0:
        raise InputError(f"{option}: '{text}': {value:g} is no share from 0 to 1")
    if not relative and value < 0.0:
        raise InputError(f"{option}: '{text}': {value:g} is no amount of at least 0")
    year = int(found["year"]) if found["year"] else None
    if year is not None and year not in years:
        raise InputError(f"{option}: '{text}': {year} is not from {years[0]} to {years[-1]}")
    if relative and not who:
        raise InputError(
            f"{option}: '{text}' does not say "
            + ("whose supply, such as share:CN" if what == "share" else f"which party, such as {what}:US")
        )
    if what == "share" and side == "min" or what in BURDENS and side == "min":
        raise InputError(f"{option}: '{text}': a {'supplier share' if what == 'share' else 'burden'} has a 'max', no 'min'")
    return Limit(text.strip(), what, names.region(who, option).code if who else "", side, value, year, element)  # type: ignore[arg-type]


def _number(text: str, whole: str, option: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{option}: '{whole}': '{text}' is not a number") from None
    if not np.isfinite(value):
        raise InputError(f"{option}: '{whole}': '{text}' is not a finite number")
    return value


@dataclass(frozen=True, eq=False)
class ReferenceRows:
    """The path without a restriction as part of the first stage: its columns, balance rows and the rows of shares."""

    matrix: sp.csr_matrix
    """(row, decision and column of the path)."""
    low: Floats
    high: Floats
    column_low: Floats
    column_high: Floats
    names: tuple[str, ...]


def reference_rows(programme: AllianceProgramme, limits: Sequence[Limit]) -> ReferenceRows:
    """Rows that make shares and targets hold on the path without a restriction.

    Parameters
    ----------
    programme : AllianceProgramme
    limits : sequence of Limit
        Shares and targets.
    """
    program = programme.program
    bounds = programme.scenario_bounds(unrestricted(programme.reference))
    second, first = programme.matrices
    high = bounds["high"][0].copy()
    for block in programme.blocks:
        high[program.place_of(block.name("missing")).ravel()] = 0.0
    own, labels, lows, highs = [], [], [], []
    decisions = len(programme.decisions)
    for limit in limits:
        for row, fixed in _shares(programme, limit):
            own.append(np.concatenate([np.zeros(decisions), row]))
            labels.append(limit.text)
            lows.append(fixed if limit.side == "min" else -np.inf)
            highs.append(fixed if limit.side == "max" else np.inf)
    matrix = sp.vstack([sp.hstack([first, second]), sp.csr_matrix(np.array(own).reshape(len(own), decisions + second.shape[1]))]).tocsr()
    return ReferenceRows(
        matrix=matrix,
        low=np.concatenate([bounds["row_low"][0], lows]),
        high=np.concatenate([program.of_rows("high"), highs]),
        column_low=program.of_columns("low"),
        column_high=high,
        names=("",) * second.shape[0] + tuple(labels),
    )


def _shares(programme: AllianceProgramme, limit: Limit) -> list[tuple[Floats, float]]:
    """Rows ``amount - value x whole`` of a limit, one for each stage and year that it holds in, and the bound of each."""
    years = programme.reference.years
    if limit.what != "share":
        return list(_self_sufficiency(programme, limit))
    if limit.who != DOMINANT:
        raise InputError(f"--limit: '{limit.text}': imports are told apart for {DOMINANT} and all others only; give share:{DOMINANT}")
    rows = []
    first = years.index(limit.year if limit.year is not None else years[-1])
    for number in range(first, len(years)):
        for stage in STAGES:
            supplied, whole = _imported_and_supplied(programme, stage, number)
            if whole.any() and supplied.any():
                rows.append((supplied - limit.value * whole, 0.0))
    return rows


def _self_sufficiency(programme: AllianceProgramme, limit: Limit) -> Iterator[tuple[Floats, float]]:
    """Rows ``own output`` of a target, one for each magnet element that its party uses, and the bound of each [t of oxide]."""
    block = next((each for each in programme.blocks if each.party.code == limit.who), None)
    if block is None:
        known = [each.party.code for each in programme.blocks]
        raise UnknownNameError("party of the plan", limit.who, known, "--target")
    years = programme.reference.years
    number = years.index(limit.year if limit.year is not None else years[-1])
    used = {element: held_by_uses(programme, block, limit.what, element, number) for element in limit.elements}
    if not any(used.values()):
        raise InputError(f"--target: '{limit.text}': {limit.who} uses nothing at the stage '{limit.what}' that holds magnet elements")
    for element, amount in used.items():
        if amount > 0.0:
            yield made_by_plants(programme, block, limit.what, element, number), limit.value * amount


def _value_of_plants(programme: AllianceProgramme, block: PartyBlock, stage: str, year: int) -> Floats:
    """Value of the output of plants, old and new, of a stage by column [million USD]."""
    program, s = programme.program, programme.reference.system
    found = np.zeros(len(program.of_columns("low")))
    place = {name: program.place_of(block.name("plants"))[year, j] for j, name in enumerate(block.plants)}
    for row, (process, market) in enumerate(zip(s.recipes["process"], s.recipes["market"], strict=True)):
        commodity = split_market(market)[0]
        if process in place and commodity.startswith(f"{stage}."):
            found[place[process]] += max(programme.reference.production[year, row], 0.0) * block.price(commodity)
    new = program.place_of(block.name("new"))[year] if block.new_plants else np.zeros(0, dtype=np.int64)
    for j, name in enumerate(block.new_plants):
        each = next(each for _, each in block.decisions if each.candidate == name)
        for commodity, rate in each.makes.items():
            if commodity.startswith(f"{stage}."):
                found[new[j]] += max(rate, 0.0) * each.size * block.price(commodity)
    return found


def _value_of_trade(programme: AllianceProgramme, block: PartyBlock, stage: str, year: int, supplier: str | None) -> Floats:
    """Value of imports of a stage by column, of one supplier or of all.

    Of all: with what other members send, less what goes to them [million USD].
    """
    program = programme.program
    row = np.zeros(len(program.of_columns("low")))
    places = program.place_of(block.name("imports"))[year]
    for j, ((commodity, dominant), _) in enumerate(block.import_groups):
        if commodity.startswith(f"{stage}.") and (supplier is None or dominant):
            row[places[j]] += block.rights[year, j] * block.price(commodity)
    if supplier is None:
        for other in programme.blocks:
            if other is block:
                continue
            for giver, taker, sign in ((other, block, 1.0), (block, other, -1.0)):
                name = f"{giver.party.code}>{taker.party.code}"
                places = program.place_of(name)[year]
                for j, commodity in enumerate(programme.exchanged(giver, taker)):
                    if commodity.startswith(f"{stage}."):
                        row[places[j]] += sign * taker.scale[year, taker.at[commodity]] * block.price(commodity)
    return row


def _imported_and_supplied(programme: AllianceProgramme, stage: str, year: int) -> tuple[Floats, Floats]:
    """Value of what members import of a stage from the dominant supplier, and of all that they make and import."""
    imported = sum(_value_of_trade(programme, block, stage, year, DOMINANT) for block in programme.blocks)
    whole = sum(
        _value_of_plants(programme, block, stage, year) + _value_of_trade(programme, block, stage, year, None) for block in programme.blocks
    )
    return np.asarray(imported), np.asarray(whole)


def imported_and_supplied(programme: AllianceProgramme, decided: Floats, stage: str, year: int) -> tuple[float, float]:
    """Value of a stage's goods that members import from the dominant supplier in a year, and of all that they make and import.

    Parameters
    ----------
    programme : AllianceProgramme
    decided : array (column,)
        Second stage of a scenario.
    stage : str
    year : int
        Number of the year.
    """
    imported, whole = _imported_and_supplied(programme, stage, year)
    return float(imported @ decided), float(whole @ decided)
