"""Names in the gathered files to the closed codes of the package: regions, elements, units, periods."""

from __future__ import annotations

import re
from dataclasses import dataclass

COUNTRIES = {
    "china": "CN", "united states": "US", "usa": "US", "us": "US", "japan": "JP", "malaysia": "MY", "myanmar": "MM", "burma": "MM",
    "vietnam": "VN", "australia": "AU", "brazil": "BR", "india": "IN", "russia": "RU", "madagascar": "MG", "thailand": "TH",
    "france": "FR", "nigeria": "NG", "canada": "CA", "south africa": "ZA", "laos": "LA", "estonia": "EE", "united kingdom": "GB",
    "uk": "GB", "south korea": "KR", "korea": "KR", "republic of korea": "KR", "korea, republic of": "KR", "tanzania": "TZ", "norway": "NO",
    "greenland": "GL", "poland": "PL", "kazakhstan": "KZ", "saudi arabia": "SA", "philippines": "PH", "germany": "DE", "finland": "FI",
    "angola": "AO", "malawi": "MW", "sweden": "SE", "austria": "AT", "uganda": "UG", "chile": "CL", "namibia": "NA", "burundi": "BI",
    "sri lanka": "LK", "ukraine": "UA", "eu": "EU", "europe": "EU", "taiwan": "TW", "mexico": "MX", "indonesia": "ID", "g7": "G7",
    "rotterdam": "EU", "world": "WORLD", "all": "WORLD", "international": "WORLD", "world (argus)": "WORLD", "world (fob)": "WORLD",
    "world total": "WORLD", "world total (rounded)": "WORLD", "rest": "ROW", "other": "ROW", "other countries": "ROW", "world ex china": "WORLD-CN",
    "outside china": "WORLD-CN", "north america": "CA+US", "euro area": "EU", "euro countries": "EU", "jp": "JP", "cn": "CN", "kr": "KR",
    "de": "DE", "tw": "TW", "greece": "GR", "turkey": "TR", "tajikistan": "TJ", "bolivia": "BO", "pakistan": "PK", "guatemala": "GT",
    "kyrgyzstan": "KG", "iran": "IR", "oman": "OM", "mongolia": "MN", "ecuador": "EC", "hungary": "HU", "slovakia": "SK", "kenya": "KE",
    "commonwealth of independent states": "RU", "mozambique": "MZ", "israel": "IL", "spain": "ES", "rwanda": "RW",
    "uzbekistan": "UZ", "bulgaria": "BG", "portugal": "PT", "korea, north": "KP", "belgium": "BE",
}  # fmt: skip
"""Lower-case names to ISO 3166 alpha-2, a group of the vocabulary, ``WORLD`` or ``WORLD-CN``."""

BILATERAL = (
    (re.compile(r"^(.+) > (.+)$"), ("region", "partner")),
    (re.compile(r"^(.+?) (?:to|on) (.+)$"), ("region", "partner")),
    (re.compile(r"^(.+?) from (.+?)(?: \(.+\))?$"), ("region", "partner")),
    (re.compile(r"^(.+?), (all origins)$"), ("region", "partner")),
    (re.compile(r"^(.+?) \(via (.+)\)$"), ("region", "partner")),
)
PLACES = {
    "fob china": "CN", "inside china": "CN", "inside china ex-works": "CN", "fob china / us": "CN", "china/fob": "CN", "ex-works china": "CN",
    "china import average": "CN", "china export average": "CN", "us mfn": "US", "us import": "US", "us export average": "US",
    "lynas market reference": "WORLD", "spot": "WORLD", "mp - dow": "US", "lynas - jare": "AU+JP", "lynas - dow loi": "AU+US",
    "uk view": "GB", "wto": "WORLD", "quad": "AU+IN+JP+US", "us manufacturing": "US", "world ndfeb chain": "WORLD", "model": "WORLD",
    "six economies": "WORLD", "china (quota)": "CN", "all origins": "WORLD", "usa/malaysia, thailand": "MY+TH+US",
    "usa/saudi arabia, kazakhstan": "KZ+SA+US", "us / eu": "EU+US", "uk / world": "GB", "stock": "", "": "",
}  # fmt: skip


