"""Errors that were put into the code on purpose and that no test saw: each of these tests fails with one of them."""

from __future__ import annotations

from ytterby.facts.importers.user_folder import import_folder
from ytterby.facts.load import load

HEAD = "MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value\n"


def test_kilograms_of_the_usgs_are_thousandths_of_tonnes(tmp_path):
    """Gallium is published in kilograms: 750,000 kg are 750 t, as against 750,000,000 or 750,000."""
    (tmp_path / "a.csv").write_text(
        HEAD + "GALLIUM,World Production,Gallium,China,Production,Primary production,kilograms,2021,750000\n", "utf-8"
    )
    import_folder(tmp_path / "a.csv", tmp_path / "p")
    rows = load(tmp_path / "p").table.query("element == 'Ga' and period == '2021' and origin == 'user'")
    assert rows[["value", "unit"]].drop_duplicates().to_numpy().tolist() == [[750.0, "t"]]


def test_the_newest_import_wins_whatever_its_name(tmp_path):
    row = "quantity,element,commodity,region,period,value,unit,source\nmine_production,TREO,mine.concentrate,AU,2024,{},t REO,me\n"
    for name, value in (("z.csv", 31000), ("a.csv", 32000), ("m.csv", 33000)):
        (tmp_path / name).write_text(row.format(value), "utf-8")
        import_folder(tmp_path / name, tmp_path / "p")
        assert load(tmp_path / "p").value("CAP0055") == value
