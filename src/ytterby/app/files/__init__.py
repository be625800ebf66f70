"""Answers as files: pages, tables, pictures."""
