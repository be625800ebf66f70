"""Kinds of long work and what each is asked with; the keys are the options of the commands, none of them is a place on the disk."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from ytterby.described_model import DescribedModel
from ytterby.report import languages


def _known(lang: str) -> str:
    """A language that has a catalogue.

    Raises
    ------
    ValueError
        For any other.
    """
    if lang not in languages():
        raise ValueError(f"'{lang}' is none of {', '.join(languages())}")
    return lang


Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^/\\\x00-\x1f]+$")]
"""Name of a scenario, country, path of demand; looked up, never taken as a place."""
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,160}$")]
"""Id that the API has given."""
Term = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Seed = Annotated[int, Field(ge=0, le=2**63 - 1)]
Usd = Annotated[float, Field(ge=0.0, le=1e14, allow_inf_nan=False)]
Lang = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(languages())})]
"""Language of titles, names and pages."""


class JobArguments(DescribedModel):
    """What a job is asked with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def named_scenarios(self) -> tuple[str, ...]:
        """Scenarios that it names, whose text is kept with the job."""
        return ()


class RunArguments(JobArguments):
    """As ``ytterby run``."""

    scenario: Name
    """Bundled scenario, or one saved in the project."""
    draws: Annotated[int, Field(ge=1, le=10_000_000)] = 1
    """1 for the central run, else the size of the ensemble."""
    seed: Seed = 1
    design: Literal["streams", "lhs", "sobol"] = "streams"
    """Sampling design of the draws."""
    sobol: bool = False
    """Also Sobol indices of the inputs that matter most (extra ``explore``)."""

    def named_scenarios(self) -> tuple[str, ...]:
        """The scenario that is run."""
        return (self.scenario,)


class PlanArguments(JobArguments):
    """As ``ytterby plan``."""

    allies: Annotated[tuple[Name, ...], Field(min_length=1, max_length=30)] = ("JP",)
    """Parties that plan as one."""
    budget: Usd | None = None
    """Public money of all together, present value [USD]; no limit without it."""
    budget_by: dict[Name, Usd] | None = None
    """Public money of each party by itself [USD]."""
    scenarios: Annotated[int, Field(ge=1, le=500)] = 20
    """Weighted paths of restrictions that the plan is made for."""
    without_shocks: bool = False
    """Plan for no restriction at all."""
    seed: Seed = 1
    limits: Annotated[tuple[Term, ...], Field(max_length=50)] = ()
    """Such as share:CN:max=0.65@2030."""
    targets: Annotated[tuple[Term, ...], Field(max_length=50)] = ()
    """Such as magnet:US:min=0.25@2035."""
    units: bool = False
    """Whole plants or none."""
    slack: Annotated[float, Field(ge=0.0, le=1.0)] = 0.05
    """Share of the gain that plans nearly as good may give up [1]."""
    path: Name | None = None
    """Path of demand; announced-pledges without it."""
    as_of: dt.date | None = None
    """Leave out what was not known on that day."""
    watch_prior: bool = False
    """Let what became of earlier promises move the chances of delay and cancellation."""
    sensitivity: bool = False
    """Also what would change the plan."""
    resimulate: bool = False
    """Also the weekly simulator with and without the plan, on 200 paired draws."""


