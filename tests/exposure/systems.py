"""Small balanced Systems with a scrap loop, cross-hauling and losses, built from drawn supply shares."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ytterby.system import TABLES, System

STAGES = ("mine", "oxide", "metal", "magnet")
YIELD = {"oxide": 0.9, "metal": 0.95, "magnet": 0.72}
SCRAP = 0.25  # t of element in swarf per t of metal taken by a magnet plant
RECOVERY = 0.8
CONTENT = {"mine": 0.6, "oxide": 1.0, "metal": 1.17, "magnet": 0.35, "scrap": 1.1}
REGIONS = ("CN", "JP", "US", "VN", "AU")
HOME = {"mine": ("CN", "US", "AU"), "oxide": ("CN", "JP", "VN"), "metal": ("CN", "JP", "VN"), "magnet": ("CN", "JP")}


def commodity(stage: str, element: str) -> str:
    return f"{stage}.{element}"


class Builder:
    """Solves the throughput of every market from uses and supply shares, then writes the System's tables."""

    def __init__(self, seed: int, element: str, homes: dict[str, tuple[str, ...]], regions: tuple[str, ...]) -> None:
        self.rng, self.element, self.homes, self.regions = np.random.default_rng(seed), element, homes, regions
        self.names = [(stage, region) for stage in (*STAGES, "scrap") for region in regions]
        self.at = {name: place for place, name in enumerate(self.names)}

    def solve(self) -> None:
        """Throughput [t of element as oxide a year] of every market."""
        n = len(self.names)
        self.use = np.zeros(n)
        for region in self.regions:
            self.use[self.at["magnet", region]] = self.rng.uniform(5, 50)
            self.use[self.at["oxide", region]] = self.rng.uniform(60, 100)
        self.own, self.link = np.zeros(n), np.zeros((n, n))  # share of the primary inflow made at home; from another market
        for stage in STAGES:
            for region in self.regions:
                self._supply(stage, region)
        # unknown throughput T; secondary oxide R = RECOVERY * SCRAP * metal taken by magnets at home
        matrix, right = np.eye(n), self.use.copy()
        for (stage, region), place in self.at.items():
            after = {"mine": "oxide", "oxide": "metal", "metal": "magnet"}.get(stage)
            if after:
                # own processes of the next stage take this stage; oxide's primary part only
                following = self.at[after, region]
                matrix[place, following] -= self.own[following] / YIELD[after]
                if after == "oxide":
                    matrix[place, self._magnet_intake(region)] += (
                        self.own[following] / YIELD[after] * RECOVERY * SCRAP * self._intake_factor(region)
                    )
            for other, share in enumerate(self.link[:, place]):
                matrix[place, other] -= share
                if self.names[other][0] == "oxide" and share:
                    region_other = self.names[other][1]
                    matrix[place, self._magnet_intake(region_other)] += share * RECOVERY * SCRAP * self._intake_factor(region_other)
            if stage == "scrap":
                matrix[place, self._magnet_intake(region)] -= SCRAP * self._intake_factor(region)
        self.total = np.linalg.solve(matrix, right)
        assert (self.total > -1e-9).all()
        assert all(self.total[self.at["oxide", region]] >= self.secondary(region) for region in self.regions)

    def _magnet_intake(self, region: str) -> int:
        return self.at["magnet", region]

    def _intake_factor(self, region: str) -> float:
        return float(self.own[self.at["magnet", region]] / YIELD["magnet"])

    def _supply(self, stage: str, region: str) -> None:
        place = self.at[stage, region]
        sellers = [home for home in self.homes[stage] if home != region]
        makes = region in self.homes[stage]
        if stage == "mine":
            self.own[place] = 1.0 if makes else 0.0
            sellers = [] if makes else sellers
        weights = self.rng.dirichlet(np.ones(len(sellers) + makes)) if stage != "mine" or not makes else np.ones(1)
        if makes and stage != "mine":
            self.own[place] = weights[-1]
        for seller, weight in zip(sellers, weights, strict=False):
            self.link[place, self.at[stage, seller]] = weight

    def secondary(self, region: str) -> float:
        return RECOVERY * SCRAP * self._intake_factor(region) * self.total[self.at["magnet", region]]

    def tables(self, spare: float, spread: float) -> dict[str, list[dict[str, object]]]:
        rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
        for (stage, region), place in self.at.items():
            self._market(rows, stage, region, place)
            if stage in STAGES and self.own[place] > 0 and self.total[place] > 0:
                self._process(rows, stage, region, place, spare)
            if stage == "scrap" and self.total[place] > 0:
                self._recycler(rows, region, spare)
        for destination, origin in zip(*np.nonzero(self.link), strict=True):
            primary = self.total[destination] - (
                self.secondary(self.names[destination][1]) if self.names[destination][0] == "oxide" else 0.0
            )
            self._link(rows, origin, destination, self.link[destination, origin] * primary, spread)
        for stage, content in CONTENT.items():
            rows["contents"].append({"commodity": commodity(stage, self.element), "element": self.element, "content": content})
        return rows

    def _market(self, rows, stage, region, place):
        content = CONTENT[stage]
        rows["markets"].append(
            {"market": f"{commodity(stage, self.element)}@{region}", "commodity": commodity(stage, self.element), "stage": stage,
             "region": region, "price": 10.0, "cover": 8.0, "cover_low": 4.0, "cover_high": 16.0, "kind": "net_producer", "production": 0.0,
             "imports": 0.0, "exports": 0.0,
             "use": 0.0, "residual": 0.0}
        )  # fmt: skip
        if self.use[place] > 0:
            sector = "cars_battery" if stage == "magnet" else "glass"
            use = self.use[place] / content
            rows["demands"].append(
                {"demand": f"{commodity(stage, self.element)}@{region}|{sector}", "market": f"{commodity(stage, self.element)}@{region}",
                 "commodity": commodity(stage, self.element), "region": region, "sector": sector, "use": use,
                 "low": use * 0.8, "high": use * 1.2,
                 "elasticity_short": 0.1, "elasticity_long": 0.4, "choke": 1e4, "kind": "assumed", "facts": ""}
            )  # fmt: skip
            rows["sectors"].append(
                {"sector_region": f"{sector}@{region}", "sector": sector, "region": region, "value_added": 1e9, "value_added_low": 8e8,
                 "value_added_high": 1.2e9, "jobs": 1e4, "dependent_share": 0.5, "kind": "assumed", "facts": ""}
            )  # fmt: skip

    def _process(self, rows, stage, region, place, spare):
        primary = self.total[place] - (self.secondary(region) if stage == "oxide" else 0.0)
        made = self.own[place] * primary
        name = f"{stage}.{self.element}@{region}"
        activity = made / CONTENT[stage]
        entries = {f"{commodity(stage, self.element)}@{region}": made}
        if stage != "mine":
            before = STAGES[STAGES.index(stage) - 1]
            entries[f"{commodity(before, self.element)}@{region}"] = -made / YIELD[stage]
        if stage == "magnet":
            entries[f"{commodity('scrap', self.element)}@{region}"] = SCRAP * made / YIELD[stage]
        self._write(rows, name, stage, region, activity, spare, entries)

    def _recycler(self, rows, region, spare):
        made = self.secondary(region)
        entries = {f"{commodity('oxide', self.element)}@{region}": made, f"{commodity('scrap', self.element)}@{region}": -made / RECOVERY}
        self._write(rows, f"recycling.{self.element}@{region}", "oxide", region, made, spare, entries)

    def _write(self, rows, name, stage, region, activity, spare, entries):
        rows["processes"].append(
            {"process": name, "stage": stage, "region": region, "activity": activity, "capacity": activity * spare,
             "unit_cost": 1.0, "lag": 4.0,
             "driver": "ree", "kind": "reported", "facts": ""}
        )  # fmt: skip
        for market, mass in entries.items():
            held = CONTENT[market.partition(".")[0]]
            rows["recipes"].append({"process": name, "market": market, "coefficient": mass / held / activity})

    def _link(self, rows, origin, destination, mass, spread):
        stage = self.names[origin][0]
        flow = mass / CONTENT[stage]
        start, end = (f"{commodity(stage, self.element)}@{self.names[place][1]}" for place in (origin, destination))
        rows["links"].append(
            {"link": f"{start}>{end}", "origin": start, "destination": end, "commodity": commodity(stage, self.element), "flow": flow,
             "low": flow / spread, "high": flow * spread, "transit": int(self.rng.integers(1, 5)), "cost": 0.1, "duty": 0.0,
             "vat_unrefunded": 0.0,
             "kind": "assumed", "facts": ""}
        )  # fmt: skip


def random_system(
    seed: int, *, elements: tuple[str, ...] = ("Nd",), spare: float = 1.2, spread: float = 1.5, homes=HOME, regions=REGIONS
) -> System:
    """A balanced System; ``spare`` = capacity over activity, ``spread`` = width of the links' ranges."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    for number, element in enumerate(elements):
        builder = Builder(seed * 100 + number, element, homes, regions)
        builder.solve()
        for name, more in builder.tables(spare, spread).items():
            rows[name].extend(more)
    frames = {name: pd.DataFrame(rows[name], columns=list(columns)) for name, columns in TABLES.items()}
    keys = {"markets": "market", "processes": "process", "links": "link", "demands": "demand", "stockpiles": "stockpile"}
    for name, key in {**keys, "sectors": "sector_region"}.items():
        frames[name] = frames[name].drop_duplicates(key).set_index(key)
    return System(year=2024, adjustments=pd.DataFrame(), balance=pd.DataFrame(), as_of="2024", **frames)
