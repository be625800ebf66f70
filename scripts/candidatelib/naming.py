"""Names of measures in the languages of the package."""

from __future__ import annotations

from ytterby.report import Words

LANGS = ("en", "de", "ja")
STAGES = {
    "mine": ("mine", "Bergwerk", "鉱山"),
    "clay-mine": ("clay mine", "Tonabbau", "イオン吸着型粘土の採掘"),
    "rock": ("mine and separation", "Bergwerk und Trennung", "鉱山・分離"),
    "heavy-ore": ("mine and separation", "Bergwerk und Trennung", "鉱山・分離"),
    "coal-ash": ("extraction and separation", "Gewinnung und Trennung", "抽出・分離"),
    "deep-sea": ("deep-sea mud", "Tiefseeschlamm", "海底泥"),
    "separation": ("separation", "Trennung", "分離"),
    "separation+metal": ("separation and metal", "Trennung und Metall", "分離・金属"),
    "heavy-circuit": ("heavy separation", "Trennung schwerer Elemente", "重希土類分離"),
    "metal": ("metal", "Metall", "金属"),
    "metal-heavy": ("metal", "Metall", "金属"),
    "magnet": ("magnets", "Magnete", "磁石"),
    "magnet-smco": ("magnets", "Magnete", "磁石"),
    "recycling": ("recycling", "Recycling", "リサイクル"),
}
"""What a plant is, by class of costs."""
SITES = {
    "monazite": ("monazite", "Monazit", "モナザイト"),
    "ionic clay": ("ionic clay", "Ionentone", "イオン吸着型粘土"),
    "phosphogypsum": ("phosphogypsum", "Phosphorgips", "リン酸石膏"),
    "apatite tailings": ("apatite tailings", "Apatit-Rückstände", "アパタイト尾鉱"),
    "coal ash": ("coal ash", "Kohlenasche", "石炭灰"),
    "India": ("India", "Indien", "インド"),
    "Minamitorishima": ("Minamitorishima", "Minamitorishima", "南鳥島"),
    "Browns Range and Eneabba": ("Browns Range and Eneabba", "Browns Range und Eneabba", "Browns Range・Eneabba"),
    "Maaden and MP": ("Maaden and MP", "Maaden und MP", "Maaden・MP"),
    "Texas (HyProMag)": ("Texas (HyProMag)", "Texas (HyProMag)", "テキサス（HyProMag）"),
    "Bahia (BRE)": ("Bahia (BRE)", "Bahia (BRE)", "バイーア（BRE）"),
}
"""Sites whose name differs between the languages."""
NEW = ("new plant", "neues Werk", "新設")
STOCK = ("Stock of", "Vorrat:", "備蓄：")


def plant_names(row: dict[str, str]) -> dict[str, str]:
    """Columns of the names of a plant: site and what it is."""
    sites = SITES.get(row["site"], (row["site"],) * 3)
    names = {}
    for lang, site, stage, new in zip(LANGS, sites, STAGES[row["cost"]], NEW, strict=True):
        named = f"{new}、{stage}" if lang == "ja" else f"{new}, {stage}"
        whole = named if row["id"].startswith("any-") else stage
        names[f"name_{lang}"] = f"{site}：{whole}" if lang == "ja" else f"{site}: {whole}"
    return names


def stock_names(good: str) -> dict[str, str]:
    """Columns of the names of a stock, with the good under the name that reports give it."""
    names = {}
    for lang, word in zip(LANGS, STOCK, strict=True):
        called = Words(lang).commodity(good)
        names[f"name_{lang}"] = f"{word}{called}" if lang == "ja" else f"{word} {called}"
    return names
