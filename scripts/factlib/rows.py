"""One row of the package's tables, from one row of the gathered files."""

from __future__ import annotations

import math

from factlib import names, rules
from ytterby.facts import periods

COLUMNS = [
    "id",
    "quantity",
    "value",
    "low",
    "high",
    "unit",
    "element",
    "commodity",
    "region",
    "partner",
    "sector",
    "period",
    "scope",
    "edition",
    "source",
    "url",
    "licence",
    "kind",
    "source_status",
    "quality",
    "note",
]


def number(text: str) -> float:
    """Return the number in a cell, NaN for an empty or worded one."""
    try:
        return float(str(text).replace(",", ""))
    except ValueError:
        return math.nan


def join(*parts: str, by: str = "; ") -> str:
    """Join the parts that are not empty, each once."""
    return by.join(dict.fromkeys(part.strip() for part in parts if part and part.strip()))


def _basis(code: names.Unit) -> str:
    """What a share is a share of, or what else a published unit names, as a part of the scope."""
    shares = code.code in {"%", "wt%", "at%"}
    return f"of {code.of}" if shares and code.of and not code.of.startswith("of ") else code.of


def make(
    *,
    id: str,
    quantity: str,
    value: str,
    low: str = "",
    high: str = "",
    unit: str,
    flag: str,
    source: str,
    url: str = "",
    element: str = "",
    commodity: str = "",
    region: str = "",
    partner: str = "",
    sector: str = "",
    period: str = "",
    scope: str = "",
    quality: str = "",
    note: str = "",
    exact: bool = False,
    licence: str = "",
    edition: str = "",
    **extra: str,
) -> dict[str, object]:
    """Apply the rules of honesty to one figure and return its row."""
    code = names.unit(unit)
    kind = rules.kind(flag, source, note, exact=exact)
    url, source = rules.locate(source, url)
    figure = number(value)
    worded = value if math.isnan(figure) else ""
    if math.isnan(figure) and not (math.isnan(number(low)) or math.isnan(number(high))):
        figure, note = (number(low) + number(high)) / 2, join(note, "value = midpoint of the range")
    bottom, top, ruled = rules.spread(figure, number(low), number(high), code.code, assumed=kind == "assumed" and not exact)
    if periods.is_outcome(quantity, period):
        scope = join(scope, periods.OUTCOME_MARK)
    return {
        "id": id,
        "quantity": quantity,
        "value": figure,
        "low": bottom,
        "high": top,
        "unit": code.code,
        "element": element,
        "commodity": commodity,
        "region": region,
        "partner": partner,
        "sector": sector,
        "period": period,
        "scope": join(scope, _basis(code)),
        "edition": edition or rules.edition(source),
        "source": source,
        "url": url,
        "licence": licence or rules.licence(source, kind),
        "kind": kind,
        "source_status": rules.source_status(flag, source, url),
        "quality": quality,
        "note": join(worded, note, "range by rule: factor 1.5 either way" if ruled else ""),
        **extra,
    }
