"""Exposure of an importer: traced shares with bounds, N-1 cover, indicators, GeoPolRisk, a firm's bill of materials."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
