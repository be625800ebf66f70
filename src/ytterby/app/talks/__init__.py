"""Talks on duties and minerals."""
