"""Answer about an alliance of one, which needs no plan: beyond its own plan it is worth nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.app.planning.inputs import MILLION
from ytterby.cooperation import CooperationResult
from ytterby.plan import YEARS

if TYPE_CHECKING:
    from ytterby.app.alliances.inputs import CooperateInputs

FURTHER = ("invite", "imitate", "blocs", "hub", "sensitivity", "resimulate")
"""Fields of a request that ask more than what one party is worth."""


def is_alone(work: CooperateInputs) -> bool:
    """Whether one party is asked about, and nothing but its alliance with itself."""
    return len(work.members) == 1 and not any(getattr(work.request, name) for name in FURTHER)


def alone(work: CooperateInputs, terms: tuple[str, ...]) -> CooperationResult:
    """Value and shares of one party: all are 0 by definition, and there is nobody to share with.

    Parameters
    ----------
    work : CooperateInputs
        What is asked, of one party.
    terms : tuple of str
        What differs from the usual terms.
    """
    (code,) = work.codes
    nothing = {code: 0.0}
    return CooperationResult(
        parties=(code,),
        budget={code: work.budgets[code] * MILLION} if code in work.budgets else None,
        years=(YEARS[0], YEARS[-1]),
        periods=work.request.periods or len(YEARS),
        scenarios=work.request.scenarios,
        seed=work.request.seed,
        terms=terms,
        values=nothing,
        gap_usd=0.0,
        undecided=(),
        fresh=None,
        worst_pair=0.0,
        shapley=nothing,
        nucleolus=nothing,
        owen=None,
        proportional={},
        least_core_eps=0.0,
        core_empty=False,
        core_decided=True,
        blocking=(),
        excess=(),
        parts={},
        parts_average={},
        own_saving=nothing,
        transfers=(),
        sent=(),
        portfolio=(),
        cost_shares=(),
        beside={},
        commitments=(),
        public_money=None,
        deterrence=None,
        imitation=None,
        jobs_created=(),
        side_deal=(),
        invite=(),
        partition=None,
        hub=None,
        double_counted=(),
        spillover=None,
        sensitivity=(),
        seconds=0.0,
    )
