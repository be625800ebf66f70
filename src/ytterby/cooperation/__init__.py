"""What an alliance is worth, how its worth can be shared, and who would rather leave."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
