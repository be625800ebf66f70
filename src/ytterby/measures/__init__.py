"""Measures: what governments, firms and nature change, by date; one module a kind.

A measure changes capacities, links, duties, demand, stocks or contracts from `start` to `end` and nothing else. Each kind declares
its keys, its checks and its effects; the registry finds it. The kinds and their words are those of the scenario file; units stand
in brackets.
"""

from ytterby.measures import distributions, effects, fields, parts
from ytterby.measures.base import LUCK, DrawnValues, Measure
from ytterby.measures.distributions import DISTRIBUTIONS, Choice, Distribution, Point, Triangular, Uniform, distribution
from ytterby.measures.export_duty import ExportDuty
from ytterby.measures.faults import Fault, Faults, Loc
from ytterby.measures.fields import Frozen, placed_faults
from ytterby.measures.quota import Quota
from ytterby.measures.registry import KINDS, SIMULATED, AnyMeasure, measure, require_simulated
from ytterby.measures.selectors import resolve
from ytterby.measures.standard import Standard
from ytterby.measures.stockpile import Stockpile
from ytterby.measures.tariff import Tariff
from ytterby.measures.weeks import NumberOrDraws, mondays, share_in_force

__all__ = [
    "Point",
    "Uniform",
    "Choice",
    "DISTRIBUTIONS",
    "KINDS",
    "LUCK",
    "SIMULATED",
    "AnyMeasure",
    "Distribution",
    "DrawnValues",
    "ExportDuty",
    "Fault",
    "Faults",
    "Frozen",
    "Loc",
    "Measure",
    "NumberOrDraws",
    "Quota",
    "Standard",
    "Stockpile",
    "Tariff",
    "Triangular",
    "distribution",
    "distributions",
    "effects",
    "fields",
    "measure",
    "mondays",
    "parts",
    "placed_faults",
    "require_simulated",
    "resolve",
    "share_in_force",
]
