"""A firm's parts: read from what people write, when they are missing, and where a week or a second source buys most."""

import contextlib
import datetime as dt
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.errors import InputError
from ytterby.exposure import cell_values
from ytterby.exposure.bill_of_materials import MAX_FAULTS, Alternative, Known, Part, read_parts, read_table
from ytterby.exposure.deliveries import Deliveries, run_down
from ytterby.exposure.parts_columns import OPTIONAL, REQUIRED, column_of
from ytterby.exposure.parts_outlook import EXPOSED, assess_parts, own_words

KNOWN = Known(
    frozenset({"magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.SmCo", "oxide.Dy", "oxide.NdPr", "metal.Dy"}),
    {"CN": "CHN", "JP": "JPN", "DE": "DEU", "VN": "VNM", "GB": "GBR", "US": "USA"},
)
OLD = "part,grade,grams,supplier,country,weeks_of_cover,licence,licence_expiry,alternatives"
NEEDED = "part,grade,grams,country"
ON = dt.date(2026, 1, 1)
HORIZON = 156.0


def parse(*lines, head=OLD):
    return read_parts("\n".join([head, *lines]), KNOWN).parts


def one(line, head=OLD):
    (found,) = parse(line, head=head)
    return found


def part(name="p", weeks=4.0, country="CN", licence="none", expiry=None, alternatives=(), units=None, **more):
    return Part(name, "magnet.NdFeB", "N35", 100.0, "s", country, weeks, licence, expiry, tuple(alternatives), units, **more)


def china_stops(part, country):
    return Deliveries.nothing(1.0) if country == "CN" else Deliveries.whole(0.0)


def assess(parts, source=china_stops, price=None):
    return assess_parts(parts, ON, source, price or {}, HORIZON)


# Reading


@pytest.mark.parametrize(
    ("grade", "commodity"),
    [("N35", "magnet.NdFeB"), ("N42M", "magnet.NdFeB"), ("N38H", "magnet.NdFeB-Dy"), ("n42sh", "magnet.NdFeB-Dy"),
     ("N35 UH", "magnet.NdFeB-Dy"), ("42SH", "magnet.NdFeB-Dy"), ("NdFeB", "magnet.NdFeB"), ("NdFeB-Magnet", "magnet.NdFeB"),
     ("SmCo", "magnet.SmCo"), ("Sm2Co17", "magnet.SmCo"), ("oxide.Dy", "oxide.Dy"), ("Dysprosiumoxid", "oxide.Dy"),
     ("dysprosium oxide", "oxide.Dy"), ("Dy2O3", "oxide.Dy"), ("Dy-Metall", "metal.Dy"), ("Neodymium oxide", "oxide.NdPr"),
     ("NdFeB 42SH", "magnet.NdFeB-Dy"), ("NdFeB N42", "magnet.NdFeB"), ("NdFeB 42", "magnet.NdFeB"),
     ("Samarium-Kobalt 2:17", "magnet.SmCo"), ("Samarium cobalt 1:5", "magnet.SmCo")],
)  # fmt: skip
def test_grades_and_materials(grade, commodity):
    assert one(f"a,{grade},10,CN", NEEDED).commodity == commodity


MIXED = ("Rotor,NdFeB 42SH,80,CN", "Kleinmotor,Hartferrit,200,CN", "Fräser,Wolframkarbid,12,DE")


def test_parts_of_no_chain_are_left_out_and_named():
    found = read_parts("\n".join([NEEDED, *MIXED]), KNOWN)
    assert [part.part for part in found.parts] == ["Rotor"]
    assert [note.about for note in found.notes if note.code == "outside"] == [("Kleinmotor (Hartferrit)", "Fräser (Wolframkarbid)")]


def test_other_faults_still_stop_the_list_all_at_once():
    """Zirconia with yttria does not say how much yttria; a row that is left out is checked like any other."""
    with pytest.raises(InputError) as caught:
        parse(*MIXED, "Sonde,YSZ,10,JP", "Spule,Hartferrit,10,Nowhere", "Platte,Unobtainium,1,CN", head=NEEDED)
    told = str(caught.value).splitlines()
    assert len(told) == 3
    assert "'YSZ' does not say how much Y2O3 is in it; write Y2O3 and the mass of that" in told[0]
    assert "column 'country'" in told[1]
    assert "Unobtainium" in told[2]


def test_a_list_without_any_part_of_the_model_is_refused():
    with pytest.raises(InputError, match=r"no part is in the model: Kleinmotor \(Hartferrit\)"):
        parse(MIXED[1], head=NEEDED)


