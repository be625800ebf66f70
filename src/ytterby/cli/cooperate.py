"""``ytterby cooperate`` (what to do, and with whom): What an alliance is worth, fair shares, who would leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import OutputFolder, Usd, dask_option, place, print_json, progress_bar, shared_options
from ytterby.cli.names import DAY

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

EXAMPLE = """
\b
Examples:
  ytterby cooperate --allies JP,US --budget 1e9
  ytterby cooperate --allies JP,US --invite AU,EU,KR,IN
  ytterby cooperate --allies JP,US,EU --blocs JP+US,EU --hub US
  ytterby cooperate --allies AU,EU,IN,JP,KR,US --periods 5
"""


@click.command("cooperate", epilog=EXAMPLE)
@click.option("--allies", default="JP,US", show_default=True, metavar="JP,US", help="Parties that may work together; EU is one party.")
@click.option("--invite", metavar="GB,IN", help="Outsiders: what each would add, and in which order the alliance would grow.")
@click.option(
    "--budget", type=Usd(), metavar="USD", help="Public money of each party, present value at 5 % a year; 5e9, 5bn.  [default: no limit]"
)
@click.option("--budget-by", metavar="JP=2e9,US=3e9", help="Public money of parties that have another.")
@click.option("--scenarios", type=int, default=8, show_default=True, help="Weighted paths of restrictions that plans are made for.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the paths.")
@click.option("--periods", type=int, metavar="5", help="Take the years in that many equal steps: faster.  [default: every year]")
@click.option("--units", is_flag=True, help="Whole plants or none.")
@click.option("--unit-seconds", type=float, default=20.0, show_default=True, help="Longest search for whole units of one coalition.")
@click.option("--pool", is_flag=True, help="Every coalition may use every project whole; tonnes are counted twice, which is told.")
@click.option("--no-aid", is_flag=True, help="In restricted years members send each other no more than outsiders would.")
@click.option("--own-budgets", is_flag=True, help="Each party's public money pays for its own measures only.")
@click.option("--gap", type=Usd(), metavar="USD", help="Largest error of a value.  [default: 1 % of the value of all together]")
@click.option("--blocs", metavar="JP+US,EU+KR", help="Compare a split into blocs with all together.")
@click.option("--hub", metavar="US", help="Compare a star, in which the others work with the hub only.")
@click.option("--imitate", metavar="KR,EU,IN", help="Others that follow and plan by themselves: what that does to the allies.")
@click.option("--deterrence", type=float, default=0.0, show_default=True, help="Hazard x exp(-this x share of the loss removed).")
@click.option("--path", "path_", metavar="NAME", help="Path of demand.  [default: announced-pledges]")
@click.option("--as-of", type=DAY, help="Leave out what was not known on that day.")
@click.option("--parts", is_flag=True, help="Where the worth of every coalition comes from, not of all together only.")
@click.option("--fresh", type=int, default=40, show_default=True, help="Other paths that the plans are judged on; 0 for none.")
@click.option("--sensitivity", is_flag=True, help="Also value and shares with each input at the ends of its range.")
@click.option("--resimulate", is_flag=True, help="Also what outsiders gain, by the weekly simulator on 200 paired draws.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes that solve coalitions side by side.  [default: threads of one]")
@dask_option("Solve coalitions on the Dask cluster of this scheduler")
@click.option("--out", type=OutputFolder(), metavar="DIR", help="Write tables (CSV) and the result (JSON) into a folder.")
@shared_options
def command(  # noqa: PLR0913
    allies: str,
    invite: str | None,
    budget: float | None,
    budget_by: str | None,
    scenarios: int,
    seed: int,
    periods: int | None,
    units: bool,
    unit_seconds: float,
    pool: bool,
    no_aid: bool,
    own_budgets: bool,
    gap: float | None,
    blocs: str | None,
    hub: str | None,
    imitate: str | None,
    deterrence: float,
    path_: str | None,
    as_of: dt.date | None,
    parts: bool,
    fresh: int,
    sensitivity: bool,
    resimulate: bool,
    workers: int | None,
    dask: str | None,
    out: Path | None,
    as_json: bool,
    project: Path,
) -> None:
    """Find what an alliance is worth, fair shares of it, who would rather leave, and whom to ask next."""
    from ytterby.app import CooperateRequest, cooperate
    from ytterby.cli.show_cooperate import show

    request = CooperateRequest(
        allies=tuple(allies.split(",")),
        invite=tuple(invite.split(",")) if invite else (),
        budget=budget,
        budget_by=budget_by,
        scenarios=scenarios,
        seed=seed,
        periods=periods,
        units=units,
        unit_seconds=unit_seconds,
        pool=pool,
        no_aid=no_aid,
        own_budgets=own_budgets,
        gap=gap,
        blocs=blocs,
        hub=hub,
        imitate=tuple(imitate.split(",")) if imitate else (),
        deterrence=deterrence,
        path=path_,
        as_of=as_of,
        parts=parts,
        fresh=fresh,
        sensitivity=sensitivity,
        resimulate=resimulate,
        out=out,
        project=project,
        **place(0, workers, dask),
    )
    with progress_bar("coalitions", hidden=as_json) as move:
        found = cooperate(request, progress=move)
    print_json(found) if as_json else show(found)
