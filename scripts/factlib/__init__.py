"""Helpers of ``build_facts.py``: they turn the gathered figures into the package's tidy tables."""
