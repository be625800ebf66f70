"""Acceptance criteria set before the calibration, and the values reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.validation.customs_targets import YEARS
from ytterby.validation.scores import rms
from ytterby.validation.tables import table, yuan_per_dollar
from ytterby.validation.targets import PRICES
from ytterby.validation.weekly_result import AcceptanceCriterion, PriceWedge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.validation.calibration_record import HistoryCalibration
    from ytterby.validation.targets import Target

QUOTED = ("La", "Ce", "Nd", "Pr", "Sm", "Dy", "Tb", "Eu")
MULTIPLES = {"La": 20.1, "Ce": 25.0, "Nd": 9.0, "Pr": 8.7, "Dy": 4.5, "Eu": 1.7, "Tb": 2.3}
"""Elements whose multiple from 2009 to 14 March 2011 is judged, with the facts' figures (A295a-g)."""
LIGHT = ("La", "Ce", "Nd")
DUTY_2011 = 0.15


def judged_quotes(targets: Sequence[Target]) -> list[int]:
    """Quotes of the eight elements within the episode."""
    return [i for i, t in enumerate(targets) if t.kind in PRICES and t.element in QUOTED and t.last.year <= YEARS[-1]]


def criteria(targets: Sequence[Target], model: Mapping[str, float], record: HistoryCalibration) -> tuple[AcceptanceCriterion, ...]:
    """The criteria with what is reached; those that are not met come first.

    Parameters
    ----------
    targets : sequence of Target
        All targets of the episode.
    model : mapping of id to float
        Median of the model at each target.
    record : HistoryCalibration
        Its scores (leave-one-out, early fit).
    """
    reached = _reached(targets, model, record)
    rows = []
    for row in table("criteria"):
        value = reached.get(row["id"], float("nan"))
        rows.append(
            AcceptanceCriterion(
                id=row["id"], what=row["what"], asked=row["asked"], reached=value, met=_met(value, row), prototype=row["prototype"]
            )
        )
    return tuple(sorted(rows, key=lambda row: row.met))


def _met(value: float, row: Mapping[str, str]) -> bool:
    limits = [float(part) for part in row["limit"].split()]
    if row["sense"] == "within":
        return limits[0] <= value <= limits[1]
    return value <= limits[0] if row["sense"] == "below" else value >= limits[0]


def _reached(targets: Sequence[Target], model: Mapping[str, float], record: HistoryCalibration) -> dict[str, float]:
    quotes = judged_quotes(targets)
    deals = [i for i, t in enumerate(targets) if t.kind == "unit_value"]
    miss = {t.id: t.error(model[t.id]) for t in targets if np.isfinite(model[t.id])}
    left = [row for row in record.leave_one_out.element if row.left_out in QUOTED]
    count = sum(row.rows for row in left)
    japan = [t for t in targets if t.region == "JP"]
    return {
        "quotes": rms(np.array([miss[targets[i].id] for i in quotes])),
        "leave_one_element_out": float(np.sqrt(sum(row.rows * row.rms_ln**2 for row in left) / count)),
        "quotes_and_deals": rms(np.array([miss[targets[i].id] for i in quotes + deals])),
        "unit_values": rms(np.array([miss[targets[i].id] for i in deals])),
        "multiples": _multiples(targets, model),
        "wedge_light": max(_factor(wedge) for wedge in wedges(targets, model) if wedge.element in LIGHT),
        "inside_2011": max(
            _ratio(model[t.id] / t.value) for t in targets if t.kind == "inside" and (t.last.year, t.last.month) == (2011, 9)
        ),
        "exports": max(abs(miss[t.id]) for t in targets if t.kind in ("exports", "utilisation")),
        "share_direct": max(abs(miss[t.id]) for t in japan if t.kind == "share_direct"),
        "share_traced": float(np.mean([t.hit(model[t.id]) for t in japan if t.kind == "share_traced"])),
        "tonnes": float(np.mean([t.hit(model[t.id]) for t in targets if t.kind == "tonnes"])),
        "direction": direction(targets, model),
        "embargo_months": _months(targets, model),
        "early_skill": record.early_fit.skill_year_ends,
        "early_coverage": record.early_fit.coverage_80,
    }


def _ratio(quotient: float) -> float:
    return float(np.exp(abs(np.log(max(quotient, 1e-12)))))


def _multiples(targets: Sequence[Target], model: Mapping[str, float]) -> float:
    annual = {t.element: model[t.id] for t in targets if t.kind == "fob" and t.last.year == 2009 and (t.last - t.first).days > 300}
    peak = {t.element: model[t.id] for t in targets if t.kind == "fob" and str(t.first) == "2011-03-14"}
    return max(_ratio(peak[name] / annual[name] / real) for name, real in MULTIPLES.items())


def wedges(targets: Sequence[Target], model: Mapping[str, float]) -> tuple[PriceWedge, ...]:
    """Difference between FOB quote without duty and price inside with VAT in September 2011."""
    rows = []
    for t in targets:
        if t.kind != "fob" or str(t.first) != "2011-09-01" or t.last.day != 30:
            continue
        inner = next(
            (s for s in targets if s.kind == "inside" and s.unit == "CNY/kg" and s.element == t.element and str(s.first) == "2011-09-16"),
            None,
        )
        if inner is not None:
            rate = yuan_per_dollar()[2011]
            real, own = (
                quote / (1 + DUTY_2011) - inside / rate for quote, inside in ((t.value, inner.value), (model[t.id], model[inner.id]))
            )
            rows.append(PriceWedge(element=t.element, target=real, model=own))
    return tuple(rows)


def _factor(row: PriceWedge) -> float:
    return _ratio(max(row.model, 1e-3) / row.target)


def direction(targets: Sequence[Target], model: Mapping[str, float]) -> float:
    """Share of annual changes of import weights with the correct sign [1]."""
    right = []
    series: dict[str, list[Target]] = {}
    for t in targets:
        if t.kind == "tonnes":
            series.setdefault(t.id.rpartition("-")[0], []).append(t)
    for line in series.values():
        line.sort(key=lambda t: t.last)
        for a, b in zip(line, line[1:], strict=False):
            right.append((b.value - a.value) * (model[b.id] - model[a.id]) > 0.0)
    return float(np.mean(right))


def _months(targets: Sequence[Target], model: Mapping[str, float]) -> float:
    months = [
        model[t.id] for t in sorted((t for t in targets if t.kind == "imports" and (t.last - t.first).days < 31), key=lambda t: t.first)
    ]
    return float(sum([months[0] > months[1], months[1] > months[2], months[3] > max(months[:3])]))
