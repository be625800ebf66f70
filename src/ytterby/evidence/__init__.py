"""Evidence: from articles to claims, events, relations, a ledger and scenario drafts.

Other packages import only what ``__init__.pyi`` lists; each name is loaded when it is first used.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
