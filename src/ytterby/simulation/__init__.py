"""The weekly market model: measures act on a network of markets, which is simulated week by week."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
