"""What the briefing says of goods under export controls."""

from __future__ import annotations

from ytterby.exposure import UnderControl
from ytterby.report import Words
from ytterby.report.briefing.controls import forms


def test_the_briefing_says_which_dual_use_goods() -> None:
    order = UnderControl(
        elements=("dual_use",), goods=("dual-use goods",), id="mofcom-2026-1", order="MOFCOM Announcement No. 1 of 2026", by="CN",
        to="JP", kind="ban", state="in force", since="2026-01-06", until=None, told="banned since 2026-01-06",
        listed_in=("MOFCOM Announcement No. 18 of 2025",), facts=(),
    )  # fmt: skip
    assert forms(Words("de"), order) == "alle Dual-Use-Güter, also auch die aus MOFCOM-Bekanntmachung Nr. 18 von 2025"
    assert forms(Words("en"), order).startswith("all dual-use goods, so")
