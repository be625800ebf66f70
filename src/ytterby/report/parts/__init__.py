"""A firm's own parts: tables, page and workbook, and the template of the list."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
