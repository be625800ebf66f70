"""``ytterby plan`` (what to do, and with whom): What a budget buys, for one party or for allies as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import OutputFile, OutputFolder, Usd, print_json, progress_bar, shared_options
from ytterby.cli.names import DAY

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

EXAMPLE = """
\b
Examples:
  ytterby plan --allies JP --budget 5e9
  ytterby plan --allies JP,US --budget-by JP=2e9,US=3e9 --draft plan.yaml
  ytterby plan --allies US --target oxide:US:min=0.25@2035
"""


@click.command("plan", epilog=EXAMPLE)
@click.option("--allies", default="JP", show_default=True, metavar="JP,US", help="Parties that plan as one; EU is one party.")
@click.option("--budget", type=Usd(), metavar="USD", help="Public money, present value at 5 % a year; 5e9, 5bn, 500m.  [default: no limit]")
@click.option("--budget-by", metavar="JP=2e9,US=3e9", help="Public money of each party by itself.")
@click.option("--scenarios", type=int, default=20, show_default=True, help="Weighted paths of restrictions that the plan is made for.")
@click.option("--shocks", metavar="FILE|none", help="Own paths of restrictions, or none at all.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the paths.")
@click.option("--limit", "limits", multiple=True, metavar="LIMIT", help="Such as share:CN:max=0.65@2030, co2e:max=1e6; repeatable.")
@click.option(
    "--target", "targets", multiple=True, metavar="TARGET", help="Such as oxide:US:min=0.25@2035, oxide.Dy:JP:min=0.3; repeatable."
)
@click.option("--units", is_flag=True, help="Whole plants or none.")
@click.option(
    "--slack",
    type=click.FloatRange(0.0, 1.0),
    default=0.05,
    show_default=True,
    help="Share of the gain that plans nearly as good may give up.",
)
@click.option("--path", "path_", metavar="NAME", help="Path of demand.  [default: announced-pledges]")
@click.option("--as-of", type=DAY, help="Leave out what was not known on that day.")
@click.option(
    "--time-limit",
    type=click.FloatRange(0.0, min_open=True),
    metavar="SECONDS",
    help="Stop looking then: the best plan so far, with its gap.",
)
@click.option(
    "--watch-prior", is_flag=True, help="Let what became of earlier promises (ytterby watch) move the chances of delay and cancellation."
)
@click.option("--sensitivity", is_flag=True, help="Also what would change the plan: each input at the ends of its range.")
@click.option("--resimulate", is_flag=True, help="Also the weekly simulator with and without the plan, on 200 paired draws.")
@click.option("--draft", type=OutputFile(".yaml", ".yml"), metavar="FILE", help="Write the plan's measures as a scenario.")
@click.option("--out", type=OutputFolder(), metavar="DIR", help="Write tables (CSV) and the result (JSON) into a folder.")
@shared_options
def command(  # noqa: PLR0913
    allies: str,
    budget: float | None,
    budget_by: str | None,
    scenarios: int,
    shocks: str | None,
    seed: int,
    limits: tuple[str, ...],
    targets: tuple[str, ...],
    units: bool,
    slack: float,
    path_: str | None,
    as_of: dt.date | None,
    time_limit: float | None,
    watch_prior: bool,
    sensitivity: bool,
    resimulate: bool,
    draft: Path | None,
    out: Path | None,
    as_json: bool,
    project: Path,
) -> None:
    """Find the measures that a budget of public money buys best, what the next billion adds, and what risk stays."""
    from ytterby.app import PlanRequest, plan
    from ytterby.cli.show_plan import show

    request = PlanRequest(
        allies=tuple(allies.split(",")),
        budget=budget,
        budget_by=budget_by,
        scenarios=scenarios,
        shocks=shocks,
        seed=seed,
        limits=limits,
        targets=targets,
        units=units,
        slack=slack,
        path=path_,
        as_of=as_of,
        time_limit=time_limit,
        watch_prior=watch_prior,
        sensitivity=sensitivity,
        resimulate=resimulate,
        draft=draft,
        out=out,
        project=project,
    )
    with progress_bar("plan", hidden=as_json) as move:
        found = plan(request, progress=move)
    print_json(found) if as_json else show(found)
