"""Measures that may be chosen: costs, recipes, comparisons."""
