"""Random measures of every simulated kind on the full 2024 network."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

START = dt.date(2025, 1, 6)
WEEKS = 40
GOODS = (
    "Dy",
    "Tb",
    "NdPr",
    "oxide.*",
    "metal.*",
    "magnet.*",
    "oxide.NdPr",
    "metal.Dy",
    "magnet.NdFeB-Dy",
    "component.*",
    "oxide.Y",
    "rare_earths",
)
MADE = ("oxide.NdPr", "oxide.Dy", "metal.NdPr", "magnet.NdFeB", "magnet.NdFeB-Dy")
BUYERS = ("JP", "US", "DE", "KR", "all")
USED = ("magnet.*", "component.*")
SHARE = st.floats(0.05, 1.0)


def dates(kind: str, **keys: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """Measures of a kind: its keys, from a day of the horizon on, with or without an end."""
    start = st.integers(0, 200).map(lambda days: START + dt.timedelta(days=days))
    spans = st.tuples(start, st.none() | st.integers(14, 250))
    timed = spans.map(lambda span: {"start": span[0]} | ({} if span[1] is None else {"end": span[0] + dt.timedelta(days=span[1])}))
    return st.tuples(timed, st.fixed_dictionaries(keys)).map(lambda parts: {"kind": kind, **parts[0], **parts[1]})


def goods(names: tuple[str, ...] = GOODS) -> st.SearchStrategy[str]:
    """A selector of goods."""
    return st.sampled_from(names)


FROM, TO = st.sampled_from(("CN", "CN", "MY", "US")), st.sampled_from(BUYERS)
KINDS = {
    "ban": dates("ban", on=goods(), from_=FROM, to=TO, depth=st.just(1.0) | SHARE),
    "quota": dates("quota", on=goods(), from_=FROM, tonnes=st.floats(1.0, 3000.0), period=st.sampled_from(("month", "half"))),
    "licence": dates(
        "licence",
        on=goods(),
        from_=FROM,
        to=TO,
        processing_days=st.floats(0.0, 120.0),
        approval_rate=SHARE,
        scope_spill=st.floats(0.0, 0.5),
        no_transfer=st.booleans(),
        validity_days=st.floats(7.0, 400.0),
    ),
    "export_duty": dates("export_duty", on=goods(), from_=FROM, to=TO, rate=st.floats(0.0, 0.5)),
    "tariff": dates("tariff", on=goods(), from_=FROM, to=TO, rate=st.floats(0.0, 0.5)),
    "outage": dates("outage", on=goods(MADE), from_=st.just("CN"), loss=SHARE, ramp_weeks=st.floats(0.0, 20.0)),
    "project": dates("project", on=goods(MADE), from_=st.just("CN"), capacity_t_per_year=st.floats(1.0, 20_000.0)),
    "stockpile": dates(
        "stockpile",
        on=goods(MADE),
        owner=st.just("JP"),
        action=st.sampled_from(("build", "release")),
        tonnes=st.floats(1.0, 500.0),
        over_weeks=st.floats(4.0, 30.0),
    ),
    "hoarding": dates(
        "hoarding", on=goods(), holders=st.just(["JP", "US"]), factor=st.floats(1.0, 3.0), half_life_weeks=st.floats(2.0, 30.0)
    ),
    "demand_shift": dates("demand_shift", on=goods(("magnet.*", "oxide.*", "component.*")), to=TO, factor=st.floats(0.3, 1.6)),
    "substitution": dates("substitution", on=goods(USED), to=TO, saving=st.floats(0.0, 0.6), kept=SHARE),
    "recycling": dates("recycling", on=goods(USED), from_=st.sampled_from(("JP", "US")), collection=SHARE, recovery=SHARE),
    "offtake": dates("offtake", on=st.just("oxide.NdPr"), from_=st.just("MY"), to=st.just("JP"), share=SHARE),
}
"""Measures by kind."""
SETS = st.fixed_dictionaries(
    {
        "measures": st.lists(st.one_of(*KINDS.values()), min_size=1, max_size=5),
        "rationing": st.sampled_from(("pro_rata", "contract_first")),
    }
)
"""One to five measures at once, and who is served first."""
