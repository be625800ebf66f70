"""All formats of official releases that are recognised by their header."""

from __future__ import annotations

from ytterby.facts.importers import baci, comtrade, governance, input_output, mining_statistics, national_customs, us_trade, usgs

RELEASES = (
    *baci.RELEASES,
    *comtrade.RELEASES,
    *governance.RELEASES,
    *input_output.RELEASES,
    *mining_statistics.RELEASES,
    *national_customs.RELEASES,
    *us_trade.RELEASES,
    *usgs.RELEASES,
)
"""Formats, each with the columns by which it is recognised and its reader."""
