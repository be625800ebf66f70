"""What governments have really funded, beside a plan: whether it takes the same, and if not what keeps it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.plan.builds import NOT_DECIDED
from ytterby.plan.commitments import known_on
from ytterby.plan.funded_result import FundedRow
from ytterby.plan.left_out import why_left_out
from ytterby.tables import rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from ytterby.facts import Candidate, Facts
    from ytterby.plan.builds import DecisionMaker
    from ytterby.plan.parties import Party
    from ytterby.plan.plan_result import LeftOutRow, PaysAloneRow, PortfolioRow


def funded(  # noqa: PLR0913
    facts: Facts,
    parties: Sequence[Party],
    candidates: Mapping[str, Candidate],
    maker: DecisionMaker,
    *,
    portfolio: Sequence[PortfolioRow],
    pays_alone: Sequence[PaysAloneRow],
    left_out: Sequence[LeftOutRow],
    as_of: dt.date | None = None,
) -> Iterator[FundedRow]:
    """Recorded public money of each party for projects, with what the plan does with the same plants.

    Parameters
    ----------
    facts : Facts
    parties : sequence of Party
        Who plans.
    candidates : mapping of str to Candidate
        Measures to choose from.
    maker : DecisionMaker
        What the parties may take of them.
    portfolio, pays_alone, left_out : sequence
        Rows of the plan.
    as_of : date, optional
        Figures of later date are left out.

    Yields
    ------
    FundedRow
        One for each plant, in the order of the parties.
    """
    for party in parties:
        for row in rows("ytterby.plan", "tables/funded_projects"):
            fact = facts.row(row["fact"])
            if row["party"] != party.code or not known_on(fact, as_of):
                continue
            for measure in row["measures"].split() or [""]:
                candidate = candidates.get(measure)
                if measure and candidate is None:  # not a candidate yet on the day of the plan
                    continue
                yield FundedRow(
                    party=party.code,
                    what=row["what_en"],
                    period=str(fact["period"]),
                    amount=float(row["amount"]) if row["amount"] else None,
                    unit=row["unit"],
                    measure=measure,
                    name=candidate.name() if candidate else "",
                    recalled=fact["source_status"] == "recalled" or "public_support" in str(fact["note"]),
                    fact=row["fact"],
                    **_standing(candidate, party, maker, portfolio, pays_alone, left_out),
                )


def funded_measures(parties: Sequence[Party]) -> frozenset[str]:
    """Candidates into which the parties have put public money."""
    codes = {party.code for party in parties}
    return frozenset(
        name for row in rows("ytterby.plan", "tables/funded_projects") if row["party"] in codes for name in row["measures"].split()
    )


def project_name(row: FundedRow, lang: str = "en") -> str:
    """Project and kind of money in a language; as the plan told it where the table knows it no longer."""
    known = (each for each in rows("ytterby.plan", "tables/funded_projects") if (each["party"], each["fact"]) == (row.party, row.fact))
    return next((each[f"what_{lang}"] for each in known), row.what)


def _standing(  # noqa: PLR0913, PLR0917
    candidate: Candidate | None,
    party: Party,
    maker: DecisionMaker,
    portfolio: Sequence[PortfolioRow],
    pays_alone: Sequence[PaysAloneRow],
    left_out: Sequence[LeftOutRow],
) -> dict[str, Any]:
    """What a plan does with a plant: fields of :class:`FundedRow`."""
    if candidate is None:
        return _fields("running")
    taken = sum(row.share for row in portfolio if row.measure == candidate.id and row.party == party.code)
    if taken > 0.0:
        return _fields("taken", share=taken)
    for alone in pays_alone:
        if alone.measure == candidate.id and alone.party == party.code:
            return _fields("alone", price_fall=alone.price_fall)
    for out in left_out:
        if out.measure == candidate.id and candidate.kind not in NOT_DECIDED:
            why = why_left_out(out)
            return _fields(why, too_dear_by=out.too_dear_by if why == "dearer" else None)
    return _fields(_not_decided(candidate, party, maker))


def _fields(why: str, *, share: float = 0.0, too_dear_by: float | None = None, price_fall: float | None = None) -> dict[str, Any]:
    return {"why": why, "share": share, "too_dear_by": too_dear_by, "price_fall": price_fall}


def _not_decided(candidate: Candidate, party: Party, maker: DecisionMaker) -> str:
    """Why a party cannot decide on a plant at all."""
    if candidate.kind in NOT_DECIDED:
        return "way_to_pay"
    if maker.share(candidate, party) <= 0.0:
        return "no_share"
    return "too_late" if maker.sold_to_it(maker.makes(candidate)) else "no_feed"
