"""At most 150 single coefficients for Japan, China, Korea, the EU and Germany, computed from OECD and WIOD tables."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003

import pandas as pd

from factlib.rows import join, make

Row = dict[str, object]
BAND = 0.25
"""The coefficients are of 2011 or 2018 and of wide industries: at least a quarter either way."""

WIOD = {
    "c8": "refining",
    "c11": "non_metallic_minerals",
    "c13": "machinery",
    "c14": "electrical_optical",
    "c15": "transport_equipment",
    "c16": "misc_manufacturing",
}
REGIONS = {"CHN": "CN", "JPN": "JP", "KOR": "KR", "DEU": "DE", "EUR": "EU"}


def coefficient(code: str, industry: str, what: str, value: float, scope: str) -> Row:
    """One cited coefficient with its band; a share stays at or below one."""
    most = value * (1 + BAND) if what == "output_multiplier" else min(1.0, value * (1 + BAND))
    return make(
        id=f"IOC-{code}-{industry}-{what}",
        quantity=what,
        value=f"{value:.3g}",
        low=f"{value * (1 - BAND):.3g}",
        high=f"{most:.3g}",
        unit="ratio",
        flag="DERIVED",
        source="WIOD 2013 release, world input-output table 2011 (Timmer et al. 2015); computed here",
        quality="B",
        region=code,
        sector=industry,
        period="2011",
        edition="WIOD 2013",
        licence="cited-figure",
        scope=join(scope, "single coefficient"),
        url="https://www.rug.nl/ggdc/valuechain/wiod/",
    )


def leontief(table: pd.DataFrame, cells: list[str]) -> tuple[pd.DataFrame, pd.Series]:
    """Input coefficients and gross output of a square table."""
    output = table.loc[cells, "gross_output"]
    flows = table.loc[cells, cells]
    return flows.div(output.where(output > 0), axis=1).fillna(0.0), output


def rows(raw: Path) -> list[Row]:
    """Value-added share, home output multiplier and forward reliance of each using industry."""
    import numpy as np

    table = pd.read_csv(raw / "wiod_2013_release_2011" / "wiot_2011_11regions_35industries.csv", index_col=0)
    cells = [name for name in table.columns if "." in name and not name.startswith("FD.")]
    inputs, output = leontief(table, cells)
    found = []
    for name, code in REGIONS.items():
        home = [cell for cell in cells if cell.split(".")[0] in ({"EUR", "DEU"} if code == "EU" else {name})]
        inverse = np.linalg.inv(np.eye(len(home)) - inputs.loc[home, home].to_numpy())
        multiplier = pd.Series(inverse.sum(axis=0), home)
        added = 1 - inputs.loc[cells, home].sum(axis=0)
        for industry, label in WIOD.items():
            own = [cell for cell in home if cell.endswith(f".{industry}")]
            weight = output[own] / output[own].sum()
            found.append(
                coefficient(
                    code, label, "value_added_share", float((added[own] * weight).sum()), f"value added per output, WIOD {industry}"
                )
            )
            found.append(
                coefficient(
                    code,
                    label,
                    "output_multiplier",
                    float((multiplier[own] * weight).sum()),
                    f"home output per final demand, WIOD {industry}",
                )
            )
            sold = table.loc[own, home].to_numpy().sum() / output[own].sum()
            found.append(
                coefficient(
                    code, label, "home_intermediate_share", float(sold), f"share of output sold to home industries, WIOD {industry}"
                )
            )
    return found
