"""The register of export controls and duties on minerals: which good stands under which order, and in which state on a day.

The tables ``register/orders.csv`` and ``register/goods.csv`` are made from dated facts, whose ids each order names. Their states
follow from the dates alone: what no fact says to have gone on is called expired or unconfirmed, never guessed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from ytterby.facts import periods, vocabulary
from ytterby.tables import records, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd

    from ytterby.facts.load import Facts

OPEN = dt.timedelta(days=3 * 365)
"""Time after the last fact that confirms a measure without an end from which it is no longer called in force (assumed)."""
STATES = ("announced", "in force", "suspended", "expired", "unconfirmed", "ended", "not enforced")
"""States on a day.

``expired``: an end or the end of a suspension has passed without a later fact; ``unconfirmed``: no end is known, and no fact of
the last three years says that it stands.
"""
STANDING = ("in force", "suspended", "announced", "expired")
"""States that concern a buyer on the day: the rule applies, may come, or nobody here knows."""
DUAL_USE = "dual_use"
"""Family of an order on all dual-use goods, whatever they are made of: those that the country's licences list."""
CONTROL_MARK, STATE_MARK = "control", "state"
"""First keys of the scope of a user's row: a control of his own, or a later fact on a dated state."""


@dataclass(frozen=True)
class ControlOrder:
    """A legal act that controls or taxes goods; dates are ISO, empty where none is known.

    ``kind`` is ban, quota, duty (on exports), tariff (on imports), customs (ordinary duty on imports), licence, technology, list,
    tax or embargo; ``side`` is export, import, or abroad: goods made elsewhere with material of the country. ``ended_by`` are the
    facts that say that it ended on `until`, ``confirmed`` is the last day on which a fact says that it stands. ``term`` and
    ``suspension`` are subjects of ``schema/states.csv``: the order is such a temporary state, or is suspended by it.
    """

    id: str
    order: str
    by: str
    to: str
    exempt: str
    kind: str
    side: str
    rate: str
    announced: str
    start: str
    until: str
    ended_by: tuple[str, ...]
    confirmed: str
    term: str
    suspension: str
    enforced: str
    facts: tuple[str, ...]
    source: str
    url: str
    basis: str
    note: str


@dataclass(frozen=True)
class ControlledGood:
    """A good under an order.

    ``materials`` are elements or families, ``commodities`` those of the model, ``like`` commodities that customs count under the
    same heading where the model has none, ``hs`` headings and ``codes`` codes of the control list that the order states.
    """

    order: str
    good: str
    materials: tuple[str, ...]
    commodities: tuple[str, ...]
    like: tuple[str, ...]
    hs: tuple[str, ...]
    codes: tuple[str, ...]

    def is_of(self, material: str) -> bool:
        """Whether it is said to be of a material: of rare earths if it is of any one, of one of them only if that is named."""
        return material in self.materials or (material == "rare_earths" and any(name in vocabulary.elements() for name in self.materials))

    def covers(self, commodity: str) -> bool:
        """Whether a commodity of the model is the good; ``oxide.*`` covers every rare-earth oxide."""
        return any(fnmatchcase(commodity, pattern) for pattern in self.commodities)


@dataclass(frozen=True)
class ControlState:
    """State of a control on a day, since when, until when, and the fact that says so beyond those of the order."""

    state: str
    since: dt.date
    until: dt.date | None = None
    fact: str = ""


@dataclass(frozen=True)
class Phase:
    """A state that a control enters on a day; ``silent_end`` where nothing is known of what follows `until`."""

    start: dt.date
    state: str
    until: dt.date | None = None
    fact: str = ""
    silent_end: bool = False


