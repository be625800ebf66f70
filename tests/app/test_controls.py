"""``ytterby controls``: the register on a day, with the user's own rows and confirmed events."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys

import pytest

import ytterby as yt
from ytterby.app import PartsRequest, bom, controls, exposure, import_figures, read, review
from ytterby.app.dates.controls import register_lines
from ytterby.app.exposures.goods_under_control import controls_of_part
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import load

NOW = dt.date(2026, 11, 29)
OWN = """quantity,value,unit,element,commodity,region,partner,period,scope,source
event,,event,Dy,oxide.Dy,KZ,WORLD,2026-06-01,control: licence; order: Order 12 of 2026; good: dysprosium oxide; hs: 284690,our lawyers
tariff_rate,12,%,,magnet.NdFeB-Dy,BR,CN,2026-08-01/2027-01-31,control: tariff; order: Resolution 7; exempt: hospitals,gazette
event,,event,,,CN,WORLD,2026-11-10/2027-11-10,state: china-october-2025-controls; status: suspended,our lawyers
"""
ARTICLE = """Kazakhstan limits tungsten exports

ASTANA, 3 June 2026 - Kazakhstan has banned exports of tungsten concentrate to China since June 1, 2026, the ministry said.
"""


@pytest.fixture
def ytterby(tmp_path):
    def run(*arguments):
        command = [sys.executable, "-m", "ytterby", *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "controls.csv").write_text(OWN, "utf-8")
    project = tmp_path / "project"
    import_figures(folder, project)
    return project


def keyed(found, order):
    return {row.good: row for row in found.controls if row.order == order}


def test_dysprosium_magnets_need_a_licence_since_april_2025(tmp_path):
    found = keyed(controls(NOW, "dysprosium", by="China", project=tmp_path), "MOFCOM Announcement No. 18 of 2025")
    row = found["NdFeB magnets with dysprosium"]
    assert (row.state, row.from_, row.until, row.told) == ("in force", "2025-04-04", None, "licence needed since 2025-04-04")
    assert (row.by, row.to, row.hs, row.hs_basis, row.codes) == ("CN", "all", ("850511",), "derived", ("1C905.a",))
    assert found["dysprosium metal and alloys"].hs_basis == "stated"
    assert {"from", "until", "state", "source"} <= set(row.to_dict())


def test_a_heading_finds_the_goods_that_it_begins(tmp_path):
    six = controls(NOW, hs="850511", project=tmp_path)
    assert {row.order for row in controls(NOW, hs="8505", project=tmp_path).controls} >= {row.order for row in six.controls} != set()
    assert controls(NOW, hs="8505.11.10", project=tmp_path).controls == six.controls
    assert all("850511" in row.hs for row in six.controls)


def test_filters_take_away_and_never_add(tmp_path):
    everything = controls(NOW, project=tmp_path)
    for chosen in (
        controls(NOW, "Dy", project=tmp_path),
        controls(NOW, by="CN", project=tmp_path),
        controls(NOW, hs="28", project=tmp_path),
    ):
        assert {(row.order, row.good) for row in chosen.controls} < {(row.order, row.good) for row in everything.controls}
    assert sum(everything.counts.values()) == len(everything.controls)


def test_changes_lead_from_the_one_day_to_the_other(tmp_path):
    first, last = dt.date(2025, 10, 1), dt.date(2025, 11, 20)
    before, after = ({(row.order, row.good): row for row in controls(day, project=tmp_path).controls} for day in (first, last))
    found = controls(last, since=first, project=tmp_path).changes
    changed = {(row.order, row.good) for row in found}
    assert changed == {
        key for key, row in after.items() if key not in before or (before[key].state, before[key].until) != (row.state, row.until)
    }
    for row in found:
        day = dt.date.fromisoformat(row.date)
        assert first < day <= last
        eve = {(r.order, r.good): r for r in controls(day - dt.timedelta(days=1), project=tmp_path).controls}.get((row.order, row.good))
        assert eve is None or eve.told != after[row.order, row.good].told
    package = next(row for row in found if row.good == "holmium metal and alloys")
    assert (package.date, package.before, package.after) == ("2025-11-07", None, "suspended until 2026-11-10")


def test_the_count_by_quarter_is_that_of_its_last_days(tmp_path):
    found = controls(dt.date(2025, 5, 10), project=tmp_path)
    quarters = {row.quarter: row for row in found.by_quarter}
    assert list(quarters) == sorted(quarters)
    assert list(quarters)[-1] == "2025-Q2"
    for quarter, day in (("2014-Q4", dt.date(2014, 12, 31)), ("2024-Q3", dt.date(2024, 9, 30)), ("2025-Q2", dt.date(2025, 5, 10))):
        rows = [row for row in controls(day, project=tmp_path).controls if row.state == "in force" and row.kind != "customs"]
        assert quarters[quarter].goods == len(rows)
        assert quarters[quarter].in_force == len({row.order for row in rows})
    assert quarters["2015-Q2"].in_force < quarters["2014-Q4"].in_force


def test_the_count_by_quarter_begins_with_the_first_measure(tmp_path):
    """A country that restricted late has no row of zeros before; nothing at all has no rows."""
    (first, *_) = controls(NOW, by="CN", hs="850511", project=tmp_path).by_quarter
    assert first.in_force + first.suspended + first.lapsed > 0
    assert first.quarter > "2007-Q1"
    assert controls(dt.date(2007, 3, 1), "Ga", project=tmp_path).by_quarter == ()


def test_the_header_and_the_count_of_the_quarter_are_one_count(tmp_path):
    for material in (None, "Ho", "Ga"):
        found = controls(NOW, material, project=tmp_path)
        assert found.counts["in force"] == found.by_quarter[-1].goods
        ordinary = [row for row in found.controls if row.kind == "customs"]
        assert found.counts.get("under ordinary customs duties", 0) == len(ordinary)
        assert all("or before" in row.told for row in ordinary), "the edition that the facts hold is not the first"


def test_orders_on_what_an_importer_buys_are_told_from_those_further_up(tmp_path):
    found = {row.id: row for row in exposure("DE", project=tmp_path, on=NOW).controls}
    assert (found["my-ban-2024"].stages, found["my-ban-2024"].bought) == (("mine",), False)
    assert found["mofcom-2025-18"].bought is True
    assert "Ho" in found["mofcom-2025-57"].elements, "the law names it, whether or not the model has a use of it"
    assert found["mofcom-2025-57"].resumed
    assert not set(found["my-ban-2024"].elements) & {"Ga", "Ge", "Sb"}


def test_the_users_rows_join_the_register(own):
    found = controls(NOW, "Dy", project=own)
    row = keyed(found, "Order 12 of 2026")["dysprosium oxide"]
    assert (row.by, row.to, row.kind, row.state, row.hs, row.origin) == ("KZ", "all", "licence", "in force", ("284690",), "user")
    duty = next(row for row in found.controls if row.order == "Resolution 7")
    assert (duty.side, duty.rate, duty.until, duty.exempt, duty.hs_basis) == ("import", "12 %", "2027-01-31", "hospitals", "derived")
    assert found.user


def test_a_later_fact_of_the_user_ends_the_silence(own, tmp_path):
    def state(day, project):
        return controls(day, by="CN", project=project).controls

    packaged = {row.good: row for row in state(NOW, tmp_path / "none")}["holmium metal and alloys"]
    prolonged = {row.good: row for row in state(NOW, own)}["holmium metal and alloys"]
    assert (packaged.state, packaged.until) == ("expired", "2026-11-10")
    assert (prolonged.state, prolonged.until) == ("suspended", "2027-11-10")
    again = {row.good: row for row in state(dt.date(2027, 11, 11), own)}["holmium metal and alloys"]
    assert (again.state, again.until) == ("expired", "2027-11-10")


def test_a_suspension_may_be_cut_short_but_not_before_it_began(tmp_path):
    folder, project = tmp_path / "figures", tmp_path / "project"
    folder.mkdir()
    rows = [f"event,,event,CN,WORLD,{day},state: china-october-2025-controls; status: in force,us" for day in ("2025-08-01", "2026-05-01")]
    (folder / "own.csv").write_text("\n".join(["quantity,value,unit,region,partner,period,scope,source", *rows]), "utf-8")
    import_figures(folder, project)
    good = "holmium metal and alloys"
    states = {
        str(day): {row.good: row.state for row in controls(day, by="CN", project=project).controls}.get(good)
        for day in (dt.date(2025, 9, 1), dt.date(2026, 4, 30), dt.date(2026, 5, 1), NOW)
    }
    assert list(states.values()) == [None, "suspended", "in force", "in force"]


def test_confirmed_events_join_and_unread_ones_do_not(tmp_path):
    article, project = tmp_path / "a.txt", tmp_path / "project"
    article.write_text(ARTICLE, "utf-8")
    reading = read([article], project=project)
    event = next(event for event in reading.events if event.event_type == "ban")
    assert not [row for row in controls(NOW, project=project).controls if row.origin == "articles"]
    review(event.id, "accept", project=project, by="A. Reader")
    row = next(row for row in controls(NOW, "tungsten", project=project).controls if row.origin == "articles")
    assert (row.by, row.to, row.kind, row.state, row.basis) == ("KZ", "CN", "ban", "in force", "article")
    assert "A. Reader" in row.source
    review(event.id, "reject", project=project, by="A. Reader")
    assert not [row for row in controls(NOW, project=project).controls if row.origin == "articles"]


def test_python_gives_what_the_command_prints(ytterby, tmp_path):
    told = json.loads(ytterby("controls", "--on", "2026-11-05", "--material", "Dy", "--json").stdout)
    world = yt.load(2024, tmp_path / ".ytterby")
    assert world.controls("2026-11-05", "Dy").to_dict() == told
    assert {"good", "hs", "order", "by", "to", "from", "until", "state", "source"} <= set(told["controls"][0])
    with pytest.raises(InputError, match="no date"):
        world.controls("2026-02-30")


def test_the_terminal_holds_every_date_and_code_in_eighty_columns(ytterby):
    done = ytterby("controls", "--material", "Dy", "--on", "2026-11-05", "--since", "2025-10-01")
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "…" not in done.stdout
    for text in ("2025-04-04", "2026-11-10", "1C905.a", "850511*", "284690", "1C905.c"):
        assert text in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--on", "2026-02-30"], "'2026-02-30' is no date"),
        (["--on", "1.2.2026"], "is no date"),
        (["--hs", "magnets"], "--hs: found 'magnets'"),
        (["--hs", "85051"], "--hs: found '85051'"),
        (["--by", "Atlantis"], "unknown country 'Atlantis'"),
        (["--material", "unobtainium"], "unknown element or family"),
        (["--on", "2026-01-01", "--since", "2026-01-01"], "--since: 2026-01-01 is not before"),
    ],
)
def test_wrong_input_is_one_line_and_exit_2(ytterby, arguments, words):
    done = ytterby("controls", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_names_are_taken_and_noted(ytterby):
    done = ytterby("controls", "--by", "Deutschland", "--json")
    assert json.loads(done.stdout)["filters"] == {"by": "DE"}
    assert done.stderr == "note: Deutschland is read as DE (Germany)\n"


def test_unknown_names_are_refused_in_python_too(tmp_path):
    with pytest.raises(UnknownNameError):
        controls(NOW, "unobtainium", project=tmp_path)


def test_exposure_says_which_goods_fall_under_which_order(tmp_path):
    found = exposure("Japan", element="dysprosium", project=tmp_path, on=dt.date(2025, 11, 20))
    rows = {row.order: row for row in found.controls}
    licence = rows["MOFCOM Announcement No. 18 of 2025"]
    assert (found.importer, licence.elements, licence.told) == ("JP", ("Dy",), "licence needed since 2025-04-04")
    assert rows["MOFCOM Announcement No. 61 of 2025"].state == "suspended"
    assert not [row for row in found.controls if row.by == "US" or row.to == "US" or row.kind == "customs"]
    assert "MOFCOM Announcement No. 1 of 2026" not in rows
    later = exposure("JP", element="Dy", project=tmp_path, on=NOW).controls
    assert "MOFCOM Announcement No. 1 of 2026" in {row.order for row in later}
    assert "MOFCOM Announcement No. 1 of 2026" not in {row.order for row in exposure("DE", element="Dy", project=tmp_path, on=NOW).controls}


def test_each_part_knows_since_when_it_needs_a_licence(tmp_path):
    parts = tmp_path / "parts.csv"
    head = "part,grade,grams,supplier,country,weeks_of_cover,licence,licence_expiry,alternatives"
    rows = ["rotor,N42UH,1450,A,CN,9,none,,", "speaker,N35,30,B,CN,7,none,,", "pump,N38H,40,C,JP,10,none,,"]
    parts.write_text("\n".join([head, *rows]), "utf-8")
    found = {row.part: row for row in bom(PartsRequest(parts, "CN", on=dt.date(2026, 1, 5), project=tmp_path / "project")).parts}
    assert found["rotor"].licence_needed_since == "2025-04-04"
    assert found["speaker"].licence_needed_since is None
    assert found["pump"].licence_needed_since is None
    assert [row.state for row in found["pump"].controls] == ["suspended"]
    early = bom(PartsRequest(parts, "CN", on=dt.date(2025, 4, 3), project=tmp_path / "project"))
    assert all(row.licence_needed_since is None for row in early.parts)


def test_a_lapsed_suspension_is_headed_as_in_force_again(capsys):
    """The contract's state is 'expired'; what a reader sees says that the control holds unless the suspension was prolonged."""
    from ytterby.cli.show_controls import LAPSED, show

    found = controls(dt.date(2026, 11, 29), by="CN")
    lapsed = [row for row in found.controls if row.lapsed]
    assert lapsed
    assert all(row.state == "expired" and "in force again" in row.told for row in lapsed)
    assert not any("in force again" in row.told for row in found.controls if not row.lapsed)
    last = found.by_quarter[-1]
    assert (last.lapsed, last.lapsed_goods) == (len({row.order for row in lapsed}), len(lapsed))
    assert all(row.lapsed == 0 for row in found.by_quarter[:-1])
    show(found, everything=False)
    told = " ".join(capsys.readouterr().out.split())
    assert f"{len(lapsed)} {LAPSED}" in told
    assert f"{last.in_force} ({last.goods}) {last.suspended} {last.lapsed} ({last.lapsed_goods})" in told
    assert told.index(f"{LAPSED}: the suspension") < told.index("MOFCOM Announcement No. 61")
    before = controls(dt.date(2026, 11, 1), by="CN")
    assert not any(row.lapsed for row in before.controls)


