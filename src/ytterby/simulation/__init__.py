"""The weekly market model: measures act on a network of markets, which is simulated week by week."""

import lazy_loader

from ytterby.simulation import cache_place

cache_place.ensure()  # before numba is imported

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
