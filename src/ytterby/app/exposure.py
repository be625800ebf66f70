"""Use case: where an importer is exposed, by element, stage and end use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.app.controls import register_lines
from ytterby.app.goods_under_control import controls_of_importer
from ytterby.errors import DataGapError, UnknownNameError
from ytterby.exposure import ElementUse, ExposureData, ExposureResult, GeoPolRiskDetail, GeoPolRiskGap, ImportYear
from ytterby.facts import elements, expand_regions, groups, names, region_of, regions, symbols
from ytterby.result_model import ResultModel
from ytterby.system import RARE_EARTHS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    from ytterby.exposure import ElementExposure, Producers, SinglePoint, ValueAtStake
    from ytterby.facts import Facts
    from ytterby.system import System

DEFAULT_IMPORTER = "JP"
MISLEADS = (
    "GeoPolRisk looks at the last border only: ore mined at home counts as safe even where another country refines it, "
    "and re-exports count as the re-exporter's. The traced variants follow the same use to the mine and to separation."
)
NO_SCORE = "GeoPolRisk is computed from the headings of rare earths only"
MIXING = (
    "Shares assume that a market mixes what it takes; bounds span the ranges of links and uses, not whose batch went where; "
    "a share without a range is moved by none of them, which says nothing of the rows that it rests on."
)


def home_of(importer: str) -> tuple[str, ...]:
    """Regions of an importer: a region or a group such as EU."""
    return expand_regions(importer, "importer")


def members_of(importer: str, countries: Iterable[str] = ()) -> tuple[str, ...]:
    """ISO codes of an importer; the rest of the world takes all given countries that no region names."""
    found: list[str] = []
    for region in home_of(importer):
        listed = regions()[region].members or (region,)
        found.extend(code for code in countries if region_of(code) == region) if listed == ("*",) else found.extend(listed)
    return tuple(found)


def exposure(
    importer: str = DEFAULT_IMPORTER,
    year: int = 2024,
    element: str | None = None,
    project: Path | None = None,
    without: str | None = None,
    chain: str = RARE_EARTHS,
    system: System | None = None,
    on: dt.date | None = None,
    facts: Facts | None = None,
) -> ExposureResult:
    """Exposure of an importer.

    Parameters
    ----------
    importer : str
        Region, or group (``EU``, ``APEC``), which is assessed as one importer.
    year : int
        Base year.
    element : str, optional
        Symbol; all elements of the System without it. A single element gets bounds for more suppliers, the largest by
        linear programme.
    project : Path, optional
        Project folder whose imported figures win.
    without : str, optional
        Supplier region whose loss is looked at in place of the largest of each stage.
    chain : str
        Which minerals; GeoPolRisk is computed for rare earths only.
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
    from ytterby.app.bases import base_system
    from ytterby.exposure import EMBEDDED, assess_elements, value_at_stake
    from ytterby.facts import load
    from ytterby.store import ExposureCache

    importer = names.region(importer, "importer").code
    home = home_of(importer)
    if without is not None and (without := names.region(without, "without").code) not in regions():
        raise UnknownNameError("supplier", without, regions(), "without")
    facts = facts or load(project)
    system = system or base_system(year, facts, project, chain)
    asked = _elements(system, names.element(element).code if element else None)
    cache = ExposureCache(project) if project else None
    found = assess_elements(system, asked, home, alone=element is not None, without=without, checkpoint=cache)
    used = [item for item in found if item.use > 0]
    entries = [row for item in used for row in item.entries]
    stake = value_at_stake(system, home, used)
    score, detail = _geopolrisk(importer, year, facts, used, home, chain)
    return ExposureResult(
        importer=importer,
        year=year,
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
        value_added_at_stake=tuple(stake),
        gdp_share_at_stake=_gdp_share(facts, importer, year, stake),
        controls=controls_of_importer(register_lines(facts, project), importer, _named(used, element, chain), on or _today(), entries),
        data=_data(facts, system),
        warnings=_warnings(facts, used, element),
    )


def _elements(system: System, element: str | None) -> list[str]:
    held = [name for name in symbols() if name in set(system.contents["element"])]
    if element is None:
        return held
    if element not in held:
        raise UnknownNameError("element", element, {name: symbols()[name].name() for name in held})
    return [element]