def test_an_order_on_all_dual_use_goods_is_kept_for_a_material_that_a_licence_lists(tmp_path):
    found = {row.order: row for row in controls(NOW, "Dy", project=tmp_path).controls}
    ban, entities = found["MOFCOM Announcement No. 1 of 2026"], found["control list and watch list of Japanese entities, 2026"]
    assert (ban.to, ban.told) == ("JP", "banned since 2026-01-06")
    assert ban.listed_in == entities.listed_in == ("MOFCOM Announcement No. 18 of 2025",)
    assert not found["MOFCOM Announcement No. 18 of 2025"].listed_in


def test_what_no_licence_in_force_lists_is_no_dual_use_good(tmp_path):
    """Neodymium stands under no licence of its own, holmium's was suspended in 2026 and dysprosium's began in April 2025."""
    paused = dt.date(2026, 6, 1)
    assert not any(row.listed_in for name in ("Nd", "Ho") for row in controls(paused, name, project=tmp_path).controls)
    assert not any(row.listed_in for row in controls(dt.date(2025, 3, 1), "Dy", project=tmp_path).controls)
    lapsed = {row.order: row.listed_in for row in controls(NOW, "Ho", project=tmp_path).controls}
    assert lapsed["MOFCOM Announcement No. 1 of 2026"] == ("MOFCOM Announcement No. 57 of 2025",)


def test_a_part_for_a_firm_in_the_country_named_is_a_dual_use_good_too(tmp_path):
    lines = register_lines(load(tmp_path), None)
    japan = {row.id: row for row in controls_of_part(lines, "magnet.NdFeB-Dy", "CN", NOW, "JP")}
    assert japan["mofcom-2026-1"].listed_in == ("MOFCOM Announcement No. 18 of 2025",)
    assert "mofcom-2026-1" not in {row.id for row in controls_of_part(lines, "magnet.NdFeB", "CN", NOW, "JP")}
    assert "mofcom-2026-1" not in {row.id for row in controls_of_part(lines, "magnet.NdFeB-Dy", "CN", NOW, "DE")}


def test_the_terminal_says_which_dual_use_goods(ytterby):
    assert "all dual-use goods, so" in ytterby("controls", "--material", "Dy", "--on", "2026-11-30").stdout
