"""The hazard of restrictions: formula against simulation, sampler against weighted prior draws, honest about its record."""

import datetime as dt
import json
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from ytterby.cli.hazard import command
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import load
from ytterby.validation.hazard.checks import checks, held_out, predicted, replicates
from ytterby.validation.hazard.model import (
    PRIOR,
    RestrictionRecord,
    cached_posterior,
    chance,
    part,
    posterior,
    probability,
    rates_of,
    record,
)
from ytterby.validation.hazard.restrictions import families, restrictions, suppliers


def made(counts: np.ndarray, cells: tuple[tuple[str, str], ...]) -> RestrictionRecord:
    years = tuple(range(2007, 2007 + counts.shape[1]))
    return RestrictionRecord(cells, years, np.ones(len(years)), counts, ())


def test_probability_by_formula_is_that_of_simulated_waves():
    """Second road: gamma waves and Poisson counts, year by year."""
    drawn = cached_posterior(load())
    for country, family, years in (("CN", "rare_earths", 5), ("ID", "nickel", 3), ("AU", "lithium", 10)):
        formula = probability(load(), country, family, years=years).probability
        runs = [predicted(drawn, country, family, years, seed=seed).p_any for seed in range(12)]
        assert formula == pytest.approx(np.mean(runs), abs=0.02)


def test_without_waves_the_chance_is_that_of_a_poisson_process():
    rate = np.array([0.01, 0.3, 2.0])
    assert chance(rate, np.full(3, 1e9), 4.0) == pytest.approx(1.0 - np.exp(-4.0 * rate), rel=1e-6)
    assert (chance(rate, np.full(3, 0.5), 4.0) < 1.0 - np.exp(-4.0 * rate)).all()


def test_sampler_agrees_with_weighted_draws_of_the_prior():
    """Second road: draws of everything from the prior, weighted by the negative binomial likelihood."""
    from scipy.stats import nbinom

    counts = np.array([[0, 2, 0, 0, 1, 0, 0, 0, 3, 0]])
    drawn = posterior(made(counts, (("AA", "x"),)), seed=3)
    rng = np.random.default_rng(1)
    n = 400_000
    log = {name: centre + width * rng.standard_normal(n) for name, (centre, width) in PRIOR.items()}
    level = np.exp(log["median"] + np.exp(log["spread"]) * rng.standard_normal(n))
    shape, k = np.exp(log["shape"]), np.exp(log["k"])
    rate = np.maximum(rng.standard_gamma(shape) / shape * level, 1e-200)
    weight = np.prod([nbinom.pmf(y, k, k / (k + rate)) for y in counts[0]], axis=0)
    weight /= weight.sum()
    assert 1.0 / (weight**2).sum() > 2000
    assert drawn.rates[:, 0].mean() == pytest.approx((weight * rate).sum(), rel=0.12)
    assert np.log(drawn.k).mean() == pytest.approx((weight * np.log(k)).sum(), abs=0.15)
    assert chance(drawn.rates[:, 0], drawn.k, 5).mean() == pytest.approx((weight * chance(rate, k, 5)).sum(), abs=0.03)


def test_bands_hold_the_rates_that_made_a_record():
    rng = np.random.default_rng(5)
    cells = tuple((f"C{i}", f"f{j}") for i in range(12) for j in range(6))
    level = np.repeat(np.exp(np.log(0.05) + rng.standard_normal(12)), 6)
    rates = rng.gamma(2.0, level / 2.0)
    owner = np.repeat(np.arange(12), 6)
    wave = rng.gamma(0.8, 1 / 0.8, (12, 60))
    drawn = posterior(made(rng.poisson(rates[:, None] * wave[owner]), cells))
    low, high = np.quantile(drawn.rates, (0.1, 0.9), axis=0)
    assert 0.68 <= ((low <= rates) & (rates <= high)).mean() <= 0.92
    assert np.quantile(drawn.k, 0.05) < 0.8 < np.quantile(drawn.k, 0.95)


def test_the_same_seed_gives_the_same_digits_and_another_nearly():
    found = record(load())
    one, two, other = (posterior(found, seed) for seed in (1, 1, 2))
    assert (one.rates == two.rates).all()
    rare = found.cells.index(("CN", "rare_earths"))
    assert other.rates[:, rare].mean() == pytest.approx(one.rates[:, rare].mean(), rel=0.1)


