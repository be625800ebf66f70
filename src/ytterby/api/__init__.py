"""The web workbench's API: questions, answers and long work over HTTP, under ``/api/v1``."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
