"""``ytterby backtest`` (how right is it): Replay an episode of history and score it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import OutputFolder, print_json, progress_bar, shared_options

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = """
\b
Example:
  ytterby backtest quota-crisis-2010 --draws 100 --plots plots
"""


@click.command("backtest", epilog=EXAMPLE)
@click.argument("episode")
@click.option("--draws", type=click.IntRange(2, 100_000), default=100, show_default=True, help="Posterior draws that are replayed.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of the draws.")
@click.option("--plots", type=OutputFolder(), help="Folder for charts of model against history (SVG).")
@click.option("--calibrate", "calibration", type=click.IntRange(40, 1_000_000), metavar="DRAWS", help="Fit anew with so many simulations.")
@click.option("--out", type=OutputFolder(), help="Folder for a new posterior (with --calibrate).")
@shared_options
def command(  # noqa: PLR0913
    episode: str, draws: int, seed: int, plots: Path | None, calibration: int | None, out: Path | None, as_json: bool, project: Path
) -> None:
    """Replay EPISODE with its real policy inputs and score every target, misses first."""
    from ytterby import app
    from ytterby.cli import show_backtest, show_disruptions, show_duties, show_episode, show_minerals

    chosen = app.episode_of(episode)
    if calibration:
        if chosen.recalibrate is None:
            raise click.UsageError(f"nothing is fitted to {episode}: --calibrate does not apply")
        with progress_bar("simulations") as progress:
            print_json(chosen.recalibrate(episode, calibration, seed, out or project / "calibration", progress))
        return
    if plots and chosen.write_plots is None:
        raise click.UsageError(f"{episode} has no charts: --plots does not apply")
    with progress_bar("draws") as progress:
        result = chosen.score(episode, draws=draws, seed=seed, project=project, progress=progress)
    if plots and chosen.write_plots:
        chosen.write_plots(result, plots)
    views = {
        app.WeeklyBacktest: show_backtest,
        app.MineralsBacktest: show_minerals,
        app.StatementsBacktest: show_episode,
        app.DisruptionsBacktest: show_disruptions,
        app.DutiesBacktest: show_duties,
    }
    print_json(result) if as_json else views[type(result)].show(result)
