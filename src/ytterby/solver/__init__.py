"""Linear and mixed-integer programmes as sparse arrays, solved by HiGHS; no other package calls the solver."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
