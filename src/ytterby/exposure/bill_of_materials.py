"""A firm's bill of materials: days to stop per part, next licence expiry, and the most effective stock or second source (E21, E22).

The file stays on the user's machine and nothing of it is stored.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.errors import InputError, UnknownNameError
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

REQUIRED = ("part", "grade", "grams", "supplier", "country", "weeks_of_cover", "licence", "licence_expiry", "alternatives")
OPTIONAL = ("units_per_week",)
LICENCES = {
    "none": "none is needed",
    "single": "one batch, named end use",
    "general": "twelve months, named customer",
    "pending": "applied for, nothing ships",
}
"""States of a licence; ``pending`` ships nothing until it is granted."""
LIGHT, HEAVY = "magnet.NdFeB", "magnet.NdFeB-Dy"
MAGNET_GRADES = {"": LIGHT, "M": LIGHT, "H": HEAVY, "SH": HEAVY, "UH": HEAVY, "EH": HEAVY, "AH": HEAVY}
"""Commodity of a sintered grade by its heat suffix: from H upwards (120 degrees Celsius) it holds Dy or Tb."""
MAX_BYTES = 1_000_000
EXPOSED = 0.5
"""An alternative is no remedy if more than this share of its critical element passes the lost country."""
STEPS = 5
"""Number of steps of the ladder."""


@dataclass(frozen=True)
class Alternative:
    """A qualified source that could deliver."""

    name: str
    country: str
    weeks: float
    """Weeks until it delivers."""


@dataclass(frozen=True)
class Part:
    """One line of the bill of materials."""

    part: str
    commodity: str
    grade: str
    grams: float
    supplier: str
    country: str
    weeks_of_cover: float
    licence: str
    licence_expiry: dt.date | None
    alternatives: tuple[Alternative, ...]
    units_per_week: float | None = None
    line: int = 0


@dataclass(frozen=True)
class PartResult:
    """Consequences for a part when a country stops delivering."""

    part: Part
    days_to_stop: float | None
    """Days until it is missing; None if an alternative delivers in time."""
    days_without_renewal: float | None
    """Days until it is missing if its licence is not renewed or granted; None if no licence is needed."""
    rescued_by: str
    """The alternative that takes over in time."""
    exposed_alternatives: tuple[tuple[str, float], ...] = ()
    """Alternatives that depend on the same country upstream, with the share that passes it."""
    upstream: float | None = None
    """Share of the part's critical element that passed the lost country, wherever the part itself is bought."""


class LadderStep(ResultModel):
    """One step of the ladder: parts that stop first, and the gain and cost of delaying that stop."""

    parts: tuple[str, ...]
    """Parts that stop first."""
    first_stop_days: float
    """Days until they stop [day]."""
    one_week_gains: float
    """Days gained by one more week of stock of these parts [day]."""
    one_week_cost_usd: float | None
    """Material value of that week of stock [USD]; None if units per week or prices are missing."""
    qualification_gains: float | None
    """Days gained by qualifying another country's source for these parts [day]; None if no other part stops after them."""


@dataclass(frozen=True)
class BillOfMaterials:
    """A firm's parts under the loss of a country."""

    country: str
    parts: tuple[PartResult, ...]
    next_expiry: dt.date | None
    next_expiry_parts: tuple[str, ...] = ()
    ladder: tuple[LadderStep, ...] = field(default=())


def read_parts(text: str, commodities: Iterable[str], countries: Iterable[str], name: str = "parts.csv") -> list[Part]:
    """Parts of a CSV text; all errors are reported together, each with its line.

    Parameters
    ----------
    text : str
        Header with the columns :data:`REQUIRED` and optionally ``units_per_week``.
    commodities : iterable of str
        Known commodity codes, which are accepted as grades.
    countries : iterable of str
        Known ISO alpha-2 codes.
    name : str
        File name for messages.

    Raises
    ------
    InputError
        If the file is too large, lacks columns, holds no part, or a cell cannot be read.
    """
    if len(text.encode()) > MAX_BYTES:
        raise InputError(f"{name}: larger than {MAX_BYTES // 1000} kB, too large for a list of parts")
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    except csv.Error as error:
        raise InputError(f"{name}: not a CSV file: {error}") from error
    header = _header(lines, name)
    known, faults, parts = (frozenset(commodities), frozenset(countries)), [], []
    for line, cells in enumerate(lines[1:], 2):
        try:
            if any(cells):
                parts.append(_part(_row(header, cells), line, known))
        except InputError as error:
            faults.append(f"{name}:{line}: {error}")
    if faults:
        raise InputError("\n".join(faults))
    if not parts:
        raise InputError(f"{name}: no parts below the header")
    return parts


