"""``ytterby exposure`` (where am I exposed): Where am I exposed: shares direct, traced and embedded."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ytterby.cli.common import OutputFile, language_option, print_json, progress_bar, shared_options
from ytterby.cli.names import COUNTRY, DAY, ELEMENT, REGIONS

if TYPE_CHECKING:
    import datetime as dt

EXAMPLE = """
\b
Examples:
  ytterby exposure --importer JP --element Dy
  ytterby exposure --importer JP --history -o history.svg
  ytterby exposure --bom parts.xlsx --without CN -o parts.html
"""
PICTURES = (".svg", ".html", ".htm", ".xlsx", ".csv")
TABLES = (".html", ".xlsx", ".csv")
TEMPLATES = (".xlsx", ".csv")


@click.command(epilog=EXAMPLE)
@click.option(
    "--importer", type=REGIONS, help="Region or group by code or name: JP, Germany, EU, APEC; several side by side: JP,DE.  [default: JP]"
)
@click.option("--year", type=int, help="Base year: 2024 or 2009 of the rare earths.  [default: the newest of the chain]")
@click.option("--chain", help="Minerals: rare-earths, gallium-germanium or antimony.  [default: those of the element or of the parts]")
@click.option("--element", type=ELEMENT, help="One element in full: every stage and end use, with bounds from linear programmes.")
@click.option("--without", type=COUNTRY, help="Supplier whose loss is considered; by default the largest of each stage.")
@click.option("--history", is_flag=True, help="Direct and traced shares of imports 1995-2024.")
@click.option(
    "--bom",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own parts (XLSX or CSV); nothing leaves the machine.",
)
@click.option(
    "--bom-template",
    "template",
    metavar="FILE",
    type=OutputFile(*TEMPLATES),
    help="Write a list of parts to fill in (.xlsx or .csv).",
)
@click.option("--scenario", metavar="NAME|RUN", help="With --bom: deliveries of a scenario, file or run in place of a country that stops.")
@click.option("--draws", type=click.IntRange(1, 100_000), help="With --scenario: draws of a scenario that was not run yet.  [default: 1]")
@click.option("--on", type=DAY, help="With --bom: first day.  [default: today; start of the scenario]")
@click.option(
    "-o",
    "out",
    metavar="FILE",
    type=OutputFile(*PICTURES),
    help="Also write a page (.html), workbook (.xlsx) or table (.csv); with --history also the chart (.svg).",
)
@language_option("Language of --bom, of its files, and of the page.")
@shared_options
def command(
    importer: str | None,
    year: int | None,
    chain: str | None,
    element: str | None,
    without: str | None,
    history: bool,
    bom: Path | None,
    template: Path | None,
    scenario: str | None,
    draws: int | None,
    on: dt.date | None,
    out: Path | None,
    lang: str,
    as_json: bool,
    project: Path,
) -> None:  # fmt: skip
    """Show the exposure of an importer by element, stage and end use, or of a firm's own parts (--bom)."""
    # small linear algebra is faster on one thread; the variable has an effect only before numpy is imported
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _check(history=history, bom=bom, template=template, scenario=scenario, draws=draws, without=without, on=on)
    if out and not history and out.suffix.lower() not in TABLES:
        raise click.UsageError(f"-o {out}: allowed without --history are {', '.join(TABLES)}")
    several = tuple((importer or "").split(",")) if "," in (importer or "") else ()
    if several and (bom or history or element or out):
        raise click.UsageError(
            "--importer: several stand side by side without --bom, --history, --element and -o; for a page: ytterby brief"
        )
    if template:
        _template(template, lang)
    elif several:
        _beside(several, year, without, project, chain, as_json)
    elif bom:
        year = None if scenario else year
        request = {"country": without, "scenario": scenario, "on": on, "importer": importer or "", "year": year, "chain": chain or ""}
        _parts(bom, request | {"draws": draws or 1, "project": project}, out, lang, as_json)
    elif history:
        _history(importer, without, out, project, as_json)
    else:
        _exposure(importer, year, element, without, project, chain, out, lang, as_json)


def _check(**given: object) -> None:
    """Refuse options that have no meaning together."""
    for first, second in (("history", "bom"), ("template", "bom"), ("template", "history"), ("scenario", "without")):
        if given[first] and given[second]:
            raise click.UsageError(f"{OPTIONS[first]} and {OPTIONS[second]} cannot be combined")
    for name in ("scenario", "on"):
        if given[name] and not given["bom"]:
            raise click.UsageError(f"{OPTIONS[name]} is only allowed with --bom")
    if given["draws"] and not given["scenario"]:
        raise click.UsageError("--draws is only allowed with --scenario")


OPTIONS = {
    "history": "--history", "bom": "--bom", "template": "--bom-template", "scenario": "--scenario", "without": "--without", "on": "--on",
}  # fmt: skip


def _exposure(  # noqa: PLR0913, PLR0917
    importer: str | None,
    year: int | None,
    element: str | None,
    without: str | None,
    project: Path,
    chain: str | None,
    out: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    from ytterby.app import DEFAULT_IMPORTER, exposure
    from ytterby.cli.show_exposure import show_exposure

    found = exposure(importer or DEFAULT_IMPORTER, year, element, project, without, chain)
    if out:
        from ytterby.app import save_exposure_page, save_exposure_tables  # load what draws pages

        is_page = out.suffix.lower() == ".html"
        save_exposure_page(found, out, lang, project) if is_page else save_exposure_tables(found, out)
    print_json(found) if as_json else show_exposure(found, element)
    _written(out)


def _beside(  # noqa: PLR0913, PLR0917
    importers: tuple[str, ...], year: int | None, without: str | None, project: Path, chain: str | None, as_json: bool
) -> None:
    from ytterby.app import exposure
    from ytterby.cli.show_beside import show_beside

    found = [exposure(importer, year, None, project, without, chain) for importer in importers]
    print_json({"exposures": [one.to_dict() for one in found]}) if as_json else show_beside(found)


def _written(out: Path | None) -> None:
    if out:
        click.echo(f"written: {out}", err=True)


def _history(importer: str | None, supplier: str | None, out: Path | None, project: Path, as_json: bool) -> None:
    from ytterby.app import history, save_history, save_history_table
    from ytterby.cli.show_exposure import PICTURED, show_history

    found = history([importer] if importer else None, supplier or "CN", project)
    if out:
        rows = [row for row in found.history if importer or row.importer in PICTURED]
        save_history_table(rows, out) if out.suffix.lower() in TEMPLATES else save_history(rows, out)
    print_json(found) if as_json else show_history(found, out)


def _template(path: Path, lang: str) -> None:
    from ytterby.app import save_template

    save_template(path, lang)
    click.echo(f"written: {path}; fill it in, then: ytterby exposure --bom {path}")


def _parts(path: Path, options: dict[str, Any], out: Path | None, lang: str, as_json: bool) -> None:
    from ytterby.app import PartsRequest, bom, save_parts
    from ytterby.cli.show_parts import show_parts

    request = PartsRequest(path, **options)
    with progress_bar("draws", hidden=request.draws == 1) as progress:
        found = bom(request, progress)
    if out:
        save_parts(found, out, lang)
    print_json(found) if as_json else show_parts(found, lang)
    _written(out)
