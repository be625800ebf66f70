"""A small invented run, exposure and reading: honest in shape, empty of meaning, used by tests only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.datasets import QUANTILES, of_markets, run_summary
from tests.exposure.systems import random_system
from ytterby.ensembles import FirstStop, PlaceLoss, RunSummary, SectorLoss
from ytterby.exposure import (
    ElementUse,
    EntryShare,
    ExposureData,
    ExposureResult,
    GeoPolRiskDetail,
    Indicator,
    PassedShare,
    SinglePoint,
    SupplierShare,
)
from ytterby.facts import load
from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput, DatedState
from ytterby.report.charts import Outlines, region_outlines

if TYPE_CHECKING:
    import xarray as xr

Z = (-1.645, -0.674, 0.0, 0.674, 1.645, 0.0)
TODAY = dt.date(2026, 11, 22)


def series(weeks: int = 104) -> xr.Dataset:
    """Log-normal bands around a dip of use and a hump of prices."""
    mondays = pd.date_range("2025-03-31", periods=weeks, freq="7D")
    week = np.arange(weeks)
    dip = 1.0 - 0.55 * np.exp(-(((week - 20) / 14.0) ** 2))
    hump = 1.0 + 3.5 * np.exp(-(((week - 24) / 18.0) ** 2))
    paths = {
        ("consumption", "oxide.Dy", "JP", "t/week"): 14.0 * dip,
        ("price", "oxide.Dy", "JP", "USD2024/kg"): 260.0 * hump,
        ("price", "oxide.Dy", "CN", "USD2024/kg"): 250.0 * (0.9 + 0.1 * dip),
        ("consumption", "magnet.NdFeB-Dy", "JP", "t/week"): 180.0 * dip,
        ("price_deal", "oxide.Dy", "JP", "USD2024/kg"): 255.0 * hump,
        ("price_marginal", "oxide.Dy", "JP", "USD2024/kg"): 290.0 * hump**2,
        ("price", "magnet.NdFeB-Dy", "JP", "USD2024/kg"): 85.0 * hump,
        ("price", "magnet.NdFeB-Dy", "CN", "USD2024/kg"): 70.0 * dip,
    }
    bands = np.exp(np.array(Z)[:, None] * (0.05 + 0.2 * np.minimum(week / 30.0, 1.0)))
    found: dict[str, dict[tuple[str, str], np.ndarray]] = {}
    for (measure, commodity, region, _), path in paths.items():
        found.setdefault(measure, {})[commodity, region] = path * bands
    return of_markets(found, {measure: unit for measure, _, _, unit in paths}, mondays, QUANTILES)


def summary(scenario: str = "synthetic-test", **changes: object) -> RunSummary:
    stops = [
        ("cars_battery", "JP", "2025-06-02", "2025-05-12", "2025-07-14", 0.97),
        ("cars_hybrid", "JP", "2025-06-16", "2025-05-19", "2025-08-25", 0.96),
        ("defence", "US", "2025-06-23", "2025-05-12", None, 0.83),
        ("industry", "DE", "2025-07-28", "2025-06-09", None, 0.71),
        ("appliances", "JP", "2025-10-06", "2025-07-07", None, 0.58),
        ("refining", "JP", None, "2025-08-04", None, 0.22),
    ]
    losses = [
        ("JP", "cars_battery", 2.1e9, 0.9e9, 4.4e9, 12000.0),
        ("JP", "cars_hybrid", 1.4e9, 0.5e9, 3.3e9, 8400.0),
        ("JP", "appliances", 3.1e8, 0.2e8, 9.0e8, 2100.0),
        ("US", "defence", 6.0e8, 1.1e8, 1.6e9, 5200.0),
        ("DE", "industry", 8.8e8, 2.4e8, 2.1e9, 6400.0),
    ]
    inputs = [
        ("cover.magnet@JP", -0.61),
        ("measures.0.processing_days", 0.48),
        ("behaviour.sigma_short", -0.33),
        ("behaviour.hoarding", 0.21),
        ("price.oxide", 0.04),
    ]
    found: dict[str, object] = {
        "scenario": scenario,
        "draws": 200,
        "weeks": 104,
        "start": "2025-03-31",
        "first_stops": [first_stop(*row) for row in stops],
        "shortfall": [
            {
                "commodity": "oxide.Dy",
                "region": "JP",
                "total_t": 96.0,
                "total_t_low": 41.0,
                "total_t_high": 170.0,
                "worst_share": 0.44,
                "worst_share_high": 0.6,
                "sum_of_regions": False,
                "worst_date": "2025-08-18",
                "recovered": "2026-03-02",
            },
            {
                "commodity": "magnet.NdFeB-Dy",
                "region": "JP",
                "total_t": 1240.0,
                "total_t_low": 510.0,
                "total_t_high": 2300.0,
                "worst_share": 0.39,
                "worst_share_high": 0.5,
                "sum_of_regions": False,
                "worst_date": "2025-08-25",
                "recovered": None,
            },
            {
                "commodity": "oxide.Dy",
                "region": "US",
                "total_t": 31.0,
                "total_t_low": 12.0,
                "total_t_high": 60.0,
                "worst_share": 0.51,
                "worst_share_high": 0.7,
                "sum_of_regions": False,
                "worst_date": "2025-08-18",
                "recovered": None,
            },
        ],
        "losses": [sector_loss(*row) for row in losses],
        "stops": {"all": 0.97, "JP": 0.97, "US": 0.83},
        "headline": {"all": place_loss(5.2e9, 2.4e9, 1.02e10), "JP": place_loss(3.7e9, 1.6e9, 7.6e9)},
        "drivers": [
            {"input": name, "rho": rho, "kind": "assumed" if index else "derived", "beyond_chance": True}
            for index, (name, rho) in enumerate(inputs)
        ],
        "evidence_grade": {"reported": 0.0, "derived": 0.51, "assumed": 0.49},
    }
    return run_summary(**(found | changes))


def first_stop(
    sector: str, country: str, middle: str | None, low: str | None, high: str | None, probability: float, **more: object
) -> FirstStop:
    given: dict[str, object] = {"line_stop": None, "line_stop_probability": 0.0, "firms": None, "input": None} | more
    return FirstStop(
        sector=sector, country=country, date=middle, date_low=low, date_high=high, probability=probability,
        value_added_usd=1e10, **given,
    )  # fmt: skip


def sector_loss(country: str, sector: str, usd: float, low: float, high: float, jobs: float) -> SectorLoss:
    return SectorLoss(
        country=country, sector=sector, value_added_usd=usd, low=low, high=high, net_usd=usd, sales_usd=usd, jobs=jobs, jobs_worst_week=jobs
    )


def place_loss(usd: float, low: float, high: float) -> PlaceLoss:
    return PlaceLoss(value_added_usd=usd, low=low, high=high, net_usd=usd, job_years=0.0, scaled_share=0.2)


def record() -> dict[str, object]:
    licence = {
        "kind": "licence",
        "on": ["oxide.Dy"],
        "from": ["CN"],
        "to": ["all"],
        "start": "2025-04-04",
        "end": None,
        "processing_days": 45,
    }
    return {
        "scenario": {
            "name": "synthetic-test",
            "title_en": "Invented licences",
            "title_de": "Erfundene Lizenzen",
            "summary_en": "An invented licence queue for tests of the briefing.",
            "summary_de": "Eine erfundene Lizenzschlange für Tests des Briefings.",
            "measures": [licence],
            "forks": [{"date": "2027-02-01", "label": "renewal or end", "branches": []}],
        },
        "facts": ["PRI0001", "B157"],
    }


def run(name: str = "synthetic-test") -> BriefedRun:
    return BriefedRun("synthetic-test-00000000-n200-s1", record(), summary(name), series())


def exposure() -> ExposureResult:
    suppliers, inside, entered, passed = [], [], [], []
    for element, stage, direct, traced, low, high, embedded in (
        ("Dy", "oxide", 0.61, 0.94, 0.9, 0.98, 0.17),
        ("Tb", "oxide", 0.66, 0.95, 0.9, 0.98, 0.12),
        ("Nd", "magnet", 0.41, 0.72, 0.61, 0.8, 0.2),
    ):
        common = {"element": element, "end_use": "all", "supplier": "CN"}
        suppliers.append(SupplierShare(**common, stage=stage, share_direct=direct, share_traced=traced, low=low, high=high))
        inside.append(EntryShare(**common, stage="component", share=embedded, low=0.7 * embedded, high=1.4 * embedded))
        entered += [inside[-1], EntryShare(**common, stage=stage, share=direct, low=None, high=None)]
        passed.append(PassedShare(**common, share=traced, low=low, high=high))
    indicator = Indicator(
        element="Dy", stage="oxide", hhi=0.91, hhi_direct=None, hhi_world=None, import_reliance=1.0, net_exporter=False, supplier="CN",
        n_minus_1_cover=0.08, n_minus_1_in_place=0.06, time_to_survive_days=71, time_to_survive_low=None,
        time_to_survive_high=None, cover_days=62.0, cover_days_low=None, cover_days_high=None,
    )  # fmt: skip
    detail = GeoPolRiskDetail(
        score=0.251857, hhi=0.486155, import_risk=0.518, imports_t=24_000.0, own_production_t=0.0, production="WMD", notes=(), unrated=()
    )
    point = SinglePoint(element="Dy", end_use="all", countries=("CN",), size=1, stopped=True, left=0.01, left_shared_evenly=None)
    return ExposureResult(
        importer="JP",
        year=2024,
        chain="rare-earths",
        as_of="2026-04-10",
        geopolrisk=0.251857,
        geopolrisk_detail=detail,
        uses=tuple(
            ElementUse(element=e, use_t=t, assumed=a, stockpile_days=None, bought_as="magnet", import_reliance=0.89)
            for e, t, a in (("Dy", 300.0, 0.9), ("Nd", 700.0, 0.6))
        ),
        suppliers=tuple(suppliers),
        passed=tuple(passed),
        entries=tuple(entered),
        embedded=tuple(inside),
        indicators=(indicator,),
        single_points=(point,),
        value_added_at_stake=(),
        data=ExposureData(system="", system_as_of="", trade="", governance="", user="", mixing=""),
        warnings=(),
    )


def world() -> Outlines:
    facts = load()
    codes = facts.countries()
    return region_outlines(facts.world_map(), dict(zip(codes["numeric"].str.zfill(3), codes["iso2"], strict=True)))


def inputs(**changes: object) -> BriefingInput:
    state = DatedState(
        "China's suspension of Announcements 55-58 and 61-62 of October 2025",
        dt.date(2026, 11, 10),
        "B157",
        "chemradar",
        "https://www.chemradar.com/en/news/detail/f3s7t2oy9qf4",
    )
    given: dict[str, object] = {
        "importer": "JP",
        "regions": ("JP",),
        "today": TODAY,
        "runs": (run(),),
        "exposure": exposure(),
        "system": random_system(5, elements=("Dy",)),
        "states": (state,),
        "outlines": world(),
        "as_of": "2026-04-10",
        "version": "0.1.0",
    }
    return BriefingInput(**(given | changes))  # type: ignore[arg-type]


TEXT_A = "Das Land Xyland hat gestern die Ausfuhr von Terbium verboten. Die Minister wollen im Mai verhandeln.\nMehr dazu morgen."
TEXT_B = "Xyland hat die Ausfuhr von Terbium verboten, berichtet die Agentur. <b>Anzeige</b>"


def evidence() -> dict[str, object]:
    """Two articles of which the second copies the first, one event, one doubt, one commitment."""

    def claim(number: int, doc: str, text: str, quote: str, kind: str) -> dict[str, object]:
        start = text.index(quote)
        return {
            "id": f"{doc}#{number}",
            "doc": doc,
            "start": start,
            "end": start + len(quote),
            "quote": quote,
            "event_type": kind,
            "tier": "core",
            "polarity": "pos",
            "actors": ["country:CN"],
            "targets": [],
            "materials": ["Tb"],
            "stage": ["trade"],
            "quantity": None,
            "date": None,
            "dates": [],
            "modality": "done",
            "attributed_to": None,
            "extractor": "rules:1",
        }

    claims = [
        claim(1, "a.txt", TEXT_A, "die Ausfuhr von Terbium verboten", "ban"),
        claim(2, "a.txt", TEXT_A, "Die Minister wollen im Mai verhandeln", "negotiation"),
        claim(1, "b.txt", TEXT_B, "die Ausfuhr von Terbium verboten", "ban"),
    ]
    names = [claim["id"] for claim in claims]
    document = {
        "path": "",
        "media": "text/plain",
        "language": "de",
        "published_from": "",
        "removed": [],
        "notes": [],
        "error": "",
        "url": "",
    }
    return {
        "documents": [
            document | {"name": "a.txt", "sha256": "ab" * 32, "title": "Erste Meldung", "published": "2026-11-02", "publisher": "Blatt A"},
            document | {"name": "b.txt", "sha256": "cd" * 32, "title": "", "published": None, "publisher": ""},
        ],
        "claims": claims,
        "events": [
            {
                "id": "E1",
                "event_type": "ban",
                "title": "ban",
                "actors": ["country:CN"],
                "targets": ["country:NL"],
                "materials": ["Tb"],
                "date": "2026-11-01",
                "status": "in_force",
                "claims": [names[0], names[2]],
                "documents": ["a.txt", "b.txt"],
                "sources": 1,
                "origins": [["a.txt", "b.txt"]],
                "first_report": "2026-11-02",
                "timeline": [],
                "quantity": None,
            },
        ],
        "relations": [
            {"kind": "same_wire", "a": "a.txt", "b": "b.txt", "note": "same sentences", "score": 0.9},
            {"kind": "contradicts", "a": names[0], "b": names[1], "note": "a ban and a talk about it", "score": None},
        ],
        "ledger": [
            {
                "id": "L1",
                "who": ["country:CN"],
                "what": "talks",
                "event_type": "negotiation",
                "materials": ["Tb"],
                "quantity": None,
                "due": "2027-05-01",
                "status": "planned",
                "claims": [names[1]],
                "documents": ["a.txt"],
                "sources": 1,
            },
        ],
        "drafts": [],
    }
