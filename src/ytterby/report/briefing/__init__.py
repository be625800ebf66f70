"""The briefing: first page and sections, written from a run, exposure and evidence."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