def _named(used: list[ElementExposure], element: str | None, chain: str) -> list[str]:
    """Elements whose orders are named: the law binds all rare earths, those too for which the model has no use, such as holmium."""
    return list(elements()) if element is None and chain == RARE_EARTHS else [item.element for item in used]


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
    from ytterby.exposure import main_elements

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


def _geopolrisk(  # noqa: PLR0913, PLR0917
    importer: str, year: int, facts: Facts, used: list[ElementExposure], home: tuple[str, ...], chain: str
) -> tuple[float | None, GeoPolRiskDetail | GeoPolRiskGap]:
    """Score, and its factors with traced variants or why there is none."""
    from ytterby.exposure import region_risk, traced_score

    if chain != RARE_EARTHS:
        return None, GeoPolRiskGap(gap=NO_SCORE)
    data = _RiskData(facts)
    try:
        row = data.row(importer, year)
    except DataGapError as gap:
        return None, GeoPolRiskGap(gap=str(gap))
    risk = region_risk(data.risk[year])
    scores = (traced_score(used, stage, home, risk) for stage in ("mine", "oxide", "metal", "magnet"))
    return row.score, row.model_copy(update={"traced": tuple(score for score in scores if score), "misleads": MISLEADS})


class ImportHistory(ResultModel):
    """Share of a supplier in rare-earth imports, as customs see it and traced, since 1995."""

    supplier: str
    """ISO alpha-2 code."""
    history: tuple[ImportYear, ...]
    """By year, then importer."""


@dataclass(frozen=True)
class _RiskData:
    """What GeoPolRisk is made of, gathered once for any number of importers and years."""

    facts: Facts

    @cached_property
    def bought(self) -> dict[int, dict[str, dict[str, float]]]:
        """Tonnes by year, importing country and exporter; rows without a quantity are left out."""
        from ytterby.exposure import RARE_EARTH_CODES

        trade = self.facts.trade()
        trade = trade[trade["hs"].isin(RARE_EARTH_CODES) & trade["quantity_t"].notna()]
        sums = trade.groupby(["year", "importer", "exporter"], sort=False)["quantity_t"].sum()
        found: dict[int, dict[str, dict[str, float]]] = {}
        for (year, importer, exporter), tonnes in zip(sums.index, sums.to_list(), strict=True):
            found.setdefault(year, {}).setdefault(importer, {})[exporter] = tonnes
        return found

    @cached_property
    def risk(self) -> dict[int, dict[str, float]]:
        """Political risk 0-1 by year and country."""
        table = self.facts.governance()
        found: dict[int, dict[str, float]] = {}
        for year, country, risk in zip(table["year"].to_list(), table["country"].to_list(), table["risk"].to_list(), strict=True):
            found.setdefault(year, {})[country] = risk
        return found

    @cached_property
    def produced(self) -> pd.DataFrame:
        """Rows of mine production by country and year."""
        from ytterby.exposure import production_rows

        return production_rows(self.facts)

    @cached_property
    def made(self) -> dict[int, Producers]:
        """Mine production of the years that were asked for."""
        return {}

    def production(self, year: int) -> Producers:
        """Mine production of a year.

        Raises
        ------
        DataGapError
            If there is none; the message names the years that there are.
        """
        from ytterby.exposure import producers

        if year not in self.made:
            self.made[year] = producers(self.facts, year, self.produced)
        return self.made[year]

    def imports(self, year: int, importer: str, producing: Iterable[str]) -> tuple[tuple[str, ...], dict[str, float]]:
        """Countries of an importer, and its imports by exporter [t].

        Raises
        ------
        DataGapError
            If the year has no trade at all.
        """
        now = self.bought.get(year)
        if now is None:
            raise DataGapError(f"GeoPolRisk {year}: no trade with quantities in that year")
        members = members_of(importer, {*now, *producing})
        total: dict[str, float] = {}
        for member in members:
            for exporter, tonnes in now.get(member, {}).items():
                total[exporter] = total.get(exporter, 0.0) + tonnes
        return members, total

    def row(self, importer: str, year: int) -> GeoPolRiskDetail:
        """Score of one importer and year with its factors and the data used.

        Raises
        ------
        DataGapError
            If production, trade or governance figures of the year are missing.
        """
        from ytterby.exposure import score

        made = self.production(year)
        members, bought = self.imports(year, importer, made.tonnes)
        found = score(importer, year, members, made.tonnes, bought, self.risk.get(year, {}))
        return GeoPolRiskDetail(
            score=found.score,
            hhi=found.hhi,
            import_risk=found.import_risk,
            imports_t=found.imports,
            own_production_t=found.production,
            production=made.source,
            notes=tuple(made.notes),
            unrated=found.unrated,
        )


