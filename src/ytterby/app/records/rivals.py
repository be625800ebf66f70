"""A one-year stop for one country beside the published estimates: which assumptions make the difference."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy import (
    Explanation,
    assumptions,
    economies,
    explain,
    gdp_usd,
    indirect,
    indirect_model,
    lines,
    loss_model,
    losses,
    output_left,
    parts_model,
    recapture_model,
    studies,
)
from ytterby.errors import DataGapError
from ytterby.facts import load, regions
from ytterby.measures import measure
from ytterby.result_model import ResultModel
from ytterby.scenario import Scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import build

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ytterby.economy import Economy
    from ytterby.facts import Facts
    from ytterby.simulation import Draw

START = dt.date(2025, 1, 6)
WEEKS = 130
"""A year of stop, and the time in which what was short is made up."""
GOODS = ("rare_earths", "magnet.*")
STOPPED = "raw materials and magnets of rare earths"
"""These goods in words."""
LEFT_OPEN = "motors and other components still leave"
PERCENT, BILLION = 100.0, 1e9
YEAR = 52.0
"""[week]"""


class StopLoss(NamedTuple):
    """Parts of a loss [USD]."""

    gross: float
    """Value added of the lines that stop, before any is made up."""
    net: float
    """What of it is not made up later."""
    suppliers: float
    """Value added that their suppliers lose."""


@dataclass(frozen=True, eq=False)
class OneYearStop:
    """Loss of a region when the goods stop coming from China, for a set of five assumptions."""

    facts: Facts
    region: str

    @cached_property
    def network(self) -> LabelledNetwork:
        """Base system of 2024."""
        return LabelledNetwork.of(build(2024, self.facts))

    @cached_property
    def tables(self) -> dict[str, tuple[Economy, ...]]:
        """Input-output tables by region."""
        return economies(self.facts, self.network.system.sectors)

    def scenario(self, depth: float, duration: float) -> Scenario:
        """A stop of the goods from China, for all countries: bought through others they would still come from there."""
        end = START + dt.timedelta(days=round(7 * duration) - 1)
        ban = measure(kind="ban", on=GOODS, from_="CN", to="all", start=START, end=end, depth=depth, assumed=("start", "end", "depth"))
        return Scenario(name="one-year-stop", start=START, weeks=WEEKS, measures=(ban,))

    def draw(self, assumptions: dict[str, float]) -> Draw:
        """Central run with covers scaled by ``stock``."""
        markets = self.network.system.markets.copy()
        for column in ("cover", "cover_low", "cover_high"):
            markets[column] *= assumptions["stock"]
        network = LabelledNetwork.of(self.network.system.with_markets(markets))
        return Experiment(network, self.scenario(assumptions["depth"], assumptions["duration"]), 0, 1).draw(0)

    def loss(self, assumptions: dict[str, float]) -> float:
        """Value added lost, direct and through suppliers, less what is made up [% of the region's GDP]."""
        found = self.parts(assumptions)
        return float(PERCENT * (found.net + found.suppliers) / gdp_usd(self.facts, self.region))

    def parts(self, assumptions: dict[str, float]) -> StopLoss:
        """What the loss is made of."""
        draw, system = self.draw(assumptions), self.network.system
        parts = parts_model(system.demands)
        parts = parts._replace(lumpy=parts.lumpy * draw.restricted_share)
        output = output_left(draw.served, draw.arrival_ratio, draw.user_cover, parts, want=draw.want)
        model = loss_model(system.demands, system.sectors, **_places(assumptions["substitution"]))
        back = recapture_model([str(code) for code in system.sectors["sector"]])
        model = model._replace(recapture=back._replace(share=np.full_like(back.share, assumptions["recapture"])))
        found = losses(output, system.demands, system.sectors, model, scarcity=draw.scarcity)
        own = (system.sectors["region"] == self.region).to_numpy()
        suppliers = indirect(found.lost, system.sectors, {self.region: self.tables[self.region]}, indirect_model())[self.region]
        return StopLoss(*(float(part.sum()) for part in (found.gross()[:, own], found.net()[:, own], suppliers.value_added)))


def _places(level: float) -> dict[str, NDArray[np.float64]]:
    """Position of each row of the tables on substitution and work-arounds: shares at ``level`` of their range, times at the other end."""
    found = {}
    for name in ("substitution", "input_classes"):
        slow = [row.parameter.endswith(("delay", "weeks")) for row in assumptions.read(name).rows]
        fixed = [row.parameter.endswith("stop_share") for row in assumptions.read(name).rows]
        found[name] = np.where(fixed, 0.5, np.where(slow, 1.0 - level, level))
    return found


def explanation(region: str = "JP", project: Path | None = None) -> Explanation:
    """Our loss from a one-year stop beside the published ones, with Shapley contributions of five assumptions.

    Raises
    ------
    DataGapError
        If the facts hold no published estimate for the region.
    """
    facts = load(project)
    if not studies(facts, region):
        raise DataGapError(f"the facts hold no published estimate of a one-year stop for '{region}'; there is one for JP")
    return explain(OneYearStop(facts, region).loss, facts, region)


class PublishedEstimate(ResultModel):
    """A published estimate and what its authors state about their assumptions."""

    name: str
    fact: str
    """Id of the figure."""
    region: str
    published: float
    """Loss [% of GDP]."""
    states: dict[str, float]
    """Assumptions that the study states, in our terms."""
    words: dict[str, str]
    """The words that state them."""
    gap: str
    """What the study counts and we do not, where a figure says so."""


class StudyComparison(ResultModel):
    """A published estimate beside ours."""

    study: PublishedEstimate
    start: float
    """Our loss with our own assumptions [% of GDP]."""
    ours: float
    """Our loss with what the study states [% of GDP]."""
    contributions: dict[str, float]
    """Shapley contribution of each assumption to ``ours - start`` [percentage points of GDP]."""
    unexplained: float
    """Published loss less ours with what the study states [percentage points of GDP]."""


class RivalsResult(ResultModel):
    """Our loss from a one-year stop beside published estimates, and the assumptions that make the difference."""

    region: str
    headline: str
    """Who, which stop, and what it costs, in a sentence."""
    unit: str
    """Unit of all losses but those in USD."""
    central: dict[str, float]
    """Our own value of each assumption."""
    loss: float
    """Our loss with them [% of GDP]."""
    loss_usd: float
    """The same, net and with suppliers [USD]."""
    gross_usd: float
    """Loss of the lines that stop, gross and without suppliers: what a briefing and a plan tell [USD]."""
    net_usd: float
    """What of `gross_usd` is not made up later [USD]."""
    suppliers_usd: float
    """Loss of their suppliers [USD]; `loss_usd` is `net_usd` and this."""
    mild: float
    """Our loss with every assumption at its mild end [% of GDP]."""
    severe: float
    """Our loss with every assumption at its severe end [% of GDP]."""
    span: dict[str, float]
    """Shapley contribution of each assumption to ``severe - mild`` [percentage points of GDP]."""
    alone: dict[str, tuple[float, float]]
    """Smallest and largest loss when one assumption alone moves through its range [% of GDP]."""
    studies: tuple[StudyComparison, ...]
    covers: dict[str, bool]
    """Whether each published loss lies between our mildest and severest."""
    lines: tuple[str, ...]
    """The same in plain sentences."""


def rivals(region: str = "JP", project: Path | None = None) -> RivalsResult:
    """As :func:`explanation`, for the faces.

    Raises
    ------
    DataGapError
        If the facts hold no published estimate for the region.
    """
    found = explanation(region, project)
    parts = OneYearStop(load(project), region).parts(found.central)
    return RivalsResult(
        region=region,
        headline=_headline(region, found, parts),
        unit="% of GDP",
        central=found.central,
        loss=found.loss,
        loss_usd=parts.net + parts.suppliers,
        gross_usd=parts.gross,
        net_usd=parts.net,
        suppliers_usd=parts.suppliers,
        mild=found.mild,
        severe=found.severe,
        span=found.span,
        alone=found.alone,
        studies=StudyComparison.from_records(asdict(item) | {"unexplained": item.unexplained} for item in found.studies),
        covers=found.covers,
        lines=tuple(lines(found)),
    )


def _headline(region: str, found: Explanation, parts: StopLoss) -> str:
    """Country, scenario, and loss in USD and of GDP."""
    depth, weeks = found.central["depth"], found.central["duration"]
    stop = "a full stop" if depth >= 1.0 else f"a stop of {depth:.0%}"
    length = "a year" if weeks == YEAR else f"{weeks:g} weeks"
    low, high = sorted((found.mild, found.severe))
    gross, net, suppliers = (f"{amount / BILLION:.3g}" for amount in parts)
    return (
        f"{regions()[region].name()}: {stop} for {length} of China's exports of {STOPPED} to everybody ({LEFT_OPEN}) would cost "
        f"{(parts.net + parts.suppliers) / BILLION:.3g} bn USD of value added (net, with suppliers), {found.loss:.2f} % of GDP "
        f"({low:.2f} to {high:.2f} % over the assumptions): {gross} bn (gross, without suppliers), of which {net} bn is not made up "
        f"later, and {suppliers} bn of suppliers."
    )
