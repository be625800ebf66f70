"""Hazard of new export restrictions by supplier and family of material."""
