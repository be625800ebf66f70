"""Who may take what a candidate measure gives.

Parties hold what contracts, partners or the host give them. What nobody holds is divided once, among all regions of the world by their
use in the base year, whoever plans: a coalition is entitled to the sum of its members' shares, and no tonne is promised twice.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ytterby.errors import DataGapError
from ytterby.facts import ANY_PARTY, WORLD, expand_regions, vocabulary
from ytterby.system.assumptions import commodity_of, region_in

if TYPE_CHECKING:
    import pandas as pd

    from ytterby.facts import Candidate
    from ytterby.system.system import System


def entitlements(candidate: Candidate, system: System, party: str = "") -> dict[str, float]:
    """Share of a measure's output that each region may take [1]; sums to 1.

    Parameters
    ----------
    candidate : Candidate
        The measure.
    system : System
        Base whose use divides what nobody holds, and the share of a group among its regions.
    party : str
        Region or group that takes a measure of any party; its output is the party's alone. Without it, that share stays under ``*``.

    Returns
    -------
    dict of str to float
        By region, in alphabetical order; regions without a share are left out.

    Raises
    ------
    DataGapError
        If no region uses any of the goods, and a share must be divided by use.
    """
    shares: dict[str, float] = {}
    for holder, share in candidate.entitled.items():
        for region, part in _holders(holder, candidate, system, party).items():
            shares[region] = shares.get(region, 0.0) + share * part
    return dict(sorted((region, share) for region, share in shares.items() if share > 0.0))


def _holders(holder: str, candidate: Candidate, system: System, party: str) -> dict[str, float]:
    """Part of each region in what a holder may take; they sum to 1."""
    if holder == ANY_PARTY and not party:
        return {ANY_PARTY: 1.0}
    name = party if holder == ANY_PARTY else holder
    regions = tuple(vocabulary.regions()) if name == WORLD else expand_regions(name)
    return {regions[0]: 1.0} if len(regions) == 1 else _by_use(candidate, system, regions)


def _by_use(candidate: Candidate, system: System, regions: tuple[str, ...]) -> dict[str, float]:
    """Part of each region in their use of the first good that any of them uses; of oxides together where none is used yet."""
    used = _use(system)
    for wanted in (*([good] for good in candidate.goods), _oxides(used)):
        use = used[used["commodity"].isin(wanted) & used["region"].isin(regions)].groupby("region")["use"].sum()
        if use.sum() > 0.0:
            return {str(region): float(size) for region, size in (use / use.sum()).items()}
    raise DataGapError(f"{candidate.id}: nobody in {', '.join(regions)} uses any of {', '.join(candidate.goods)}")


def _oxides(used: pd.DataFrame) -> list[str]:
    return sorted({name for name in used["commodity"] if name.startswith("oxide.")})


@lru_cache(maxsize=4)
def _use(system: System) -> pd.DataFrame:
    """Use of each good by region, in plants and by final users [t/year]."""
    import pandas as pd

    taken = system.recipes[system.recipes["coefficient"] < 0.0]
    plants = -taken["coefficient"] * taken["process"].map(system.processes["activity"])
    final = system.demands[["market", "use"]]
    both = pd.concat([pd.DataFrame({"market": taken["market"], "use": plants}), final], ignore_index=True)
    both["commodity"] = both["market"].map(commodity_of)
    both["region"] = both["market"].map(region_in)
    return both