class CooperateArguments(JobArguments):
    """As ``ytterby cooperate``."""

    allies: Annotated[tuple[Name, ...], Field(min_length=1, max_length=12)] = ("JP", "US")
    """Parties that may work together."""
    invite: Annotated[tuple[Name, ...], Field(max_length=12)] = ()
    """Outsiders: what each would add."""
    budget: Usd | None = None
    """Public money of each party, present value [USD]; no limit without it."""
    budget_by: dict[Name, Usd] | None = None
    """Public money of parties that have another [USD]."""
    scenarios: Annotated[int, Field(ge=1, le=200)] = 8
    """Weighted paths of restrictions that plans are made for."""
    seed: Seed = 1
    periods: Annotated[int, Field(ge=1, le=30)] | None = None
    """Take the years in that many equal steps; every year without it."""
    units: bool = False
    """Whole plants or none."""
    unit_seconds: Annotated[float, Field(gt=0.0, le=600.0)] = 20.0
    """Longest search for whole units of one coalition [s]."""
    pool: bool = False
    """Every coalition may use every project whole."""
    no_aid: bool = False
    """In restricted years members send each other no more than outsiders would."""
    own_budgets: bool = False
    """Each party's public money pays for its own measures only."""
    gap: Usd | None = None
    """Largest error of a value [USD]; a hundredth of that of all together without it."""
    blocs: Term | None = None
    """Split into blocs to compare with, such as JP+US,EU+KR."""
    hub: Name | None = None
    """Party with which the others work only, to compare with."""
    imitate: Annotated[tuple[Name, ...], Field(max_length=12)] = ()
    """Others that follow and plan by themselves."""
    deterrence: Annotated[float, Field(ge=0.0, le=100.0)] = 0.0
    """Hazard x exp(-this x share of the loss removed) [1]."""
    path: Name | None = None
    """Path of demand; announced-pledges without it."""
    as_of: dt.date | None = None
    """Leave out what was not known on that day."""
    fresh: Annotated[int, Field(ge=0, le=1000)] = 40
    """Other paths that the plans are judged on; 0 for none."""
    sensitivity: bool = False
    """Also value and shares with each input at the ends of its range."""
    resimulate: bool = False
    """Also what outsiders gain, by the weekly simulator on 200 paired draws."""


class NegotiateArguments(JobArguments):
    """As ``ytterby negotiate``."""

    parties: Annotated[tuple[Name, ...], Field(max_length=10)] = ()
    """Parties; those of the talks without them."""
    talks: Name = "us-japan-2025"
    """Bundled talks."""
    weights: dict[Term, Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]] | None = None
    """Weights of terms by party, such as JP.jobs: 2."""
    as_of: dt.date | None = None
    """Day of the talks; that of their file without it."""
    draws: Annotated[int, Field(ge=0, le=10_000)] = 50
    """Draws of the bands; 0 for none."""
    scenarios: Annotated[int, Field(ge=4, le=200)] = 4
    """Weighted paths for programmes on minerals."""
    seed: Seed = 1
    each_day: bool = False
    """Also the room on each day that the talks compare."""
    without_minerals: bool = False
    """Leave programmes on minerals out, which spares their plans."""
    also: Annotated[tuple[Name, ...], Field(max_length=10)] = ()
    """Issues that the talks leave out unless asked for, such as standard."""


class TradeArguments(JobArguments):
    """As ``ytterby trade``."""

    scenario: Name
    """Bundled scenario with duties, or one saved in the project."""
    horizon: Literal["short", "medium", "long"] | None = None
    """How far prices and buyers have adapted; by default as the year that is added up lies."""
    draws: Annotated[int, Field(ge=0, le=100_000)] = 200
    """Draws of the bands; 0 for none."""
    seed: Seed = 1

    def named_scenarios(self) -> tuple[str, ...]:
        """The scenario whose duties are looked at."""
        return (self.scenario,)


class BriefInput(JobArguments):
    """Something that a briefing is about."""

    kind: Literal["scenario", "run", "plan", "alliance", "talks", "articles"]
    """What it is."""
    id: Name
    """Name of a scenario, or id of a run, of the job of a plan, an alliance or talks, or of an upload."""


class BriefArguments(JobArguments):
    """As ``ytterby brief``: the first scenario or run is the question, others are compared with it."""

    inputs: Annotated[tuple[BriefInput, ...], Field(min_length=1, max_length=20)]
    """What it is about; plans stand by themselves, so does an alliance."""
    lang: Lang = "en"
    """Language of the briefing."""
    importer: Annotated[str, StringConstraints(min_length=1, max_length=120)] = "JP"
    """Region or group that it is written for; several such as JP,DE stand side by side."""
    draws: Annotated[int, Field(ge=1, le=100_000)] = 200
    """Draws of scenarios that have not been run yet."""
    seed: Seed = 1

    def named_scenarios(self) -> tuple[str, ...]:
        """Scenarios among the inputs."""
        return tuple(item.id for item in self.inputs if item.kind == "scenario")


