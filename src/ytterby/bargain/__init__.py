"""Talks between parties: packages, what each is worth to whom, the room of what all prefer to no deal, and the points that rules choose."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
