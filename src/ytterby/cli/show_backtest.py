"""Terminal output of a weekly backtest: criteria, missed targets, hits and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.numbers import significant
from ytterby.cli.tables import TextTable, echo_hanging, echo_table

if TYPE_CHECKING:
    from ytterby.app import WeeklyBacktest

FEW = 40
"""Maximum number of missed targets that are listed."""


def show(result: WeeklyBacktest) -> None:
    """Print a backtest, misses first."""
    click.echo(f"{result.episode}: {result.hits} of {result.of} targets hit ({result.draws} posterior draws, seed {result.seed})")
    if not result.base_is_that_of_the_calibration:
        click.echo("note: the base of 2009 has changed since the calibration; run --calibrate")
    criteria = TextTable.of("", ("", "criteria set before the calibration", "required", "reached"), 2)
    for row in result.criteria:
        criteria.add_row("met" if row.met else "MISS", row.what, row.asked, f"{row.reached:.2f}")
    click.echo()
    echo_table(criteria)
    _targets(result)
    _scores(result)


def _targets(result: WeeklyBacktest) -> None:
    missed = [row for row in result.targets if not row.hit]
    click.echo(f"\nmissed targets, worst first ({len(missed)}; the first {min(FEW, len(missed))})")
    table = TextTable.of("", ("", "id", "what", "target", "model", "80 % band", "unit"), 3)
    for row in missed[:FEW]:
        band = f"{significant(row.low)} - {significant(row.high)}"
        cells = (significant(row.target, 4), significant(row.model, 4), band, row.unit)
        table.add_row("fit" if row.fitted else "", row.id, row.what, *cells)
    echo_table(table)
    click.echo()
    echo_hanging(["by kind: " + ", ".join(f"{kind} {n.hits}/{n.of}" for kind, n in result.scores.by_kind.items())])


def _scores(result: WeeklyBacktest) -> None:
    scores, early = result.scores, result.calibration.early_fit
    naive = ", ".join(f"{name} {value:.2f}" for name, value in scores.naive_rms_ln_fob_after_2009.items())
    held = scores.coverage_80_quotes
    echo_hanging([f"quotes: rms ln {scores.rms_ln_quotes:.2f}, CRPS {scores.crps_ln_quotes:.2f}, 80 % band holds {held:.0%}"])
    echo_hanging([f"FOB quotes after 2009: model {scores.rms_ln_fob_after_2009:.2f}; naive with the quotes of 2009: {naive}"])
    rivals = ", ".join(f"{name} {value:.2f}" for name, value in early.naive_rms_ln.items())
    echo_hanging([f"fitted to {early.fitted_until} only, {early.judged} later quotes: model {early.rms_ln:.2f}; naive {rivals}"])
    echo_hanging([f"skill {early.skill:+.0%} ({early.skill_year_ends:+.0%} at year-ends)"])
    echo_hanging([f"CRPS {early.crps:.2f}, best naive {early.crps_best_naive:.2f}; 80 % band holds {early.coverage_80:.0%}"])
    click.echo("\nposterior of the free parameters")
    table = TextTable.of("", ("parameter", "value and band", "prior", "narrowed by"), 1)
    for row in result.parameters:
        low, high = row.prior
        band = f"{significant(row.mean)} ({significant(row.low)} - {significant(row.high)})"
        table.add_row(row.key, band, f"{significant(low)} - {significant(high)}", f"{row.pinned:.0%}")
    echo_table(table)