def _header(lines: list[list[str]], name: str) -> list[str]:
    """Column names of the first line, checked for missing, unknown and repeated columns."""
    header = [column.strip() for column in lines[0]] if lines else []
    missing = [column for column in REQUIRED if column not in header]
    unknown = [column for column in header if column not in (*REQUIRED, *OPTIONAL)]
    if unknown and missing:
        raise UnknownNameError("column", unknown[0], missing, name)
    if missing or unknown or len(set(header)) < len(header):
        what = f"missing column '{missing[0]}'" if missing else f"unknown column '{unknown[0]}'" if unknown else "a column appears twice"
        raise InputError(f"{name}: {what}; columns are {', '.join(REQUIRED + OPTIONAL)}")
    return header


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise InputError(f"found {len(cells)} cells, the header has {len(header)}")
    return {column: cell.strip() for column, cell in zip(header, cells, strict=True)}


def _part(row: Mapping[str, str], line: int, known: tuple[frozenset[str], frozenset[str]]) -> Part:
    if not row["part"]:
        raise InputError("column 'part' is empty")
    licence = row["licence"].lower() or "none"
    if licence not in LICENCES:
        raise UnknownNameError("licence", row["licence"], [*LICENCES])
    expiry = _date(row["licence_expiry"])
    if licence in {"single", "general"} and expiry is None:
        raise InputError(f"a {licence} licence needs a date in 'licence_expiry' (YYYY-MM-DD)")
    units = row.get("units_per_week", "")
    return Part(
        part=row["part"],
        commodity=_commodity(row["grade"], known[0]),
        grade=row["grade"],
        grams=_number(row["grams"], "grams"),
        supplier=row["supplier"],
        country=_country(row["country"], known[1]),
        weeks_of_cover=_number(row["weeks_of_cover"], "weeks_of_cover"),
        licence=licence,
        licence_expiry=expiry,
        alternatives=tuple(_alternative(item.strip(), known[1]) for item in row["alternatives"].split(";") if item.strip()),
        units_per_week=_number(units, "units_per_week") if units else None,
        line=line,
    )


def _number(text: str, column: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < 1e9:
        raise InputError(f"column '{column}': found '{text}', allowed is a number from 0 up")
    return value


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"column 'licence_expiry': found '{text}', allowed is a date YYYY-MM-DD or nothing") from None


def check_country(text: str, known: Iterable[str]) -> str:
    """ISO alpha-2 code of a country, in capitals.

    Raises
    ------
    UnknownNameError
        If there is no such country.
    """
    return _country(text, frozenset(known))


def _country(text: str, known: frozenset[str]) -> str:
    if text.upper() not in known:
        raise UnknownNameError("country (ISO alpha-2)", text, known)
    return text.upper()


def _commodity(grade: str, known: frozenset[str]) -> str:
    """Commodity of a grade: a code of the model, SmCo, or a sintered NdFeB grade such as N42SH."""
    if grade in known:
        return grade
    plain = grade.upper().replace(" ", "").replace("-", "")
    if plain.startswith(("SMCO", "SM2CO17", "YX")):
        return "magnet.SmCo"
    suffix = plain.lstrip("N").lstrip("0123456789") if plain.startswith("N") else "?"
    if plain[1:3].isdigit() and suffix in MAGNET_GRADES:
        return MAGNET_GRADES[suffix]
    raise UnknownNameError("grade", grade, [*known, "N42", "N42H", "N42SH", "SmCo"])


