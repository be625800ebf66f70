"""The pages of the workbench: server-rendered, in the briefing's typography, useful without scripts."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
