"""Formulas and trade names of every element of every chain are read, and counted by what they hold."""

from __future__ import annotations

import pytest

from ytterby.exposure.bill_of_materials import Known, read_parts
from ytterby.exposure.compounds import compound, weights
from ytterby.exposure.part_words import PartMaterial, material_of
from ytterby.facts import elements, symbols
from ytterby.system import build, chain_of, chains, newest_base_year


@pytest.fixture(scope="module")
def goods() -> dict[str, frozenset[str]]:
    """Commodities by chain."""
    return {chain: frozenset(build(newest_base_year(chain), chain=chain).contents["commodity"]) for chain in chains()}


@pytest.mark.parametrize(
    ("text", "commodity", "content"),
    [
        ("GaAs", "metal.Ga", 69.723 / (69.723 + 74.922)),
        ("gallium arsenide", "metal.Ga", 0.482),
        ("Galliumnitrid", "metal.Ga", 0.833),
        ("GeO2", "metal.Ge", 72.63 / (72.63 + 2 * 15.999)),
        ("Ga(CH3)3", "metal.Ga", 0.607),
        ("Ga", "metal.Ga", 1.0),
        ("germanium", "metal.Ge", 1.0),
        ("Sb2O3", "oxide.Sb", 2 * 121.76 / (2 * 121.76 + 3 * 15.999)),
        ("Sb₂O₃", "oxide.Sb", 0.835),
        ("antimony trioxide", "oxide.Sb", 0.835),
        ("Antimontrioxid", "oxide.Sb", 0.835),
        ("Nd2O3", "oxide.NdPr", 1.0),
        ("Pr6O11", "oxide.NdPr", 1.0),
        ("CeO2", "oxide.Ce", 1.0),
        ("PrNd oxide", "oxide.NdPr", 1.0),
        ("SmCo", "magnet.SmCo", 1.0),
        ("SmCo5", "magnet.SmCo", 1.0),
        ("NdFeB", "magnet.NdFeB", 1.0),
        ("Nd2Fe14B", "magnet.NdFeB", 1.0),
        ("Neodymmagnet", "magnet.NdFeB", 1.0),
    ],
)
def test_formulas_and_trade_names_are_read(goods: dict[str, frozenset[str]], text: str, commodity: str, content: float) -> None:
    found = material_of(text, frozenset().union(*goods.values()))
    assert found == PartMaterial(commodity, pytest.approx(content, abs=5e-4))


def test_every_element_of_every_chain_is_read_as_oxide_by_its_formula(goods: dict[str, frozenset[str]]) -> None:
    everything = frozenset().union(*goods.values())
    oxides = {"Ce": "CeO2", "Pr": "Pr6O11", "Tb": "Tb4O7", "Ge": "GeO2"}
    held = [symbol for symbol in symbols() if symbol != "Pm"]
    for symbol in held:
        found = material_of(oxides.get(symbol, f"{symbol}2O3"), everything)
        assert found.commodity in goods[chain_of(symbol)], symbol
        assert (found.content == pytest.approx(1.0)) == (symbol in elements()), symbol


def test_the_chain_of_an_element_is_the_one_that_holds_it() -> None:
    for chain in chains():
        for symbol in set(build(newest_base_year(chain), chain=chain).contents["element"]):
            assert chain_of(str(symbol)) == chain


def test_a_compound_of_two_elements_of_the_model_is_none() -> None:
    assert compound("GaSb") is None
    assert compound("Ga") is None
    assert compound("Xy2O3") is None


def test_every_element_of_the_model_has_a_weight() -> None:
    assert set(symbols()) <= set(weights())


KNOWN = Known(frozenset({"metal.Ga", "magnet.NdFeB"}), {"CN": "CHN"})
HEAD = "Teil;Werkstoff;Gewicht (g);Land\n"


def test_a_unit_in_a_cell_is_taken_and_told() -> None:
    found = read_parts(HEAD + "a;GaAs;1,2 kg;CN\nb;N42;3,5;CN\n", KNOWN, "x.csv")
    assert [part.grams for part in found.parts] == [pytest.approx(1200 * 0.482, abs=0.1), 3.5]
    notes = {note.code: note.about for note in found.notes}
    assert notes == {"content": ("GaAs x 0.482",), "cell_unit": ("Gewicht (g), 2: 1,2 kg",)}


def test_faults_name_the_column_as_the_file_does_and_no_mass_is_refused() -> None:
    with pytest.raises(Exception, match="x.csv:2") as caught:
        read_parts(HEAD + "a;N42;0;CN\nb;Kaugummi;viel;Narnia\n", KNOWN, "x.csv")
    told = str(caught.value).splitlines()
    assert told[0].startswith("x.csv:2: column 'Gewicht (g)': found '0', allowed is a mass above 0")
    assert [line.split("'")[1] for line in told[1:]] == ["Werkstoff", "Land", "Gewicht (g)"]
