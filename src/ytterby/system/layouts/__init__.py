"""Layouts of base networks: which processes, markets and links a base year has."""
