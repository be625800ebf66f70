"""The draft of 2024: all stages, all regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.system import demands, draft

if TYPE_CHECKING:
    from ytterby.system.composition import Composition
    from ytterby.system.inputs import Inputs

NDFEB = ("magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.CeFeB")


def draft_2024(inputs: Inputs, composition: Composition) -> draft.Draft:
    """Processes and demands of 2024 with their priors."""
    made = draft.mines(inputs) + draft.separation(inputs, composition)
    made += draft.rejection(inputs, draft.Draft(made).production())
    made += draft.metals(inputs, composition) + draft.magnets(inputs, composition) + draft.recycling(inputs, composition)
    output = draft.Draft(made).production()
    use = draft.Draft(made).inputs()
    in_magnets = {element: sum(size for market, size in use.items() if market.startswith(f"oxide.{element}@")) for element in ("Gd", "Ho", "Sm")}
    oxides = demands.oxide_applications(inputs)
    for key, size in demands.minor_uses(inputs, in_magnets).items():
        oxides[key] = oxides.get(key, 0.0) + size
    oxides = demands.as_own_mass(composition, demands.anchored(inputs, oxides))
    first = demands.first_use(inputs)
    smco = sum(size for market, size in output.items() if market.startswith("magnet.SmCo@"))
    magnets = demands.magnet_uses(inputs, sum(first.values()), smco)
    made += _components(magnets, first)
    return draft.Draft(sorted(made, key=lambda p: p.id), demands.demand_rows(oxides, magnets))


def _components(magnets: dict[tuple[str, str, str], tuple[float, float]], first: dict[str, float]) -> list[draft.Process]:
    """Component makers from needs and from the magnets that are not built in directly."""
    needs: dict[tuple[str, str], float] = {}
    room = dict(first)
    for (commodity, region, _), (size, _) in magnets.items():
        if commodity.startswith("component."):
            key = (commodity.removeprefix("component."), region)
            needs[key] = needs.get(key, 0.0) + size
        elif commodity in NDFEB and region in room:
            room[region] = max(room[region] - size, 0.1 * first[region])
    return demands.component_makers(needs, room)