def test_a_whole_line():
    found = one("motor,N42SH,85,Some Works,cn,6.5,single,2026-03-01,Here@JP:12; There@VN")
    assert (found.country, found.weeks_of_cover, found.licence_expiry) == ("CN", 6.5, dt.date(2026, 3, 1))
    assert [(a.name, a.country, a.weeks) for a in found.alternatives] == [("Here", "JP", 12.0), ("There", "VN", 0.0)]


def test_four_columns_are_enough_and_what_is_not_said_is_not_made_up():
    found = one("a,N35,10,CN", NEEDED)
    assert (found.weeks_of_cover, found.cover, found.licence, found.licence_expiry) == (None, 0.0, "unknown", None)
    assert one("a,N35,10,CN", "part,material,grams,country").commodity == "magnet.NdFeB"


@pytest.mark.parametrize("country", ["CN", "cn", "CHN", "China", "VR China", "Volksrepublik China", " people's republic of china "])
def test_countries_by_code_and_name(country):
    assert one(f"a,N35,10,{country}", NEEDED).country == "CN"


@pytest.mark.parametrize(("name", "code"), [("UK", "GB"), ("Deutschland", "DE"), ("Viet Nam", "VN"), ("USA", "US"), ("日本", "JP")])
def test_usual_names_of_countries(name, code):
    assert one(f"a,N35,10,{name}", NEEDED).country == code


@pytest.mark.parametrize(
    ("titles", "line"),
    [
        ("Part;Grade;Mass (g);Supplier country;Weeks of Cover", "a;N35;12,5;CN;6"),
        ("Bauteil;Güte;Masse in g;Land;Reichweite (Wochen)", "a;N35;12,5;China;6"),
        ("TEIL\tWERKSTOFF\tGewicht [kg]\tLieferland\tReichweite (Tage)", "a\tN35\t0,0125\tCN\t42"),
        ("part|magnet grade|weight_kg|country of supplier|stock [weeks]", "a|N35|0.0125|CN|6"),
        ("sep=;\nBauteil;Güte;Masse;Land;Bestand in Tagen", "a;N35;12,5;CN;42"),
        ("Our parts;;;;\n;;;;\nPart no.;Grade;Grams per part;Country;Cover (weeks)", "a;N35;12.5;CN;6"),
    ],
)
def test_the_same_list_as_different_people_write_it(titles, line):
    found = one(line, titles)
    assert (found.part, found.commodity, found.country) == ("a", "magnet.NdFeB", "CN")
    assert found.grams == pytest.approx(12.5)
    assert found.weeks_of_cover == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("title", "name", "factor"),
    [("Stück/Jahr", "units_per_week", 7 / 365.25),
     ("units per day", "units_per_week", 7.0),
     ("cover in months", "weeks_of_cover", 365.25 / 84),
     ("magnet mass [mg]", "grams", 0.001), ("supplier_cover_weeks", "supplier_cover", 1.0)],
)  # fmt: skip
def test_units_stand_in_the_titles(title, name, factor):
    column = column_of(title)
    assert column.name == name
    assert column.factor == pytest.approx(factor)


@pytest.mark.parametrize("title", ["drawing", "revision", "mass (lb)", "colour", "", "kg"])
def test_other_titles_mean_nothing(title):
    assert column_of(title) is None


def test_every_column_is_known_by_its_own_name():
    assert [column_of(name).name for name in (*REQUIRED, *OPTIONAL)] == [*REQUIRED, *OPTIONAL]


def test_numbers_that_may_mean_two_things_are_refused_unless_others_tell():
    head = "part;grade;grams;country"
    with pytest.raises(InputError, match="may mean 1450 or 1.450"):
        parse("a;N35;1.450;CN", head=head)
    assert [p.grams for p in parse("a;N35;1.450;CN", "b;N35;12,5;CN", head=head)] == [1450.0, 12.5]
    assert [p.grams for p in parse("a;N35;1,450;CN", "b;N35;12.5;CN", head=head)] == [1450.0, 12.5]
    assert one("a,N35,1.450,CN", NEEDED).grams == 1.45
    assert one("a;N35;1.234.567,5;CN", head).grams == 1234567.5
    with pytest.raises(InputError, match="decimal comma.*decimal point"):
        parse("a;N35;1,5;CN", "b;N35;1.5;CN", head=head)


