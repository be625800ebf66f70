"""Facts behind shortfalls and stops of a scenario."""

from __future__ import annotations

from ytterby.facts import load
from ytterby.scenario import load_text
from ytterby.simulation.labelled_network import LabelledNetwork
from ytterby.simulation.provenance import ResultProvenance
from ytterby.system import build

SCENARIO = """
name: two
start: 2027-01-04
weeks: 20
measures:
  - {kind: licence, name: heavy, on: oxide.Dy, from: CN, start: 2027-02-01, processing_days: 45, facts: [B049]}
  - {kind: ban, name: light, on: oxide.La, from: CN, start: 2027-02-01, facts: [PRI0211]}
"""


def test_a_result_rests_on_the_measures_that_touch_its_elements():
    provenance = ResultProvenance(LabelledNetwork.of(build(2024)), load_text(SCENARIO))
    assert provenance.shortfall("oxide.Dy", "JP")[0] == "B049"
    assert "B049" in provenance.shortfall("magnet.NdFeB-Dy", "EU")
    assert "PRI0211" not in provenance.shortfall("oxide.Dy", "JP")
    assert "PRI0211" in provenance.shortfall("oxide.La", "US")
    assert "B049" not in provenance.shortfall("oxide.La", "US")


def test_a_stop_rests_on_its_sector_and_on_the_input_that_stops_it():
    system = build(2024)
    provenance = ResultProvenance(LabelledNetwork.of(system), load_text(SCENARIO))
    own = set(system.sectors.loc["cars_battery@JP", "facts"].split())
    assert own
    assert set(provenance.stop("cars_battery", "JP", None)) == own
    row = system.demands[(system.demands["sector"] == "cars_battery") & (system.demands["region"] == "JP")].iloc[0]
    found = provenance.stop("cars_battery", "JP", row["commodity"])
    assert own | set(row["facts"].split()) <= set(found)
    assert set(found) <= set(load().table.index)
