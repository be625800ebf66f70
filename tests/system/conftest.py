from __future__ import annotations

import pytest

from ytterby.facts.load import load
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


@pytest.fixture(scope="session", params=[2024, 2009])
def system(request):
    return build(request.param)
