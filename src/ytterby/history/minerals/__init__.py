"""Restrictions of other minerals: one annual model, every episode foretold from the others."""
