"""Invented plans and an invented alliance: honest in shape, empty of meaning, used by tests only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ytterby.cooperation import CooperationResult
from ytterby.plan import PlanResult
from ytterby.report.briefing import CitedFact, ResultFrame

if TYPE_CHECKING:
    from ytterby.report.briefing import Briefing

TODAY = dt.date(2026, 11, 29)
FRAME = ResultFrame(
    TODAY, "0.0", "2026-11-01",
    {
        "ASM009": CitedFact("assumed", "general knowledge, unconfirmed", "", "own-estimate"),
        "B049": CitedFact("reported", "MOFCOM Announcement No. 18 of 2025", "https://example.org/18", "public"),
    },
    ("B049", "ASM009"),
)  # fmt: skip
YEARS = (2026, 2040)


def _curve(scale: float) -> list[dict[str, float]]:
    rows = ((0.05e9, 0.049e9, 0.78e9, 0.148e9, 1.25e9), (0.25e9, 0.19e9, 1.404e9, 0.0132e9, 0.109e9))
    flat = tuple((budget, 0.193e9, 1.406e9, 0.0125e9, 0.105e9) for budget in (1e9, 2.5e9, 5e9, 10e9))
    names = ("budget", "public_usd", "gain", "expected_loss", "cvar")
    return [dict(zip(names, (row[0], *(scale * value for value in row[1:])), strict=True)) for row in (*rows, *flat)]


def _near() -> dict[str, Any]:
    groups = (
        ("mines and separation", 0.0, 503e6, 0.0), ("stocks: magnets", 100e6, 302e6, 131e6), ("metals and magnets", 0.0, 237e6, 0.0),
        ("stocks: materials", 31e6, 178e6, 46e6), ("thrift and substitutes", 6.6e6, 80e6, 19e6), ("research", 0.0, 0.4e6, 0.0),
    )  # fmt: skip
    rows = [dict(zip(("group", "low", "high", "chosen"), row, strict=True)) for row in groups]
    total = {"group": "all", "low": 179e6, "high": 720e6, "chosen": 196e6}
    return {
        "slack": 0.05, "must_have": ["stocks: magnets", "stocks: materials"], "never": ["research"], "groups": rows, "total": total,
        "portfolios": [],
    }  # fmt: skip


def _portfolio() -> list[dict[str, Any]]:
    rows = (("stock-magnet.NdFeB", "Stock of magnet.NdFeB", 131e6, 884e6), ("no-longer-known", "A measure of old", 46e6, 186e6))
    same = {"party": "JP", "kind": "stockpile", "year": 2027, "share": 0.48, "size": 2398.0, "unit": "t", "of_plant": None}
    same |= {"usable_from": 2028}
    return [
        {"measure": id_, "name": name, **same, "capex_usd": 0.8 * public, "public_usd": public, "avoids_usd": worth, "reason": ""}
        for id_, name, public, worth in rows
    ]


def _left_out() -> list[dict[str, Any]]:
    rows = (("stock-oxide.Sm", 0.0), ("stock-oxide.Tb", 0.0), ("stock-metal.Tb", 0.01), ("stock-oxide.Dy", 0.31), ("stock-oxide.Ho", None))
    return [{"measure": id_, "name": id_, "party": "JP", "too_dear_by": dear, "reason": ""} for id_, dear in rows]


def _compared() -> list[dict[str, Any]]:
    money = {"party": "JP", "what": "Reserve fund", "period": "2010", "covers": "rare earths", "measure": "", "plan": 196e6, "unit": "USD"}
    stock = {"party": "JP", "what": "Stock", "period": "2025", "covers": "", "measure": "stock-magnet.NdFeB", "plan": 2398.0, "unit": "t"}
    return [
        money | {"recorded": 1139e6, "recalled": True, "fact": "A338"},
        money | {"recorded": 258e6, "recalled": False, "fact": "a fact of old"},
        stock | {"recorded": 450.0, "recalled": False, "fact": "STO0016"},
    ]


def _funded() -> list[dict[str, Any]]:
    row = {"party": "JP", "share": 0.0, "too_dear_by": None, "price_fall": None, "recalled": False}
    return [
        row | {"what": "Lynas: loan", "period": "2011-03", "amount": 250.0, "unit": "M USD", "measure": "", "name": "", "why": "running",
               "fact": "A341"},
        row | {"what": "Lynas: equity of JARE", "period": "2023-03", "amount": 200.0, "unit": "M AUD", "measure": "kuantan-heavy",
               "name": "Kuantan: heavy separation", "why": "alone", "price_fall": 0.16, "fact": "C040"},
        row | {"what": "Of old", "period": "2027", "amount": None, "unit": "", "measure": "minamitorishima", "name": "Minamitorishima",
               "why": "dearer", "too_dear_by": 0.4, "recalled": True, "fact": "a fact of old"},
    ]  # fmt: skip


def _flip() -> list[dict[str, Any]]:
    rows = (
        ("rate of restrictions", "low", 0.19, "a year", 0.7e9, "stocks: magnets", False),
        ("rate of restrictions", "high", 0.61, "a year", 2.3e9, "stocks: magnets", False),
        ("depth of restrictions", "low", 0.75, "x", 0.2e9, "thrift and substitutes", True),
        ("depth of restrictions", "high", 1.25, "x", 5.1e9, "stocks: magnets", False),
        ("costs of measures", "low", 0.0, "end of range", 1.5e9, "stocks: magnets", False),
        ("costs of measures", "high", 1.0, "end of range", 1.3e9, "stocks: magnets", False),
        ("private rate", "low", 0.08, "a year", 1.42e9, "stocks: magnets", False),
        ("private rate", "high", 0.14, "a year", 1.39e9, "stocks: magnets", False),
    )
    names = ("input", "end", "value", "unit", "gain_usd", "first_choice", "changes")
    return [dict(zip(names, row, strict=True)) | {"regret_usd": 0.01e9} for row in rows]


def plan(parties: tuple[str, ...] = ("JP",), scale: float = 1.0, **changes: Any) -> PlanResult:
    """A plan with every part of the answer."""
    spending = {("stocks: magnets", 2027): 120e6, ("stocks: magnets", 2028): 4e6, ("thrift and substitutes", 2027): 19e6}
    residual = (("electronics", "component.actuator", 3.2e6, 52e6, "cost"), ("medical", "oxide.Lu", 2.6e6, 7.2e6, "before anything opens"))
    left = [dict(zip(("sector", "input", "loss_usd", "before_usd", "why"), row, strict=True)) | {"party": parties[0]} for row in residual]
    given: dict[str, Any] = {
        "parties": parties, "budget": 5e9, "years": YEARS, "scenarios": 6, "seed": 1, "as_of": None, "portfolio": _portfolio(),
        "left_out": _left_out(),
        "pays_alone": [{"measure": "longonjo", "name": "Longonjo: mine", "party": "JP", "margin": 1.8, "price_fall": 0.5}],
        "cost_usd": 124.6e6, "public_usd": 196e6, "risk_before": scale * 357e6, "risk_after": scale * 12.5e6,
        "cvar_before": scale * 2478e6, "cvar_after": scale * 105e6, "gain_usd": scale * 1406e6, "lower_bound": -1421e6,
        "upper_bound": -1406e6, "gap": 0.0109, "ended": "gap", "binding": [], "families": {"quota": 0.9, "stop": 0.1}, "accounts": [],
        "spending": [{"group": group, "year": year, "public_usd": usd} for (group, year), usd in spending.items()],
        "curve": _curve(scale), "near": _near(), "residual": left, "flip": _flip(), "flip_probability": 0.08, "worth_knowing": {},
        "fresh": {
            "paths": 200, "gain_usd": 1708e6, "expected_loss": 130e6, "expected_loss_before": 500e6, "cvar": 1147e6, "optimism": 0.82,
        },
        "stability": {"seed": 2, "gain_usd": 1.6e9, "difference": 0.06, "overlap": 0.72},
        "price_war": {"price_factor": 0.6, "share_running": 0.25, "floor_cost": 4e6}, "industries": [],
        "environment": [], "self_sufficiency": [], "targets": None, "compared_with": _compared(), "funded": _funded(),
        "share_assumed": 0.095, "draft": None, "seconds": 1.0,
        "risk_resimulated": {
            "mean": 3.94e9, "low": 0.88e9, "high": 9.18e9, "promised": 3.01e9, "draws": 200, "shock": "a year",
            "spillover": {"US": 630e6, "EU": 3514e6, "IN": -20e6, "GB": 0.0}, "parties": [],
        },
    }  # fmt: skip
    return PlanResult.model_validate(given | changes)


def _ends() -> list[dict[str, Any]]:
    rows = (
        ("depth of restrictions", "low", 0.75, 0.4e9, 0.2e9), ("depth of restrictions", "high", 1.25, 4.2e9, 2.1e9),
        ("social rate", "low", 0.03, 1.8e9, 0.9e9), ("social rate", "high", 0.08, 1.2e9, 0.6e9),
        ("weight of the worst tenth", "low", 0.0, 0.3e9, 0.15e9), ("weight of the worst tenth", "high", 1.0, 2.9e9, 1.45e9),
        ("costs of measures", "low", 0.0, 1.6e9, 0.8e9), ("costs of measures", "high", 1.0, 1.5e9, 0.75e9),
        ("private rate", "low", 0.08, 1.56e9, 0.78e9), ("private rate", "high", 0.14, 1.57e9, 0.78e9),
    )  # fmt: skip
    return [
        {"input": name, "end": end, "at": at, "value": value, "shapley": {"JP": share, "US": value - share}}
        for name, end, at, value, share in rows
    ]


def alliance(**changes: Any) -> CooperationResult:
    """An alliance of Japan and the United States with every part of the answer."""
    whole = 1.56e9
    proportional = {"use": 0.8e9, "gain alone": 0.63e9, "GDP": 0.21e9}
    rules = {"shapley": 0.78e9, "nucleolus": 0.78e9, "owen": 0.13e9} | {f"by {name}": usd for name, usd in proportional.items()}
    excess = [
        {"rule": rule, "coalition": code, "excess": -usd} for rule, own in rules.items() for code, usd in (("JP", own), ("US", whole - own))
    ]
    given: dict[str, Any] = {
        "parties": ["JP", "US"], "budget": {"JP": 1e9, "US": 1e9}, "years": YEARS, "scenarios": 4, "seed": 1, "terms": [],
        "values": {"JP": 0.0, "US": 0.0, "JP+US": whole}, "gap_usd": 13e6, "undecided": [], "worst_pair": whole,
        "shapley": {"JP": 0.78e9, "US": 0.78e9}, "nucleolus": {"JP": 0.78e9, "US": 0.78e9},
        "owen": {"JP": 0.13e9, "US": whole - 0.13e9}, "own_saving": {"JP": 0.66e9, "US": 0.9e9},
        "periods": 5, "beside": {"shapley": {"JP": 51e6, "US": -51e6}},
        "cost_shares": [
            {
                "rule": "shapley", "measure": "stock-magnet.NdFeB", "name": "Stock", "party": "US", "public_usd": 90e6,
                "paid": {"JP": 30e6, "US": 60e6},
            },
        ],
        "commitments": [
            {
                "project": "Caremag", "published": "both pay", "published_shares": {"EU": 0.49, "JP": 0.51},
                "ours": {"shapley": {"JP": 1 / 3, "US": 2 / 3}}, "why": "", "facts": ["PRO0006"],
            },
            {"project": "A pact of old", "published": "", "published_shares": {}, "ours": {}, "why": "", "facts": ["a fact of old"]},
        ],
        "imitation": None,
        "fresh": {
            "paths": 40, "value": 1.04e9, "low": 0.72e9, "high": 1.24e9, "promised": whole, "ratio": 1.04e9 / whole, "apart": False,
        },
        "public_money": {
            "together_usd": 20e6, "alone_usd": 250e6, "ratio": 0.08, "published_ratio": 0.68, "why": "", "facts": ["D051", "D050"],
        },
        "deterrence": {
            "delta": 0.0, "removed": {}, "value": whole, "shapley": {"JP": 0.78e9, "US": 0.78e9}, "flips_at": None, "tried_to": 3.0,
            "flips": "",
        },
        "proportional": {name: {"JP": usd, "US": whole - usd} for name, usd in proportional.items()}, "least_core_eps": -0.78e9,
        "core_empty": False, "core_decided": True, "blocking": ["JP", "US"], "excess": excess,
        "parts": {"JP+US": {"aid": 1.49e9, "stocks": 5e6, "projects": 56e6, "technology": 9e6}},
        "parts_average": {"JP+US": {"aid": 1.4e9, "stocks": 90e6, "projects": 50e6, "technology": 20e6}},
        "transfers": [{"rule": rule, "from": "US", "to": "JP", "usd": 0.12e9, "by_year": 11e6} for rule in rules],
        "sent": [{"giver": "JP", "taker": "US", "calm_usd": 20e6, "crisis_usd": 900e6}],
        "portfolio": [
            {"measure": "stock-magnet.NdFeB", "name": "Stock", "party": "US", "year": 2027, "share": 0.5, "public_usd": 90e6},
            {
                "measure": "any-metal-Dy", "name": "Dy: new plant", "party": "US", "year": 2027, "share": 0.2, "public_usd": 4e5,
                "taught_by": "JP",
            },
            {"measure": "no-longer-known", "name": "Research of old", "party": "JP+US", "year": 2028, "share": 1.0, "public_usd": 9e6},
        ],
        "jobs_created": [{"party": "JP", "build": 414.0, "run": 41.2}, {"party": "US", "build": 0.0, "run": 0.0}],
        "side_deal": [
            {"party": "JP", "rule": "shapley", "exempt_share": 0.63, "usd": 0.78e9},
            {"party": "US", "rule": "shapley", "exempt_share": None, "usd": 0.9e9},
        ],
        "invite": [
            {"party": "EU", "gain": 2.1e9, "gain_of_party": 1.9e9, "order": 1, "gain_in_order": 2.1e9},
            {"party": "AU", "gain": 0.3e9, "gain_of_party": 0.1e9, "order": 2, "gain_in_order": 0.2e9},
        ],
        "partition": None, "hub": None, "double_counted": [], "spillover": {"EU": 2.6e9, "KR": 0.9e9, "IN": -15e6},
        "sensitivity": _ends(), "seconds": 1.0,
    }  # fmt: skip
    return CooperationResult.model_validate(given | changes)


def plan_page(lang: str = "en", **changes: Any) -> Briefing:
    """Page on two plans, the first with every part."""
    from ytterby.report.briefing import write_plan

    return write_plan((plan(**changes), plan(("JP", "US"), 2.0)), FRAME, lang)


def alliance_page(lang: str = "en", **changes: Any) -> Briefing:
    """Page on an alliance with every part."""
    from ytterby.report.briefing import write_alliance

    return write_alliance(alliance(**changes), FRAME, lang)
