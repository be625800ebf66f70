"""Restrictions of other minerals: one annual model, every episode forecast from the others."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
