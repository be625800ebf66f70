"""Use cases: the one door for the faces."""