def region(name: str) -> str:
    """Code of a place; several countries are joined by ``+`` in alphabetical order."""
    key = name.strip().lower()
    if key in PLACES:
        return PLACES[key]
    if key in COUNTRIES:
        return COUNTRIES[key]
    parts = [part.strip() for part in re.split(r"\s*[/+,]\s*| and ", key) if part.strip()]
    if len(parts) < 2 or any(part not in COUNTRIES for part in parts):
        raise KeyError(f"region '{name}' is not known")
    codes = {COUNTRIES[part] for part in parts}
    return "+".join(sorted(codes))


def places(name: str) -> tuple[str, str]:
    """Region and partner that a scope such as ``China to Japan`` names."""
    if name.strip().lower() in PLACES:
        return region(name), ""
    for pattern, _ in BILATERAL:
        if (found := pattern.match(name.strip())) and name.strip().lower() not in COUNTRIES:
            return region(found[1]), region(found[2])
    return region(name), ""


LANTHANIDES = ["La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu"]
ELEMENTS = ["Sc", "Y", *LANTHANIDES]
AGGREGATES = {
    "treo": "TREO", "all": "TREO", "reo": "TREO", "re total": "TREO", "hs2846 gross": "TREO", "gross": "TREO", "mixed": "TREO", "mix": "TREO",
    "mixed re": "TREO", "all re": "TREO", "treo feed": "TREO", "treo concentrate": "TREO", "treo in mrec": "TREO", "concentrate": "TREO",
    "hree": "HREE", "y+hree": "HREE", "hre": "HREE", "lree": "LREE", "sm-dy": "SEG", "seg": "SEG", "mree": "MREE", "mreo": "MREE",
    "magnet reo": "MREE", "ndpr eq.": "NdPr", "mainly ndpr oxide": "NdPr", "ndpr oxide": "NdPr", "ndpr metal": "NdPr", "ndpr": "NdPr",
    "nd/pr": "NdPr", "didymium": "NdPr", "prnd": "NdPr", "dy+tb": "DyTb", "dy/tb": "DyTb", "dy, tb": "DyTb", "dy:tb ratio": "DyTb",
    "ce+la": "LaCe", "la/ce": "LaCe", "la+ce": "LaCe", "dy2o3": "Dy", "tb4o7": "Tb", "gd2o3": "Gd", "ho2o3": "Ho", "y2o3": "Y", "sc2o3": "Sc",
    "tb metal": "Tb", "seg+hre feed": "SEG", "hre+lre": "TREO", "compounds and metals": "TREO", "ndpr and other metals": "TREO",
    "7 elements": "TREO", "5 elements": "TREO", "ndpr/dy/tb": "MREE", "ndpr/dy": "MREE",
}  # fmt: skip
PRODUCTS = {
    "ndfeb": "magnet.NdFeB",
    "smco": "magnet.SmCo",
    "ce-nd-fe-b": "magnet.CeFeB",
    "cefeb": "magnet.CeFeB",
    "ndfeb alloy": "alloy.NdFeB",
}


def element(name: str) -> str:
    """Symbol or aggregate (``NdPr``, ``DyTb``, ``LaCe``, ``SEG``, ``MREE``, ``LREE``, ``HREE``, ``TREO``), empty for a product."""
    text = name.strip()
    return text if text in ELEMENTS else AGGREGATES.get(text.lower(), "")


OXIDE = re.compile(r"\b(La2O3|CeO2|Pr6O11|Nd2O3|Sm2O3|Eu2O3|Gd2O3|Tb4O7|Dy2O3|Ho2O3|Er2O3|Tm2O3|Yb2O3|Lu2O3|Y2O3|Sc2O3)\b")
PLAIN = re.compile(r"\b(NdPr|PrNd|" + "|".join(sorted(ELEMENTS, key=len, reverse=True)) + r")\b")


def element_in(text: str) -> str:
    """First element or pair named in running text, empty if none."""
    if found := OXIDE.search(text):
        return re.match(r"[A-Z][a-z]?", found[1])[0]
    if found := PLAIN.search(text):
        return element(found[1])
    return ""


