"""Restrictions of other minerals: one annual model, every episode forecast from the others."""
