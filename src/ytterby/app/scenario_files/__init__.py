"""Scenarios: bundled, saved, as a form."""
