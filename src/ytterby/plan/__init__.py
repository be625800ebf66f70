"""Plans: what a shortage costs by year, the shocks that may come, and what a budget buys against them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
