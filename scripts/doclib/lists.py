"""Pages that list what the package holds: scenarios, figures, code lists, the Python face."""

from __future__ import annotations

import ast
from pathlib import Path

import ytterby
from doclib.cli_pages import MADE
from ytterby.app import list_scenarios, show_scenario
from ytterby.bargain import talks_reference
from ytterby.facts import load, vocabulary
from ytterby.scenario import reference as measures_reference
from ytterby.system import TABLES

ROOT = Path(__file__).resolve().parents[2]
FIRST = ("load", "World", "Result", "load_scenario", "Scenario", "Facts", "System")
"""Public names that lead the Python page."""


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Markdown table."""
    lines = [" | ".join(("", *head, "")).strip(), "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(str(cell).replace("|", "/").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def measures() -> str:
    """Reference of scenario files."""
    return measures_reference()


def scenarios() -> str:
    """Bundled scenarios: what they say, which figures they rest on, what is judgement, the file itself."""
    parts = [
        MADE,
        "# Bundled scenarios\n",
        "Each is a YAML file of the package; `ytterby scenarios NAME > mine.yaml` gives a copy to change. The ids are those of\n"
        "`ytterby facts show ID`. Keys listed as judgement are assumed: no figure says them.\n",
    ]
    for entry in list_scenarios().scenarios:
        shown = show_scenario(entry.name)
        judged = sorted({f"`{key}`" for measure in shown.measures for key in measure.get("assumed", ())})
        parts += [
            f"## {entry.name}\n",
            f"**{entry.title}.** {entry.summary}\n",
            f"- From {entry.start}, {entry.weeks} weeks, on the base of {entry.base_year}",
            f"- Measures: {', '.join(f'`{kind}`' for kind in entry.kinds) or 'none'}; {entry.uncertain} uncertain inputs of its own",
            f"- Figures: {', '.join(entry.facts) or 'none'}",
            f"- Judgement: {', '.join(judged) or 'none'}\n",
            f"```yaml\n{shown.yaml.rstrip()}\n```\n",
        ]
    return "\n".join(parts)


def talks() -> str:
    """Reference of talks files."""
    return f"{MADE}\n{talks_reference()}"


def quantities() -> str:
    """What the packaged figures measure: tables, quantities, units, columns."""
    rows = load().table
    tables = [
        (f"`{name}.csv`", len(part), *((part["kind"] == kind).sum() for kind in vocabulary.KINDS)) for name, part in rows.groupby("origin")
    ]
    counted = rows["quantity"].value_counts()
    quantities = vocabulary.listed("quantities").items()
    measured = [(f"`{name}`", counted[name], row["description"]) for name, row in quantities if name in counted]
    units = [(f"`{name}`", row["description"]) for name, row in vocabulary.listed("units").items()]
    columns = [(f"`{name}`", row["type"], row["required"], row["description"]) for name, row in vocabulary.listed("columns").items()]
    return "\n".join(
        [
            MADE,
            "# Quantities, units, columns\n",
            f"What the {len(rows):,} packaged [figures](facts.md) measure, and the columns that figures of your own share with them.\n",
            "## Tables\n",
            table(("table", "rows", *vocabulary.KINDS), tables),
            "## Columns\n",
            table(("column", "type", "required", "what it holds"), columns),
            "## Quantities\n",
            table(("quantity", "rows", "what is measured"), measured),
            "## Units\n",
            table(("unit", "meaning"), units),
        ]
    )


def codes() -> str:
    """Code lists: elements, regions, groups, sectors, stages."""
    elements = [(f"`{code}`", term.name(), term.group) for code, term in vocabulary.elements().items()]
    regions = [(f"`{code}`", term.name(), " ".join(term.members) or code) for code, term in vocabulary.regions().items()]
    groups = [(f"`{code}`", term.name(), " ".join(term.members)) for code, term in vocabulary.groups().items()]
    goods = [(f"`{code}`", term.name(), " ".join(term.members)) for code, term in vocabulary.trade_groups().items()]
    sectors = [(f"`{code}`", term.name()) for code, term in vocabulary.sectors().items()]
    return "\n".join(
        [
            MADE,
            "# Codes\n",
            f"## Stages\n\n{', '.join(f'`{stage}`' for stage in vocabulary.STAGES)}. A commodity is `stage.product`, such as `oxide.Nd`\n"
            "or `magnet.NdFeB-Dy`.\n",
            "## Elements\n",
            table(("symbol", "name", "group"), elements),
            "## Regions\n",
            "The regions are a partition of the world; `*` is all countries that no other region names.\n",
            table(("code", "name", "countries"), regions),
            "## Groups of regions\n",
            "Groups are sums of regions: allowed as importer, origin or destination, never a node of the network.\n",
            table(("code", "name", "regions"), groups),
            "## Sectors\n",
            table(("code", "name"), sectors),
            "## Groups of goods\n",
            "Products that a `tariff` may name; a line belongs to the group with the longest beginning of its customs code.\n",
            table(("code", "name", "customs codes"), goods),
        ]
    )


def tables() -> str:
    """Tables of the System with their columns."""
    parts = [
        MADE,
        "# Tables of the System\n",
        "`yt.load(2024).system` holds these pandas tables; how they come about is told under\n"
        "[How the base system is built](../explanation/system.md).\n",
    ]
    for name, columns in TABLES.items():
        parts += [f"## {name}\n", table(("column", "what it holds"), [(f"`{column}`", words) for column, words in columns.items()])]
    return "\n".join(parts)


def face() -> str:
    """Page of the Python face: every public name, from its docstring."""
    parts = [
        MADE,
        "# Python\n",
        "`import ytterby as yt` gives these names and nothing else. They are imported when they are first used.\n",
    ]
    for name in sorted(ytterby.__all__, key=_weight):
        parts += [f"::: ytterby.{places()[name]}.{name}\n    options:\n      heading_level: 2\n"]
    return "\n".join(parts)


def _weight(name: str) -> tuple[int, str]:
    """Place of a public name on its page: what one begins with first, errors last."""
    return (FIRST.index(name) if name in FIRST else len(FIRST) + name.endswith("Error"), name)


def places() -> dict[str, str]:
    """Module of each public name, below ``ytterby``."""
    tree = ast.parse((ROOT / "src/ytterby/__init__.pyi").read_text("utf-8"))
    return {alias.name: str(node.module) for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
