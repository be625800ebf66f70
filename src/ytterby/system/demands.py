"""Prior of final uses: world use by application, split by element, sector and region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.system.draft import PERCENT, Demand, Process, activity_key
from ytterby.system.ras import balance_table
from ytterby.system.recipes import group_regions, recipe

if TYPE_CHECKING:
    from ytterby.system.composition import Composition
    from ytterby.system.inputs import Inputs

Sizes = dict[tuple[str, str, str], float]
"""Size [t/year] by commodity, region and sector."""

OXIDE_RELATIVE = 0.5
"""Half-range of a single oxide use: element splits are of 2008, regional keys are assumed."""


def _add(sizes: Sizes, key: tuple[str, str, str], value: float) -> None:
    if value > 0:
        sizes[key] = sizes.get(key, 0.0) + value


def oxide_applications(inputs: Inputs) -> Sizes:
    """World use by application x element split x sector share x regional key [t oxide, also of metal]."""
    sizes: Sizes = {}
    splits, few = recipe("splits"), set(recipe("minor")["element"])
    for row in recipe("applications").itertuples():
        total = inputs.one(row.fact).value
        for split in splits[splits["application"] == row.application].itertuples():
            part = PERCENT * (inputs.one(split.fact).value if split.fact else split.value)
            element = "NdPr" if split.element in {"Nd", "Pr"} else split.element
            if element in few:
                continue
            for region, share in activity_key(inputs, row.key).items():
                _add(sizes, (f"{_form(row.form, element)}.{element}", region, row.sector), total * part * row.share * share)
    return sizes


def _form(form: str, element: str) -> str:
    """La and Ce of metallurgy and batteries are used as mischmetal; the rest as oxide."""
    return form if element in {"La", "Ce"} else "oxide"


def as_own_mass(composition: Composition, sizes: Sizes) -> Sizes:
    """Sizes in oxide turned into the commodity's own mass."""
    return {
        key: size * (composition.metal_per_oxide[key[0].partition(".")[2]] if key[0].startswith("metal.") else 1.0) for key, size in sizes.items()
    }  # fmt: skip


def minor_uses(inputs: Inputs, in_magnets: dict[str, float]) -> Sizes:
    """Elements with one or few uses: the world total, less what goes into magnets [t oxide]."""
    sizes: Sizes = {}
    for row in recipe("minor").itertuples():
        total = max(inputs.one(row.fact).value - (in_magnets.get(row.element, 0.0) if row.less_magnets else 0.0), 0.0)
        for region, share in activity_key(inputs, row.key).items():
            _add(sizes, (f"oxide.{row.element}", region, row.sector), total * row.share * share)
    return sizes


def anchored(inputs: Inputs, sizes: Sizes) -> Sizes:
    """Scale oxide uses so that each group and element sums to the group's non-magnet use where that is known.

    The Japanese figures count oxides only; mischmetal comes on top there.
    """
    scaled = dict(sizes)
    for row in recipe("other_use").itertuples():
        members = set(group_regions(row.group))
        forms = {f"oxide.{row.element}"} if row.group == "Japan" else {f"oxide.{row.element}", f"metal.{row.element}"}
        keys = [key for key in sizes if key[0] in forms and key[1] in members]
        total = sum(sizes[key] for key in keys)
        for key in keys:
            scaled[key] = sizes[key] * inputs.sum(row.facts).value / total
    return scaled


def magnet_uses(inputs: Inputs, finished: float, smco: float) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Use of components and of magnets built in directly: size and relative half-range [t magnet]."""
    sizes: dict[tuple[str, str, str], tuple[float, float]] = {}

    def add(key: tuple[str, str, str], value: float, relative: float) -> None:
        if value > 0:
            sizes[key] = (sizes.get(key, (0.0, 0.0))[0] + value, relative)

    for row in recipe("magnet_use").itertuples():
        total = finished * PERCENT * inputs.one(row.facts).value * row.share
        for region, share in activity_key(inputs, row.key).items():
            add((row.commodity, region, row.sector), total * share, row.rel)
    for row in recipe("smco_use").itertuples():
        for region, share in activity_key(inputs, row.key).items():
            add(("magnet.SmCo", region, row.sector), smco * row.share * share, 0.4)
    return sizes


def first_use(inputs: Inputs) -> dict[str, float]:
    """Direct use of finished NdFeB magnets by region [t/year]."""
    return {row.region: inputs.one(row.fact).value * row.share for row in recipe("magnet_first_use").itertuples()}


def component_makers(needs: dict[tuple[str, str], float], room: dict[str, float]) -> list[Process]:
    """Component making: regional totals from the first use of magnets, world totals from the needs.

    Parameters
    ----------
    needs : dict
        Need of a component by (component, region) [t magnet embedded].
    room : dict
        Magnets left for components by region [t].
    """
    from ytterby.system.inputs import Figure

    rows = recipe("components")
    names, regions = sorted({name for name, _ in needs}), sorted(room)
    world = {name: sum(size for (other, _), size in needs.items() if other == name) for name in names}
    total = sum(world.values())
    scale = total / sum(room.values())
    seed = [[0.9 * needs.get((name, region), 0.0) + 0.1 * world[name] * room[region] * scale / total for region in regions] for name in names]
    table = balance_table(seed, [world[name] for name in names], [room[region] * scale for region in regions])
    made = []
    for i, name in enumerate(names):
        parts = rows[rows["component"] == name]
        cost = Figure(parts["cost"].iloc[0], parts["cost_low"].iloc[0], parts["cost_high"].iloc[0], (), "assumed")
        for j, region in enumerate(regions):
            size = float(table[i, j])
            if size <= 0:
                continue
            need = {f"magnet.{part.grade}@{region}": -part.share for part in parts.itertuples()}
            made.append(
                Process(
                    f"component.{name}@{region}", "component", region, need | {f"component.{name}@{region}": 1.0},
                    Figure(size, 0.0, 0.0, (), "assumed"), 1.0, 0.5, 2, "ree", "assumed", None, 0.8, cost,
                )
            )  # fmt: skip
    return made


def demand_rows(oxides: Sizes, magnets: dict[tuple[str, str, str], tuple[float, float]]) -> list[Demand]:
    """All final uses in the order of their ids."""
    rows = [Demand(f"{commodity}@{region}", sector, size, OXIDE_RELATIVE, "assumed", ()) for (commodity, region, sector), size in oxides.items()]
    rows += [Demand(f"{commodity}@{region}", sector, size, rel, "assumed", ()) for (commodity, region, sector), (size, rel) in magnets.items()]
    return sorted(rows, key=lambda row: row.id)
