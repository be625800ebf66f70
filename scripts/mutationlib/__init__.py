"""Deliberate errors, one at a time, and whether a test of the module sees them."""
