"""Issues of talks: what may be agreed on, and the steps in which it may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticKnownError

from ytterby.measures import Frozen, Standard, measure
from ytterby.measures import fields as f

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

EACH_ALONE = "each_alone"
PORTFOLIOS = (EACH_ALONE, "aid", "stocks", "projects", "together", "without_aid", "technical_help", "floor")
"""Programmes on minerals that may be agreed on; where nothing is agreed, each makes the plan that is best for it alone."""
OWN = "own"
"""Each party bears what it spends itself."""
WHOLE = 1e-6
"""Rounding within which shares add up to 1."""
TRANSLATED = re.compile(r"(name|title)_[a-z]{2,3}")
"""Keys of names and titles in other languages, by ISO 639 code."""
STANDARD_KEYS = ("on", "to", "indicator", "limit", "recognised", "charge_usd_per_t", "compliance_usd_per_t", "uptake", "ramp_weeks")
"""Keys that an issue on a standard has from the measure `standard`."""
CHARGE = "charge_"
"""What the names of charges as assumptions begin with; the id of the standard follows."""
HIGHEST_DUTY = 10.0
"""Highest duty that is taken as meant (1,000 %)."""


def _duty(value: float) -> float:
    if not 0.0 <= value <= HIGHEST_DUTY:
        raise f.fault(f"a duty must be 0 to 10; {value * 100:g} % is above 1,000 %" if value > 0 else "a duty must not be below 0")
    return value


def _portfolio(name: str) -> str:
    if name not in PORTFOLIOS:
        from ytterby.errors import UnknownNameError

        raise f.fault(str(UnknownNameError("programme", name, PORTFOLIOS)))
    return name


def _shares(value: Any) -> Any:
    if value == OWN:
        return {}
    if not isinstance(value, dict):
        raise f.fault("must be 'own' or a mapping such as {JP: 0.5, US: 0.5}")
    return value


def _whole(value: dict[str, float]) -> dict[str, float]:
    if value and abs(sum(value.values()) - 1.0) > WHOLE:
        raise f.fault(f"cost shares must add up to 1; they add up to {sum(value.values()):g}")
    return value


def _standard_step(value: Any) -> Any:
    """Steps may be written as without and with the charge."""
    return {False: "none", True: "charge"}.get(value, value) if isinstance(value, bool) else value


Duty = Annotated[f.Number, AfterValidator(_duty)]
Amount = Annotated[f.Number, Field(ge=0, le=1e14)]
Shares = Annotated[dict[f.Region, f.Share], BeforeValidator(_shares), AfterValidator(_whole)]


def _translated(key: str) -> str:
    if not TRANSLATED.fullmatch(key):
        raise PydanticKnownError("extra_forbidden")
    return key


class Named(Frozen):
    """What has names in several languages."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[Annotated[str, AfterValidator(_translated)], f.Text] = Field(init=False)

    def in_language(self, key: str, lang: str) -> str:
        """Text of a key in a language other than English; empty where there is none."""
        return str((self.model_extra or {}).get(f"{key}_{lang}", ""))

    def languages(self, key: str) -> dict[str, str]:
        """Text of a key by language other than English."""
        return {name.rpartition("_")[2]: str(text) for name, text in (self.model_extra or {}).items() if name.startswith(f"{key}_")}


class Issue(Named):
    """What every issue has."""

    UNIT: ClassVar[str] = ""
    """Unit of one step of marginal rates; empty for issues that are no amounts."""
    id: f.Name
    """Name by which outcomes and results refer to it."""
    name_en: f.Text = ""
    """Name in English; `name_` and an ISO 639 code in other languages."""
    facts: f.Ids = ()
    """Ids of the figures on which its steps rest."""
    note: f.Text = ""
    """What must be known about it."""

    def name(self, lang: str = "en") -> str:
        """Name in a language, or in English, or the id."""
        return self.in_language("name", lang) or self.name_en or self.id

    @property
    def values(self) -> Sequence[Any]:
        """Steps, in order."""
        return self.steps  # type: ignore[attr-defined,no-any-return]  # each kind has steps of its own type

    def label(self, step: int) -> Any:
        """A step as it is written in files and results."""
        return self.values[step]

    @property
    def parties(self) -> tuple[str, ...]:
        """Parties that it names."""
        return ()


