"""What people call places and materials, and the codes that are meant."""

from __future__ import annotations

import pytest

from ytterby.errors import UnknownNameError
from ytterby.facts import expand_regions, names, vocabulary


@pytest.mark.parametrize(
    ("text", "code", "noted"),
    [
        ("DE", "DE", ""),
        ("Germany", "DE", "Germany"),
        ("Deutschland", "DE", "Germany"),
        ("日本", "JP", "Japan"),
        ("uk", "GB", "United Kingdom"),
        ("EL", "EUX", "part of EUX"),
        ("NL", "EUX", "Netherlands (NL) is part of EUX"),
        ("Niederlande", "EUX", "part of EUX"),
        ("Chile", "APX", "part of APX"),
        ("Europäische Union", "EU", "European Union"),
        ("south korea", "KR", "South Korea"),
        ("USA", "US", "United States"),
        ("JPN", "JP", "Japan"),
    ],
)
def test_places_are_understood_by_any_of_their_names(text, code, noted):
    found = names.region(text)
    assert found.code == code
    assert noted in found.note
    assert bool(found.note) == (text != code)
    assert expand_regions(text) == expand_regions(code)


def test_every_name_of_the_vocabulary_is_understood_and_means_itself():
    for term in (vocabulary.regions() | vocabulary.groups()).values():
        assert {names.region(name).code for name in term.names.values()} == {term.code}
    for term in vocabulary.symbols().values():
        assert {names.element(name).code for name in (*term.names.values(), term.code, term.code.lower())} == {term.code}
    for term in vocabulary.families().values():
        assert {names.family(name).code for name in term.names.values()} == {term.code}


def test_every_country_means_itself_and_lies_in_its_region():
    for code, name in names.country_codes().items():
        assert names.country(code) == (code, "")
        assert names.country(name).code == code
        assert names.region(code).code == vocabulary.region_of(code)


@pytest.mark.parametrize("text", ["XX", "", "EUR", "Atlantis", "DE JP"])
def test_what_is_no_place_is_refused_with_all_codes_and_no_hint_by_letters(text):
    with pytest.raises(UnknownNameError) as caught:
        names.region(text)
    assert "did you mean" not in str(caught.value)
    assert all(f"{code} (" in str(caught.value) for code in (*vocabulary.regions(), *vocabulary.groups()))


@pytest.mark.parametrize(("text", "code"), [("JPP", "JP"), ("uus", "US"), ("EUU", "EU")])
def test_a_code_with_a_letter_struck_twice_is_hinted_at(text, code):
    with pytest.raises(UnknownNameError, match=rf"did you mean '{code}' \(") as caught:
        names.region(text)
    assert caught.value.nearest == code


def test_a_slip_in_a_name_is_hinted_at_by_its_meaning():
    with pytest.raises(UnknownNameError, match=r"did you mean 'DE' \(Germany\)\?"):
        names.region("Germny")
    with pytest.raises(UnknownNameError, match=r"did you mean 'nickel'\?"):
        names.family("nickle")


def test_a_part_of_a_region_is_not_taken_for_the_whole_where_that_would_change_a_measure():
    with pytest.raises(UnknownNameError, match="EUX"):
        names.region("Netherlands", whole=True)
    assert names.region("Germany", whole=True).code == "DE"


def test_materials_are_elements_or_families():
    assert names.material("Dysprosium").code == "Dy"
    assert names.material("Wolfram").code == names.material("W").code == "tungsten"
    assert names.family("Dy").code == names.family("Seltene Erden").code == "rare_earths"
    assert names.commodity("dysprosium oxide").code == names.commodity("oxide.Dysprosium").code == "oxide.Dy"
    assert names.commodity("magnet.NdFeB*").code == "magnet.NdFeB*"
    with pytest.raises(UnknownNameError, match="unknown element or family"):
        names.material("unobtainium")


def test_what_figures_hold_stays_as_it_is_written():
    assert [names.column_of_facts("region", text).code for text in ("WORLD", "AU+MY", "Japan")] == ["WORLD", "AU+MY", "JP"]
    assert [names.column_of_facts("element", text).code for text in ("TREO", "dysprosium")] == ["TREO", "Dy"]
