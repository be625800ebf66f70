"""Ensembles: outcomes of draws, what drives them, where they get bad, which facts are worth asking for."""
