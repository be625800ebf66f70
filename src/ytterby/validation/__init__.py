"""Checks against history: targets, replays, scores, calibration, frozen forecasts, hazard of restrictions."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