class ReadArguments(JobArguments):
    """As ``ytterby read``."""

    uploads: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50)]
    """Uploads with articles."""
    semantic: bool = False
    """Also candidate sentences by likeness of meaning (extra ``semantic``)."""


class PartsArguments(JobArguments):
    """As ``ytterby exposure --bom``."""

    upload: Id
    """Upload with one list of parts, XLSX or CSV."""
    without: Name | None = None
    """Country that delivers nothing more; without it the one that supplies most parts."""
    scenario: Name | None = None
    """Scenario in place of that."""
    run: Id | None = None
    """Run of the project in place of that."""
    on: dt.date | None = None
    """First day; today without it, of a scenario its start."""
    importer: Annotated[str, StringConstraints(max_length=60)] = ""
    """Region in which the firm works."""
    year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    """Base year; the newest of the chain without it."""
    chain: Name = "rare-earths"
    """Which minerals."""
    draws: Annotated[int, Field(ge=1, le=100_000)] = 1
    """Draws of a scenario that has not been run yet."""
    lang: Lang = "en"
    """Language of its files."""

    def named_scenarios(self) -> tuple[str, ...]:
        """The scenario that stops deliveries."""
        return (self.scenario,) if self.scenario else ()


class CompareMeasuresArguments(JobArguments):
    """As ``ytterby measures --compare``."""

    kinds: Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]
    """Kinds of measures."""
    scenario: Name
    """Bundled scenario, or one saved in the project."""
    draws: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Draws that are compared; 1 is the central run."""
    party: Name = "JP"
    """Who pays for floors and stocks."""
    seed: Seed = 1

    def named_scenarios(self) -> tuple[str, ...]:
        """The scenario on which kinds are compared."""
        return (self.scenario,)


class BacktestArguments(JobArguments):
    """As ``ytterby backtest``."""

    episode: Name
    """Episode of history."""
    draws: Annotated[int, Field(ge=2, le=100_000)] = 100
    """Draws that are replayed."""
    seed: Seed = 1


class _Order(DescribedModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RunOrder(_Order):
    """Simulate a scenario."""

    kind: Literal["run"]
    arguments: RunArguments


class PlanOrder(_Order):
    """Find what a budget buys."""

    kind: Literal["plan"]
    arguments: PlanArguments = PlanArguments()


class CooperateOrder(_Order):
    """Find what an alliance is worth."""

    kind: Literal["cooperate"]
    arguments: CooperateArguments = CooperateArguments()


class NegotiateOrder(_Order):
    """Work out the room of talks."""

    kind: Literal["negotiate"]
    arguments: NegotiateArguments = NegotiateArguments()


class TradeOrder(_Order):
    """Work out what duties do."""

    kind: Literal["trade"]
    arguments: TradeArguments


class BriefOrder(_Order):
    """Write a briefing."""

    kind: Literal["brief"]
    arguments: BriefArguments


class ReadOrder(_Order):
    """Read articles."""

    kind: Literal["read"]
    arguments: ReadArguments


class PartsOrder(_Order):
    """Work out when a firm's parts are missing."""

    kind: Literal["parts"]
    arguments: PartsArguments


class CompareMeasuresOrder(_Order):
    """Compare kinds of measures on a scenario."""

    kind: Literal["compare_measures"]
    arguments: CompareMeasuresArguments


class BacktestOrder(_Order):
    """Replay an episode of history and score it."""

    kind: Literal["backtest"]
    arguments: BacktestArguments


Order = Annotated[
    RunOrder | PlanOrder | CooperateOrder | NegotiateOrder | TradeOrder | BriefOrder | ReadOrder | PartsOrder
    | CompareMeasuresOrder | BacktestOrder,
    Field(discriminator="kind"),
]  # fmt: skip
"""A job that is asked for."""

ARGUMENTS: dict[str, type[JobArguments]] = {
    "run": RunArguments,
    "plan": PlanArguments,
    "cooperate": CooperateArguments,
    "negotiate": NegotiateArguments,
    "trade": TradeArguments,
    "brief": BriefArguments,
    "read": ReadArguments,
    "parts": PartsArguments,
    "compare_measures": CompareMeasuresArguments,
    "backtest": BacktestArguments,
}
"""Arguments by kind of job."""