def test_a_share_is_given_as_people_give_it():
    head = "part;grade;grams;country;upstream share"
    cells = ("0,6", "60", "60 %", "60%")
    assert [one(f"a;N35;1;CN;{cell}", head).upstream_share for cell in cells] == pytest.approx([0.6] * 4)
    with pytest.raises(InputError, match="up to 100 %"):
        parse("a;N35;1;CN;130", head=head)


def test_cells_of_a_workbook():
    rows = [
        ["List of parts"],
        [],
        ["part", "grade", "grams", "country", "licence valid until"],
        ["a", "N35", 12.5, "CN", dt.date(2026, 6, 30)],
        [None] * 5,
    ]
    (found,) = read_table(rows, KNOWN, "parts.xlsx").parts
    assert (found.grams, found.licence, found.licence_expiry, found.line) == (12.5, "held", dt.date(2026, 6, 30), 4)


def test_what_was_taken_for_granted_is_told():
    found = read_parts("Teil;Güte;Gewicht;Land;Zeichnung\na;N35;12;CN;7", KNOWN)
    assert [(note.code, note.about) for note in found.notes] == [("no_unit", ("Gewicht",)), ("unused", ("Zeichnung",))]


def test_a_number_and_a_name_of_a_part_are_one_column_but_two_masses_are_a_fault():
    assert one("7-11;rotor;N35;1;CN", "Teilenummer;Bezeichnung;Güte;Masse (g);Land").part == "7-11"
    with pytest.raises(InputError, match="'Masse \\(g\\)' and 'Magnetmasse' mean the same"):
        parse("a;N35;1;2;CN", head="Teil;Güte;Masse (g);Magnetmasse;Land")


def test_remarks_and_guarded_formulas():
    assert [p.part for p in parse("# remark,,,", "'=SUM(A1),N35,10,CN", head=NEEDED)] == ["=SUM(A1)"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a,N99X,10,s,CN,4,none,,", "unknown grade or material 'N99X'"),
        ("a,N35,ten,s,CN,4,none,,", "'grams': found 'ten'"),
        ("a,N35,10,s,CN,-1,none,,", "'weeks_of_cover': found '-1'"),
        ("a,N35,10,s,CN,5000,none,,", "is it a number of pieces?"),
        ("a,N35,10,s,CM,4,none,,", "'country': found 'CM'"),
        ("a,N35,10,s,Chian,4,none,,", "did you mean 'China' (CN)"),
        ("a,N35,10,s,CN,4,singel,,", "did you mean 'single'"),
        ("a,N35,10,s,CN,4,general,1 March,", "YYYY-MM-DD"),
        ("a,N35,10,s,CN,4,general,03/04/2026,", "YYYY-MM-DD"),
        ("a,N35,10,s,CN,4,none,,Somebody in Japan", "name@CC"),
        (",N35,10,s,CN,4,none,,", "'part' is empty"),
        ("a,,10,s,CN,4,none,,", "'grade' is empty"),
        ("a,N35,,s,CN,4,none,,", "'grams' is empty"),
        ("a,N35,10,s,,4,none,,", "'country' is empty"),
        ("a,Dysprosium,10,s,CN,4,none,,", "write oxide.Dy or metal.Dy"),
        ("a,N35,10,s,CN,4,none,,,more", "found 10 cells, the header has 9"),
    ],
)
def test_faults_name_row_value_and_what_is_allowed(line, words):
    with pytest.raises(InputError, match="parts.csv:3") as caught:
        parse("good,N35,10,s,CN,4,none,,", line)
    assert words in str(caught.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(InputError) as caught:
        parse("a,N99X,ten,s,XX,4,none,,", "b,N35,10,s,CN,4,none,,", ",N35,x,s,CN,4,none,31.31.2026,")
    rows = [line.split(":")[1] for line in str(caught.value).splitlines()]
    assert rows == ["2"] * 3 + ["4"] * 3
    with pytest.raises(InputError, match="and 10 more faults"):
        parse(*["a,N99X,1,s,CN,4,none,,"] * (MAX_FAULTS + 10))


def test_missing_columns_are_told_together_with_what_they_may_be():
    with pytest.raises(InputError, match="missing column 'country'.*missing|missing column 'grams' \\(is it 'gramms'"):
        parse("a", head=OLD.replace("grams", "gramms"))
    with pytest.raises(InputError, match="missing column 'grams'; missing column 'country'"):
        parse("a", head="part,grade,supplier")
    with pytest.raises(InputError, match="--bom-template"):
        parse("a,b", head="x,y")
    with pytest.raises(InputError, match="no parts"):
        parse()


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(InputError):
        assert read_parts(text, KNOWN).parts


@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=12), st.floats(), st.dates()), max_size=6), max_size=6))
def test_any_table_is_read_or_refused(table):
    with contextlib.suppress(InputError):
        assert read_table([["part", "grade", "grams", "country"], *table], KNOWN, "x").parts


