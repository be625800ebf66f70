"""Ytterby: a workbench for the security of supply of rare earths and other critical minerals.

>>> import ytterby as yt
>>> world = yt.load(2024)
>>> run = world.simulate("china-licences-2025", draws=100)  # doctest: +SKIP

Public names are listed in ``__init__.pyi`` and imported when they are first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
