"""Charts as data for the browser: what is drawn, and what is told where it is pointed at."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