def _alternative(text: str, known: frozenset[str]) -> Alternative:
    """``name@CC:weeks``; the weeks may be omitted if it delivers at once."""
    name, at, rest = text.partition("@")
    country, _, weeks = rest.partition(":")
    if not at or not name:
        raise InputError(f"column 'alternatives': found '{text}', allowed is name@CC or name@CC:weeks, several separated by ';'")
    return Alternative(name.strip(), _country(country.strip(), known), _number(weeks.strip(), "alternatives") if weeks.strip() else 0.0)


def assess_parts(
    parts: Iterable[Part],
    country: str,
    on: dt.date,
    passed: Callable[[str, str], float | None],
    price: Mapping[str, float],
) -> BillOfMaterials:
    """Days to stop of every part if a country stops delivering.

    Parameters
    ----------
    parts : iterable of Part
    country : str
        The country that stops delivering.
    on : date
        First day without deliveries.
    passed : callable
        Share of a commodity's critical element in a country that passed the lost country [1]; None if the
        model has no figure.
    price : mapping of str to float
        Price by commodity [USD/kg].
    """
    results = tuple(sorted((_result(part, country, on, passed) for part in parts), key=_urgency))
    dates = [part.part.licence_expiry for part in results if part.part.licence_expiry is not None and part.part.licence_expiry >= on]
    first = min(dates, default=None)
    due = tuple(result.part.part for result in results if first is not None and result.part.licence_expiry == first)
    return BillOfMaterials(country, results, first, due, tuple(_ladder(results, price)))


def _urgency(result: PartResult) -> tuple[float, str]:
    return (float("inf") if result.days_to_stop is None else result.days_to_stop, result.part.part)


def _result(part: Part, country: str, on: dt.date, passed: Callable[[str, str], float | None]) -> PartResult:
    cover = 7.0 * part.weeks_of_cover
    upstream = passed(part.commodity, part.country)
    renewal = {"none": None, "pending": cover}.get(part.licence, cover)
    if part.licence_expiry is not None and part.licence != "none":
        renewal = cover + max(0, (part.licence_expiry - on).days) * (part.licence != "pending")
    if part.country != country:
        return PartResult(part, None, renewal, "", (), upstream)
    shares = {other: passed(part.commodity, other.country) for other in part.alternatives if other.country != country}
    exposed = tuple((other.name, share) for other, share in shares.items() if share is not None and share > EXPOSED)
    ready = [other for other, share in shares.items() if (share is None or share <= EXPOSED) and 7.0 * other.weeks <= cover]
    rescuer = min(ready, key=lambda other: other.weeks, default=None)
    return PartResult(part, None if rescuer else cover, renewal, rescuer.name if rescuer else "", exposed, upstream)


def _ladder(results: Iterable[PartResult], price: Mapping[str, float]) -> Iterable[LadderStep]:
    """Steps of the ladder: the parts that stop first, after one more week of stock for those of the step before (E22)."""
    days = {result.part: result.days_to_stop for result in results if result.days_to_stop is not None}
    for _ in range(min(STEPS, len(days))):
        first = min(days.values())
        stuck = tuple(part for part, day in days.items() if day <= first)
        others = [day for day in days.values() if day > first]
        yield LadderStep(
            parts=tuple(part.part for part in stuck),
            first_stop_days=first,
            one_week_gains=min([7.0, *(day - first for day in others)]),
            one_week_cost_usd=_cost(stuck, price),
            qualification_gains=min(others) - first if others else None,
        )
        days = {part: day + 7.0 if part in stuck else day for part, day in days.items()}


def _cost(parts: Iterable[Part], price: Mapping[str, float]) -> float | None:
    """Material value of one week of stock of some parts [USD], None if units or prices are missing."""
    total = 0.0
    for part in parts:
        if part.units_per_week is None or part.commodity not in price:
            return None
        total += part.units_per_week * part.grams / 1000.0 * price[part.commodity]
    return total
