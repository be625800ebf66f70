"""GeoPolRisk of importers: from mine production, customs and governance, and for the material as traced."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from ytterby.app.network.importers import members_of
from ytterby.errors import DataGapError
from ytterby.exposure import GeoPolRiskDetail, GeoPolRiskGap
from ytterby.system import RARE_EARTHS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    from ytterby.exposure import ElementExposure, Producers
    from ytterby.facts import Facts

MISLEADS = (
    "GeoPolRisk looks at the last border only: ore mined at home counts as safe even where another country refines it, "
    "and re-exports count as the re-exporter's. The traced variants follow the same use to the mine and to separation."
)
NO_SCORE = "GeoPolRisk is computed from the headings of rare earths only"


def geopolrisk_of(  # noqa: PLR0913, PLR0917
    importer: str, year: int, facts: Facts, used: list[ElementExposure], home: tuple[str, ...], chain: str
) -> tuple[float | None, GeoPolRiskDetail | GeoPolRiskGap]:
    """Score, and its factors with traced variants or why there is none."""
    from ytterby.exposure import region_risk, traced_score

    if chain != RARE_EARTHS:
        return None, GeoPolRiskGap(gap=NO_SCORE)
    data = _risk_data(facts)
    try:
        row = data.row(importer, year)
    except DataGapError as gap:
        return None, GeoPolRiskGap(gap=str(gap))
    risk = region_risk(data.risk[year])
    scores = (traced_score(used, stage, home, risk) for stage in ("mine", "oxide", "metal", "magnet"))
    return row.score, row.model_copy(update={"traced": tuple(score for score in scores if score), "misleads": MISLEADS})


@lru_cache(maxsize=2)
def _risk_data(facts: Facts) -> _RiskData:
    """What is gathered of some figures, once for all importers."""
    return _RiskData(facts)


@dataclass(frozen=True)
class _RiskData:
    """What GeoPolRisk is made of, gathered once for any number of importers and years."""

    facts: Facts

    @cached_property
    def bought(self) -> dict[int, dict[str, dict[str, float]]]:
        """Tonnes by year, importing country and exporter; rows without a quantity are left out."""
        from ytterby.exposure import RARE_EARTH_CODES

        trade = self.facts.trade()
        trade = trade[trade["hs"].isin(RARE_EARTH_CODES) & trade["quantity_t"].notna()]
        sums = trade.groupby(["year", "importer", "exporter"], sort=False)["quantity_t"].sum()
        found: dict[int, dict[str, dict[str, float]]] = {}
        for (year, importer, exporter), tonnes in zip(sums.index, sums.to_list(), strict=True):
            found.setdefault(year, {}).setdefault(importer, {})[exporter] = tonnes
        return found

    @cached_property
    def risk(self) -> dict[int, dict[str, float]]:
        """Political risk 0-1 by year and country."""
        table = self.facts.governance()
        found: dict[int, dict[str, float]] = {}
        for year, country, risk in zip(table["year"].to_list(), table["country"].to_list(), table["risk"].to_list(), strict=True):
            found.setdefault(year, {})[country] = risk
        return found

    @cached_property
    def produced(self) -> pd.DataFrame:
        """Rows of mine production by country and year."""
        from ytterby.exposure import production_rows

        return production_rows(self.facts)

    @cached_property
    def made(self) -> dict[int, Producers]:
        """Mine production of the years that were asked for."""
        return {}

    def production(self, year: int) -> Producers:
        """Mine production of a year.

        Raises
        ------
        DataGapError
            If there is none; the message names the years that there are.
        """
        from ytterby.exposure import producers

        if year not in self.made:
            self.made[year] = producers(self.facts, year, self.produced)
        return self.made[year]

    def imports(self, year: int, importer: str, producing: Iterable[str]) -> tuple[tuple[str, ...], dict[str, float]]:
        """Countries of an importer, and its imports by exporter [t].

        Raises
        ------
        DataGapError
            If the year has no trade at all.
        """
        now = self.bought.get(year)
        if now is None:
            raise DataGapError(f"GeoPolRisk {year}: no trade with quantities in that year")
        members = members_of(importer, {*now, *producing})
        total: dict[str, float] = {}
        for member in members:
            for exporter, tonnes in now.get(member, {}).items():
                total[exporter] = total.get(exporter, 0.0) + tonnes
        return members, total

    def row(self, importer: str, year: int) -> GeoPolRiskDetail:
        """Score of one importer and year with its factors and the data used.

        Raises
        ------
        DataGapError
            If production, trade or governance figures of the year are missing.
        """
        from ytterby.exposure import score

        made = self.production(year)
        members, bought = self.imports(year, importer, made.tonnes)
        found = score(importer, year, members, made.tonnes, bought, self.risk.get(year, {}))
        return GeoPolRiskDetail(
            score=found.score,
            hhi=found.hhi,
            import_risk=found.import_risk,
            imports_t=found.imports,
            own_production_t=found.production,
            production=made.source,
            notes=tuple(made.notes),
            unrated=found.unrated,
        )


def geopolrisk(importers: Iterable[str], years: Iterable[int], project: Path | None = None) -> pd.DataFrame:
    """GeoPolRisk of many importers and years.

    Returns
    -------
    DataFrame
        ``importer, year, score, hhi, import_risk, imports_t, own_production_t, production, gap``; a year without data
        has its row, with empty figures and the reason in ``gap``.
    """
    import pandas as pd

    from ytterby.facts import load

    data, rows = _RiskData(load(project)), []
    names, spans = list(importers), list(years)
    for year in spans:
        for importer in names:
            try:
                rows.append({"importer": importer, "year": year, "gap": "", **data.row(importer, year).to_dict()})
            except DataGapError as gap:
                rows.append({"importer": importer, "year": year, "gap": str(gap)})
    columns = ["importer", "year", "score", "hhi", "import_risk", "imports_t", "own_production_t", "production", "gap"]
    return pd.DataFrame(rows, columns=columns)
