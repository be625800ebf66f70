"""Articles, what they claim, what was promised."""
