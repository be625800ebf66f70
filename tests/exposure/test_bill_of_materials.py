"""A firm's parts: reading, days to stop, and where a week or a second source buys most."""

import contextlib
import datetime as dt
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.errors import InputError, UnknownNameError
from ytterby.exposure.bill_of_materials import EXPOSED, REQUIRED, Part, assess_parts, read_parts

COMMODITIES = {"magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.SmCo", "oxide.Dy"}
COUNTRIES = {"CN", "JP", "DE", "VN"}
HEAD = ",".join(REQUIRED)
ON = dt.date(2026, 1, 1)


def parse(*lines, head=HEAD):
    return read_parts("\n".join([head, *lines]), COMMODITIES, COUNTRIES)


def part(name="p", weeks=4.0, country="CN", licence="none", expiry=None, alternatives=(), units=None):
    return Part(name, "magnet.NdFeB", "N35", 100.0, "s", country, weeks, licence, expiry, tuple(alternatives), units)


def nothing_upstream(commodity, country):
    return 1.0 if country == "CN" else 0.0


@pytest.mark.parametrize(
    ("grade", "commodity"),
    [("N35", "magnet.NdFeB"), ("N42M", "magnet.NdFeB"), ("N38H", "magnet.NdFeB-Dy"), ("n42sh", "magnet.NdFeB-Dy"),
     ("N35 UH", "magnet.NdFeB-Dy"),
     ("SmCo", "magnet.SmCo"), ("Sm2Co17", "magnet.SmCo"), ("oxide.Dy", "oxide.Dy")],
)  # fmt: skip
def test_grades(grade, commodity):
    (found,) = parse(f"a,{grade},10,s,CN,4,none,,")
    assert found.commodity == commodity


def test_a_whole_line():
    (found,) = parse("motor,N42SH,85,Some Works,cn,6.5,single,2026-03-01,Here@JP:12; There@VN", head=HEAD)
    assert (found.country, found.weeks_of_cover, found.licence_expiry) == ("CN", 6.5, dt.date(2026, 3, 1))
    assert [(a.name, a.country, a.weeks) for a in found.alternatives] == [("Here", "JP", 12.0), ("There", "VN", 0.0)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a,N99X,10,s,CN,4,none,,", "unknown grade 'N99X'"),
        ("a,N35,ten,s,CN,4,none,,", "'grams': found 'ten'"),
        ("a,N35,10,s,CN,-1,none,,", "'weeks_of_cover': found '-1'"),
        ("a,N35,10,s,CM,4,none,,", "unknown country"),
        ("a,N35,10,s,CN,4,singel,,", "did you mean 'single'"),
        ("a,N35,10,s,CN,4,single,,", "needs a date"),
        ("a,N35,10,s,CN,4,general,1 March,", "YYYY-MM-DD"),
        ("a,N35,10,s,CN,4,none,,Somebody in Japan", "name@CC"),
        (",N35,10,s,CN,4,none,,", "'part' is empty"),
        ("a,N35,10,s,CN,4,none,,,more", "found 10 cells, the header has 9"),
    ],
)
def test_faults_name_line_value_and_what_is_allowed(line, words):
    with pytest.raises(InputError, match="parts.csv:3") as caught:
        parse("good,N35,10,s,CN,4,none,,", line)
    assert words in str(caught.value)


def test_all_faults_are_told_at_once_and_columns_are_checked_first():
    with pytest.raises(InputError) as caught:
        parse("a,N99X,10,s,CN,4,none,,", "b,N35,x,s,CN,4,none,,")
    assert str(caught.value).count("\n") == 1
    with pytest.raises(UnknownNameError, match="did you mean 'grams'"):
        parse("a", head=HEAD.replace("grams", "gramms"))
    with pytest.raises(InputError, match="missing column 'grade'"):
        parse("a", head="part,grams")
    with pytest.raises(InputError, match="no parts"):
        parse()
    with pytest.raises(InputError, match="larger than"):
        parse("a" * 1_000_001)


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(InputError):
        assert read_parts(text, COMMODITIES, COUNTRIES)


def test_days_to_stop_and_without_renewal():
    parts = [
        part("lost"), part("elsewhere", country="JP"), part("pending", licence="pending"),
        part("licensed", licence="general", expiry=ON + dt.timedelta(days=30)),
        part("expired", licence="single", expiry=ON - dt.timedelta(days=5)),
    ]  # fmt: skip
    found = {result.part.part: result for result in assess_parts(parts, "CN", ON, nothing_upstream, {}).parts}
    assert found["lost"].days_to_stop == 28.0
    assert found["lost"].days_without_renewal is None
    assert found["elsewhere"].days_to_stop is None
    assert found["pending"].days_without_renewal == 28.0
    assert found["licensed"].days_without_renewal == 58.0
    assert found["expired"].days_without_renewal == 28.0


def test_an_alternative_rescues_only_in_time_and_only_if_it_does_not_hang_on_the_same_country():
    (text,) = parse("a,N35,10,s,CN,4,none,,In time@DE:4;Late@JP:5;Same@CN")
    assert assess_parts([text], "CN", ON, nothing_upstream, {}).parts[0].rescued_by == "In time"
    (late,) = parse("a,N35,10,s,CN,4,none,,Late@JP:5;Same@CN")
    assert assess_parts([late], "CN", ON, nothing_upstream, {}).parts[0].days_to_stop == 28.0
    hangs = assess_parts([text], "CN", ON, lambda commodity, country: EXPOSED + 0.1, {}).parts[0]
    assert hangs.days_to_stop == 28.0
    assert [name for name, _ in hangs.exposed_alternatives] == ["In time", "Late"]


def test_next_expiry_is_the_first_that_is_still_to_come():
    days = {"gone": -3, "soon": 10, "also": 10, "later": 40}
    parts = [part(name, licence="single", expiry=ON + dt.timedelta(days=day)) for name, day in days.items()]
    found = assess_parts(parts, "CN", ON, nothing_upstream, {})
    assert found.next_expiry == ON + dt.timedelta(days=10)
    assert set(found.next_expiry_parts) == {"soon", "also"}


def first_stop(parts):
    stops = [result.days_to_stop for result in assess_parts(parts, "CN", ON, nothing_upstream, {}).parts]
    return min((stop for stop in stops if stop is not None), default=float("inf"))


@pytest.mark.parametrize("weeks", list(product([2.0, 3.0, 5.0], repeat=3)))
def test_the_ladder_says_what_a_second_look_finds(weeks):
    """A week for the parts named moves the first stop by what is promised; so does a source elsewhere."""
    parts = [part(str(number), cover) for number, cover in enumerate(weeks)]
    step = assess_parts(parts, "CN", ON, nothing_upstream, {}).ladder[0]
    assert step.first_stop_days == first_stop(parts)
    more = [part(p.part, p.weeks_of_cover + (p.part in step.parts)) for p in parts]
    assert first_stop(more) == step.first_stop_days + step.one_week_gains
    second = [part(p.part, p.weeks_of_cover, country="JP" if p.part in step.parts else "CN") for p in parts]
    gain = first_stop(second) - step.first_stop_days
    assert step.qualification_gains == (gain if gain != float("inf") else None)


def test_a_week_costs_its_material():
    step = assess_parts([part(units=50.0)], "CN", ON, nothing_upstream, {"magnet.NdFeB": 80.0}).ladder[0]
    assert step.one_week_cost_usd == pytest.approx(50 * 0.1 * 80)
    assert assess_parts([part()], "CN", ON, nothing_upstream, {"magnet.NdFeB": 80.0}).ladder[0].one_week_cost_usd is None
