"""The balanced network of a base year, and trade as customs record it."""
