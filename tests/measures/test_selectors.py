"""Selectors: what each word means, and that nothing is meant by mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.errors import UnknownNameError
from ytterby.facts import elements
from ytterby.measures.selectors import MATERIAL, check_selector, formula, resolve

GOODS = (
    "mine.clay", "oxide.La", "oxide.NdPr", "oxide.Dy", "oxide.Sm", "metal.Dy", "magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.SmCo",
    "scrap.NdFeB-Dy", "component.drive", "product.catalyst",
)  # fmt: skip
CONTENTS = {"mine.clay": {"Dy": 0.04, "La": 0.2}, "magnet.NdFeB": {"Nd": 0.3, "Dy": MATERIAL / 2}}


@pytest.mark.parametrize(
    ("selector", "meant"),
    [
        ("oxide.Dy", ["oxide.Dy"]),
        ("oxide.Nd", ["oxide.NdPr"]),
        ("oxide.Pr", ["oxide.NdPr"]),
        ("oxide.*", ["oxide.La", "oxide.NdPr", "oxide.Dy", "oxide.Sm"]),
        ("magnet.NdFeB*", ["magnet.NdFeB", "magnet.NdFeB-Dy"]),
        ("oxide.light", ["oxide.La", "oxide.NdPr"]),
        ("oxide.medium", ["oxide.Sm"]),
        ("Dy", ["mine.clay", "oxide.Dy", "metal.Dy", "magnet.NdFeB-Dy"]),
        ("Sm", ["oxide.Sm", "magnet.SmCo"]),
        ("La", ["mine.clay", "oxide.La"]),
        ("heavy", ["mine.clay", "oxide.Dy", "metal.Dy", "magnet.NdFeB-Dy"]),
        ("rare_earths", ["mine.clay", "oxide.La", "oxide.NdPr", "oxide.Dy", "oxide.Sm", "metal.Dy"]),
        ("all", list(GOODS)),
        ("scrap.NdFeB-Dy", ["scrap.NdFeB-Dy"]),
        ("component.drive", ["component.drive"]),
    ],
)
def test_each_word_means_what_the_table_says(selector, meant):
    assert list(resolve([selector], GOODS, CONTENTS)) == meant


def test_contents_count_from_the_material_share_on():
    for content, counts in ((MATERIAL, True), (MATERIAL * 0.999, False)):
        goods = resolve(["Dy"], ("oxide.Dy", "magnet.x"), {"magnet.x": {"Dy": content}})
        assert ("magnet.x" in goods) == counts


@given(st.lists(st.sampled_from(GOODS), max_size=5), st.randoms())
def test_union_in_the_order_of_the_network(chosen, chance):
    shuffled = list(GOODS)
    chance.shuffle(shuffled)
    found = resolve(chosen, shuffled)
    assert list(found) == [g for g in shuffled if g in set(chosen)]


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("Dz", "unknown commodity, element or group 'Dz'; did you mean 'Dy'?"),
        ("oxide.Dz", "unknown element 'Dz'; did you mean 'Dy'?"),
        ("oxid.Dy", "unknown stage 'oxid'; did you mean 'oxide'?"),
        ("magnet.NdFeb", "unknown element 'NdFeb'"),
        ("", "unknown commodity"),
        ("oxide.", "unknown commodity 'oxide.'"),
        ("oxide.Dy.x", "unknown commodity"),
        ("rare earths", "did you mean 'rare_earths'?"),
    ],
)
def test_nonsense_is_refused_with_the_nearest_name(selector, words):
    with pytest.raises(UnknownNameError) as caught:
        check_selector(selector)
    assert words in str(caught.value)


def test_what_this_network_lacks_is_refused_with_its_place():
    with pytest.raises(UnknownNameError, match=r"file.yaml, measures.0.on: unknown commodity 'oxide.Tb'; did you mean 'oxide.Sm'|'oxide"):
        resolve(["oxide.Tb"], GOODS, where="file.yaml, measures.0.on")
    with pytest.raises(UnknownNameError, match="unknown commodity 'Tb'"):
        resolve(["Tb"], GOODS)
    assert resolve(["oxide.heavy"], GOODS) == ("oxide.Dy",)


def test_formulas():
    assert formula("NdFeB-Dy") == ("Nd", "Pr", "Dy")
    assert formula("SmCo") == ("Sm",)
    assert formula("SEG") == ("Sm", "Eu", "Gd")
    assert formula("CeFeB") == ("Ce",)
    assert formula("concentrate") is None
    assert formula("catalyst") is None


@given(st.sampled_from(list(elements())), st.sampled_from(["oxide", "metal"]))
def test_every_element_is_a_selector(symbol, stage):
    check_selector(symbol)
    assert resolve([symbol], [f"{stage}.{symbol}"]) == (f"{stage}.{symbol}",)


@given(st.text(max_size=30))
def test_any_text_is_a_selector_or_an_unknown_name(text):
    try:
        check_selector(text)
    except UnknownNameError:
        return
    assert text == "all" or text in ("rare_earths", "light", "medium", "heavy", *elements(), "Ga", "Ge", "Sb") or "." in text
