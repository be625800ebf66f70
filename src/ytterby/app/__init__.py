"""Use cases: one function and one result model each; the only room that the faces know."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