@dataclass(frozen=True)
class Unit:
    """A unit of the closed list and what its published form said beyond it."""

    code: str
    of: str = ""


PLAIN_UNITS = {
    "": "1", "%": "%", "%/y": "%/year", "%/yr": "%/year", "%/y CAGR": "%/year", "years": "year", "year": "date", "days": "day", "months": "month",
    "weeks": "week", "t/y": "t/year", "t/yr": "t/year", "USD m": "M USD", "USD bn": "bn USD", "JPY bn": "bn JPY", "x": "ratio", "wt%": "wt%", "lbs": "lb",
    "kg element / kg oxide": "kg/kg", "t oxide / t metal": "t/t", "t / t REO": "t/t", "t / t concentrate": "t/t", "t/t REO": "t/t",
    "t/t concentrate": "t/t", "t rock/t metal": "t/t", "elasticity": "elasticity", "ratio": "ratio", "regime": "text", "qualitative": "text",
    "text": "text", "sign": "text", "set": "count", "order": "text", "rank": "count", "score": "1", "event": "event", "report": "event",
    "round": "count", "entities": "count", "countries": "count", "sites": "count", "count": "count", "date": "event", "yuan/kg": "CNY/kg",
    "M bbl/d": "M bbl/day", "M persons": "M persons", "1000 persons": "1000 persons", "TRL": "1", "persons": "persons",
}  # fmt: skip
WHOLE_UNITS = frozenset(
    ["t", "kg", "kt", "Mt", "lb", "kg/MW", "kg/unit", "kg/vehicle", "kg/axis", "kg/array", "kg/engine", "kg/turbine", "kg/chamber", "kg/scanner", "kg/aircraft", "kg/ship", "g/unit", "g/vehicle", "g/kW", "g/lamp", "g/amplifier", "g/m2", "ppm", "GW", "ratio", "USD/kg", "USD/t", "AUD/kg", "CNY/kg", "CNY/t", "elasticity", "Bq/g"]
) | {
    "t REO", "t oxide", "t metal", "t element", "t alloy", "t magnet", "t gross", "t concentrate", "t powder", "t feed", "t Th",
    "1000 CNY/t", "M USD", "bn USD", "bn EUR", "M EUR", "trn JPY", "bn JPY", "trn KRW", "M vehicles", "M units", "M persons", "percentage points",
}  # fmt: skip
PATTERNS = (
    (r"%(?: export rebate)? ?\((.+)\)", "%"), (r"% (.+)", "%"), (r"(?:%/y) (.+)", "%/year"), (r"USD per t/y ?(.*)", "USD per t/year"),
    (r"USD/kg (.+)", "USD/kg"), (r"AUD/kg (.+)", "AUD/kg"), (r"kg CO2e/kg (.+)", "kg CO2e/kg"), (r"MJ/kg (.+)", "MJ/kg"),
    (r"kWh/kg (.+)", "kWh/kg"), (r"m3/t (.+)", "m3/t"), (r"m2/t (.+)", "m2/t"), (r"days (.+)", "day"), (r"weeks (.+)", "week"),
    (r"wt% (.+)", "wt%"), (r"at% (.+)", "at%"), (r"persons per kt/y (.+)", "persons per kt/year"), (r"t oxide/y(.*)", "t oxide/year"),
    (r"t oxide eq\.(.*)", "t oxide"), (r"t (Y2O3|Sc2O3|NdPr oxide)", "t oxide"), (r"t magnet feed(.*)", "t feed"), (r"t magnets?/y(.*)", "t magnet/year"),
    (r"t mud/day(.*)", "t/day"), (r"t REO \((.+)\)", "t REO"), (r"t REO/y ?(.*)", "t REO/year"), (r"t REO (.+)", "t REO"), (r"t/y(?:r)? \(?(.+?)\)?", "t/year"),
    (r"t (added in 2024|over 5 years)", "t"), (r"USD m (.+)", "M USD"), (r"M USD \(?(.+?)\)?", "M USD"), (r"bn CAD ?(.*)", "bn CAD"),
    (r"M AUD(.*)", "M AUD"), (r"x \((.+)\)", "ratio"), (r"kg RE/vehicle(.*)", "kg/vehicle"), (r"g RE/(compressor)", "g/unit"),
    (r"g Gd/(dose)", "g/unit"), (r"kg/(t special steel)", "kg/t"), (r"g/wafer \((.+)\)", "g/wafer"), (r"mg/LED (package)", "mg/unit"),
    (r"kg/bbl (feed)", "kg/bbl"), (r"kg oxide/kg (.+)", "kg/kg"), (r"t NdPr/y(.*)", "t/year"),
)  # fmt: skip


