"""Figures that contradict themselves are refused; those far from all that is known are asked about."""

from __future__ import annotations

import pytest

from ytterby.errors import FactError
from ytterby.facts import plausibility
from ytterby.facts.importers.user_folder import check_folder, import_folder
from ytterby.facts.load import load

HEADER = ["id", "quantity", "value", "unit", "element", "commodity", "region", "partner", "period", "source"]
PRICE = dict(zip(HEADER, ["", "price", "300", "USD/kg", "Dy", "oxide.Dy", "CN", "", "2024", "me"], strict=True))
MINE = dict(zip(HEADER, ["", "mine_production", "46000", "t REO", "TREO", "mine.concentrate", "US", "", "2024", "me"], strict=True))
SHARE = dict(zip(HEADER, ["", "market_share", "50", "%", "Dy", "oxide.Dy", "CN", "", "2024", "me"], strict=True))


def written(folder, *rows):
    lines = [",".join(HEADER), *(",".join(row.values()) for row in rows)]
    folder.mkdir(exist_ok=True)
    (folder / "own.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize("row", [PRICE, MINE, SHARE, MINE | {"id": "CAP0176"}])
def test_sound_rows_come_in(tmp_path, row):
    assert check_folder(written(tmp_path / "in", row)) == []
    import_folder(tmp_path / "in", tmp_path / "p")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (PRICE | {"unit": "t"}, "no unit of price"),
        (MINE | {"unit": "USD/kg"}, "no unit of mine_production"),
        (SHARE | {"value": "500"}, "at most 100"),
        (SHARE | {"value": "5", "unit": "ratio"}, "at most 1"),
        (PRICE | {"commodity": "oxide.Nd"}, "not what oxide.Nd holds"),
        (PRICE | {"commodity": "oxide.Foo"}, "no element, group or grade"),
        (MINE | {"period": "1800"}, "must lie in 1900"),
        (MINE | {"period": "2099"}, "must lie in 1900 to 2030"),
        (PRICE | {"partner": "CN"}, "the region itself"),
        (MINE | {"value": "1e308"}, "larger than"),
        (MINE | {"value": "1_000"}, "must be a number"),
        (MINE | {"id": "CAP0176", "region": "AU"}, "is about 'US'"),
        (PRICE | {"id": "CAP0176"}, "is about 'mine_production'"),
        (MINE | {"id": "CAP0176", "unit": "t"}, "is about 't REO'"),
    ],
)
def test_contradictions_are_refused_with_file_and_line(tmp_path, row, words):
    with pytest.raises(FactError, match=rf"own\.csv:3: .*{words}"):
        import_folder(written(tmp_path / "in", SHARE | {"period": "2023"}, row), tmp_path / "p", unusual=True)
    assert [fault.line for fault in check_folder(tmp_path / "in")] == [3]
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("value", ["300000", "0.0001"])
def test_a_thousand_times_the_known_is_asked_about(tmp_path, value):
    folder = written(tmp_path / "in", PRICE | {"value": value})
    with pytest.raises(FactError, match="far from what is known .* --unusual"):
        import_folder(folder, tmp_path / "p")
    import_folder(folder, tmp_path / "p", unusual=True)
    assert load(tmp_path / "p").user_rows == 1


def test_packaged_figures_are_near_themselves():
    table = load().table
    for id_ in list(table.index[::97]):
        row = {name: "" if cell != cell else str(cell) for name, cell in table.loc[id_].items()} | {"id": id_}
        assert plausibility.far_from_known(row, table) == []


def test_every_packaged_unit_belongs_to_its_quantity():
    """Second road: the list of dimensions against all packaged rows."""
    table = load().table.reset_index()
    rows = table[["quantity", "unit"]].drop_duplicates().to_dict("records")
    assert [row for row in rows if list(plausibility._unit(row))] == []
