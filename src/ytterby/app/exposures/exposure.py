"""Use case: where an importer is exposed, by element, stage and end use."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from ytterby.app.dates.controls import register_lines
from ytterby.app.exposures.geopolrisk_scores import geopolrisk_of
from ytterby.app.exposures.goods_under_control import controls_of_importer
from ytterby.app.network.importers import home_of, members_of
from ytterby.app.projects.kept_answers import answer_digest, kept_answer
from ytterby.errors import UnknownNameError
from ytterby.exposure import ElementUse, ExposureData, ExposureResult
from ytterby.facts import elements, names, regions, symbols
from ytterby.system import RARE_EARTHS, base_of, chain_of, chains, newest_base_year

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.exposure import ElementExposure, SinglePoint
    from ytterby.facts import Facts
    from ytterby.system import System

DEFAULT_IMPORTER = "JP"
MIXING = (
    "Shares assume that a market mixes what it takes; bounds span the ranges of links and uses, not whose batch went where; "
    "a share without a range is moved by none of them, which says nothing of the rows that it rests on."
)


def exposure(
    importer: str = DEFAULT_IMPORTER,
    year: int | None = None,
    element: str | None = None,
    project: Path | None = None,
    without: str | None = None,
    chain: str | None = None,
    system: System | None = None,
    on: dt.date | None = None,
    facts: Facts | None = None,
) -> ExposureResult:
    """Exposure of an importer.

    Parameters
    ----------
    importer : str
        Region, or group (``EU``, ``APEC``), which is assessed as one importer.
    year : int, optional
        Base year; the newest of the chain without it.
    element : str, optional
        Symbol; all elements of the System without it. A single element gets bounds for more suppliers, the largest by
        linear programme.
    project : Path, optional
        Project folder whose imported figures win.
    without : str, optional
        Supplier region whose loss is looked at in place of the largest of each stage.
    chain : str, optional
        Which minerals; without it those of the element, else the rare earths. GeoPolRisk is computed for rare earths only.
    system : System, optional
        System in place of that of the base year, such as a base that was rolled forward.
    on : date, optional
        Day of the controls on the goods; today without it.
    facts : Facts, optional
        Figures in place of the project's.

    Raises
    ------
    UnknownNameError
        For an importer, element, supplier or base year that does not exist.
    """
    from ytterby.facts import load

    importer = names.region(importer, "importer").code
    element = names.element(element).code if element else None
    chain = chain or minerals_of(element)
    year = newest_base_year(chain) if year is None else year
    if without is not None and (without := names.region(without, "without").code) not in regions():
        raise UnknownNameError("supplier", without, regions(), "without")
    own = facts is not None or system is not None  # what was handed over is not what a digest of the project names
    facts = facts or load(project)
    asked = _Asked(importer, year, element, without, chain)
    found = _assessed(asked, facts, project, system) if own else _kept(asked, facts, project)
    elements_named, day = _named(found, element, chain), on or _today()
    return found.model_copy(
        update={
            "controls": controls_of_importer(register_lines(facts, project), importer, elements_named, day, found.entries),
            "warnings": _warnings(facts, found.uses, element),
        }
    )


class _Asked(NamedTuple):
    """A question about an exposure, in codes."""

    importer: str
    year: int
    element: str | None
    without: str | None
    chain: str


def _kept(asked: _Asked, facts: Facts, project: Path | None) -> ExposureResult:
    """The exposure as far as it does not depend on the day, from the project or the package where it has been worked out before."""
    digest = answer_digest("exposure", facts.digest, *map(str, asked))
    return kept_answer(digest, project, ExposureResult, lambda: _assessed(asked, facts, project, None))


def _assessed(asked: _Asked, facts: Facts, project: Path | None, system: System | None) -> ExposureResult:
    """The exposure as far as it does not depend on the day: without controls and warnings."""
    from ytterby.app.exposures.value_at_stake import by_supplier, largest_by_sector, value_at_stake
    from ytterby.app.network.bases import base_system
    from ytterby.exposure import EMBEDDED, assess_elements
    from ytterby.store import ExposureCache

    importer, year, element, without, chain = asked
    home = home_of(importer)
    system = system or base_system(year, facts, project, chain)
    cache = ExposureCache(project) if project else None
    names_asked = _elements(system, element)
    found = assess_elements(system, names_asked, home, alone=element is not None, without=without, checkpoint=cache)
    used = [item for item in found if item.use > 0]
    entries = [row for item in used for row in item.entries]
    stakes = value_at_stake(system, home, used)
    score, detail = geopolrisk_of(importer, year, facts, used, home, chain)
    return ExposureResult(
        importer=importer,
        year=year,
        chain=chain,
        as_of=facts.as_of.isoformat(),
        geopolrisk=score,
        geopolrisk_detail=detail,
        uses=tuple(_use(item) for item in used),
        suppliers=tuple(row for item in used for row in item.suppliers),
        passed=tuple(row for item in used for row in item.passed),
        entries=tuple(entries),
        embedded=tuple(row for row in entries if row.stage in EMBEDDED),
        indicators=tuple(row for item in used for row in item.indicators),
        single_points=_single_points(system, home, used),
        value_added_at_stake=tuple(largest_by_sector(stakes)),
        at_stake_by_supplier=tuple(by_supplier(stakes, _gdp(facts, importer, year))),
        controls=(),
        data=_data(facts, system),
        warnings=(),
    )


def minerals_of(element: str | None) -> str:
    """Which minerals a question is about: those of its element, by symbol or name; the rare earths where it names none.

    Raises
    ------
    UnknownNameError
        If no element is called so.
    """
    return chain_of(names.element(element).code) if element else RARE_EARTHS


def elements_beside_rare_earths() -> tuple[str, ...]:
    """Symbols of the elements that have a base of their own, such as gallium."""
    newest = (base_of(newest_base_year(chain), chain) for chain in chains())
    return tuple(element for base in newest for element in base.elements.split("|") if element)


def _elements(system: System, element: str | None) -> list[str]:
    held = [name for name in symbols() if name in set(system.contents["element"])]
    if element is None:
        return held
    if element not in held:
        raise UnknownNameError("element", element, {name: symbols()[name].name() for name in held})
    return [element]


def _named(found: ExposureResult, element: str | None, chain: str) -> list[str]:
    """Elements whose orders are named: the law binds all rare earths, those too for which the model has no use, such as holmium."""
    return list(elements()) if element is None and chain == RARE_EARTHS else [use.element for use in found.uses]


def _use(item: ElementExposure) -> ElementUse:
    bought = item.bought
    return ElementUse(
        element=item.element,
        use_t=item.use,
        assumed=item.assumed,
        stockpile_days=_days(item),
        bought_as=bought.stage if bought else None,
        import_reliance=bought.import_reliance if bought else None,
        net_exporter=bool(bought and bought.net_exporter),
        facts=item.facts,
    )


def _days(item: ElementExposure) -> float | None:
    return item.stockpiled / item.use * 365.25 if item.stockpiled > 0 else None


def _single_points(system: System, home: tuple[str, ...], used: list[ElementExposure]) -> tuple[SinglePoint, ...]:
    """Those of all elements, fewest countries first."""
    from ytterby.app.exposures.value_at_stake import main_elements

    main = main_elements(system, home)
    rows = [
        row.model_copy(
            update={"main": row.end_use == "all" or row.element in main.get(row.end_use, ()), "region": ", ".join(row.countries)}
        )
        for item in used
        for row in item.single_points
        if row.stopped
    ]
    return tuple(sorted(rows, key=lambda row: (row.size, not row.main, row.end_use != "all", row.left)))


def _gdp(facts: Facts, importer: str, year: int) -> float | None:
    """GDP [USD/year] of the newest year that every member has a figure for; None without one."""
    table = facts.gdp()
    mine = table[table["country"].isin(members_of(importer)) & (table["year"] <= year)]
    if mine.empty:
        return None
    newest = mine[mine["year"] == mine.groupby("country")["year"].max().min()]
    return float(newest["gdp_usd"].sum())


def _data(facts: Facts, system: System) -> ExposureData:
    return ExposureData(
        system=system.digest[:12],
        system_as_of=system.as_of,
        trade="BACI (CEPII), Etalab 2.0; Gaulier and Zignago (2010)",
        governance="World Bank, Worldwide Governance Indicators, CC BY 4.0",
        user=facts.user_statement or "no figures of the user",
        mixing=MIXING,
    )


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _warnings(facts: Facts, used: tuple[ElementUse, ...], element: str | None) -> tuple[str, ...]:
    """What a reader must know first: assumed ground, expired regimes, elements without use."""
    found = [
        f"{state.description} was to end on {state.end}; whether it did is not in the facts" for state in facts.expired_states(_today())
    ]
    if used:
        mass = sum(item.use_t for item in used)
        share = sum(item.use_t * item.assumed for item in used) / mass
        found.append(f"{share:.0%} of the imports and uses behind these shares, by mass, rest on assumed rows")
    elif element:
        found.append(f"no use of {element} in the base system")
    return tuple(found)
