"""Hazard of new export restrictions by supplier and family of material."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
