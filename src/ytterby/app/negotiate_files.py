"""Files of ``negotiate``: all packages as a table, the map of utilities as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.negotiate_answers import step_text

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from ytterby.app.negotiate import Negotiation
    from ytterby.bargain import NegotiationResult


def save_negotiation(work: Negotiation, found: NegotiationResult, path: Path) -> None:
    """Write all packages (.csv) or the map of utilities (.svg)."""
    if path.suffix == ".csv":
        packages_table(work).to_csv(path, index=False)
    else:
        from ytterby.app.negotiate_picture import map_of

        path.write_text(map_of(work, found).render(), "utf-8")


def packages_table(work: Negotiation) -> pd.DataFrame:
    """Every package: step of each issue, utilities and gains of each party, whether it is in the room and on the front."""
    import pandas as pd

    steps, room = work.bargain.packages.steps, work.room
    columns: dict[str, object] = {}
    for number, issue in enumerate(work.talks.issues):
        labels = np.array([step_text(issue.label(step)) for step in range(len(issue.values))])
        columns[issue.id] = labels[steps[:, number]]
    for number, party in enumerate(work.talks.parties):
        columns[f"{party} utility_usd"], columns[f"{party} gain_usd"] = room.utilities[:, number], room.gains[:, number]
    return pd.DataFrame(columns | {"feasible": room.feasible, "pareto": room.efficient})
