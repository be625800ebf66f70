"""Duties: what they do to trade, revenue, value added, jobs, buyers and balances."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