def geopolrisk(importers: Iterable[str], years: Iterable[int], project: Path | None = None) -> pd.DataFrame:
    """GeoPolRisk of many importers and years.

    Returns
    -------
    DataFrame
        ``importer, year, score, hhi, import_risk, imports_t, own_production_t, production, gap``; a year without data
        has its row, with empty figures and the reason in ``gap``.
    """
    import pandas as pd

    from ytterby.facts import load

    data, rows = _RiskData(load(project)), []
    names, spans = list(importers), list(years)
    for year in spans:
        for importer in names:
            try:
                rows.append({"importer": importer, "year": year, "gap": "", **data.row(importer, year).to_dict()})
            except DataGapError as gap:
                rows.append({"importer": importer, "year": year, "gap": str(gap)})
    columns = ["importer", "year", "score", "hhi", "import_risk", "imports_t", "own_production_t", "production", "gap"]
    return pd.DataFrame(rows, columns=columns)


def _gdp_share(facts: Facts, importer: str, year: int, stake: list[ValueAtStake]) -> float | None:
    """Value added at stake over GDP, of the newest year that every member has a figure for."""
    table = facts.gdp()
    mine = table[table["country"].isin(members_of(importer)) & (table["year"] <= year)]
    if mine.empty:
        return None
    newest = mine[mine["year"] == mine.groupby("country")["year"].max().min()]
    return float(sum(row.at_stake_usd for row in stake) / newest["gdp_usd"].sum())


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


def _warnings(facts: Facts, used: list[ElementExposure], element: str | None) -> tuple[str, ...]:
    """What a reader must know first: assumed ground, expired regimes, elements without use."""
    found = [
        f"{state.description} was to end on {state.end}; whether it did is not in the facts" for state in facts.expired_states(_today())
    ]
    if used:
        mass = sum(item.use for item in used)
        share = sum(item.use * item.assumed for item in used) / mass
        found.append(f"{share:.0%} of the imports and uses behind these shares, by mass, rest on assumed rows")
    elif element:
        found.append(f"no use of {element} in the base system")
    return tuple(found)


def history_importers(supplier: str = "CN") -> list[str]:
    """Importers of the history: all regions and groups that the supplier is no part of."""
    at = region_of(supplier)
    return [*(code for code in regions() if code != at), *(code for code, group in groups().items() if at not in group.members)]


def history(importers: Iterable[str] | None = None, supplier: str = "CN", project: Path | None = None) -> ImportHistory:
    """Direct against traced share of a supplier in rare-earth imports 1995-2024, with the band of who counts as a producer.

    Parameters
    ----------
    importers : iterable of str, optional
        Regions or groups; all without it.
    supplier : str
        ISO alpha-2 code.
    project : Path, optional
        Project folder whose imported figures win.

    Raises
    ------
    UnknownNameError
        For an importer or supplier that does not exist.
    """
    from ytterby.exposure import RARE_EARTH_CODES, interpolated
    from ytterby.exposure import trade_history as past
    from ytterby.facts import load

    facts = load(project)
    trade = facts.trade()
    trade = trade[trade["hs"].isin(RARE_EARTH_CODES)]
    codes = sorted(set(trade["exporter"]) | set(trade["importer"]))
    if supplier not in codes and (supplier := names.country(supplier, "supplier").code) not in codes:
        raise UnknownNameError("supplier (ISO alpha-2)", supplier, codes)
    named = [names.region(name, "importer").code for name in importers] if importers is not None else history_importers(supplier)
    wanted = {name: members_of(name, codes) for name in named}
    years = range(int(trade["year"].min()), int(trade["year"].max()) + 1)
    return ImportHistory(supplier=supplier, history=past.history(trade, interpolated(facts, years), wanted, supplier))
