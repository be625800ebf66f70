"""Table of programmes on minerals for talks: made by plan and cooperation once, and kept in the project under a digest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ytterby.app.alliances.inputs import CooperateInputs, CooperateRequest, code_digest
from ytterby.bargain import Control, MineralsTable, PortfolioMaker
from ytterby.cooperation import Coalitions, values_of
from ytterby.execution import digest_of
from ytterby.facts import candidates
from ytterby.store import CheckpointStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.app.talks.request import NegotiateRequest
    from ytterby.bargain import Talks
    from ytterby.facts import Candidate

FOLDER = "programmes"
"""Folder of the project that keeps tables of programmes."""
HELPED = "technical help with separation"


def table_digest(inputs: CooperateInputs, controls: tuple[Control, ...]) -> str:
    """Names a table: what names the alliance's plans, and the controls."""
    return digest_of("programmes", code_digest("bargain"), inputs.key, inputs.terms.digest, inputs.codes, controls)


def minerals_table(
    request: CooperateRequest, controls: tuple[Control, ...] = (), progress: Callable[[int, int], None] | None = None
) -> tuple[MineralsTable, str]:
    """Table of programmes for the allies of a request, and its digest; taken from the project where it has been made.

    Parameters
    ----------
    request : CooperateRequest
        Allies, paths, seed and day: those of ``cooperate``, whose solved coalitions are used.
    controls : tuple of Control
        Controls of the dominant supplier under which all programmes are looked at again.
    progress : callable, optional
        Called with programmes done and programmes in all.
    """
    inputs = CooperateInputs(request)
    inputs.check()
    store, digest = CheckpointStore(request.project / FOLDER), table_digest(inputs, controls)
    kept = store.get(digest)
    if kept is not None:
        return MineralsTable.of_arrays(kept), digest
    table = portfolio_maker(inputs).table(controls, progress)
    store.put(digest, table.to_arrays())
    return table, digest


def programmes_request(asked: NegotiateRequest, talks: Talks) -> tuple[CooperateRequest, tuple[Control, ...]]:
    """What ``cooperate`` is asked for talks on a day, and the controls that are looked at besides."""
    request = CooperateRequest(
        talks.parties, scenarios=asked.scenarios, seed=asked.seed, as_of=asked.as_of or talks.day, project=asked.project
    )
    return request, tuple(Control(each.id, each.family, each.weeks, each.depth) for each in talks.controls)


def kept_table(asked: NegotiateRequest, talks: Talks) -> MineralsTable | None:
    """Table of programmes for talks from the project; None where it has not been made yet."""
    request, controls = programmes_request(asked, talks)
    store = CheckpointStore(request.project / FOLDER)
    kept = store.get(table_digest(CooperateInputs(request), controls)) if (request.project / FOLDER).is_dir() else None
    return None if kept is None else MineralsTable.of_arrays(kept)


def portfolio_maker(inputs: CooperateInputs) -> PortfolioMaker:
    """Solved coalitions with and without aid, as ``cooperate`` and ``cooperate --no-aid`` solve them."""

    def helped(changed: tuple[Candidate, ...]) -> Coalitions:
        data = replace(inputs.data, candidates=changed)
        return Coalitions(data, inputs.members, inputs.terms, inputs.store, digest_of(inputs.key, HELPED))

    calm = replace(inputs.terms, exchange="calm")
    values, without = (values_of(inputs.coalitions(inputs.members, terms)) for terms in (inputs.terms, calm))
    return PortfolioMaker(inputs.data, values, without, {each.id: each for each in candidates()}, helped)
