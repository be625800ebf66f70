"""Effects of every simulated kind: frozen records whose targets are found in the network, of drawn numbers as of given ones."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from fnmatch import fnmatchcase

import numpy as np
import pytest
from hypothesis import given, seed, settings

from tests.measures.random_keys import START, WEEKS, drawn_measures, random_keys
from ytterby.errors import NotSimulatedError, ScenarioError
from ytterby.measures import KINDS, SIMULATED, DrawnValues, effects, measure
from ytterby.measures.weeks import mondays
from ytterby.scenario import Scenario, load_text
from ytterby.simulation import CHANNELS, LabelledNetwork, indices, interventions_of
from ytterby.system import build

RANDOM = random_keys()
MONDAYS = mondays(START, WEEKS)
TARGETS = (effects.Links, effects.ResaleLinks, effects.Plants, effects.Markets, effects.Demands)
SIZES = {
    effects.Links: lambda network: len(network.net.flow),
    effects.ResaleLinks: lambda network: len(network.net.flow),
    effects.Plants: lambda network: len(network.net.activity),
    effects.Markets: lambda network: len(network.net.price),
    effects.Demands: lambda network: len(network.net.use),
}


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2024))


def targets_of(record):
    """Targets that a record holds."""
    return [value for field in fields(record) if isinstance(value := getattr(record, field.name), TARGETS)]


@pytest.mark.parametrize("kind", sorted(SIMULATED))
def test_targets_of_random_measures_are_found(network, kind):
    @seed(5)
    @settings(max_examples=25, deadline=None)
    @given(keys=RANDOM[kind])
    def check(keys):
        one = measure(**keys)
        found = list(one.effects(MONDAYS, DrawnValues(one)))
        assert found
        for record in found:
            assert is_dataclass(record)
            with pytest.raises(FrozenInstanceError):
                record.level = None
            (target,) = targets_of(record)
            at, weight = indices(target, network)
            assert at.dtype == np.int64
            assert len(set(at.tolist())) == len(at)
            assert ((at >= 0) & (at < SIZES[type(target)](network))).all()
            assert np.broadcast_shapes(np.shape(weight), at.shape) == at.shape

    check()


@pytest.mark.parametrize("kind", sorted(SIMULATED))
def test_levels_have_a_value_for_each_week(kind):
    @seed(6)
    @settings(max_examples=25, deadline=None)
    @given(keys=RANDOM[kind])
    def check(keys):
        one = measure(**keys)
        for record in one.effects(MONDAYS, DrawnValues(one)):
            for name in ("level", "capacity", "collected", "in_force", "backlog_delay"):
                values = getattr(record, name, None)
                if isinstance(values, np.ndarray):
                    assert values.shape == (WEEKS,)
                    assert np.isfinite(values).all()
            if isinstance(record, effects.MeasureEffect) and record.operation is effects.Operation.REDUCE:
                assert record.level.min() >= 0.0
                assert record.level.max() <= 1.0

    check()


def arrays(record):
    """Arrays and numbers of a record, in order."""
    found = []
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, float | np.ndarray):
            found.append(np.asarray(value))
        elif isinstance(value, tuple):
            found += [np.asarray(number) for pair in value if isinstance(pair, tuple) for number in pair[1:]]
    return found


@pytest.mark.parametrize("text", drawn_measures()[0])
def test_a_column_of_draws_is_the_draws_one_by_one(text):
    """Formulas give the bits of each draw, and use every key that may be drawn."""
    scenario = load_text(f"{{name: one, start: {START}, weeks: {WEEKS}, measures: [{text}]}}")
    (one,) = scenario.measures
    stem = f"measures.{one.name}."
    keys = [line.removeprefix(stem).partition(":")[0] for line in drawn_measures()[1] if line.startswith(stem)]
    for key in keys:
        base = DrawnValues(one)[tuple(int(part) if part.isdigit() else part for part in key.split("."))]
        column = np.array([[base], [base * 0.75 + 0.01], [base * 0.5]])
        together = list(one.effects(MONDAYS, DrawnValues(one, {key: column})))
        moved = False
        for draw in range(3):
            alone = list(one.effects(MONDAYS, DrawnValues(one, {key: column[draw, 0]})))
            for many, single in zip(together, alone, strict=True):
                for a, b in zip(arrays(many), arrays(single), strict=True):
                    picked = a[draw] if a.ndim == 2 else a
                    size = max(picked.size, b.size)
                    short, long = (np.pad(np.ravel(x), (0, size - np.size(x))) for x in (picked, b))
                    assert np.array_equal(short, long), key
                    moved |= a.ndim == 2
        assert moved, f"'{key}' is in COLUMN_KEYS, but no effect reads it from values"


def test_every_column_of_every_simulated_kind_is_drawn():
    scenario = load_text(f"name: all\nstart: {START}\nweeks: {WEEKS}\nmeasures: [{', '.join(drawn_measures()[0])}]\n")
    kind_of = {m.name: m.kind for m in scenario.measures}
    drawn = {(kind_of[line.split(".")[1]], line.split(":")[0].split(".", 2)[2]) for line in drawn_measures()[1]}
    for kind in SIMULATED:
        for pattern in KINDS[kind].COLUMN_KEYS:
            assert any(fnmatchcase(key, pattern) for of, key in drawn if of == kind), (kind, pattern)


TARGET_OF = {
    effects.Variable.TRADE_FLOW: effects.Links("test", ("Dy",), ("CN",), ("JP",)),
    effects.Variable.EXPORT_DUTY: effects.Links("test", ("Dy",), ("CN",), ("JP",)),
    effects.Variable.IMPORT_DUTY: effects.Links("test", ("Dy",), ("CN",), ("JP",)),
    effects.Variable.SPECIFIC_DUTY: effects.Links("test", ("Dy",), ("CN",), ("JP",)),
    effects.Variable.ENTRY_CHARGE: effects.Links("test", ("Dy",), ("CN",), ("JP",)),
    effects.Variable.MARGIN: effects.Plants("test", ("oxide.Dy",), ("CN",)),
    effects.Variable.ACTIVITY: effects.Plants("test", ("oxide.Dy",), ("CN",)),
    effects.Variable.TARGET_COVER: effects.Markets("test", ("oxide.Dy",), ("JP",)),
    effects.Variable.FINAL_USE: effects.Demands("test", ("magnet.*",), ("JP",)),
}


class _Stub:
    """A measure that has one effect."""

    def __init__(self, effect):
        self.effect = effect

    def effects(self, weeks, values):
        return [self.effect]


def rows_of(network, effect):
    """Interventions of one effect on the network."""
    scenario = Scenario(name="none", start=START, weeks=WEEKS)
    return interventions_of(network, scenario, [DrawnValues(_Stub(effect))])


@pytest.mark.parametrize("field", effects.Variable)
def test_every_field_has_one_operation_and_reaches_its_rows(network, field):
    ((operation, channel),) = [(pair[1], channel) for pair, channel in CHANNELS.items() if pair[0] is field]
    level = np.linspace(0.1, 0.9, WEEKS)
    found = rows_of(network, effects.MeasureEffect(TARGET_OF[field], field, operation, level))
    at, _ = indices(TARGET_OF[field], network)
    assert len(at)
    assert found.target.tolist() == at.tolist()
    assert set(found.kind.tolist()) == {int(channel)}
    np.testing.assert_array_equal(found.level[0], np.log(level) if operation is effects.Operation.SCALE else level)
    other = next(one for one in effects.Operation if one is not operation)
    with pytest.raises(NotSimulatedError, match=f"'{other}' on '{field}' is not simulated"):
        rows_of(network, effects.MeasureEffect(TARGET_OF[field], field, other, level))


def test_a_weight_by_end_uses_and_by_all_others_make_one(network):
    links, level = TARGET_OF[effects.Variable.TRADE_FLOW], np.ones(WEEKS)
    parts = [
        rows_of(network, effects.MeasureEffect(links, effects.Variable.TRADE_FLOW, effects.Operation.REDUCE, level, weight)).weight
        for weight in (effects.EndUseShare(("defence",)), effects.EndUseShare(("defence",), others=True), None)
    ]
    assert 0.0 < parts[0].max() < 1.0
    np.testing.assert_allclose(parts[0] + parts[1], parts[2])


def test_targets_that_are_not_there_are_told(network):
    with pytest.raises(ScenarioError, match="test: nothing in BR makes oxide.Dy in the base year"):
        indices(effects.Plants("test", ("oxide.Dy",), ("BR",)), network)
    with pytest.raises(ScenarioError, match="test: nobody in JP finally uses metal.Dy in the base year"):
        indices(effects.Demands("test", ("metal.Dy",), ("JP",), required=True), network)
    assert len(indices(effects.Demands("test", ("metal.Dy",), ("JP",)), network)[0]) == 0


def test_undeclared_links_lie_beside_their_legal_ones():
    network = LabelledNetwork.of(build(2009))
    legal = effects.Links("test", ("rare_earths",), ("CN",), ("JP",))
    declared, both = (indices(replace(legal, undeclared=undeclared), network)[0] for undeclared in (False, True))
    assert both[: len(declared)].tolist() == declared.tolist()
    assert set(network.legal_link_of[both[len(declared) :]]) <= set(declared.tolist())
    assert len(both) > len(declared)


def test_an_effect_that_nobody_knows_is_refused(network):
    with pytest.raises(NotSimulatedError, match="no rule turns str into rows"):
        rows_of(network, "tomorrow")
