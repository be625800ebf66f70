"""The front page's dates ahead are ahead."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from ytterby.web.pages import start

if TYPE_CHECKING:
    import pytest


def test_days_that_have_passed_are_not_listed_as_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "told_decision", lambda _words, _bench, row: row.id)
    today = start.today()
    rows = [
        SimpleNamespace(id=status, day=today + dt.timedelta(days=days), status=status, branches=(), scenario=None, decision="")
        for status, days in (("open", -9), ("ahead", 9))
    ]
    bench: Any = SimpleNamespace(dates=lambda: SimpleNamespace(calendar=rows))
    listed = start._dates(cast("Any", SimpleNamespace(words=None)), bench)
    assert [row.what for row in listed] == ["ahead"]
