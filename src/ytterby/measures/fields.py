"""Types of the keys of measures and scenarios, with their bounds and messages."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from ytterby.described_model import DescribedModel
from ytterby.errors import UnknownNameError
from ytterby.facts import groups, names, regions, sectors, trade_groups
from ytterby.measures.faults import Fault, refusal, tag_of
from ytterby.measures.selectors import check_selector

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)
HIGHEST_RATE = 2.0
"""Highest ad valorem rate that is taken as meant (200 %)."""


class Frozen(DescribedModel):
    """Base of all models of a scenario file: frozen, without unknown keys, each key with a docstring.

    Raises
    ------
    ScenarioError
        With every fault of the keys, one a line.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def __init__(self, /, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise refusal(error, data, [type(self)], self._called(data)) from None

    # Things inside of things are then built by pydantic itself, which so collects the faults of all of them.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Check a mapping, as the constructor does with keys."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise refusal(error, obj, [cls], cls._called(obj)) from None

    @classmethod
    def _called(cls, data: Any) -> str:
        """Kind and name of a model, for messages."""
        kind = next((tag for tag in (tag_of(cls, "kind"), tag_of(cls, "dist")) if isinstance(tag, str)), cls.__name__.lower())
        name = data.get("name") if isinstance(data, dict) else None
        return f"{kind} '{name}'" if isinstance(name, str) else kind


def fault(message: str) -> PydanticCustomError:
    """Fault with a message for the user; braces in it are kept."""
    return PydanticCustomError("fault", "{words}", {"words": message})


def placed_faults(faults: list[Fault]) -> PydanticCustomError:
    """Faults across keys, each with its place."""
    words = "; ".join(f"{'.'.join(map(str, loc))}: {words}" for loc, words in faults)
    return PydanticCustomError("fault", "{words}", {"words": words, "placed": faults})


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fault("must be a number" + ("; write 0.25 for 25 %" if isinstance(value, str) and "%" in value else ""))
    return value


def _date(value: Any) -> Any:
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError as error:
            raise fault(f"no such day: {error}") from None
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise fault("must be a date such as 2025-04-04")
    if not EARLIEST <= value <= LATEST:
        raise fault(f"must lie between {EARLIEST} and {LATEST}")
    return value


def _rate(value: float) -> float:
    if value > HIGHEST_RATE:
        raise fault(f"must be 0 to 2; is {value * 100:g} % meant? write 0.25 for 25 %")
    return value


def listed(value: Any) -> Any:
    """One name as a list of one."""
    return (value,) if isinstance(value, str) else value


def _known(what: str, name: str, known: list[str]) -> str:
    if name not in known:
        raise fault(str(UnknownNameError(what, name, known)))
    return name


def _region(name: str) -> str:
    """Code of a region or group, also by its name; a country that is only part of a region is refused."""
    for code, term in regions().items():
        if name in term.members and name != "*":
            raise fault(f"unknown region '{name}'; it is part of '{code}'")
    try:
        return names.region(name, whole=True).code
    except UnknownNameError as error:
        raise fault(str(error)) from None


def _sector(name: str) -> str:
    return _known("sector", name, list(sectors()))


def _product(name: str) -> str:
    return _known("group of goods", name, list(trade_groups()))


def _region_or_sector(name: str) -> str:
    if name in sectors():
        return name
    try:
        return names.region(name, whole=True).code
    except UnknownNameError:
        return _known("region or sector", name, [*regions(), *groups(), *sectors()])


def _selector(text: str) -> str:
    text = names.commodity(text).code
    try:
        check_selector(text)
    except UnknownNameError as error:
        raise fault(str(error)) from None
    return text


Number = Annotated[float, Field(allow_inf_nan=False), BeforeValidator(_number)]
Amount = Annotated[Number, Field(ge=0, le=1e9)]
Share = Annotated[Number, Field(ge=0, le=1)]
Rate = Annotated[Number, Field(ge=0), AfterValidator(_rate)]
Weeks = Annotated[Number, Field(ge=0, le=1040)]
Days = Annotated[Number, Field(ge=0, le=3650)]
Date = Annotated[dt.date, BeforeValidator(_date)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
Text = Annotated[str, StringConstraints(max_length=4000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Region = Annotated[str, AfterValidator(_region)]
Sector = Annotated[str, AfterValidator(_sector)]
Product = Annotated[str, AfterValidator(_product)]
RegionOrSector = Annotated[str, AfterValidator(_region_or_sector)]
Selector = Annotated[str, AfterValidator(_selector)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(listed), Field(max_length=500)]
Regions = Annotated[tuple[Region, ...], BeforeValidator(listed), Field(min_length=1, max_length=100)]
Sectors = Annotated[tuple[Sector, ...], BeforeValidator(listed), Field(max_length=100)]
Products = Annotated[tuple[Product, ...], BeforeValidator(listed), Field(max_length=100)]
RegionsOrSectors = Annotated[tuple[RegionOrSector, ...], BeforeValidator(listed), Field(max_length=100)]
Selectors = Annotated[tuple[Selector, ...], BeforeValidator(listed), Field(max_length=200)]
