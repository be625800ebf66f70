"""Worth of standards that talks may agree on: the weekly run without and with each charge, kept in the project under a digest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.alliances.inputs import code_digest
from ytterby.app.runs.run import experiment_of
from ytterby.bargain import StandardCurve, StandardIssue, StandardWorth, standard_worth
from ytterby.execution import digest_of
from ytterby.scenario import load_scenario
from ytterby.simulation import LabelledNetwork
from ytterby.store import CheckpointStore
from ytterby.system import with_footprints

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from ytterby.bargain import Talks
    from ytterby.facts import Facts

CALM = "no-shock"
"""Scenario on which a standard is tried: nothing is restricted."""
FOLDER = "programmes"
"""Folder of the project that keeps what programmes and standards are worth."""
PARTS = ("exports", "imports", "revenue")


def standards_of(talks: Talks, facts: Facts, project: Path, asked: Collection[str] = ()) -> dict[str, dict[str, StandardCurve]]:
    """What each standard of talks is worth to the parties, by issue and step, over the range of its charge.

    Of standards that wait to be asked for only the asked ones.
    """
    issues = [issue for issue in talks.issues if isinstance(issue, StandardIssue) and (not issue.only_asked or issue.id in asked)]
    return {issue.id: {step: _curve(issue, step, talks.parties, facts, project) for step in issue.steps} for issue in issues}


def _curve(issue: StandardIssue, step: str, parties: tuple[str, ...], facts: Facts, project: Path) -> StandardCurve:
    charges = tuple(sorted(set(issue.charges))) if step == "charge" else (0.0,)
    return StandardCurve(charges, tuple(_kept(issue, step, charge, parties, facts, project) for charge in charges))


def _kept(issue: StandardIssue, step: str, charge: float, parties: tuple[str, ...], facts: Facts, project: Path) -> StandardWorth:  # noqa: PLR0913, PLR0917
    """Worth of a standard from the project, or worked out and kept."""
    store = CheckpointStore(project / FOLDER)
    digest = digest_of(
        "standard",
        code_digest("bargain", "ensembles", "scenario"),
        facts.digest,
        issue.model_dump_json(by_alias=True),
        step,
        charge,
        parties,
    )
    kept = store.get(digest)
    if kept is not None:
        return StandardWorth(*(np.asarray(kept[name]) for name in PARTS))
    found = _worked(issue, step, charge, parties, facts, project)
    store.put(digest, {name: getattr(found, name) for name in PARTS})
    return found


def _worked(issue: StandardIssue, step: str, charge: float, parties: tuple[str, ...], facts: Facts, project: Path) -> StandardWorth:  # noqa: PLR0913, PLR0917
    scenario = load_scenario(CALM)
    standard = issue.standard(scenario.start, step, charge)
    if standard is None:
        return StandardWorth(*np.zeros((len(PARTS), len(parties))))
    experiment = experiment_of(scenario, 1, 1, "streams", project, facts)
    network = LabelledNetwork.of(with_footprints(experiment.network.system, facts))
    return standard_worth(replace(experiment, network=network), standard, parties)
