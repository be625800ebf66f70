"""Use case: talks on duties and minerals: the room of what all prefer to no deal, and where what was agreed stands in it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ytterby.app.talks.answers import answers
from ytterby.app.talks.negotiation import Negotiation
from ytterby.app.talks.rows import fields
from ytterby.bargain import NegotiationResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.app.talks.request import NegotiateRequest


def negotiate(request: NegotiateRequest, progress: Callable[[int, int], None] | None = None) -> NegotiationResult:
    """Room of talks on a day: packages, no deal, Pareto front, what rules of bargaining choose, what was agreed.

    Parameters
    ----------
    request : NegotiateRequest
    progress : callable, optional
        Called with programmes on minerals done and programmes in all, where the table has to be made.

    Raises
    ------
    UnknownNameError
        For unknown talks, parties or terms of weights.
    ScenarioError
        For a talks file with faults.
    InputError
        If the parties are not those of the talks, weights make all utilities of a party nil, or nothing is known yet on the day.
    """
    return concluded(Negotiation(request, progress))


def concluded(work: Negotiation) -> NegotiationResult:
    """Everything that is said of talks."""
    _ = work.weights, work.assumptions, work.talks.known_on(work.day), work.bargain  # bad input first, then what takes long
    began = time.perf_counter()
    found = fields(work)
    found["answers"] = answers(found, work.talks)
    return NegotiationResult(**found, seconds=round(time.perf_counter() - began, 3))
