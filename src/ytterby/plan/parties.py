"""Parties that plan: a region, or a group of regions that acts as one, such as the European Union."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ytterby.errors import InputError
from ytterby.facts import expand_regions, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.system import System

DOMINANT = "CN"
"""Supplier whose restrictions are planned against."""


class Party(NamedTuple):
    """A party and the regions of the System that it consists of."""

    code: str
    regions: tuple[str, ...]


def parties_of(codes: Sequence[str], system: System, option: str = "--allies") -> tuple[Party, ...]:
    """Parties by code or name, in alphabetical order of their codes.

    Parameters
    ----------
    codes : sequence of str
        Regions or groups, such as ``JP`` or ``European Union``.
    system : System
        Network in which each must have final uses.
    option : str
        Where the codes stand, for the message.

    Raises
    ------
    UnknownNameError
        If a name is not known.
    InputError
        If a region stands twice, belongs to the dominant supplier, or uses nothing.
    """
    understood = [names.region(code.strip(), option).code for code in codes]
    found = tuple(Party(code, expand_regions(code)) for code in sorted(set(understood)))
    if not found or len(understood) != len(found):
        raise InputError(f"{option}: {', '.join(codes) or 'nothing'} names a party twice or none; each party stands once")
    using = set(system.demands["region"])
    seen: dict[str, str] = {}
    for party in found:
        if DOMINANT in party.regions:
            raise InputError(
                f"{option}: {party.code} is the supplier whose restrictions are planned against and cannot be a party; "
                "what it could offer to one party is answered by the side deals of `ytterby cooperate`"
            )
        if not using.intersection(party.regions):
            raise InputError(
                f"{option}: {party.code} has no final use in the network; parties with a market are {', '.join(sorted(using))}"
            )
        for region in party.regions:
            if region in seen:
                raise InputError(f"{option}: {region} belongs to {seen[region]} and to {party.code}; a region is part of one party")
            seen[region] = party.code
    return found