class DutyIssue(Issue):
    """Duty that `by` levies on goods from `on`."""

    UNIT: ClassVar[str] = "point"
    kind: Literal["duty"] = "duty"
    on: f.Region
    """Whose goods pay it."""
    by: f.Region
    """Who levies it; the trade table holds imports of the United States."""
    products: f.Products = Field(min_length=1)
    """Groups of products."""
    exempt_lists: Literal["none", "emergency", "section_122"] = "none"
    """Lists of the United States whose goods are free of it."""
    steps: tuple[Duty, ...] = Field(min_length=1, max_length=20)
    """Duties in all that may be agreed on, dearest first; where the base duty is higher, that stays [1]."""

    @property
    def parties(self) -> tuple[str, ...]:
        """Who pays and who levies."""
        return (self.on, self.by)


class MineralsIssue(Issue):
    """Programme on minerals of all parties."""

    kind: Literal["minerals"] = "minerals"
    steps: tuple[Annotated[str, AfterValidator(_portfolio)], ...] = Field(min_length=1, max_length=len(PORTFOLIOS))
    """Programmes that may be agreed on; `each_alone` is none."""


class CostSharesIssue(Issue):
    """Who pays the public money of the programme on minerals."""

    kind: Literal["cost_shares"] = "cost_shares"
    steps: tuple[Shares, ...] = Field(min_length=1, max_length=12)
    """`own` for each its own, or shares by party that add up to 1."""

    def label(self, step: int) -> Any:
        """``own`` or the shares."""
        return self.steps[step] or OWN

    @property
    def parties(self) -> tuple[str, ...]:
        """Parties with shares."""
        return tuple(dict.fromkeys(party for shares in self.steps for party in shares))


class _Paid(Issue):
    """Money from one party to another."""

    UNIT: ClassVar[str] = "bn USD"
    from_: f.Region = Field(alias="from")
    """Who pays."""
    to: f.Region
    """Where the money goes."""

    @property
    def parties(self) -> tuple[str, ...]:
        """Payer and receiver."""
        return (self.from_, self.to)


class InvestmentIssue(_Paid):
    """Investment vehicle: `from` pays for projects that `to` chooses."""

    kind: Literal["investment"] = "investment"
    until: f.Date
    """By when all of it is committed [date]."""
    split: f.Share
    """Share of the cash flow of each side until principal and interest are back [1]."""
    after: f.Share
    """Share of `to` afterwards [1]."""
    steps: tuple[Amount, ...] = Field(min_length=1, max_length=20)
    """Sums that may be agreed on [USD]."""


class PurchasesIssue(_Paid):
    """Purchases by `from` of goods of `to`, a year."""

    kind: Literal["purchases"] = "purchases"
    goods: f.Product
    """Group of products bought."""
    steps: tuple[Amount, ...] = Field(min_length=1, max_length=20)
    """Sums that may be agreed on [USD/year]."""


class OrdersIssue(_Paid):
    """Orders of arms: share of the procurement that Japan's earlier path of defence adds and that it places with `to`."""

    UNIT: ClassVar[str] = "tenth of the orders"
    kind: Literal["orders"] = "orders"
    goods: f.Product
    """Group of products ordered."""
    steps: tuple[f.Share, ...] = Field(min_length=1, max_length=20)
    """Shares that may be agreed on [1]."""


class LinkedIssue(Issue):
    """Joint work in a linked sector: a row of the trade block's table, whose empty cells are left out."""

    kind: Literal["linked"] = "linked"
    row: f.Name
    """Item of the table."""
    steps: tuple[bool, ...] = (False, True)
    """Without and with it."""


