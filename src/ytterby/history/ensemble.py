"""Ensembles whose behaviour comes from the posterior: for any scenario, only the fitted behaviour is replaced."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.history.posterior import posterior_rows
from ytterby.simulation.run import Experiment

if TYPE_CHECKING:
    import pandas as pd

BEHAVIOUR = "behaviour."


@dataclass(frozen=True, eq=False)
class PosteriorExperiment(Experiment):
    """An experiment whose fitted behavioural parameters are drawn from history's posterior, all else as before."""

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Value of each uncertain input in each draw; a scenario's own distribution of a key wins."""
        rows = Experiment(self.scene, self.scenario, self.draws, self.seed, self.method).rows
        if self.draws == 0:
            return rows
        fitted = posterior_rows(self.draws, self.seed, prefix=BEHAVIOUR)
        own = [key for key in fitted.columns if key not in self.scenario.draws]
        return rows.assign(**{key: fitted[key].to_numpy() for key in own})
