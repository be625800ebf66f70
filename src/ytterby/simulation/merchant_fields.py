"""Fields of the state that belong to merchants (18) and to goods that do the work of a lower grade (19)."""

from __future__ import annotations

from ytterby.simulation.acting_fields import Field

MERCHANTS = (
    Field("merchant_price", "pools", "USD/kg", "pool_price"),
    Field("merchant_anchor", "pools", "1", 0.0),  # mean log anchor of those who sell to them
    Field("lane", "markets", "1", 0.0),  # share of a market's lanes that is qualified
    Field("on_the_way", "markets", "t", 0.0),  # bought by merchants for the market, not there yet
    Field("brought", "markets", "t/week"),
    Field("sold", "markets", "t/week", 0.0),
    Field("resold", "markets", "t/week"),  # sold less brought
    Field("offer", "markets", "USD/kg"),
    Field("bid", "markets", "USD/kg"),
    Field("bought", "markets", "t/week"),  # what would be bought at the merchants' price
    Field("sellable", "markets", "1", 1.0),
    Field("barred", "markets", "1", 0.0),
    Field("leaving", "markets", "1", "leave_factor"),
    Field("per_entry", "markets", "1", "per_enter"),
    Field("lane_cost", "markets", "USD/kg", "base_lane_cost"),
)