class StandardIssue(Issue):
    """Ecological standard of the parties `to`: none, mutual recognition only, or also a charge on other goods, as in `standard`."""

    kind: Literal["standard"] = "standard"
    on: f.Selectors = Field(min_length=1)
    """Goods it is on: commodity selectors such as `oxide.Dy`, `magnet.*`."""
    to: Annotated[tuple[f.Region, ...], BeforeValidator(f.listed), Field(min_length=1, max_length=6)]
    """Parties that charge and certify."""
    indicator: Literal["co2e", "water", "residue"] = "co2e"
    """What is measured from mine to gate: greenhouse gases, water, radioactive residue."""
    limit: Annotated[f.Number, Field(ge=0, le=10)] = 1.0
    """Goods are certified up to this multiple of the world's mean footprint of the good [1]."""
    recognised: Annotated[tuple[f.Region, ...], BeforeValidator(f.listed), Field(max_length=100)] = ()
    """Regions whose own standards are recognised: their goods are certified."""
    charge_usd_per_t: Annotated[f.Number, Field(ge=0, le=1e9)]
    """Charge on each tonne that is not certified [USD/t]."""
    charge_low: Annotated[f.Number, Field(ge=0, le=1e9)] | None = None
    """Low end of its range [USD/t]."""
    charge_high: Annotated[f.Number, Field(ge=0, le=1e9)] | None = None
    """High end of its range [USD/t]."""
    compliance_usd_per_t: Annotated[f.Number, Field(ge=0, le=1e9)] = 0.0
    """What a certified tonne costs its maker in proof, audits and cleaner processes [USD/t]."""
    uptake: f.Share = 0.0
    """Share of the other makers' deliveries to the parties that comes to be certified [1]."""
    ramp_weeks: Annotated[f.Number, Field(ge=0, le=520)] = 0.0
    """Time until `uptake` is reached in a straight line [weeks]."""
    only_asked: bool = False
    """Whether it stands in packages only where it is asked for (`--with`), since it makes three packages of each."""
    steps: tuple[Annotated[Literal["none", "recognition", "charge"], BeforeValidator(_standard_step)], ...] = ("none", "charge")
    """`none`, `recognition` (certified goods bear the proof, no good is charged), `charge` (other goods pay it too)."""

    @property
    def parties(self) -> tuple[str, ...]:
        """Who charges and certifies."""
        return self.to

    @model_validator(mode="after")
    def _in_range(self) -> StandardIssue:
        low, value, high = self.charges
        if not low <= value <= high:
            raise f.fault(f"the charge {value:g} does not lie between {low:g} and {high:g}")
        return self

    @property
    def charges(self) -> tuple[float, float, float]:
        """Low end, value and high end of the charge [USD/t]."""
        value = self.charge_usd_per_t
        return (value if self.charge_low is None else self.charge_low, value, value if self.charge_high is None else self.charge_high)

    @property
    def assumption(self) -> str:
        """Name of the charge as an assumption."""
        return f"{CHARGE}{self.id}"

    def standard(self, start: dt.date, step: str, charge: float | None = None) -> Standard | None:
        """The measure from a day on that a step stands for, with its own charge or another one [USD/t]."""
        if step == "none":
            return None
        levied = 0.0 if step == "recognition" else self.charge_usd_per_t if charge is None else charge
        keys = {key: getattr(self, key) for key in STANDARD_KEYS} | {"charge_usd_per_t": levied}
        found = measure(kind="standard", start=start, **keys)
        assert isinstance(found, Standard)
        return found


class StartIssue(Issue):
    """Months after the agreement until the duties change."""

    UNIT: ClassVar[str] = "month"
    kind: Literal["start"] = "start"
    steps: tuple[Annotated[int, Field(ge=0, le=60, strict=True)], ...] = Field(min_length=1, max_length=12)
    """[months]"""


class SnapBackIssue(Issue):
    """Clause by which duties go back to those without a deal if the investment is not made."""

    kind: Literal["snap_back"] = "snap_back"
    steps: tuple[bool, ...] = (False, True)
    """Without and with it."""


AnyIssue = Annotated[
    DutyIssue
    | MineralsIssue
    | CostSharesIssue
    | InvestmentIssue
    | PurchasesIssue
    | OrdersIssue
    | LinkedIssue
    | StandardIssue
    | StartIssue
    | SnapBackIssue,
    Field(discriminator="kind"),
]
