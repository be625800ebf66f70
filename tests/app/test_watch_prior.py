"""Earlier promises in the chances of a plan: the Beta prior by hand, nothing known changes nothing, cancellations never help."""

from types import SimpleNamespace

import pytest
from scipy.stats import beta

from ytterby import app
from ytterby.app import PlanRequest, plan
from ytterby.app.articles.watch import track_record
from ytterby.cli.show_plan import record as lines
from ytterby.facts import candidates
from ytterby.plan import PROMISED_AS, PromiseCounts, TrackRecord

SHOCKS = """path,weight,family,year,group,destination,cut,price
mild,0.3,quota,2031,light,,0.4,
mild,,,2031,heavy,,0.4,
mild,,,2031,magnet,,0.4,
hard,0.1,stop,2033,magnet,,0.9,
hard,,,2033,heavy_magnet,,0.9,
hard,,,2033,light,,0.7,
hard,,,2033,heavy,,0.8,
"""


def record(**counts):
    """A record of promises to invest."""
    known = PromiseCounts(kind="investment", **{"kept": 0, "late": 0, "ended": 0, **counts})
    return TrackRecord("2026-11-30", {"investment": known})


def chances(each):
    return each.figures["slip"], each.figures["cancel"]


@pytest.fixture(scope="module")
def plants():
    return [each for each in candidates() if PROMISED_AS.get(each.kind) == "investment"]


def test_a_chance_is_the_mean_of_the_beta_distribution_by_hand(plants):
    """Chance 0.5 with 90 % between 0.3 and 0.7: standard deviation 0.4 / 3.29, worth 15.9 earlier cases."""
    old = next(each for each in plants if (each.figures["cancel"].low, each.figures["cancel"].value) == (0.3, 0.5))
    new = record(kept=2, late=1, ended=5).candidate(old).figures["cancel"]
    worth = 0.25 / (0.4 / 3.29) ** 2 - 1
    assert new.value == pytest.approx((0.5 * worth + 5) / (worth + 8))
    assert (new.low, new.high) == pytest.approx(beta(0.5 * worth + 5, 0.5 * worth + 3).ppf([0.05, 0.95]))
    assert new.basis == "derived"


def test_a_delay_counts_what_was_built_only(plants):
    """Promises that ended tell nothing of how late the others are."""
    for each in plants:
        few, many = (record(kept=3, late=2, ended=ended).candidate(each).figures["slip"] for ended in (0, 40))
        assert few == many


def test_without_a_known_promise_every_candidate_is_the_same_object():
    for each in candidates():
        assert record().candidate(each) is each
        assert TrackRecord("2026-11-30", {}).candidate(each) is each


def test_what_is_no_promise_or_certain_never_moves():
    kinds = {*PROMISED_AS.values(), "agreement", "stockpile", "research"}
    loud = TrackRecord("2026-11-30", {kind: PromiseCounts(kind=kind, kept=1, late=20, ended=20) for kind in kinds})
    for each in candidates():
        moved = loud.candidate(each)
        if each.kind not in PROMISED_AS:
            assert moved is each
        for old, new in zip(chances(each), chances(moved), strict=True):
            assert (new is old) if old.value in {0.0, 1.0} else 0.0 < new.low <= new.value <= new.high < 1.0


def test_more_cancelled_raises_and_more_kept_lowers_each_chance(plants):
    for each in plants:
        if each.figures["cancel"].value in {0.0, 1.0}:
            continue
        values = [record(kept=4, ended=ended).candidate(each).figures["cancel"].value for ended in (0, 1, 5, 25)]
        assert values == sorted(values)
        assert len(set(values)) == len(values)
        kept = [record(kept=count).candidate(each).figures["cancel"].value for count in (1, 5, 25)]
        assert kept == sorted(kept, reverse=True)
        assert kept[0] < each.figures["cancel"].value


def test_the_moved_are_told_the_farthest_first(plants):
    told = record(ended=12).moved(candidates())
    assert {row.measure for row in told.moved} == {each.id for each in plants if 0.0 < each.figures["cancel"].value < 1.0}
    works = [abs((1 - row.cancel) * (1 - row.slip) - (1 - row.cancel_before) * (1 - row.slip_before)) for row in told.moved]
    assert works == sorted(works, reverse=True)
    assert [(row.kind, row.kept, row.late, row.ended) for row in told.counts] == [("investment", 0, 0, 12)]


def test_the_output_tells_which_measures_moved(plants):
    moved = record(kept=1, ended=9).moved(plants)
    chosen = moved.moved[3]
    told = list(lines(SimpleNamespace(watch_prior=moved, portfolio=(SimpleNamespace(measure=chosen.measure),))))
    assert "investment: 1 kept, 0 late, 9 ended" in told[0]
    assert len(told) == 2
    assert chosen.name in told[1]
    assert f"cancelled {chosen.cancel_before:.0%} -> {chosen.cancel:.0%}" in told[1]
    assert list(lines(SimpleNamespace(watch_prior=None, portfolio=()))) == []
    assert "stay as assumed" in " ".join(lines(SimpleNamespace(watch_prior=record().moved(plants), portfolio=())))


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    file = tmp_path_factory.mktemp("shocks") / "paths.csv"
    file.write_text(SHOCKS)
    return {"budget": 2e9, "shocks": str(file), "slack": 0.0, "project": tmp_path_factory.mktemp("project")}


@pytest.fixture(scope="module")
def bare(asked):
    return plan(PlanRequest(**asked))


def _same(found):
    return {key: value for key, value in found.to_dict().items() if key not in {"seconds", "watch_prior"}}


def test_a_project_without_articles_gives_the_same_plan(asked, bare):
    found = plan(PlanRequest(watch_prior=True, **asked))
    assert _same(found) == _same(bare)
    assert found.watch_prior.moved == ()
    assert bare.watch_prior is None


@pytest.mark.slow
def test_more_cancelled_promises_never_raise_the_gain(asked, bare, monkeypatch):
    gains = [bare.gain_usd]
    for ended in (3, 30, 300):
        monkeypatch.setattr("ytterby.app.planning.work.track_record", lambda *_, ended=ended: record(ended=ended))
        found = plan(PlanRequest(watch_prior=True, **asked))
        gains.append(found.gain_usd)
        assert found.watch_prior.moved
    assert all(later <= earlier + 1e-2 * gains[0] for earlier, later in zip(gains, gains[1:], strict=False)), gains


def test_the_counts_are_those_of_the_watch(tmp_path):
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "plan.txt").write_text(
        "Oslo, 3 March 2025\n\nNorway plans to build a magnet plant at Narvik with a capacity of 900 tonnes a year by June 2025.\n"
    )
    (articles / "end.txt").write_text("Oslo, 9 September 2025\n\nNorway has cancelled the magnet plant at Narvik.\n")
    app.read([articles], project=tmp_path / "p")
    known = {row.kind: row for row in app.watch(tmp_path / "p").shares}
    counted = track_record(tmp_path / "p").counts
    assert set(counted) == set(known)
    for kind, row in counted.items():
        assert row.kept + row.late + row.ended == known[kind].known
