"""Figures, tables and briefings from results only."""