# Deliveries and stocks


@settings(max_examples=50, deadline=None)
@given(
    st.floats(0, 30),
    st.lists(st.floats(0, 1.5), min_size=1, max_size=40),
    st.lists(st.tuples(st.floats(0, 30), st.lists(st.floats(0, 1.5), min_size=1, max_size=20)), max_size=2),
)
def test_a_stock_lasts_as_a_walk_through_small_steps_says(cover, share, others):
    """The second road: the stock, step by step, a thousandth of a week at a time."""
    source = Deliveries.weekly(share)
    joining = [(week, Deliveries.weekly(row)) for week, row in others]
    found = run_down(cover, source, joining, 40.0)[1]
    step = 0.01
    times = (np.arange(4000) + 0.5) * step
    offers = np.max([source.on(times)[1], *(np.where(times >= week, row.on(times)[1], 0.0) for week, row in joining)], axis=0)
    stock, missed, first = cover, 0.0, None
    for time, offer in zip(times.tolist(), offers.tolist(), strict=True):
        stock += (offer - 1.0) * step
        missing, stock = max(-stock, 0.0), min(max(stock, 0.0), cover)
        if missing > 0.01 * step:
            missed += missing
            first = time if first is None and missed > 2 * step else first
    assert found.missing_days / 7.0 == pytest.approx(missed, abs=0.02 * 40 + 0.1)
    if found.day is not None and found.missing_days > 7.0 and found.missing_share > 0.1:
        assert first is not None
        assert found.day / 7.0 <= first + 0.05


def test_a_share_of_the_need_lasts_longer_and_is_then_missing():
    source = Deliveries.until_stock_ends((4.0, 8.0, 14.0), 0.5)
    low, central, high = run_down(3.0, source, [], HORIZON)
    assert [run.day for run in (low, central, high)] == pytest.approx([7 * (4 + 3) / 0.5, 7 * (8 + 3) / 0.5, 7 * (14 + 3) / 0.5])
    assert central.missing_share == pytest.approx(0.5)


def test_what_comes_again_ends_the_shortage():
    found = run_down(1.0, Deliveries.weekly([0.0, 0.0, 0.0, 1.0]), [], 20.0)[1]
    assert (found.day, found.until) == (7.0, 21.0)
    assert found.missing_days == pytest.approx(14.0)


def test_days_to_stop_and_without_renewal():
    parts = [
        part("lost"), part("elsewhere", country="JP"), part("pending", licence="pending"),
        part("licensed", licence="general", expiry=ON + dt.timedelta(days=30)),
        part("expired", licence="single", expiry=ON - dt.timedelta(days=5)), part("undated", licence="held"),
    ]  # fmt: skip
    found = {result.part.part: result for result in assess(parts).parts}
    assert (found["lost"].days_to_stop, found["lost"].outlook) == (28.0, "stops")
    assert found["lost"].days_without_renewal is None
    assert (found["elsewhere"].days_to_stop, found["elsewhere"].outlook) == (None, "goes on")
    assert found["pending"].days_without_renewal == 28.0
    assert (found["licensed"].days_without_renewal, found["licensed"].licence_state) == (58.0, "valid")
    assert (found["expired"].days_without_renewal, found["expired"].licence_state) == (28.0, "expired")
    assert (found["undated"].days_without_renewal, found["undated"].licence_state) == (None, "open-ended")


def test_a_part_that_hangs_on_the_country_upstream_is_missing_after_both_stocks():
    """A Japanese magnet, 99 % Chinese upstream: from day 28 on, plus the supplier's cover."""
    upstream = {"JP": Deliveries.until_stock_ends((4.0, 8.0, 14.0), 1.0)}
    (found,) = assess([part(country="JP")], lambda part, country: upstream[country]).parts
    assert found.days_to_stop == pytest.approx(28.0 + 56.0)
    assert [run.day for run in found.lasts] == pytest.approx([28.0 + 28.0, 28.0 + 56.0, 28.0 + 98.0])