@dataclass(frozen=True)
class ControlLine:
    """A good with its order and the phases of the order, oldest first."""

    good: ControlledGood
    order: ControlOrder
    phases: tuple[Phase, ...]
    origin: str = "register"
    """``register``, ``user`` or ``articles``."""

    @property
    def hs(self) -> tuple[tuple[str, ...], str]:
        """Headings of the harmonised system (six digits), and whether the order states them or they are derived from the good."""
        if self.good.hs:
            return self.good.hs, "stated"
        found = headings(self.good.commodities or self.good.like)
        return found, "derived" if found else ""

    def on(self, day: dt.date) -> ControlState | None:
        """State on a day; None before the order was announced."""
        begun = [phase for phase in self.phases if phase.start <= day]
        if not begun:
            return None
        last = begun[-1]
        if self.order.enforced == "no":
            return ControlState("not enforced", last.start)
        if last.until and day > last.until:
            state = "expired" if last.silent_end else "ended"
            return ControlState(state, last.until + dt.timedelta(days=1), last.until, last.fact)
        confirmed = max(dt.date.fromisoformat(self.order.confirmed), last.start)
        if last.state == "in force" and last.until is None and day > confirmed + OPEN:
            return ControlState("unconfirmed", last.start, None, last.fact)
        return ControlState(last.state, last.start, last.until, last.fact)

    def names(self, material: str) -> bool:
        """Whether the good is or holds a material: an element, or a family that the element belongs to."""
        if "all" in self.good.materials or material in self.good.materials:
            return True
        rare = vocabulary.elements()
        if material == "rare_earths":
            return any(name in rare for name in self.good.materials)
        return material in rare and "rare_earths" in self.good.materials

    def covers(self, commodity: str) -> bool:
        """Whether a commodity of the model is the good, see :meth:`ControlledGood.covers`."""
        return self.good.covers(commodity)

    @property
    def on_dual_use(self) -> bool:
        """Whether the order is on all dual-use goods."""
        return DUAL_USE in self.good.materials

    def lapsed(self, state: ControlState) -> bool:
        """Whether a suspension was to have ended and no later fact says what followed: then it is in force again unless prolonged."""
        return state.state == "expired" and self.phases[-1].state == "suspended"

    def lists(self, day: dt.date) -> bool:
        """Whether its goods are dual-use goods on a day: they need a licence for export, or do again unless its suspension goes on."""
        order, state = self.order, self.on(day)
        licence = order.kind == "licence" and order.side == "export" and not self.on_dual_use
        return licence and state is not None and (state.state == "in force" or self.lapsed(state))

    def reaches(self, importer: str) -> bool:
        """Whether the order concerns what a region or group buys: as destination of exports, or as the one that taxes imports."""
        return _same(self.order.by if self.order.side == "import" else self.order.to, importer)

    def leaves(self, origin: str) -> bool:
        """Whether the order concerns what a country delivers; one on goods made abroad concerns all but the country itself."""
        if self.order.side == "abroad":
            return origin not in self.order.by.split("+")
        return _same(self.order.to if self.order.side == "import" else self.order.by, origin)


def listing_orders(
    line: ControlLine, lines: Iterable[ControlLine], day: dt.date, asked: Callable[[ControlledGood], bool]
) -> tuple[str, ...]:
    """Orders by which goods that are asked for are among the dual-use goods of a line; none for a line on goods of its own.

    Parameters
    ----------
    line : ControlLine
        Such as a ban on dual-use goods for military users.
    lines : iterable of ControlLine
        The register.
    day : date
        Day on which the orders list the goods.
    asked : callable
        Whether a listed good is asked for.
    """
    if not line.on_dual_use:
        return ()
    found = (other.order for other in lines if other.order.by == line.order.by and asked(other.good) and other.lists(day))
    return tuple(dict.fromkeys(order.order for order in found))


def _same(party: str, place: str) -> bool:
    """Whether a place is the party, part of it, or the party is all; a region that holds the party counts."""
    if party in ("all", "WORLD", place):
        return True
    held = vocabulary.groups()[party].members if party in vocabulary.groups() else (party,)
    inside = vocabulary.groups()[place].members if place in vocabulary.groups() else (place,)
    return any(one in held or vocabulary.region_of(one) in held or vocabulary.region_of(other) == one for one in inside for other in held)


@cache
def headings(commodities: tuple[str, ...]) -> tuple[str, ...]:
    """Headings under which customs count some commodities, by the package's concordance ``register/headings.csv``."""
    table = [(row["pattern"], row["hs"]) for row in rows("ytterby.facts", "data/register/headings")]
    found = (next((hs for pattern, hs in table if fnmatchcase(name, pattern)), "") for name in commodities)
    return tuple(dict.fromkeys(hs for hs in found if hs))


@cache
def control_lines(facts: Facts) -> tuple[ControlLine, ...]:
    """All goods under all orders, packaged and the user's, by order and good."""
    orders = {order.id: order for order in records("ytterby.facts", "data/register/orders", ControlOrder)}
    goods = records("ytterby.facts", "data/register/goods", ControlledGood)
    later = later_facts(facts)
    phases = {name: tuple(_phases(order, later)) for name, order in orders.items()}
    packaged = tuple(ControlLine(good, orders[good.order], phases[good.order]) for good in goods)
    return packaged + tuple(_own_lines(facts, later))


