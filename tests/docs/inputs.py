"""What the total absence of one input for a year would cost each party; ``python -m tests.docs.inputs`` prints the table of the docs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ytterby.facts import expand_regions, load
from ytterby.plan import PARTIES, loss_curves
from ytterby.system import System, build

if TYPE_CHECKING:
    import pandas as pd


@cache
def base() -> System:
    return build(2024, load())


@cache
def losses_without() -> pd.DataFrame:
    """Use [t/year], loss of each party [USD bn] and the sector that loses most, by input: rows with the largest loss first.

    Value added of the sectors that use the input, times what its lack stops on the mean of the draws: after substitution in a
    first year, before stocks and ways round, which a total absence leaves nobody. Sectors are added; an input stops each by itself.
    """
    curves, demands, sectors = loss_curves(base()), base().demands, base().sectors
    dependent = (sectors["value_added"] * sectors["dependent_share"]).to_numpy(float)[curves.sector_of]
    party = {region: name for name in PARTIES for region in expand_regions(name)}
    table = demands.assign(loss=curves.weight[0] * dependent / 1e9, party=demands["region"].map(party)).dropna(subset="party")
    found = table.pivot_table(index="commodity", columns="party", values="loss", aggfunc="sum", fill_value=0.0)[list(PARTIES)]
    by_sector = table.pivot_table(index="commodity", columns="sector", values="loss", aggfunc="sum", fill_value=0.0)
    found = found.assign(use=table.groupby("commodity")["use"].sum(), most=by_sector.idxmax(axis=1), largest=found.max(axis=1))
    return found.sort_values("largest", ascending=False)


def rows() -> list[str]:
    """Rows of the table, inputs with the largest loss first."""
    heads = ("input", "use, t a year", *(f"{party}, USD bn" for party in PARTIES), "most of it in")
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (1 + len(PARTIES)) + " --- |"]
    for name, row in losses_without().iterrows():
        money = " | ".join(f"{row[party]:.2g}" for party in PARTIES)
        lines.append(f"| {name} | {_rounded(row['use'])} | {money} | {row['most']} |")
    return lines


def _rounded(tonnes: float) -> str:
    return f"{float(f'{tonnes:.2g}'):,.0f}" if tonnes >= 1.0 else f"{tonnes:.1g}"


def stage(name: str) -> str:
    """Stage of a commodity."""
    return name.partition(".")[0]


def per_kilogram() -> pd.Series[float]:
    """Loss per kilogram of use, all parties together [USD/kg], by input."""
    frame = losses_without()
    return frame[list(PARTIES)].sum(axis=1) * 1e6 / frame["use"]


if __name__ == "__main__":
    print("\n".join(rows()))
    print(per_kilogram().round(0).to_string())