def unit(name: str) -> Unit:
    """Unit of the closed list for a published unit."""
    text = name.strip()
    if text in PLAIN_UNITS:
        return Unit(PLAIN_UNITS[text], "" if PLAIN_UNITS[text] not in {"text", "event"} else "")
    if text in WHOLE_UNITS:
        return Unit(text)
    for pattern, code in PATTERNS:
        if found := re.fullmatch(pattern, text):
            return Unit(code, (found[1] or "").strip())
    raise KeyError(f"unit '{name}' is not known")


PERIODS = (
    (r"\d{4}(-\d{2}){0,2}", lambda m: m[0]), (r"\d{4}-[HQ]\d", lambda m: m[0]), (r"(\d{4}) ([HQ]\d)", lambda m: f"{m[1]}-{m[2]}"),
    (r"FY(\d{4}).*", lambda m: m[1]), (r"(\d{4})-(\d{2})\.\.(\d{2})", lambda m: f"{m[1]}-{m[2]}/{m[1]}-{m[3]}"),
    (r"(\d{4}-\d{2}-\d{2})\.\.(\d{2})", lambda m: f"{m[1]}/{m[1][:8]}{m[2]}"), (r"(\d{4})-(\d{4})", lambda m: f"{m[1]}/{m[2]}"),
    (r"(\d{4}-\d{2}) to (\d{4}-\d{2})", lambda m: f"{m[1]}/{m[2]}"), (r"(\d{4}-\d{2}) to (\d{4})", lambda m: f"{m[1]}/{m[2]}"),
    (r"(\d{4}) (?:to|and|/) (\d{4})(-\d{2}-\d{2})?", lambda m: f"{m[1]}/{m[2]}{m[3] or ''}"), (r"(\d{4}) year-end", lambda m: f"{m[1]}-12-31"),
    (r"(\d{4}-\d{2}) \(approx\.\)", lambda m: m[1]), (r"(\d{4}-\d{2})/(\d{2}).*", lambda m: f"{m[1]}/{m[1][:5]}{m[2]}"),
    (r"(?:from|since|before|by|plan for|to) (\d{4}).*", lambda m: m[1]), (r"plan for Q4 (\d{4})", lambda m: f"{m[1]}-Q4"), (r"(\d{4})s", lambda m: f"{m[1]}/{m[1][:3]}9"),
    (r"(\d{4}) (?:plan|peak)", lambda m: m[1]), (r"(\d{4})-(\d{2}) vs .*", lambda m: m[1]), (r"(\d{4}-H\d) vs .*", lambda m: m[1]),
    (r"end-2009 to Q3 2011", lambda _: "2009/2011-Q3"), (r"Oct 2009 to Jun 2011", lambda _: "2009-10/2011-06"),
    (r"six weeks to Jun 2011", lambda _: "2011-05/2011-06"), (r"Jan to Aug 2010", lambda _: "2010-01/2010-08"), (r"after (\d{4})", lambda m: m[1]),
)  # fmt: skip


def period(text: str) -> str:
    """ISO-like period: year, year-month, date, half or quarter, or two of them joined by ``/``; empty if none is named."""
    name = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{2})", name):
        if int(found[2]) > 12:  # "2021-24" is a span of years, "2021-04" a month
            return f"{found[1]}/{found[1][:2]}{found[2]}"
        return name
    for pattern, make in PERIODS:
        if found := re.fullmatch(pattern, name):
            return make(found)
    return ""
