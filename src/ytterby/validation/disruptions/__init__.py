"""Recorded disruptions of supply 1995-2022: who stopped, for how long, and how soon the input was worked around."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
