"""Terminal output of the backtest of other minerals: criteria, missed targets, posterior of the parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.app import AspectScore, MineralsBacktest, MineralTarget

FEW = 25
"""Maximum number of missed targets that are listed."""


def show(result: MineralsBacktest) -> None:
    """Print the backtest, misses first."""
    count = len(result.episodes)
    click.echo(
        f"{result.episode}: {result.hits} of {result.of} targets hit, {count} restrictions, each foretold from the others "
        f"({result.draws} draws, seed {result.seed})"
    )
    _aspects(result.scores)
    _targets(result.targets)
    click.echo(f"\n{'restriction':<22} {'world':>6} {'lowest exports of three years, seen':>36} {'model':>7} {'hits':>8}")
    for row in result.episodes:
        click.echo(
            f"{row.id:<22} {row.share_of_world:>6.1%} {row.lowest_seen:>36.2f} {row.lowest_model:>7.2f} {row.hits:>5}/{row.of}  {row.what}"
        )
    click.echo("\nposterior of the parameters")
    for item in result.parameters:
        low, high = item.prior
        band = f"{item.median:.3g} ({item.low:.3g} - {item.high:.3g})"
        click.echo(f"  {item.what:<70} {band:<24} prior {low:g} - {high:g}, narrowed by {item.pinned:.0%}")


def _aspects(scores: dict[str, AspectScore]) -> None:
    names = next(iter(scores.values())).forecasts
    click.echo(f"\n{'':<5}{'hits (mean absolute error)':<28}" + "".join(f"{name:>26}" for name in names) + f"{'80 % band holds':>18}")
    for aspect, row in sorted(scores.items(), key=lambda item: item[1].beats_naive):
        cells = [f"{one.hits}/{row.of} ({one.error:.2f} {row.unit})" for one in row.forecasts.values()]
        mark = "" if row.beats_naive else "MISS"
        click.echo(f"{mark:<5}{aspect:<28}" + "".join(f"{cell:>26}" for cell in cells) + f"{row.coverage_80:>18.0%}")
    click.echo("MISS: a naive forecast has the smaller error")


def _targets(targets: Sequence[MineralTarget]) -> None:
    missed = [row for row in targets if not row.hit]
    click.echo(f"\nmissed targets, worst first ({len(missed)}; the first {min(FEW, len(missed))}); 1 = the mean of three years before")
    click.echo(f"{'restriction':<22} {'target':>8} {'model':>8} {'80 % band':>14}  what")
    for row in missed[:FEW]:
        band = f"{row.low:.2f} - {row.high:.2f}"
        click.echo(f"{row.restriction:<22} {row.target:>8.2f} {row.model:>8.2f} {band:>14}  {row.what} [{row.unit}]")