def test_what_the_supplier_says_wins_over_the_model():
    model = Deliveries.until_stock_ends((4.0, 8.0, 14.0), 0.99)
    assert own_words(part(), model, (4.0, 8.0, 14.0)) is model
    said = own_words(part(supplier_cover=2.0), model, (4.0, 8.0, 14.0))
    assert run_down(0.0, said, [], HORIZON)[0].day == pytest.approx(14.0 / 0.99)
    none = own_words(part(upstream_share=0.0), model, (4.0, 8.0, 14.0))
    assert run_down(0.0, none, [], HORIZON)[0].day is None
    half = own_words(part(upstream_share=0.5), None, (4.0, 8.0, 14.0))
    assert [run.day for run in run_down(0.0, half, [], HORIZON)] == pytest.approx([56.0, 112.0, 196.0])


def test_a_supplier_that_the_model_does_not_know_is_no_all_clear():
    (found,) = assess([part(country="JP")], lambda part, country: None).parts
    assert (found.outlook, found.days_to_stop) == ("unknown", None)


def test_an_alternative_rescues_only_in_time_and_only_if_it_does_not_hang_on_the_same_country():
    text = part(alternatives=(Alternative("In time", "DE", 4.0), Alternative("Late", "JP", 5.0), Alternative("Same", "CN", 0.0)))
    found = assess([text]).parts[0]
    assert (found.rescued_by, found.outlook) == ("In time", "rescued")
    (late,) = assess([part(alternatives=(Alternative("Late", "JP", 5.0),))]).parts
    assert (late.days_to_stop, late.lasts[1].until) == (28.0, 35.0)
    hangs = assess([text], lambda part, country: Deliveries.weekly([0.4 - 0.4 * (country == "CN")], EXPOSED + 0.1)).parts[0]
    assert hangs.days_to_stop == 28.0
    assert [name for name, _ in hangs.exposed_alternatives] == ["In time", "Late", "Same"]


def test_next_expiry_is_the_first_that_is_still_to_come():
    days = {"gone": -3, "soon": 10, "also": 10, "later": 40}
    found = assess([part(name, licence="single", expiry=ON + dt.timedelta(days=day)) for name, day in days.items()])
    assert found.next_expiry == ON + dt.timedelta(days=10)
    assert set(found.next_expiry_parts) == {"soon", "also"}


def first_stop(parts, source=china_stops):
    stops = [result.days_to_stop for result in assess(parts, source).parts]
    return min((stop for stop in stops if stop is not None), default=float("inf"))


@pytest.mark.parametrize("weeks", list(product([2.0, 3.0, 5.0], repeat=3)))
def test_the_ladder_says_what_a_second_look_finds(weeks):
    """A week for the parts named moves the first stop by what is promised; so does a source elsewhere."""
    parts = [part(str(number), cover) for number, cover in enumerate(weeks)]
    step = assess(parts).ladder[0]
    assert step.first_stop_days == first_stop(parts)
    more = [part(p.part, p.weeks_of_cover + (p.part in step.parts)) for p in parts]
    assert first_stop(more) == step.first_stop_days + step.one_week_gains
    second = [part(p.part, p.weeks_of_cover, country="JP" if p.part in step.parts else "CN") for p in parts]
    gain = first_stop(second) - step.first_stop_days
    assert step.qualification_gains == (gain if gain != float("inf") else None)


@pytest.mark.parametrize("lost", [0.25, 0.5, 1.0])
def test_a_week_of_stock_lasts_as_long_as_what_is_missing_lets_it(lost):
    step = assess([part()], lambda part, country: Deliveries.weekly([1.0 - lost])).ladder[0]
    assert step.one_week_gains == pytest.approx(7.0 / lost)


def test_a_week_costs_its_material():
    step = assess([part(units=50.0)], price={"magnet.NdFeB": 80.0}).ladder[0]
    assert step.one_week_cost_usd == pytest.approx(50 * 0.1 * 80)
    assert assess([part()], price={"magnet.NdFeB": 80.0}).ladder[0].one_week_cost_usd is None


@pytest.mark.parametrize("found", ["1e9", 1e9, "2000000000"])
def test_a_number_beyond_the_limit_is_refused_with_the_limit(found: str | float) -> None:
    with pytest.raises(InputError, match="from 0 to below 1,000,000,000"):
        cell_values.number(found, "grams", cell_values.NumberStyle("."))


def test_a_number_with_an_exponent_is_read() -> None:
    assert cell_values.number("1.5e3", "grams", cell_values.NumberStyle(".")) == 1500.0