def _phases(order: ControlOrder, later: pd.DataFrame) -> Iterator[Phase]:
    """Phases of an order, oldest first: announced, in force, suspended, and what the user's later facts say."""
    announced, start = dt.date.fromisoformat(order.announced), dt.date.fromisoformat(order.start)
    until = dt.date.fromisoformat(order.until) if order.until else None
    pauses = [(dt.date.fromisoformat(s["start"]), dt.date.fromisoformat(s["end"]), s["id"]) for s in _states(order.suspension)]
    found = [Phase(announced, "announced", start - dt.timedelta(days=1))] if announced < start else []
    if not any(first <= start <= last for first, last, _ in pauses):
        found.append(Phase(start, "in force", until, "", silent_end=until is not None and not order.ended_by))
    found += [Phase(first, "suspended", last, fact, silent_end=True) for first, last, fact in pauses]
    begun = [phase.start for phase in found if phase.silent_end]
    subjects = {order.term, order.suspension} - {""}
    found += _later_phases(later[later["subject"].isin(subjects)], min(begun, default=start))
    yield from sorted(found, key=lambda phase: phase.start)


def _later_phases(later: pd.DataFrame, begun: dt.date) -> Iterator[Phase]:
    """What the user's rows say of a temporary state from its beginning on: that it was prolonged, cut short or ended."""
    for id_, row in later.iterrows():
        start, last = periods.start(row["period"]), periods.end(row["period"])
        if start is None or start < begun:
            continue
        until = last if "/" in row["period"] else None
        if row["status"] == "ended":
            yield Phase(start, "ended", None, str(id_))
        else:
            yield Phase(start, row["status"] or "in force", until, str(id_), silent_end=until is not None)


def _states(subject: str) -> list[dict[str, str]]:
    return [row for row in vocabulary.listed("states").values() if subject and row["subject"] == subject]


def scope_keys(scope: str) -> dict[str, str]:
    """Keys of a scope written as ``control: licence; order: No. 7; hs: 284690``."""
    pairs = (part.partition(":") for part in scope.split(";"))
    return {key.strip(): text.strip() for key, _, text in pairs if key.strip()}


def later_facts(facts: Facts) -> pd.DataFrame:
    """The user's rows with ``state: SUBJECT`` in their scope, and columns ``subject`` and ``status`` (in force, suspended, ended)."""
    table = facts.table[facts.table["scope"].str.contains(f"{STATE_MARK}:", regex=False)]
    keys = [scope_keys(scope) for scope in table["scope"]]
    return table.assign(subject=[k.get(STATE_MARK, "") for k in keys], status=[k.get("status", "") for k in keys])


def _own_lines(facts: Facts, later: pd.DataFrame) -> Iterator[ControlLine]:
    """Controls among the user's figures: rows with ``control: KIND`` in their scope."""
    own = facts.table[facts.table["scope"].str.startswith(f"{CONTROL_MARK}:") & facts.table.index.isin(facts.user_ids)]
    for id_, row in own.iterrows():
        keys, start = scope_keys(row["scope"]), periods.start(row["period"])
        if start is None:
            continue
        last = periods.end(row["period"]) if "/" in row["period"] else None
        order = _own_order(str(id_), row, keys, start, last)
        materials = tuple(dict.fromkeys(filter(None, (row["element"], *keys.get("materials", "").split()))))
        commodities = (row["commodity"],) if row["commodity"] else ()
        good = ControlledGood(
            order.id,
            keys.get("good") or row["commodity"] or ", ".join(materials) or "all goods",
            materials or _elements_of(commodities) or ("all",),
            commodities,
            (),
            tuple(keys.get("hs", "").split()),
            tuple(keys.get("codes", "").split()),
        )
        yield ControlLine(good, order, tuple(_phases(order, later)), "user")


def _own_order(id_: str, row: pd.Series, keys: dict[str, str], start: dt.date, last: dt.date | None) -> ControlOrder:
    rate = f"{row['value']:g} {row['unit']}" if row["value"] == row["value"] else ""
    return ControlOrder(
        id=id_,
        order=keys.get("order", f"your figure {id_}"),
        by=row["region"],
        to=row["partner"] if row["partner"] not in ("", "WORLD") else "all",
        exempt=keys.get("exempt", ""),
        kind=keys[CONTROL_MARK],
        side=keys.get("side", "import" if keys[CONTROL_MARK] == "tariff" else "export"),
        rate=rate,
        announced=keys.get("announced", str(start)),
        start=str(start),
        until=str(last) if last else "",
        ended_by=(id_,) if keys.get("end") == "known" else (),
        confirmed=str(start),
        term=id_,
        suspension=id_,
        enforced="yes",
        facts=(id_,),
        source=row["source"],
        url=row["url"],
        basis=row["kind"],
        note=row["note"],
    )


def _elements_of(commodities: Iterable[str]) -> tuple[str, ...]:
    """Elements named by commodities such as ``oxide.Dy``."""
    products = (part for name in commodities for part in name.partition(".")[2].split("-"))
    return tuple(dict.fromkeys(part for part in products if part in vocabulary.symbols()))
