"""Ensembles: outcomes of draws, what drives them, where they get bad, which facts are worth asking for."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
