"""Scenarios: files, consistency checks, designs of ensembles, groups of draws."""
