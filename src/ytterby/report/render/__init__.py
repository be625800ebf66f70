"""A briefing as HTML or PDF."""
