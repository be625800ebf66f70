from __future__ import annotations

import pytest

from ytterby.facts import load
from ytterby.system.bases import bases
from ytterby.system.build import build


@pytest.fixture(scope="session")
def facts():
    return load()


@pytest.fixture(scope="session")
def base():
    return build(2024)


@pytest.fixture(scope="session")
def base09():
    return build(2009)


BASES = [(base.year, base.chain) for base in bases()]


@pytest.fixture(scope="session", params=BASES, ids=lambda base: f"{base[1]}-{base[0]}")
def system(request):
    year, chain = request.param
    return build(year, chain=chain)