def test_more_years_are_likelier_and_a_part_is_less_likely_than_the_whole():
    facts = load()
    chances = [probability(facts, "CN", "graphite", years=years).probability for years in (1, 2, 5, 20)]
    assert chances == sorted(chances)
    whole = probability(facts, "CN", years=1)
    for options in ({"family": "rare_earths"}, {"kind": "ban"}, {"target": "JP"}, {"kind": "licence", "target": "US"}):
        less = probability(facts, "CN", years=1, **options)
        assert 0.0 < less.probability < whole.probability
        assert less.low <= less.probability <= less.high


def test_kinds_of_a_country_add_up():
    drawn = cached_posterior(load())
    kinds = ("ban", "duty", "licence", "list", "quota", "tax", "technology")
    assert sum(part(drawn, "CN", kind).mean() for kind in kinds) == pytest.approx(1.0, abs=0.08)


def test_a_small_supplier_is_drawn_around_its_country_and_its_own_record():
    drawn = cached_posterior(load())
    never, once = (rates_of(drawn, country, "lithium").mean() for country in ("PT", "ZW"))
    assert once > 2.0 * never
    assert rates_of(drawn, "CN", "niobium").mean() > 3.0 * rates_of(drawn, "BR", "niobium").mean()


def test_later_restrictions_do_not_change_an_earlier_forecast():
    facts, day = load(), dt.date(2019, 12, 31)
    found = record(facts, day)
    assert max(item.day for item in found.seen) <= day
    assert found.years[-1] == 2019
    assert found.counts.sum() < record(facts).counts.sum()
    with pytest.raises(InputError, match="begins on 2007-01-01"):
        record(facts, dt.date(2006, 5, 1))


def test_the_record_is_of_the_facts_and_counts_no_relaxation():
    facts = load()
    seen = restrictions(facts)
    assert [item.day for item in seen] == sorted(item.day for item in seen)
    assert len({item.fact for item in seen}) == len(seen)
    assert all(item.families <= set(families()) for item in seen)
    assert not {"XR015", "XR016", "XR017"} & {item.fact for item in seen}
    assert sum(item.supplier == "CN" for item in seen) >= 15
    assert {item.supplier for item in seen} >= {"CN", "ID", "CD", "IN", "VN", "TZ", "AR"}
    pairs = suppliers(facts)
    assert {("CN", "rare_earths"), ("ID", "nickel"), ("CL", "lithium"), ("CN", "gallium")} <= pairs
    assert not any(country in ("NL", "SG", "XX") for country, _ in pairs)


def test_waves_are_needed_to_describe_the_record():
    rows = {row.what: row for row in checks(load())}
    row = rows["variance over mean of the leader's yearly entries"]
    assert row.seen > row.plain_high
    assert all(row.inside for row in rows.values())
    drawn = cached_posterior(load())
    waves, plain = (replicates(drawn, with_waves).sum(axis=1).var(axis=1).mean() for with_waves in (True, False))
    assert waves > 1.5 * plain


def test_forecast_of_later_years_beats_naive_ones():
    found = held_out(load())
    assert found.brier < min(found.naive_brier.values())
    assert len(found.surprises) == found.happened


def test_one_measure_on_several_families_counts_once_in_each():
    found = record(load())
    five = [found.cells.index(("CN", name)) for name in ("tungsten", "tellurium", "bismuth", "molybdenum", "indium")]
    assert (found.counts[five, found.years.index(2025)] == 1).all()


def test_wrong_names_are_one_line(tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean 'nickel'"):
        probability(load(), "ID", "nickl")
    for option in (["--family", "nickl"], ["--country", "XY"], ["--kind", "bann"], ["--target", "JX"]):
        told = CliRunner().invoke(command, [*option, "--project", str(tmp_path)])
        assert isinstance(told.exception, UnknownNameError)
    program = [sys.executable, "-m", "ytterby", "hazard", "--family", "nickl"]
    told = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert told.stderr.strip() == "ytterby: unknown family 'nickl'; did you mean 'nickel'?"
    assert not any(tmp_path.iterdir())


def test_command_prints_words_and_json(tmp_path):
    options = ["--country", "CN", "--family", "rare_earths", "--years", "2", "--project", str(tmp_path)]
    found = json.loads(CliRunner().invoke(command, [*options, "--json"]).output)
    (row,) = found["rows"]
    assert row["probability"] == probability(load(), "CN", "rare_earths", years=2).probability
    assert row["number"]["low"] <= row["number"]["mean"] <= row["number"]["high"]
    assert {"until", "years", "rows", "learned", "checks", "held_out", "record"} <= set(found)
    assert "CN China  rare_earths" in CliRunner().invoke(command, options).output
