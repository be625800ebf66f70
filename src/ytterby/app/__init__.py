"""Use cases: one function and one result model each; the only room that the faces know."""
