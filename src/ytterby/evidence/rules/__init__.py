"""Extraction of claims by rules: lexicons, matching of rules to clauses, and the fields of a claim."""
