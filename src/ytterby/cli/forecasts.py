"""``ytterby forecasts`` (how right is it): Freeze and score dated probability statements."""

from __future__ import annotations

from pathlib import Path

import click

from ytterby.cli.common import OutputFile, print_json, progress_bar, shared_options

EXAMPLE = """
\b
Example:
  ytterby forecasts score --observed customs.csv --holds china-licences-2025
"""


@click.group("forecasts", epilog=EXAMPLE)
def command() -> None:
    """Dated probability statements: freeze them now, score them when data become available."""


@command.command("freeze", epilog="Example: ytterby forecasts freeze --draws 200 --out forecasts.json")
@click.option("--draws", type=click.IntRange(20, 100_000), default=200, show_default=True, help="Draws of each scenario.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of the ensembles.")
@click.option("--episodes", is_flag=True, help="Statements on the episodes after 2022 instead of those on the future.")
@click.option("--out", type=OutputFile(), help="File to write; by default inside the project.")
@shared_options
def freeze(draws: int, seed: int, episodes: bool, out: Path | None, as_json: bool, project: Path) -> None:  # noqa: PLR0913
    """Compute the statements from ensembles of the bundled scenarios and freeze them with a SHA-256 checksum."""
    from ytterby.app import freeze as frozen
    from ytterby.cli.tables import TextTable, echo_table

    with progress_bar("scenarios") as progress:
        result = frozen(draws=draws, seed=seed, episodes=episodes, project=project, out=out, progress=progress)
    if as_json:
        print_json(result)
        return
    table = TextTable.of("", ("statement", "if", "p"), 2)
    for item in result.statements:
        table.add_row(item.statement, item.condition, f"{item.p:.0%}")
    echo_table(table)
    click.echo(f"{len(result.statements)} statements as of {result.as_of}, SHA-256 {result.sha256}: {result.file}")


@command.command("score", epilog="Example: ytterby forecasts score --observed customs.csv")
@click.option(
    "--observed", type=click.Path(dir_okay=False, path_type=Path), required=True, help="CSV: month, goods, origin, destination, tonnes."
)
@click.option(
    "--frozen", type=click.Path(dir_okay=False, path_type=Path), help="File of frozen statements; by default those of the release."
)
@click.option("--holds", metavar="SCENARIO", help="The scenario that came true: only its statements are scored.")
@shared_options
def score(observed: Path, frozen: Path | None, holds: str | None, as_json: bool, project: Path) -> None:  # noqa: ARG001
    """Score frozen statements against customs figures, misses first."""
    from ytterby.app import score as scored
    from ytterby.cli.tables import TextTable, echo_table

    result = scored(observed, frozen=frozen, holds=holds)
    if as_json:
        print_json(result)
        return
    click.echo(f"{result.scored} of {result.of} statements can be scored (release {result.release}, SHA-256 {result.sha256[:16]}...)")
    table = TextTable.of("", ("", "statement", "if", "observed t", "p", "Brier"), 3)
    for row in result.statements:
        table.add_row("MISS" if row.miss else "hit", row.statement, row.scenario, f"{row.observed:g}", f"{row.p:.0%}", f"{row.brier:.3f}")
    echo_table(table)
    if mean := {name: value for name, value in result.mean if value is not None}:
        click.echo(f"mean Brier {mean['brier']:.3f} (saying 50 % always: {mean['brier_even']:.3f})")
        click.echo(f"mean CRPS {mean['crps']:.1f} t (the base year's flow as forecast: {mean['crps_base']:.1f} t)")
