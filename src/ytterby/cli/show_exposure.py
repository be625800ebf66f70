"""Terminal output of exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.app import by_importer, place_name, sentence
from ytterby.cli.numbers import money, significant
from ytterby.cli.region_codes import explained
from ytterby.cli.show_controls import listed_words
from ytterby.cli.tables import TextTable, plain_console, prose
from ytterby.exposure import GeoPolRiskGap
from ytterby.facts import sectors, stage_of, symbols
from ytterby.report import bounded_percents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from ytterby.app import ImportHistory
    from ytterby.exposure import ElementUse, ExposureResult, ImportYear, Indicator, PassedShare, SupplierShare, UnderControl

NO_SUPPLIER = ("secondary", "undocumented")
PICTURED = ("JP", "US", "DE", "FR", "KR", "EU")
"""Importers in the chart of import history if none is given."""
YEARS = (2000, 2005, 2009, 2010, 2012, 2015, 2020, 2024)
"""Years of the compact table of several importers."""
PAST_NOTE = (
    "Direct: the country that customs name. Traced: exports of non-producers keep the mix of their imports; the range spans "
    "who counts as a producer. By value where tonnes are missing (1995-1999). Data: BACI (CEPII), HS 280530, 284610, 284690; "
    "USGS mine production."
)
ASSUMED = 0.5
"""Share of assumed figures from which a row is marked with an asterisk [1]."""
SHOWN = 0.01
"""Smallest share of a supplier that is listed [1]."""
FORMS = {"mine": "ore"}
"""Names of stages as forms of goods, where the stage is called otherwise."""
SURVIVES = (
    "Survives counts how long the stocks of that one stage's material last, until the first 1 % of its use is missing; it does not say "
    "when a factory stops, which has stocks of its own and may slow down first"
)
MANY = 12
"""Number of elements from which they are called all rare earths."""


def form(stage: str, *elements: str) -> str:
    """Form of the goods of a stage in the chains of some elements, such as crude metal of gallium."""
    terms = (stage_of(stage, element) for element in elements or ("",))
    return "/".join(dict.fromkeys(term.name().lower() if term else FORMS.get(stage, stage) for term in terms))


def _step(stage: str, element: str) -> str:
    """Stage as a row is headed: its code, or what it is called in the element's chain."""
    return form(stage, element) if stage_of(stage, element) else stage


def _table(title: str, columns: Iterable[str], left: int = 1) -> TextTable:
    return TextTable.of(title, columns, left)


def percent(share: float | None) -> str:
    """Share in whole per cent, or ``<1 %`` and ``>99 %`` if it would be rounded to nothing or to all."""
    if share is None:
        return "-"
    sign, shown = bounded_percents(100.0 * share)
    return f"{sign}{shown:.0f} %"


def band(low: float | None, high: float | None) -> str:
    """Range of a share; empty where there is none, and where no range of a link or use moves the share by a per cent."""
    if low is None or high is None:
        return ""
    first, last = (f"{sign}{shown:.0f}" for sign, shown in (bounded_percents(100.0 * end) for end in (low, high)))
    return f"[{first}-{last}]" if first != last else ""


