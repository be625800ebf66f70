"""Importers: the user's own figures and official releases."""
