"""The balanced supply network of a base year, built from the figures."""