def days(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """Days with their range; ``> 3 y`` beyond the time considered."""
    if value is None and low is None:
        return "> 3 y"
    text = "> 3 y" if value is None else f"{value:.0f}"
    return text if low is None else f"{text} [{low:.0f}-{'...' if high is None else f'{high:.0f}'}]"


def show_exposure(found: ExposureResult, element: str | None) -> None:
    """Print the exposure in the base year, in full for one element."""
    console = plain_console()
    console.print(f"[bold]Exposure of {place_name(found.importer)}[/bold], base year {found.year}, as of {found.as_of}")
    for table in _one_element(found, element) if element else _all_elements(found):
        console.print()
        console.print(explained(table))
    console.print()
    _geopolrisk(console, found, f"the use of {element}" if element else "the same use")
    for line in (found.data.mixing, f"Data: {found.data.trade}; {found.data.governance}; {found.data.user}."):
        prose(console, line, "dim")
    for warning in found.warnings:
        prose(console, f"warning: {warning}", "yellow")


def _tonnes(use: float) -> str:
    """Tonnes a year, with a decimal where a whole number would hide a small use."""
    return f"{use:,.0f}" if use >= 10.0 else f"{use:.1f}"


def main_supplier(found: ExposureResult, element: str) -> PassedShare | None:
    """Foreign region through which the largest share of all uses passed."""
    from ytterby.app import home_of

    home = home_of(found.importer)
    rows = [r for r in found.passed if r.element == element and r.end_use == "all" and r.supplier not in home]
    return max(rows, key=lambda row: row.share, default=None)


def _traced(rows: Iterable[SupplierShare]) -> dict[tuple[str, str, str, str], float]:
    """Traced share by element, stage, end use and supplier; a survey has ten thousand rows, which are read once."""
    found: dict[tuple[str, str, str, str], float] = {}
    for row in rows:
        key = (row.element, row.stage, row.end_use, row.supplier)
        found[key] = found.get(key, 0.0) + row.share_traced
    return found


SEPARATED = {"mine": "mined", "oxide": "separated"}
REFINED = {"mine": "first made", "metal": "refined"}
"""Heads of the columns of two stages, by stage: of a chain that separates its ore, and of one whose first good is refined to metal."""


def _ends(found: ExposureResult) -> dict[str, str]:
    """Stages of the survey with their heads."""
    return SEPARATED if any(row.stage == "oxide" for row in found.suppliers) else REFINED


def _all_elements(found: ExposureResult) -> list[TextTable]:
    ends = _ends(found)
    heads = (
        "element",
        "use t",
        "bought as",
        "reliance",
        "supplier",
        "direct",
        "embedded",
        *ends.values(),
        "in all",
        "range",
        "ground",
    )
    table = _table("Dependence of use: share of the largest foreign supplier, by mass", heads)
    traced = _traced(found.suppliers)
    for use in found.uses:
        name = use.element
        top = main_supplier(found, name)
        if top is None:
            continue
        shares = found.dependence(name, top.supplier)
        table.add_row(
            f"{name} {symbols()[name].name()}", _tonnes(use.use_t),
            form(use.bought_as, name) if use.bought_as else "-", reliance(use), top.supplier,
            percent(shares.direct),
            percent(shares.embedded), *(percent(traced.get((name, stage, "all", top.supplier), 0.0)) for stage in ends),
            percent(shares.traced), band(shares.low, shares.high), "assumed" if use.assumed >= ASSUMED else "",
        )  # fmt: skip
    table.caption = (
        "direct: last border crossed from there, as concentrate, oxide, metal or magnet; embedded: in "
        f"components; {', '.join(ends.values())}: last processed there; in all: processed there at any stage, with its range; "
        "reliance: net imports over consumption, in the form in which most is bought on balance"
    )
    return [table, _indicators(found, worst=True), _points(found), _stake(found), under_control(found.controls)]


def _one_element(found: ExposureResult, element: str) -> list[TextTable]:
    table = _table("Suppliers by stage, all end uses", ("stage", "supplier", "direct", "traced", "range"), 2)
    bought = {row.stage for row in found.indicators if row.import_reliance is not None}
    for row in found.suppliers:
        direct = row.share_direct if row.stage in bought else None
        if row.end_use == "all" and max(row.share_traced, direct or 0.0) >= SHOWN:
            table.add_row(
                _step(row.stage, row.element), _supplier(row.supplier), percent(direct), percent(row.share_traced), band(row.low, row.high)
            )
    table.caption = "direct: share of what is bought or made at home in that form, - where next to nothing is used in it" + "".join(
        f"; on balance {use.element} is bought mostly as {form(use.bought_as, use.element)}" for use in found.uses if use.bought_as
    )
    if _only_refines(found):
        table.caption += (
            f"; {_supplier(found.importer)} makes next to none anew: its share at the stage {_step('metal', element)} is refined there "
            f"from crude metal or scrap that is bought; the rows of the stage {_step('mine', element)} say where that came from"
        )
    inside = _table("Form in which it arrived", ("form", "from", "share", "range"), 2)
    for entry in sorted(found.entries, key=lambda row: -row.share):
        if entry.end_use == "all" and entry.share >= 0.02:
            name = "domestic" if entry.supplier == "home" else _supplier(entry.supplier)
            inside.add_row(_step(entry.stage, entry.element), name, percent(entry.share), band(entry.low, entry.high))
    return [table, inside, _uses(found), _indicators(found), _points(found), _stake(found), under_control(found.controls)]


def _only_refines(found: ExposureResult) -> bool:
    """Whether the importer makes metal and mines none, in a chain whose metal is made of what is mined: it looks like a producer."""
    from ytterby.app import home_of

    home, shares = home_of(found.importer), dict[str, float]()
    for row in found.suppliers:
        if row.end_use == "all":
            shares[row.stage] = shares.get(row.stage, 0.0) + (row.share_traced if row.supplier in home else 0.0)
    direct = "mine" in shares and "oxide" not in shares
    return direct and shares["mine"] < SHOWN <= shares.get("metal", 0.0)


def _supplier(code: str) -> str:
    return code if code in NO_SUPPLIER else f"{code} {place_name(code)}"


def _uses(found: ExposureResult) -> TextTable:
    """Shares of each end use by stage, for the supplier with the largest share in all uses."""
    name = found.uses[0].element if found.uses else ""
    top = main_supplier(found, name)
    supplier = top.supplier if top else ""
    stages = [s for s in ("mine", "oxide", "metal", "magnet", "component") if any(row.stage == s for row in found.suppliers)]
    table = _table(
        f"By end use: share of {place_name(supplier)} at each stage, and in all",
        ("end use", *(_step(stage, name) for stage in stages), "in all", "range"),
    )
    traced, works = _traced(found.suppliers), {(row.stage, row.end_use) for row in found.suppliers}
    for row in found.passed:
        if row.supplier == supplier and row.end_use != "all":
            shares = {stage: traced.get((name, stage, row.end_use, supplier), 0.0) for stage in stages}
            cells = [percent(shares[stage]) if (stage, row.end_use) in works else "-" for stage in stages]
            table.add_row(_use(row.end_use), *cells, percent(row.share), band(row.low, row.high))
    return table


def _use(code: str) -> str:
    """Name of an end use."""
    return "all end uses" if code == "all" else sectors()[code].name() if code in sectors() else code


def _indicators(found: ExposureResult, worst: bool = False) -> TextTable:
    title = "Indicators" + (", at the stage where the loss of the largest supplier leaves least" if worst else "")
    heads = ("element", "stage", "HHI", "reliance", "without", "N-1 even", "in place", "cover days", "survives days")
    table = _table(title, heads, 2)
    for row in found.weakest() if worst else found.indicators:
        table.add_row(
            row.element, _step(row.stage, row.element), "-" if row.hhi is None else f"{row.hhi:.2f}", reliance(row),
            row.supplier or "-", percent(row.n_minus_1_cover), percent(row.n_minus_1_in_place),
            "-" if row.cover_days is None else days(row.cover_days, row.cover_days_low, row.cover_days_high),
            days(row.time_to_survive_days, row.time_to_survive_low, row.time_to_survive_high),
        )  # fmt: skip
    table.caption = (
        "N-1: remaining use when that supplier's plants of the stage are lost; even: with re-routing and spare capacity, "
        "shared evenly; in place: with present trade links; covers are assumed ranges"
    ) + _bought(found.uses)
    table.caption += f". {SURVIVES}"
    return table


def reliance(row: Indicator | ElementUse) -> str:
    """Import reliance in words: a net exporter relies on no imports; a dash where the form is hardly used."""
    return "net exporter" if row.net_exporter else percent(row.import_reliance)


def _bought(uses: Sequence[ElementUse]) -> str:
    """Reliance of one element in the form in which it is mostly bought; in a survey of elements its table says so."""
    if len(uses) != 1 or uses[0].bought_as is None:
        return ""
    name = form(uses[0].bought_as, uses[0].element)
    return f"; {uses[0].element} is bought on balance mostly as {name}, where reliance is {reliance(uses[0])}"


def _points(found: ExposureResult) -> TextTable:
    """Smallest set of countries for each end use: that of the most vulnerable element of the input whose lack stops most of it."""
    table = _table(
        "Fewest countries without which at most a tenth of an end use's main input is left: one is a single point of failure",
        ("end use", "depends on", "through", "bypasses them"),
        2,
    )
    for row in found.points_by_use():
        table.add_row(_use(row.end_use), " + ".join(row.countries), row.element, percent(row.left))
    several = any(row.size > 1 for row in found.points_by_use())
    groups = any(row.size == 1 and not row.is_single for row in found.points_by_use())
    table.caption = (
        ("A + B: only together; no smaller set leaves so little. " if several else "")
        + ("A region that stands for many countries is no single point. " if groups else "")
        + "bypasses them: share of the use that passes none of these countries at any stage with today's trade links; "
        "N-1 above takes away one stage of one country and lets trade re-route"
    )
    return table


def _stake(found: ExposureResult) -> TextTable:
    """Value added that stops without a supplier, by sector, and of all sectors over GDP."""
    heads = ("end use", "through", "supplier", "passed", "stops", "USD a year", "range", "jobs")
    table = _table("Value added at stake without a supplier, if no stock, no other source and no substitute helps", heads)
    for row in found.value_added_at_stake[:10]:
        mark = "*" if row.assumed else ""
        span = f"[{money(row.low)} - {money(row.high)}]"
        table.add_row(
            _use(row.sector) + mark, row.element, row.supplier, percent(row.passed), percent(row.share), money(row.at_stake_usd), span,
            f"{row.jobs:,.0f}" if row.jobs < 1e3 else f"{row.jobs / 1e3:,.0f} k",
        )  # fmt: skip
    table.caption = (
        "* based on assumed rows; passed: share of the input that went through the supplier; stops: share of the end use's output "
        f"that the lack of its inputs can stop, all together counted once{_of_gdp(found)}; what a given shortage costs: ytterby run"
    )
    return table


def _of_gdp(found: ExposureResult) -> str:
    """Sum over all end uses for the supplier on which most hangs, over GDP."""
    whole = found.stake()
    if whole is None or whole.gdp_share is None or whole.gdp_share_low is None or whole.gdp_share_high is None:
        return ""
    low, share, high = (significant(100.0 * part, 2) for part in (whole.gdp_share_low, whole.gdp_share, whole.gdp_share_high))
    return f"; all end uses together without {whole.supplier}: {share} % of GDP, at least {low} %, at most {high} %"


def under_control(found: Sequence[UnderControl]) -> TextTable:
    """Orders under which the goods stand."""
    table = _table("Goods under control (ytterby controls)", ("elements", "forms", "bought there", "order", "state"), 5)
    for row in found:
        names = "all rare earths" if len(row.elements) >= MANY else " ".join(row.elements).replace("_", " ")
        bought = {True: "yes", False: "no", None: ""}[row.bought]
        table.add_row(
            names,
            ", ".join(form(stage, *row.elements) for stage in row.stages),
            bought,
            f"{row.order} ({row.by} to {row.to})",
            row.told,
        )
    said = list(dict.fromkeys(f"dual use{listed_words(row.listed_in)}" for row in found if row.listed_in))
    if any(row.bought is False for row in found):
        said.append("bought there: no: the importer takes none of these forms from there; the order acts further up the chain")
    table.caption = "; ".join(said)
    return table


def _geopolrisk(console: Console, found: ExposureResult, what: str) -> None:
    detail = found.geopolrisk_detail
    if isinstance(detail, GeoPolRiskGap):
        prose(console, f"GeoPolRisk: {detail.gap}")
        return
    prose(
        console,
        f"GeoPolRisk {detail.score:.3f} = HHI {detail.hhi:.3f} x import risk {detail.import_risk:.3f} "
        f"(imports {detail.imports_t:,.0f} t, own production {detail.own_production_t:,.0f} t; production: {detail.production})",
        "bold",
    )
    variants = {"mine": "to the mine", "oxide": "to separation", "metal": "to metal", "magnet": "to magnets"}
    traced = ", ".join(f"{variants[row.stage]} {row.score:.3f}" for row in detail.traced)
    prose(console, f"{what} traced {traced}")
    prose(console, detail.misleads, "dim")


def show_history(found: ImportHistory, out: Path | None) -> None:
    """Print thirty years of imports: each year of one importer, some years of several."""
    console = plain_console()
    importers = by_importer(found.history)
    console.print(f"[bold]Share of {place_name(found.supplier)} in rare-earth imports[/bold]: direct > traced \\[range], in %")
    console.print(_all_years(found.history) if len(importers) == 1 else _some_years(importers))
    for name in importers if len(importers) == 1 else PICTURED:
        prose(console, sentence(importers.get(name, ())))
    prose(console, PAST_NOTE, "dim")
    if out:
        console.print(f"picture: {out}")


def _all_years(rows: Iterable[ImportYear]) -> TextTable:
    """Years of one importer."""
    table = _table("", ("year", "counted by", "imports", "direct", "traced", "range", "note"), 2)
    for row in rows:
        imports = "-" if row.imports is None else f"{row.imports:,.0f}"
        table.add_row(str(row.year), row.basis, imports, percent(row.direct), percent(row.traced), band(row.low, row.high), row.note)
    return table


def _some_years(importers: Mapping[str, Sequence[ImportYear]]) -> TextTable:
    """Some years of several importers."""
    table = _table("", ("importer", *map(str, YEARS)))
    for name, rows in importers.items():
        at = {row.year: f"{percent(row.direct)} > {percent(row.traced)}".replace(" %", "") for row in rows}
        table.add_row(place_name(name), *(at.get(year, "-") for year in YEARS))
    return table
